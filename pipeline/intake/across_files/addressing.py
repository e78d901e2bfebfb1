"""Where what is made is mailed to, of all that deliveries say: the newest counts, and that it is another is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.intake.findings import ADDRESS_REPLACED, Addressed, Finding
from pipeline.model.choices import E_MAIL


def latest_addresses(said: Iterable[Addressed]) -> tuple[Mapping[str, Addressed], Sequence[Finding]]:
    """The newest of what is said of each municipality, by its code, and a warning where that replaced another address.

    Whoever can drop a file can move the mail of somebody else: so that is never done in silence.
    """
    latest: dict[str, Addressed] = {}
    findings = []
    for one in said:
        before = latest.get(one.municipality.code)
        if before and differ(one.addresses, before.addresses):
            findings.append(replaces(one, before.origin.in_words))
        latest[one.municipality.code] = one
    return latest, findings


def differ(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether mail to the one goes elsewhere than mail to the other; neither order nor capitals matter."""
    return {address.casefold() for address in some} != {address.casefold() for address in others}


def replaces(one: Addressed, elsewhere: str) -> Finding:
    """The warning that mail goes by this row, and not to another address that stands `elsewhere`."""
    message = (
        f"Hier staat een ander e-mailadres dan in {elsewhere}. De kostenindicatie gaat naar het adres dat hier staat; "
        "klopt dat niet, haal het hier dan weg."
    )
    of = one.municipality
    return Finding.warning(one.origin, ADDRESS_REPLACED, message, of.code, E_MAIL.name, of.name)
