"""Pages as XlsxWriter writes them, but faster where there is much of the same; the bytes are its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from xlsxwriter.utility import xl_col_to_name as _xl_col_to_name
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

from pipeline.documents.workbooks.strings import fitting

xl_col_to_name = cache(_xl_col_to_name)


class Page(Worksheet):  # type: ignore[misc]
    """A worksheet that prepares a formula's text once: it is the same in every workbook, and takes half of the time.

    Of texts and numbers, of which there are most, it writes the XML in one go.
    """

    def __init__(self) -> None:
        super().__init__()
        self.table_cells = _Forgotten()

    def write_plain(self, row: int, xml: str, looks: Looks) -> None:
        """Write the cells of a row at once; `xml` has `%d` in place of the look of each."""
        last = len(looks.formats) - 1
        for column in (0, last):
            self._check_dimensions(row, column)
        self.table[row] = {last: None, 0: (xml, looks)}

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if type(cell) is tuple:
            xml, looks = cell
            self.fh.write(xml % looks.numbers)
        elif cell is None:
            pass  # the last of a row that was written at once
        elif cell.format and type(cell) is CellStringTuple:
            begin = f'<c r="{xl_col_to_name(col)}{row + 1}" s="{cell.format._get_xf_index()}"'
            self.fh.write(f'{begin} t="s"><v>{cell.string}</v></c>')
        elif cell.format and type(cell) is CellNumberTuple:
            begin = f'<c r="{xl_col_to_name(col)}{row + 1}" s="{cell.format._get_xf_index()}"'
            self.fh.write(f"{begin}><v>{cell.number:.16G}</v></c>")
        else:
            super()._write_cell(row, col, cell)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        key = (formula, expand_future_functions)
        if key not in _PREPARED:
            _PREPARED[key] = super()._prepare_formula(*key)
        return _PREPARED[key]


_PREPARED: dict[tuple[str, bool], str] = {}


class _Forgotten(dict[Any, Any]):
    """Takes down which cells lie in tables, and forgets it: tables are stacked, and a long one has very many cells."""

    def __setitem__(self, cell: Any, table: Any) -> None:
        pass


@dataclass(frozen=True)
class Looks:
    """The formats of the cells of a row, which get their numbers when the first of them is written out."""

    formats: Sequence[Any]

    @cached_property
    def numbers(self) -> tuple[int, ...]:
        """Their numbers among the formats of the workbook."""
        return tuple(each._get_xf_index() for each in self.formats)


class Contents(dict[Any, tuple[str, float, str]]):
    """What stands in a cell with a text or a number, behind its address: the XML, and of a text its length and itself.

    A tab makes a text longer than any cell is wide.
    """

    def __init__(self, numbered: Callable[[str], int]) -> None:
        self.numbered = numbered

    def __missing__(self, value: Any) -> tuple[str, float, str]:
        if not isinstance(value, str):
            found = f'" s="%d"><v>{float(value):.16G}</v></c>', 0.0, ""
        elif value:
            text = fitting(value)
            length = math.inf if "\t" in text else len(text)
            found = f'" s="%d" t="s"><v>{self.numbered(text)}</v></c>', length, text
        else:
            found = '" s="%d"/>', 0.0, ""
        self[value] = found
        return found
