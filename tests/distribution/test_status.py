"""The status tells of each municipality what it has, and what may not have arrived, whoever else is at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.distribution.journal import Entry, Journal, State
from pipeline.distribution.outgoing import LeftOut, Outgoing
from pipeline.distribution.published import Published
from pipeline.distribution.rounds import status
from pipeline.distribution.status import Status, statuses
from pipeline.intake import Intake, read_deliveries
from pipeline.publishing.locking import lock
from pipeline.reference.register import Register
from tests.distribution.conftest import Mailer


@pytest.fixture
def intake(register: Register, tmp_path: Path) -> Intake:
    """No deliveries at all."""
    return read_deliveries(tmp_path, register)


def of_zeist(intake: Intake, *entries: Entry) -> Status:
    one = Published("GM0355", "Zeist", {"gemeenten/GM0355-zeist.xlsx": "0" * 64}, (), b"")
    (found,) = statuses([Outgoing(one, ["a@x.nl"], "new")], [], entries, intake)
    return found


def of_zeist_left_out(intake: Intake, *entries: Entry) -> Status:
    (found,) = statuses([], [LeftOut("GM0355", "Zeist", "Zo is het.")], entries, intake)
    return found


def noted(state: State, version: str, address: str = "a@x.nl", hour: int = 12) -> Entry:
    return Entry(f"2026-01-01T{hour}:00:00+00:00", "GM0355", address, version, "<1@x.nl>", state, "")


DOUBTFUL, SENT = noted(State.DOUBTFUL, "old"), noted(State.SENT, "new")


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ([], "not sent"),
        ([SENT], "sent"),
        ([noted(State.SENT, "old")], "an earlier version was sent"),
        ([noted(State.SENDING, "new")], "doubtful"),
        ([DOUBTFUL], "not sent, and an earlier message is doubtful"),
        ([noted(State.SENDING, "new", "b@x.nl"), SENT], "sent, and an earlier message is doubtful"),
        ([DOUBTFUL, noted(State.SENT, "old")], "an earlier version was sent"),
        ([DOUBTFUL, noted(State.REFUSED, "new")], "refused, and an earlier message is doubtful"),
    ],
)
def test_what_is_in_doubt_is_told_whatever_came_after_it(intake: Intake, entries: list[Entry], state: str) -> None:
    assert of_zeist(intake, *entries).state == state


def test_what_is_in_doubt_is_told_of_who_is_left_out(intake: Intake) -> None:
    assert of_zeist_left_out(intake, SENT).state == "left out: Zo is het."
    assert of_zeist_left_out(intake, DOUBTFUL).state == "left out, and an earlier message is doubtful: Zo is het."


def test_the_last_thing_noted_counts_also_when_the_clock_was_set_back(intake: Intake) -> None:
    found = of_zeist(intake, noted(State.SENT, "old", hour=20), noted(State.SENT, "new", hour=10))
    assert (found.state, found.version, found.when) == ("sent", "new", "2026-01-01T10:00:00+00:00")


def test_the_status_is_told_while_others_write_and_where_nobody_can(mailer: Mailer) -> None:
    mail = mailer()
    held = lock(mail.outputs)
    try:
        assert [one.state for one in status(mail)][:2] == ["not sent", "not sent"]
        assert not (mail.outputs / "verzending").exists()
    finally:
        held.release()
    (mail.outputs / "verzending").mkdir()
    with Journal(mail.outputs / "verzending") as journal:
        journal.note(noted(State.SENT, "old"))
    before = {*mail.outputs.iterdir()}
    for path in (mail.outputs / "verzending", mail.outputs):
        path.chmod(0o500)
    try:
        assert status(mail)[0].state == "an earlier version was sent"
    finally:
        for path in (mail.outputs, mail.outputs / "verzending"):
            path.chmod(0o700)
    assert {*mail.outputs.iterdir()} == before
