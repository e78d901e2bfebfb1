"""Pages as XlsxWriter writes them, but faster where there is much of the same; what they say is its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from io import BytesIO
from typing import Any

from msgspec import Struct
from xlsxwriter.utility import xl_col_to_name as _xl_col_to_name
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import CellFormulaTuple, CellNumberTuple, CellStringTuple, Worksheet

from pipeline.documents.workbooks.strings import escape, fitting

xl_col_to_name = cache(_xl_col_to_name)


class Page(Worksheet):  # type: ignore[misc]
    """A worksheet that looks in a formula only for functions that are in it.

    Of texts and numbers, of which there are most, it writes the XML in one go; of rows with nothing else, a row. Those
    it keeps apart: `MARK` stands in the XML for all that are next to each other.
    """

    fh: Any
    """Where XML is written to."""

    def __init__(self) -> None:
        super().__init__()
        self.apart: list[Apart] = []
        self._plain: dict[int, tuple[Looks, tuple[str, ...]]] = {}

    def write_plain(self, top: int, rows: Iterable[tuple[Looks, tuple[str, ...]]]) -> None:
        """Write rows of nothing but texts and numbers: how each looks, and what stands behind its addresses."""
        written = dict(enumerate(rows, top))
        self._plain |= written
        for row in (top, top + len(written) - 1):
            self._check_dimensions(row, written[row][0].last)

    def add_table(self, top: int, left: int, bottom: int, right: int, options: dict[str, Any]) -> None:
        """Add a table, of which XlsxWriter takes down each cell: so it is told of one row, and how many there are."""
        super().add_table(top, left, top + 1, right, options)
        table = self.tables[-1]
        table |= dict.fromkeys({"range", "a_range", "autofilter"} & table.keys(), xl_range(top, left, bottom, right))

    def _write_rows(self) -> None:
        whole = self.fh
        for row in sorted({*self.table, *self.row_info, *self._plain}):
            info = self.row_info.get(row)
            if row in self._plain:
                if self.fh is whole:
                    whole.write(MARK)
                    self.fh = Apart()
                    self.apart.append(self.fh)
                if info:
                    self._write_row(row, None, info)
                else:
                    self.fh.write(f'<row r="{row + 1}">')
                self.fh.write_cells(row, *self._plain.pop(row))
                continue
            self.fh = whole
            if cells := self.table.get(row):
                self._write_row(row, None, info)
                for column in sorted(cells):
                    self._write_cell(row, column, cells[column])
            elif info:
                self._write_empty_row(row, None, info)
                continue
            else:
                continue
            self._xml_end_tag("row")
        self.fh = whole

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        value, text = f"{getattr(cell, 'value', '')}", ""
        match cell:
            case _ if not cell.format:
                pass
            case CellStringTuple():
                text = f' t="s"><v>{cell.string}</v></c>'
            case CellNumberTuple():
                text = f"><v>{cell.number:.16G}</v></c>"
            case CellFormulaTuple() if not (isinstance(cell.value, bool) or value.startswith("#")):
                kind = ' t="str"' if value and isinstance(cell.value, str) else ""
                text = f"{kind}><f>{escape(cell.formula)}</f><v>{escape(value)}</v></c>"
        if text:
            self.fh.write(f'<c r="{xl_col_to_name(col)}{row + 1}" s="{cell.format._get_xf_index()}"{text}')
        else:
            super()._write_cell(row, col, cell)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if "{" not in formula:
            found = {(name, expand_future_functions) for name in _FUNCTION.findall(formula)}
            for name in found - _KEPT.keys():
                _KEPT[name] = super()._prepare_formula(*name) == name[0]
            if all(map(_KEPT.__getitem__, found)):
                return formula.removeprefix("=")
        prepared: str = super()._prepare_formula(formula, expand_future_functions)
        return prepared


class Apart:
    """Rows of nothing but texts and numbers, next to each other, as XML: as bytes, because they are most of a part."""

    def __init__(self) -> None:
        self.rows = BytesIO()
        self._first = 0
        self._looks: dict[int, Looks] = {}
        self._contents: set[str] = set()

    def write(self, text: str) -> None:
        """Write some XML."""
        self.rows.write(text.encode())

    def write_cells(self, row: int, looks: Looks, contents: tuple[str, ...]) -> None:
        """Write the cells of a row, of which the begin is written, and its end."""
        self.write(looks.cells.replace("@", str(row + 1)) % contents + "</row>")
        self._first = self._first or self.rows.tell()
        self._looks[id(looks)] = looks
        self._contents.update(contents)

    @property
    def samples(self) -> bytes:
        """The first row, and all looks and contents once: as the rows are made of these, they are XML if this is."""
        looks = (each.cells.replace("%s", "/>") for each in self._looks.values())
        others = "".join(("<row>", *looks, *(f"<c{each}" for each in self._contents), "</row>"))
        return bytes(self.rows.getbuffer()[: self._first]) + others.encode()


MARK = "\0"
"""Stands in the XML of a sheet for what is kept apart; no XML has it."""
_FUNCTION = re.compile(r"[\w.]+\(")
_KEPT: dict[tuple[str, bool], bool] = {}
"""Whether XlsxWriter writes the name of a function as it is; it looks for each of 29 others in a formula, or 170."""


class Looks(Struct, frozen=True, dict=True):
    """The formats of the cells of a row, which get their numbers when the first of them is written out."""

    formats: Sequence[Any]

    @property
    def last(self) -> int:
        """The last column."""
        return len(self.formats) - 1

    @cached_property
    def cells(self) -> str:
        """The cells, with `@` for the number of the row and `%s` for what stands behind the address and the look."""
        looks = enumerate(each._get_xf_index() for each in self.formats)
        return "".join(f'<c r="{xl_col_to_name(column)}@" s="{look}"%s' for column, look in looks)


class Contents(dict[Any, str]):
    """The XML of a text or a number in a cell, behind its address and look; `texts` are those of which there is any."""

    def __init__(self, numbered: Callable[[str], int]) -> None:
        self.numbered = numbered
        self.texts: dict[str, str] = {}

    def __missing__(self, value: Any) -> str:
        if not isinstance(value, str):
            found = f"><v>{float(value):.16G}</v></c>"
        elif value:
            text = fitting(value)
            found = f' t="s"><v>{self.numbered(text)}</v></c>'
            self.texts[found] = text
        else:
            found = "/>"
        self[value] = found
        return found
