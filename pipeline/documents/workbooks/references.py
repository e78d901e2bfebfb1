"""Whether everything that a described workbook refers to is in it; what is not is refused, by its sheet and cell.

A spreadsheet program would show an error there, but only when it calculates anew; the value that we gave hides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from pipeline.documents.workbooks.cells import Again, Calculated, Input, Rule
from pipeline.documents.workbooks.places import Stacked, address, notable_cells
from pipeline.documents.workbooks.sheets import Block, Chart, Charts, Link, Row, Table
from pipeline.documents.workbooks.strings import wrong

_REFERENCE = re.compile(
    r'"[^"]*"|\d[\d.]*(?:[eE][+-]?\d+)?'  # texts and numbers refer to nothing
    r"|(?P<table>\w+)\[(?P<columns>[^\[\]]*|(?:\[[^\]]*\],?)*)\]"
    r"|(?P<name>[^\W\d][\w.]*)(?!\()\b"
    r"|[A-Z]+\("
)
_COLUMN = re.compile(r"(?:^|\[)([^\[\]#][^\[\]]*)")


def define_names(title: str, stacked: Stacked) -> dict[str, str]:
    """The reference of each defined name: those of cells, and those over parts of columns.

    Raises:
        WorkbookError: if two cells or ranges have the same name.
    """
    found: dict[str, str] = {}
    for sheet, blocks in stacked:
        for name, where in _names(blocks):
            if name in found:
                raise wrong(title, f"{sheet.name}!{where} has the name {name}, and so has {found[name]}")
            found[name] = f"='{sheet.name}'!{where}"
    return found


def _names(blocks: Iterable[tuple[Block, int]]) -> Iterator[tuple[str, str]]:
    for block, top in blocks:
        for cell, row, place in notable_cells(block, top):
            if not isinstance(cell, Again) and cell.name:
                yield cell.name, xl_rowcol_to_cell(row, place, row_abs=True, col_abs=True)
        if isinstance(block, Row) and block.name:
            yield block.name, xl_range_abs(top, 0, top, len(block.cells) - 1)
        if isinstance(block, Table):
            last = top + (len(block.rows) if block.named is None else block.named)
            for place, column in enumerate(block.columns):
                if column.name and last > top:
                    yield column.name, xl_range_abs(top + 1, place, last, place)
            for name, part in block.ranges.items():
                place = block.headers.index(part.column)
                yield name, xl_range_abs(top + 1 + part.first, place, top + part.last, place)


def check_references(title: str, stacked: Stacked, names: Iterable[str]) -> None:
    """Nothing, if every formula, list and chart refers to what there is, and every row of a table is whole.

    Raises:
        WorkbookError: if something else is referred to, or a row has more or fewer cells than its table has columns.
    """
    known = {*names, "TRUE", "FALSE"}
    sheets = {sheet.name for sheet, _ in stacked}
    tables = {block.name: {*block.headers} for _, blocks in stacked for block, _ in blocks if isinstance(block, Table)}
    for sheet, blocks in stacked:
        for block, top in blocks:
            for row, column, referred in _references(block, top):
                if referred not in known and (unknown := _unknown(referred, known, tables)):
                    where = address((sheet.name, row, column))
                    raise wrong(title, f"{where} refers to {unknown}, which is not in it")
            if isinstance(block, Link) and block.sheet not in sheets:
                raise wrong(title, f"{sheet.name}!A{top + 1} leads to the sheet {block.sheet}, which is not in it")
            if isinstance(block, Table):
                for below, cells in enumerate(() if block.plain else block.cells, top + 1):
                    if len(cells) != len(block.columns):
                        where = address((sheet.name, below, min(len(cells), len(block.columns))))
                        what = f"{block.name} has {len(block.columns)} columns, and this row {len(cells)} cells"
                        raise wrong(title, f"{where} does not fit: the table {what}")


def _references(block: Block, top: int) -> Iterator[tuple[int, int, str]]:
    """What a block refers to, names or formulas, each with the cell where it does."""
    for cell, row, column in notable_cells(block, top):
        match cell:
            case Calculated(formula) | Again(formula):
                yield row, column, formula
            case Input(rule=Rule() as rule):
                yield from ((row, column, name) for name in _listed(rule))
    match block:
        case Table(columns=columns):
            rules = ((place, each.rule) for place, each in enumerate(columns) if each.rule)
            yield from ((top, place, name) for place, rule in rules for name in _listed(rule))
        case Chart() | Charts():
            for chart in block.charts if isinstance(block, Charts) else (block,):
                yield from ((top, 0, name) for name in (chart.categories, *chart.shown.values()))


def _listed(rule: Rule) -> Iterator[str]:
    """The name of the range with the words that may be chosen, if there is one."""
    if isinstance(source := rule.criteria.get("source"), str):
        yield source.removeprefix("=")


def _unknown(formula: str, known: set[str], tables: Mapping[str, set[str]]) -> str:
    """The first thing that a formula refers to and that there is not; empty if there is everything."""
    for table, name in _referred(formula):
        if not table:
            if name not in known:
                return name
        elif name not in tables.get(table, ()):
            return f"{table}[{name}]"
    return ""


@lru_cache(maxsize=10_000)
def _referred(formula: str) -> tuple[tuple[str, str], ...]:
    """The names in a formula, and the columns with their tables; remembered, as most stand in every workbook."""
    found: list[tuple[str, str]] = []
    for match in _REFERENCE.finditer(formula):
        if match["table"]:
            found += ((match["table"], column) for column in _COLUMN.findall(match["columns"]))
        elif match["name"]:
            found.append(("", match["name"]))
    return tuple(found)
