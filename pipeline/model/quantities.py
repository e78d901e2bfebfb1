"""The kinds of figure that a tariff holds, each with its unit and bounds; and what documents call a figure.

The keys of the tariff file are Dutch; the attributes here are their English names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import ClassVar, Literal

from pipeline.model.amounts import Amount
from pipeline.model.blocks import Block, Kinds, code, day, each, key, matching, number, one_of, text
from pipeline.model.limits import EUROS, GGU_YEARS, HOURLY_RATE, HOURS, PERCENT


class Look(Enum):
    """What kind of number a figure is, and so how documents show it."""

    EURO = "euro"
    INTEGER = "integer"
    YEAR = "year"
    DECIMAL = "decimal"


_ADDRESS = r"(https://[\x21-\x7e]+)?"

ALWAYS: Mapping[str, Collection[str | None]] = {}
"""For a figure on which the amounts of every municipality rest."""


@dataclass(frozen=True, slots=True)
class Named:
    """What documents call a figure; it stands with the field that holds the figure, and nowhere else.

    `in_a_sentence` is for where the label is too short. `cell` is the name of its cell, if formulas refer to it.
    `when` are the choices with which amounts rest on it, by their key in the JSON form, each with the values that do
    (None: nothing was said); without `when`, no amount follows from it directly.
    """

    label: str
    in_a_sentence: str = ""
    cell: str = ""
    when: Mapping[str, Collection[str | None]] | None = field(default=None, hash=False)


@dataclass(frozen=True, kw_only=True)
class Stated(Block):
    """Where something comes from: stated in the source or assumed by us, and since when; `link` leads to the source."""

    provenance: Literal["vermeld", "aanname"] = key("herkomst", one_of("vermeld", "aanname"))
    dated: date = key("datum", day)
    link: str = key(
        "link", matching(r"(https://[\x21-\x7e]+)?", 500, "an address that begins with https://"), default=""
    )

    @property
    def assumed(self) -> bool:
        """Whether the source does not state it."""
        return self.provenance == "aanname"


@dataclass(frozen=True, kw_only=True)
class Figure(Stated):
    """One number of the tariff, in its unit, which is `english` in the JSON form."""

    look: ClassVar[Look] = Look.DECIMAL
    english: ClassVar[str] = ""

    value: Decimal = key("waarde", number(0))
    unit: str = key("eenheid", text)
    source: str = key("bron", text)

    @property
    def ends(self) -> tuple[tuple[str, Decimal], ...]:
        """The number, and that it is not an end of anything."""
        return (("", self.value),)


class Euros(Figure):
    """Euros, to the cent."""

    look = Look.EURO
    kinds: ClassVar[Kinds] = {"value": number(EUROS, places=2)}

    @property
    def amount(self) -> Amount:
        """The figure as an amount that is known."""
        return Amount.exactly(self.value)


class EurosPerYear(Euros):
    """Euros per year."""

    kinds: ClassVar[Kinds] = {**Euros.kinds, "unit": one_of("EUR per jaar")}
    english = "EUR per year"


class EurosPerHour(Euros):
    """Euros per hour."""

    kinds: ClassVar[Kinds] = {"value": number(HOURLY_RATE, places=2), "unit": one_of("EUR per uur")}
    english = "EUR per hour"


@dataclass(frozen=True, kw_only=True)
class EuroRangePerYear(Stated):
    """Euros per year, from low to high."""

    look: ClassVar[Look] = EurosPerYear.look
    english: ClassVar[str] = EurosPerYear.english
    low: Decimal = key("laag", number(EUROS, places=2))
    high: Decimal = key("hoog", number(EUROS, places=2))
    unit: str = key("eenheid", one_of("EUR per jaar"))
    source: str = key("bron", text)

    def contradictions(self) -> Iterator[str]:
        """Ends that are no range."""
        if self.low > self.high:
            yield "laag must not exceed hoog"

    @property
    def amount(self) -> Amount:
        """The range as an amount."""
        return Amount.between(self.low, self.high)

    @property
    def ends(self) -> tuple[tuple[str, Decimal], ...]:
        """Both ends; each has its own line in documents, even if they are the same."""
        return (("laag", self.low), ("hoog", self.high))


class Hours(Figure):
    """Hours."""

    kinds: ClassVar[Kinds] = {"value": number(HOURS, places=2), "unit": one_of("uur")}
    english = "hours"


class Bound(Figure):
    """A number of inhabitants from which a size class begins."""

    kinds: ClassVar[Kinds] = {"value": number(1, places=0), "unit": one_of("inwoners")}
    look = Look.INTEGER
    english = "inhabitants"


class Margin(Figure):
    """A percentage of a bound."""

    kinds: ClassVar[Kinds] = {"value": number(0, 50), "unit": one_of("procent")}
    english = "percent"


class YearlyPercentage(Figure):
    """A percentage per year."""

    kinds: ClassVar[Kinds] = {"value": number(PERCENT, places=2), "unit": one_of("procent per jaar")}
    english = "percent per year"


class Years(Figure):
    """A number of years."""

    kinds: ClassVar[Kinds] = {"value": number(1, 30, places=0), "unit": one_of("jaar")}
    english = "years"


class CalendarYear(Figure):
    """A calendar year."""

    kinds: ClassVar[Kinds] = {"value": number(GGU_YEARS, places=0), "unit": one_of("jaartal")}
    look = Look.YEAR
    english = "calendar year"


@dataclass(frozen=True, kw_only=True)
class CodeList(Stated):
    """A fixed list of municipalities, by code."""

    codes: tuple[str, ...] = key("codes", each(code))
    source: str = key("bron", text)
