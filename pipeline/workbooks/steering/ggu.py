"""GGU: what changes when Signalen becomes a standard and the GGU pays, and what other ways to share would give.

A calculation and no proposal: the source names no year, no shared costs and no key to divide them by.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.ggu import WRITTEN_OUT, Key, Part, Shares
from pipeline.overview import SIZE_CLASSES, TOTAL, Overview
from pipeline.tariffs import Tariff
from pipeline.workbooks.municipality.names import NOT_APPLICABLE
from pipeline.workbooks.sheets import (
    Calculated,
    Cell,
    Chart,
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
from pipeline.workbooks.steering.words import LAPSES, LAPSES_IN_HORIZON, cell_name
from pipeline.workbooks.styles import Style

CLASS = "Grootteklasse"
LAPSING, SHARES = "Vervalt", "Verdeling"

PAYS: Criterion = (LAPSES, '">0"')
LAPSE_HEADERS = {"gemeenten": "Gemeenten", "jaar": LAPSES, "looptijd": LAPSES_IN_HORIZON}
FACTS = {"gemeenten": "Gemeenten", "inwoners": "Inwoners", "tarief": "Tarief", "als_allen": "Als allen betalen"}
KEYS = {"naar_klasse": Key.BY_CLASS, "naar_inwoners": Key.BY_INHABITANTS, "gelijk": Key.EQUAL}
"""The ways to divide the same costs, as their cells are called."""
WEIGHTS = ("als_allen", "inwoners", "gemeenten")
"""By which of the facts each key divides."""
ONE = {key: by.value for key, by in KEYS.items()}
TOGETHER = {f"{key}_samen": f"Samen {by.value.lower()}" for key, by in KEYS.items()}

KEYS_CHART = Chart(
    title="Per gemeente en jaar: het tarief van nu en drie verdeelsleutels",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    low="",
    spread="",
    series={header: cell_name(SHARES, key) for key, header in ({"tarief": "Tarief"} | ONE).items()},
    stacked=False,
    alt="Kolommen: per grootteklasse wat een gemeente per jaar betaalt volgens het tarief, en wat zij zou betalen als "
    "alle gemeenten dezelfde kosten delen naar grootteklasse, naar inwoners of in gelijke delen.",
)


def ggu(overview: Overview, tariff: Tariff) -> Sheet:
    """The sheet with what lapses, and with the same costs divided over the whole country."""
    return Sheet(
        "GGU",
        (64, 15, 18, 18, 18, 20, 18, 18, 20, 18, 18),
        [
            Line(Fixed("GGU", Style.TITLE), 30),
            Line(
                Fixed(
                    f"Wordt Signalen een standaard, dan kan de GGU ({WRITTEN_OUT}) de gedeelde kosten dragen en "
                    "vervalt de bijdrage van elke gemeente. De bron noemt geen jaar, geen gedeelde kosten en geen "
                    "verdeelsleutel. Dit blad is een rekenvoorbeeld, geen voorstel; verander de gele cellen.",
                    Style.NOTE,
                )
            ),
            _inputs(overview, tariff),
            Line(Fixed("Wat vervalt", Style.HEADING), 24),
            Line(
                Fixed(
                    "De financiële bijdragen volgens het tarief van de grootteklasse, alsof ze niet vervielen, op het "
                    "prijspeil van het eerste jaar. Voor alle gemeenten telt dezelfde looptijd, van het eerste tot en "
                    "met het laatste jaar hierboven; een gemeente telt daarin mee vanaf haar startjaar. Per gemeente "
                    "staat het in het blad Gemeenten.",
                    Style.NOTE,
                )
            ),
            _lapsing(),
            Line(Fixed("Dezelfde kosten, gedragen door alle gemeenten", Style.HEADING), 24),
            _per_inhabitant(),
            Line(Fixed("Verdeelsleutels vergeleken (rekenvoorbeeld, geen voorstel)", Style.HEADING), 24),
            Line(
                Fixed(
                    "Euro per jaar voor een gemeente van de klasse (bij inwoners: gemiddeld), en samen voor alle "
                    "gemeenten van de klasse. Alle gemeenten van het register tellen mee.",
                    Style.NOTE,
                )
            ),
            _shares(overview.shares),
            *([KEYS_CHART] if len(overview.municipalities) else []),
        ],
        landscape=True,
        pages=(1, 1),
    )


def ggu_values(overview: Overview) -> dict[str, Value]:
    """The value of each calculated or input cell of the sheet."""
    lapsing, shares = overview.lapsing.to_dict("index"), overview.shares
    values: dict[str, Value] = {
        "ggu_vanaf": overview.ggu_year,
        "ggu_kosten": float(shares.costs),
        "ggu_bijdragen_nu": float(lapsing[TOTAL]["euros"]),
        "looptijd_laatste": overview.years[-1],
        "ggu_per_duizend": float(shares.per_thousand),
        cell_name(SHARES, TOTAL, "gemeenten"): shares.municipalities,
        cell_name(SHARES, TOTAL, "inwoners"): shares.inhabitants,
        cell_name(SHARES, TOTAL, "als_allen"): float(shares.all_pay),
    }
    for label, row in lapsing.items():
        numbers = (row["municipalities"], float(row["euros"]), float(row["in_horizon"]))
        for name, number in zip(LAPSE_HEADERS, numbers, strict=True):
            values[cell_name(LAPSING, str(label), name)] = number
    for part in shares.parts:
        label = part.size_class.value
        values[cell_name(SHARES, label, "als_allen")] = float(part.all_pay)
        for name, key in KEYS.items():
            values[cell_name(SHARES, label, name)] = float(part.one[key])
            values[cell_name(SHARES, label, f"{name}_samen")] = float(part.together[key])
    for name, key in KEYS.items():
        values[cell_name(SHARES, TOTAL, f"{name}_samen")] = float(shares.together(key))
    return values


def _inputs(overview: Overview, tariff: Tariff) -> Table:
    year = "Vul een jaartal in."
    costs = "Vul euro per jaar in, van 0 tot 100 miljoen."
    named = "volgens het tarief" if tariff.ggu_year else "aanname: het jaar na de peildatum"
    whole: dict[str, Value] = {"validate": "integer", "criteria": "between", "minimum": 2000, "maximum": 2200}
    amount: dict[str, Value] = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100_000_000}
    last = "=looptijd_eerste+looptijd_jaren-1"
    rows: list[list[Cell]] = [
        [
            Fixed(f"De GGU betaalt vanaf ({named})"),
            Input("ggu_vanaf", Rule(whole, "Jaar", year, year), Style.YEAR),
        ],
        [
            Fixed("Gedeelde kosten per jaar (aanname: de bijdragen zoals aangeleverd)"),
            Input("ggu_kosten", Rule(amount, "Gedeelde kosten", costs, costs), Style.EURO),
        ],
        [
            Fixed("Bijdragen per jaar, nu volgens het blad Gemeenten"),
            Calculated("ggu_bijdragen_nu", f"={cell_name(LAPSING, TOTAL, 'jaar')}", defined=False),
        ],
        [
            Fixed("Looptijd in jaren (volgens het tarief)"),
            Fixed(len(overview.years), Style.INTEGER, "looptijd_jaren"),
        ],
        [
            Fixed("Eerste jaar van de looptijd (jaar van de peildatum)"),
            Fixed(overview.years[0], Style.YEAR, "looptijd_eerste"),
        ],
        [Fixed("Laatste jaar van de looptijd"), Calculated("looptijd_laatste", last, Style.YEAR)],
    ]
    return Table("GGUInvoer", ["Uitgangspunt", "Waarde"], rows)


def _lapsing() -> Table:
    own: Criterion = (CLASS, this_row(LAPSING, CLASS))
    rows: list[list[Cell]] = [
        [
            Fixed(label),
            Calculated(cell_name(LAPSING, label, "gemeenten"), f"={count(own, PAYS)}", Style.INTEGER, False),
            Calculated(cell_name(LAPSING, label, "jaar"), f"={add(LAPSES, own)}", defined=False),
            Calculated(cell_name(LAPSING, label, "looptijd"), f"={add(LAPSES_IN_HORIZON, own)}", defined=False),
        ]
        for label in SIZE_CLASSES
    ]
    rows.append(
        [Fixed(TOTAL), *_totals(LAPSING, ("gemeenten",), Style.INTEGER), *_totals(LAPSING, ("jaar", "looptijd"))]
    )
    last = len(SIZE_CLASSES)
    ranges = {cell_name(LAPSING, key): Range(header, 0, last) for key, header in LAPSE_HEADERS.items()}
    return Table(LAPSING, [CLASS, *LAPSE_HEADERS.values()], rows, ranges=ranges, strong=frozenset({last}))


def _per_inhabitant() -> Table:
    per_head = "=IF(verdeling_totaal_inwoners=0,0,ROUND(ggu_kosten*1000/verdeling_totaal_inwoners,2))"
    return Table(
        "PerInwoner",
        ["Wat", "Euro per jaar"],
        [
            [
                Fixed("Gedeelde kosten per 1.000 inwoners"),
                Calculated("ggu_per_duizend", per_head, Style.CENT, False),
            ],
        ],
    )


def _shares(shares: Shares) -> Table:
    rows = [_share(part) for part in shares.parts]
    rows.append(
        [
            Fixed(TOTAL),
            *_totals(SHARES, ("gemeenten", "inwoners"), Style.INTEGER),
            Fixed(NOT_APPLICABLE, Style.EURO),
            *_totals(SHARES, ("als_allen",)),
            *(Fixed(NOT_APPLICABLE, Style.EURO) for _ in KEYS),
            *_totals(SHARES, TOGETHER),
        ]
    )
    last = len(shares.parts)
    headers = FACTS | ONE | TOGETHER
    ranges = {cell_name(SHARES, key): Range(header, 0, last) for key, header in headers.items()}
    return Table(SHARES, [CLASS, *headers.values()], rows, ranges=ranges, strong=frozenset({last}))


def _share(part: Part) -> list[Cell]:
    """The row of a size class: its part of the shared costs by each key, for one municipality and for all of them.

    What all pay is not rounded, so that the parts add up to the whole.
    """
    label = part.size_class.value
    own = {key: this_row(SHARES, header) for key, header in (FACTS | TOGETHER).items()}
    wholes = {key: cell_name(SHARES, TOTAL, of) for key, of in zip(KEYS, WEIGHTS, strict=True)}
    parts = {key: f"ggu_kosten*{own[of]}/{wholes[key]}" for key, of in zip(KEYS, WEIGHTS, strict=True)}
    number = own["gemeenten"]
    one = {
        key: f"=IF(OR({wholes[key]}=0,{number}=0),0,ROUND({share}/MAX(1,{number}),2))" for key, share in parts.items()
    }
    all_ = {f"{key}_samen": f"=IF({wholes[key]}=0,0,{share})" for key, share in parts.items()}
    return [
        Fixed(label),
        Fixed(part.municipalities, Style.INTEGER),
        Fixed(part.inhabitants, Style.INTEGER),
        Fixed(float(part.tariff), Style.EURO),
        *(
            Calculated(cell_name(SHARES, label, key), formula, defined=False)
            for key, formula in ({"als_allen": f"={number}*{own['tarief']}"} | one | all_).items()
        ),
    ]


def _totals(table: str, keys: Iterable[str], style: Style = Style.EURO) -> list[Cell]:
    """The sums of the rows above, by key."""
    return [Calculated(cell_name(table, TOTAL, key), f"=ROUND(SUM({cell_name(table, key)}),2)", style) for key in keys]
