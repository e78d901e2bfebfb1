"""The blocks of a described workbook, the sheets that hold them, and the book.

A description says what stands where in relation to what else; it holds no addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, cast

from msgspec import Struct, field

from pipeline.documents.workbooks.cells import Cell, Fixed, Given, Rule, Take, Value
from pipeline.documents.workbooks.styles import Style


class Line(Struct, frozen=True):
    """One cell in the first column, such as a sentence; long fixed notes are cut into lines."""

    cell: Cell
    height: float | None = None
    new_page: bool = False


def note(text: str) -> Line:
    """A sentence or more, on as many lines as the sheet is narrow."""
    return Line(Fixed(text, Style.NOTE))


def heading(text: str, *, new_page: bool = False) -> Line:
    """What the blocks below it are about; they can begin a new page on paper, if the sheet has a scale."""
    return Line(Fixed(text, Style.HEADING), 24, new_page)


class Row(Struct, frozen=True):
    """Cells side by side, such as the conclusion; `name` makes a defined name over all of them."""

    cells: Sequence[Cell]
    height: float | None = None
    name: str = ""


class Link(Struct, frozen=True):
    """A cell in the first column that leads to another sheet of the workbook."""

    text: str
    sheet: str


class Column(Struct, frozen=True):
    """A column of a table: its header, how wide it makes its sheet, and its cells.

    `cell` is that of every row, or makes the one of a row; without it, each row is a sequence of cells. `total` is the
    cell of the last row, which stands out. `name` is a defined name over the rows above that. `rule` says what may be
    typed into its cells, and with `bar` a bar shows how large each number is. In a long table `take` says the text or
    number of each row, in a `style`, which may follow from the row: no cell is made of it before it is written. `of`
    is the part of a row that it says something about: of one that rows share it is asked once.
    """

    header: str
    width: float = 0
    cell: Cell | Callable[[Any], Cell] | None = None
    total: Cell | None = None
    name: str = ""
    rule: Rule | None = None
    bar: bool = False
    of: Callable[[Any], Any] | None = None
    take: Take | None = None
    style: Style | Callable[[Any], Style] = Style.TEXT

    def taken(self, row: Any) -> Value:
        """What `take` says of a row."""
        return cast(Take, self.take)(self.of(row) if self.of else row)


def headed(widths: Mapping[str, float]) -> list[Column]:
    """Columns by their headers, of a table of which each row is a sequence of cells."""
    return [Column(header, width) for header, width in widths.items()]


class Range(Struct, frozen=True):
    """A defined name over part of a table's column: its rows from `first` up to but not including `last`."""

    column: str
    first: int
    last: int


class Table(Struct, frozen=True, dict=True):
    """A real Excel table: its columns, and what there is a row for.

    `of` gives what each row is about, the one with totals included, from what the workbook is about. `ranges` are
    defined names over parts of columns, and the names of whole columns are over the first `named` rows, if not over
    all. `strong` are the rows that stand out besides the totals. A row is marked in which the column `chosen` says
    ja, or in which the column that `alert` names says anything but its word. `totals` are the headers of amounts, but
    for their bounds, that read "minimaal" if something is missing and "onbekend" if all is, each with the header of
    its p.m. column, or a condition in which `@` is its high end; only in the `strong` rows, if there are any. `sums`
    are the rows that do so if one of those above is p.m.: of all, or those with a word in the column that is given
    first. Above the first row of which the p.m. column `apart` says something, there is a line. `on_paper` is how many
    of its rows are printed, after which printing its sheet ends: all below that stays on the screen. With `in_sight` it
    keeps its header in sight however short it is. So many columns behind it, which its last one `runs_on` over, are
    empty and look like it. `sparse` is the look of empty cells that are not written, because
    there are too many: it is that of their rows.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    of: Callable[[Any], Sequence[Any]] | None = None
    ranges: Mapping[str, Range] = field(default_factory=dict)
    named: int | None = None
    strong: Collection[int] = ()
    filters: bool = False
    chosen: str = ""
    alert: tuple[str, str] | None = None
    totals: Mapping[str, str] = field(default_factory=dict)
    apart: str = ""
    sums: tuple[str, Mapping[int, str]] = ("", MappingProxyType({}))
    on_paper: int | None = None
    in_sight: bool = False
    runs_on: int = 0
    sparse: Style | None = None

    @cached_property
    def plain(self) -> bool:
        """Whether there is nothing in it but texts and numbers, which all columns take."""
        return all(column.take for column in self.columns)

    @cached_property
    def cells(self) -> Sequence[Sequence[Cell]]:
        """The cells of all rows, that with totals last; those of a plain table have to be taken."""
        if self.plain:
            return [()] * len(self.rows)
        rows = [tuple(_cell(column.cell, row) for column in self.columns if column.cell) or row for row in self.rows]
        totals = tuple(column.total for column in self.columns if column.total)
        return (*rows, totals) if totals else tuple(rows)

    @cached_property
    def notable(self) -> tuple[tuple[int, int, Cell], ...]:
        """The cells that are more than a text or a number, each with its row and column (from 0)."""
        return tuple(
            (row, column, cell)
            for row, cells in enumerate(self.cells)
            for column, cell in enumerate(cells)
            if type(cell) is not Fixed or cell.name
        )

    @property
    def headers(self) -> list[str]:
        """What stands above the columns."""
        return [column.header for column in self.columns]


def _cell(cell: Cell | Callable[[Any], Cell], row: Any) -> Cell:
    return cell(row) if callable(cell) else cell


class Chart(Struct, frozen=True):
    """Columns that show one number each, or a range: the low one, and hatched on top of it the spread up to high.

    The ranges are defined names; without `spread` there is only the first. With `series`, at most four ranges by what
    they are called, these are shown instead: each with a pattern of its own, stacked or else side by side. `alt` says
    in words what the chart shows.
    """

    title: str
    category_title: str
    value_title: str
    categories: str
    alt: str
    low: str = ""
    spread: str = ""
    rows: int = 16
    in_euros: bool = True
    series: Mapping[str, str] = field(default_factory=dict)
    stacked: bool = True

    @property
    def shown(self) -> Mapping[str, str]:
        """The ranges that it shows, by what they are called."""
        if self.spread:
            return {"Laag": self.low, "Van laag tot hoog": self.spread}
        return self.series or {self.value_title: self.low}


class Charts(Struct, frozen=True):
    """Charts side by side, as high as the first one."""

    charts: Sequence[Chart]

    @property
    def rows(self) -> int:
        """How many rows they take."""
        return self.charts[0].rows


Block = Line | Row | Link | Table | Chart | Charts


class Sheet(Struct, frozen=True, dict=True):
    """One sheet: its name, and its blocks from top to bottom, below a title that is its name if nothing else.

    `purpose` is what a link to it says that it is for. What is not `protected` can be changed and sorted by who reads
    it. `pages` is how many pages wide and high it is printed (0: as many as it takes), with `printed` of only so many
    columns; or `scale` is at how many percent of its size: programs begin no page where we say if they fit it to pages.
    It is as wide as its tables, and as `columns`, for tables that are not always there.
    """

    name: str
    blocks: Sequence[Block]
    title: Fixed | Given | None = None
    columns: Sequence[Column] = ()
    landscape: bool = True
    protected: bool = True
    pages: tuple[int, int] = (1, 0)
    printed: int = 0
    purpose: str = ""
    scale: int = 0

    @property
    def titled(self) -> list[Block]:
        """Its title and its blocks."""
        return [Line(self.title or Fixed(self.name, Style.TITLE), 30), *self.blocks]

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """The widths of its columns, in characters."""
        shared = [self.columns, *(block.columns for block in self.blocks if isinstance(block, Table))]
        places = zip_longest(*([column.width for column in columns] for columns in shared), fillvalue=0)
        return tuple(width for width in map(max, places) if width)

    @property
    def width(self) -> float:
        """The width of all columns that are printed, in characters."""
        return sum(self.widths[: self.printed] if self.printed else self.widths)


class Book(Struct, frozen=True):
    """A workbook: its sheets, and what the file says of itself; `created` is the date of what it rests on."""

    sheets: Sequence[Sheet]
    title: str | Callable[[Any], str]
    subject: str
    author: str
    keywords: str
    created: date
