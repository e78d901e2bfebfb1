"""Where each cell of a described workbook stands."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from pipeline.documents.workbooks.cells import Cell, Fixed
from pipeline.documents.workbooks.sheets import Block, Chart, Charts, Line, Row, Sheet, Table
from pipeline.documents.workbooks.styles import Style

Place = tuple[str, int, int]
"""The sheet, row and column (from 0) of a cell."""
Stacked = Sequence[tuple[Sheet, Sequence[tuple[Block, int]]]]
"""The sheets of a workbook, each with its blocks and their first rows."""


def address(place: Place) -> str:
    """A place as people write it: `Kosten!D5`."""
    from xlsxwriter.utility import xl_rowcol_to_cell  # with all of the library, which who fills in values needs not

    sheet, row, column = place
    return f"{sheet}!{xl_rowcol_to_cell(row, column)}"


def stacked(sheet: Sheet) -> Iterator[tuple[Block, int]]:
    """Each block with its first row (from 0); there are no empty rows between blocks."""
    row = 0
    for block in sheet.titled:
        match block:
            case Line(Fixed(str() as text, style), height) if style is Style.NOTE:
                for part in textwrap.wrap(text, letters(_page_width(sheet))):
                    yield Line(Fixed(part, style), height), row
                    row += 1
                continue
            case Table():
                size = 1 + len(block.cells)
            case Chart() | Charts():
                size = block.rows
            case _:
                size = 1
        yield block, row
        row += size


def cells_of(block: Block, row: int) -> Iterator[tuple[Cell, int, int]]:
    """The cells of a block with their row and column."""
    match block:
        case Line(cell):
            yield cell, row, 0
        case Row(cells):
            yield from ((cell, row, column) for column, cell in enumerate(cells))
        case Table():
            for below, cells in enumerate(block.cells, row + 1):
                yield from ((cell, below, column) for column, cell in enumerate(cells))


def notable_cells(block: Block, row: int) -> Iterator[tuple[Cell, int, int]]:
    """The same, but in a table only those that are more than a text or a number."""
    if isinstance(block, Table):
        yield from ((cell, row + 1 + below, column) for below, column, cell in block.notable)
    else:
        yield from cells_of(block, row)


def letters(width: float) -> int:
    """How many letters of running text fit in a width, which counts digits; a little less, to be safe."""
    return max(1, int(width * 1.15) - 2)


def _page_width(sheet: Sheet) -> float:
    """The width of what stands on the first of the pages side by side; less than a part, as columns are not cut."""
    return sheet.width if sheet.pages[0] == 1 else sheet.width / sheet.pages[0] * 0.85
