"""The journal tells what became of each message, whatever stopped the one who wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.distribution.journal import FILE, Entry, Journal, State, latest, read_journal
from pipeline.errors import OutputsError
from tests.conftest import REFERENCE
from tests.distribution.mailserver import serving
from tests.distribution.sending import deliver, start


def entry(state: State, address: str = "a@x.nl", version: str = "1") -> Entry:
    return Entry("2026-01-01T12:00:00+00:00", "GM0355", address, version, "<1@x.nl>", state, "250 ok")


def test_what_is_noted_is_read_back_and_the_last_word_counts(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        assert journal.entries == ()
        journal.note(entry(State.SENDING))
        journal.note(entry(State.SENT))
        journal.note(entry(State.SENDING, "b@x.nl"))
    with Journal(tmp_path) as journal:
        states = {key: each.state for key, each in latest(journal.entries).items()}
    assert states == {("GM0355", "a@x.nl", "1"): State.SENT, ("GM0355", "b@x.nl", "1"): State.SENDING}
    assert read_journal(tmp_path) == journal.entries


def test_a_last_line_that_was_cut_short_at_any_byte_says_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.note(entry(State.SENDING))
        whole = journal.path.stat().st_size
        journal.note(entry(State.SENT))
    data = (tmp_path / FILE).read_bytes()
    for length in range(whole, len(data) - 1):  # all but the end of the line is a whole one
        (tmp_path / FILE).write_bytes(data[:length])
        assert [each.state for each in read_journal(tmp_path)] == [State.SENDING]
        with Journal(tmp_path) as journal:
            journal.note(entry(State.DOUBTFUL))
        assert [each.state for each in read_journal(tmp_path)] == [State.SENDING, State.DOUBTFUL]


@pytest.mark.parametrize("line", [b"rubbish", b"\0\0\0", b'{"when": "x"}', b"\xff"])
def test_a_damaged_line_stops_everything_because_nobody_knows_what_was_sent(tmp_path: Path, line: bytes) -> None:
    with Journal(tmp_path) as journal:
        journal.note(entry(State.SENT))
    with (tmp_path / FILE).open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(OutputsError, match=rf"{FILE}: line 2 is damaged"), Journal(tmp_path):
        pass


def test_what_an_editor_leaves_is_read_as_it_is(tmp_path: Path) -> None:
    """Blank lines, lines that end as on Windows, and a last one without its end."""
    with Journal(tmp_path) as journal:
        journal.note(entry(State.SENDING))
        journal.note(entry(State.SENT))
    first, second = (tmp_path / FILE).read_bytes().splitlines()
    (tmp_path / FILE).write_bytes(b"\n" + first + b"\r\n  \r\n" + second)
    assert [each.state for each in read_journal(tmp_path)] == [State.SENDING, State.SENT]
    with Journal(tmp_path) as journal:
        assert len(journal.entries) == 2
        journal.note(entry(State.SENDING, "b@x.nl"))
    assert [each.address for each in read_journal(tmp_path)] == ["a@x.nl", "a@x.nl", "b@x.nl"]


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputsError, match="is a link"), Journal(tmp_path):
        pass
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.thorough
def test_the_disk_has_what_is_noted_before_a_message_may_arrive_and_before_the_next_one(tmp_path: Path) -> None:
    """The order of the calls of a sender, where nothing hides what goes over the wire."""
    deliver(tmp_path / "inputs", 3)
    where = ["--inputs", tmp_path / "inputs", "--outputs", tmp_path / "outputs", "--reference", REFERENCE]
    assert CliRunner().invoke(main, ["report", *map(str, where), "-q"]).exit_code == 0
    trace = tmp_path / "trace"
    under = ("strace", "-f", "-y", "-qq", "-s", "4096", "-e", "trace=write,sendto,recvfrom,fsync", "-o", trace)
    with serving() as (port, received):
        sender = start(tmp_path, port, "--all", "--insecure-plain", under=under)
        sender.communicate(timeout=60)
        assert (sender.returncode, len(received.messages)) == (0, 3)
    steps: list[str] = []
    for line in trace.read_text(errors="replace").splitlines():
        if FILE in line:
            state = re.search(r'\\"state\\":\\"(\w+)\\"', line)
            steps += [state[1]] if state else ["on the disk"] if "fsync(" in line else []
        elif "sendto(" in line and ('"mail FROM' in line or r'".\r\n"' in line):
            steps.append("begin" if "mail FROM" in line else "end")
        elif "recvfrom(" in line and "250 taken" in line:
            steps.append("taken")
    each = ["begin", "sending", "on the disk", "end", "taken", "sent", "on the disk"]
    assert steps == ["on the disk", *each * 3]
