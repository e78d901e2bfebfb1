"""Totalen: the key figures per size class and per phase, by formula."""

from __future__ import annotations

from pipeline.overview import PHASES, SIZE_CLASSES, TOTAL, Overview
from pipeline.workbooks.sheets import Calculated, Cell, Chart, Fixed, Line, Range, Sheet, Table
from pipeline.workbooks.steering.formulas import count, group_cells, this_row, total_cells
from pipeline.workbooks.steering.words import (
    FIGURES,
    FIRST_YEAR,
    HIGH,
    HORIZON,
    LOW,
    MARK,
    cell_name,
    columns,
)
from pipeline.workbooks.styles import Style

GROUPS = {"klasse": ("Klassen", "Grootteklasse", SIZE_CLASSES), "fase": ("Fasen", "Fase", PHASES)}
"""For each kind of group, as the names of cells begin: its table, the column that tells it, and its labels."""

NUMBER, INCOMPLETE, SPREAD = "Gemeenten", "Met p.m.", f"{FIRST_YEAR} verschil"


FIRST_YEARS = Chart(
    title="Eerste jaar per grootteklasse, van laag tot hoog (zonder p.m.)",
    category_title="Grootteklasse",
    value_title="Euro",
    categories=cell_name("klasse", "Grootteklasse"),
    low=cell_name("klasse", FIRST_YEAR, LOW),
    spread=cell_name("klasse", SPREAD),
    alt="Gestapelde kolommen: per grootteklasse de lage raming van het eerste jaar en daarboven het "
    "verschil met de hoge.",
)


def totals(overview: Overview) -> Sheet:
    """The sheet with what the municipalities of each size class and phase come to together."""
    return Sheet(
        "Totalen",
        (18, 12, 12, *(width for _ in FIGURES for width in (16, 16, 11)), 16),
        [
            Line(Fixed("Totalen", Style.TITLE), 30),
            Line(
                Fixed(
                    "Opgeteld uit het blad Gemeenten. Een bedrag met + p.m. mist wat niemand heeft begroot.",
                    Style.NOTE,
                )
            ),
            Line(Fixed("Per grootteklasse", Style.HEADING), 24),
            _groups("klasse"),
            Line(Fixed("Per fase", Style.HEADING), 24),
            _groups("fase"),
            *([FIRST_YEARS] if len(overview.municipalities) else []),
        ],
        landscape=True,
        pages=(1, 1),
    )


def _groups(kind: str) -> Table:
    """The key figures of each group, and of all together."""
    table, header, labels = GROUPS[kind]
    own = (header, this_row(table, header))
    incomplete = (f"{HORIZON} {MARK}", '"<>"&tekst_volledig')
    rows: list[list[Cell]] = [
        [
            Fixed(label),
            Calculated(cell_name(kind, label, NUMBER), f"={count(own)}", Style.INTEGER, False),
            Calculated(cell_name(kind, label, INCOMPLETE), f"={count(own, incomplete)}", Style.INTEGER, False),
            *(cell for figure in FIGURES.values() for cell in group_cells(table, cell_name(kind, label), figure, own)),
            _spread(table, cell_name(kind, label)),
        ]
        for label in labels
    ]
    name = cell_name(kind, TOTAL)
    rows.append(
        [
            Fixed(TOTAL),
            Calculated(cell_name(name, NUMBER), f"=SUM({cell_name(kind, NUMBER)})", Style.INTEGER),
            Calculated(cell_name(name, INCOMPLETE), f"=SUM({cell_name(kind, INCOMPLETE)})", Style.INTEGER),
            *(cell for figure in FIGURES.values() for cell in total_cells(table, name, figure, kind)),
            _spread(table, name),
        ]
    )
    headers = [header, NUMBER, INCOMPLETE, *(c for figure in FIGURES.values() for c in columns(figure)), SPREAD]
    last = len(labels)
    ranges = {cell_name(kind, of): Range(of, 0, last) for of in headers}
    return Table(table, headers, rows, ranges=ranges, strong=frozenset({last}))


def _spread(table: str, name: str) -> Cell:
    """From low to high in the first year, which the chart puts on top of low."""
    low, high = (this_row(table, f"{FIRST_YEAR} {bound}") for bound in (LOW, HIGH))
    return Calculated(cell_name(name, SPREAD), f"=N({high})-N({low})", defined=False)
