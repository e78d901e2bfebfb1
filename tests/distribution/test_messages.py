"""Messages are what RFC 5322 asks for, the same each time, and nothing that they hold acts."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest

from pipeline.distribution.letters import Letter
from pipeline.distribution.messages import Message, Sender, compose
from pipeline.errors import SettingsError

LETTER = Letter("Kostenindicatie Signalen voor Súdwest-Fryslân", "Hé\n.\n" + "lang " * 500, "<p>Hé</p>")
FROM = Sender("signalen@example.nl", "Stuurgroep Signalen")
FILES = {"GM1900-sudwest-fryslan.xlsx": bytes(range(256)) * 40, "GM1900-sudwest-fryslan.md": "# Hé\n".encode()}
DAY = date(2026, 7, 1)


def made(letter: Letter = LETTER, addresses: tuple[str, ...] = ("a@x.nl", "b@x.nl"), **more: Any) -> Message:
    settings: dict[str, Any] = {"attachments": FILES, "day": DAY, "sender": FROM} | more
    return compose(letter, addresses, **settings)


def read(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=email.policy.default)


def test_a_message_is_read_back_as_it_was_meant() -> None:
    message = read(made().data)
    assert message["From"] == "Stuurgroep Signalen <signalen@example.nl>"
    assert message["To"] == "a@x.nl, b@x.nl"
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime.isoformat() == "2026-07-01T06:00:00+00:00"
    assert message["Message-ID"] == made().identity
    assert message["X-Unsent"] is None
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == LETTER.text + "\n"
    assert html.get_content().replace("\r\n", "\n") == LETTER.html + "\n"
    attached = [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()]
    assert attached == [*FILES.items()]
    assert not [part.defects for part in message.walk() if part.defects]


def test_its_bytes_are_those_that_every_server_takes() -> None:
    data = made().data
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_the_same_gives_the_same_bytes_and_anything_else_another_message_id() -> None:
    first = made()
    assert made() == first
    assert made(day=date(2026, 7, 2)).identity == first.identity  # it goes later, but it is the same
    others = [
        made(addresses=("a@x.nl",)),
        made(attachments=FILES | {"GM1900-sudwest-fryslan.md": b"# Ho\n"}),
        made(attachments={"GM1900-sudwest-fryslan.xlsx": FILES["GM1900-sudwest-fryslan.xlsx"]}),
        made(Letter(LETTER.subject, LETTER.text + ".", LETTER.html)),
        made(sender=Sender("ander@example.nl")),
    ]
    assert len({first.identity, *(each.identity for each in others)}) == 6
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.nl>", first.identity)


def test_a_draft_opens_as_one_and_leaves_the_sender_to_the_mail_program() -> None:
    draft = made(draft=True, sender=None)
    message = read(draft.data)
    assert (message["X-Unsent"], message["From"], message["Message-ID"], draft.identity) == ("1", None, None, "")


@pytest.mark.parametrize(
    "address",
    [
        "a@x.nl\r\nBcc: b@y.nl",
        "a@x.nl\nX: y",
        "a@x.nl, b@y.nl",
        "Jan <a@x.nl>",
        "a@café.nl",
        "a@x.nl\u2028",
        "<a@x.nl>",
    ],
)
def test_an_address_that_is_none_makes_no_message(address: str) -> None:
    with pytest.raises(ValueError, match="an address is none in ASCII on one line"):
        made(addresses=(address,))


def test_a_name_of_a_file_that_would_act_makes_no_message() -> None:
    with pytest.raises(ValueError, match="is no plain name"):
        made(attachments={'a"\r\nX: y.xlsx': b""})


def test_a_subject_with_the_end_of_a_line_makes_no_message() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        made(Letter("a\r\nBcc: b@y.nl", "", ""))


def test_a_large_attachment_arrives_whole() -> None:
    large = bytes(range(251)) * 80_000  # 20 MB
    (part,) = read(made(attachments={"a.xlsx": large}).data).iter_attachments()
    assert part.get_payload(decode=True) == large


def test_a_sender_is_an_address_with_or_without_a_name() -> None:
    assert Sender.of("signalen@example.nl") == Sender("signalen@example.nl")
    assert Sender.of("Stuurgroep Signalen <signalen@example.nl>") == FROM
    assert Sender.of("signalen@bücher.example").address == "signalen@xn--bcher-kva.example"
    accented = read(made(sender=Sender("a@example.nl", "Súdwest")).data)
    assert accented["From"] == "Súdwest <a@example.nl>"


@pytest.mark.parametrize("text", ["", "Signalen", "a@x.nl\r\nBcc: b@y.nl", "a@b@x.nl", '"baas@bank.nl" <a@x.nl>'])
def test_what_is_no_sender_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match="--from: "):
        Sender.of(text)
