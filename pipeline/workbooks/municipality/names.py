"""What the cells of the municipality's workbook are called, and the words that formulas and values share."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.amounts import Amount
from pipeline.choices import Contribution, Guidance, Hosting
from pipeline.indication import PERIODS, Item, Period

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

# What the cost lines are called in the names of their cells.
LINES = {
    Item.SOFTWARE: "kosten_software",
    Item.GUIDANCE: "kosten_begeleiding",
    Item.DEMO: "kosten_demo",
    Item.BACKLOG: "kosten_backlog",
    Item.HOSTING: "kosten_hosting",
    Item.CONTRIBUTION: "kosten_bijdrage",
    Item.IN_KIND: "kosten_in_natura",
}
CHOSEN_BY = {
    Item.GUIDANCE: "begeleiding",
    Item.DEMO: "demo_omgeving",
    Item.BACKLOG: "backlog",
    Item.HOSTING: "hosting",
    Item.CONTRIBUTION: "bijdrage",
    Item.IN_KIND: "in_natura",
}
ONCE = [name for item, name in LINES.items() if PERIODS[item] is Period.ONCE]
YEARLY = [name for item, name in LINES.items() if PERIODS[item] is Period.YEARLY]
RUNNING = [name for name in YEARLY if name != LINES[Item.CONTRIBUTION]]
# Those beside the items that an option decides: the same in every combination.
OTHER_ONCE = [name for name in ONCE if name != LINES[Item.GUIDANCE]]
OTHER_YEARLY = [name for name in RUNNING if name != LINES[Item.HOSTING]]
OPTIONS: Mapping[str, type[Guidance] | type[Hosting] | type[Contribution]] = {
    "begeleiding": Guidance,
    "hosting": Hosting,
    "bijdrage": Contribution,
}

CHOICE_COLUMNS = {choice: choice.capitalize() for choice in OPTIONS}

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
