"""Bijdragen: how many municipalities contribute in which form, and what that brings in per year."""

from __future__ import annotations

from pipeline.overview import TOTAL
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Range, Sheet, Table
from pipeline.workbooks.steering.formulas import Criterion, add, count, this_row
from pipeline.workbooks.steering.totals import GROUPS
from pipeline.workbooks.steering.words import CONTRIBUTION, cell_name
from pipeline.workbooks.styles import Style

HEADERS = {
    "gemeenten": "Gemeenten",
    "geld": "Financieel",
    "bedrag": "Bedrag per jaar",
    "bedrag_live": "Bedrag per jaar, live",
    "anders_afgestemd": "Alternatief afgestemd",
    "anders_open": "Alternatief af te stemmen",
    "zonder": "Geen bijdrage",
    "inzet": "Met inzet in natura",
}
EUROS: dict[str, tuple[Criterion, ...]] = {"bedrag": (), "bedrag_live": (("Fase", "woord_live"),)}
"""The columns in euros, with what a municipality must meet besides a financial contribution."""
COLUMNS = dict(
    zip(
        HEADERS,
        ("municipalities", "financial", "euros", "euros_live", "agreed", "not_agreed", "none", "in_kind"),
        strict=True,
    )
)
"""For each column of the sheets, as its cells are called: the column of the overview's frame."""

FINANCIAL = ("Bijdrage", "woord_fin")
ALTERNATIVE = ("Bijdrage", "woord_alt")
NOT_AGREED = ("Afgestemd", '"<>"&woord_ja')
CRITERIA: dict[str, tuple[Criterion, ...]] = {
    "gemeenten": (),
    "geld": (FINANCIAL,),
    "anders_afgestemd": (ALTERNATIVE, ("Afgestemd", "woord_ja")),
    "anders_open": (ALTERNATIVE, NOT_AGREED),
    "zonder": (("Bijdrage", '"<>"&woord_fin'), ("Bijdrage", '"<>"&woord_alt')),
    "inzet": (("In natura", '"<>"&woord_nee'),),
}


def contributions() -> Sheet:
    """The sheet with the contributions per size class and per phase."""
    return Sheet(
        "Bijdragen",
        (22, 13, 13, 17, 17, 16, 16, 14, 16),
        [
            Line(Fixed("Bijdragen", Style.TITLE), 30),
            Line(
                Fixed(
                    "De community bijdrage is vrijwillig. Het bedrag is wat de gemeenten met een financiële bijdrage "
                    "samen per jaar betalen volgens het tarief van hun grootteklasse, op het prijspeil van het eerste "
                    "jaar, ook als de bijdrage door de GGU vervalt; een alternatieve bijdrage heeft geen bedrag en "
                    "telt als p.m.",
                    Style.NOTE,
                )
            ),
            Line(Fixed("Per grootteklasse", Style.HEADING), 24),
            _table("klasse", "BijdragenPerKlasse"),
            Line(Fixed("Per fase", Style.HEADING), 24),
            _table("fase", "BijdragenPerFase"),
        ],
        landscape=True,
    )


def _table(kind: str, table: str) -> Table:
    _, header, labels = GROUPS[kind]
    own = (header, this_row(table, header))
    rows = [[Fixed(label), *_cells(cell_name("bijdrage", kind, label), own)] for label in labels]
    rows.append([Fixed(TOTAL), *_sums(kind)])
    last = len(labels)
    ranges = {cell_name("bijdrage", kind, key): Range(of, 0, last) for key, of in HEADERS.items()}
    return Table(table, [header, *HEADERS.values()], rows, ranges=ranges, strong=frozenset({last}))


def _cells(name: str, own: Criterion) -> list[Cell]:
    return [
        Calculated(f"{name}_{key}", f"={add(CONTRIBUTION, own, FINANCIAL, *EUROS[key])}", Style.EURO, False)
        if key in EUROS
        else Calculated(f"{name}_{key}", f"={count(own, *CRITERIA[key])}", Style.INTEGER, False)
        for key in HEADERS
    ]


def _sums(kind: str) -> list[Cell]:
    return [
        Calculated(
            cell_name("bijdrage", kind, TOTAL, key),
            f"=SUM({cell_name('bijdrage', kind, key)})",
            Style.EURO if key in EUROS else Style.INTEGER,
        )
        for key in HEADERS
    ]
