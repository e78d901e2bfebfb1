"""Scenario’s and Vergelijking: all combinations of guidance, hosting and contribution, and what they change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from pipeline.choices import Contribution, Guidance, Hosting
from pipeline.ggu import WRITTEN_OUT
from pipeline.items import CONTRIBUTION, GUIDANCE, HOSTING
from pipeline.tariffs import Tariff
from pipeline.workbooks.municipality.formulas import bounded, mark, missing_in, option_in, summed_in, this_row
from pipeline.workbooks.municipality.names import (
    CHOICE_COLUMNS,
    GGU_KNOWN,
    GGU_UNKNOWN,
    LISTED,
    NO,
    OPTIONS,
    YES,
    LineNames,
    line_name,
    line_names,
    scenario_key,
)
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Input, Line, Range, Rule, Sheet, Table
from pipeline.workbooks.styles import Style

CHOSEN_ITEMS = (GUIDANCE, HOSTING, CONTRIBUTION)
KEYS = ["Begeleiding", "Hosting", "Bijdrage", "Gekozen"]
COMBINATIONS = tuple(product(Guidance, Hosting, Contribution))

ORDERS = {
    "eerste jaar laag": ("laag", "laag"),
    "eerste jaar hoog": ("hoog", "hoog"),
    "looptijd laag": ("laag", "looptijd_laag"),
    "looptijd hoog": ("hoog", "looptijd_hoog"),
}
"""What rows can be sorted by, with the columns of the options that differ: of guidance, and of what is yearly."""
SORTING = Rule(
    {"validate": "list", "source": [LISTED, *ORDERS]},
    "Volgorde",
    f"Kies waarop de regels zijn gesorteerd: {LISTED}, {', '.join(ORDERS)}.",
    "Dat kan niet. Kies een volgorde uit de lijst.",
)


def scenarios(tariff: Tariff) -> Sheet:
    """The sheet with a row for each combination; the chosen one is marked in words and in style."""
    table, lines = "Scenarios", line_names(tariff.items)
    once = summed_in(table, ["begeleiding"], lines.other_once)
    yearly = summed_in(table, ["hosting", "bijdrage"], lines.other_yearly)
    horizon = _over_horizon(table, tariff, lines, "looptijd")
    missing_once = missing_in(table, ["begeleiding"], lines.other_once)
    missing_yearly = missing_in(table, ["hosting", "bijdrage"], lines.other_yearly)
    missing = ",".join(f"{this_row(table, p)}<>tekst_volledig" for p in ("P.m. eenmalig", "P.m. jaarlijks"))

    def unless_missing(column: str, formula: str) -> str:
        return f"IF({this_row(table, column)}=tekst_pm,tekst_pm,{formula})"

    def row(key: str) -> list[Cell]:
        return [
            *bounded(f"{key}_eenmalig", unless_missing("P.m. eenmalig", once)),
            mark(f"{key}_eenmalig", missing_once, once.replace("@", "hoog")),
            *bounded(f"{key}_jaarlijks", unless_missing("P.m. jaarlijks", yearly)),
            mark(f"{key}_jaarlijks", missing_yearly, yearly.replace("@", "hoog")),
            *bounded(f"{key}_eerste_jaar", unless_missing("P.m. totaal", f"{once}+{yearly}")),
            *bounded(f"{key}_looptijd", unless_missing("P.m. totaal", horizon)),
            mark(f"{key}_totaal", f"OR({missing})", f"{once}+{yearly}".replace("@", "hoog")),
        ]

    return Sheet(
        "Scenario’s",
        (13, 17, 13, 11, *(17, 17, 12) * 2, *(17,) * 4, 12),
        [
            Line(Fixed("Scenario’s", Style.TITLE), 30),
            Line(
                Fixed(
                    "Alle combinaties van begeleiding, hosting en bijdrage, met al het andere zoals gekozen. "
                    "De gekozen combinatie staat vet en heeft ja in de kolom Gekozen. Een eigen raming voor hosting "
                    "geldt alleen voor de gekozen hosting. Kies in de gele cel waarop de regels zijn gesorteerd; een "
                    "combinatie met p.m. komt dan na die zonder, want wat zij kost is niet bekend.",
                    Style.NOTE,
                )
            ),
            Table(
                "Sorteren",
                ["Sorteer op", "Keuze"],
                [[Fixed("volgorde"), Input("invoer_volgorde", SORTING)]],
            ),
            _table(
                table,
                [
                    *("Eenmalig laag", "Eenmalig hoog", "P.m. eenmalig"),
                    *("Jaarlijks laag", "Jaarlijks hoog", "P.m. jaarlijks"),
                    *("Eerste jaar laag", "Eerste jaar hoog", "Looptijd laag", "Looptijd hoog", "P.m. totaal"),
                ],
                row,
            ),
            Line(Fixed("Rekenhulp voor de volgorde", Style.HEADING), 24),
            _order(),
        ],
        landscape=True,
        pages=(1, 1),
        purpose="alle combinaties van begeleiding, hosting en bijdrage",
    )


def comparison(tariff: Tariff) -> Sheet:
    """The sheet that sets each combination against the chosen one, and shows it without the GGU."""
    table, lines = "Vergelijking", line_names(tariff.items)
    same = ",".join(f"Scenarios[{column}],{this_row(table, column)}" for column in CHOICE_COLUMNS.values())

    unknown = ",".join(
        f"AND({this_row(table, column)}<>{choice},"
        f"OR(ISTEXT({option_in(table, choice, 'laag')}),ISTEXT({line_name(item)}_laag)))"
        for (choice, column), item in zip(CHOICE_COLUMNS.items(), CHOSEN_ITEMS, strict=True)
    )

    def above(column: str, total: str) -> str:
        # a text is no number to SUMIFS; what is p.m. in both alike does not matter
        return f"IF(OR({unknown}),tekst_pm,ROUND(SUMIFS(Scenarios[{column} @],{same})-N({total}_@),2))"

    without = _over_horizon(table, tariff, lines, "zonder_ggu")
    with_it, without_it = (option_in(table, "bijdrage", f"{part}_@") for part in ("looptijd", "zonder_ggu"))
    asked = f'bijdrage_gevraagd_{int(tariff.horizon.value)}="{YES}"'
    lapse = f"IF({asked},0,IF(ISTEXT({without_it}),tekst_pm,ROUND({with_it}-{without_it},2)))"
    missing = (
        f"OR({missing_in(table, ['begeleiding'], lines.other_once)},"
        f"{missing_in(table, ['hosting', 'bijdrage'], lines.other_yearly, 'zonder_ggu_laag')})"
    )

    def row(key: str) -> list[Cell]:
        shown = f"IF({this_row(table, 'P.m. zonder GGU')}=tekst_pm,tekst_pm,{without})"
        return [
            *bounded(f"{key}_eerste_jaar_verschil", above("Eerste jaar", "eerste_jaar"), Style.DIFFERENCE),
            *bounded(f"{key}_looptijd_verschil", above("Looptijd", "looptijd"), Style.DIFFERENCE),
            *bounded(f"{key}_zonder_ggu", shown),
            mark(f"{key}_zonder_ggu", missing, without.replace("@", "hoog")),
            *bounded(f"{key}_ggu_verschil", lapse, Style.DIFFERENCE),
        ]

    return Sheet(
        "Vergelijking",
        (13, 11, 13, 11, *(17,) * 6, 12, 17, 17),
        [
            Line(Fixed("Vergelijking", Style.TITLE), 30),
            Line(
                Fixed(
                    "Wat elke combinatie meer (+) of minder (-) kost dan de gekozen; p.m. als dat afhangt van een "
                    "bedrag dat niemand heeft begroot. En wat zij over de looptijd zou kosten als de bijdrage niet "
                    f"vervalt door de GGU ({WRITTEN_OUT}), en wat de GGU scheelt.",
                    Style.NOTE,
                )
            ),
            Line(
                Calculated(
                    "ggu_bekend", f'=IF(ISNUMBER(ggu_jaar),"{GGU_KNOWN}","{GGU_UNKNOWN}")', Style.NOTE, defined=False
                )
            ),
            _table(
                table,
                [
                    *("Verschil eerste jaar laag", "Verschil eerste jaar hoog"),
                    *("Verschil looptijd laag", "Verschil looptijd hoog"),
                    *("Zonder GGU laag", "Zonder GGU hoog", "P.m. zonder GGU"),
                    *("GGU scheelt laag", "GGU scheelt hoog"),
                ],
                row,
            ),
        ],
        landscape=True,
        purpose="wat elke combinatie meer of minder kost",
    )


def _over_horizon(table: str, tariff: Tariff, lines: LineNames, part: str) -> str:
    """What the combination in the formula's own row costs over the horizon, but for what is p.m."""
    years = range(1, int(tariff.horizon.value) + 1)
    others = "+".join(f"ROUND(N({name}_@)*index_{n},2)" for name in lines.other_yearly for n in years)
    recurring = "+".join(f"N({option_in(table, choice, f'{part}_@')})" for choice in ("hosting", "bijdrage"))
    return f"{summed_in(table, ['begeleiding'], lines.other_once)}+{others}+{recurring}"


def _table(name: str, headers: Sequence[str], row: Callable[[str], list[Cell]]) -> Table:
    """A table with a row for each combination, of which the chosen one is marked."""
    is_chosen = ",".join(f"{this_row(name, column)}={choice}" for choice, column in CHOICE_COLUMNS.items())

    def cells(place: int, chosen: tuple[Guidance, Hosting, Contribution]) -> list[Cell]:
        key = scenario_key(*chosen)
        return [
            *(
                Calculated(f"{key}_{choice}", f"=INDEX(volgorde_{choice},{_at(place)})", Style.TEXT, defined=False)
                for choice in OPTIONS
            ),
            Calculated(f"{key}_gekozen", f'=IF(AND({is_chosen}),"{YES}","{NO}")', Style.STATUS, defined=False),
            *row(key),
        ]

    return Table(
        name,
        [*KEYS, *headers],
        [cells(place, combination) for place, combination in enumerate(COMBINATIONS, 1)],
        filters=True,
        chosen_when="Gekozen",
        chosen_is=f'"{YES}"',
    )


def _order() -> Table:
    """What the rows are sorted by: the part of their amount that differs, and behind all others what has p.m."""
    table = "Volgorde"

    def key(nr: int) -> str:
        found = str(nr)
        for order, (once, yearly) in ORDERS.items():
            parts = [option_in(table, choice, once if choice == "begeleiding" else yearly) for choice in OPTIONS]
            unknown = "+".join(f"IF(ISTEXT({part}),{BEHIND},N({part}))" for part in parts)
            found = f'IF(invoer_volgorde="{order}",ROUND({unknown},2)+{nr}*{APART},{found})'
        return f"={found}"

    rows: list[list[Cell]] = [
        [
            *(Fixed(option.dutch) for option in options),
            Calculated(f"{scenario_key(*options)}_volgorde", key(nr), Style.INTEGER, defined=False),
        ]
        for nr, options in enumerate(COMBINATIONS, 1)
    ]
    every = len(COMBINATIONS)
    ranges = {f"volgorde_{choice}": Range(column, 0, every) for choice, column in CHOICE_COLUMNS.items()}
    return Table(
        table,
        [*CHOICE_COLUMNS.values(), "Sleutel"],
        rows,
        ranges=ranges | {"volgorde_sleutel": Range("Sleutel", 0, every)},
    )


BEHIND, APART = "1000000000", "0.0001"
"""What an unknown amount adds to a key, more than any known one; and what sets equal keys apart, less than a cent."""


def _at(place: int) -> str:
    """Which combination comes at a place (from 1)."""
    return f"MATCH(SMALL(volgorde_sleutel,{place}),volgorde_sleutel,0)"
