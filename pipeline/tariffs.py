"""Dated tariffs: every amount and bound of the product, with its unit, date, source and provenance.

They are data (`inputs/reference/tarieven.toml`), chosen by reference date, so that a next tariff is a new block
and an old indication can be made again. The keys of the file are Dutch; the attributes here are their English names.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from pipeline.declared import DeclaredItem
from pipeline.errors import TariffError, TariffGap
from pipeline.items import CHOSEN_ELSEWHERE, Item, Period, in_order
from pipeline.quantities import (
    ALWAYS,
    Block,
    Bound,
    CalendarYear,
    CodeList,
    EuroRangePerYear,
    EurosPerHour,
    EurosPerYear,
    Hours,
    Margin,
    Named,
    Provenance,
    YearlyPercentage,
    Years,
)

MOST_ITEMS, MOST_AMOUNTS = 30, 70
"""How many items a tariff declares, and how many amounts its yearly ones have over all years together.

With more, and with the longest keys, the workbook has formulas that are longer than Excel takes.
"""


class SizeClass(Enum):
    """The size classes by which the contribution differs, largest first. Source: figure "Kostenindicaties"."""

    G4 = "G4"
    LARGE = "Groot"
    MEDIUM = "Middelgroot"
    SMALL = "Klein"


def _contribution(size_class: SizeClass) -> Named:
    when = {"contribution": ("financial",), "size_class": (size_class.name.lower(),)}
    return Named(f"Bijdrage {size_class.value}", when=when)


class ContributionTariff(Block):
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


class Tariff(Block):
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

    @model_validator(mode="after")
    def _items_apart(self) -> Self:
        """Each item has a key and a name of its own, and those of which the choices speak are there."""
        keys = [declared.word for declared in self.declared]
        fields = {field.alias or name for name, field in type(self).model_fields.items()}
        problems = [f"{word!r} is the key of a figure; choose another word" for word in keys if word in fields]
        problems += [f"there is no item {word!r}; add its block" for word in CHOSEN_ELSEWHERE if word not in keys]
        problems += [f"sleutel {word!r} stands twice; each item has its own" for word in _twice(keys)]
        names = [declared.name for declared in self.declared]
        problems += [f"naam {name!r} stands twice; each item has its own" for name in _twice(names)]
        if len(keys) > MOST_ITEMS:
            problems.append(f"{len(keys)} items are too many; a workbook holds {MOST_ITEMS}")
        yearly = sum(declared.period is Period.YEARLY for declared in self.declared)
        if yearly * self.horizon.value > MOST_AMOUNTS:
            most = int(MOST_AMOUNTS / self.horizon.value)
            problems.append(
                f"{yearly} yearly items are too many; a workbook of {self.horizon.value} years holds {most}"
            )
        if problems:
            raise ValueError(f"posten: {'; '.join(problems)}")
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


class _TariffFile(Block):
    tariffs: list[Tariff] = Field(alias="tarieven")


def read_tariffs(path: Path, is_column: Callable[[str], bool] | None = None) -> tuple[Tariff, ...]:
    """Read all dated tariffs, oldest first; `is_column` tells what is a column of deliveries, so that no item may be.

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
        tariffs = sorted(
            _TariffFile.model_validate(data, context={"is_column": is_column}).tariffs, key=lambda t: t.valid_from
        )
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
