"""Gemeenten: a row per municipality, over which all other sheets count and add."""

from __future__ import annotations

from typing import Any

from pipeline.choices import Contribution
from pipeline.overview import Overview
from pipeline.workbooks.municipality.names import COMPLETE, NO, NOT_GIVEN, YES
from pipeline.workbooks.sheets import Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.steering.words import FIGURES, NOT_APPLICABLE, amount_cells, bounds, columns
from pipeline.workbooks.styles import Style

FACTS = {
    "Gemeentecode": 14,
    "Gemeente": 24,
    "Inwoners": 11,
    "Grootteklasse": 15,
    "Fase": 15,
    "Startjaar": 10,
    "Begeleiding": 13,
    "Hosting": 10,
    "Bijdrage": 13,
    "Afgestemd": 13,
    "In natura": 16,
}
AMOUNTS = {header: 12 for figure in FIGURES.values() for header in columns(figure)}
REST = {
    "Per inwoner laag": 12,
    "Per inwoner hoog": 12,
    "Bijdrage per jaar": 13,
    "Bestand": 30,
    "Regel": 8,
    "Werkboek": 34,
    "Samenvatting": 34,
}
WIDTHS = FACTS | AMOUNTS | REST


def municipalities(overview: Overview) -> Sheet:
    """The sheet with all municipalities, sortable and filterable."""
    rows = [_row(row) for row in overview.municipalities.itertuples()]
    return Sheet(
        "Gemeenten",
        tuple(WIDTHS.values()),
        [
            Line(Fixed("Gemeenten", Style.TITLE), 30),
            Line(
                Fixed(
                    "Eén regel per gemeente. Werkboek en Samenvatting zijn bestanden in de map gemeenten, naast dit "
                    "werkboek.",
                    Style.NOTE,
                )
            ),
            Table("Gemeenten", tuple(WIDTHS), rows or [_nobody()], filters=True),
        ],
        landscape=True,
    )


def _row(row: Any) -> list[Cell]:
    alternative = row.contribution == Contribution.ALTERNATIVE.dutch
    agreed = {None: NOT_GIVEN, True: YES, False: NO}[row.agreed] if alternative else NOT_APPLICABLE
    return [
        Fixed(row.code),
        Fixed(row.name),
        Fixed(row.inhabitants, Style.INTEGER),
        Fixed(row.size_class),
        Fixed(row.phase),
        Fixed(row.start_year, Style.YEAR),
        Fixed(row.guidance),
        Fixed(row.hosting),
        Fixed(row.contribution),
        Fixed(agreed),
        Fixed(", ".join(row.in_kind) or NO),
        *(cell for figure in FIGURES for cell in amount_cells(getattr(row, figure))),
        *(Fixed(bound, Style.CENT) for bound in bounds(row.per_inhabitant)),
        Fixed(bounds(row.contribution_amount)[0], Style.EURO),
        Fixed(row.file),
        Fixed(row.line, Style.YEAR),
        Fixed(f"{row.stem}.xlsx"),
        Fixed(f"{row.stem}.md"),
    ]


def _nobody() -> list[Cell]:
    """The row of a table without municipalities, which counts for nothing."""
    return [Fixed(COMPLETE if header.endswith("p.m.") else "geen gemeenten") for header in WIDTHS]
