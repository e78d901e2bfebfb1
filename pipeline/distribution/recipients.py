"""To whom the indication of a municipality goes: what its deliveries say, or else the list of contacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec import structs

from pipeline.distribution.contacts import FILE, Contacts
from pipeline.distribution.journal import Entry, State
from pipeline.intake import Finding, Intake, Severity
from pipeline.intake.across_files.addressing import differ, replaces
from pipeline.model.choices import E_MAIL


@dataclass(frozen=True, slots=True)
class Recipient:
    """A municipality, by its code, and the e-mail addresses to which its indication goes: each right, none twice.

    `source` is where they stand, in Dutch.
    """

    code: str
    addresses: tuple[str, ...]
    source: str = ""


def recipients(intake: Intake, contacts: Mapping[str, tuple[str, ...]]) -> Mapping[str, Recipient]:
    """To whom the indication of each municipality goes, by its code; one without addresses is not there.

    What the deliveries say comes first; `contacts` are the addresses of the list of contacts, by code.
    """
    found = {code: Recipient(code, addresses, FILE) for code, addresses in contacts.items()}
    found |= {code: Recipient(code, one.addresses, one.origin.in_words) for code, one in intake.addressed.items()}
    return dict(sorted(found.items()))


def told_of_contacts(intake: Intake, contacts: Contacts) -> Iterator[Finding]:
    """What is wrong with the list of contacts, and where a delivery replaced an address that stands in it."""
    yield from contacts.findings
    for code, one in intake.addressed.items():
        if differ(one.addresses, contacts.addresses.get(code, one.addresses)):
            yield replaces(one, FILE)


def told_before_mail(
    intake: Intake, contacts: Contacts, whom: Mapping[str, Recipient], journal: Iterable[Entry]
) -> Iterator[Finding]:
    """What who mails should know: of addresses, and of deliveries that cannot be used, because nobody in them counts.

    `whom` are the recipients that follow from both, and `journal` is what was sent before: whoever gets mail elsewhere
    now is told too.
    """
    rows = {(row.origin.file, row.origin.line) for row in intake.rejected}
    for finding in intake.findings:
        unread = finding.severity is Severity.ERROR and (finding.file, finding.line) not in rows
        if finding.column == E_MAIL.name or unread:
            yield finding
    yield from told_of_contacts(intake, contacts)
    yield from _moved(intake, whom, journal)


def _moved(intake: Intake, whom: Mapping[str, Recipient], journal: Iterable[Entry]) -> Iterator[Finding]:
    """That mail to a municipality goes to an address where it never got any, and went to others before."""
    before: dict[str, set[str]] = {}
    for entry in journal:
        if entry.state is State.SENT:
            before.setdefault(entry.code, set()).add(entry.address.casefold())
    for code, one in whom.items():
        if code in before and not before[code].issuperset(map(str.casefold, one.addresses)):
            message = "Naar een adres dat hier staat is nog niet gemaild; eerder ging een bericht naar een ander adres."
            finding = Finding(Severity.WARNING, "adres_nieuw", FILE, None, E_MAIL.name, "", message, code)
            if code in intake.addressed:
                at = intake.addressed[code].origin
                finding = structs.replace(finding, file=at.file, line=at.line, place=at.place)
            yield finding
