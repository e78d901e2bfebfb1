"""The header of a delivery: which row it is, which column stands where, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from rapidfuzz import fuzz, process

from pipeline.intake.characters import bare, quoted, shown
from pipeline.intake.columns import ADDED, COLUMNS, ONE_OF_TWO, in_use
from pipeline.intake.dialect import HEADER_WITHIN, Row
from pipeline.intake.findings import Finding, Refused, Severity
from pipeline.intake.formulas import unguarded
from pipeline.register import fold

REQUIRED = tuple(column.name for column in COLUMNS if column.required == "ja")
MOST_COLUMNS = 200
"""How many columns a delivery may have; beyond that it is no table that anybody filled in."""
MOST_UNKNOWN = 20
"""How many unknown columns get a warning each; those beyond share one."""
NEAR_FROM = 3
"""How many letters an unknown header must have before one that is near it is named."""
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
        return {"bestand", "regel"} <= {name for _, name in self.added}

    def only_added(self, row: Row) -> bool:
        """Whether a row holds nothing but what we said of a file that was refused as a whole."""
        ours = (*(place for place, _ in self.columns), *(place for place, name in self.added if name == "te_veel"))
        return self.returned and not any(place < len(row.fields) and bare(row.fields[place]) for place in ours)

    def repeated_in(self, row: Row) -> bool:
        """Whether a row is the header once more, as where files were put behind each other."""
        place, _ = self.columns[0]
        if len(row.fields) <= place or self.row.fields[place].strip().casefold() not in row.fields[place].casefold():
            return False  # told quickly, because every row is asked
        return [fold(text) for text in row.fields] == [fold(text) for text in self.row.fields]

    def name(self, place: int) -> str | None:
        """The column that stands at a place, if it is one of ours."""
        return next((name for at, name in self.columns if at == place), None)

    def surplus(self, row: Row) -> str:
        """What stands in a row behind the last column, also what stood there before it was given back."""
        before = [row.fields[at] for at, name in self.added if name == "te_veel" and at < len(row.fields)]
        kept = [unguarded(bare(text)) for text in before] if self.returned else []
        return "; ".join(filter(None, [*kept, *map(bare, row.fields[self.width :])]))

    @property
    def width(self) -> int:
        """How many fields a row has."""
        return len(self.row.fields)


def known(header: str) -> bool:
    """Whether a header means one of our columns."""
    return fold(header) in in_use().headers


def find_header(rows: Iterator[Row]) -> tuple[Row, Iterator[Row]]:
    """The header among the first rows of a file, and the rows behind it.

    It is the first that has all required columns; if none has, the one with the most known headers. What stands above
    it (a title, a date) does not count.

    Raises:
        Refused: if the file is empty, none of its first rows is a header, or the header is far too wide.
    """
    top = list(islice(rows, HEADER_WITHIN))
    if not top:
        raise Refused("leeg", "Het bestand is leeg; de eerste regel hoort de namen van de kolommen te bevatten.")
    numbers = [sum(map(known, row.fields[:MOST_COLUMNS])) for row in top]
    whole = (place for place, row in enumerate(top) if numbers[place] > len(REQUIRED) and not _missing(_meant(row)))
    place = next(whole, numbers.index(max(numbers)))
    header = top[place]
    if numbers[place] < 2:
        wanted = f"{' of '.join(OWNER)}, {', '.join(REQUIRED)}"
        message = f"Er is geen regel met de namen van de kolommen; nodig zijn {wanted}."
        raise Refused("geen_kopregel", message, top[0].line)
    if sum(bool(text.strip()) for text in header.fields) > MOST_COLUMNS:
        message = f"De kopregel heeft meer dan {MOST_COLUMNS} kolommen; haal weg wat niet nodig is."
        raise Refused("te_veel_kolommen", message, header.line)
    return header, chain(top[place + 1 :], rows)


def read_header(row: Row, file: str) -> tuple[Header, list[Finding]]:
    """Which place holds which column; unknown headers give a warning, and so does another name for a column.

    A missing column is an error, and so is one that stands twice under the same name.
    """
    added: dict[str, int] = {}
    findings: list[Finding] = []

    def find(severity: Severity, code: str, column: str, value: str, message: str) -> None:
        findings.append(Finding(severity, code, file, row.line, column, shown(value), message))

    meant = _meant(row)
    columns = {name: _chosen(name, places, row) for name, places in meant.items()}
    unknown = 0
    for place, text in enumerate(row.fields):
        folded = fold(text)
        name = in_use().headers.get(folded)
        if name is not None:
            if (chosen := columns[name]) != place:
                other = row.fields[chosen].strip()
                if fold(other) == folded:
                    message = f"De kolom {name} staat er twee keer; laat er één staan."
                    find(Severity.ERROR, "kolom_dubbel", name, text.strip(), message)
                else:
                    message = f"Deze kolom betekent ook {name}; gelezen is {quoted(other)}, en deze telt niet mee."
                    find(Severity.WARNING, "kolom_telt_niet", name, text.strip(), message)
        elif folded in _ADDED:
            added.setdefault(_ADDED[folded], place)
        elif text.strip():
            unknown += 1
            if unknown <= MOST_UNKNOWN:
                message = f"Deze kolom is onbekend en telt niet mee.{_perhaps(folded)}"
                find(Severity.WARNING, "kolom_onbekend", shown(text.strip()), text.strip(), message)
    if unknown > MOST_UNKNOWN:
        message = f"Nog {unknown - MOST_UNKNOWN} kolommen zijn onbekend en tellen niet mee."
        findings.append(Finding(Severity.WARNING, "kolom_onbekend", file, row.line, None, "", message))
    for name in _missing(columns):
        find(Severity.ERROR, "kolom_ontbreekt", name, "", f"De verplichte kolom {name} ontbreekt; voeg haar toe.")
    return Header(row, _by_place(columns), _by_place(added)), findings


_ADDED = {fold(name): name for name in ADDED}


def _meant(row: Row) -> dict[str, list[int]]:
    """The columns that a row of headers means, each with the places where it stands."""
    meant: dict[str, list[int]] = {}
    for place, text in enumerate(row.fields):
        if name := in_use().headers.get(fold(text)):
            meant.setdefault(name, []).append(place)
    return meant


def _chosen(name: str, places: list[int], row: Row) -> int:
    """The place of a column: where it has its own name, or else the first."""
    return next((place for place in places if fold(row.fields[place]) == fold(name)), places[0])


def _perhaps(folded: str) -> str:
    """Which column may have been meant, if one is near."""
    if len(folded) < NEAR_FROM:
        return ""
    headers = in_use().headers
    near = process.extractOne(folded[:100], list(headers), scorer=fuzz.ratio, score_cutoff=75)
    return f" Bedoelde u {headers[near[0]]}?" if near else ""


def _missing(columns: Collection[str]) -> list[str]:
    owner = [] if any(name in columns for name in OWNER) else [" of ".join(OWNER)]
    return owner + [name for name in REQUIRED if name not in columns]


def _by_place(places: dict[str, int]) -> tuple[tuple[int, str], ...]:
    return tuple(sorted((place, name) for name, place in places.items()))
