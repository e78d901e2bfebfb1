"""What changed between two results, as data: municipalities, amounts, tariff and register; in Dutch words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum

from msgspec import Struct

from pipeline import dutch
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


class Reason(Enum):
    """By what all municipalities together come to another total; the values are what people read.

    What became known or p.m. is no change of price: nobody knows what it was, or is.
    """

    CAME = "nieuw"
    RESTORED = "hersteld"
    WENT = "weg"
    REJECTED = "afgekeurd"
    CHOICE = "keuze"
    TARIFF = "tarief"
    REGISTER = "register"
    OTHER = "peildatum of versie"
    BECAME_KNOWN = "werd bekend"
    BECAME_PRO_MEMORIE = "werd p.m."


Span = tuple[Decimal, Decimal]
"""Euros more (or, below 0, less) at the low and at the high end."""


class Part(Struct, frozen=True):
    """A part of the difference of all together: why, of how many municipalities, and how many known euros."""

    reason: Reason
    municipalities: int
    once: Span
    yearly: Span


class Missing(Enum):
    """What happens to the p.m. of an amount; the values are what people read."""

    ADDED = "p.m. komt erbij"
    REMOVED = "p.m. vervalt"
    STAYS = "blijft p.m."
    NOTHING = "\N{NO-BREAK SPACE}"


class Field(Struct, frozen=True):
    """One thing that has another value: what it is called and both values, in Dutch."""

    name: str
    old: str
    new: str


class Pair(Struct, frozen=True):
    """An amount before and after; None where there was or is no indication.

    `rests_on_unknown` says that other items are p.m. than before: then nobody knows the difference.
    """

    old: Amount | None
    new: Amount | None
    rests_on_unknown: bool = False

    @property
    def in_words(self) -> str:
        """The difference, if both amounts are known; else what was and what is, because that is no saving."""
        if self.rests_on_unknown:
            said = [f"nu {_total(self.new)}"] if self.new else []
            return ", ".join([*said, f"was {_total(self.old)}"] if self.old else said)
        low, high = self.difference
        stays = ", blijft p.m." if self.missing is Missing.STAYS else ""
        if 0 < low < high:
            return f"+{dutch.euros(low, high)}{stays}"
        ends = " tot ".join(f"{'+' if end > 0 else ''}{dutch.euros(end)}" for end in dict.fromkeys((low, high)))
        return f"{ends}{stays}"

    @property
    def difference(self) -> Span:
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


class Change(Struct, frozen=True):
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
    def what(self) -> str:
        """What happened to the municipality; who was rejected is not gone, nor new once that is mended."""
        if Cause.REJECTED in self.causes:
            return str((Reason.RESTORED if self.kind is Kind.CAME else Reason.REJECTED).value)
        return str(self.kind.value)

    @property
    def in_words(self) -> str:
        """What has another value, in a line."""
        return "; ".join(f"{field.name}: {field.old} → {field.new}" for field in self.fields) or "n.v.t."

    @property
    def differing(self) -> Mapping[str, Pair]:
        """The amounts that are another than before, by their figure."""
        return {figure: pair for figure, pair in self.amounts.items() if pair.old != pair.new}


class Changes(Struct, frozen=True):
    """All that changed; `against` says with what it was compared, and `problem` why it could not be, if so.

    `made_on` is the reference date of that result, if it is known. `totals` has a pair for each of `FIGURES`, over the
    municipalities that delivered themselves, or over all if none did; `parts` add up to their difference. `tariff` and
    `register` are their own changes.
    """

    against: str
    municipalities: tuple[Change, ...] = ()
    tariff: tuple[Field, ...] = ()
    register: tuple[Field, ...] = ()
    totals: Mapping[str, Pair] | None = None
    problem: str = ""
    made_on: date | None = None
    parts: tuple[Part, ...] = ()

    @property
    def earlier(self) -> str:
        """The earlier result as readers call it: by its own reference date, if that is known."""
        return numbered(self.against, self.made_on)

    @property
    def any(self) -> bool:
        """Whether anything changed that a reader decides on."""
        return bool(self.municipalities or self.tariff or self.register)

    @property
    def sentence(self) -> str:
        """With what was compared, and how much changed."""
        if self.problem:
            return f"Vergelijken met het {self.earlier} ging niet. {self.problem}"
        counts = Counter(change.what for change in self.municipalities)
        said = [_counted(counts[what], what) for what in _ORDER if counts[what]]
        said += ["tarief gewijzigd"] if self.tariff else []
        said += ["register gewijzigd"] if self.register else []
        return f"Vergeleken met het {self.earlier}: {', '.join(said) or 'niets gewijzigd dat telt'}."


_ORDER = (
    *(kind.value for kind in (Kind.CHANGED, Kind.CAME)),
    Reason.RESTORED.value,
    Kind.WENT.value,
    Reason.REJECTED.value,
)


def _counted(number: int, what: str) -> str:
    return f"{number} {'gemeente' if number == 1 else 'gemeenten'} {what}"


def _total(amount: Amount) -> str:
    """A total as documents write it."""
    if amount.unquantified:
        return "onbekend"
    return f"minimaal {dutch.euros(amount.low)}" if amount.pro_memorie else dutch.euros(amount.low, amount.high)
