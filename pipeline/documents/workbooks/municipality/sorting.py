"""In which order the combinations of options stand: by the part of their amount that differs, unknown ones behind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import count, product

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Input, Rule
from pipeline.documents.workbooks.municipality.lines import ALL_YEARS, OPTIONS, option_in
from pipeline.documents.workbooks.sheets import Column, Row, Table
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS
from pipeline.model import form
from pipeline.model.amounts import Amount, to_euros
from pipeline.model.choices import Contribution, Guidance, Hosting
from pipeline.model.columns import Option
from pipeline.model.indication import Indication, Scenario

COMBINATIONS = list(enumerate(product(*OPTIONS.values()), 1))
HEADERS = {item: item.word.capitalize() for item in OPTIONS}
LISTED = "zoals opgesomd"
"""The order in which nothing is sorted."""
FIRST_YEAR = "eerste jaar"
ORDERS = [f"{when} {bound}" for when in (FIRST_YEAR, ALL_YEARS) for bound in BOUNDS]
"""What rows can be sorted by: at first by the first one."""
ORDER = form.ENTERED + form.ORDER
KEY = "sleutel"
_SORTING = Rule(
    {"validate": "list", "source": [LISTED, *ORDERS]},
    "Volgorde",
    f"Kies waarop de regels zijn gesorteerd: {LISTED}, {', '.join(ORDERS)}.",
    "Dat kan niet. Kies een volgorde uit de lijst.",
)
_BEHIND, _APART = "100000000000", "0.01"
"""What an unknown amount adds to a key, more than any known one; and what sets equal keys apart, less than a euro.

They are thirteen digits apart: with more, LibreOffice takes two keys for the same.
"""


def chosen_order() -> Row:
    """The input cell with what the rows are sorted by."""
    return Row([Fixed("Sorteer op", Style.LABEL_BESIDE), Input(ORDER, _SORTING, ORDERS[0])], 20)


def in_order(indication: Indication) -> list[Scenario]:
    """The combinations in the order in which they stand at first: by the first year, what has p.m. behind."""
    amounts = {cost.option: (cost.amount.unquantified, cost.amount.low) for cost in indication.options}

    def key(scenario: Scenario) -> tuple[int, int]:
        unknown, low = zip(*(amounts[option] for option in _options(scenario)), strict=True)
        return sum(unknown), to_euros(sum(low))

    return sorted(indication.scenarios, key=key)


def key_of_option(amounts: Sequence[str]) -> Cell:
    """By what an option is sorted, of its amounts in each of the orders; nothing if nothing is sorted."""
    formula = '""'
    for order, amount in zip(reversed(ORDERS), reversed(amounts), strict=True):
        formula = f'IF({ORDER}="{order}",IF(ISTEXT({amount}),{_BEHIND},{amount}),{formula})'
    return Calculated(formula, lambda cost: _key(cost.amount), Style.EURO)


def order() -> Table:
    """By what each combination is sorted."""
    unsorted = f"ISTEXT(INDEX(optie_{next(iter(OPTIONS)).word}_{KEY},1))"
    summed = "+".join(option_in("Volgorde", item, KEY) for item in OPTIONS)

    def key(row: tuple[int, Sequence[Option]]) -> Calculated:
        nr, _ = row
        return Calculated(f"IF({unsorted},{nr},ROUND({summed},0)+{nr}*{_APART})", float, Style.DECIMAL)

    def option(place: int, header: str, word: str) -> Column:
        return Column(header, cell=lambda row: Fixed(row[1][place].dutch), name=f"volgorde_{word}")

    columns = [option(place, HEADERS[item], item.word) for place, item in zip(count(), OPTIONS, strict=False)]
    return Table("Volgorde", [*columns, Column("Sleutel", cell=key, name=f"volgorde_{KEY}")], COMBINATIONS, of=_keys)


def _keys(indication: Indication) -> list[float]:
    """By what each combination is sorted at first."""
    keys = {cost.option: _key(cost.amount) for cost in indication.options}
    return [
        to_euros(sum((keys[option] for option in _options(scenario)), Decimal(0))) + nr * float(_APART)
        for nr, scenario in enumerate(indication.scenarios, 1)
    ]


def _options(scenario: Scenario) -> tuple[Guidance, Hosting, Contribution]:
    return scenario.guidance, scenario.hosting, scenario.contribution


def _key(amount: Amount) -> Decimal:
    """By what an option is sorted at first."""
    return Decimal(_BEHIND) if amount.unquantified else amount.low
