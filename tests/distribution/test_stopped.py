"""Over many runs that are stopped anyhow, nobody is forgotten, and nobody has two but who was asked for on purpose."""

from __future__ import annotations

import email
import email.policy
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.distribution.journal import State, latest, read_journal
from tests.conftest import REFERENCE, within
from tests.distribution.mailserver import Received, serving
from tests.distribution.sending import deliver, start

POINTS = {
    "EHLO": ("drop", "421 closing", "stall"),
    **dict.fromkeys(("MAIL", "RCPT", "DATA"), ("drop", "421 closing", "450 later", "550 no", "stall")),
    "text": ("drop", "stall"),
    "end": ("drop", "swallow", "stall", "421 closing", "450 later", "550 no"),
}


def made(folder: Path, number: int | None) -> int:
    """Have documents made of so many municipalities, of which each has an address; gives how many there are."""
    count = deliver(folder / "inputs", number)
    where = ["--inputs", folder / "inputs", "--outputs", folder / "outputs", "--reference", REFERENCE]
    ran = CliRunner().invoke(main, ["report", *map(str, where), "-q"])
    assert ran.exit_code == 0, ran.output
    return count


def in_doubt(folder: Path) -> dict[str, str]:
    """The addresses at which a message may have arrived and may not, with the code of the municipality."""
    entries = latest(read_journal(folder / "outputs/verzending")).values()
    return {entry.address: entry.code for entry in entries if entry.state.in_doubt}


def ask(folder: Path, received: Received, dice: random.Random, on_purpose: Counter[str]) -> Iterable[str]:
    """What is asked for again: what did not arrive, and now and then what did, on purpose."""
    for address, code in in_doubt(folder).items():
        if not received.copies()[address] or dice.random() < 0.2:
            on_purpose[address] += 1
            yield from ("--resend", code)


def see_that_each_has_one(folder: Path, received: Received, number: int, on_purpose: Counter[str]) -> None:
    copies, doubtful = received.copies(), in_doubt(folder)
    assert len(copies) == number  # nobody is forgotten
    for address, count in copies.items():
        assert count <= 1 + on_purpose[address], address
    states = Counter(entry.state for entry in latest(read_journal(folder / "outputs/verzending")).values())
    assert states[State.SENT] + len(doubtful) == number


class Killer:
    """Kills a sender when it has come to some point at the server so many times, or a moment later."""

    def __init__(self, dice: random.Random) -> None:
        self._dice, self._point, self._times = dice, "", 0
        self._sender: subprocess.Popen[str] | None = None

    def aim(self, sender: subprocess.Popen[str]) -> None:
        """Choose where this one is to be killed."""
        self._point, self._times, self._sender = self._dice.choice([*POINTS]), self._dice.choice([1, 2]), sender

    def behave(self, point: str, _: int) -> str:
        """See how far the sender is; the server does as it should."""
        if point == self._point and self._sender:
            self._times -= 1
            if not self._times:
                later = self._dice.choice([0, 0, 0.001, 0.005, 0.02])
                threading.Timer(later, self._sender.send_signal, [signal.SIGKILL]).start()
        return ""


@pytest.mark.thorough
def test_a_sender_that_is_killed_at_any_moment_sends_to_nobody_twice(tmp_path: Path, trusting: Path) -> None:
    number, dice, on_purpose = made(tmp_path, 90), random.Random(1), Counter[str]()
    killer, kills = Killer(dice), 0

    with within(560), serving(trusting, killer.behave) as (port, received):
        for _ in range(400):
            resend = [*ask(tmp_path, received, dice, on_purpose)]
            sender = start(tmp_path, port, *([] if resend else ["--all"]), *resend)
            if kills < 50:
                killer.aim(sender)
            if kills < 50 and dice.random() < 0.2:
                time.sleep(dice.uniform(0, 2.5))
                sender.kill()
            sender.communicate(timeout=60)
            kills += sender.returncode == -signal.SIGKILL
            for address, count in received.copies().items():
                assert count <= 1 + on_purpose[address], address
            whole = sender.returncode in (0, 3) and not resend
            if whole and all(received.copies()[address] for address in in_doubt(tmp_path)):
                break  # what is still in doubt did arrive, and nobody asks for it again
        see_that_each_has_one(tmp_path, received, number, on_purpose)
    assert kills >= 50


@pytest.mark.thorough
def test_every_municipality_has_its_message_once_from_a_server_that_misbehaves(tmp_path: Path, trusting: Path) -> None:
    number, dice, on_purpose, told = made(tmp_path, None), random.Random(3), Counter[str](), Counter[str]()

    def behave(point: str, _: int) -> str:
        if dice.random() > 0.05:
            return ""
        what = dice.choice(POINTS[point])
        if what == "stall" and dice.random() < 0.8:  # it takes its time
            return ""
        told[f"{point} {what}"] += 1
        return what

    with within(580), serving(trusting, behave) as (port, received):
        for _ in range(100):
            resend = [*ask(tmp_path, received, dice, on_purpose)]
            soon = ("--timeout", "1", "--end-timeout", "1")
            sender = start(tmp_path, port, *soon, *([] if resend else ["--all"]), *resend)
            _, said = sender.communicate(timeout=300)
            assert sender.returncode in (0, 3) or "takes no mail from this sender" in said  # 550 at MAIL ends a round
            if sender.returncode == 0 and not resend:
                break
        see_that_each_has_one(tmp_path, received, number, on_purpose)
    for _, data in received.messages:
        attached = [*email.message_from_bytes(data, policy=email.policy.default).iter_attachments()]
        assert len(attached) == 3  # the workbook, the summary and what all rest on
        for part in attached:
            (made_there,) = (tmp_path / "outputs").glob(f"**/{part.get_filename()}")
            assert part.get_payload(decode=True) == made_there.read_bytes()
    assert number == 342
    assert len(told) >= 12  # of all that can be done wrong


def test_a_sender_that_is_told_to_end_leaves_what_the_next_one_goes_on_with(tmp_path: Path, trusting: Path) -> None:
    number, on_purpose = made(tmp_path, 12), Counter[str]()
    with within(60), serving(trusting) as (port, received):
        sender = start(tmp_path, port, "--all", "--per-minute", "600")
        while len(received.messages) < 3:
            time.sleep(0.01)
        sender.send_signal(signal.SIGTERM)
        _, said = sender.communicate(timeout=30)
        assert sender.returncode == 1
        assert "Interrupted" in said
        assert len(received.messages) < number
        sender = start(tmp_path, port, "--all")
        assert sender.communicate(timeout=30)[0] == ""
        see_that_each_has_one(tmp_path, received, number, on_purpose)
        assert {*received.copies().values()} == {1}
