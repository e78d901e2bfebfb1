"""Of each message that may have arrived a copy is kept; a journal that does not know of one is not believed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.distribution.journal import read_journal
from pipeline.distribution.rounds import Mail, Sent, draft, rehearse, send_round, status
from pipeline.distribution.sender import Pace
from pipeline.distribution.server import Server
from pipeline.errors import OutputsError
from tests.distribution.conftest import Mailer
from tests.distribution.mailserver import HERE, Behave, Received, only_at, serving

ZEIST = {"GM0355": ("beheer@zeist.example",)}


def send(mail: Mail, behave: Behave = lambda *_: "") -> tuple[Sent, Received]:
    with serving(None, behave) as (port, received):
        server = Server(HERE, port, plain=True, timeout=1)
        return send_round(mail, server, Pace(1_000_000, tries=2, wait=0.01), everything=True), received


def copies(mail: Mail) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (mail.outputs / "verzending/berichten").glob("*")}


def test_what_was_sent_stays_when_the_address_is_corrected(mailer: Mailer) -> None:
    mail = mailer(ZEIST)
    _, first = send(mail)
    _, second = send(mailer({"GM0355": ("info@zeist.example",)}))
    sent = [data for _, data in (*first.messages, *second.messages)]
    assert (len(sent), sorted(copies(mail).values())) == (2, sorted(sent))
    assert b"To: beheer@zeist.example" in sent[0]


def test_what_goes_to_two_addresses_is_kept_once(mailer: Mailer) -> None:
    mail = mailer({"GM0363": ("a@amsterdam.example", "b@amsterdam.example")})
    _, received = send(mail, only_at("end", "550 no", 1))  # the first is refused, and the second has it
    assert [*copies(mail).values()] == [data for _, data in received.messages]
    _, again = send(mail, only_at("end", "550 no", 1))
    assert (again.messages, len(copies(mail))) == ([], 1)


@pytest.mark.parametrize("point", ["RCPT", "end"])
@pytest.mark.parametrize("told", ["550 no", "450 later"])
def test_of_what_did_not_arrive_nothing_is_kept(mailer: Mailer, point: str, told: str) -> None:
    mail = mailer(ZEIST)
    sent, _ = send(mail, only_at(point, told, 2))
    assert (sent.outcome.sent, copies(mail)) == ([], {})


def test_of_what_may_have_arrived_a_copy_is_kept(mailer: Mailer) -> None:
    mail = mailer(ZEIST)
    sent, received = send(mail, only_at("end", "swallow"))
    assert (sent.outcome.doubtful, len(received.messages)) == (["Zeist (GM0355)"], 1)
    assert [*copies(mail).values()] == [received.messages[0][1]]


def test_a_copy_that_cannot_be_written_stops_before_the_message_may_arrive(mailer: Mailer) -> None:
    mail = mailer(ZEIST)
    folder = mail.outputs / "verzending"
    folder.mkdir()
    (folder / "berichten").write_text("in the way")
    with serving() as (port, received), pytest.raises(OutputsError, match="berichten"):
        send_round(mail, Server(HERE, port, plain=True, timeout=1), Pace(1_000_000))
    assert (received.messages, read_journal(folder)) == ([], ())


@pytest.mark.parametrize("left", [None, b""])
def test_a_journal_that_is_gone_or_older_than_a_copy_mails_nobody_again(mailer: Mailer, left: bytes | None) -> None:
    mail = mailer()
    send(mail)
    journal = mail.outputs / "verzending/verzonden.jsonl"
    whole = journal.read_bytes()
    journal.unlink()
    if left is not None:
        journal.write_bytes(left)
    with serving() as (port, received):
        server = Server(HERE, port, plain=True, timeout=1)
        for step in (
            lambda: send_round(mail, server, Pace(1_000_000), everything=True),
            lambda: rehearse(mail, server),
            lambda: draft(mail),
            lambda: status(mail),
        ):
            with pytest.raises(OutputsError, match=r"does not know of 2 messages of which .*berichten has a copy"):
                step()
        assert received.connections == 0
    assert not (mail.outputs / "verzending/concepten").exists()
    journal.write_bytes(whole)
    assert send(mail)[1].messages == []
    journal.unlink()
    shutil.rmtree(journal.with_name("berichten"))  # who removes both wants everyone to have it again
    assert len(send(mail)[1].messages) == 3


def test_other_files_among_the_copies_are_nobodys_business(mailer: Mailer) -> None:
    mail = mailer(ZEIST)
    send(mail)
    (Path(mail.outputs) / "verzending/berichten/aantekening.eml").write_text("mine")
    assert send(mail)[0].outcome.before == 1
