"""What changes when Signalen becomes a standard and the GGU pays, and what other ways to share would give.

A calculation and no proposal: the source names no year, no shared costs and no key to divide them by.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Input, Rule, Value, between
from pipeline.documents.workbooks.formulas import this_row
from pipeline.documents.workbooks.sheets import Block, Chart, Column, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import FINANCIAL, add
from pipeline.documents.workbooks.steering.tables import BY_CLASS, summed
from pipeline.documents.workbooks.steering.words import START, YEAR
from pipeline.documents.workbooks.steering.years import ALL_YEARS, OWN, nths, of_nth
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import LOW, NOT_APPLICABLE
from pipeline.model.limits import GGU_YEARS
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts
from pipeline.results.cost_sharing import WRITTEN_OUT, Key, Part, Shares
from pipeline.results.overview import TOTAL, Overview
from pipeline.results.years import YearSums

LAPSING, SHARES = "Vervalt", "Verdeling"
KEYS = {"naar_klasse": Key.BY_CLASS, "naar_inwoners": Key.BY_INHABITANTS, "gelijk": Key.EQUAL}
"""The ways to divide the same costs, as their cells are called."""
WEIGHTS = {
    Key.BY_CLASS: ("als_allen", "Als allen betalen"),
    Key.BY_INHABITANTS: ("inwoners", "Inwoners"),
    Key.EQUAL: ("gemeenten", "Gemeenten"),
}
"""By which column each key divides: as its cells and as it is called."""

KEYS_CHART = Chart(
    rows=14,
    title="Per gemeente en jaar: tarief en sleutel naar inwoners",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    series={"Tarief": "verdeling_tarief", Key.BY_INHABITANTS.value: "verdeling_naar_inwoners"},
    stacked=False,
    alt="Kolommen: per grootteklasse wat een gemeente per jaar betaalt volgens het tarief, en daarnaast wat zij zou "
    "betalen als alle gemeenten dezelfde kosten delen naar inwoners. De bedragen staan in de tabel erboven.",
)


def ggu(overview: Overview, tariff: Tariff, texts: Texts) -> list[Block]:
    """What lapses in each year, and the same costs divided over the whole country."""
    return [
        heading(texts.say("stuurgroep_bijdragen.ggu")),
        note(texts.say("stuurgroep_bijdragen.ggu_uitleg", ggu=WRITTEN_OUT)),
        _inputs(overview, tariff),
        _lapsing(overview, tariff),
        heading(texts.say("stuurgroep_bijdragen.sleutels")),
        note(texts.say("stuurgroep_bijdragen.sleutels_uitleg")),
        Table(SHARES, _share_columns(overview.shares), overview.shares.parts),
    ]


def _inputs(overview: Overview, tariff: Tariff) -> Table:
    assumed = "volgens het tarief" if tariff.ggu_year else "aanname: het jaar na de peildatum"
    year = Rule(between(GGU_YEARS, whole=True), "Jaar", "Vul een jaartal in.")
    pledged = "bijdrage_totaal_bedrag"
    costs = f"IF(ISNUMBER(gedeelde_kosten),gedeelde_kosten,{pledged})"
    per_head = "IF(verdeling_totaal_inwoners=0,0,ROUND(ggu_kosten*1000/verdeling_totaal_inwoners,0))"
    inputs: dict[str, tuple[Cell, str]] = {
        "De GGU betaalt vanaf": (Input("ggu_vanaf", year, overview.ggu_year, Style.YEAR), assumed),
        "Te verdelen kosten per jaar": (
            Calculated(costs, overview.shares.costs, Style.EURO, "ggu_kosten"),
            "aanname: de gedeelde kosten, of anders wat is toegezegd",
        ),
        "Per 1.000 inwoners": (Calculated(per_head, overview.shares.per_thousand), "afgerond op hele euro's"),
    }
    rows = [(Fixed(f"{label} ({said})"), cell) for label, (cell, said) in inputs.items()]
    return Table("GGUInvoer", [Column("Uitgangspunt"), Column("Waarde")], rows)


def _lapsing(overview: Overview, tariff: Tariff) -> Table:
    """The financial contributions of each year, and which of them lapse."""
    year, header = this_row(LAPSING, YEAR), f"Bijdrage {LOW}"
    if tariff.indexation.value:
        each = (
            add(of_nth(header, n), *OWN.met, FINANCIAL, (START, f"{year}-{n}" if n else year)) for n in nths(tariff)
        )
        paid = f"ROUND({'+'.join(each)},2)"
    else:
        paid = add(header, *OWN.there(year), FINANCIAL)
    lapses = f"IF({year}<ggu_vanaf,0,{this_row(LAPSING, 'Financiële bijdragen')})"
    subjects = [*((n, s) for n, s in overview.counted.years.items()), (None, overview.counted.all_years)]
    lapsed = {n: s.financial if n is not None and n >= overview.ggu_year else 0 for n, s in subjects}
    lapsed[None] = sum(lapsed.values())

    def lapsing(of: tuple[int | None, YearSums]) -> Value:
        return lapsed[of[0]]

    columns = [
        Column(YEAR, 0, lambda each: Fixed(each, Style.YEAR_LEFT), Fixed(ALL_YEARS)),
        summed("vervalt", "bijdragen", "Financiële bijdragen", paid, lambda of: of[1].financial),
        summed("vervalt", "euro", "Vervalt", lapses, lapsing),
    ]
    return Table(LAPSING, columns, list(overview.window), of=lambda _: subjects)


def _share_columns(shares: Shares) -> list[Column]:
    """What each size class is and pays now, and what one of it would pay of the shared costs by each key."""
    number, tariff = this_row(SHARES, "Gemeenten"), this_row(SHARES, "Tarief")

    def column(
        key: str,
        header: str,
        value: Callable[[Part], Value],
        total: Value | None = None,
        formula: str = "",
        style: Style = Style.EURO,
    ) -> Column:
        """What is known of each class, or follows by formula; with its total, if that says something."""

        def cell(part: Part) -> Cell:
            return Calculated(formula, value(part), style) if formula else Fixed(value(part), style)

        name, sum_ = f"verdeling_{key}", Fixed(NOT_APPLICABLE, style)
        if total is None:
            return Column(header, 0, cell, sum_, name)
        return Column(
            header, 0, cell, Calculated(f"ROUND(SUM({name}),2)", total, style, f"verdeling_totaal_{key}"), name
        )

    def by_key(key: str, by: Key) -> Column:
        """What one of the class pays, in whole euros."""
        name, header = WEIGHTS[by]
        whole = f"verdeling_totaal_{name}"
        share = f"ROUND(ggu_kosten*{this_row(SHARES, header)}/{whole}/MAX(1,{number}),0)"
        return column(key, by.value, lambda part: part.one[by], formula=f"IF(OR({whole}=0,{number}=0),0,{share})")

    integer, pays = Style.INTEGER, f"{number}*{tariff}"
    return [
        Column(BY_CLASS.header, 0, lambda part: Fixed(part.size_class.dutch), Fixed(TOTAL)),
        column("gemeenten", "Gemeenten", attrgetter("municipalities"), shares.municipalities, style=integer),
        column("inwoners", "Inwoners", attrgetter("inhabitants"), shares.inhabitants, style=integer),
        column("tarief", "Tarief", attrgetter("tariff")),
        column("als_allen", "Als allen betalen", attrgetter("all_pay"), shares.all_pay, pays),
        *(by_key(*each) for each in KEYS.items()),
    ]
