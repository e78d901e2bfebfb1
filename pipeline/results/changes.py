"""What changed between two results, as data: municipalities, amounts, tariff and register; in Dutch words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from pipeline.model.amounts import Amount
from pipeline.results.archive import numbered
from pipeline.results.records import Totals, titles

CONTRIBUTED = "contribution"
FIGURES = {**titles(Totals), CONTRIBUTED: "Bijdrage"}
"""The amounts that are compared, with what readers call them: the key figures, and the first year's contribution."""
SHOWN = ("once", "yearly", CONTRIBUTED, "horizon")
"""Those of which the page shows the difference for each municipality."""


class Kind(Enum):
    """What happened to a municipality; the values are what people read."""

    CAME = "nieuw"
    WENT = "weg"
    CHANGED = "gewijzigd"


class Cause(Enum):
    """Why its amounts or choices differ, or why it came or went; the values are what people read.

    Who came or went did so because its row was rejected, because the register did not know it, or else because there
    was no row: a matter of the delivery.
    """

    CHOICE = "keuze"
    REJECTED = "afgekeurd"
    DELIVERY = "aanlevering"
    TARIFF = "tarief"
    REGISTER = "register"
    REFERENCE_DATE = "peildatum"
    VERSION = "versie"


class Missing(Enum):
    """What happens to the p.m. of an amount; the values are what people read."""

    ADDED = "p.m. komt erbij"
    REMOVED = "p.m. vervalt"
    STAYS = "blijft p.m."
    NOTHING = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that has another value: what it is called and both values, in Dutch."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An amount before and after; None where there was or is no indication.

    `rests_on_unknown` says that other items are p.m. than before: then nobody knows the difference.
    """

    old: Amount | None
    new: Amount | None
    rests_on_unknown: bool = False

    @property
    def difference(self) -> tuple[Decimal, Decimal]:
        """How many known euros more (or, below 0, less) at the low and the high end; what is p.m. counts for 0."""
        old, new = self.old or Amount(), self.new or Amount()
        return new.low - old.low, new.high - old.high

    @property
    def missing(self) -> Missing:
        """What happens to what is p.m.; without that word a difference would look complete."""
        was, is_ = (bool(amount and amount.pro_memorie) for amount in (self.old, self.new))
        if was:
            return Missing.STAYS if is_ else Missing.REMOVED
        return Missing.ADDED if is_ else Missing.NOTHING


@dataclass(frozen=True, slots=True)
class Change:
    """What changed for one municipality; `amounts` has a pair for each of `FIGURES`.

    `size_class` is its Dutch name, as it is now, or was last.
    """

    code: str
    name: str
    size_class: str
    kind: Kind
    causes: tuple[Cause, ...]
    fields: tuple[Field, ...]
    amounts: Mapping[str, Pair]

    @property
    def in_words(self) -> str:
        """What has another value, in a line."""
        return "; ".join(f"{field.name}: {field.old} → {field.new}" for field in self.fields) or "n.v.t."

    @property
    def differing(self) -> Mapping[str, Pair]:
        """The amounts that are another than before, by their figure."""
        return {figure: pair for figure, pair in self.amounts.items() if pair.old != pair.new}


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed; `against` says with what it was compared, and `problem` why it could not be, if so.

    `totals` has a pair for each of `FIGURES`, over all municipalities; `tariff` and `register` are their own changes.
    """

    against: str
    municipalities: tuple[Change, ...] = ()
    tariff: tuple[Field, ...] = ()
    register: tuple[Field, ...] = ()
    totals: Mapping[str, Pair] | None = None
    problem: str = ""

    @property
    def any(self) -> bool:
        """Whether anything changed that a reader decides on."""
        return bool(self.municipalities or self.tariff or self.register)

    @property
    def sentence(self) -> str:
        """With what was compared, and how much changed."""
        if self.problem:
            return f"Vergelijken met het {numbered(self.against)} ging niet. {self.problem}"
        counts = Counter(change.kind for change in self.municipalities)
        said = [_counted(counts[kind], kind) for kind in (Kind.CHANGED, Kind.CAME, Kind.WENT) if counts[kind]]
        said += ["tarief gewijzigd"] if self.tariff else []
        said += ["register gewijzigd"] if self.register else []
        return f"Vergeleken met het {numbered(self.against)}: {', '.join(said) or 'niets gewijzigd dat telt'}."


def _counted(number: int, kind: Kind) -> str:
    return f"{number} {'gemeente' if number == 1 else 'gemeenten'} {kind.value}"
