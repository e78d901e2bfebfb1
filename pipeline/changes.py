"""What changed between two results: which municipalities, what that does to the amounts, and what caused it.

Where a row came from (file and line) is no change of a
municipality, nor whom to contact there: personal data does not belong on a page that is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from pipeline.amounts import Amount, total
from pipeline.choices import Option
from pipeline.earlier import DeclaredItem, Euros, Figure, Record, Register, Result, Tariff
from pipeline.figures import declarations
from pipeline.history import numbered
from pipeline.register import fold
from pipeline.tariffs import SizeClass
from pipeline.texts import day_in_words

FIGURES = {
    "once": "Eenmalig",
    "yearly": "Jaarlijks",
    "first_year": "Eerste jaar",
    "horizon": "Looptijd",
    "contribution": "Bijdrage",
}
"""The amounts that are compared, with what readers call them: the key figures, and the first year's contribution."""
SHOWN = ("once", "yearly", "contribution", "horizon")
"""Those of which the page shows the difference for each municipality."""

FIELDS = {
    "guidance": "begeleiding",
    "hours": "begeleidingsuren",
    "hosting": "hosting",
    "hosting_estimate": "hosting_laag en hosting_hoog",
    "contribution": "bijdrage",
    "contribution_note": "bijdrage_toelichting",
    "agreed": "afgestemd",
    "in_kind": "in_natura",
    "backlog": "backlog",
    "phase": "fase",
    "start_year": "startjaar",
    "size_class": "grootteklasse",
    "inhabitants": "inwoners",
}
"""Each choice that is compared, with the column in which a municipality makes it.

The answers about items by choice are compared besides; each has a column of its own, by the key of the item.
"""

_YEARS = frozenset({"start_year", "ggu_year"})
_UNKNOWN = frozenset({"gemeente_onbekend", "gemeente_opgeheven", "code_onbekend"})
"""The findings on a row whose municipality the register does not know."""


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
    NOTHING = "volledig"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that has another value: what it is called and both values, in Dutch."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Pair:
    """An amount before and after; None where there was or is no indication."""

    old: Amount | None
    new: Amount | None

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


def compare(old: Result, new: Result, against: str = "") -> Changes:
    """What changed from an old result to a new one."""
    before, after = ({record.municipality.code: record for record in result.indications} for result in (old, new))
    tariff = _tariff(old.tariff, new.tariff)
    figures = {key for key, _ in tariff}
    absent = (_absent(old), _absent(new))
    changes = []
    for code in sorted(before.keys() | after.keys()):
        change = _municipality(before.get(code), after.get(code), figures, absent)
        if change:
            changes.append(change)
    sums = {figure: Pair(_sum(before.values(), figure), _sum(after.values(), figure)) for figure in FIGURES}
    return Changes(
        against, tuple(changes), tuple(field for _, field in tariff), _register(old.register, new.register), sums
    )


# --- One municipality -------------------------------------------------------------------------------------------------


Absent = tuple[frozenset[str], frozenset[str]]
"""The codes of who has a rejected row in a result, and the keys of who is named there but not in the register."""


def _absent(result: Result) -> Absent:
    unknown = [
        row
        for row in result.rejected
        if row.municipality is None and not _UNKNOWN.isdisjoint(finding.code for finding in row.findings)
    ]
    return (
        frozenset(row.municipality for row in result.rejected if row.municipality),
        frozenset(_key(name) for row in unknown for name in row.named),
    )


def _key(name: str) -> str:
    """A code or a name as it is recognised, however it was written."""
    folded = fold(name)
    number = folded.removeprefix("gm")
    return number.lstrip("0") if number.isdigit() else folded


def _why_absent(code: str, name: str, absent: Absent) -> Cause:
    """Why a result has no indication of a municipality."""
    rejected, unknown = absent
    if code in rejected:
        return Cause.REJECTED
    return Cause.DELIVERY if unknown.isdisjoint({_key(code), _key(name)}) else Cause.REGISTER


def _municipality(
    old: Record | None, new: Record | None, figures: set[str], absent: tuple[Absent, Absent]
) -> Change | None:
    """What changed for a municipality, from its old and new record; None if nothing did that a reader decides on."""
    record = new or old
    if record is None:
        return None
    code, name = record.municipality.code, record.municipality.name
    size_class = record.assumptions.size_class.value
    amounts = {figure: Pair(_amount(old, figure), _amount(new, figure)) for figure in FIGURES}
    if old is None or new is None:
        kind, where = (Kind.CAME, absent[0]) if old is None else (Kind.WENT, absent[1])
        return Change(code, name, size_class, kind, (_why_absent(code, name, where),), (), amounts)
    chosen = [
        Field(label, *(_in_words(getattr(side.choices, key), key) for side in (old, new)))
        for key, label in FIELDS.items()
        if getattr(old.choices, key) != getattr(new.choices, key)
    ]
    chosen += _answers(old, new)
    differs = any(pair.old != pair.new for pair in amounts.values())
    if not (chosen or differs or old.assumptions != new.assumptions):
        return None
    causes, others = _other_causes(old, new, figures if differs else set())
    if chosen:
        causes = [Cause.CHOICE, *causes]
    fields = (*chosen, *others)
    return Change(code, name, size_class, Kind.CHANGED, tuple(causes) or (Cause.VERSION,), fields, amounts)


def _other_causes(old: Record, new: Record, figures: set[str]) -> tuple[list[Cause], list[Field]]:
    """What besides its choices made a municipality's amounts differ."""
    causes: list[Cause] = []
    fields: list[Field] = []
    inhabitants = [record.municipality.inhabitants for record in (old, new)]
    size_class = [record.assumptions.size_class for record in (old, new)]
    same_choice = old.choices.size_class == new.choices.size_class
    same_own = old.choices.inhabitants == new.choices.inhabitants
    if inhabitants[0] != inhabitants[1]:
        causes.append(Cause.REGISTER)
        fields.append(Field("inwoners in het register", *(_in_words(number) for number in inhabitants)))
    if size_class[0] != size_class[1] and same_choice:
        fields.append(Field("grootteklasse volgens de inwoners", *(each.value for each in size_class)))
    by_bounds = size_class[0] != size_class[1] and same_choice and same_own and inhabitants[0] == inhabitants[1]
    if by_bounds or figures & (_used(new) | _items(old, new)):
        causes.append(Cause.TARIFF)
    years = [record.assumptions.start_year for record in (old, new)]
    if years[0] != years[1] and old.choices.start_year == new.choices.start_year:
        causes.append(Cause.REFERENCE_DATE)
        fields.append(Field("startjaar", *map(str, years)))
    return causes, fields


def _answers(old: Record, new: Record) -> list[Field]:
    """What is said differently about items that have a column of their own."""
    before, after = ({answer.item: answer.chosen for answer in record.choices.answers} for record in (old, new))
    return [
        Field(item, _in_words(before.get(item)), _in_words(after.get(item)))
        for item in dict.fromkeys([*before, *after])
        if before.get(item) != after.get(item)
    ]


def _used(record: Record) -> set[str]:
    """The figures of the tariff on which a municipality's amounts rest, by their key."""

    def said(choice: str) -> object:
        value = record.assumptions.size_class_name if choice == "size_class" else getattr(record.choices, choice)
        return value.value if isinstance(value, Option) else value

    return {
        key
        for key, named in declarations().items()
        if named.when is not None and all(said(choice) in values for choice, values in named.when.items())
    }


def _items(old: Record, new: Record) -> set[str]:
    """The items that a municipality's amounts hold now, or held if the tariff no longer has them."""
    before, after = ({line.item: line.amount for line in record.lines} for record in (old, new))
    amounts = before | after
    return {_ITEM + item for item, amount in amounts.items() if amount.high or amount.pro_memorie}


_ITEM = "item "
"""What sets the key of an item apart from that of a figure."""


# --- Tariff, register, amounts ----------------------------------------------------------------------------------------


def _tariff(old: Tariff, new: Tariff) -> list[tuple[str, Field]]:
    """The figures and items that have another value, each with its key."""
    before, after = ({figure.key: figure for figure in tariff.figures} for tariff in (old, new))
    changed, labels = [], declarations()
    for key in dict.fromkeys([*before, *after]):
        values = [_figure(figures.get(key)) for figures in (before, after)]
        if values[0] != values[1]:
            changed.append((key, Field(labels[key].label if key in labels else key, *values)))
    return changed + _declared(old, new)


def _declared(old: Tariff, new: Tariff) -> list[tuple[str, Field]]:
    """The items that cost something else, came or went; unknown of a result from before they were in it."""
    if old.items is None or new.items is None:
        return []
    before, after = ({item.key: item for item in items} for items in (old.items, new.items))
    changed = []
    for key in dict.fromkeys([*before, *after]):
        values = [_cost(items.get(key)) for items in (before, after)]
        if values[0] != values[1]:
            changed.append((_ITEM + key, Field((after.get(key) or before[key]).name, *values)))
    return changed


def _cost(item: DeclaredItem | None) -> str:
    """What an item costs and when, in Dutch."""
    if item is None:
        return "geen"
    said = ["p.m." if item.amount.amount.unquantified else _in_words(item.amount), item.period.dutch]
    return ", ".join([*said, "bij keuze"] if item.by_choice else said)


def _figure(figure: Figure | None) -> str:
    if figure is None:
        return "geen"
    low, high = (_in_words(bound, figure.key) for bound in (figure.low, figure.high))
    return low if low == high else f"{low} – {high}"


def _register(old: Register, new: Register) -> tuple[Field, ...]:
    fields = (
        Field("peildatum inwoners", day_in_words(old.date), day_in_words(new.date)),
        Field("bron inwoners", old.source, new.source),
    )
    return tuple(field for field in fields if field.old != field.new)


def _amount(record: Record | None, figure: str) -> Amount | None:
    if record is None:
        return None
    euros: Euros = record.contribution if figure == "contribution" else getattr(record.totals, figure)
    return euros.amount


def _sum(records: Iterable[Record], figure: str) -> Amount:
    return total(amount for record in records if (amount := _amount(record, figure)))


def _in_words(value: Any, key: str = "") -> str:
    """A choice, a number or a text of a result in Dutch."""
    match value:
        case None | () | "":
            return "geen opgave"
        case bool():
            return "ja" if value else "nee"
        case int() | float() if key in _YEARS:
            return str(int(value))
        case int() | float():
            whole, _, part = f"{value:,}".partition(".")
            return whole.replace(",", ".") + (f",{part}" if part.strip("0") else "")
        case Option():
            return value.dutch
        case SizeClass():
            return value.value
        case Euros(low=low, high=high):
            bounds = dict.fromkeys(map(_in_words, (low, high)))
            return " – ".join(bounds)
        case tuple():
            return ", ".join(map(_in_words, value))
    return str(value)
