"""Gemeenten: a row per municipality, over which all other sheets count and add; whoever reads it may change it."""

from __future__ import annotations

from typing import Any

from pipeline.documents.workbooks.cells import Calculated, Fixed, Value
from pipeline.documents.workbooks.formulas import end, status, this_row
from pipeline.documents.workbooks.sheets import Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import FINANCIAL, column
from pipeline.documents.workbooks.steering.tables import listed
from pipeline.documents.workbooks.steering.words import (
    CONTRIBUTION,
    FIGURES,
    FIRST_YEAR,
    HOSTING,
    HOURS,
    LAPSES,
    LAPSES_IN_HORIZON,
    MARK,
)
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, HIGH, LOW, NO, NOT_APPLICABLE, yes_no
from pipeline.model.choices import Contribution
from pipeline.results.overview import TOTAL, Overview


def municipalities(overview: Overview) -> Sheet:
    """The sheet with all municipalities, to be changed, sorted and filtered."""
    anybody = bool(overview.municipalities)
    return Sheet(
        "Gemeenten",
        [
            note(
                "Eén regel per gemeente. Dit blad is niet beveiligd: filter, en de zichtbare regels tellen op in "
                "de tabel hieronder; verbeter een regel, en alle bladen rekenen mee. De bedragen van een regel "
                "komen uit het werkboek van de gemeente; ze volgen niet uit de keuzes in die regel, dus pas bij "
                "een andere keuze ook de bedragen aan. Bijdrage per jaar is het tarief van de grootteklasse, ook "
                "als de bijdrage door de GGU vervalt. Werkboek en Samenvatting zijn bestanden in de map gemeenten, "
                "naast dit werkboek."
                if anybody
                else "Er zijn nog geen kostenindicaties."
            ),
            heading("Zichtbare regels samen, zonder p.m."),
            _visible(overview),
            heading("Alle regels"),
            listed("Gemeenten", _columns(), overview.municipalities, {"Gemeente": Fixed("geen gemeenten")}),
        ],
        protected=False,
        pages=(3, 0) if anybody else (1, 0),
        purpose="een regel per gemeente",
    )


def _visible(overview: Overview) -> Table:
    """What the rows come to that a filter leaves visible: all, as long as nobody filters."""
    every = overview.by_class[TOTAL]

    amounts: dict[str, Value] = {
        f"{figure} {bound}": getattr(getattr(every, key), end)
        for key, figure in FIGURES.items()
        for bound, end in zip(BOUNDS, ("low", "high"), strict=True)
    }
    cells = {
        "Gemeenten": Calculated(f"SUBTOTAL(102,{column('Inwoners')})", every.municipalities, Style.INTEGER),
        **{
            header: Calculated(f"ROUND(SUBTOTAL(109,{column(header)}),2)", value)
            for header, value in {**amounts, CONTRIBUTION: every.euros}.items()
        },
    }
    return Table("ZichtbareRegels", list(map(Column, cells)), [list(cells.values())])


def _columns() -> list[Column]:
    return [
        *_facts(),
        *(column for key, figure in FIGURES.items() for column in _amounts(figure, key)),
        *(_bound("Per inwoner", "per_inhabitant", bound, Style.CENT) for bound in BOUNDS),
        Column(HOURS, 12, lambda row: Fixed(row.guidance_hours, Style.HOURS)),
        *_amounts(HOSTING, "hosting_amount"),
        Column(CONTRIBUTION, 13, lambda row: Fixed(end(row.contribution_amount, LOW), Style.EURO)),
        *_lapses(),
        Column("Bestand", 30, lambda row: Fixed(row.file)),
        Column("Regel", 8, lambda row: Fixed(row.line, Style.YEAR)),
        # As text: a link to another file makes spreadsheet programs warn that this one is not safe.
        Column("Werkboek", 34, lambda row: Fixed(f"{row.stem}.xlsx")),
        Column("Samenvatting", 34, lambda row: Fixed(f"{row.stem}.md")),
    ]


def _facts() -> list[Column]:
    def agreed(row: Any) -> Fixed:
        return Fixed(yes_no(row.agreed) if row.contribution == Contribution.ALTERNATIVE.dutch else NOT_APPLICABLE)

    return [
        Column("Gemeentecode", 15, lambda row: Fixed(row.code)),
        Column("Gemeente", 24, lambda row: Fixed(row.name)),
        Column("Inwoners", 17, lambda row: Fixed(row.inhabitants, Style.INTEGER)),
        Column("Grootteklasse", 17, lambda row: Fixed(row.size_class), words="klasse_grootteklasse"),
        Column("Fase", 17, lambda row: Fixed(row.phase), words="fase_fase"),
        Column("Startjaar", 17, lambda row: Fixed(row.start_year, Style.YEAR)),
        Column("Begeleiding", 17, lambda row: Fixed(row.guidance), words="lijst_begeleiding"),
        Column(HOSTING, 17, lambda row: Fixed(row.hosting), words="lijst_hosting"),
        Column("Bijdrage", 17, lambda row: Fixed(row.contribution), words="lijst_bijdrage"),
        Column("Afgestemd", 17, agreed, words="lijst_afgestemd"),
        Column("In natura", 16, lambda row: Fixed(", ".join(row.in_kind) or NO)),
    ]


def _bound(header: str, key: str, bound: str, style: Style = Style.EURO) -> Column:
    bar = header == FIRST_YEAR and bound == HIGH
    return Column(f"{header} {bound}", 15, lambda row: Fixed(end(getattr(row, key), bound), style), bar=bar)


def _amounts(header: str, key: str) -> list[Column]:
    marks = Column(f"{header} {MARK}", 12, lambda row: Fixed(status(getattr(row, key)), Style.STATUS))
    return [*(_bound(header, key, bound) for bound in BOUNDS), marks]


def _lapses() -> list[Column]:
    """What a municipality no longer pays once the GGU does, from the year on the sheet GGU."""
    contribution, start, yearly = (this_row("Gemeenten", header) for header in (CONTRIBUTION, "Startjaar", LAPSES))
    financial = f"{this_row('Gemeenten', FINANCIAL[0])}={FINANCIAL[1]}"
    lapses = f"IF({financial},N({contribution}),0)"
    in_horizon = f"ROUND({yearly}*MAX(0,looptijd_laatste-MAX({start},ggu_vanaf,looptijd_eerste)+1),2)"
    return [
        Column(LAPSES, 13, lambda row: Calculated(lapses, row.lapses)),
        Column(LAPSES_IN_HORIZON, 13, lambda row: Calculated(in_horizon, row.lapses_in_horizon)),
    ]
