"""Gemeenten: a row per municipality, over which all other sheets count and add; whoever reads it may change it."""

from __future__ import annotations

from typing import Any

from pipeline.choices import Contribution
from pipeline.overview import TOTAL, Overview
from pipeline.workbooks.municipality.names import NO, NOT_APPLICABLE, NOT_GIVEN, YES, bounds
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Sheet, Table, Value
from pipeline.workbooks.steering.formulas import column, this_row
from pipeline.workbooks.steering.words import (
    CONTRIBUTION,
    FIGURES,
    FIRST_YEAR,
    HIGH,
    HOSTING,
    HOURS,
    LAPSES,
    LAPSES_IN_HORIZON,
    LOW,
    amount_cells,
    cell_name,
    columns,
    lapse_name,
)
from pipeline.workbooks.styles import Style

VISIBLE = "ZichtbareRegels"
FACTS = {
    "Gemeentecode": 15,
    "Gemeente": 24,
    "Inwoners": 17,
    "Grootteklasse": 17,
    "Fase": 17,
    "Startjaar": 17,
    "Begeleiding": 17,
    HOSTING: 17,
    "Bijdrage": 17,
    "Afgestemd": 17,
    "In natura": 16,
}
AMOUNT_WIDTHS = (15, 15, 12)
AMOUNTS = {
    header: width for figure in FIGURES.values() for header, width in zip(columns(figure), AMOUNT_WIDTHS, strict=True)
}
REST = {
    "Per inwoner laag": 15,
    "Per inwoner hoog": 15,
    HOURS: 12,
    **dict(zip(columns(HOSTING), AMOUNT_WIDTHS, strict=True)),
    CONTRIBUTION: 13,
    LAPSES: 13,
    LAPSES_IN_HORIZON: 13,
    "Bestand": 30,
    "Regel": 8,
    "Werkboek": 34,
    "Samenvatting": 34,
}
WIDTHS = FACTS | AMOUNTS | REST
LISTS = {
    "Grootteklasse": "klasse_grootteklasse",
    "Fase": "fase_fase",
    "Begeleiding": "lijst_begeleiding",
    HOSTING: "lijst_hosting",
    "Bijdrage": "lijst_bijdrage",
    "Afgestemd": "lijst_afgestemd",
}
"""The range with the words of each column that has a drop-down."""


def municipalities(overview: Overview) -> Sheet:
    """The sheet with all municipalities, to be changed, sorted and filtered."""
    rows = [_row(row) for row in overview.municipalities.itertuples()]
    return Sheet(
        "Gemeenten",
        tuple(WIDTHS.values()),
        [
            Line(Fixed("Gemeenten", Style.TITLE), 30),
            Line(
                Fixed(
                    "Eén regel per gemeente. Dit blad is niet beveiligd: filter, en de zichtbare regels tellen op in "
                    "de tabel hieronder; verbeter een regel, en alle bladen rekenen mee. De bedragen van een regel "
                    "komen uit het werkboek van de gemeente; ze volgen niet uit de keuzes in die regel, dus pas bij "
                    "een andere keuze ook de bedragen aan. Bijdrage per jaar is het tarief van de grootteklasse, ook "
                    "als de bijdrage door de GGU vervalt. Werkboek en Samenvatting zijn bestanden in de map gemeenten, "
                    "naast dit werkboek.",
                    Style.NOTE,
                )
                if rows
                else Fixed("Er zijn nog geen kostenindicaties.", Style.NOTE)
            ),
            Line(Fixed("Zichtbare regels samen, zonder p.m.", Style.HEADING), 24),
            _visible(),
            Line(Fixed("Alle regels", Style.HEADING), 24),
            Table(
                "Gemeenten",
                tuple(WIDTHS),
                rows or [_nobody()],
                filters=True,
                lists=LISTS if rows else {},
                bars=frozenset({f"{FIRST_YEAR} {HIGH}"}),
            ),
        ],
        landscape=True,
        protected=False,
        pages=(3, 0) if rows else (1, 0),
    )


def visible_values(overview: Overview) -> dict[str, Value]:
    """The values of the sums of the visible rows: of all, as long as nobody filters."""
    everything = overview.by_class.to_dict("index")[TOTAL]
    values: dict[str, Value] = {cell_name(VISIBLE, "gemeenten"): everything["municipalities"]}
    for key, figure in FIGURES.items():
        amount = everything[key]
        for bound, euros in ((LOW, amount.low), (HIGH, amount.high)):
            values[cell_name(VISIBLE, figure, bound)] = float(euros)
    contributions = overview.contributions.to_dict("index")[TOTAL]["euros"]
    return values | {cell_name(VISIBLE, CONTRIBUTION): float(contributions.low)}


def _visible() -> Table:
    """What the rows come to that a filter leaves visible."""
    sums = [f"{figure} {bound}" for figure in FIGURES.values() for bound in (LOW, HIGH)] + [CONTRIBUTION]
    return Table(
        VISIBLE,
        ["Gemeenten", *sums],
        [
            [
                Calculated(
                    cell_name(VISIBLE, "gemeenten"), f"=SUBTOTAL(102,{column('Inwoners')})", Style.INTEGER, False
                ),
                *(
                    Calculated(cell_name(VISIBLE, header), f"=ROUND(SUBTOTAL(109,{column(header)}),2)", defined=False)
                    for header in sums
                ),
            ]
        ],
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
        Fixed(float(row.guidance_hours), Style.HOURS),
        *amount_cells(row.hosting_amount),
        Fixed(bounds(row.contribution_amount)[0], Style.EURO),
        *_lapses(row.code),
        Fixed(row.file),
        Fixed(row.line, Style.YEAR),
        # As text: a link to another file makes spreadsheet programs warn that this one is not safe.
        Fixed(f"{row.stem}.xlsx"),
        Fixed(f"{row.stem}.md"),
    ]


def _lapses(code: str) -> tuple[Cell, Cell]:
    """What a municipality no longer pays once the GGU does, from the year on the sheet GGU."""
    contribution, start, yearly = (this_row("Gemeenten", header) for header in (CONTRIBUTION, "Startjaar", LAPSES))
    financial = f"{this_row('Gemeenten', 'Bijdrage')}=woord_fin"
    years = f"MAX(0,looptijd_laatste-MAX({start},ggu_vanaf,looptijd_eerste)+1)"
    return (
        Calculated(lapse_name(code, LAPSES), f"=IF({financial},N({contribution}),0)", defined=False),
        Calculated(lapse_name(code, LAPSES_IN_HORIZON), f"=ROUND({yearly}*{years},2)", defined=False),
    )


def _nobody() -> list[Cell]:
    """The row of a table without municipalities, which counts for nothing."""
    return [Fixed("geen gemeenten" if header == "Gemeente" else NOT_APPLICABLE) for header in WIDTHS]
