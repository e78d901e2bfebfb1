"""What is asked of market parties in each calendar year: guidance of who begins, and SaaS of all that have it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from pipeline import dutch
from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Input, Rule, between
from pipeline.documents.workbooks.formulas import this_row
from pipeline.documents.workbooks.sheets import Chart, Column, Table
from pipeline.documents.workbooks.steering.formulas import EXTERNAL, NOT_LIVE, SAAS, add, count
from pipeline.documents.workbooks.steering.tables import summed
from pipeline.documents.workbooks.steering.words import HOURS, YEAR
from pipeline.documents.workbooks.steering.years import ALL_YEARS, GGU_YEAR, HORIZON, OWN
from pipeline.documents.workbooks.styles import Style
from pipeline.model.limits import HOURLY_RATE
from pipeline.model.tariffs import Tariff

TABLE = "Markt"

HOURS_CHART = Chart(
    rows=14,
    title="Uren begeleiding per jaar",
    category_title=YEAR,
    value_title="Uren",
    categories="markt_jaar",
    low="markt_uren",
    alt="Kolommen: per kalenderjaar de uren begeleiding die gemeenten aan marktpartijen vragen. De uren staan in de "
    "tabel van de markt.",
    in_euros=False,
)


def inputs(tariff: Tariff) -> Table:
    """What the sums per year rest on besides the rows of municipalities; the hourly rate can be changed."""
    low, high = dutch.number(HOURLY_RATE.low), dutch.number(HOURLY_RATE.high)
    rule = Rule(between(HOURLY_RATE), "Uurtarief", f"Vul euro per uur in, van {low} tot {high}.")
    ggu_year = Fixed("geen" if tariff.ggu_year is None else int(tariff.ggu_year.value), Style.YEAR, GGU_YEAR)
    rows: list[tuple[Cell, Cell]] = [
        (Fixed("Uurtarief in euro"), Input("markt_uurtarief", rule, tariff.hourly_rate.value, Style.EURO)),
        (Fixed("Looptijd in jaren"), Fixed(int(tariff.horizon.value), Style.INTEGER, HORIZON)),
        (Fixed("GGU-jaar in het tarief"), ggu_year),
    ]
    return Table("MarktInvoer", [Column("Uitgangspunt"), Column("Waarde")], rows)


def market(window: Sequence[int]) -> Table:
    """The table with what is asked in each year."""
    year = this_row(TABLE, YEAR)
    guided = (*OWN.starting(year), EXTERNAL, NOT_LIVE)
    value = f"ROUND({this_row(TABLE, HOURS)}*markt_uurtarief,2)"

    def column(key: str, header: str, formula: str, value: str, style: Style = Style.INTEGER) -> Column:
        return summed("markt", key, header, formula, attrgetter(value), style)

    with_saas = Calculated(count(*OWN.met, SAAS), attrgetter("with_saas"), Style.INTEGER, "markt_totaal_saas")
    columns = [
        Column(YEAR, 0, lambda each: Fixed(each, Style.YEAR_LEFT), Fixed(ALL_YEARS), "markt_jaar"),
        column("beginnen", "Beginnen", count(*OWN.starting(year)), "starting"),
        column("begeleid", "Extern, nog niet live", count(*guided), "guided"),
        column("uren", HOURS, add(HOURS, *guided), "hours", Style.HOURS),
        column("waarde", "Waarde begeleiding", value, "value", Style.EURO),
        Column(
            "Met SaaS",
            0,
            Calculated(count(*OWN.there(year), SAAS), attrgetter("with_saas"), Style.INTEGER),
            with_saas,
            "markt_saas",
        ),
    ]
    return Table(TABLE, columns, list(window), of=OWN.subjects)
