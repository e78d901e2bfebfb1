"""The formulas of the steering group's workbook: counts and sums over the table of municipalities.

A criterion is a pair of a column and what it must hold; texts in it are references to cells, never literals. Columns
are taken with their headers (`#All`): a header meets no criterion, and a column of one row stays a range everywhere.
"""

from __future__ import annotations

from pipeline.workbooks.sheets import Calculated, Cell
from pipeline.workbooks.steering.words import HIGH, LOW, MARK, cell_name
from pipeline.workbooks.styles import Style

Criterion = tuple[str, str]


def column(name: str, table: str = "Gemeenten") -> str:
    """A column of a table, with its header."""
    return f"{table}[[#All],[{name}]]"


def this_row(table: str, name: str) -> str:
    """The cell of a column in the formula's own row of a table."""
    return f"{table}[[#This Row],[{name}]]"


def count(*criteria: Criterion, table: str = "Gemeenten") -> str:
    """How many rows of a table meet all criteria; at least one must name a value."""
    return f"COUNTIFS({','.join(f'{column(name, table)},{value}' for name, value in criteria)})"


def add(name: str, *criteria: Criterion, table: str = "Gemeenten") -> str:
    """The sum of a column over the rows of a table that meet all criteria; p.m. does not count."""
    met = ",".join(f"{column(n, table)},{value}" for n, value in criteria)
    return f"ROUND(SUMIFS({column(name, table)},{met}),2)"


def group_cells(table: str, name: str, figure: str, own: Criterion) -> tuple[Cell, Cell, Cell]:
    """The low, high and p.m. cell of a key figure, summed over the municipalities of the row's own group."""
    missing = count(own, (f"{figure} {MARK}", '"<>"&tekst_volledig'))
    low, high = (add(f"{figure} {bound}", own) for bound in (LOW, HIGH))
    return _sum_cells(table, name, figure, (low, high, missing), defined=False)


def total_cells(table: str, name: str, figure: str, kind: str) -> tuple[Cell, Cell, Cell]:
    """The low, high and p.m. cell of a key figure, summed over the groups in the rows above."""
    low, high, marks = (cell_name(kind, figure, part) for part in (LOW, HIGH, MARK))
    parts = (f"ROUND(SUM({low}),2)", f"ROUND(SUM({high}),2)", f'COUNTIF({marks},"<>"&tekst_volledig)')
    return _sum_cells(table, name, figure, parts, defined=True)


def _sum_cells(
    table: str, name: str, figure: str, parts: tuple[str, str, str], *, defined: bool
) -> tuple[Cell, Cell, Cell]:
    """Cells of a sum from its low, its high, and how many of its parts miss something."""
    low, high, missing = parts
    own_mark = this_row(table, f"{figure} {MARK}")
    mark = f"=IF({missing}>0,IF({high}=0,tekst_pm,tekst_plus_pm),tekst_volledig)"
    return (
        Calculated(cell_name(name, figure, LOW), f"=IF({own_mark}=tekst_pm,tekst_pm,{low})", defined=defined),
        Calculated(cell_name(name, figure, HIGH), f"=IF({own_mark}=tekst_pm,tekst_pm,{high})", defined=defined),
        Calculated(cell_name(name, figure, MARK), mark, Style.STATUS, defined),
    )
