"""Markt: the guidance and the SaaS that municipalities ask for, by start year, so that the capacity needed shows."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from pipeline import dutch
from pipeline.documents.workbooks.cells import Calculated, Fixed, Input, Rule, between
from pipeline.documents.workbooks.formulas import this_row
from pipeline.documents.workbooks.sheets import Chart, Charts, Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import EXTERNAL, SAAS, Criterion, add, count, own
from pipeline.documents.workbooks.steering.words import HOSTING, HOURS
from pipeline.documents.workbooks.styles import Style
from pipeline.model.limits import HOURLY_RATE
from pipeline.model.tariffs import Tariff
from pipeline.results.overview import TOTAL, Overview

TABLE, YEAR, OTHER = "Markt", "Startjaar", "andere jaren"
SAAS_COSTS = ("Saas per jaar laag", "Saas per jaar hoog")
TO_GUIDE: tuple[Criterion, ...] = (EXTERNAL, ("Fase", '"<>"&woord_live'))
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
    alt="Kolommen: per startjaar de uren begeleiding die gemeenten aan marktpartijen vragen.",
    in_euros=False,
)


def market(overview: Overview, tariff: Tariff) -> Sheet:
    """The sheet with what is asked of market parties."""
    years = [label for label in overview.by_start_year if label != TOTAL]
    low, high = dutch.number(HOURLY_RATE.low), dutch.number(HOURLY_RATE.high)
    rate = f"Vul euro per uur in, van {low} tot {high}."
    rule = Rule(between(HOURLY_RATE), "Uurtarief", rate)
    hourly_rate = Input("markt_uurtarief", rule, tariff.hourly_rate.value, Style.EURO)
    return Sheet(
        "Markt",
        [
            note(
                "Wat gemeenten van marktpartijen vragen, naar het jaar waarin zij beginnen. Begeleiding is "
                "eenmalig en telt voor wie nog niet live is; saas is per jaar en telt voor wie saas kiest."
            ),
            Table(
                "MarktInvoer", [Column("Uitgangspunt"), Column("Waarde")], [(Fixed("Uurtarief in euro"), hourly_rate)]
            ),
            heading("Gevraagd per startjaar"),
            Table(TABLE, _columns(bool(years)), [*years, OTHER], of=_shown, named=len(years)),
            *([Charts((HOURS_CHART, SAAS_CHART))] if years else []),
        ],
        pages=(1, 1),
        purpose="welke begeleiding en saas gemeenten vragen, per startjaar",
    )


def _shown(overview: Overview) -> list[object]:
    """What each row is about; nothing starts in another year than those listed."""
    *years, total = overview.by_start_year.values()
    return [*years, None, total]


def _columns(listed: bool) -> list[Column]:
    hours, low, high = (this_row(TABLE, header) for header in ("Uren begeleiding", *SAAS_COSTS))

    def column(
        key: str,
        header: str,
        width: float,
        value: str,
        formula: Callable[[Criterion], str],
        style: Style = Style.EURO,
    ) -> Column:
        """What is asked in a year, in years that are not listed because somebody gave another one, and in all."""
        name, total_name = f"markt_{key}", f"markt_totaal_{key}"
        take, rest = attrgetter(value), f"{total_name}-SUM({name})" if listed else total_name
        own_year = Calculated(formula(own(TABLE, YEAR)), take, style)
        other_years = Calculated(f"ROUND({rest},2)", 0, style)
        total = Calculated(formula(EVERY_YEAR), take, style, total_name)
        return Column(header, width, lambda year: other_years if year == OTHER else own_year, total, name)

    def year(year: int | str) -> Fixed:
        return Fixed(year, Style.TEXT if year == OTHER else Style.YEAR)

    return [
        Column(YEAR, 24, year, Fixed(TOTAL), "markt_startjaar"),
        column("gemeenten", "Gemeenten", 13, "municipalities", count, Style.INTEGER),
        column("begeleid", "Extern, nog niet live", 16, "guided", lambda of: count(of, *TO_GUIDE), Style.INTEGER),
        column("uren", "Uren begeleiding", 16, "hours", lambda of: add(HOURS, of, *TO_GUIDE), Style.HOURS),
        column("waarde", "Waarde begeleiding", 17, "value", lambda _: f"ROUND({hours}*markt_uurtarief,2)"),
        column("saas", "Met saas", 12, "saas", lambda of: count(of, SAAS), Style.INTEGER),
        column("saas_laag", SAAS_COSTS[0], 17, "saas_cost.low", lambda of: add(f"{HOSTING} laag", of, SAAS)),
        column("saas_hoog", SAAS_COSTS[1], 17, "saas_cost.high", lambda of: add(f"{HOSTING} hoog", of, SAAS)),
        column("saas_verschil", "Saas verschil", 15, "saas_cost.spread", lambda _: f"{high}-{low}"),
    ]
