"""The result of a run, `kostenindicaties.json`, as types: written by them, read back by them, described by them.

`kostenindicaties.schema.json`, beside this module, is made of them (`make schema`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from pipeline.model.items import Period
from pipeline.results.records import Code, Count, Euros, Gist, Key, LineNumber, Number, Origin, Text, is_

FILE = "kostenindicaties.json"
"""What the result is called in the folder with results."""

SCHEMA = "3"
"""The version of the JSON form; another first number means that a reader of the old form may fail."""
FORMER = "2"
"""The version before this one, which can be read too: it held contacts besides, and no declared items."""

MOST_REJECTED = 1_000
"""How many rejected rows the JSON form holds; afgekeurd.csv has all of them."""
MOST_ERRORS = 10_000
"""How many different errors it holds; what says the same is one, with all its lines. Warnings are all in it."""


# --- Tariff and register ----------------------------------------------------------------------------------------------


class Stated(Struct, frozen=True):
    """Where something comes from."""

    provenance: Annotated[Literal["stated", "assumed"], is_("Whether the source states it or we assume it.")]
    dated: Annotated[date, is_("Since when it is so stated or assumed.")]


class Figure(Stated, frozen=True):
    """One number of the tariff; low and high are the same unless the source gives a range."""

    figure: Annotated[Text, is_("Name of the figure.")]
    low: Annotated[Number, is_("In the unit, the lower bound.")]
    high: Annotated[Number, is_("In the unit, the upper bound.")]
    unit: Annotated[str, is_("What it counts, such as EUR per year.")]
    source: Annotated[str, is_("Where it is stated, or why it is assumed.")]


class DeclaredItem(Stated, frozen=True):
    """A cost item that the tariff declares."""

    item: Annotated[Key, is_("Its key.")]
    name: Annotated[Text, is_("What it is called, in Dutch.")]
    period: Annotated[Period, is_("When it is paid.")]
    by_choice: Annotated[bool, is_("Whether it is there only for who chooses it; else it is there for all.")]
    amount: Annotated[Euros, is_("Euros, when it is there.")]
    source: Annotated[str, is_("Where it is stated, or why it is assumed.")]


class G4(Stated, frozen=True):
    """The municipalities of the largest size class."""

    codes: Annotated[tuple[Code, ...], is_("CBS codes.")]
    source: Annotated[str, is_("Why these.")]


class Premise(Stated, frozen=True):
    """What is stated or assumed in words, in Dutch."""

    subject: Annotated[str, is_("What it is about.")]
    text: Annotated[str, is_("What is stated or assumed.")]


class Tariff(Struct, frozen=True):
    """The tariff that all indications rest on."""

    valid_from: Annotated[date, is_("First day on which it is valid.")]
    valid_to: Annotated[date | None, is_("Last day on which it is valid; null if open.")]
    figures: Annotated[tuple[Figure, ...], is_("Its numbers.")]
    g4: Annotated[G4, is_("The municipalities of the largest size class.")]
    premises: Annotated[tuple[Premise, ...], is_("What is stated or assumed in words.")]
    items: Annotated[
        tuple[DeclaredItem, ...] | UnsetType,
        is_("The items that it declares, besides those with a rule of their own."),
    ] = UNSET


class Register(Struct, frozen=True):
    """The register of municipalities."""

    date: Annotated[date, is_("Reference date of the inhabitants.")]
    source: Annotated[Text, is_("Where they are published.")]


# --- Deliveries -------------------------------------------------------------------------------------------------------


class Delivery(Struct, frozen=True):
    """A delivery."""

    name: Annotated[str, is_("Name of the file.")]
    rows: Annotated[Count, is_("Rows in it: as many as were accepted, rejected, repeated and settled together.")]
    accepted: Annotated[Count, is_("Rows that were accepted.")]
    replaced: Annotated[Count, is_("Accepted rows that a later delivery replaced.")]
    rejected: Annotated[Count, is_("Rows that were rejected.")]
    repeated: Annotated[Count, is_("Rows that say what another row of it says.")]
    settled: Annotated[Count, is_("Rows that another delivery put right.")]


class Finding(Struct, frozen=True):
    """A problem in the inputs, with every line of a delivery that has the same one."""

    severity: Annotated[Literal["error", "warning"], is_("An error rejects the row, a warning does not.")]
    code: Annotated[str, is_("Kind of problem.")]
    file: Annotated[str, is_("Name of the delivery.")]
    lines: Annotated[tuple[LineNumber, ...], is_("Lines or rows in it; empty if it concerns the whole file.")]
    column: Annotated[str | None, is_("Column, by its documented name; null if it concerns no single one.")]
    value: Annotated[str, is_("What stood there; in what is published empty where it may be a contact.")]
    message: Annotated[str, is_("What is wrong and what would be right, in Dutch.")]
    municipalities: Annotated[tuple[Code, ...], is_("CBS codes of the municipalities, where they are known.")]
    places: Annotated[tuple[str, ...], is_("Sheet and cell or row of each, in Dutch; empty for lines.")] = ()


class Cell(Struct, frozen=True):
    """A cell of a rejected row."""

    column: Annotated[str, is_("Column.")]
    text: Annotated[str, is_("What stood there.")]


class Rejected(Struct, frozen=True):
    """A rejected row."""

    origin: Annotated[Origin, is_("Where it stood.")]
    municipality: Annotated[Code | None, is_("CBS code of the municipality; null if it is not known.")]
    values: Annotated[tuple[Cell, ...], is_("What stood in it, by column, but for what may be a contact.")]
    findings: Annotated[tuple[Finding, ...], is_("Why.")]

    @property
    def named(self) -> tuple[str, ...]:
        """How it named the municipality."""
        return tuple(cell.text for cell in self.values if cell.column in ("gemeente", "gemeentecode"))


class LeftOut(Struct, frozen=True):
    """What there was too much of for this file; afgekeurd.csv has all of it."""

    rejected: Annotated[Count, is_("Number of rejected rows.")]
    errors: Annotated[Count, is_("Number of errors.")]


G = TypeVar("G", bound=Gist)
"""A municipality is written as its whole record; of what is read back, only the gist is held."""


class Result(Struct, Generic[G], frozen=True):
    """What Signalen would cost Dutch municipalities: the result of one run, from which all documents are rendered.

    Amounts are in euros; the source does not say whether they include VAT.
    """

    schema: Annotated[str, is_("Version of this form.")]
    version: Annotated[str, is_("Version of kostenindicatie that made it.")]
    register: Annotated[Register, is_("The register of municipalities.")]
    tariff: Annotated[Tariff, is_("The tariff that all indications rest on.")]
    indications: Annotated[tuple[G, ...], is_("A record per municipality, by code.")]
    deliveries: Annotated[tuple[Delivery, ...], is_("The files that were delivered, in order of name.")]
    rejected: Annotated[
        tuple[Rejected, ...],
        is_(f"Rows from which no indication was made: the first {MOST_REJECTED}; afgekeurd.csv has all."),
        Meta(max_length=MOST_REJECTED),
    ]
    findings: Annotated[
        tuple[Finding, ...],
        is_(f"The problems in the inputs: all warnings, and the first {MOST_ERRORS} different errors."),
    ]
    left_out: Annotated[LeftOut, is_("What there was too much of for this file.")]
