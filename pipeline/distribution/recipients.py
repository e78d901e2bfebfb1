"""To whom the indication of a municipality goes: what its deliveries say, or else the list of contacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.intake import Intake


@dataclass(frozen=True, slots=True)
class Recipient:
    """A municipality, by its code, and the e-mail addresses to which its indication goes: each right, none twice."""

    code: str
    addresses: tuple[str, ...]


def recipients(intake: Intake, contacts: Mapping[str, tuple[str, ...]]) -> Mapping[str, Recipient]:
    """To whom the indication of each municipality goes, by its code; one without addresses is not there.

    What the deliveries say comes first; `contacts` are the addresses of the list of contacts, by code.
    """
    return {code: Recipient(code, addresses) for code, addresses in sorted({**contacts, **intake.addresses}.items())}
