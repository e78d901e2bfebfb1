"""GGU: what changes when Signalen becomes a standard and the GGU pays, and what other ways to share would give.

A calculation and no proposal: the source names no year, no shared costs and no key to divide them by.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pipeline.amounts import to_cents
from pipeline.overview import SIZE_CLASSES, TOTAL, Overview
from pipeline.results import Basis, ClassShare
from pipeline.tariffs import Tariff
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
FACTS = {"gemeenten": "Gemeenten", "inwoners": "Inwoners", "tarief": "Bijdrage nu", "samen_nu": "Samen nu"}
KEYS = {"naar_klasse": "Naar grootteklasse", "naar_inwoners": "Naar inwoners", "gelijk": "Gelijke delen"}
"""The ways to divide the same costs."""
WEIGHTS = ("samen_nu", "inwoners", "gemeenten")
"""By which of the facts each key divides."""
TOGETHER = {f"{key}_samen": f"Samen {header.lower()}" for key, header in KEYS.items()}

LAPSE_CHART = Chart(
    title="Wat per jaar vervalt als de GGU betaalt",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    low="vervalt_jaar",
    spread="",
    alt="Kolommen: per grootteklasse de financiële bijdragen per jaar die vervallen als de GGU betaalt.",
)


def ggu(basis: Basis) -> Sheet:
    """The sheet with what lapses, and with the same costs divided over the whole country."""
    return Sheet(
        "GGU",
        (58, 14, 18, 18, 18, 20, 18, 18, 20, 18, 18),
        [
            Line(Fixed("GGU", Style.TITLE), 30),
            Line(
                Fixed(
                    "Wordt Signalen een standaard, dan kan de GGU de gedeelde kosten dragen en vervalt de bijdrage van "
                    "elke gemeente. De bron noemt geen jaar, geen gedeelde kosten en geen verdeelsleutel. Dit blad is "
                    "een rekenvoorbeeld, geen voorstel; verander de gele cellen.",
                    Style.NOTE,
                )
            ),
            _inputs(basis.tariff),
            Line(Fixed("Wat vervalt", Style.HEADING), 24),
            Line(
                Fixed(
                    "De financiële bijdragen, op het prijspeil van het eerste jaar. Per gemeente staat het in het blad "
                    "Gemeenten.",
                    Style.NOTE,
                )
            ),
            _lapsing(),
            LAPSE_CHART,
            Line(Fixed("Dezelfde kosten, gedragen door alle gemeenten", Style.HEADING), 24),
            _per_inhabitant(),
            Line(Fixed("Verdeelsleutels vergeleken (rekenvoorbeeld)", Style.HEADING), 24),
            Line(
                Fixed(
                    "Euro per jaar voor een gemeente van de klasse (bij inwoners: gemiddeld), en samen voor alle "
                    "gemeenten van de klasse. Alle gemeenten van het register tellen mee.",
                    Style.NOTE,
                )
            ),
            _shares(basis),
        ],
        landscape=True,
    )


def ggu_values(overview: Overview, basis: Basis) -> dict[str, Value]:
    """The value of each calculated or input cell of the sheet."""
    lapsing = overview.lapsing.to_dict("index")
    costs: Decimal = lapsing[TOTAL]["euros"]
    values: dict[str, Value] = {"ggu_vanaf": overview.ggu_year, "ggu_kosten": float(costs)}
    for label, row in lapsing.items():
        numbers = (row["municipalities"], float(row["euros"]), float(row["in_horizon"]))
        for key, number in zip(LAPSE_HEADERS, numbers, strict=True):
            values[cell_name(LAPSING, str(label), key)] = number
    inhabitants = sum(share.inhabitants for share in basis.country)
    everyone = sum(share.municipalities for share in basis.country)
    values["ggu_per_inwoner"] = _divided(costs, inhabitants)
    now = {share: share.municipalities * _tariff(basis.tariff, share) for share in basis.country}
    weights = sum(now.values(), Decimal(0))
    together = dict.fromkeys(KEYS, Decimal(0))
    for share in basis.country:
        parts = (
            (now[share], weights),
            (Decimal(share.inhabitants), Decimal(inhabitants)),
            (Decimal(share.municipalities), Decimal(everyone)),
        )
        values[cell_name(SHARES, share.size_class.value, "samen_nu")] = float(now[share])
        for key, (part, whole) in zip(KEYS, parts, strict=True):
            euros = costs * part / whole if whole else Decimal(0)
            name = cell_name(SHARES, share.size_class.value, key)
            values[name] = _divided(euros, share.municipalities)
            values[f"{name}_samen"] = float(to_cents(euros))
            together[key] += to_cents(euros)
    for key, number in (("gemeenten", everyone), ("inwoners", inhabitants), ("samen_nu", float(weights))):
        values[cell_name(SHARES, TOTAL, key)] = number
    for key, euros in together.items():
        name = cell_name(SHARES, TOTAL, key)
        values[name] = _divided(costs, everyone)
        values[f"{name}_samen"] = float(euros)
    return values


def _divided(euros: Decimal, number: int) -> float:
    return float(to_cents(euros / number)) if number else 0.0


def _tariff(tariff: Tariff, share: ClassShare) -> Decimal:
    return tariff.contribution.of(share.size_class).amount.low


def _inputs(tariff: Tariff) -> Table:
    year = "Vul een jaartal in."
    costs = "Vul euro per jaar in, van 0 tot 100 miljoen."
    named = "volgens het tarief" if tariff.ggu_year else "aanname; de bron noemt geen jaar"
    whole: dict[str, Value] = {"validate": "integer", "criteria": "between", "minimum": 2000, "maximum": 2100}
    amount: dict[str, Value] = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100_000_000}
    rows: list[list[Cell]] = [
        [
            Fixed(f"De GGU betaalt vanaf ({named})"),
            Input("ggu_vanaf", Rule(whole, "Jaar", year, year), Style.YEAR),
        ],
        [
            Fixed("Gedeelde kosten per jaar (aanname: de bijdragen van nu)"),
            Input("ggu_kosten", Rule(amount, "Gedeelde kosten", costs, costs), Style.EURO),
        ],
        [
            Fixed("Looptijd in jaren (volgens het tarief)"),
            Fixed(int(tariff.horizon.value), Style.INTEGER, "looptijd_jaren"),
        ],
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
    per_head = "=IF(verdeling_totaal_inwoners=0,0,ROUND(ggu_kosten/verdeling_totaal_inwoners,2))"
    return Table(
        "PerInwoner",
        ["Wat", "Euro per jaar"],
        [
            [Fixed("Gedeelde kosten per inwoner"), Calculated("ggu_per_inwoner", per_head, Style.CENT, False)],
        ],
    )


def _shares(basis: Basis) -> Table:
    rows = [_share(share, basis.tariff) for share in basis.country]
    everyone = cell_name(SHARES, TOTAL, "gemeenten")
    mean = f"=IF({everyone}=0,0,ROUND(ggu_kosten/{everyone},2))"
    rows.append(
        [
            Fixed(TOTAL),
            *_totals(SHARES, ("gemeenten", "inwoners"), Style.INTEGER),
            Fixed("n.v.t.", Style.EURO),
            *_totals(SHARES, ("samen_nu",)),
            *(Calculated(cell_name(SHARES, TOTAL, key), mean, defined=False) for key in KEYS),
            *_totals(SHARES, TOGETHER),
        ]
    )
    last = len(basis.country)
    headers = FACTS | KEYS | TOGETHER
    ranges = {cell_name(SHARES, key): Range(header, 0, last) for key, header in headers.items()}
    return Table(SHARES, [CLASS, *headers.values()], rows, ranges=ranges, strong=frozenset({last}))


def _share(share: ClassShare, tariff: Tariff) -> list[Cell]:
    """The row of a size class: its part of the shared costs by each key, for one municipality and for all of them."""
    label = share.size_class.value
    own = {key: this_row(SHARES, header) for key, header in (FACTS | TOGETHER).items()}
    wholes = {key: cell_name(SHARES, TOTAL, of) for key, of in zip(KEYS, WEIGHTS, strict=True)}
    parts = {key: f"ggu_kosten*{own[of]}/{wholes[key]}" for key, of in zip(KEYS, WEIGHTS, strict=True)}
    number = own["gemeenten"]
    one = {key: f"=IF(OR({wholes[key]}=0,{number}=0),0,ROUND({part}/MAX(1,{number}),2))" for key, part in parts.items()}
    all_ = {f"{key}_samen": f"=IF({wholes[key]}=0,0,ROUND({part},2))" for key, part in parts.items()}
    return [
        Fixed(label),
        Fixed(share.municipalities, Style.INTEGER),
        Fixed(share.inhabitants, Style.INTEGER),
        Fixed(float(_tariff(tariff, share)), Style.EURO),
        *(
            Calculated(cell_name(SHARES, label, key), formula, defined=False)
            for key, formula in ({"samen_nu": f"={number}*{own['tarief']}"} | one | all_).items()
        ),
    ]


def _totals(table: str, keys: Iterable[str], style: Style = Style.EURO) -> list[Cell]:
    """The sums of the rows above, by key."""
    return [Calculated(cell_name(table, TOTAL, key), f"=ROUND(SUM({cell_name(table, key)}),2)", style) for key in keys]
