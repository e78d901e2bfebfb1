"""What changed between two results: which municipalities, what that does to the amounts, and what caused it.

Results are compared as `read_result` gives them. Where a row came from (file and line) is no change of a
municipality, nor whom to contact there: personal data does not belong on a page that is published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pipeline.amounts import Amount, total
from pipeline.figures import declarations
from pipeline.history import numbered
from pipeline.items import Period
from pipeline.register import fold
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
"""Each choice in the JSON form that is compared, with the column in which a municipality makes it.

The answers about items by choice are compared besides; each has a column of its own, by the key of the item.
"""

WORDS = {
    "self": "zelf", "external": "extern", "in_house": "in huis", "hybrid": "hybride", "saas": "saas",
    "financial": "financieel", "alternative": "alternatief", "none": "geen",
    "steering_group": "stuurgroep", "product_steering": "productsturing",
    "exploration": "verkenning", "demo": "demo", "implementation": "implementatie", "live": "live",
    "g4": "G4", "large": "Groot", "medium": "Middelgroot", "small": "Klein",
}  # fmt: skip
"""The words of the JSON form, with those that a municipality reads."""

_FREE_TEXT = frozenset({"contribution_note", "backlog"})
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


def compare(old: Mapping[str, Any], new: Mapping[str, Any], against: str = "") -> Changes:
    """What changed from an old result to a new one, as `read_result` gives them."""
    before, after = (
        {record["municipality"]["code"]: record for record in result["indications"]} for result in (old, new)
    )
    tariff = _tariff(old["tariff"], new["tariff"])
    figures = {key for key, _ in tariff}
    absent = (_absent(old), _absent(new))
    changes = []
    for code in sorted(before.keys() | after.keys()):
        change = _municipality(before.get(code), after.get(code), figures, absent)
        if change:
            changes.append(change)
    sums = {figure: Pair(_sum(before.values(), figure), _sum(after.values(), figure)) for figure in FIGURES}
    return Changes(
        against, tuple(changes), tuple(field for _, field in tariff), _register(old["register"], new["register"]), sums
    )


# --- One municipality -------------------------------------------------------------------------------------------------


Absent = tuple[frozenset[str], frozenset[str]]
"""The codes of who has a rejected row in a result, and the keys of who is named there but not in the register."""


def _absent(result: Mapping[str, Any]) -> Absent:
    rows = result.get("rejected", ())
    unknown = [row for row in rows if row["municipality"] is None and not _UNKNOWN.isdisjoint(row["codes"])]
    return (
        frozenset(row["municipality"] for row in rows if row["municipality"]),
        frozenset(_key(name) for row in unknown for name in row["named"]),
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
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, figures: set[str], absent: tuple[Absent, Absent]
) -> Change | None:
    """What changed for a municipality, from its old and new record; None if nothing did that a reader decides on."""
    record = new or old or {}
    code, name = record["municipality"]["code"], record["municipality"]["name"]
    size_class = WORDS[record["assumptions"]["size_class"]]
    amounts = {figure: Pair(_amount(old, figure), _amount(new, figure)) for figure in FIGURES}
    if old is None or new is None:
        kind, where = (Kind.CAME, absent[0]) if old is None else (Kind.WENT, absent[1])
        return Change(code, name, size_class, kind, (_why_absent(code, name, where),), (), amounts)
    chosen = [
        Field(label, _in_words(old["choices"][key], key), _in_words(new["choices"][key], key))
        for key, label in FIELDS.items()
        if old["choices"][key] != new["choices"][key]
    ]
    chosen += _answers(old, new)
    differs = any(pair.old != pair.new for pair in amounts.values())
    moved = any(old["assumptions"][key] != new["assumptions"][key] for key in ("size_class", "start_year"))
    if not (chosen or differs or moved):
        return None
    causes, others = _other_causes(old, new, figures if differs else set())
    if chosen:
        causes = [Cause.CHOICE, *causes]
    fields = (*chosen, *others)
    return Change(code, name, size_class, Kind.CHANGED, tuple(causes) or (Cause.VERSION,), fields, amounts)


def _other_causes(old: Mapping[str, Any], new: Mapping[str, Any], figures: set[str]) -> tuple[list[Cause], list[Field]]:
    """What besides its choices made a municipality's amounts differ."""
    causes: list[Cause] = []
    fields: list[Field] = []
    inhabitants = [record["municipality"]["inhabitants"] for record in (old, new)]
    size_class = [record["assumptions"]["size_class"] for record in (old, new)]
    same_choice = old["choices"]["size_class"] == new["choices"]["size_class"]
    same_own = old["choices"]["inhabitants"] == new["choices"]["inhabitants"]
    if inhabitants[0] != inhabitants[1]:
        causes.append(Cause.REGISTER)
        fields.append(Field("inwoners in het register", *(_in_words(number) for number in inhabitants)))
    if size_class[0] != size_class[1] and same_choice:
        fields.append(Field("grootteklasse volgens de inwoners", *(WORDS[name] for name in size_class)))
    by_bounds = size_class[0] != size_class[1] and same_choice and same_own and inhabitants[0] == inhabitants[1]
    if by_bounds or figures & (_used(new) | _items(old, new)):
        causes.append(Cause.TARIFF)
    years = [record["assumptions"]["start_year"] for record in (old, new)]
    if years[0] != years[1] and old["choices"]["start_year"] == new["choices"]["start_year"]:
        causes.append(Cause.REFERENCE_DATE)
        fields.append(Field("startjaar", *map(str, years)))
    return causes, fields


def _answers(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Field]:
    """What is said differently about items that have a column of their own."""
    before, after = (
        {answer["item"]: answer["chosen"] for answer in record["choices"].get("answers", ())} for record in (old, new)
    )
    return [
        Field(item, _in_words(before.get(item)), _in_words(after.get(item)))
        for item in dict.fromkeys([*before, *after])
        if before.get(item) != after.get(item)
    ]


def _used(record: Mapping[str, Any]) -> set[str]:
    """The figures of the tariff on which a municipality's amounts rest, by their key."""
    said = {**record["choices"], "size_class": record["assumptions"]["size_class"]}
    return {
        key
        for key, named in declarations().items()
        if named.when is not None and all(said[choice] in values for choice, values in named.when.items())
    }


def _items(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """The items that a municipality's amounts hold now, or held if the tariff no longer has them."""
    before, after = ({line["item"]: line["amount"] for line in record["lines"]} for record in (old, new))
    amounts = before | after
    return {_ITEM + item for item, amount in amounts.items() if amount["high"] or amount["pro_memorie"]}


_ITEM = "item "
"""What sets the key of an item apart from that of a figure."""


# --- Tariff, register, amounts ----------------------------------------------------------------------------------------


def _tariff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Field]]:
    """The figures and items that have another value, each with its key."""
    before, after = ({figure["figure"]: figure for figure in tariff["figures"]} for tariff in (old, new))
    changed, labels = [], declarations()
    for key in dict.fromkeys([*before, *after]):
        values = [_figure(key, figures.get(key)) for figures in (before, after)]
        if values[0] != values[1]:
            changed.append((key, Field(labels[key].label if key in labels else key, *values)))
    return changed + _declared(old, new)


def _declared(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Field]]:
    """The items that cost something else, came or went; unknown of a result from before they were in it."""
    if "items" not in old or "items" not in new:
        return []
    before, after = ({item["item"]: item for item in tariff["items"]} for tariff in (old, new))
    changed = []
    for key in dict.fromkeys([*before, *after]):
        values = [_cost(items.get(key)) for items in (before, after)]
        if values[0] != values[1]:
            changed.append((_ITEM + key, Field((after.get(key) or before[key])["name"], *values)))
    return changed


def _cost(item: Mapping[str, Any] | None) -> str:
    """What an item costs and when, in Dutch."""
    if item is None:
        return "geen"
    amount = item["amount"]
    unknown = amount["pro_memorie"] and not amount["high"]
    said = ["p.m." if unknown else _in_words(amount), Period(item["period"]).dutch]
    return ", ".join([*said, "bij keuze"] if item["by_choice"] else said)


def _figure(key: str, figure: Mapping[str, Any] | None) -> str:
    if figure is None:
        return "geen"
    low, high = (_in_words(figure[bound], key) for bound in ("low", "high"))
    return low if low == high else f"{low} – {high}"


def _register(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Field, ...]:
    days = [day_in_words(date.fromisoformat(register["date"])) for register in (old, new)]
    fields = (Field("peildatum inwoners", *days), Field("bron inwoners", old["source"], new["source"]))
    return tuple(field for field in fields if field.old != field.new)


def _amount(record: Mapping[str, Any] | None, figure: str) -> Amount | None:
    if record is None:
        return None
    if figure == "contribution":
        (value,) = (line["amount"] for line in record["lines"] if line["item"] == "contribution")
    else:
        value = record["totals"][figure]
    return Amount(Decimal(str(value["low"])), Decimal(str(value["high"])), value["pro_memorie"])


def _sum(records: Iterable[Mapping[str, Any]], figure: str) -> Amount:
    return total(amount for record in records if (amount := _amount(record, figure)))


def _in_words(value: Any, key: str = "") -> str:
    """A value of the JSON form in Dutch."""
    match value:
        case None | [] | "":
            return "geen opgave"
        case bool():
            return "ja" if value else "nee"
        case int() if key in _YEARS:
            return str(value)
        case int() | float():
            whole, _, part = f"{value:,}".partition(".")
            return whole.replace(",", ".") + (f",{part}" if part.strip("0") else "")
        case str():
            return value if key in _FREE_TEXT else WORDS.get(value, value)
        case Mapping():
            low, high = _in_words(value["low"]), _in_words(value["high"])
            return low if low == high else f"{low} – {high}"
        case Sequence():
            return ", ".join(_in_words(part) for part in value)
    return str(value)
