"""Dated tariffs: every amount and bound of the product, with its unit, date, source and provenance.

They are data (`inputs/reference/tarieven.toml`), chosen by reference date, so that a next tariff is a new block
and an old indication can be made again. The keys of the file are Dutch; the attributes here are their English names.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from pipeline.amounts import PRO_MEMORIE, Amount
from pipeline.errors import TariffError, TariffGap
from pipeline.items import CHOSEN_ELSEWHERE, Item, ItemTexts, Period, in_order


class SizeClass(Enum):
    """The size classes by which the contribution differs, largest first. Source: figure "Kostenindicaties"."""

    G4 = "G4"
    LARGE = "Groot"
    MEDIUM = "Middelgroot"
    SMALL = "Klein"


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


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=False)


class Provenance(_Block):
    """Where a figure comes from: stated in the source or assumed by us, since when, and by whom."""

    provenance: Literal["vermeld", "aanname"] = Field(alias="herkomst")
    dated: date = Field(alias="datum")

    @property
    def assumed(self) -> bool:
        """Whether the source does not state it."""
        return self.provenance == "aanname"


class Figure(Provenance):
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
    value: Annotated[Decimal, Field(alias="waarde", ge=0, le=1_000_000_000, decimal_places=2)]

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

    unit: Literal["EUR per uur"] = Field(alias="eenheid")
    english = "EUR per hour"


class EuroRangePerYear(Provenance):
    """Euros per year, from low to high."""

    look: ClassVar[Look] = EurosPerYear.look
    english: ClassVar[str] = EurosPerYear.english
    low: Annotated[Decimal, Field(alias="laag", ge=0, le=1_000_000_000, decimal_places=2)]
    high: Annotated[Decimal, Field(alias="hoog", ge=0, le=1_000_000_000, decimal_places=2)]
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

    value: Annotated[Decimal, Field(alias="waarde", ge=0, le=100_000, decimal_places=2)]
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

    value: Annotated[Decimal, Field(alias="waarde", ge=0, le=100, decimal_places=2)]
    unit: Literal["procent per jaar"] = Field(alias="eenheid")
    english = "percent per year"


class Years(Figure):
    """A number of years."""

    value: Annotated[Decimal, Field(alias="waarde", ge=1, le=30, decimal_places=0)]
    unit: Literal["jaar"] = Field(alias="eenheid")
    english = "years"


class CalendarYear(Figure):
    """A calendar year."""

    value: Annotated[Decimal, Field(alias="waarde", ge=2000, le=2200, decimal_places=0)]
    unit: Literal["jaartal"] = Field(alias="eenheid")
    look = Look.YEAR
    english = "calendar year"


class CodeList(Provenance):
    """A fixed list of municipalities, by code."""

    codes: tuple[Annotated[str, Field(pattern=r"^GM\d{4}$")], ...]
    source: str = Field(alias="bron", min_length=1)


def _contribution(size_class: SizeClass) -> Named:
    when = {"contribution": ("financial",), "size_class": (size_class.name.lower(),)}
    return Named(f"Bijdrage {size_class.value}", when=when)


class ContributionTariff(_Block):
    """The community contribution of each size class, in euros per year."""

    g4: Annotated[EurosPerYear, _contribution(SizeClass.G4)] = Field(alias="G4")
    large: Annotated[EurosPerYear, _contribution(SizeClass.LARGE)] = Field(alias="Groot")
    medium: Annotated[EurosPerYear, _contribution(SizeClass.MEDIUM)] = Field(alias="Middelgroot")
    small: Annotated[EurosPerYear, _contribution(SizeClass.SMALL)] = Field(alias="Klein")

    def of(self, size_class: SizeClass) -> EurosPerYear:
        """The contribution of one size class."""
        return {
            SizeClass.G4: self.g4,
            SizeClass.LARGE: self.large,
            SizeClass.MEDIUM: self.medium,
            SizeClass.SMALL: self.small,
        }[size_class]


class Premise(Provenance):
    """Something that is stated or assumed in words rather than as a number."""

    subject: str = Field(alias="onderwerp", min_length=1)
    text: str = Field(alias="tekst", min_length=1)


class DeclaredItem(Provenance):
    """A cost item that is only data: what it is called, when it is there and paid, and what it costs then.

    Without amounts it is pro memorie.
    """

    word: str = Field(alias="sleutel")
    name: str = Field(alias="naam", min_length=1)
    paid: Literal["eenmalig", "jaarlijks"] = Field(alias="periode")
    counts: Literal["altijd", "bij keuze"] = Field(alias="telt")
    low: Annotated[Decimal, Field(ge=0, le=1_000_000_000, decimal_places=2)] | None = Field(alias="laag", default=None)
    high: Annotated[Decimal, Field(ge=0, le=1_000_000_000, decimal_places=2)] | None = Field(alias="hoog", default=None)
    unit: Literal["EUR", "EUR per jaar"] = Field(alias="eenheid")
    source: str = Field(alias="bron", min_length=1)
    explanation: str = Field(alias="uitleg", min_length=1)
    asked: str = Field(alias="gevraagd", min_length=1)

    look: ClassVar[Look] = Look.EURO

    @property
    def ends(self) -> tuple[tuple[str, Decimal | None], ...]:
        """Both ends, or one without a number if it is pro memorie."""
        return (("", None),) if self.low is None else (("laag", self.low), ("hoog", self.high))

    @property
    def item(self) -> Item:
        """The item that it declares."""
        elsewhere = CHOSEN_ELSEWHERE.get(self.word)
        return Item(
            key=elsewhere.key if elsewhere else self.word,
            word=self.word,
            period=self.period,
            by_choice=self.counts == "bij keuze",
            amount=self.amount,
            texts=ItemTexts(self.name, self.explanation, self.asked),
        )

    @property
    def amount(self) -> Amount:
        """What it costs when it is there."""
        return PRO_MEMORIE if self.low is None or self.high is None else Amount.between(self.low, self.high)

    @property
    def period(self) -> Period:
        """When it is paid."""
        return next(period for period in Period if period.dutch == self.paid)


class Tariff(_Block):
    """All amounts, bounds and premises that are valid from a date (until a date, where one is given).

    Source: "Kostenindicaties", docs.signalen.org; each figure names its own.
    """

    valid_from: date = Field(alias="geldig_vanaf")
    valid_to: date | None = Field(alias="geldig_tot", default=None)
    software: Annotated[EurosPerYear, Named("Signalen software", cell="software", when=ALWAYS)]
    hours: Annotated[Hours, Named("Uren projectbegeleiding", when={"guidance": ("external",), "hours": (None,)})] = (
        Field(alias="begeleidingsuren")
    )
    hourly_rate: Annotated[EurosPerHour, Named("Uurtarief", when={"guidance": ("external",)})] = Field(
        alias="uurtarief"
    )
    saas: Annotated[
        EuroRangePerYear,
        Named("Hosting saas", cell="saas", when={"hosting": ("saas",), "hosting_estimate": (None,)}),
    ] = Field(alias="hosting_saas")
    contribution: ContributionTariff = Field(alias="bijdrage")
    g4: CodeList
    large_from: Annotated[Bound, Named("Groot vanaf", "waar Groot begint")] = Field(alias="groot_vanaf")
    medium_from: Annotated[Bound, Named("Middelgroot vanaf", "waar Middelgroot begint")] = Field(
        alias="middelgroot_vanaf"
    )
    bound_margin: Annotated[Margin, Named("Marge bij een grens", "wat dicht bij een grens is")] = Field(
        alias="grensmarge"
    )
    demo_hours: Annotated[Hours, Named("Uren demo-omgeving")] = Field(alias="demo_uren")
    horizon: Annotated[Years, Named("Looptijd", when=ALWAYS)]
    indexation: Annotated[YearlyPercentage, Named("Indexatie", when=ALWAYS)] = Field(alias="indexatie")
    ggu_year: Annotated[CalendarYear | None, Named("GGU-jaar", when={"contribution": ("financial", "alternative")})] = (
        Field(alias="ggu_jaar", default=None)
    )
    premises: tuple[Premise, ...] = Field(alias="toelichting", default=())
    declared: tuple[DeclaredItem, ...] = Field(alias="posten", default=())

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.medium_from.value >= self.large_from.value:
            raise ValueError("middelgroot_vanaf must be below groot_vanaf")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("geldig_tot must not be before geldig_vanaf")
        return self

    @property
    def items(self) -> tuple[Item, ...]:
        """Every cost item, in the order in which documents show them."""
        return in_order(each.item for each in self.declared)

    def size_class(self, code: str, inhabitants: int) -> SizeClass:
        """The size class of a municipality: the G4 are a fixed list, the others follow from their inhabitants."""
        if code in self.g4.codes:
            return SizeClass.G4
        if inhabitants >= self.large_from.value:
            return SizeClass.LARGE
        if inhabitants >= self.medium_from.value:
            return SizeClass.MEDIUM
        return SizeClass.SMALL

    def bound_nearby(self, code: str, inhabitants: int) -> SizeClass | None:
        """The class whose lower bound is within the tariff's margin of these inhabitants; None for the G4 or if far."""
        if code in self.g4.codes:
            return None
        bounds = ((SizeClass.LARGE, self.large_from.value), (SizeClass.MEDIUM, self.medium_from.value))
        return next(
            (c for c, bound in bounds if abs(inhabitants - bound) * 100 <= bound * self.bound_margin.value),
            None,
        )


class _TariffFile(_Block):
    tariffs: list[Tariff] = Field(alias="tarieven")


def read_tariffs(path: Path) -> tuple[Tariff, ...]:
    """Read all dated tariffs, oldest first.

    Raises:
        TariffError: if the file cannot be read or parsed, a key is missing or unknown, a value is impossible, or
            two tariffs are valid on one day; every problem is named with file, key and what would be right.
    """
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise TariffError(f"{path}: cannot be read ({error.strerror}); it must hold the tariffs.") from error
    except UnicodeDecodeError as error:
        raise TariffError(f"{path}: is not UTF-8 ({error}); save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise TariffError(f"{path}: is not valid TOML: {error}.") from error
    try:
        tariffs = sorted(_TariffFile.model_validate(data).tariffs, key=lambda t: t.valid_from)
    except ValidationError as error:
        raise TariffError(*(f"{path}: {_sentence(e)}" for e in error.errors())) from error
    if not tariffs:
        raise TariffError(f"{path}: tarieven: there is no tariff; give at least one block [[tarieven]].")
    for earlier, later in pairwise(tariffs):
        last = earlier.valid_to
        if earlier.valid_from == later.valid_from or (last is not None and last >= later.valid_from):
            raise TariffError(
                f"{path}: geldig_vanaf: the tariffs of {earlier.valid_from} and {later.valid_from} overlap; "
                "each day has one tariff, so give the later one another date or end the earlier one."
            )
    return tuple(tariffs)


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


def _sentence(error: ErrorDetails) -> str:
    """One validation error as: key, what is wrong, what would be right."""
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"]) or "tarieven"
    match error["type"]:
        case "missing":
            return f"{key}: is missing; add it."
        case "extra_forbidden":
            known = _known_keys(error["loc"][:-1])
            near = difflib.get_close_matches(str(error["loc"][-1]), known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            return f"{key}: is not a known key; {meant}Known here: {', '.join(known)}."
        case "value_error":
            return f"{key}: {error['msg'].removeprefix('Value error, ')}."
        case _:
            found = repr(error["input"])
            shown = found if len(found) <= 60 else f"{found[:60]}..."
            return f"{key}: {error['msg'].replace('Input should', 'should')} (it is {shown})."


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at a location of the file accepts, by walking the models along it."""
    model: type[BaseModel] = _TariffFile
    for part in location:
        if isinstance(part, str):
            by_key = {field.alias or name: field for name, field in model.model_fields.items()}
            model = _model_in(by_key[part].annotation)
    return [f.alias or name for name, f in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel]:
    """The model within an annotation such as `tuple[Tariff, ...]` or `CalendarYear | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments: tuple[object, ...] = getattr(annotation, "__args__", ())
    return next(_model_in(a) for a in arguments if a is not None and a is not Ellipsis and a is not type(None))
