"""GGU: what changes when Signalen becomes a standard and the GGU pays, and what other ways to share would give.

A calculation and no proposal: the source names no year, no shared costs and no key to divide them by.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from pipeline.documents.workbooks.cells import Again, Calculated, Cell, Fixed, Input, Rule, Value, between
from pipeline.documents.workbooks.formulas import this_row
from pipeline.documents.workbooks.sheets import Chart, Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import add, count, own
from pipeline.documents.workbooks.steering.tables import BY_CLASS, grouped, summed
from pipeline.documents.workbooks.steering.words import LAPSES, LAPSES_IN_HORIZON
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import NOT_APPLICABLE
from pipeline.model.limits import GGU_YEARS, SHARED_COSTS
from pipeline.model.tariffs import Tariff
from pipeline.results.cost_sharing import WRITTEN_OUT, Key, Part, Shares
from pipeline.results.overview import TOTAL, Overview

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
    title="Per gemeente en jaar: het tarief van nu en drie verdeelsleutels",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    series={"Tarief": "verdeling_tarief"} | {by.value: f"verdeling_{key}" for key, by in KEYS.items()},
    stacked=False,
    alt="Kolommen: per grootteklasse wat een gemeente per jaar betaalt volgens het tarief, en wat zij zou betalen als "
    "alle gemeenten dezelfde kosten delen naar grootteklasse, naar inwoners of in gelijke delen.",
)


def ggu(overview: Overview, tariff: Tariff) -> Sheet:
    """The sheet with what lapses, and with the same costs divided over the whole country."""
    return Sheet(
        "GGU",
        [
            note(
                f"Wordt Signalen een standaard, dan kan de GGU ({WRITTEN_OUT}) de gedeelde kosten dragen en "
                "vervalt de bijdrage van elke gemeente. De bron noemt geen jaar, geen gedeelde kosten en geen "
                "verdeelsleutel. Dit blad is een rekenvoorbeeld, geen voorstel; verander de gele cellen."
            ),
            _inputs(overview, tariff),
            heading("Wat vervalt"),
            note(
                "De financiële bijdragen volgens het tarief van de grootteklasse, alsof ze niet vervielen, op het "
                "prijspeil van het eerste jaar. Voor alle gemeenten telt dezelfde looptijd, van het eerste tot en "
                "met het laatste jaar hierboven; een gemeente telt daarin mee vanaf haar startjaar. Per gemeente "
                "staat het in het blad Gemeenten."
            ),
            _lapsing(),
            heading("Dezelfde kosten, gedragen door alle gemeenten"),
            _per_inhabitant(overview.shares),
            heading("Verdeelsleutels vergeleken (rekenvoorbeeld, geen voorstel)"),
            note(
                "Euro per jaar voor een gemeente van de klasse (bij inwoners: gemiddeld), en samen voor alle "
                "gemeenten van de klasse. Alle gemeenten van het register tellen mee."
            ),
            Table(SHARES, _share_columns(overview.shares), overview.shares.parts),
            *([KEYS_CHART] if len(overview.municipalities) else []),
        ],
        pages=(1, 1),
        purpose="wat vervalt als de GGU betaalt, en verdeelsleutels als rekenvoorbeeld",
    )


def _inputs(overview: Overview, tariff: Tariff) -> Table:
    named = "volgens het tarief" if tariff.ggu_year else "aanname: het jaar na de peildatum"
    year = Rule(between(GGU_YEARS, whole=True), "Jaar", "Vul een jaartal in.")
    costs = Rule(between(SHARED_COSTS), "Gedeelde kosten", "Vul euro per jaar in, van 0 tot 100 miljoen.")
    first, number, last = overview.years[0], len(overview.years), overview.years[-1]
    inputs: dict[str, Cell] = {
        f"De GGU betaalt vanaf ({named})": Input("ggu_vanaf", year, overview.ggu_year, Style.YEAR),
        "Gedeelde kosten per jaar (aanname: de bijdragen zoals aangeleverd)": Input(
            "ggu_kosten", costs, overview.shares.costs, Style.EURO
        ),
        "Bijdragen per jaar, nu volgens het blad Gemeenten": Again("vervalt_totaal_jaar"),
        "Looptijd in jaren (volgens het tarief)": Fixed(number, Style.INTEGER, "looptijd_jaren"),
        "Eerste jaar van de looptijd (jaar van de peildatum)": Fixed(first, Style.YEAR, "looptijd_eerste"),
        "Laatste jaar van de looptijd": Calculated(
            "looptijd_eerste+looptijd_jaren-1", last, Style.YEAR, "looptijd_laatste"
        ),
    }
    rows = [(Fixed(label), cell) for label, cell in inputs.items()]
    return Table("GGUInvoer", [Column("Uitgangspunt", 64), Column("Waarde", 15)], rows)


def _lapsing() -> Table:
    of_class = own(LAPSING, BY_CLASS.header)
    lapses = count(of_class, (LAPSES, '">0"'))
    yearly, in_horizon = add(LAPSES, of_class), add(LAPSES_IN_HORIZON, of_class)
    columns = [
        summed(LAPSING, "gemeenten", "Gemeenten", 15, lapses, attrgetter("lapsing"), Style.INTEGER),
        summed(LAPSING, "jaar", LAPSES, 18, yearly, attrgetter("euros")),
        summed(LAPSING, "looptijd", LAPSES_IN_HORIZON, 18, in_horizon, attrgetter("lapses_in_horizon")),
    ]
    return grouped(LAPSING, BY_CLASS, 64, columns)


def _per_inhabitant(shares: Shares) -> Table:
    per_head = "IF(verdeling_totaal_inwoners=0,0,ROUND(ggu_kosten*1000/verdeling_totaal_inwoners,2))"
    cells = (Fixed("Gedeelde kosten per 1.000 inwoners"), Calculated(per_head, shares.per_thousand, Style.CENT))
    return Table("PerInwoner", [Column("Wat"), Column("Euro per jaar")], [cells])


def _share_columns(shares: Shares) -> list[Column]:
    """What each size class is and pays now, and its part of the shared costs by each key: of one, and of all in it."""
    number, tariff = this_row(SHARES, "Gemeenten"), this_row(SHARES, "Tarief")

    def column(
        key: str,
        header: str,
        width: float,
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
            return Column(header, width, cell, sum_, name)
        return Column(
            header, width, cell, Calculated(f"ROUND(SUM({name}),2)", total, style, f"verdeling_totaal_{key}"), name
        )

    def by_key(key: str, by: Key) -> tuple[Column, Column]:
        """Its part for one of the class, and for all; that is not rounded, so that the parts add up to the whole."""
        name, header = WEIGHTS[by]
        whole, width = f"verdeling_totaal_{name}", 20 if by is Key.BY_CLASS else 18
        share = f"ggu_kosten*{this_row(SHARES, header)}/{whole}"
        of_one = f"IF(OR({whole}=0,{number}=0),0,ROUND({share}/MAX(1,{number}),2))"
        of_all, sum_, in_all = f"IF({whole}=0,0,{share})", shares.together(by), f"Samen {by.value.lower()}"
        return (
            column(key, by.value, width, lambda part: part.one[by], formula=of_one),
            column(f"{key}_samen", in_all, width, lambda part: part.together[by], sum_, of_all),
        )

    one, together = zip(*(by_key(*each) for each in KEYS.items()), strict=True)
    integer, pays = Style.INTEGER, f"{number}*{tariff}"
    return [
        Column(BY_CLASS.header, 64, lambda part: Fixed(part.size_class.dutch), Fixed(TOTAL)),
        column("gemeenten", "Gemeenten", 15, attrgetter("municipalities"), shares.municipalities, style=integer),
        column("inwoners", "Inwoners", 18, attrgetter("inhabitants"), shares.inhabitants, style=integer),
        column("tarief", "Tarief", 18, attrgetter("tariff")),
        column("als_allen", "Als allen betalen", 18, attrgetter("all_pay"), shares.all_pay, pays),
        *one,
        *together,
    ]
