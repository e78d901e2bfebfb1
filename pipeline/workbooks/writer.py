"""From described sheets and named values to the bytes of a workbook, by XlsxWriter.

The same descriptions and values give the same bytes. User text is only ever written as a string.
"""

from __future__ import annotations

import math
import re
import textwrap
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.workbooks import styles
from pipeline.workbooks.sheets import (
    Block,
    Calculated,
    Cell,
    Chart,
    Charts,
    Fixed,
    Given,
    Input,
    Line,
    Link,
    Properties,
    Row,
    Sheet,
    Table,
    Value,
)
from pipeline.workbooks.strings import STRINGS, LiteralBook, check_part, check_strings, fitting, held
from pipeline.workbooks.styles import Place, Style

LANGUAGE = "nl-NL"
TEXT_HEIGHT, LINE_HEIGHT = 13, 16
LONG = 40
"""From how many rows on a table keeps its header in sight, on the screen and on paper."""


def write(sheets: Sequence[Sheet], values: Mapping[str, Value], properties: Properties) -> bytes:
    """Write a workbook.

    `values` holds a value for each named cell of the sheets.

    Raises:
        KeyError: if a named cell has no value.
        WorkbookError: if the workbook is not what was put into it.
    """
    file = BytesIO()
    book = LiteralBook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    _describe(book, properties)
    writer = _Writer(book, values)
    placed = [(sheet, list(_place(sheet))) for sheet in sheets]
    for sheet, blocks in placed:
        writer.define_names(sheet, blocks)
    for sheet, blocks in placed:
        writer.write_sheet(sheet, blocks)
    book.close()
    return _finish(file.getvalue(), properties.title, writer.given)


def _describe(book: xlsxwriter.Workbook, properties: Properties) -> None:
    book.set_properties(
        {
            "title": properties.title,
            "subject": properties.subject,
            "author": properties.author,
            "company": properties.author,
            "keywords": properties.keywords,
            "created": datetime(*properties.created.timetuple()[:3]),
        }
    )
    book.set_size(1920, 1440)


def _place(sheet: Sheet) -> Iterator[tuple[Block, int]]:
    """Each block with its first row (from 0); there are no empty rows between blocks."""
    row = 0
    for block in sheet.blocks:
        match block:
            case Line(Fixed(str() as text, style), height) if style is Style.NOTE:
                for part in textwrap.wrap(text, _letters(_page_width(sheet))):
                    yield Line(Fixed(part, style), height), row
                    row += 1
            case Table():
                yield block, row
                row += 1 + len(block.rows)
            case Chart() | Charts():
                yield block, row
                row += block.rows
            case _:
                yield block, row
                row += 1


def _cells(block: Block, row: int) -> Iterator[tuple[Cell, int, int]]:
    """The cells of a block with their row and column."""
    match block:
        case Line(cell):
            yield cell, row, 0
        case Row():
            for column, place in enumerate(block.cells):
                yield Fixed("", _look(block.cells)) if place is None else place, row, column
        case Table():
            for below, cells in enumerate(block.rows, 1):
                for column, cell in enumerate(cells):
                    yield cell, row + below, column


def _look(cells: Sequence[Cell | None]) -> Style:
    """The style of the first of the cells."""
    first = cells[0]
    return first.style if first else Style.TEXT


def _page_width(sheet: Sheet) -> float:
    """The width of what stands on the first of the pages side by side; less than a part, as columns are not cut."""
    return sheet.width if sheet.pages[0] == 1 else sheet.width / sheet.pages[0] * 0.85


def _letters(width: float) -> int:
    """How many letters of running text fit in a width, which counts digits; a little less, to be safe."""
    return max(1, int(width * 1.15) - 2)


def _lines(cell: Cell, width: float) -> int:
    """How many lines a cell needs in a column of a width; a varying text counts as one, unless it says its length."""
    match cell:
        case Fixed(str() as text):
            return _wrapped(text, _letters(width))
        case Calculated(longest=longest) if longest:
            return math.ceil(longest / (_letters(width) - 2))
    return 1


@lru_cache(maxsize=10_000)
def _wrapped(text: str, letters: int) -> int:
    """How many lines a text takes; remembered, because most texts stand in every workbook."""
    return max(1, len(textwrap.wrap(text, letters)))


class _Page(Worksheet):  # type: ignore[misc]
    """A worksheet that prepares a formula's text once: it is the same in every workbook, and takes half of the time."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        key = (formula, expand_future_functions)
        if key not in _PREPARED:
            _PREPARED[key] = super()._prepare_formula(*key)
        return _PREPARED[key]


_PREPARED: dict[tuple[str, bool], str] = {}


class _Writer:
    """One workbook being written: its formats, the values of its named cells, and the texts that it was given."""

    def __init__(self, book: xlsxwriter.Workbook, values: Mapping[str, Value]) -> None:
        self.book = book
        self.values = values
        self.formats: dict[str, Any] = {}
        self.looks: dict[tuple[Style, Place, bool], Any] = {}
        self.ranges: dict[str, str] = {}
        self.given: set[str] = set()

    def format(self, style: Style, place: Place = Place.LOOSE, *, is_input: bool = False) -> Any:
        """The format of a style with what its place and its use add; each is made once."""
        key = (style, place, is_input)
        if key not in self.looks:
            self.looks[key] = self.differential(styles.properties(style, place, is_input=is_input))
        return self.looks[key]

    def differential(self, properties: dict[str, Any]) -> Any:
        """A format of just these properties; each is made once."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def define_names(self, sheet: Sheet, blocks: Sequence[tuple[Block, int]]) -> None:
        """Give each named cell and range of a sheet its defined name."""
        for block, top in blocks:
            for cell, row, column in _cells(block, top):
                match cell:
                    case Fixed(name=str() as name) | Input(name=name) | Calculated(name=name, defined=True) if name:
                        self._define(name, sheet, xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))
            if isinstance(block, Table):
                for name, part in block.ranges.items():
                    column = block.headers.index(part.column)
                    first, last = top + 1 + part.first, top + part.last
                    self._define(name, sheet, xl_range_abs(first, column, last, column))

    def _define(self, name: str, sheet: Sheet, address: str) -> None:
        self.ranges[name] = f"='{sheet.name}'!{address}"
        self.book.define_name(name, self.ranges[name])

    def write_sheet(self, sheet: Sheet, blocks: Sequence[tuple[Block, int]]) -> None:
        """Write one sheet: its blocks, column widths and print set-up."""
        page = self.book.add_worksheet(sheet.name, _Page)
        page.hide_gridlines(2)
        page.set_paper(9)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        page.fit_to_pages(*sheet.pages)
        if sheet.pages[0] > 1:
            page.repeat_columns(0, 1)
        if sheet.landscape:
            page.set_landscape()
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width, self.format(Style.TEXT))
        for block, row in blocks:
            self._write_block(page, sheet, block, row)
        if sheet.protected:
            page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})

    def _write_block(self, page: Any, sheet: Sheet, block: Block, row: int) -> None:
        match block:
            case Line(height=height) | Row(height=height):
                page.set_row(row, height or LINE_HEIGHT)
                for cell, r, c in _cells(block, row):
                    self._write_cell(page, r, c, cell)
                    self._draw_attention(page, r, c, cell.style)
            case Link():
                page.set_row(row, LINE_HEIGHT)
                self.given.add(block.text)
                page.write_url(row, 0, f"internal:'{block.sheet}'!A1", self.format(Style.LINK), block.text)
            case Table():
                self._write_table(page, sheet, block, row)
            case Chart():
                self._write_chart(page, block, row, min(int(sheet.width * 7.2), 980))
            case Charts():
                width = min(int(sheet.width * 7) // len(block.charts), 900) - 8
                for number, chart in enumerate(block.charts):
                    self._write_chart(page, replace(chart, rows=block.rows), row, width, number * (width + 8))

    def _write_table(self, page: Any, sheet: Sheet, table: Table, top: int) -> None:
        bottom, right = top + len(table.rows), len(table.headers) - 1
        headers = []
        for column, header in enumerate(table.headers):
            numeric = all(cells[column].style.numeric for cells in table.rows)
            style = Style.NUMBER_HEADER if numeric else Style.HEADER
            headers.append({"header": header, "header_format": self.format(style)})
        self.given.update(table.headers)
        page.add_table(
            *(top, 0, bottom, right),
            {"name": table.name, "columns": headers, "style": None, "autofilter": table.filters},
        )
        header_lines = max(_lines(Fixed(h), w * 0.9) for h, w in zip(table.headers, sheet.widths, strict=False))
        page.set_row(top, TEXT_HEIGHT * header_lines + 6)
        for below, cells in enumerate(table.rows):
            if not any(isinstance(cell, Given) and cell.style is Style.TEXT for cell in cells[1:2]):
                lines = max(_lines(cell, w) for cell, w in zip(cells, sheet.widths, strict=False))
                page.set_row(top + 1 + below, TEXT_HEIGHT * lines + 4)
            place = Place.STANDS_OUT if below in table.strong else Place.IN_TABLE
            for column, cell in enumerate(cells):
                self._write_cell(page, top + 1 + below, column, cell, place)
        body = (top + 1, 0, bottom, right)
        first = xl_rowcol_to_cell(top + 1, 0)
        if table.chosen_when:
            marker = xl_col_to_name(table.headers.index(table.chosen_when))
            chosen = f"${marker}{top + 2}={table.chosen_is}"
            # first, for programs that apply one conditional format to a cell
            self._show_cents(page, table, top + 1, chosen, styles.CHOSEN)
            self._conditional(page, body, f"={chosen}", styles.CHOSEN)
        missing = f"=AND(ISTEXT({first}),OR({first}=tekst_pm,{first}=tekst_plus_pm))"
        self._conditional(page, body, missing, styles.PRO_MEMORIE)
        self._show_cents(page, table, top + 1)
        for header in table.bars:
            column = table.headers.index(header)
            bar = {"type": "data_bar", "bar_solid": True, "bar_color": styles.BAR_BLUE}
            page.conditional_format(top + 1, column, bottom, column, bar | {"min_type": "num", "min_value": 0})
        for header, name in table.lists.items():
            column = table.headers.index(header)
            page.data_validation(
                top + 1, column, bottom, column,
                {
                    "validate": "list", "source": f"={name}",
                    "error_title": header, "error_message": "Kies een woord uit de lijst.",
                },
            )  # fmt: skip
        if len(table.rows) > LONG:
            page.repeat_rows(top)
            page.freeze_panes(top + 1, 2 if sheet.pages[0] > 1 else 1)

    def _show_cents(
        self, page: Any, table: Table, top: int, when: str = "TRUE", look: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """Show cents in the cells that are in euros, where there are any; one rule for neighbouring columns.

        `when` is what else a row must meet (in the first row's addresses), and `look` what its cells get besides.
        """
        columns = [tuple(_runs(cells[n].style.with_cents for cells in table.rows)) for n in range(len(table.headers))]
        for runs, places in groupby(range(len(columns)), key=columns.__getitem__):
            neighbours = list(places)
            for first, last, shown in runs:
                where = (top + first, neighbours[0], top + last, neighbours[-1])
                self._conditional(
                    page, where, _has_cents(top + first, neighbours[0], when), {**look, "num_format": shown}
                )

    def _draw_attention(self, page: Any, row: int, column: int, style: Style) -> None:
        """Make a notice stand out when it warns, and show cents in a conclusion that has them."""
        where = (row, column, row, column)
        if style is Style.NOTICE:
            cell = xl_rowcol_to_cell(row, column)
            self._conditional(page, where, f'=LEFT({cell},{len(styles.ALERTS)})="{styles.ALERTS}"', styles.ALERT)
        elif style.with_cents:
            self._conditional(page, where, _has_cents(row, column), {"num_format": style.with_cents})

    def _conditional(self, page: Any, where: tuple[int, int, int, int], criteria: str, look: dict[str, Any]) -> None:
        page.conditional_format(*where, {"type": "formula", "criteria": criteria, "format": self.differential(look)})

    def _write_cell(self, page: Any, row: int, column: int, cell: Cell, place: Place = Place.LOOSE) -> None:
        look = self.format(cell.style, place, is_input=isinstance(cell, Input))
        match cell:
            case Fixed():
                self._write_value(page, row, column, cell.value, look)
            case Given():
                self._write_value(page, row, column, self.values[cell.name], look)
            case Calculated():
                result = self.values[cell.name]
                page.write_formula(row, column, cell.formula, look, held(result) if isinstance(result, str) else result)
            case Input():
                self._write_value(page, row, column, self.values[cell.name], look)
                page.data_validation(
                    row, column, row, column,
                    {
                        **cell.rule.criteria,
                        "input_title": cell.rule.title, "input_message": cell.rule.message,
                        "error_title": cell.rule.title, "error_message": cell.rule.error,
                    },
                )  # fmt: skip

    def _write_value(self, page: Any, row: int, column: int, value: Value, look: Any) -> None:
        match value:
            case "":
                page.write_blank(row, column, None, look)
            case str():
                text = fitting(value)
                self.given.add(text)
                page.write_string(row, column, text, look)
            case date():
                page.write_datetime(row, column, datetime(*value.timetuple()[:3]), look)
            case _:
                page.write_number(row, column, value, look)

    def _write_chart(self, page: Any, block: Chart, row: int, width: int, left: int = 0) -> None:
        chart = self.book.add_chart({"type": "column"} | ({"subtype": "stacked"} if block.stacked else {}))
        series = block.series or {"Laag" if block.spread else block.value_title: block.low}
        if block.spread:
            series = {**series, "Van laag tot hoog": block.spread}
        for (label, name), fill in zip(series.items(), styles.FILLS, strict=False):
            look: dict[str, Any] = fill | {"border": {"color": styles.BLUE}}
            chart.add_series(
                {
                    "name": label,
                    "categories": self.ranges[block.categories],
                    "values": self.ranges[name],
                    "gap": 60,
                    **look,
                }
            )
        narrow = width < 450
        font = {"name": styles.FONT, "size": 8 if narrow else 10, "color": styles.INK}
        chart.set_title({"name": block.title, "name_font": font | {"size": 11 if narrow else 12}, "overlay": False})
        chart.set_x_axis({"name": block.category_title, "name_font": font, "num_font": font})
        chart.set_y_axis(
            {
                "name": block.value_title,
                "name_font": font,
                "num_font": font,
                "num_format": styles.EUROS if block.in_euros else "#,##0",
                "min": 0,
                "major_gridlines": {"visible": True, "line": {"color": styles.RULE_GREY}},
            }
        )
        chart.set_legend({"position": "bottom", "font": font} if len(series) > 1 else {"none": True})
        chart.set_size({"width": width, "height": block.rows * 20 - 12})
        place = {"object_position": 2, "description": block.alt, "x_offset": left, "y_offset": 4}
        page.insert_chart(row, 0, chart, place)


def _has_cents(row: int, column: int, when: str = "TRUE") -> str:
    """The condition that a cell holds euros with cents, and what else must be."""
    cell = xl_rowcol_to_cell(row, column)
    return f"=AND({when},ISNUMBER({cell}),{cell}<>ROUND({cell},0))"


def _runs(texts: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """The first and last place of each run of the same text, and that text; but for empty ones."""
    for text, group in groupby(enumerate(texts), key=itemgetter(1)):
        places = [place for place, _ in group]
        if text:
            yield places[0], places[-1], text


def _finish(workbook: bytes, title: str, given: Set[str]) -> bytes:
    """Say that the document and its charts are in Dutch, which XlsxWriter cannot; and check all that it wrote."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "docProps/core.xml":
                data = data.replace(b"<cp:keywords>", f"<dc:language>{LANGUAGE}</dc:language><cp:keywords>".encode(), 1)
            elif part.filename.startswith("xl/charts/"):
                data = re.sub(rb'(lang|c:lang val)="en-US"', rf'\1="{LANGUAGE}"'.encode(), data)
            if part.filename == STRINGS:
                check_strings(title, data, given)
            else:
                check_part(title, part.filename, data)
            new.writestr(part, data)
    return result.getvalue()
