"""How high the rows of a sheet are, in points, by the texts in them and the widths of their columns, in characters."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from functools import cache, lru_cache

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Given, Input
from pipeline.documents.workbooks.places import letters
from pipeline.documents.workbooks.styles import Style

TEXT_HEIGHT, LINE_HEIGHT = 13, 15
room = cache(letters)
"""How many letters a width has room for."""


def height(lines: int) -> float:
    """How high a row of a table with so many lines is."""
    return TEXT_HEIGHT * lines + 2


def row_height(cells: Sequence[Cell], widths: Sequence[float]) -> float:
    """How high a row of a table is: as the highest of its cells."""
    texts = (
        _lines(cell, width)
        for cell, width in zip(cells, widths, strict=False)
        if type(cell) is not Fixed or isinstance(cell.value, str)
    )
    return height(max(texts, default=1))


def grows(cells: Sequence[Cell]) -> bool:
    """Whether a row of a table is to become as high as what comes in it: it varies, or is typed into every cell."""
    first, *others = cells
    varies = any(isinstance(cell, Given) and cell.style is Style.TEXT for cell in others[:1])
    return varies or (isinstance(first, Input) and first.rule is None)


def header_height(headers: Sequence[str], widths: Sequence[float]) -> float:
    """How high the header of a table is, of which the letters are wider."""
    lines = max(_lines(Fixed(header), width * 0.9) for header, width in zip(headers, widths, strict=False))
    return TEXT_HEIGHT * lines + 6


def _lines(cell: Cell, width: float) -> int:
    """How many lines a cell needs in a column of a width; a varying text counts as one, unless it says its length."""
    match cell:
        case Fixed(str() as text):
            most = room(width)
            return 1 if len(text) <= most and "\t" not in text else wrapped(text, most)
        case Calculated(longest=longest) if longest:
            return math.ceil(longest / (letters(width) - 2))
    return 1


@lru_cache(maxsize=10_000)
def wrapped(text: str, width: int) -> int:
    """How many lines a text takes; remembered, because most texts stand in every workbook."""
    return max(1, len(textwrap.wrap(text, width)))
