"""From a workbook to the table in it: the first sheet that has the names of columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import structs

from pipeline import dutch
from pipeline.intake.fields.columns import REQUIRED, Columns, missing
from pipeline.intake.findings import Refused, Severity, places_in_words
from pipeline.intake.readers.dialect import FIELDS_A_ROW, HEADER_WITHIN, ROW_LIMIT, Remark, Row, Table
from pipeline.intake.readers.file_access import Limits
from pipeline.intake.readers.spreadsheets.sheets import MACROS_IGNORED, Sheet, Workbook, called, column_of, year_of
from pipeline.model.choices import Origin
from pipeline.model.columns import CalendarYear

_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_NAMED = 5
"""How many sheets or ranges a sentence names."""


def read_table(workbook: Workbook, columns: Columns, limits: Limits) -> Table:
    """The table in a workbook: that of the first sheet that is seen and has the names of all required columns.

    If none has them all, it is the sheet that has most. Other sheets with such a row get a warning, and so do macros.

    Raises:
        Refused: if nothing stands on any sheet, or only a hidden one has a table.
    """
    tops = [(sheet, list(islice(sheet.rows(), HEADER_WITHIN))) for sheet in workbook.sheets]
    ranked = [(sheet, *_header(top, columns)) for sheet, top in tops]
    seen = [each for each in ranked if not each[0].hidden]
    chosen, number, header = max(seen, key=lambda each: each[1], default=(None, 0, None))
    hidden = [sheet for sheet, known, _ in ranked if sheet.hidden and known > 1]
    if number < 2 and hidden:
        message = f"Het blad met de tabel is verborgen ({_names(hidden)}); maak het zichtbaar."
        raise Refused("blad_verborgen", message)
    if chosen is None or not any(top for sheet, top in tops if not sheet.hidden):
        raise Refused("leeg", "De werkmap is leeg; een blad hoort te beginnen met de namen van de kolommen.")
    if number < 2:
        chosen = next(sheet for sheet, top in tops if top and not sheet.hidden)
    others = [sheet for sheet, known, _ in ranked if known > 1 and sheet is not chosen]
    remarks = list(_remarks(workbook, chosen, others))
    return Table(";", _rows(chosen, header, columns, limits, remarks), remarks=remarks)


def _header(top: Sequence[Row], columns: Columns) -> tuple[int, Row | None]:
    """How many columns the header of a sheet names, more than any if it names all that are required, and that row."""
    best: tuple[int, Row | None] = (0, None)
    for row in top:
        number = sum(map(columns.know, row.fields))
        if number > 1 and not missing(columns.named_in(row.fields)) and len(row.fields) > len(REQUIRED):
            return _WHOLE, row
        if number > best[0]:
            best = number, row
    return best


_WHOLE = 1_000_000


def _remarks(workbook: Workbook, chosen: Sheet, others: Sequence[Sheet]) -> Iterator[Remark]:
    """What there is to say of a workbook besides its table."""
    if workbook.macros:
        yield MACROS_IGNORED
    if others:
        message = (
            f"Alleen blad {called(chosen.name)} telt; ook op {_names(others)} staat een tabel, die niet meetelt. "
            "Zet elke tabel in een eigen bestand, of alle regels op één blad."
        )
        yield Remark(None, Severity.WARNING, "blad_telt_niet", message)


def _names(sheets: Sequence[Sheet]) -> str:
    return f"blad {dutch.both([called(sheet.name) for sheet in sheets], _NAMED)}"


def _rows(sheet: Sheet, header: Row | None, columns: Columns, limits: Limits, remarks: list[Remark]) -> Iterator[Row]:
    """The filled rows of a sheet, with years for dates where a year is meant; what else there is to say is added.

    The names of columns may have been broken into lines, to make them fit.

    Raises:
        Refused: if there are too many rows, fields or characters.
    """
    years = _year_columns(header, columns)
    fields = characters = 0
    for number, row in enumerate(sheet.rows(), 1):
        fields += len(row.fields)
        length = sum(map(len, row.fields))
        characters += length
        if number > limits.rows + HEADER_WITHIN:
            message = f"Er staan meer dan {dutch.number(limits.rows)} rijen op het blad; splits het bestand."
            raise Refused("te_veel_regels", message, row.line, row.place())
        if fields > FIELDS_A_ROW * max(limits.rows, HEADER_WITHIN * HEADER_WITHIN):
            message = f"Het blad heeft meer dan {dutch.number(FIELDS_A_ROW * limits.rows)} cellen; haal kolommen weg."
            raise Refused("te_veel_kolommen", message, row.line, row.place())
        if length > ROW_LIMIT:
            message = f"In deze rij staan meer dan {dutch.number(ROW_LIMIT)} tekens; maak haar korter."
            raise Refused("regel_te_lang", message, row.line, row.place())
        if characters > limits.file_bytes:
            message = f"Op het blad staan meer dan {dutch.number(limits.file_bytes)} tekens; splits het bestand."
            raise Refused("te_groot", message, row.line, row.place())
        if header and row.line <= header.line:
            row = structs.replace(row, fields=tuple(" ".join(text.split()) for text in row.fields))  # noqa: PLW2901
        yield _with_years(row, years) if years else row
    if header:
        remarks += _merged(sheet, header)
        remarks += _doubted(sheet, header)


def _year_columns(header: Row | None, columns: Columns) -> list[int]:
    """The places of the columns in which a calendar year is meant."""
    readers = columns.readers
    named = columns.named_in(header.fields) if header else {}
    return [
        place
        for name, places in named.items()
        if name in readers and isinstance(readers[name].kind, CalendarYear)
        for place in places
    ]


def _with_years(row: Row, places: Sequence[int]) -> Row:
    years = {at: year_of(row.fields[at]) for at in places if at < len(row.fields)}
    return structs.replace(row, fields=tuple(years.get(at, text) for at, text in enumerate(row.fields)))


def _doubted(sheet: Sheet, header: Row) -> Iterator[Remark]:
    """A warning for rows below the header that are hidden or struck through: they may be meant to be void."""
    for code, found, what in (
        ("rijen_verborgen", sheet.noted.unseen, "is verborgen, of weggefilterd"),
        ("rijen_doorgestreept", sheet.noted.struck, "is tekst doorgestreept"),
    ):
        if lines := sorted({line for line in found if line > header.line}):
            where = places_in_words([Origin("", line, f"rij {line}") for line in lines])
            message = (
                f"Op blad {called(sheet.name)} {what}: {where}. Wat daar staat telt mee; haal weg wat niet mag tellen."
            )
            yield Remark(None, Severity.WARNING, code, message)


def _merged(sheet: Sheet, header: Row) -> Iterator[Remark]:
    """A warning for merged cells below the header: only in the first of them stands something."""
    ranges = []
    for reference in dict.fromkeys(sheet.noted.merged):
        found = _RANGE.fullmatch(reference)
        if found and int(found[4]) > header.line and column_of(found[1]) < len(header.fields):
            ranges.append(reference)
    if ranges:
        named = dutch.both(ranges, _NAMED)
        message = (
            f"Op blad {called(sheet.name)} zijn cellen samengevoegd ({named}); alleen in de eerste cel daarvan staat "
            "iets. Hef de samenvoeging op, en vul elke cel in."
        )
        yield Remark(None, Severity.WARNING, "cellen_samengevoegd", message)
