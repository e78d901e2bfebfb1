"""Totalen: the key figures per size class and per phase, by formula."""

from __future__ import annotations

from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated
from pipeline.documents.workbooks.formulas import bounded, mark, marked, this_row, unless_pm
from pipeline.documents.workbooks.sheets import Chart, Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import INCOMPLETE, add, count, own
from pipeline.documents.workbooks.steering.tables import BY_CLASS, BY_PHASE, Grouping, grouped, summed
from pipeline.documents.workbooks.steering.words import FIGURES, FIRST_YEAR, HORIZON, MARK, cell_name
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import HIGH, LOW
from pipeline.results.overview import TOTAL, Overview

FIRST_YEARS = Chart(
    title="Eerste jaar per grootteklasse, van laag tot hoog (zonder p.m.)",
    category_title="Grootteklasse",
    value_title="Euro",
    categories="klasse_grootteklasse",
    low="klasse_eerste_jaar_laag",
    spread="klasse_eerste_jaar_verschil",
    alt="Gestapelde kolommen: per grootteklasse de lage raming van het eerste jaar en daarboven het "
    "verschil met de hoge.",
)


def totals(overview: Overview) -> Sheet:
    """The sheet with what the municipalities of each size class and phase come to together."""
    return Sheet(
        "Totalen",
        [
            note("Opgeteld uit het blad Gemeenten. Een bedrag met + p.m. mist wat niemand heeft begroot."),
            heading("Per grootteklasse"),
            _groups("Klassen", BY_CLASS),
            heading("Per fase"),
            _groups("Fasen", BY_PHASE),
            *([FIRST_YEARS] if len(overview.municipalities) else []),
        ],
        pages=(1, 1),
        purpose="de kengetallen per grootteklasse en per fase",
    )


def _groups(table: str, by: Grouping) -> Table:
    """The key figures of each group, and of all together."""
    group = own(table, by.header)
    incomplete = count(group, (f"{HORIZON} {MARK}", INCOMPLETE))
    low, high = (this_row(table, f"{FIRST_YEAR} {bound}") for bound in (LOW, HIGH))
    spread = Calculated(f"N({high})-N({low})", attrgetter("first_year.spread"))
    columns = [
        _counted(by, "Gemeenten", count(group), "municipalities"),
        _counted(by, "Met p.m.", incomplete, "incomplete"),
        *(column for key, figure in FIGURES.items() for column in _amounts(table, by, key, figure)),
        Column(f"{FIRST_YEAR} verschil", 16, spread, spread, cell_name(by.kind, FIRST_YEAR, "verschil")),
    ]
    return grouped(table, by, 18, columns, cell_name(by.kind, by.header))


def _counted(by: Grouping, header: str, formula: str, key: str) -> Column:
    return summed(by.kind, header, header, 12, formula, attrgetter(key), Style.INTEGER, "SUM(@)")


def _amounts(table: str, by: Grouping, key: str, figure: str) -> list[Column]:
    """A key figure, summed over the municipalities of a group, and over the groups."""
    group, marker = own(table, by.header), this_row(table, f"{figure} {MARK}")
    name, total_name = cell_name(by.kind, figure), cell_name(by.kind, TOTAL, figure)
    amount, sum_ = attrgetter(key), f"ROUND(SUM({name}_@),2)"
    missing = mark(f"{count(group, (f'{figure} {MARK}', INCOMPLETE))}>0", add(f"{figure} {HIGH}", group))
    missing_total = mark(f"COUNTIF({name}_pm,{INCOMPLETE})>0", sum_.replace("@", HIGH))
    return [
        *bounded(
            figure,
            16,
            unless_pm(marker, add(f"{figure} @", group)),
            amount,
            name=name,
            total=unless_pm(marker, sum_),
            total_name=total_name,
        ),
        Column(
            f"{figure} {MARK}", 11, marked(missing, amount), marked(missing_total, amount, total_name), f"{name}_pm"
        ),
    ]
