"""What changed between two results: which municipalities, what that does to the amounts, and what caused it.

Results are compared in their JSON form, so that an old folder with results is enough. Where a row came from (file
and line) is no change of a municipality.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from pipeline.amounts import Amount, total
from pipeline.errors import ResultError
from pipeline.results import LABELS, SCHEMA

FILE = "kostenindicaties.json"
FIGURES = {
    "once": "Eenmalig",
    "yearly": "Jaarlijks",
    "first_year": "Eerste jaar",
    "horizon": "Looptijd",
    "contribution": "Bijdrage",
}
"""The amounts that are compared, with what readers call them: the key figures, and the first year's contribution."""
SHOWN = ("once", "yearly", "contribution")
"""Those that are shown of each municipality."""

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
    "contact": "contact",
}
"""Each choice in the JSON form, with the column in which a municipality makes it."""

WORDS = {
    "self": "zelf", "external": "extern", "in_house": "in huis", "hybrid": "hybride", "saas": "saas",
    "financial": "financieel", "alternative": "alternatief", "none": "geen",
    "steering_group": "stuurgroep", "product_steering": "productsturing",
    "exploration": "verkenning", "demo": "demo", "implementation": "implementatie", "live": "live",
    "g4": "G4", "large": "Groot", "medium": "Middelgroot", "small": "Klein",
}  # fmt: skip
"""The words of the JSON form, with those that a municipality reads."""

_FREE_TEXT = frozenset({"contribution_note", "backlog", "contact"})
_HEAVY = frozenset({"years", "options", "scenarios", "sensitivities", "findings", "rejected", "remarks"})


class Kind(Enum):
    """What happened to a municipality; the values are what people read."""

    CAME = "nieuw"
    WENT = "weg"
    CHANGED = "gewijzigd"


class Cause(Enum):
    """Why its amounts or choices differ; the values are what people read."""

    CHOICE = "keuze"
    TARIFF = "tarief"
    REGISTER = "register"
    REFERENCE_DATE = "peildatum"
    VERSION = "versie"


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
    def difference(self) -> tuple[Decimal, Decimal] | None:
        """How many euros more (or, below 0, less) at the low and the high end; None if that depends on p.m."""
        old, new = self.old or Amount(), self.new or Amount()
        if old.unquantified or new.unquantified:
            return None
        return new.low - old.low, new.high - old.high


@dataclass(frozen=True, slots=True)
class Change:
    """What changed for one municipality; `amounts` has a pair for each of `FIGURES`."""

    code: str
    name: str
    kind: Kind
    causes: tuple[Cause, ...]
    fields: tuple[Field, ...]
    amounts: Mapping[str, Pair]

    @property
    def in_words(self) -> str:
        """What has another value, in a line."""
        return "; ".join(f"{field.name}: {field.old} → {field.new}" for field in self.fields) or "n.v.t."


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


def read_result(path: Path) -> Mapping[str, Any]:
    """A result from its JSON form, a kept one (`.json.gz`), or the folder that holds it; without what is not compared.

    Raises:
        ResultError: if there is none, or it is no result of this version.
    """
    file = path / FILE if path.is_dir() else path
    try:
        data = file.read_bytes()
        text = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        result = json.loads(text, object_hook=_without_what_is_heavy)
    except OSError as error:
        raise ResultError(f"{file}: cannot be read ({error.strerror or error}); it must hold a result.") from error
    except (ValueError, EOFError, zlib.error) as error:
        raise ResultError(f"{file}: is no result in JSON ({error}).") from error
    if not isinstance(result, dict) or "indications" not in result:
        raise ResultError(f"{file}: is no result of kostenindicatie.")
    if str(result.get("schema", "")).partition(".")[0] != SCHEMA.partition(".")[0]:
        raise ResultError(f"{file}: has version {result.get('schema')!r} of the result; this is version {SCHEMA}.")
    return result


def _without_what_is_heavy(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key not in _HEAVY}


def compare(old: Mapping[str, Any], new: Mapping[str, Any], against: str = "") -> Changes:
    """What changed from an old result to a new one, as `read_result` gives them."""
    before, after = (
        {record["municipality"]["code"]: record for record in result["indications"]} for result in (old, new)
    )
    tariff = _tariff(old["tariff"], new["tariff"])
    figures = {key for key, _ in tariff}
    changes = []
    for code in sorted(before.keys() | after.keys()):
        change = _municipality(before.get(code), after.get(code), figures)
        if change:
            changes.append(change)
    sums = {figure: Pair(_sum(before.values(), figure), _sum(after.values(), figure)) for figure in FIGURES}
    return Changes(
        against, tuple(changes), tuple(field for _, field in tariff), _register(old["register"], new["register"]), sums
    )


# --- One municipality -------------------------------------------------------------------------------------------------


def _municipality(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, figures: set[str]) -> Change | None:
    """What changed for a municipality, from its old and new record; None if nothing did."""
    record = new or old or {}
    code, name = record["municipality"]["code"], record["municipality"]["name"]
    amounts = {figure: Pair(_amount(old, figure), _amount(new, figure)) for figure in FIGURES}
    if old is None or new is None:
        kind = Kind.CAME if old is None else Kind.WENT
        return Change(code, name, kind, (Cause.CHOICE,), (), amounts)
    chosen = [
        Field(label, _in_words(old["choices"][key], key), _in_words(new["choices"][key], key))
        for key, label in FIELDS.items()
        if old["choices"][key] != new["choices"][key]
    ]
    causes, others = _other_causes(old, new, figures)
    if chosen:
        causes = [Cause.CHOICE, *causes]
    if not causes and any(pair.old != pair.new for pair in amounts.values()):
        causes = [Cause.VERSION]
    return Change(code, name, Kind.CHANGED, tuple(causes), (*chosen, *others), amounts) if causes else None


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
    if by_bounds or figures & (_used(old) | _used(new)):
        causes.append(Cause.TARIFF)
    years = [record["assumptions"]["start_year"] for record in (old, new)]
    if years[0] != years[1] and old["choices"]["start_year"] == new["choices"]["start_year"]:
        causes.append(Cause.REFERENCE_DATE)
        fields.append(Field("eerste jaar", *map(str, years)))
    return causes, fields


def _used(record: Mapping[str, Any]) -> set[str]:
    """The figures of the tariff on which a municipality's amounts rest, by their key."""
    choices = record["choices"]
    used = {"software", "horizon", "indexation", "ggu_year"}
    if choices["guidance"] == "external":
        used |= {"hourly_rate"} | ({"hours"} if choices["hours"] is None else set())
    if choices["hosting"] == "saas" and choices["hosting_estimate"] is None:
        used.add("saas")
    if choices["contribution"] == "financial":
        used.add(f"contribution_{record['assumptions']['size_class']}")
    return used


# --- Tariff, register, amounts ----------------------------------------------------------------------------------------


def _tariff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, Field]]:
    """The figures that have another value, each with its key."""
    before, after = ({figure["figure"]: figure for figure in tariff["figures"]} for tariff in (old, new))
    changed = []
    for key in dict.fromkeys([*before, *after]):
        values = [_figure(figures.get(key)) for figures in (before, after)]
        if values[0] != values[1]:
            changed.append((key, Field(LABELS.get(key, key), *values)))
    return changed


def _figure(figure: Mapping[str, Any] | None) -> str:
    if figure is None:
        return "geen"
    low, high = (_in_words(figure[bound]) for bound in ("low", "high"))
    return low if low == high else f"{low} – {high}"


def _register(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Field, ...]:
    labels = {"date": "peildatum inwoners", "source": "bron inwoners"}
    return tuple(Field(label, old[key], new[key]) for key, label in labels.items() if old[key] != new[key])


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
        case int() if key == "start_year":
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
