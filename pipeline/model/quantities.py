"""The kinds of figure that a tariff holds, each with its unit and bounds; and what documents call a figure.

The keys of the tariff file are Dutch; the attributes here are their English names.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from pipeline.model.amounts import Amount
from pipeline.model.codes import CBS, CodeForm
from pipeline.model.limits import EUROS, GGU_YEARS, HOURLY_RATE, HOURS, PERCENT


class Look(Enum):
    """What kind of number a figure is, and so how documents show it."""

    EURO = "euro"
    INTEGER = "integer"
    YEAR = "year"
    DECIMAL = "decimal"


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


class Block(BaseModel):
    """A table of the tariff file, in which no key may be missing or unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=False, defer_build=True)


class Stated(Block):
    """Where something comes from: stated in the source or assumed by us, and since when; `link` leads to the source."""

    provenance: Literal["vermeld", "aanname"] = Field(alias="herkomst")
    dated: date = Field(alias="datum")
    link: Annotated[str, Field(pattern=r"^(https://[\x21-\x7e]+)?$", max_length=500)] = ""

    @property
    def assumed(self) -> bool:
        """Whether the source does not state it."""
        return self.provenance == "aanname"


class Figure(Stated):
    """One number of the tariff, in its unit, which is `english` in the JSON form."""

    look: ClassVar[Look] = Look.DECIMAL
    english: ClassVar[str] = ""

    value: Annotated[Decimal, Field(alias="waarde", ge=0)]
    unit: str = Field(alias="eenheid")
    source: str = Field(alias="bron", min_length=1)

    @property
    def ends(self) -> tuple[tuple[str, Decimal], ...]:
        """The number, and that it is not an end of anything."""
        return (("", self.value),)


class Euros(Figure):
    """Euros, to the cent."""

    look = Look.EURO
    value: Annotated[Decimal, Field(alias="waarde", ge=EUROS.low, le=EUROS.high, decimal_places=2)]

    @property
    def amount(self) -> Amount:
        """The figure as an amount that is known."""
        return Amount.exactly(self.value)


class EurosPerYear(Euros):
    """Euros per year."""

    unit: Literal["EUR per jaar"] = Field(alias="eenheid")
    english = "EUR per year"


class EurosPerHour(Euros):
    """Euros per hour."""

    value: Annotated[Decimal, Field(alias="waarde", ge=HOURLY_RATE.low, le=HOURLY_RATE.high, decimal_places=2)]
    unit: Literal["EUR per uur"] = Field(alias="eenheid")
    english = "EUR per hour"


class EuroRangePerYear(Stated):
    """Euros per year, from low to high."""

    look: ClassVar[Look] = EurosPerYear.look
    english: ClassVar[str] = EurosPerYear.english
    low: Annotated[Decimal, Field(alias="laag", ge=EUROS.low, le=EUROS.high, decimal_places=2)]
    high: Annotated[Decimal, Field(alias="hoog", ge=EUROS.low, le=EUROS.high, decimal_places=2)]
    unit: Literal["EUR per jaar"] = Field(alias="eenheid")
    source: str = Field(alias="bron", min_length=1)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError("laag must not exceed hoog")
        return self

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

    value: Annotated[Decimal, Field(alias="waarde", ge=HOURS.low, le=HOURS.high, decimal_places=2)]
    unit: Literal["uur"] = Field(alias="eenheid")
    english = "hours"


class Bound(Figure):
    """A number of inhabitants from which a size class begins."""

    value: Annotated[Decimal, Field(alias="waarde", ge=1, decimal_places=0)]
    unit: Literal["inwoners"] = Field(alias="eenheid")
    look = Look.INTEGER
    english = "inhabitants"


class Margin(Figure):
    """A percentage of a bound."""

    value: Annotated[Decimal, Field(alias="waarde", ge=0, le=50)]
    unit: Literal["procent"] = Field(alias="eenheid")
    english = "percent"


class YearlyPercentage(Figure):
    """A percentage per year."""

    value: Annotated[Decimal, Field(alias="waarde", ge=PERCENT.low, le=PERCENT.high, decimal_places=2)]
    unit: Literal["procent per jaar"] = Field(alias="eenheid")
    english = "percent per year"


class Years(Figure):
    """A number of years."""

    value: Annotated[Decimal, Field(alias="waarde", ge=1, le=30, decimal_places=0)]
    unit: Literal["jaar"] = Field(alias="eenheid")
    english = "years"


class CalendarYear(Figure):
    """A calendar year."""

    value: Annotated[Decimal, Field(alias="waarde", ge=GGU_YEARS.low, le=GGU_YEARS.high, decimal_places=0)]
    unit: Literal["jaartal"] = Field(alias="eenheid")
    look = Look.YEAR
    english = "calendar year"


def _code(code: str, info: ValidationInfo) -> str:
    """A code, if it looks as those of the register; the context of the validation tells how they look."""
    codes: CodeForm = (info.context or {}).get("codes", CBS)
    if not re.fullmatch(codes.pattern, code):
        raise ValueError(f"is {code!r}; {codes.right}")
    return code


class CodeList(Stated):
    """A fixed list of municipalities, by code."""

    codes: tuple[Annotated[str, AfterValidator(_code)], ...]
    source: str = Field(alias="bron", min_length=1)
