"""The header of a delivery: which row it is, which column stands where, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain, islice

from msgspec import Struct

from pipeline.intake.fields.characters import HIDDEN, bare, quoted, shown, what_hides
from pipeline.intake.fields.columns import ADDED, REQUIRED, Columns, missing
from pipeline.intake.fields.parsing import LONGEST
from pipeline.intake.fields.readers import FieldReader
from pipeline.intake.findings import Finding, Refused, Severity
from pipeline.intake.readers.dialect import HEADER_WITHIN, Row, Table
from pipeline.intake.rejects.csv_injection import unguarded
from pipeline.intake.rows.header_hints import no_header, perhaps, suggested
from pipeline.model.municipality import fold

MOST_COLUMNS = 200
"""How many columns a delivery may have, with or without a name; beyond that nobody filled it in."""
MISSING = "kolom_ontbreekt"
"""The code of a required column that is not there."""
MOST_UNKNOWN = 20
"""How many unknown columns get a warning each; those beyond share one."""


class Header(Struct, frozen=True):
    """The header: its row, and for each place of it the column that stands there (of ours, or of `ADDED`).

    `folded` are its texts without case and the like, `delimiter` is what stands between them, and `returned` tells
    whether the file is one with rejected rows that we wrote, mended. `known` are all columns that could be there,
    `places` says where each stands, and `readers` are those that read its fields, each with its place, in the order of
    the template.
    """

    row: Row
    columns: Mapping[int, str]
    added: tuple[tuple[int, str], ...]
    delimiter: str
    folded: tuple[str, ...]
    returned: bool
    known: Columns
    places: Mapping[str, int]
    readers: tuple[tuple[int, FieldReader], ...]

    def only_added(self, row: Row) -> bool:
        """Whether a row holds nothing but what we said of a file that was refused as a whole."""
        if not self.returned:
            return False
        ours = (*self.columns, *(place for place, name in self.added if name == "te_veel"))
        return not any(place < len(row.fields) and bare(row.fields[place]) for place in ours)

    def repeated_in(self, row: Row) -> bool:
        """Whether a row is the header once more, as where files were put behind each other."""
        place = next(iter(self.columns))
        if (
            len(row.fields) != self.width
            or self.row.fields[place].strip().casefold() not in row.fields[place].casefold()
        ):
            return False  # told quickly, because every row is asked
        return all(map(_is_folded, row.fields, self.folded))

    def surplus(self, row: Row) -> str:
        """What stands in a row behind the last column, also what stood there before it was given back."""
        before = [row.fields[at] for at, name in self.added if name == "te_veel" and at < len(row.fields)]
        kept = [unguarded(bare(text)) for text in before] if self.returned else []
        return "; ".join(filter(None, [*kept, *map(bare, row.fields[self.width :])]))

    @property
    def width(self) -> int:
        """How many fields a row has."""
        return len(self.row.fields)


def names_columns(row: Row, columns: Columns) -> bool:
    """Whether a row has the names of columns, if not of all that must be there."""
    return len(columns.named_in(row.fields[:MOST_COLUMNS])) > 1


def find_header(table: Table, columns: Columns) -> tuple[Row, list[Row], Iterator[Row]]:
    """The header among the first rows of a file, the rows above it, and those behind it.

    It is the first that has all required columns; if none has, the one with the most known headers.

    Raises:
        Refused: if the file is empty, none of its first rows is a header, or the header is far too wide.
    """
    top = list(islice(table.rows, HEADER_WITHIN))
    if not top:
        raise Refused("leeg", "Het bestand is leeg; de eerste regel hoort de namen van de kolommen te bevatten.")
    numbers = [sum(map(columns.know, row.fields[:MOST_COLUMNS])) for row in top]
    place = next((place for place, row in enumerate(top) if _is_whole(row, columns)), numbers.index(max(numbers)))
    header = top[place]
    if numbers[place] < 2:
        raise no_header(top, next((row for row in table.rows if _is_whole(row, columns)), None), columns)
    if len(header.fields) > MOST_COLUMNS:
        message = f"De kopregel heeft meer dan {MOST_COLUMNS} kolommen; haal weg wat niet nodig is, ook lege kolommen."
        raise Refused("te_veel_kolommen", message, header.line, header.place())
    return header, top[:place], chain(top[place + 1 :], table.rows)


def read_header(row: Row, delimiter: str, file: str, known: Columns) -> tuple[Header, list[Finding]]:
    """Which place holds which column; unknown headers give a warning, and so does another name for a column.

    A missing column is an error, one that stands twice under the same name, and a header of more than one line or
    with something hidden in it. While a column is missing nothing is said of unknown ones, but which may be meant.
    """
    findings: list[Finding] = []

    def find(
        severity: Severity, code: str, column: str | None, value: str, message: str, at: int | None = None
    ) -> None:
        findings.append(Finding(severity, code, file, row.line, column, shown(value), message, "", row.place(at)))

    meant = known.named_in(row.fields)
    columns = {name: _chosen(name, places, row) for name, places in meant.items()}
    added = _added(row)
    unknown: dict[int, str] = {}
    for place, text in enumerate(row.fields):
        name = known.meant_by(text)
        if wrong := _unreadable(bare(text), delimiter, known, loose=place == row.loose):
            find(Severity.ERROR, "kolomnaam_onleesbaar", name, bare(text), wrong, place)
        elif name is not None:
            if (chosen := columns[name]) != place:
                other = row.fields[chosen].strip()
                if fold(other) == fold(text):
                    message = f"De kolom {name} staat er twee keer; laat er één staan."
                    find(Severity.ERROR, "kolom_dubbel", name, text.strip(), message, place)
                else:
                    message = f"Deze kolom betekent ook {name}; gelezen is {quoted(other)}, en deze telt niet mee."
                    find(Severity.WARNING, "kolom_telt_niet", name, text.strip(), message, place)
        elif place not in added and text.strip():
            unknown[place] = text.strip()
    absent = missing(columns)
    for name, hint in zip(absent, suggested(absent, list(unknown.values()), known), strict=True):
        find(Severity.ERROR, MISSING, name, "", f"De verplichte kolom {name} ontbreekt; {hint}")
    for place, text in islice(unknown.items(), MOST_UNKNOWN) if not absent else ():
        message = f"Deze kolom is onbekend en telt niet mee.{perhaps(text, known)}"
        find(Severity.WARNING, "kolom_onbekend", shown(text), text, message, place)
    if len(unknown) > MOST_UNKNOWN and not absent:
        message = f"Nog {len(unknown) - MOST_UNKNOWN} kolommen zijn onbekend en tellen niet mee."
        find(Severity.WARNING, "kolom_onbekend", None, "", message)
    by_place = dict(sorted((place, name) for name, place in columns.items()))
    folded = tuple(fold(text[:LONGEST]) for text in row.fields)
    readers = tuple(
        (columns.get(name, len(row.fields)), reader)
        for name, reader in known.readers.items()
        if name in columns or name in REQUIRED
    )
    header = Header(row, by_place, (*added.items(),), delimiter, folded, bool(added), known, columns, readers)
    return header, findings


_ADDED = {fold(name): name for name in ADDED}


def _is_whole(row: Row, columns: Columns) -> bool:
    """Whether a row has the names of all columns that are required."""
    return len(row.fields) > len(REQUIRED) and not missing(columns.named_in(row.fields[:MOST_COLUMNS]))


def _added(row: Row) -> dict[int, str]:
    """Where the columns stand that we added, if the file is one with rejected rows that we wrote."""
    places: dict[str, int] = {}
    for place, text in enumerate(row.fields):
        if name := _ADDED.get(fold(text[:LONGEST])):
            places.setdefault(name, place)
    return {place: name for name, place in places.items()} if {"bestand", "regel"} <= places.keys() else {}


def _unreadable(header: str, delimiter: str, known: Columns, *, loose: bool) -> str:
    """What is wrong with a header of more than one line or column, or with something hidden in it; empty if nothing.

    It is `loose` if something stands behind its closing quote.
    """
    if "\n" in header or "\r" in header:
        return (
            'Deze kolomnaam loopt door op een volgende regel; zet haar op één regel, en sluit het aanhalingsteken (") '
            "als dat open staat."
        )
    if loose or (delimiter in header and len(known.named_in(header.split(delimiter))) > 1):
        return 'Hier staat een aanhalingsteken (") verkeerd; zet elke kolomnaam apart tussen "", of haal ze overal weg.'
    if hidden := HIDDEN.search(header):
        return f"Teken {hidden.start() + 1} van deze kolomnaam is {what_hides(hidden[0])}; haal het weg."
    return ""


def _chosen(name: str, places: Collection[int], row: Row) -> int:
    """The place of a column: where it has its own name, or else the first."""
    return next((place for place in places if fold(row.fields[place]) == fold(name)), min(places))


def _is_folded(text: str, folded: str) -> bool:
    """Whether a text is the same as another one that was folded."""
    return len(text) <= LONGEST and fold(text) == folded
