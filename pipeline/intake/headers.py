"""The header of a delivery: which row it is, which column stands where, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import process

from pipeline.intake.columns import ADDED, COLUMNS, HEADERS, ONE_OF_TWO
from pipeline.intake.dialect import HEADER_WITHIN, Row
from pipeline.intake.findings import Finding, Refused, Severity, shown
from pipeline.register import fold

REQUIRED = tuple(column.name for column in COLUMNS if column.required == "ja")
OWNER = tuple(column.name for column in COLUMNS if column.required == ONE_OF_TWO)


@dataclass(frozen=True, slots=True)
class Header:
    """The header: its row, and for each place of it the column that stands there (of ours, or of `ADDED`)."""

    row: Row
    columns: tuple[tuple[int, str], ...]
    added: tuple[tuple[int, str], ...]

    @property
    def returned(self) -> bool:
        """Whether the file is one with rejected rows that we wrote, mended."""
        return len(self.added) == len(ADDED)

    @property
    def width(self) -> int:
        """How many fields a row has."""
        return len(self.row.fields)


def known(header: str) -> bool:
    """Whether a header means one of our columns."""
    return fold(header) in HEADERS


def find_header(rows: Iterator[Row]) -> Row:
    """The header among the first rows of a file; the iterator is then at the row behind it.

    What stands above it (a title, a date) has fewer known headers, and does not count.

    Raises:
        Refused: if the file is empty, or none of its first rows is a header.
    """
    top: list[Row] = []
    for row in islice(rows, HEADER_WITHIN):
        top.append(row)
        if sum(map(known, row.fields)) >= 2:
            return row
    if not top:
        raise Refused("leeg", "Het bestand is leeg; de eerste regel hoort de namen van de kolommen te bevatten.")
    wanted = f"{' of '.join(OWNER)}, {', '.join(REQUIRED)}"
    raise Refused("geen_kopregel", f"Er is geen regel met de namen van de kolommen; nodig zijn {wanted}.", top[0].line)


def read_header(row: Row, file: str) -> tuple[Header, list[Finding]]:
    """Which place holds which column; unknown headers give a warning, a doubled or missing one an error."""
    columns: dict[str, int] = {}
    added: dict[str, int] = {}
    findings: list[Finding] = []

    def find(severity: Severity, code: str, column: str, value: str, message: str) -> None:
        findings.append(Finding(severity, code, file, row.line, column, shown(value), message))

    for place, text in enumerate(row.fields):
        name = HEADERS.get(fold(text))
        if name in columns:
            other = row.fields[columns[name]].strip()
            message = f"Deze kolom betekent {name}, en zo is er al een ({shown(other)!r}); laat er één staan."
            find(Severity.ERROR, "kolom_dubbel", name, text.strip(), message)
        elif name is not None:
            columns[name] = place
        elif fold(text) in ADDED:
            added.setdefault(fold(text), place)
        elif text.strip():
            near = process.extractOne(fold(text[:100]), list(HEADERS), score_cutoff=75)
            meant = f" Bedoelde u {HEADERS[near[0]]}?" if near else ""
            message = f"Deze kolom is onbekend en telt niet mee.{meant}"
            find(Severity.WARNING, "kolom_onbekend", shown(text.strip()), text.strip(), message)
    for name in _missing(columns):
        find(Severity.ERROR, "kolom_ontbreekt", name, "", f"De verplichte kolom {name} ontbreekt; voeg haar toe.")
    return Header(row, _by_place(columns), _by_place(added)), findings


def _missing(columns: Sequence[str] | dict[str, int]) -> list[str]:
    owner = [] if any(name in columns for name in OWNER) else [" of ".join(OWNER)]
    return owner + [name for name in REQUIRED if name not in columns]


def _by_place(places: dict[str, int]) -> tuple[tuple[int, str], ...]:
    return tuple(sorted((place, name) for name, place in places.items()))
