"""The cost lines of a workbook and the options that decide some of them: what their cells are called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pipeline.documents.workbooks.formulas import plus, this_row
from pipeline.documents.workbooks.words import BOTH, BOUNDS, NO, NOT_GIVEN, YES
from pipeline.model.choices import COLUMNS, REQUIRED_OPTIONS, Phase
from pipeline.model.columns import AnyOf, Option
from pipeline.model.form import CHOSEN
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period
from pipeline.model.tariffs import Tariff

OPTIONS = {item: REQUIRED_OPTIONS[item.word] for item in (GUIDANCE, HOSTING, CONTRIBUTION)}
"""The items that an option decides."""

ALL_YEARS = "alle jaren"
"""What the years of the projection together are called."""
PHASE = "fase"
"""What the cell with the phase is called."""
PHASES = [NOT_GIVEN, *(phase.dutch for phase in Phase)]
"""What can be chosen there."""
LIVE = f'{PHASE}="{Phase.LIVE.dutch}"'
"""Whether the municipality is live, so that it pays no set-up again."""
ESTIMATED_HOSTING = "raming_hosting_bij"
"""The cell with the form of hosting that the own estimate is for: as delivered, until the estimate is changed."""
LAPSED = "AND(ISNUMBER(ggu_jaar),ggu_jaar<=startjaar)"
"""Whether the contribution has lapsed before the first year."""


def line_name(item: Item) -> str:
    """What the cost line of an item is called in the names of its cells."""
    return f"kosten_{item.word}"


def line_names(tariff: Tariff, *periods: Period, but: Collection[Item] = ()) -> list[str]:
    """What the cost lines are called of the items that are paid then."""
    return [line_name(item) for item in tariff.items if item.period in periods and item not in but]


def chosen_by(item: Item) -> str:
    """The name of the cell that says which option is chosen, or whether the item is there; empty if nothing does."""
    if item.elsewhere:
        return PHASE if item.elsewhere.value else item.elsewhere.cell
    if item.by_choice:
        return CHOSEN + item.word
    return item.word if item in OPTIONS else ""


def kinds_of(item: Item) -> Sequence[Option]:
    """What an item may be that is there by the kinds of it that are chosen, such as effort in kind; else nothing."""
    kinds = (column.kind for column, field in COLUMNS.items() if item.elsewhere and field == item.elsewhere.field)
    return next((tuple(kind.options) for kind in kinds if isinstance(kind, AnyOf)), ())


def kinds_listed(item: Item) -> Sequence[str]:
    """The words from which the kinds of an item are chosen, if it has any."""
    kinds = [kind.dutch for kind in kinds_of(item)]
    return [NO, *kinds, BOTH] if kinds else []


def there(item: Item) -> str:
    """Whether an item that is there by choice was chosen."""
    if kinds_of(item):
        return f'{chosen_by(item)}<>"{NO}"'
    return f'{chosen_by(item)}="{item.elsewhere.value if item.elsewhere and item.elsewhere.value else YES}"'


def estimate_name(item: Item, bound: str) -> str:
    """What the cell with an end of the own estimate of an item is called: as the column of a delivery."""
    return f"{item.word}_{bound}"


def unless_estimated(item: Item, formula: str, *conditions: str) -> str:
    """The own estimate of an item if there is one and the conditions hold, or else a formula; `@` is laag or hoog."""
    given = [f"ISNUMBER({estimate_name(item, bound)})" for bound in BOUNDS]
    return f"IF(AND({','.join([*conditions, *given])}),{estimate_name(item, '@')},{formula})"


def unless_live(item: Item, formula: str) -> str:
    """A formula for what is paid for an item, of which nobody who is live pays the set-up again."""
    return f"IF({LIVE},0,{formula})" if item.set_up else formula


def unless_absent(item: Item, formula: str, absent: str, live: str = "") -> str:
    """A formula for an item that is there; else the word that it is not, or that who is live has it."""
    if item.by_choice:
        formula = f'IF({there(item)},{formula},"{absent}")'
    return f'IF({LIVE},"{live or absent}",{formula})' if item.set_up else formula


def chosen(item: Item, by: Any) -> Option:
    """The option that decides an item, by choices or in a scenario."""
    option: Option = getattr(by, item.key)
    return option


# --- Formulas over them -----------------------------------------------------------------------------------------------


def option_cell(part: str, item: Item, option: str) -> str:
    """A column of the options of one item, at an option."""
    return f"INDEX(optie_{item.word}_{part},MATCH({option},lijst_{item.word},0))"


def option_in(table: str, item: Item, part: str) -> str:
    """A column of the options of one item, at the option in the formula's own row of a table."""
    return option_cell(part, item, this_row(table, item.word.capitalize()))


def incomplete(names: Collection[str], *besides: str) -> str:
    """Whether one of the amounts with these names misses something, or a condition holds besides."""
    conditions = [*besides, *(f"{name}_pm<>tekst_volledig" for name in names)]
    return f"OR({','.join(conditions)})" if len(conditions) > 1 else conditions[0]


def besides(when: str) -> str:
    """What the cells are called with what the items cost that no option decides, once, yearly or over all years."""
    return f"overig_{when.replace(' ', '_')}"


def missing_in(table: str, period: Period, part: str = "laag") -> str:
    """Whether something that is paid then misses an amount, with the options in the formula's own row."""
    options = (option_in(table, item, part) for item in OPTIONS if item.period is period)
    return incomplete([besides(period.dutch)], *(f"ISTEXT({option})" for option in options))


def summed_in(table: str, period: Period, when: str = "", part: str = "") -> str:
    """The sum of what is paid then, with the options in the formula's own row; `@` stands for laag or hoog.

    `part` is a part of the options' amounts, and `when` that of the other items, if not that of the period.
    """
    options = [option_in(table, item, f"{part}@") for item in OPTIONS if item.period is period]
    return plus([*options, f"{besides(when or period.dutch)}_@"])


def over_horizon(table: str, once: str, part: str) -> str:
    """What the combination in the formula's own row costs over all years, but for what is p.m.; `once` at first."""
    return f"{once}+{summed_in(table, Period.YEARLY, ALL_YEARS, f'{part}_')}"
