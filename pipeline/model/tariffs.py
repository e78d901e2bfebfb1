"""Dated tariffs: every amount and bound of the product, with its unit, date, source and provenance.

They are data (`inputs/reference/tarieven.toml`), chosen by reference date, so that a next tariff is a new block
and an old indication can be made again. The keys of the file are Dutch; the attributes here are their English names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from pipeline.errors import TariffGap
from pipeline.model.blocks import Block, day, each, key, text
from pipeline.model.columns import Option
from pipeline.model.declared_items import DeclaredItem
from pipeline.model.items import (
    CHOSEN_ELSEWHERE,
    CONTRIBUTION,
    GUIDANCE,
    HOSTING,
    SOFTWARE,
    Item,
    Period,
    in_order,
)
from pipeline.model.quantities import (
    ALWAYS,
    Bound,
    CalendarYear,
    CodeList,
    EuroRangePerYear,
    EurosPerHour,
    EurosPerYear,
    Hours,
    Margin,
    Named,
    Stated,
    YearlyPercentage,
    Years,
)

MOST_ITEMS, MOST_AMOUNTS = 30, 70
"""How many items a tariff declares, and how many amounts its yearly ones have over all years together.

With more, and with the longest keys, the workbook has formulas that are longer than Excel takes.
"""


class SizeClass(Option):
    """The size classes by which the contribution differs, largest first. Source: figure "Kostenindicaties"."""

    G4 = "g4", "G4"
    LARGE = "large", "Groot"
    MEDIUM = "medium", "Middelgroot"
    SMALL = "small", "Klein"


def _contribution(size_class: SizeClass) -> Named:
    when = {"contribution": ("financial",), "size_class": (size_class.value,)}
    return Named(f"Bijdrage {size_class.dutch}", when=when)


@dataclass(frozen=True, kw_only=True)
class ContributionTariff(Block):
    """The community contribution of each size class, in euros per year."""

    g4: EurosPerYear = key("G4", EurosPerYear, _contribution(SizeClass.G4))
    large: EurosPerYear = key("Groot", EurosPerYear, _contribution(SizeClass.LARGE))
    medium: EurosPerYear = key("Middelgroot", EurosPerYear, _contribution(SizeClass.MEDIUM))
    small: EurosPerYear = key("Klein", EurosPerYear, _contribution(SizeClass.SMALL))

    def of(self, size_class: SizeClass) -> EurosPerYear:
        """The contribution of one size class."""
        figure: EurosPerYear = getattr(self, size_class.value)
        return figure


@dataclass(frozen=True, kw_only=True)
class Premise(Stated):
    """Something that is stated or assumed in words rather than as a number."""

    subject: str = key("onderwerp", text)
    text: str = key("tekst", text)


@dataclass(frozen=True, kw_only=True)
class Tariff(Block):
    """All amounts, bounds and premises that are valid from a date (until a date, where one is given).

    Source: "Kostenindicaties", docs.signalen.org; each figure names its own.
    """

    valid_from: date = key("geldig_vanaf", day)
    valid_to: date | None = key("geldig_tot", day, default=None)
    software: EurosPerYear = key("software", EurosPerYear, Named("Signalen software", cell="software", when=ALWAYS))
    hours: Hours = key(
        "begeleidingsuren",
        Hours,
        Named("Uren projectbegeleiding", cell="tarief_uren", when={"guidance": ("external",), "hours": (None,)}),
    )
    hourly_rate: EurosPerHour = key(
        "uurtarief", EurosPerHour, Named("Uurtarief", cell="tarief_uurtarief", when={"guidance": ("external",)})
    )
    saas: EuroRangePerYear = key(
        "hosting_saas",
        EuroRangePerYear,
        Named("Hosting SaaS", cell="saas", when={"hosting": ("saas",), "hosting_estimate": (None,)}),
    )
    contribution: ContributionTariff = key("bijdrage", ContributionTariff)
    g4: CodeList = key("g4", CodeList)
    large_from: Bound = key("groot_vanaf", Bound, Named("Groot vanaf", "waar Groot begint"))
    medium_from: Bound = key("middelgroot_vanaf", Bound, Named("Middelgroot vanaf", "waar Middelgroot begint"))
    bound_margin: Margin = key("grensmarge", Margin, Named("Marge bij een grens", "wat dicht bij een grens is"))
    demo_hours: Hours = key("demo_uren", Hours, Named("Uren demo-omgeving"))
    horizon: Years = key("horizon", Years, Named("Looptijd", when=ALWAYS))
    indexation: YearlyPercentage = key("indexatie", YearlyPercentage, Named("Indexatie", when=ALWAYS))
    ggu_year: CalendarYear | None = key(
        "ggu_jaar",
        CalendarYear,
        Named("GGU-jaar", when={"contribution": ("financial", "alternative")}),
        default=None,
    )
    premises: tuple[Premise, ...] = key("toelichting", each(Premise), default=())
    declared: tuple[DeclaredItem, ...] = key("posten", each(DeclaredItem), default=())

    def contradictions(self) -> Iterator[str]:
        """Bounds and days that are no order, and items that cannot be told apart or are not there."""
        if self.medium_from.value >= self.large_from.value:
            yield "middelgroot_vanaf must be below groot_vanaf"
        if self.valid_to is not None and self.valid_to < self.valid_from:
            yield "geldig_tot must not be before geldig_vanaf"
        if problems := [*self._of_items()]:
            yield f"posten: {'; '.join(problems)}"

    def _of_items(self) -> Iterator[str]:
        """Each item has a key and a name of its own, and those of which the choices speak are there."""
        keys = [declared.word for declared in self.declared]
        figures = {declared.name for declared in self.keys().values()}
        yield from (f"{word!r} is the key of a figure; choose another word" for word in keys if word in figures)
        yield from (f"there is no item {word!r}; add its block" for word in CHOSEN_ELSEWHERE if word not in keys)
        yield from (f"sleutel {word!r} stands twice; each item has its own" for word in _twice(keys))
        names = _twice(declared.name for declared in self.declared)
        yield from (f"naam {name!r} stands twice; each item has its own" for name in names)
        if len(keys) > MOST_ITEMS:
            yield f"{len(keys)} items are too many; a workbook holds {MOST_ITEMS}"
        yearly, years = sum(declared.period is Period.YEARLY for declared in self.declared), self.horizon.value
        if yearly * years > MOST_AMOUNTS:
            most = int(MOST_AMOUNTS / years)
            yield f"{yearly} yearly items are too many; a workbook of {years} years holds {most}"

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every cost item, in the order in which documents show them."""
        items = in_order(each.item for each in self.declared)
        return tuple(replace(item, usual=self.saas.amount) if item == HOSTING else item for item in items)

    def stated(self, item: Item) -> Stated:
        """What the amount of an item rests on; if that is more than one figure, the first that is assumed."""
        by_rule: dict[Item, tuple[Stated, ...]] = {
            SOFTWARE: (self.software,),
            GUIDANCE: (self.hours, self.hourly_rate),
            HOSTING: (self.saas,),
            CONTRIBUTION: tuple(self.contribution.of(size_class) for size_class in SizeClass),
        }
        rests_on = by_rule.get(item) or tuple(each for each in self.declared if each.item == item)
        return next((each for each in rests_on if each.assumed), rests_on[0])

    def size_class(self, code: str, inhabitants: int) -> SizeClass:
        """The size class of a municipality: the G4 are a fixed list, the others follow from their inhabitants."""
        if code in self.g4.codes:
            return SizeClass.G4
        if inhabitants >= self.large_from.value:
            return SizeClass.LARGE
        if inhabitants >= self.medium_from.value:
            return SizeClass.MEDIUM
        return SizeClass.SMALL

    def begins_at(self, size_class: SizeClass) -> Bound:
        """From how many inhabitants a class begins, of the two that do so somewhere."""
        return self.large_from if size_class is SizeClass.LARGE else self.medium_from

    def bound_nearby(self, code: str, inhabitants: int) -> SizeClass | None:
        """The class whose lower bound is within the tariff's margin of these inhabitants; None for the G4 or if far."""
        if code in self.g4.codes:
            return None
        for size_class in (SizeClass.LARGE, SizeClass.MEDIUM):
            bound = self.begins_at(size_class).value
            if abs(inhabitants - bound) * 100 <= bound * self.bound_margin.value:
                return size_class
        return None


def _twice(words: Iterable[str]) -> list[str]:
    """Those that mean what another one of them means: case and underscores do not matter."""
    seen: set[str] = set()
    again = []
    for word in words:
        plain = word.casefold().replace("_", "")
        if plain in seen:
            again.append(word)
        seen.add(plain)
    return again


def tariff_on(tariffs: tuple[Tariff, ...], day: date) -> Tariff:
    """The tariff that is valid on a day.

    Raises:
        TariffGap: if none is.
    """
    begun = [t for t in tariffs if t.valid_from <= day]
    if not begun or (begun[-1].valid_to is not None and begun[-1].valid_to < day):
        periods = "; ".join(f"from {t.valid_from}" + (f" to {t.valid_to}" if t.valid_to else "") for t in tariffs)
        raise TariffGap(f"no tariff is valid on {day}; the tariff file has {periods}.")
    return begun[-1]
