"""The vocabulary in which a sheet is described: cells, and the blocks that hold them, from top to bottom.

A description says what stands where in relation to what else; it holds no addresses. Cells that vary are named:
the writer takes their values from a mapping by that name, so that one description serves every municipality.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.workbooks.styles import Style

Value = str | float | int | date


@dataclass(frozen=True, slots=True)
class Fixed:
    """A cell with the same text or number in every workbook of a run; `name` makes it a defined name."""

    value: Value
    style: Style = Style.TEXT
    name: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A cell whose value comes from the values under `name`, as data."""

    name: str
    style: Style = Style.TEXT


@dataclass(frozen=True, slots=True)
class Calculated:
    """A formula; its cached value comes from the values under `name`.

    With `defined`, other formulas may refer to the cell by its name. The formula refers to cells by names and
    structured references only. `longest` is the length of the longest text that it can give.
    """

    name: str
    formula: str
    style: Style = Style.EURO
    defined: bool = True
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be typed into an input cell: XlsxWriter's validation, with a message before and after."""

    criteria: Mapping[str, Value | Sequence[str]]
    title: str
    message: str
    error: str


@dataclass(frozen=True, slots=True)
class Input:
    """An unlocked cell with a value from the values under `name`; formulas refer to it by that name."""

    name: str
    rule: Rule
    style: Style = Style.TEXT


Cell = Fixed | Given | Calculated | Input


@dataclass(frozen=True, slots=True)
class Line:
    """One cell in the first column, such as a title or a sentence; long fixed notes are cut into lines."""

    cell: Cell
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side, such as the conclusion; None leaves a place empty, in the look of the row's first cell."""

    cells: Sequence[Cell | None]
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A cell in the first column that leads to another sheet of the workbook."""

    text: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Range:
    """A defined name over part of a table's column: its rows from `first` up to but not including `last`."""

    column: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Table:
    """A real Excel table: headers, rows of equally many cells, names of ranges in it, rows that stand out.

    `chosen_when` is a column whose cell equals the defined name `chosen_is` in the rows to be marked. `lists` gives
    columns a drop-down, from the range with that name; `bars` are columns in which a bar shows how large a number is.
    """

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    ranges: Mapping[str, Range] = field(default_factory=dict)
    strong: frozenset[int] = frozenset()
    filters: bool = False
    chosen_when: str = ""
    chosen_is: str = ""
    lists: Mapping[str, str] = field(default_factory=dict)
    bars: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns that show one number each, or a range: the low one, and hatched on top of it the spread up to high.

    The ranges are defined names; without `spread` there is only the first. With `series`, at most four ranges by what
    they are called, these are shown instead: each with a pattern of its own, stacked or else side by side. `alt` says
    in words what the chart shows.
    """

    title: str
    category_title: str
    value_title: str
    categories: str
    low: str
    spread: str
    alt: str
    rows: int = 16
    in_euros: bool = True
    series: Mapping[str, str] = field(default_factory=dict)
    stacked: bool = True


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts side by side, as high as the first one."""

    charts: Sequence[Chart]

    @property
    def rows(self) -> int:
        """How many rows they take."""
        return self.charts[0].rows


Block = Line | Row | Link | Table | Chart | Charts


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the widths of its columns in characters, and its blocks from top to bottom.

    `purpose` is what a link to it says that it is for. What is not `protected` can be changed and sorted by who reads
    it. `pages` is how many pages wide and high it is printed (0: as many as it takes).
    """

    name: str
    widths: Sequence[float]
    blocks: Sequence[Block]
    landscape: bool = False
    protected: bool = True
    pages: tuple[int, int] = (1, 0)
    purpose: str = ""

    @property
    def width(self) -> float:
        """The width of all columns, in characters."""
        return sum(self.widths)


def cells_of(sheet: Sheet) -> Iterator[Cell]:
    """Every cell of a sheet, from top to bottom."""
    for block in sheet.blocks:
        match block:
            case Line(cell):
                yield cell
            case Row(cells):
                yield from filter(None, cells)
            case Table(rows=rows):
                for cells in rows:
                    yield from cells


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says of itself; `created` is the date of what it rests on, not of the run."""

    title: str
    subject: str
    author: str
    keywords: str
    created: date
