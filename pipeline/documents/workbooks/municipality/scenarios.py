"""Scenario’s: all combinations of guidance, hosting and contribution, and in which order they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import count, product
from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated, Fixed, Input, Rule
from pipeline.documents.workbooks.formulas import bounded, mark, marked, priced, this_row, unless_pm
from pipeline.documents.workbooks.municipality.lines import OPTIONS, line_names, missing_in, option_in, summed_in
from pipeline.documents.workbooks.sheets import Block, Column, Sheet, Table, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import NO, YES, yes_no
from pipeline.model.amounts import to_euros
from pipeline.model.columns import Option
from pipeline.model.indication import Indication, Scenario
from pipeline.model.items import Item, Period
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

COMBINATIONS = list(enumerate(product(*OPTIONS.values()), 1))
HEADERS = {item: item.word.capitalize() for item in OPTIONS}
TABLE = "Scenarios"
LISTED, DEFAULT = "zoals opgesomd", "eerste jaar laag"
"""The order in which nothing is sorted, and that in which the rows stand at first."""
ORDERS = {
    "eerste jaar laag": ("laag", "laag"),
    "eerste jaar hoog": ("hoog", "hoog"),
    "alle jaren laag": ("laag", "looptijd_laag"),
    "alle jaren hoog": ("hoog", "looptijd_hoog"),
}
"""What rows can be sorted by, with the columns of the options that differ: of what is paid once, and yearly."""
SORTING = Rule(
    {"validate": "list", "source": [LISTED, *ORDERS]},
    "Volgorde",
    f"Kies waarop de regels zijn gesorteerd: {LISTED}, {', '.join(ORDERS)}.",
    "Dat kan niet. Kies een volgorde uit de lijst.",
)
BEHIND, APART = "100000000000", "0.01"
"""What an unknown amount adds to a key, more than any known one; and what sets equal keys apart, less than a euro.

They are thirteen digits apart: with more, LibreOffice takes two keys for the same.
"""

WIDTHS = (15, 12)
"""How wide the low and the high end of a total are; the low one may read "minimaal"."""
TOTALS = {
    "Eenmalig": "P.m. eenmalig",
    "Jaarlijks": "P.m. jaarlijks",
    "Eerste jaar": "P.m. totaal",
    "Alle jaren": "P.m. totaal",
}
"""The amounts of which a part may be missing, each with its p.m. column."""


def scenarios(tariff: Tariff, texts: Texts, more: Sequence[Block]) -> Sheet:
    """The sheet with a row for each combination, and `more` on them."""
    sort_by = (Fixed("volgorde"), Input("invoer_volgorde", SORTING, DEFAULT))
    return Sheet(
        "Scenario’s",
        [
            note(texts.say("scenarios.uitleg")),
            Table("Sorteren", [Column("Sorteer op"), Column("Keuze")], [sort_by]),
            of_combinations(TABLE, (13, 15, 12, 9), _amounts(tariff), TOTALS, "P.m. totaal"),
            *more,
        ],
        scale=70,
        purpose="alle combinaties van begeleiding, hosting en bijdrage, en meer of minder uren",
    )


def of_combinations(
    name: str,
    widths: tuple[float, float, float, float],
    columns: Sequence[Column],
    totals: Mapping[str, str],
    apart: str,
) -> Table:
    """A table with a row for each combination in the chosen order; the chosen one is marked in words and in style.

    Those that miss an amount according to the p.m. column `apart` stand behind a line.
    """
    same = ",".join(f"{this_row(name, header)}={item.word}" for item, header in HEADERS.items())
    chosen = Calculated(f'IF(AND({same}),"{YES}","{NO}")', lambda scenario: yes_no(scenario.chosen), Style.STATUS)
    return Table(
        name,
        [
            *(_option(item, width) for item, width in zip(OPTIONS, widths, strict=False)),
            Column("Gekozen", widths[-1], chosen),
            *columns,
        ],
        COMBINATIONS,
        of=in_order,
        filters=True,
        chosen="Gekozen",
        totals=totals,
        apart=apart,
    )


def _option(item: Item, width: float) -> Column:
    """The option of an item in the combination that comes at the place of the row."""

    def option(row: tuple[int, Sequence[Option]]) -> Calculated:
        place, _ = row
        found = f"MATCH(SMALL(volgorde_sleutel,{place}),volgorde_sleutel,0)"
        return Calculated(f"INDEX(volgorde_{item.word},{found})", attrgetter(f"{item.key}.dutch"), Style.TEXT)

    return Column(HEADERS[item], width, option)


def over_horizon(table: str, tariff: Tariff, part: str) -> str:
    """What the combination in the formula's own row costs over the horizon, but for what is p.m."""
    years, lines = range(1, int(tariff.horizon.value) + 1), line_names(tariff, Period.YEARLY, but=OPTIONS)
    others = [f"ROUND(N({name}_@)*index_{n},2)" for name in lines for n in years]
    recurring = [f"N({option_in(table, item, f'{part}_@')})" for item in OPTIONS if item.period is Period.YEARLY]
    return "+".join([summed_in(table, tariff, Period.ONCE), *others, *recurring])


def _amounts(tariff: Tariff) -> list[Column]:
    once, yearly = (summed_in(TABLE, tariff, period) for period in Period)
    first_year, horizon = f"{once}+{yearly}", over_horizon(TABLE, tariff, "looptijd")
    known = [f"{this_row(TABLE, f'P.m. {period.dutch}')}<>tekst_volledig" for period in Period]
    missing, total = f"OR({','.join(known)})", this_row(TABLE, "P.m. totaal")
    return [
        *_paid("Eenmalig", (13, 12), once, missing_in(TABLE, tariff, Period.ONCE), "totals.once"),
        *_paid("Jaarlijks", WIDTHS, yearly, missing_in(TABLE, tariff, Period.YEARLY), "totals.yearly"),
        *bounded("Eerste jaar", WIDTHS, unless_pm(total, first_year), attrgetter("totals.first_year")),
        *bounded("Alle jaren", WIDTHS, unless_pm(total, horizon), attrgetter("totals.horizon")),
        Column("P.m. totaal", 9, marked(mark(missing, first_year), attrgetter("totals.first_year"))),
    ]


def _paid(header: str, widths: tuple[float, float], formula: str, missing: str, amount: str) -> list[Column]:
    return priced(TABLE, header, f"P.m. {header.lower()}", (widths, 9), formula, missing, attrgetter(amount))


def in_order(indication: Indication) -> list[Scenario]:
    """The combinations in the order in which they stand at first: by the first year, what has p.m. behind."""
    amounts = {cost.option: cost.amount for cost in indication.options}

    def key(scenario: Scenario) -> tuple[int, int]:
        chosen = [amounts[option] for option in (scenario.guidance, scenario.hosting, scenario.contribution)]
        unknown = [amount.unquantified for amount in chosen]
        return sum(unknown), to_euros(sum((amount.low for amount in chosen), Decimal(0)))

    return sorted(indication.scenarios, key=key)


def _key(indication: Indication, place: int) -> float:
    """What the combination at a place of the list is sorted by."""
    scenario = indication.scenarios[place]
    amounts = {cost.option: cost.amount for cost in indication.options}
    key = Decimal(0)
    for option in (scenario.guidance, scenario.hosting, scenario.contribution):
        key += int(BEHIND) if amounts[option].unquantified else amounts[option].low
    return to_euros(key) + (place + 1) * float(APART)


def order() -> Table:
    """What the rows are sorted by: the part of their amount that differs, and behind all others what has p.m."""

    def key(row: tuple[int, Sequence[Option]]) -> Calculated:
        nr, _ = row
        found = f"{nr}"
        for order, (once, yearly) in ORDERS.items():
            parts = [option_in("Volgorde", item, once if item.period is Period.ONCE else yearly) for item in OPTIONS]
            unknown = "+".join(f"IF(ISTEXT({part}),{BEHIND},N({part}))" for part in parts)
            found = f'IF(invoer_volgorde="{order}",ROUND({unknown},0)+{nr}*{APART},{found})'
        return Calculated(found, lambda of: _key(of, nr - 1), Style.DECIMAL)

    def option(place: int, item: Item) -> Column:
        return Column(HEADERS[item], cell=lambda row: Fixed(row[1][place].dutch), name=f"volgorde_{item.word}")

    columns = [*map(option, count(), OPTIONS), Column("Sleutel", cell=key, name="volgorde_sleutel")]
    return Table("Volgorde", columns, COMBINATIONS)
