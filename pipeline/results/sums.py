"""What groups of municipalities come to: per size class and per phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from pipeline.model.amounts import Amount
from pipeline.model.choices import Contribution, Phase
from pipeline.model.tariffs import SizeClass
from pipeline.results.rows import NO_PHASE, Row, add_up

TOTAL = "Totaal"
KEY_FIGURES = ("once", "yearly", "horizon")
SIZE_CLASSES = tuple(size_class.dutch for size_class in SizeClass)
PHASES = (*(phase.dutch for phase in Phase), NO_PHASE)


class Sums(Struct, frozen=True):
    """What a group of municipalities comes to; those that are no amount or euros are numbers of municipalities.

    incomplete: with p.m. in any total.
    horizon: over all years of the projection of each; for all together, over all calendar years.
    financial, agreed, not_agreed, none, in_kind: by the form of their contribution (the second and third are
        alternatives), and those that give effort in kind besides; `euros` per year of the financial ones, and
        `euros_live` of those among them that are live.
    asked: euros per year, if all of them paid what the tariff asks of their size class.
    """

    municipalities: int
    incomplete: int
    once: Amount
    yearly: Amount
    horizon: Amount
    financial: int
    euros: Decimal
    euros_live: Decimal
    agreed: int
    not_agreed: int
    none: int
    in_kind: int
    asked: Decimal


Groups = Mapping[str, Sums]
"""The sums under each label, and `TOTAL` last."""


def by_class(rows: Sequence[Row], asked: Mapping[str, Decimal]) -> Groups:
    """The sums of each size class; `asked` is the contribution that the tariff asks of one municipality of a class."""
    return _groups(rows, asked, "size_class", SIZE_CLASSES)


def by_phase(rows: Sequence[Row], asked: Mapping[str, Decimal]) -> Groups:
    """The sums of each phase."""
    return _groups(rows, asked, "phase", PHASES)


def _groups(rows: Sequence[Row], asked: Mapping[str, Decimal], by: str, labels: Sequence[str]) -> Groups:
    groups: dict[str, list[Row]] = {label: [] for label in labels}
    for row in rows:
        groups[getattr(row, by)].append(row)
    sums = {label: _sums(group, asked) for label, group in groups.items()}
    return {**sums, TOTAL: _together(list(sums.values()))}


def _sums(rows: Sequence[Row], asked: Mapping[str, Decimal]) -> Sums:
    forms: dict[str, list[Row]] = {form.dutch: [] for form in Contribution}
    for row in rows:
        forms[row.contribution].append(row)
    financial, alternative = forms[Contribution.FINANCIAL.dutch], forms[Contribution.ALTERNATIVE.dutch]
    agreed = sum(row.agreed is True for row in alternative)
    live = Phase.LIVE.dutch
    return Sums(
        municipalities=len(rows),
        incomplete=sum([row.horizon.pro_memorie for row in rows]),
        once=add_up([row.once for row in rows]),
        yearly=add_up([row.yearly for row in rows]),
        horizon=add_up([row.horizon for row in rows]),
        financial=len(financial),
        euros=sum((row.pays for row in financial), Decimal(0)),
        euros_live=sum((row.pays for row in financial if row.phase == live), Decimal(0)),
        agreed=agreed,
        not_agreed=len(alternative) - agreed,
        none=len(forms[Contribution.NONE.dutch]),
        in_kind=sum(bool(row.in_kind) for row in rows),
        asked=sum((asked[row.size_class] for row in rows), Decimal(0)),
    )


def _together(groups: Sequence[Sums]) -> Sums:
    """What groups come to together, of which none has a municipality of another."""

    def added(name: str) -> Any:
        each = [getattr(group, name) for group in groups]
        return add_up(each) if isinstance(each[0], Amount) else sum(each, type(each[0])(0))

    return Sums(*map(added, Sums.__struct_fields__))
