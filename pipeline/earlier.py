"""A result read back from its JSON form: of each record what is compared, and nothing else.

What is read is checked once, here, against the types below: whoever has a `Result` can rely on all that is in it.
"""

from __future__ import annotations

import gzip
import json
import stat
import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal, cast

from msgspec import Meta, Struct, field
from msgspec.json import Decoder

from pipeline.amounts import Amount
from pipeline.choices import Contribution, Guidance, Hosting, InKind, Phase
from pipeline.errors import ResultError
from pipeline.intake import Finding, Severity
from pipeline.intake.findings import may_be_published
from pipeline.items import CONTRIBUTION, Period
from pipeline.results import MOST_REJECTED, SCHEMA
from pipeline.tariffs import SizeClass

FORMER = "2"
"""The version before this one, which can be read too: it held contacts besides, and no declared items."""
FILE = "kostenindicaties.json"

MOST_BYTES = 400_000_000
"""How large a result may be, unpacked: of 342 municipalities it is 7.5 million bytes."""

_PIECE = 1 << 20

Code = Annotated[str, Meta(pattern=r"^GM[0-9]{4}\Z")]
Text = Annotated[str, Meta(max_length=2_000)]
Number = Annotated[float, Meta(ge=0, le=1e15)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Year = Annotated[int, Meta(ge=0, le=9999)]
SizeClassName = Literal["g4", "large", "medium", "small"]


class Euros(Struct, frozen=True):
    """An amount as it stands in the JSON form."""

    low: Number
    high: Number
    pro_memorie: bool

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("an amount runs from low to high")

    @property
    def amount(self) -> Amount:
        """The amount itself."""
        return Amount(Decimal(str(self.low)), Decimal(str(self.high)), self.pro_memorie)


class Municipality(Struct, frozen=True):
    """Which one it is; `inhabitants` are those of the register."""

    code: Code
    name: Text
    inhabitants: Count


class Answer(Struct, frozen=True):
    """Whether an item is chosen that has a column of its own."""

    item: Text
    chosen: bool


class Chosen(Struct, frozen=True):
    """What a municipality chose; None or empty where it said nothing. Whom to contact is not compared."""

    guidance: Guidance
    hours: Number | None
    hosting: Hosting
    hosting_estimate: Euros | None
    contribution: Contribution
    contribution_note: Text | None
    agreed: bool | None
    in_kind: tuple[InKind, ...]
    backlog: Text | None
    phase: Phase | None
    start_year: Year | None
    size_class_name: SizeClassName | None = field(name="size_class")
    inhabitants: Count | None
    answers: tuple[Answer, ...] = ()

    @property
    def size_class(self) -> SizeClass | None:
        """The size class that it gave, if it did."""
        return None if self.size_class_name is None else SizeClass[self.size_class_name.upper()]


class Assumed(Struct, frozen=True):
    """With what an indication was worked out, after the municipality's own choices."""

    size_class_name: SizeClassName = field(name="size_class")
    start_year: Year

    @property
    def size_class(self) -> SizeClass:
        """The size class."""
        return SizeClass[self.size_class_name.upper()]


class Line(Struct, frozen=True):
    """What an item costs, once or in the first year."""

    item: Text
    amount: Euros


class Totals(Struct, frozen=True):
    """The key figures of a municipality."""

    once: Euros
    yearly: Euros
    first_year: Euros
    horizon: Euros


class Record(Struct, frozen=True):
    """The indication of one municipality."""

    municipality: Municipality
    choices: Chosen
    assumptions: Assumed
    lines: tuple[Line, ...]
    totals: Totals

    def __post_init__(self) -> None:
        if sum(line.item == CONTRIBUTION.key for line in self.lines) != 1:
            raise ValueError("there is one line for the contribution")

    @property
    def contribution(self) -> Euros:
        """What it contributes in the first year."""
        return next(line.amount for line in self.lines if line.item == CONTRIBUTION.key)


class Figure(Struct, frozen=True):
    """A number of the tariff, by its key."""

    key: Text = field(name="figure")
    low: Number
    high: Number


class DeclaredItem(Struct, frozen=True):
    """An item that the tariff declares, by its key, with what it costs when it is there."""

    key: Text = field(name="item")
    name: Text
    period: Period
    by_choice: bool
    amount: Euros


class Tariff(Struct, frozen=True):
    """The numbers and the items of the tariff; None in a result of the former version, which says nothing of items."""

    figures: tuple[Figure, ...]
    items: tuple[DeclaredItem, ...] | None = None


class Register(Struct, frozen=True):
    """Of which day the inhabitants are, and where they are published."""

    date: date
    source: Text


class Cell(Struct, frozen=True):
    """What stood in a column of a rejected row."""

    column: str
    text: str


class Problem(Struct, frozen=True):
    """The code of a finding."""

    code: str


class Rejected(Struct, frozen=True):
    """A rejected row: whose it was, if that is known, what it held, and why."""

    municipality: str | None
    values: tuple[Cell, ...]
    findings: tuple[Problem, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """How it named the municipality."""
        return tuple(cell.text for cell in self.values if cell.column in ("gemeente", "gemeentecode"))


class Result(Struct, frozen=True):
    """A result of this version, or of the former one."""

    schema: str
    register: Register
    tariff: Tariff
    indications: tuple[Record, ...]
    rejected: Annotated[tuple[Rejected, ...], Meta(max_length=MOST_REJECTED)]


class _Versioned(Struct):
    schema: Annotated[str, Meta(max_length=20)]


_VERSIONED, _RESULT = Decoder(_Versioned), Decoder(Result)


def read_result(path: Path) -> Result:
    """A result from its JSON form, a kept one (`.json.gz`), or the folder that holds it.

    Raises:
        ResultError: if there is none, or it is no result of this version.
    """
    file = path
    try:
        file = path / FILE if path.is_dir() else path
        return _decode(_read(file))
    except OSError as error:
        raise ResultError(f"{file}: cannot be read ({error.strerror or error}); it must hold a result.") from error
    except RecursionError as error:
        raise ResultError(f"{file}: is no result of kostenindicatie (nested too deeply).") from error
    except (ValueError, EOFError, zlib.error) as error:  # of which some quote what stood there
        raise ResultError(f"{file}: is no result of kostenindicatie ({str(error)[:200]}).") from error
    except ResultError as error:
        raise ResultError(f"{file}: {error}") from None


def _read(file: Path) -> bytearray:
    """The bytes of a file, unpacked, if they are not too many."""
    if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for, a device might never end
        raise ResultError("is no file; it must hold a result.")
    with file.open("rb") as opened:
        packed = opened.read(2) == b"\x1f\x8b"
        opened.seek(0)
        data = bytearray()
        source = cast(BinaryIO, gzip.GzipFile(fileobj=opened)) if packed else opened
        while piece := source.read(_PIECE):
            data += piece
            if len(data) > MOST_BYTES:
                raise ResultError(f"is larger than {MOST_BYTES // 1_000_000} MB, as no result is.")
    return data


def _decode(data: bytearray) -> Result:
    version = _VERSIONED.decode(data).schema
    if version.partition(".")[0] not in (FORMER, SCHEMA.partition(".")[0]):
        raise ResultError(f"has version {version!r} of the result; this is version {SCHEMA}.")
    return _RESULT.decode(data)


# --- Contacts ---------------------------------------------------------------------------------------------------------


def without_contacts(data: bytes) -> bytes:
    """A result as it may be kept: from one of the former version goes what is published no more.

    Of one that is damaged nothing is left: who could tell what in it is a contact?
    """
    if f'"schema": "{FORMER}"'.encode() not in data[:40]:
        return data
    try:
        return json.dumps(json.loads(data, object_hook=_without_contact), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return b""


def _without_contact(value: dict[str, Any]) -> dict[str, Any]:
    match value:
        case {"contact": _}:
            return value | {"contact": None}
        case {"column": str() as column, "text": str() as text} if not may_be_published(column, text):
            return value | {"text": ""}
        case {
            "code": str() as code,
            "file": str() as file,
            "column": str() | None as column,
            "value": str() as text,
            "message": str() as message,
        }:
            finding = Finding(Severity.ERROR, code, file, None, column, text, message).published
            return value | {"column": finding.column, "value": finding.value, "message": finding.message}
    return value
