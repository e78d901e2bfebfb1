"""What every kind of workbook gives: sheets with rows of texts, and how a number, a date or an error becomes text.

A text is what somebody would have typed in a CSV, but never one that can be read in two ways: where a person would
see 1,234 in a cell of which the value is one and something, it is written 1,2340.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from pipeline.intake.fields.characters import in_a_line, shown
from pipeline.intake.findings import Severity
from pipeline.intake.readers.dialect import FIELD_LIMIT, Places, Remark, Row

MOST_CELLS = 16_384
"""How many cells a row of a sheet may have, in every program."""
MOST_LINES = 1_048_576
"""How many rows a sheet may have, in every program."""
MOST_NAMES = 10_000
"""How many defined names a workbook may have; ours has about seven hundred."""
KEPT = FIELD_LIMIT + 1
"""How many characters of a text are kept: one that is longer than a field may be is refused by its row."""

NamedCell = tuple[str, int, int]
"""Where a defined name points: the sheet, the row (from 1) and the column (from 0)."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What there is to tell of a sheet, once all its rows were gone through.

    `merged` are the ranges of merged cells, `unseen` the filled rows that are hidden, and `struck` those with a text
    that is struck through; any of them may be there more than once.
    """

    merged: list[str] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, whether it is hidden, and its filled rows, which can be gone through more than once.

    `few` gives only some of the rows, where that is quicker.
    """

    name: str
    hidden: bool
    rows: Callable[[], Iterator[Row]]
    noted: Noted
    few: Callable[[Collection[int]], Iterator[Row]] | None = None

    def rows_at(self, lines: Collection[int]) -> dict[int, Row]:
        """Those of some rows that are filled, by their lines; nothing is read below the last of them."""
        if not lines:
            return {}
        last = max(lines)
        rows = self.few(lines) if self.few else self.rows()
        return {row.line: row for row in takewhile(lambda row: row.line <= last, rows) if row.line in lines}


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook: its sheets in order, its defined names for one cell each, and whether it holds macros."""

    sheets: Sequence[Sheet]
    names: Mapping[str, NamedCell]
    macros: bool = False


class Look(StrEnum):
    """What the style of a cell makes of a number."""

    NUMBER = "number"
    DATE = "date"
    PERCENT = "percent"


def called(sheet: str) -> str:
    """The name of a sheet as it may be shown: on one line, and no longer than Excel allows."""
    return in_a_line(shown(sheet[:31])) or "zonder naam"


def places(sheet: str) -> Places:
    """Where the rows and fields of a sheet are, in Dutch."""
    sheet = called(sheet)

    def place(line: int, at: int | None) -> str:
        return f"blad {sheet}, rij {line}" if at is None else f"blad {sheet}, cel {letters(at)}{line}"

    return place


def row_of(line: int, cells: Mapping[int, str], places: Places, remarks: Sequence[Remark] = ()) -> Row | None:
    """A row of which the cells at some columns are filled; None if nothing stands in it."""
    if not any(map(str.strip, cells.values())) and not remarks:
        return None
    fields = [""] * (max(cells) + 1)
    for at, text in cells.items():
        fields[at] = text
    return Row(line, tuple(fields), None, places, tuple(remarks))


# --- Values as text ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def number_text(written: str, look: Look = Look.NUMBER, from_1904: bool = False) -> str:
    """The number of a cell, as it is written in the file, as somebody in the Netherlands would type it.

    It has the fifteen digits that spreadsheet programs count with and show. What is no number stays as it is.

    >>> number_text("50000.0"), number_text("0.30000000000000004"), number_text("1.234"), number_text("1E-3")
    ('50000', '0,3', '1,2340', '0,001')
    >>> number_text("4445.44"), number_text("1E+9"), number_text("0.001"), number_text("-0")
    ('4445,44', '1000000000', '0,001', '0')
    >>> number_text("0.02", Look.PERCENT), number_text("46204", Look.DATE)
    ('2%', '2026-07-01')
    """
    try:
        number = float(written)
    except ValueError:
        return written
    if not abs(number) < 1e15:
        return written
    if look is Look.DATE:
        return _date_text(number, from_1904=from_1904)
    if look is Look.PERCENT:
        return f"{_plain(number * 100)}%"
    return _plain(number)


def _plain(number: float) -> str:
    whole, _, decimals = f"{Decimal(f'{number:.15g}'):f}".partition(".")
    if not (decimals := decimals.rstrip("0")):
        return "0" if whole == "-0" else whole
    return f"{whole},{decimals}{'0' if len(decimals) == 3 and whole != '0' else ''}"


def _date_text(serial: float, *, from_1904: bool) -> str:
    """A date or a time by the number of days since the epoch of the workbook; a number where there is no such day."""
    epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    try:
        moment = epoch + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return _plain(serial)
    if serial < 1:
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if moment.time() == moment.min.time() else f"{moment:%Y-%m-%d %H:%M}"


def year_of(text: str) -> str:
    """What stands in a cell where a calendar year is meant: the year of a date, and any other text as it is.

    >>> year_of("2027-07-01"), year_of("2027"), year_of("juli")
    ('2027', '2027', 'juli')
    """
    return text[:4] if _DATE.fullmatch(text) else text


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

TRUTH = {"1": "ja", "0": "nee", "true": "ja", "false": "nee"}
"""Real booleans, as they are written in files."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


@lru_cache(maxsize=1_024)
def look_of(code: str) -> Look:
    """What a number format makes of a number: a date (or time), a percentage, or a number.

    >>> look_of("0.00%"), look_of("yyyy"), look_of('0 "dagen"'), look_of("[$-413]d mmmm")
    (<Look.PERCENT: 'percent'>, <Look.DATE: 'date'>, <Look.NUMBER: 'number'>, <Look.DATE: 'date'>)
    """
    bare = _LITERAL.sub("", code[:1_000])
    if "%" in bare:
        return Look.PERCENT
    return Look.DATE if re.search("[dmyhsj]", bare.replace("General", ""), re.IGNORECASE) else Look.NUMBER


MACROS_IGNORED = Remark(
    None,
    Severity.WARNING,
    "macros_genegeerd",
    "In de werkmap staan macro's; die worden niet uitgevoerd, alleen wat in de cellen staat telt.",
)
"""What is said of a workbook with macros."""


def error_in(at: int) -> Remark:
    """What is said of a cell in which a formula gave an error."""
    message = "Deze formule geeft een fout; herstel haar of vul de waarde in."
    return Remark(at, Severity.ERROR, "waarde", message)


def without_value(at: int) -> Remark:
    """What is said of a cell with a formula of which nobody kept what it gives."""
    message = (
        "Van deze formule is de uitkomst niet bewaard, en de cel telt als leeg; open het bestand in Excel of "
        "LibreOffice, laat het rekenen en bewaar het, of vul de waarde in."
    )
    return Remark(at, Severity.WARNING, "formule_zonder_uitkomst", message)


# --- Columns by letter ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=MOST_CELLS)
def letters(column: int) -> str:
    """A column as spreadsheets name it.

    >>> letters(0), letters(26), letters(16_383)
    ('A', 'AA', 'XFD')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=MOST_CELLS)
def column_of(name: str) -> int:
    """The column with some letters, from 0; too large a number if there is none.

    >>> column_of("A"), column_of("XFD"), column_of("!1")
    (0, 16383, 16384)
    """
    if not (name.isascii() and name.isalpha() and name.isupper()):
        return MOST_CELLS
    number = 0
    for letter in name[:4]:
        number = number * 26 + ord(letter) - 64
    return number - 1


@lru_cache(maxsize=4_096)  # workbooks of one run have the same names
def named_cell(reference: str) -> NamedCell | None:
    """The cell that a defined name refers to, in the notation of Excel or of OpenDocument; None if it is not one cell.

    >>> named_cell("Keuzes!$B$4"), named_cell("'De ''keuzes'''!$B$4"), named_cell("$Keuzes.$B$4"), named_cell("A1:B2")
    (('Keuzes', 4, 1), ("De 'keuzes'", 4, 1), ('Keuzes', 4, 1), None)
    """
    found = _NAMED.fullmatch(reference.strip()) if len(reference) < 200 else None
    if not found or (column := column_of(found[3])) >= MOST_CELLS:
        return None
    return found[2] or found[1].replace("''", "'"), int(found[4]), column


_NAMED = re.compile(r"=?\$?(?:'((?:[^']|'')+)'|([^'!.:$]+))[!.]\$?([A-Z]{1,3})\$?([0-9]{1,7})")
