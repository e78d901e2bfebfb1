"""From a described workbook and the values of its cells to its bytes, by XlsxWriter.

The same descriptions and values give the same bytes. User text is only ever written as a string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import chain, groupby, repeat
from operator import itemgetter
from types import MappingProxyType
from typing import Any, cast

import xlsxwriter
from msgspec.structs import replace
from xlsxwriter.utility import xl_range, xl_range_abs, xl_rowcol_to_cell

from pipeline.documents.workbooks import styles
from pipeline.documents.workbooks.cells import Again, Calculated, Cell, Fixed, Input, Rule, Take, Value
from pipeline.documents.workbooks.charts import draw
from pipeline.documents.workbooks.heights import LINE_HEIGHT, grows, header_height, height, room, row_height, wrapped
from pipeline.documents.workbooks.literal_book import UNREAD, LiteralBook
from pipeline.documents.workbooks.pages import Contents, Looks, Page, xl_col_to_name
from pipeline.documents.workbooks.placed import Placed
from pipeline.documents.workbooks.places import Place, cells_of
from pipeline.documents.workbooks.sheets import Block, Book, Chart, Charts, Column, Line, Link, Row, Sheet, Table
from pipeline.documents.workbooks.strings import STRINGS, check_part, check_strings, fitting, footer, held
from pipeline.documents.workbooks.styles import Position, Style
from pipeline.documents.workbooks.words import BOUNDS, YES

LANGUAGE = "nl-NL"
LONG = 40
"""From how many rows on a table keeps its header in sight, on the screen and on paper."""


def write(placed: Placed, about: object) -> bytes:
    """Write the workbook about something, from which its varying values are taken.

    Raises:
        WorkbookError: if a cell has no value, or the workbook is not what was put into it.
    """
    return write_values(placed, placed.titled(about), dict(zip(placed.varying, placed.values(about), strict=True)))


def write_values(placed: Placed, title: str, values: Mapping[Place, Value]) -> bytes:
    """Write the workbook with this title, and with these values in its varying cells.

    Raises:
        WorkbookError: as `write` does.
    """
    written = LiteralBook(dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False))
    _describe(written, placed.book, title)
    for name, reference in placed.names.items():
        written.define_name(name, reference)
    if values:  # what never varies is numbered first: most of the workbook is the same then, whatever the values
        written.number_first(map(fitting, placed.texts()))
    writer = _Writer(written, title, values, placed.names)
    for sheet, blocks in placed.sheets:
        writer.write_sheet(sheet, blocks)
    written.finish = _finish
    written.check = partial(_check, title, writer.given)
    return written.package()


def _describe(written: xlsxwriter.Workbook, book: Book, title: str) -> None:
    written.set_properties(
        {
            "title": title,
            "subject": book.subject,
            "author": book.author,
            "keywords": book.keywords,
            "created": datetime(*book.created.timetuple()[:3]),
        }
    )
    written.set_size(1920, 1440)


class _Writer:
    """One workbook being written: its formats, the values of its varying cells, and the texts that it was given."""

    def __init__(
        self, book: xlsxwriter.Workbook, title: str, values: Mapping[Place, Value], ranges: Mapping[str, str]
    ) -> None:
        self.book = book
        self.footer = footer(title)
        self.values = values
        self.ranges = ranges
        self.formats: dict[str, Any] = {}
        self.looks: dict[tuple[Style, Position, bool], Any] = {}
        self.given: set[str] = set()

    def format(self, style: Style, position: Position = Position.LOOSE, *, is_input: bool = False) -> Any:
        """The format of a style with what its position and its use add; each is made once."""
        key = (style, position, is_input)
        if key not in self.looks:
            self.looks[key] = self.differential(styles.properties(style, position, is_input=is_input))
        return self.looks[key]

    def differential(self, properties: dict[str, Any]) -> Any:
        """A format of just these properties; each is made once."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def write_sheet(self, sheet: Sheet, blocks: Sequence[tuple[Block, int]]) -> None:
        """Write one sheet: its blocks, column widths and print set-up."""
        page = self.book.add_worksheet(sheet.name, Page)
        page._calculate_spans = lambda: None  # a hint of which columns a row has, that nobody reads
        page.hide_gridlines(2)
        page.set_paper(9)
        page.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        page.set_footer(self.footer, {"margin": 0.3})
        if sheet.scale:
            page.set_print_scale(sheet.scale)
            page.set_h_pagebreaks([row for block, row in blocks if isinstance(block, Line) and block.new_page])
        else:
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
                for cell, r, c in cells_of(block, row):
                    self._write_cell(page, r, c, cell)
                    self._draw_attention(page, r, c, cell.style, len(sheet.widths))
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

    def _write_chart(self, page: Any, chart: Chart, row: int, width: int, left: int = 0) -> None:
        drawn = draw(self.book, chart, width, chart.rows * 20 - 12, self.ranges)
        where = {"object_position": 2, "description": chart.alt, "x_offset": left, "y_offset": 4}
        page.insert_chart(row, 0, drawn, where)

    # --- Tables -------------------------------------------------------------------------------------------------------

    def _write_table(self, page: Any, sheet: Sheet, table: Table, top: int) -> None:
        self._write_headers(page, sheet, table, top)
        body = (top + 1, 0, top + len(table.cells), len(table.columns) - 1)
        totals = len(table.rows) if len(table.cells) > len(table.rows) else None
        if table.plain:
            self._write_plain(page, sheet, table, top + 1)
        for below, cells in enumerate(() if table.plain else table.cells):
            if not grows(cells):
                look = self.format(table.sparse, Position.IN_TABLE) if table.sparse else None
                page.set_row(top + 1 + below, row_height(cells, sheet.widths), look)
            strong = below == totals or below in table.strong
            position = Position.STANDS_OUT if strong else Position.IN_TABLE
            self._write_cells(page, top + 1 + below, cells, position, table.sparse)
        if any(cell.style.as_typed for cell in table.cells[0]):
            page.ignore_errors({"number_stored_as_text": xl_range(*body)})
        self._format_conditionally(page, table, top)
        for place, helped in enumerate(table.columns):
            self._help_in_column(page, helped, (top + 1, place, top + len(table.cells), place))
        if table.on_paper is not None:  # without any of its rows its heading stays on the screen too
            last = top + table.on_paper if table.on_paper else top - 2
            page.print_area(0, 0, last, (sheet.printed or len(sheet.widths)) - 1)
        long = len(table.cells) > LONG and top < LONG  # panes that are frozen further down leave nothing to scroll
        if table.in_sight or long:
            page.repeat_rows(top)
            page.freeze_panes(top + 1, 2 if sheet.pages[0] > 1 else 1)

    def _write_plain(self, page: Page, sheet: Sheet, table: Table, top: int) -> None:
        """Write the rows of a table with only texts and numbers, all at once."""
        before = page.str_table.count
        contents = Contents(page.str_table._get_shared_string_index)
        columns = _contents(table, contents)
        page.write_plain(top, zip(self._looks(table), zip(*columns, strict=True), strict=True))
        page.str_table.count = before + sum(map(contents.texts.__contains__, chain.from_iterable(columns)))
        self.given.update(contents.texts.values())
        lines: dict[int, int] = {}
        for column, width in zip(columns, sheet.widths, strict=False):
            most = room(width)
            texts = ((xml, contents.texts[xml]) for xml in contents.texts.keys() & column)
            if long := {xml: text for xml, text in texts if len(text) > most or "\t" in text}:
                for row, xml in enumerate(column, top):
                    if xml in long:
                        lines[row] = max(lines.get(row, 1), wrapped(long[xml], most))
        for row, number in lines.items():
            page.set_row(row, height(number))

    def _looks(self, table: Table) -> Iterator[Looks]:
        """How each row of a table with only texts and numbers looks; many look the same."""
        styles_, looked = [column.style for column in table.columns], dict[tuple[Style, ...], Looks]()
        varying = [style for style in styles_ if not isinstance(style, Style)]
        for about in table.rows:
            key = tuple(style(about) for style in varying)
            if key not in looked:
                own = (style if isinstance(style, Style) else style(about) for style in styles_)
                looked[key] = Looks([self.format(style, Position.IN_TABLE) for style in own])
            yield looked[key]

    def _write_headers(self, page: Any, sheet: Sheet, table: Table, top: int) -> None:
        headers = []
        for place, header in enumerate(table.headers):
            numeric = all(style.numeric for style in {*_styles(table, place)})
            look = self.format(Style.NUMBER_HEADER if numeric else Style.HEADER)
            headers.append({"header": header, "header_format": look})
        self.given.update(table.headers)
        page.add_table(
            *(top, 0, top + len(table.cells), len(headers) - 1),
            {"name": table.name, "columns": headers, "style": None, "autofilter": table.filters},
        )
        page.set_row(top, header_height(table.headers, sheet.widths))
        for place in range(len(headers), len(headers) + table.runs_on):
            page.write_blank(top, place, None, self.format(Style.HEADER))
            for below in range(1, len(table.cells) + 1):
                page.write_blank(top + below, place, None, self.format(Style.TEXT, Position.IN_TABLE))

    def _format_conditionally(self, page: Any, table: Table, top: int) -> None:
        """Mark the rows that are chosen and those that name p.m., and show cents where there are any."""
        body = (top + 1, 0, top + len(table.cells), len(table.columns) - 1)
        first = xl_rowcol_to_cell(top + 1, 0)
        if table.chosen:  # the most particular first, for programs that apply one conditional format to a cell
            marker = xl_col_to_name(table.headers.index(table.chosen))
            chosen = f'${marker}{top + 2}="{YES}"'
            self._show_at_least(page, table, top + 1, chosen, styles.CHOSEN)
        self._show_at_least(page, table, top + 1)
        self._show_sums_at_least(page, table, top + 1)
        if table.alert:
            column, word = table.alert
            place = xl_col_to_name(table.headers.index(column))
            self._conditional(page, body, f'=${place}{top + 2}<>"{word}"', styles.ALERT)
        if table.chosen:
            self._show_cents(page, table, top + 1, chosen, styles.CHOSEN)
            self._conditional(page, body, f"={chosen}", styles.CHOSEN)
        if "tekst_pm" in self.ranges:
            missing = f"=AND(ISTEXT({first}),OR({first}=tekst_pm,{first}=tekst_plus_pm))"
            self._conditional(page, body, missing, styles.PRO_MEMORIE)
        self._show_cents(page, table, top + 1)
        if table.apart:
            place = xl_col_to_name(table.headers.index(table.apart))
            begins = f"=AND(${place}{top + 2}<>tekst_volledig,${place}{top + 1}=tekst_volledig)"
            self._conditional(page, body, begins, styles.APART)

    def _help_in_column(self, page: Any, column: Column, where: tuple[int, int, int, int]) -> None:
        """Draw bars, and say what may be typed."""
        if column.bar:
            bar = {"type": "data_bar", "bar_solid": True, "bar_color": styles.BAR_BLUE}
            page.conditional_format(*where, bar | {"min_type": "num", "min_value": 0})
        if column.rule:
            self._lay_down(page, where, column.rule)

    def _show_cents(
        self, page: Any, table: Table, top: int, when: str = "TRUE", look: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """Show cents in the cells that are in euros, where there are any; one rule for neighbouring columns.

        `when` is what else a row must meet (in the first row's addresses), and `look` what its cells get besides.
        """
        columns = [tuple(_cents(table, place)) for place in range(len(table.columns))]
        for runs, places in groupby(range(len(columns)), key=columns.__getitem__):
            neighbours = list(places)
            for first, last, shown in runs:
                where = (top + first, neighbours[0], top + last, neighbours[-1])
                self._conditional(
                    page, where, _has_cents(top + first, neighbours[0], when), {**look, "num_format": shown}
                )

    def _show_at_least(
        self, page: Any, table: Table, top: int, when: str = "TRUE", look: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        """Say of the low end of a total that misses something that it is the least, and do not show its high end.

        In a table of which some rows stand out, those are the totals. `when` is what else a row must meet (in the first
        row's addresses), and `look` what its cells get besides.
        """
        first, last = top + min(table.strong, default=0), top + max(table.strong, default=len(table.cells) - 1)
        ends = {
            header: [table.headers.index(f"{header} {bound}" if header else bound.capitalize()) for bound in BOUNDS]
            for header in table.totals
        }
        places = [place for pair in ends.values() for place in pair]
        for header, marks in table.totals.items():
            missing = marks.replace("@", f"${xl_col_to_name(ends[header][-1])}{first + 1}")
            if marks in table.headers:
                missing = f"${xl_col_to_name(table.headers.index(marks))}{first + 1}<>tekst_volledig"
            for column, shown in zip(ends[header], (styles.AT_LEAST, styles.UNSEEN), strict=True):
                # one range for all: LibreOffice forgets the indent of a number beside one under other conditions
                where = (first, min(places), last, max(places))
                conditions = f"=AND({when},COLUMN()={column + 1},{missing})"
                self._conditional(page, where, conditions, {**look, "num_format": shown})

    def _show_sums_at_least(self, page: Any, table: Table, top: int) -> None:
        """The same in rows that are sums, if one of the rows that they add up is p.m. in that column."""
        header, rows = table.sums
        last = top + min(rows, default=0) - 1
        kinds = table.headers.index(header) if rows else 0
        columns = [n for n, header in enumerate(table.headers) if header.endswith(BOUNDS)]
        for row, kind in rows.items():
            of_kind = f'{xl_range_abs(top, kinds, last, kinds)},"{kind}",' if kind else ""
            first = xl_col_to_name(columns[0])
            missing = f"COUNTIFS({of_kind}{first}${top + 1}:{first}${last + 1},tekst_pm)>0"
            for place, shown in zip(columns, (styles.AT_LEAST, styles.UNSEEN), strict=False):
                where = (top + row, columns[0], top + row, columns[-1])  # low and high end side by side
                bound = f"MOD(COLUMN()-{place + 1},{len(BOUNDS)})=0"
                self._conditional(page, where, f"=AND({bound},{missing})", {"num_format": shown})

    # --- Cells --------------------------------------------------------------------------------------------------------

    def _draw_attention(self, page: Any, row: int, column: int, style: Style, width: int) -> None:
        """Make a notice that warns stand out, over the width of the sheet; show cents in a conclusion that has them."""
        where = (row, column, row, column)
        if style is Style.NOTICE:
            cell = xl_rowcol_to_cell(row, column, col_abs=True)
            begins = (f'LEFT({cell},{len(word)})="{word}"' for word in styles.ALERTS)
            self._conditional(page, (row, column, row, width - 1), f"=OR({','.join(begins)})", styles.ALERT)
        elif style.with_cents:
            self._conditional(page, where, _has_cents(row, column), {"num_format": style.with_cents})

    def _conditional(self, page: Any, where: tuple[int, int, int, int], criteria: str, look: dict[str, Any]) -> None:
        """A look under a condition, in the addresses of the first cell."""
        rule = {"type": "formula", "criteria": criteria, "format": self.differential(look)}
        page.conditional_format(*where, rule)

    def _write_cell(self, page: Any, row: int, column: int, cell: Cell, position: Position = Position.LOOSE) -> None:
        look = self.format(cell.style, position, is_input=isinstance(cell, Input))
        value = self.values[page.name, row, column] if isinstance(cell, Again) or callable(cell.value) else cell.value
        if isinstance(value, Decimal):
            value = float(value)
        if isinstance(cell, (Calculated, Again)):
            page._write_formula(row, column, cell.formula, look, held(value) if isinstance(value, str) else value)
            return
        if isinstance(cell, Fixed) and cell.link:
            self.given.add(str(value))
            page.write_url(row, column, cell.link, look, str(value))
            return
        self._write_value(page, row, column, value, look, fixed=not callable(cell.value))
        if isinstance(cell, Input) and cell.rule:
            self._lay_down(page, (row, column, row, column), cell.rule)

    def _lay_down(self, page: Any, where: tuple[int, int, int, int], rule: Rule) -> None:
        """Say in cells what may be typed into them, and refuse anything else."""
        told = {"input_title": rule.title, "input_message": rule.message, "error_title": rule.title}
        told |= {"error_message": rule.error or rule.message}
        page.data_validation(*where, {**rule.criteria, **told})

    def _write_cells(
        self, page: Any, row: int, cells: Sequence[Cell], position: Position, sparse: Style | None
    ) -> None:
        """Write a row of a table; a fixed text or number, as nearly all are in the longest, at once."""
        for column, cell in enumerate(cells):
            value = cell.value if type(cell) is Fixed else None
            match value:
                case "" if cell.style is sparse:
                    pass
                case "":
                    page._write_blank(row, column, None, self.format(cell.style, position))
                case str():
                    text = fitting(value)
                    self.given.add(text)
                    page._write_string(row, column, text, self.format(cell.style, position))
                case int() | float() | Decimal():
                    page._write_number(row, column, float(value), self.format(cell.style, position))
                case _:
                    self._write_cell(page, row, column, cell, position)

    def _write_value(self, page: Any, row: int, column: int, value: Value, look: Any, *, fixed: bool) -> None:
        match value:
            case "" if fixed:
                page.write_blank(row, column, None, look)
            case str():
                text = fitting(value)
                self.given.add(text)
                page._write_string(row, column, text, look)
            case date():
                page.write_datetime(row, column, datetime(*value.timetuple()[:3]), look)
            case _:
                page._write_number(row, column, value, look)


def _styles(table: Table, place: int) -> Iterable[Style]:
    """The styles of the cells of a column."""
    of = table.columns[place].style
    if not table.plain:
        return (cells[place].style for cells in table.cells)
    return repeat(of, len(table.rows)) if isinstance(of, Style) else map(of, table.rows)


def _contents(table: Table, contents: Contents) -> list[list[str]]:
    """The XML of what each column says of each row; what many rows share is looked for once."""
    shared: dict[Any, tuple[dict[int, Any], list[int]]] = {}
    columns: list[list[str]] = []
    for column in table.columns:
        of, take = column.of, cast(Take, column.take)
        if of is None:
            columns.append([contents[take(row)] for row in table.rows])
            continue
        if of not in shared:
            each = list(map(of, table.rows))
            shared[of] = {id(one): one for one in each}, list(map(id, each))
        different, places = shared[of]
        found = {place: contents[take(one)] for place, one in different.items()}
        columns.append(list(map(found.__getitem__, places)))
    return columns


def _cents(table: Table, place: int) -> Iterable[tuple[int, int, str]]:
    """The first and last row (from 0) of each run of cells that show cents alike where there are any, and how."""
    of = table.columns[place].style
    if table.plain and isinstance(of, Style):
        return [(0, len(table.rows) - 1, of.with_cents)] if of.with_cents else []
    return _runs(style.with_cents for style in _styles(table, place))


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


def _finish(name: str, part: str) -> str:
    """Say that the document and its charts are in Dutch, and leave out what nobody reads."""
    if name == "docProps/core.xml":
        part = part.replace("<cp:keywords>", f"<dc:language>{LANGUAGE}</dc:language><cp:keywords>", 1)
    elif name == "xl/styles.xml":  # no cell looks as the theme says
        part = part.replace('<color theme="1"/>', "").replace('<scheme val="minor"/>', "")
    elif name.endswith((".rels", "[Content_Types].xml")):
        unread = "|".join(name.removeprefix("xl/") for name in UNREAD)
        part = re.sub(rf'<(Override|Relationship) [^>]*({unread})"[^>]*/>', "", part)
    elif name.startswith("xl/charts/"):
        part = re.sub('(lang|c:lang val)="en-US"', rf'\1="{LANGUAGE}"', part)
    return part


def _check(title: str, given: Set[str], name: str, part: bytes) -> None:
    if name == STRINGS:
        check_strings(title, part, given)
    else:
        check_part(title, name, part)
