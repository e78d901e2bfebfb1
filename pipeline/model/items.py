"""The cost items, each declared once; everything that lists items loops over those of a tariff.

An item with a rule of its own is declared here, and its texts stand in `templates/teksten.toml`. Every other item is a
block in the tariff file and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache

from msgspec import Struct

from pipeline.model.amounts import Amount


class Period(Enum):
    """When an item is paid; the values are those of the JSON form."""

    ONCE = "once"
    YEARLY = "yearly"

    @property
    def dutch(self) -> str:
        """The word in the tariff file, and for who reads a document."""
        return "eenmalig" if self is Period.ONCE else "jaarlijks"

    @property
    def unit(self) -> str:
        """The unit of its amounts, as the tariff file says it."""
        return "EUR" if self is Period.ONCE else "EUR per jaar"


class ItemTexts(Struct, frozen=True):
    """What an item is called and what it is; and what is asked of the municipality as long as it is p.m."""

    name: str
    explanation: str
    asked: str


class Elsewhere(Struct, frozen=True):
    """How an item is chosen that has no column of its own for ja or nee.

    `field` is the choice that says so: by this `value`, or else by any at all. `key` is what code and the JSON form
    call the item, `cell` what its input cell in the workbook is called, and `label` what stands beside that.
    """

    field: str
    value: str | None
    key: str
    cell: str
    label: str


CHOSEN_ELSEWHERE: Mapping[str, Elsewhere] = {
    "demo": Elsewhere("phase", "demo", "demo", "demo_omgeving", "Demo-omgeving"),
    "backlog": Elsewhere("backlog", None, "backlog", "backlog", "Functionaliteit van de backlog"),
    "in_natura": Elsewhere("in_kind", None, "in_kind", "in_natura", "Inzet in natura"),
}
"""Those items, by their key in the tariff file."""


LOW, HIGH = "_laag", "_hoog"
"""How the columns of both ends of an own estimate end, behind the word of the item."""

RESERVED = frozenset(
    {"volgorde", "eenmalig", "jaarlijks", "eerste_jaar", "looptijd", "per_inwoner", "jaren", "latere", "saas"}
)
"""Words by which the workbook has a cell that is no choice of a municipality, or that begin the name of one."""
RESERVED_BEFORE = ("kosten_", "begin_", "optie_", "jaren_", "begroting_", "overig_", "invoer_", "tarief_")
"""How names of cells begin that end as those of an estimate do."""


@dataclass(frozen=True, slots=True)
class Item:
    """A cost item.

    `key` is what code and the JSON form call it, `word` what a delivery, the tariff file and the names of cells do.
    One that is there `by_choice` has a column of its own for ja or nee, unless it is chosen `elsewhere`. `amount` is
    what it costs when it is there; None where a rule says so. `texts` come with what is declared in the tariff file.
    An `estimable` one takes the municipality's own estimate; `usual` is what the tariff states in such a case, to see
    whether an estimate is likely. What is paid once is part of the set-up, unless it is there `also_live`.
    """

    key: str
    word: str
    period: Period
    by_choice: bool = False
    amount: Amount | None = None
    texts: ItemTexts | None = None
    estimable: bool = True
    also_live: bool = False
    usual: Amount | None = field(default=None, compare=False)

    @property
    def elsewhere(self) -> Elsewhere | None:
        """How it is chosen if it has no column of its own."""
        return CHOSEN_ELSEWHERE.get(self.word) if self.by_choice else None

    @property
    def figure(self) -> str:
        """What its amount is called in the workbook, as a figure of the tariff."""
        return f"tarief_{self.word}"

    @property
    def set_up(self) -> bool:
        """Whether it is part of the set-up, for which nobody who is live pays again."""
        return self.period is Period.ONCE and not self.also_live

    @property
    def estimated_in(self) -> tuple[str, str]:
        """The columns of both ends of an own estimate."""
        return _ends(self.word)

    @property
    def has_column(self) -> bool:
        """Whether a delivery has a column for it."""
        return self.by_choice and self.elsewhere is None


@cache  # asked for each row of a delivery
def _ends(word: str) -> tuple[str, str]:
    return f"{word}{LOW}", f"{word}{HIGH}"


SOFTWARE = Item("software", "software", Period.YEARLY, estimable=False)
GUIDANCE = Item("guidance", "begeleiding", Period.ONCE)
HOSTING = Item("hosting", "hosting", Period.YEARLY)
CONTRIBUTION = Item("contribution", "bijdrage", Period.YEARLY)

RULED = (SOFTWARE, GUIDANCE, HOSTING, CONTRIBUTION)
"""The items with a rule of their own, which is in `pipeline.model.indication`."""


def in_order(declared: Iterable[Item]) -> tuple[Item, ...]:
    """All items in the order in which documents show them, with what a tariff declares where its period comes."""
    by_period: dict[Period, list[Item]] = {period: [] for period in Period}
    for item in declared:
        by_period[item.period].append(item)
    return (SOFTWARE, GUIDANCE, *by_period[Period.ONCE], HOSTING, CONTRIBUTION, *by_period[Period.YEARLY])
