"""What a municipality chose: the vocabulary of the choices, and `Choices` itself, as trusted data.

Enum values are the English words of code and JSON; `dutch` is the word that a municipality reads and writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from pipeline.amounts import Amount
from pipeline.items import Item
from pipeline.register import Municipality
from pipeline.tariffs import SizeClass


class Option(Enum):
    """A value that can be chosen: its English word, and the Dutch one."""

    def __new__(cls, value: str, dutch: str) -> Option:
        """Make the member: `value` for code and JSON, `dutch` for people."""
        member = object.__new__(cls)
        member._value_ = value
        member.dutch = dutch
        return member

    dutch: str


class Guidance(Option):
    """Who does the technical set-up. Source: pages "Kostenindicaties" and "Implementatiestappen"."""

    SELF = "self", "zelf"
    EXTERNAL = "external", "extern"


class Hosting(Option):
    """Who hosts and manages Signalen. Source: page "Hosting en beheer"."""

    IN_HOUSE = "in_house", "in huis"
    HYBRID = "hybrid", "hybride"
    SAAS = "saas", "saas"


class Contribution(Option):
    """The form of the voluntary community contribution. Source: page "Kostenindicaties"."""

    FINANCIAL = "financial", "financieel"
    ALTERNATIVE = "alternative", "alternatief"
    NONE = "none", "geen"


class InKind(Option):
    """Effort besides the contribution. Source: page "Kostenindicaties"."""

    STEERING_GROUP = "steering_group", "stuurgroep"
    PRODUCT_STEERING = "product_steering", "productsturing"


class Phase(Option):
    """How far a municipality is. Source: page "Implementatiestappen voor gemeenten"."""

    EXPLORATION = "exploration", "verkenning"
    DEMO = "demo", "demo"
    IMPLEMENTATION = "implementation", "implementatie"
    LIVE = "live", "live"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a row came from: the name of the delivery, and its line as an editor shows it (from 1)."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Choices:
    """One municipality's choices.

    `hours` are hours of external guidance (None: the tariff's). `hosting_estimate` is the municipality's own
    estimate or offer for the chosen form of hosting, in euros per year (None: the tariff's amount, if it has
    one). `inhabitants` and `size_class` override the register and the tariff's bounds. `agreed` says whether
    an alternative contribution was agreed with the Stuurgroep (None: not said). `replaces` are the rows of
    earlier deliveries that this one replaced. `answers` are ja or nee to items
    of the tariff that have a column of their own, by its name; what was left blank is not among them.
    """

    municipality: Municipality
    guidance: Guidance
    hosting: Hosting
    contribution: Contribution
    origin: Origin
    hours: Decimal | None = None
    hosting_estimate: Amount | None = None
    contribution_note: str = ""
    agreed: bool | None = None
    in_kind: tuple[InKind, ...] = ()
    backlog: str = ""
    phase: Phase | None = None
    start_year: int | None = None
    size_class: SizeClass | None = None
    inhabitants: int | None = None
    contact: str = ""
    replaces: tuple[Origin, ...] = ()
    answers: tuple[tuple[str, bool], ...] = ()

    def includes(self, item: Item) -> bool:
        """Whether an item is there: always, or because it was chosen."""
        if not item.by_choice:
            return True
        if (elsewhere := item.elsewhere) is None:
            return dict(self.answers).get(item.word, False)
        said = getattr(self, elsewhere.field)
        return bool(said) and elsewhere.value in (None, getattr(said, "value", said))

    def replacing(self, earlier: Choices) -> Choices:
        """The same choices, remembering that they take the place of an earlier delivery."""
        return replace(self, replaces=(*earlier.replaces, earlier.origin))
