"""Each message arrives once at each address, whatever the server does; what is in doubt is told, not guessed."""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import re
import shutil
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec import structs

from pipeline.distribution import sender
from pipeline.distribution.journal import State, read_journal
from pipeline.distribution.rounds import Mail, Sent, rehearse, send_round, status
from pipeline.distribution.sender import Pace
from pipeline.distribution.server import Server
from pipeline.distribution.telling import of_sending, of_what_stopped
from pipeline.errors import MailError, OutputsError, SettingsError
from pipeline.intake import read_deliveries
from pipeline.model.tariffs import Tariff
from pipeline.publishing.locking import lock
from pipeline.publishing.manifest import COPY, MANIFEST, read_manifest
from pipeline.reference.register import Register
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT, within
from tests.distribution.conftest import DAY, DELIVERED, Mailer
from tests.distribution.mailserver import HERE, PASSWORD, certificate, free_port, only_at, serving

FAST = Pace(per_minute=1_000_000, wait=0.01)
EVERYONE = ["a@amsterdam.example", "b@amsterdam.example", "beheer@zeist.example"]


def send(
    mail: Mail, port: int, *, everything: bool = True, pace: Pace = FAST, resend: tuple[str, ...] = (), **more: Any
) -> Sent:
    return send_round(
        mail, Server(HERE, port, timeout=1, end_timeout=1, **more), pace, everything=everything, resend=resend
    )


def test_messages_arrive_whole_and_once_over_tls(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting) as (port, received):
        sent = send(mail, port)
        again = send(mail, port)
    assert (len(sent.outcome.sent), sent.whole, sent.left) == (3, False, 0)  # Delft has no address
    assert [(one.name, one.why.partition(".")[0]) for one in sent.left_out] == [("Delft", "Er is geen e-mailadres")]
    assert (again.outcome.sent, again.outcome.before) == ([], 3)
    assert sorted(received.copies().items()) == [(address, 1) for address in EVERYONE]
    for _, data in received.messages:
        assert data.isascii()
        assert max(map(len, data.split(b"\r\n"))) <= 998
        message = email.message_from_bytes(data, policy=email.policy.default)
        for part in message.iter_attachments():
            (whole,) = (path.read_bytes() for path in mail.outputs.glob(f"**/{part.get_filename()}"))
            assert part.get_payload(decode=True) == whole
        workbook, _summary, premises = message.iter_attachments()
        assert premises.get_filename() == "uitgangspunten.md"
        book = openpyxl.load_workbook(io.BytesIO(workbook.get_content()))
        assert "Overzicht" in book.sheetnames


def test_twenty_megabytes_arrive_whole_or_are_told_to_be_too_much(mailer: Mailer, trusting: Path) -> None:
    mail = mailer({"GM0355": ("beheer@zeist.example",)})
    name, large = "gemeenten/GM0355-zeist.xlsx", bytes(range(251)) * 80_000
    (mail.outputs / name).write_bytes(large)
    manifest = read_manifest(mail.outputs)
    made = structs.replace(manifest.files[name], sha256=hashlib.sha256(large).hexdigest())
    for file in (MANIFEST, COPY):
        (mail.outputs / file).write_bytes(structs.replace(manifest, files={**manifest.files, name: made}).as_bytes())
    with within(60), serving(trusting, size=20_000_000) as (port, received):
        refused = send_round(mail, Server(HERE, port), FAST, everything=True)
    assert (refused.outcome.sent, refused.outcome.unwanted, received.messages) == ([], ["Zeist (552)"], [])
    with within(60), serving(trusting) as (port, received):
        assert send_round(mail, Server(HERE, port), FAST, everything=True).outcome.sent == ["Zeist"]
    ((_, data),) = received.messages
    (workbook, *_) = email.message_from_bytes(data, policy=email.policy.default).iter_attachments()
    assert workbook.get_content() == large


def test_capitals_in_an_address_make_no_other_one(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting) as (port, received):
        send(mailer({"GM0355": ("Beheer@zeist.example", "beheer@zeist.example")}), port)
        assert len(received.messages) == 1
        again = send(mailer({"GM0355": ("BEHEER@zeist.example",)}), port)
    assert (again.outcome.sent, again.outcome.before, len(received.messages)) == ([], 1, 1)


def test_only_one_municipality_gets_its_message_unless_all_are_asked_for(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting) as (port, received):
        first = send(mail, port, everything=False)
        assert (first.outcome.sent, first.left) == (["Zeist"], 2)
        second = send(mail, port, everything=False)
        assert (second.outcome.sent, second.left) == (["Amsterdam", "Amsterdam"], 0)
    assert sorted(received.copies().items()) == [(address, 1) for address in EVERYONE]


def test_a_changed_workbook_is_a_new_message(
    mailer: Mailer, trusting: Path, tmp_path: Path, register: Register, tariff: Tariff
) -> None:
    mail = mailer()
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.csv").write_text(DELIVERED.replace("Zeist;extern", "Zeist;zelf"), encoding="utf-8")
    with serving(trusting) as (port, received):
        send(mail, port)
        intake = read_deliveries(inputs, register, None, tariff.items, DAY.year)
        mail = replace(mail, intake=intake)
        stale = send(mail, port)  # no report was made of the new choices yet
        assert (stale.outcome.sent, [one.name for one in stale.left_out]) == ([], ["Zeist", "Delft"])
        assert "Geef eerst make report" in stale.left_out[0].why
        report(Settings(inputs, mail.outputs, REFERENCE, ROOT / "templates", DAY, workers=1))
        sent = send(mail, port)
    assert sent.outcome.sent == ["Zeist"]
    assert received.copies()["beheer@zeist.example"] == 2
    assert received.copies()["a@amsterdam.example"] == 1


@pytest.mark.parametrize(
    ("point", "told"),
    [
        *[(point, "drop") for point in ("EHLO", "MAIL", "RCPT", "DATA")],
        ("MAIL", "stall"),
        *[(point, "421 closing") for point in ("EHLO", "MAIL", "RCPT", "end")],
        *[(point, "450 later") for point in ("MAIL", "RCPT", "DATA", "end")],
    ],
)
def test_what_did_not_arrive_for_sure_is_tried_again(mailer: Mailer, trusting: Path, point: str, told: str) -> None:
    with within(30), serving(trusting, only_at(point, told, 2)) as (port, received):
        sent = send(mailer(), port)
    assert len(sent.outcome.sent) == 3
    assert sent.outcome.all_went
    assert sorted(received.copies().items()) == [(address, 1) for address in EVERYONE]


@pytest.mark.parametrize("told", ["drop", "stall"])
def test_a_connection_that_is_lost_within_the_text_leaves_nobody_without_or_with_two(
    mailer: Mailer, trusting: Path, told: str
) -> None:
    """A short text is under way as a whole before it shows that nobody listens: then it is in doubt."""
    mail = mailer()
    with within(30), serving(trusting, only_at("text", told)) as (port, received):
        sent = send(mail, port).outcome
        assert sorted(sent.sent + sent.doubtful) in (
            ["Amsterdam", "Amsterdam", "Zeist"],
            ["Amsterdam", "Amsterdam", "Zeist (GM0355)"],
        )
        assert not [address for address, number in received.copies().items() if number > 1]
        if sent.doubtful:
            send(mail, port, resend=("GM0355",))
    assert sorted(received.copies().items()) == [(address, 1) for address in EVERYONE]


@pytest.mark.parametrize(("told", "arrived"), [("drop", 0), ("swallow", 1), ("stall", 1)])
def test_what_may_have_arrived_is_not_sent_again_unless_asked(
    mailer: Mailer, trusting: Path, told: str, arrived: int
) -> None:
    mail = mailer()
    with within(30), serving(trusting, only_at("end", told)) as (port, received):
        sent = send(mail, port)
        assert sent.outcome.doubtful == ["Zeist (GM0355)"]
        assert received.copies()["beheer@zeist.example"] == arrived
        again = send(mail, port)
        assert (again.outcome.sent, again.outcome.doubtful) == ([], ["Zeist (GM0355)"])
        assert [one.state for one in status(mail)] == ["doubtful", "sent", "left out: " + again.left_out[0].why]
        asked = send(mail, port, everything=False, resend=("GM0355",))
        assert (asked.outcome.sent, asked.outcome.doubtful) == (["Zeist"], [])
        with pytest.raises(SettingsError, match="--resend GM0355: none of its documents of now is in doubt"):
            send(mail, port, resend=("GM0355",))
    assert received.copies()["beheer@zeist.example"] == arrived + 1
    assert received.copies()["a@amsterdam.example"] == 1


@pytest.mark.parametrize(
    ("point", "told", "of_the_address"),
    [
        ("RCPT", "550 5.1.1 no such user beheer@zeist.example", True),
        ("RCPT", "552 5.2.2 mailbox full", True),
        ("RCPT", "554 5.7.1 relay access denied", False),
        ("MAIL", "552 5.3.4 too large", False),
        ("DATA", "554 5.5.1 no", False),
        ("end", "554 5.7.1 spam", False),
    ],
)
def test_a_refusal_for_good_is_of_the_address_or_of_the_message_and_the_others_go_on(
    mailer: Mailer, trusting: Path, point: str, told: str, of_the_address: bool
) -> None:
    mail = mailer()
    with serving(trusting, only_at(point, told)) as (port, received):
        sent = send(mail, port)
    refused = [f"Zeist ({told[:3]})"]
    assert (sent.outcome.refused, sent.outcome.unwanted) == ((refused, []) if of_the_address else ([], refused))
    assert (sent.whole, len(sent.outcome.sent)) == (False, 2)
    assert received.copies()["beheer@zeist.example"] == 0
    (noted,) = [each for each in read_journal(mail.outputs / "verzending") if each.state is State.REFUSED]
    assert (noted.at, noted.said.startswith(told)) == (point, True)


@pytest.mark.parametrize(
    ("point", "told", "sentence"),
    [
        ("MAIL", "550 5.7.1 <signalen@example.nl> may not", r"takes no mail from this sender \(550 5\.7\.1 <\[e-mail"),
        ("MAIL", "530 5.7.0 Authentication required", r"takes mail only from who logs in \(530 .*see --user"),
        ("RCPT", "530 5.7.0 Authentication required", "takes mail only from who logs in"),
        ("end", "535 5.7.8 no", "takes mail only from who logs in"),
    ],
)
def test_a_server_that_refuses_whoever_sends_ends_the_round_at_once_and_blames_no_address(
    mailer: Mailer, trusting: Path, point: str, told: str, sentence: str
) -> None:
    mail = mailer()
    asked = []

    def behave(at: str, _: int) -> str:
        asked.append(at)
        return told if at == point else ""

    with serving(trusting, behave) as (port, received):
        with pytest.raises(MailError, match=sentence) as caught:
            send(mail, port)
        assert asked.count("MAIL") == 1
        assert "@" not in str(caught.value)
    states = [each.state for each in read_journal(mail.outputs / "verzending")]
    assert states[-1] is State.DEFERRED
    assert State.REFUSED not in states
    with serving(trusting) as (port, received):
        assert len(send(mail, port).outcome.sent) == 3
    assert {*received.copies().values()} == {1}


def test_a_server_that_asks_for_a_name_is_told_as_that(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting, log_in=True) as (port, received):
        with pytest.raises(MailError, match="takes mail only from who logs in"):
            send(mailer(), port)
        with pytest.raises(MailError, match="takes mail only from who logs in"):
            rehearse(mailer(), Server(HERE, port, timeout=1))
    assert received.messages == []


def test_a_server_that_wants_nobody_is_told_and_not_waited_for(mailer: Mailer, trusting: Path) -> None:
    told = pytest.raises(MailError, match=r"does not want to be used by this machine \(554\)")
    with within(10), serving(trusting, only_at("EHLO", "554 go away", 9)) as (port, _), told:
        send(mailer(), port, pace=Pace())


def test_a_connection_that_the_server_closed_as_idle_takes_no_try(mailer: Mailer, trusting: Path) -> None:
    """Three times put off, three waits in which the connection is closed at the other end, and taken at the fourth."""
    with within(30), serving(trusting, only_at("RCPT", "450 later", 3), idle=0.2) as (port, received):
        only = {"GM0355": ("beheer@zeist.example",)}
        sent = send(mailer(only), port, pace=Pace(per_minute=1_000_000, tries=4, wait=0.5))
    assert (sent.outcome.sent, sent.outcome.deferred) == (["Zeist"], [])
    assert received.copies() == {"beheer@zeist.example": 1}


def test_a_server_that_is_left_alone_for_long_is_left(
    mailer: Mailer, trusting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "IDLE", 0.3)
    with within(30), serving(trusting) as (port, received):
        send(mailer(), port, pace=Pace(per_minute=120))  # half a second apart
    assert (len(received.messages), received.connections) == (3, 3)


def test_the_answer_to_a_whole_message_may_take_longer(mailer: Mailer, trusting: Path) -> None:
    """A server that looks for spam takes its time, and is to be given that (RFC 5321, 4.5.3.2.6)."""
    assert Server(HERE, 25).end_timeout == 600
    with within(30), serving(trusting, only_at("end", "slow")) as (port, received):
        server = Server(HERE, port, timeout=0.5, end_timeout=5)
        slow = send_round(mailer(), server, FAST, everything=True)
    assert (len(slow.outcome.sent), slow.outcome.doubtful) == (3, [])
    assert {*received.copies().values()} == {1}
    with within(30), serving(trusting, only_at("RCPT", "slow", 9)) as (port, _):
        other = mailer({"GM0503": ("x@delft.example",)})
        waited = send_round(other, Server(HERE, port, timeout=0.5, end_timeout=5), replace(FAST, tries=1))
    assert waited.outcome.deferred == ["Delft"]


def test_a_round_that_is_stopped_tells_how_far_it_came(mailer: Mailer, trusting: Path) -> None:
    begun: list[Sent] = []

    def behave(at: str, number: int) -> str:
        return "550 no" if (at, number) == ("MAIL", 3) else "550 no user" if (at, number) == ("RCPT", 2) else ""

    with serving(trusting, behave) as (port, _), pytest.raises(MailError):
        send_round(mailer(), Server(HERE, port, timeout=1), FAST, everything=True, begun=begun.append)
    (one,) = begun
    assert (one.to_send, one.outcome.sent, one.outcome.refused) == (3, ["Zeist"], ["Amsterdam (550)"])
    assert [*of_what_stopped(one)][-1].startswith("Stopped: 1 message of 3 sent, 0 before.")


def test_who_is_stopped_while_a_message_may_arrive_reads_that_it_is_in_doubt(mailer: Mailer, trusting: Path) -> None:
    begun: list[Sent] = []
    with within(30), serving(trusting, only_at("end", "stall")) as (port, _):
        threading.Timer(1, signal.pthread_kill, [threading.get_ident(), signal.SIGINT]).start()
        with pytest.raises(KeyboardInterrupt):
            send_round(mailer(), Server(HERE, port), FAST, everything=True, begun=begun.append)
    assert begun[0].outcome.doubtful == ["Zeist (GM0355)"]
    assert next(of_what_stopped(begun[0])).startswith("May have arrived, and may not: Zeist (GM0355).")


def test_one_message_to_look_at_goes_where_nothing_was_refused(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting, only_at("RCPT", "550 5.1.1 unknown")) as (port, received):
        first = send(mail, port, everything=False)
        assert (first.outcome.refused, first.outcome.sent, first.only_to) == (["Zeist (550)"], [], "Zeist")
        second = send(mail, port, everything=False)
        assert (second.outcome.sent, second.only_to, second.left) == (["Amsterdam", "Amsterdam"], "Amsterdam", 1)
        said = [*of_sending(second)]
        assert "2 messages sent, only to Amsterdam, 0 before." in said
        assert said[-1] == "1 message is yet to go; for that, give --all."
        third = send(mail, port, everything=False)
        assert (third.outcome.sent, third.outcome.before) == (["Zeist"], 2)
    assert sorted(received.copies().items()) == [(address, 1) for address in EVERYONE]


def test_a_municipality_with_two_addresses_is_named_once(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting, lambda at, _: "554 5.7.1 spam" if at == "end" else "") as (port, _):
        said = " ".join(of_sending(send(mailer(), port)))
    assert "The message itself is refused, whatever the address: Zeist (554), Amsterdam (554). What" in said
    assert "mend e_mail" not in said


def test_one_address_of_two_may_be_refused(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting, lambda at, number: "550 no" if (at, number) == ("RCPT", 3) else "") as (port, received):
        mail = mailer()
        sent = send(mail, port)
        assert (sent.outcome.refused, len(sent.outcome.sent)) == (["Amsterdam (550)"], 2)
        mended = send(mail, port)
    assert (mended.outcome.sent, mended.outcome.before) == (["Amsterdam"], 2)
    assert sorted(received.copies().items()) == [(address, 1) for address in EVERYONE]


def test_who_is_put_off_too_often_is_told_and_gets_it_next_time(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting, only_at("RCPT", "450 later", 12)) as (port, received):
        sent = send(mail, port, pace=Pace(per_minute=1_000_000, tries=4, wait=0.01))
        assert sent.outcome.deferred == ["Zeist (450)", "Amsterdam (450)", "Amsterdam (450)"]
        assert len(send(mail, port).outcome.sent) == 3
    assert sorted(received.copies().items()) == [(address, 1) for address in EVERYONE]


def test_waits_grow_and_messages_go_no_faster_than_is_asked(mailer: Mailer, trusting: Path) -> None:
    assert [Pace(wait=30).before(tried) for tried in (1, 2, 3, 4, 9)] == [30, 60, 120, 240, 900]
    began = time.monotonic()
    with serving(trusting) as (port, received):
        send(mailer(), port, pace=Pace(per_minute=120, per_connection=1))
    assert time.monotonic() - began >= 1.0  # three messages, half a second apart
    assert received.connections == 3


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, r"offers no TLS \(STARTTLS\)"),
        ({"plain": True, "user": "signalen", "password": "x"}, "asks for no user name"),
    ],
)
def test_a_server_without_tls_gets_nothing(mailer: Mailer, settings: dict[str, Any], sentence: str) -> None:
    with serving() as (port, received), pytest.raises(MailError, match=sentence):
        send(mailer(), port, **settings)
    assert received.messages == []


def test_only_this_machine_may_be_sent_to_in_the_clear(mailer: Mailer) -> None:
    with serving() as (port, received):
        assert len(send(mailer(), port, plain=True).outcome.sent) == 3
    assert len(received.messages) == 3
    for host in ("mail.example.nl", "192.0.2.1", "localhost.example.nl"):
        with pytest.raises(SettingsError, match="--insecure-plain: is only for"):
            Server(host, 25, plain=True)


def test_a_certificate_that_nobody_trusts_or_of_another_host_gets_nothing(
    mailer: Mailer, trusted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = certificate(tmp_path / "other", "mail.example.nl")
    for served, believed, why in ((trusted, other, "self-signed"), (other, other, "IP address mismatch")):
        monkeypatch.setenv("SSL_CERT_FILE", str(believed))
        with serving(served) as (port, received), pytest.raises(MailError, match=f"not to be trusted.*{why}"):
            send(mailer(), port)
        assert received.messages == []


def test_a_wrong_password_sends_nothing_and_is_in_no_sentence(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting, log_in=True) as (port, received):
        with pytest.raises(MailError, match=r"does not accept the user name and password \(535\)") as caught:
            send(mailer(), port, user="signalen", password="verkeerd!")
        with pytest.raises(MailError, match="only takes a user name and password in ASCII"):
            send(mailer(), port, user="signalen", password="geheimé")
        assert "verkeerd!" not in str(caught.value)
        assert received.messages == []
        assert len(send(mailer(), port, user="signalen", password=PASSWORD.decode()).outcome.sent) == 3
    assert "verkeerd!" not in repr(Server(HERE, port, password="verkeerd!"))


def test_two_do_not_send_at_once(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting) as (port, received):
        other = lock(mail.outputs)
        with pytest.raises(OutputsError, match="another run is writing here"):
            send(mail, port)
        other.release()
        assert received.connections == 0


def test_nobody_at_the_port_is_told_at_once(mailer: Mailer) -> None:
    with within(5), pytest.raises(MailError, match=r"cannot be reached \(Connection refused\)\. Run the same again"):
        send(mailer(), free_port(), pace=Pace())


def test_a_rehearsal_logs_in_and_sends_nothing(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting, log_in=True) as (port, received):
        server = Server(HERE, port, user="signalen", password=PASSWORD.decode(), timeout=1)
        assert rehearse(mail, server, everything=True).to_send == 3
        one = rehearse(mail, server)
        assert (one.to_send, one.left, one.only_to) == (1, 2, "Zeist")
        with pytest.raises(MailError, match="does not accept"):
            rehearse(mail, Server(HERE, port, user="signalen", password="x", timeout=1))
    assert received.messages == []
    assert read_journal(mail.outputs / "verzending") == ()


def test_a_rehearsal_needs_a_sender(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting) as (port, received), pytest.raises(SettingsError, match="--from: is missing"):
        rehearse(mailer(sender=None), Server(HERE, port, timeout=1))
    assert received.connections == 0


@pytest.mark.parametrize(
    ("told", "size", "sentence"),
    [
        ("550 5.1.8 no such sender", 0, r"takes no mail from this sender \(550 5\.1\.8"),
        ("552 5.3.4 too large", 0, r"takes no message that is as large as ours \(552"),
        ("451 busy", 0, r"has no time now \(451\)"),
        ("", 10_000, r"takes messages of at most 10000 bytes, and the largest of ours has \d{5}"),
    ],
)
def test_a_rehearsal_asks_whether_such_messages_may_be_sent(
    mailer: Mailer, trusting: Path, told: str, size: int, sentence: str
) -> None:
    with serving(trusting, only_at("MAIL", told), size=size) as (port, received):
        with pytest.raises(MailError, match=sentence):
            rehearse(mailer(), Server(HERE, port, timeout=1))
        if told:
            assert rehearse(mailer(), Server(HERE, port, timeout=1)).to_send == 1
    assert received.messages == []


def test_an_address_that_would_act_sends_nothing_to_anybody(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting) as (port, received):
        for wrong in ("a@x.nl\r\nBcc: b@y.nl", "a@x.nl\nRCPT TO:<b@y.nl>", "b@café.nl"):
            with pytest.raises(MailError, match="Amsterdam: no message can be made") as caught:
                send(mailer({"GM0355": ("a@x.nl",), "GM0363": (wrong,)}), port)
            assert wrong not in str(caught.value)
    assert received.connections == 0


def test_a_message_that_is_too_large_for_the_server_is_refused_by_it(mailer: Mailer, trusting: Path) -> None:
    with serving(trusting, size=10_000) as (port, received):
        sent = send(mailer(), port)
    assert sent.outcome.unwanted == ["Zeist (552)", "Amsterdam (552)", "Amsterdam (552)"]
    assert received.messages == []


def test_a_copy_is_kept_of_what_was_sent_for_its_owner_only(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting) as (port, received):
        send(mail, port, everything=False)
    folder = mail.outputs / "verzending"
    (kept,) = (folder / "berichten").iterdir()
    assert re.fullmatch(r"GM0355-zeist\.[0-9a-f]{16}\.eml", kept.name)
    assert kept.read_bytes() == received.messages[0][1]
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))} == {0}
    assert [each.state for each in read_journal(folder)] == [State.SENDING, State.SENT]


def test_a_document_that_was_changed_by_hand_is_not_sent(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with (mail.outputs / "gemeenten/GM0355-zeist.xlsx").open("ab") as file:
        file.write(b"x")
    with serving(trusting) as (port, received):
        sent = send(mail, port)
    assert sent.left_out[0].why == (
        "GM0355-zeist.xlsx is weg of gewijzigd sinds een run het maakte. Geef eerst make report."
    )
    assert received.copies()["beheer@zeist.example"] == 0


def test_a_journal_that_is_damaged_sends_nothing(mailer: Mailer, trusting: Path) -> None:
    mail = mailer()
    with serving(trusting) as (port, received):
        send(mail, port, everything=False)
        with (mail.outputs / "verzending/verzonden.jsonl").open("ab") as file:
            file.write(b"\0\0\n")
        with pytest.raises(OutputsError, match="line 3 is damaged"):
            send(mail, port)
    assert len(received.messages) == 1


def test_what_stops_between_the_text_and_its_end_is_in_doubt_only_once_it_was_noted(
    mailer: Mailer, trusting: Path
) -> None:
    """Whoever is killed behind that note may have sent the end: the journal as such a one leaves it."""
    mail = mailer()
    with serving(trusting) as (port, _):
        send(mail, port, everything=False)
        journal = mail.outputs / "verzending/verzonden.jsonl"
        sending = journal.read_bytes().splitlines(keepends=True)[0]
        journal.write_bytes(sending)
        assert send(mail, port, everything=False).outcome.doubtful == ["Zeist (GM0355)"]
        shutil.rmtree(mail.outputs / "verzending/berichten")  # a copy comes behind the note
        journal.write_bytes(sending[:-2])  # not on the disk as a whole, so that the end did not go either
        assert send(mail, port, everything=False).outcome.sent == ["Zeist"]
