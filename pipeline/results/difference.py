"""The difference between two results, split by what it came of; the parts add up to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct

from pipeline.model.choices import Provenance
from pipeline.model.items import Period
from pipeline.results.changes import Cause, Change, Kind, Part, Reason
from pipeline.results.records import Gist

ZERO = (Decimal(0), Decimal(0))
_BY_CAUSE = {Cause.CHOICE: Reason.CHOICE, Cause.TARIFF: Reason.TARIFF, Cause.REGISTER: Reason.REGISTER}

_IN_EUROS = (*_BY_CAUSE.values(), Reason.OTHER)
"""The reasons of which nothing is said unless they make a difference."""


class Moved(Struct, frozen=True):
    """A municipality before and after, None where it does not count; and what changed for it, if anything did."""

    old: Gist | None
    new: Gist | None
    change: Change | None

    def of_those_that_delivered(self) -> Moved:
        """The same, where it counts only with what it delivered itself."""
        old, new = (gist if gist and delivered(gist) else None for gist in (self.old, self.new))
        return Moved(old, new, self.change)


@dataclass(slots=True)
class _Sum:
    codes: set[str] = field(default_factory=set)
    euros: dict[Period, list[Decimal]] = field(default_factory=lambda: {period: [*ZERO] for period in Period})


def delivered(gist: Gist) -> bool:
    """Whether a municipality delivered itself."""
    return gist.choices.provenance is Provenance.DELIVERED


def split(municipalities: Iterable[Moved]) -> tuple[Part, ...]:
    """The difference of all together by its reasons, in their order; only those that there are."""
    sums: dict[Reason, _Sum] = {}
    for moved in municipalities:
        gist = moved.new or moved.old
        before, after = _lines(moved.old), _lines(moved.new)
        for line in before.keys() | after.keys():
            reason = _reason(moved, line, before, after)
            then, now = before.get(line, _NONE), after.get(line, _NONE)
            low, high = now[0] - then[0], now[1] - then[1]
            if gist and reason and (low or high or reason not in _IN_EUROS):
                found = sums.setdefault(reason, _Sum())
                found.codes.add(gist.municipality.code)
                euros = found.euros[line[1]]
                euros[0] += low
                euros[1] += high
    return tuple(
        Part(reason, len(of.codes), _span(of.euros[Period.ONCE]), _span(of.euros[Period.YEARLY]))
        for reason in Reason
        if (of := sums.get(reason))
    )


_Line = tuple[str, Period]
_Ends = tuple[Decimal, Decimal, bool]
_NONE: _Ends = (Decimal(0), Decimal(0), False)


def _lines(gist: Gist | None) -> Mapping[_Line, _Ends]:
    if gist is None:
        return {}
    amounts = {(line.item, line.period): line.amount.amount for line in gist.lines}
    return {line: (amount.low, amount.high, amount.pro_memorie) for line, amount in amounts.items()}


def _reason(moved: Moved, line: _Line, before: Mapping[_Line, _Ends], after: Mapping[_Line, _Ends]) -> Reason | None:
    """Why an item costs another amount; None if nothing changed for the municipality."""
    change = moved.change
    rejected = change is not None and Cause.REJECTED in change.causes
    if moved.old is None or moved.new is None:
        if moved.new is not None:
            return Reason.RESTORED if rejected and change and change.kind is Kind.CAME else Reason.CAME
        return Reason.REJECTED if rejected else Reason.WENT
    was, is_ = before.get(line, _NONE)[2], after.get(line, _NONE)[2]
    if was != is_:
        return Reason.BECAME_KNOWN if was else Reason.BECAME_PRO_MEMORIE
    if change is None:
        return None
    return next((reason for cause, reason in _BY_CAUSE.items() if cause in change.causes), Reason.OTHER)


def _span(euros: list[Decimal]) -> tuple[Decimal, Decimal]:
    return euros[0], euros[1]
