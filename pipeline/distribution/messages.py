"""Messages as they go over the wire: a letter with its attachments, in the form of RFC 5322.

The same letter, addresses and attachments give the same bytes: what a library would choose by chance, such as where a
part ends, follows from what is in the message. So a server can recognise one that it had already, by its Message-ID.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from pipeline.distribution.letters import Letter
from pipeline.errors import SettingsError
from pipeline.intake.fields.addresses import mailed_to

MORNING = time(6, tzinfo=UTC)
"""The time in the Date of a message: at the beginning of a working day in the Netherlands."""
KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
}
"""What kind of file an attachment is, by how its name ends."""
_HEADER_ENDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: an address in ASCII, and a name that may be empty."""

    address: str
    name: str = ""

    @classmethod
    def of(cls, text: str) -> Sender:
        """A sender as people write it: `signalen@example.nl`, or `Stuurgroep <signalen@example.nl>`.

        Raises:
            SettingsError: if it is none, or if its name could be taken for another address.
        """
        name, address = parseaddr(text) if not _HEADER_ENDS.search(text) else ("", "")
        if not (found := mailed_to(address)):
            raise SettingsError(
                "--from: is no sender; it is written like signalen@example.nl or 'Signalen <signalen@example.nl>'."
            )
        if "@" in name:
            raise SettingsError("--from: the name of the sender holds an @; give a name and one address.")
        return cls(found, name)


@dataclass(frozen=True, slots=True)
class Message:
    """A message that stands ready: its Message-ID (empty if there is no sender), and its bytes."""

    identity: str
    data: bytes


def compose(
    letter: Letter,
    addresses: Sequence[str],
    attachments: Mapping[str, bytes],
    day: date,
    sender: Sender | None,
    *,
    draft: bool = False,
) -> Message:
    """The message with a letter to some addresses; `attachments` are files by the names under which they come.

    Its Date is on `day`. A draft can be sent from a mail program, which fills in the sender if there is none.

    Raises:
        ValueError: if an address or a name of a file would begin another header, or is not in ASCII.
    """
    message = EmailMessage(policy=SMTP)
    if draft:
        message["X-Unsent"] = "1"
    if sender:
        message["From"] = Address(sender.name, addr_spec=sender.address)
    message["To"] = [_address(address) for address in addresses]
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.combine(day, MORNING))
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message.make_mixed()
    digest = _digest(letter, addresses, attachments, sender)
    identity = ""
    if sender:
        identity = f"<{digest}@{sender.address.rpartition('@')[2]}>"
        message["Message-ID"] = identity
    message["Content-Language"] = "nl"  # at the end: what comes before goes with the part that was there first
    bounds = []
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        bounds.append(f"=_{digest[:32]}_{number}")  # in what is quoted printable or base64 no =_ can stand
        part.set_boundary(bounds[-1])
    return Message(identity, _with_attachments(message.as_bytes(), bounds[0].encode(), attachments))


def _with_attachments(message: bytes, bound: bytes, attachments: Mapping[str, bytes]) -> bytes:
    """The message with files behind what is in it, byte for byte; the library takes five times as long for that."""
    end = b"\r\n--%b--\r\n" % bound
    pieces = [message.removesuffix(end)]
    for name, data in attachments.items():
        kind = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
        head = (
            f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="{_plain(name)}"\r\n\r\n'
        )
        body = base64.encodebytes(data).rstrip().replace(b"\n", b"\r\n")
        pieces.append(b"\r\n--%b\r\n%b%b" % (bound, head.encode(), body))
    return b"".join((*pieces, end))


def _digest(letter: Letter, addresses: Sequence[str], attachments: Mapping[str, bytes], sender: Sender | None) -> str:
    """What is in a message, in short; but not on which day it goes."""
    parts = [*attachments.values(), *(text.encode() for text in (letter.subject, letter.text, letter.html))]
    parts += [repr((sender, [*addresses], [*attachments])).encode()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:40]


def _address(address: str) -> Address:
    if _HEADER_ENDS.search(address) or not address.isascii() or parseaddr(address) != ("", address):
        raise ValueError("an address is none in ASCII on one line")
    return Address(addr_spec=address)


def _plain(name: str) -> str:
    if not re.fullmatch("[A-Za-z0-9._-]+", name):
        raise ValueError(f"{name!r} is no plain name of a file")
    return name
