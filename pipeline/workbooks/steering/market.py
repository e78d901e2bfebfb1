"""Markt: the guidance and the SaaS that municipalities ask for, by start year, so that the capacity needed shows."""

from __future__ import annotations

from pipeline.overview import TOTAL, Overview
from pipeline.workbooks.sheets import (
    Calculated,
    Cell,
    Chart,
    Charts,
    Fixed,
    Input,
    Line,
    Range,
    Rule,
    Sheet,
    Table,
    Value,
)
from pipeline.workbooks.steering.formulas import Criterion, add, count, this_row
from pipeline.workbooks.steering.words import HIGH, HOSTING, HOURS, LOW, cell_name
from pipeline.workbooks.styles import Style

TABLE, YEAR = "Markt", "Startjaar"
HEADERS = {
    "gemeenten": "Gemeenten",
    "begeleid": "Extern, nog niet live",
    "uren": "Uren begeleiding",
    "waarde": "Waarde begeleiding",
    "saas": "Met saas",
    "saas_laag": "Saas per jaar laag",
    "saas_hoog": "Saas per jaar hoog",
    "saas_verschil": "Saas verschil",
}
STYLES = {key: Style.EURO if key.startswith(("waarde", "saas_")) else Style.INTEGER for key in HEADERS} | {
    "uren": Style.HOURS
}
OTHER = "andere jaren"

TO_GUIDE: tuple[Criterion, ...] = (("Begeleiding", "woord_extern"), ("Fase", '"<>"&woord_live'))
SAAS: Criterion = (HOSTING, "woord_saas")
EVERY_YEAR: Criterion = (YEAR, '">0"')

SAAS_CHART = Chart(
    rows=14,
    title="Saas per startjaar, van laag tot hoog per jaar",
    category_title="Startjaar",
    value_title="Euro per jaar",
    categories="markt_startjaar",
    low="markt_saas_laag",
    spread="markt_saas_verschil",
    alt="Gestapelde kolommen: per startjaar de lage raming van de saas die gemeenten vragen, per jaar, en daarboven "
    "het verschil met de hoge.",
)
HOURS_CHART = Chart(
    title="Uren begeleiding per startjaar",
    category_title="Startjaar",
    value_title="Uren",
    categories="markt_startjaar",
    low="markt_uren",
    spread="",
    alt="Kolommen: per startjaar de uren begeleiding die gemeenten aan marktpartijen vragen.",
    in_euros=False,
)


def market(overview: Overview) -> Sheet:
    """The sheet with what is asked of market parties."""
    years = [label for label in overview.market.index if label != TOTAL]
    rows: list[list[Cell]] = [[Fixed(year, Style.YEAR), *_year(year)] for year in years]
    rows += [[Fixed(OTHER), *_others(bool(years))], [Fixed(TOTAL), *_cells(TOTAL, EVERY_YEAR, defined=True)]]
    parts = {cell_name(TABLE, key): Range(header, 0, len(years)) for key, header in HEADERS.items()}
    ranges = parts | {cell_name(TABLE, YEAR): Range(YEAR, 0, len(years))} if years else {}
    return Sheet(
        "Markt",
        (24, 13, 16, 16, 17, 12, 17, 17, 15),
        [
            Line(Fixed("Markt", Style.TITLE), 30),
            Line(
                Fixed(
                    "Wat gemeenten van marktpartijen vragen, naar het jaar waarin zij beginnen. Begeleiding is "
                    "eenmalig en telt voor wie nog niet live is; saas is per jaar en telt voor wie saas kiest.",
                    Style.NOTE,
                )
            ),
            Table(
                "MarktInvoer",
                ["Uitgangspunt", "Waarde"],
                [
                    [
                        Fixed("Uurtarief in euro"),
                        Input(
                            "markt_uurtarief",
                            Rule(
                                {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1_000},
                                "Uurtarief",
                                "Vul euro per uur in, van 0 tot 1.000.",
                                "Vul euro per uur in, van 0 tot 1.000.",
                            ),
                            Style.EURO,
                        ),
                    ]
                ],
            ),
            Line(Fixed("Gevraagd per startjaar", Style.HEADING), 24),
            Table(TABLE, [YEAR, *HEADERS.values()], rows, ranges=ranges, strong=frozenset({len(rows) - 1})),
            *([Charts((HOURS_CHART, SAAS_CHART))] if years else []),
        ],
        landscape=True,
        pages=(1, 1),
    )


def market_values(overview: Overview, hourly_rate: float) -> dict[str, Value]:
    """The value of each calculated or input cell of the sheet; nothing starts in another year than those listed."""
    values: dict[str, Value] = {"markt_uurtarief": hourly_rate}
    values |= {cell_name(TABLE, OTHER, key): 0 for key in HEADERS}
    for label, row in overview.market.to_dict("index").items():
        numbers = (row["municipalities"], row["guided"], float(row["hours"]), float(row["value"]), row["saas"])
        cost = row["saas_cost"]
        for key, value in zip(HEADERS, (*numbers, float(cost.low), float(cost.high), float(cost.spread)), strict=True):
            values[cell_name(TABLE, str(label), key)] = value
    return values


def _year(year: int) -> list[Cell]:
    return _cells(str(year), (YEAR, this_row(TABLE, YEAR)), defined=False)


def _cells(label: str, years: Criterion, *, defined: bool) -> list[Cell]:
    own = {key: this_row(TABLE, header) for key, header in HEADERS.items()}
    formulas = {
        "gemeenten": count(years),
        "begeleid": count(years, *TO_GUIDE),
        "uren": add(HOURS, years, *TO_GUIDE),
        "waarde": f"ROUND({own['uren']}*markt_uurtarief,2)",
        "saas": count(years, SAAS),
        "saas_laag": add(f"{HOSTING} {LOW}", years, SAAS),
        "saas_hoog": add(f"{HOSTING} {HIGH}", years, SAAS),
        "saas_verschil": f"{own['saas_hoog']}-{own['saas_laag']}",
    }
    return [
        Calculated(cell_name(TABLE, label, key), f"={formula}", STYLES[key], defined)
        for key, formula in formulas.items()
    ]


def _others(listed: bool) -> list[Cell]:
    """What the years that are listed leave of the total: rows to which somebody gave another start year."""
    cells: list[Cell] = []
    for key in HEADERS:
        rest = cell_name(TABLE, TOTAL, key) + (f"-SUM({cell_name(TABLE, key)})" if listed else "")
        cells.append(Calculated(cell_name(TABLE, OTHER, key), f"=ROUND({rest},2)", STYLES[key], False))
    return cells
