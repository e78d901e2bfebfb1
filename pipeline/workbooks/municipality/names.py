"""What the cells of the municipality's workbook are called, and the words that formulas and values share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.amounts import Amount
from pipeline.choices import Contribution, Guidance, Hosting
from pipeline.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period

PM, PLUS_PM, COMPLETE = "p.m.", "+ p.m.", "volledig"
NOT_GIVEN = "geen opgave"
NOT_APPLICABLE = "n.v.t."
YES, NO = "ja", "nee"

SHEETS = 10
"""How many sheets the workbook has."""

ENTERED, DELIVERED = "invoer_", "aangeleverd_"
"""What the input cell of a choice and the cell with what was delivered are called, before the name of the choice.

The choice's own name is that of the cell with what is calculated with.
"""

STATE = "Stand"
AS_DELIVERED, CHANGED, WRONG = "zoals aangeleverd", "gewijzigd", "klopt niet, zie toelichting"
NOTICE_NONE = "De keuzes in dit werkboek zijn zoals aangeleverd."
NOTICE_CHANGED = "Let op: de keuzes in dit werkboek zijn gewijzigd en wijken af van wat is aangeleverd."
NOTICE_WRONG = "Let op: in Keuzes staat iets dat niet kan; daarvoor is gerekend met wat is aangeleverd."
NOTICE_BOTH = "Let op: keuzes zijn gewijzigd, en in Keuzes staat iets dat niet kan; dat telt als aangeleverd."
LISTED = "zoals opgesomd"
"""The order of the combinations in which nothing is sorted."""
GGU_KNOWN = "Vanaf het GGU-jaar in Keuzes vervalt wat zij jaarlijks bijdraagt; wat dat uitmaakt staat in GGU scheelt."
GGU_UNKNOWN = "Er is geen GGU-jaar in Keuzes: met en zonder GGU is gelijk."
ALL_MISSING = "niets begroot"
CHART_EMPTY = "De grafiek is leeg: geen enkel jaar heeft een bedrag, alles is p.m."
CHART_PARTLY = "De grafiek toont wat is begroot; wat p.m. is staat er niet in."
CHART_WHOLE = "De grafiek toont alle kosten."
LAPSED_NOW = "Vervallen: in het eerste jaar betaalt de GGU de gezamenlijke kosten al."

OPTIONS: Mapping[str, type[Guidance] | type[Hosting] | type[Contribution]] = {
    "begeleiding": Guidance,
    "hosting": Hosting,
    "bijdrage": Contribution,
}

CHOICE_COLUMNS = {choice: choice.capitalize() for choice in OPTIONS}


@dataclass(frozen=True, slots=True)
class LineNames:
    """What the cost lines are called in the names of their cells, by when they are paid.

    `running` are those that recur besides the contribution. The `other` ones are those beside the items that an option
    decides, and so the same in every combination.
    """

    every: tuple[str, ...]
    once: tuple[str, ...]
    yearly: tuple[str, ...]
    running: tuple[str, ...]
    other_once: tuple[str, ...]
    other_yearly: tuple[str, ...]


def line_names(items: Sequence[Item]) -> LineNames:
    """What the cost lines of these items are called."""

    def named(*periods: Period, but: Collection[Item] = ()) -> tuple[str, ...]:
        return tuple(line_name(item) for item in items if item.period in periods and item not in but)

    return LineNames(
        every=named(*Period),
        once=named(Period.ONCE),
        yearly=named(Period.YEARLY),
        running=named(Period.YEARLY, but=[CONTRIBUTION]),
        other_once=named(Period.ONCE, but=[GUIDANCE]),
        other_yearly=named(Period.YEARLY, but=[CONTRIBUTION, HOSTING]),
    )


def line_name(item: Item) -> str:
    """What the cost line of an item is called in the names of its cells."""
    return f"kosten_{item.word}"


def chosen_by(item: Item) -> str:
    """The name of the cell that says which option is chosen, or whether the item is there; empty if nothing does."""
    if item.elsewhere:
        return item.elsewhere.cell
    if item.by_choice:
        return f"keuze_{item.word}"
    return item.word if item.word in OPTIONS else ""


def entered_as(item: Item) -> str:
    """What the input cell of an item by choice is called, behind `ENTERED` and `DELIVERED`."""
    return item.elsewhere.cell if item.elsewhere else item.word


# Whether the contribution has lapsed before the first year.
LAPSED = "AND(ISNUMBER(ggu_jaar),ggu_jaar<=startjaar)"


def scenario_key(guidance: Guidance, hosting: Hosting, contribution: Contribution) -> str:
    """What the cells of one scenario are called."""
    return f"scenario_{guidance.value}_{hosting.value}_{contribution.value}"


def thousands(number: int) -> str:
    """A whole number as Dutch text, with dots."""
    return f"{number:,}".replace(",", ".")


def status(amount: Amount) -> str:
    """Whether an amount is complete, wholly p.m., or a number to which p.m. is to be added."""
    if not amount.pro_memorie:
        return COMPLETE
    return PM if amount.unquantified else PLUS_PM


def bounds(amount: Amount) -> tuple[str | float, str | float]:
    """The low and high of an amount as cells show them."""
    return (PM, PM) if amount.unquantified else (float(amount.low), float(amount.high))
