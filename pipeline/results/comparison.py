"""What changed between two results: which municipalities, what that does to the amounts, and what caused it.

Where a row came from (file and line) is no change of a municipality, nor whom to contact there: personal data does not
belong on a page that is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from decimal import Decimal
from operator import add, attrgetter
from typing import Any, cast

from msgspec import UNSET, Struct, field

from pipeline import dutch
from pipeline.model.amounts import Amount
from pipeline.model.columns import Option
from pipeline.model.figures import declarations
from pipeline.model.items import CONTRIBUTION, HOSTING
from pipeline.model.municipality import fold
from pipeline.results.changes import CONTRIBUTED, FIGURES, Cause, Change, Changes, Field, Kind, Pair
from pipeline.results.difference import Moved, delivered, split
from pipeline.results.reading import Earlier
from pipeline.results.records import Choices, CostLine, Euros, Gist, titles
from pipeline.results.result import DeclaredItem, Register, Result, Tariff

_UNKNOWN = frozenset({"gemeente_onbekend", "gemeente_opgeheven", "code_onbekend"})
"""The findings on a row whose municipality the register does not know."""


def compare(old: Earlier, new: Earlier, against: str = "") -> Changes:
    """What changed from an old result to a new one.

    Municipality by municipality: where a record reads the same in both, it only counts in the totals. These are of who
    delivered themselves, or of all if nobody did in either result.
    """
    tariff = _tariff(old.rest.tariff, new.rest.tariff)
    absent = (_absent(old.rest), _absent(new.rest))
    changes, moved, examples, own = [], [], _Totals(), _Totals()
    for code in sorted({*old.codes, *new.codes}):
        if _reads_the_same(code, old, new):
            same = new.gist(code)
            (own if delivered(same) else examples).same.count(same)
            continue
        was, is_ = (each.gist(code) if code in each.codes else None for each in (old, new))
        amounts = _pairs(_side(was), _side(is_))
        change: Change | None
        if was is None or is_ is None:
            change = _came_or_went(was, is_, amounts, absent)
        else:
            change = _changed(was, is_, amounts, tariff.keys())
        if change:
            changes.append(change)
        moved.append(Moved(was, is_, change))
        for side, gist in (("old", was), ("new", is_)):
            if gist:
                total_: _Total = getattr(own if delivered(gist) else examples, side)
                total_.count(gist, differs=True)
    register = _differing(_register(old.rest.register), _register(new.rest.register))
    totals = own if own.counted else examples
    parts = split(each.of_those_that_delivered() for each in moved) if own.counted else split(moved)
    return Changes(against, tuple(changes), tuple(tariff.values()), tuple(register.values()), totals.pairs, parts=parts)


def _reads_the_same(code: str, old: Earlier, new: Earlier) -> bool:
    """Whether both results have a record of a municipality, and the same one."""
    if code not in old.codes or code not in new.codes:
        return False
    of_old, of_new = old.places.get(code), new.places.get(code)
    if of_old and of_new and of_old.fingerprint == of_new.fingerprint != "":
        return True
    return old.record(code) == new.record(code)


Unknown = frozenset[tuple[str, str, object]]
"""What is p.m. in an amount: of which municipality, which item, and what was chosen of it."""


class _Side(Struct, frozen=True):
    """The amounts that are compared, by figure, and what is p.m. in them; none where there is no indication."""

    amounts: Mapping[str, Amount] = field(default_factory=dict)
    unknown: Mapping[str, Unknown] = field(default_factory=dict)


def _side(gist: Gist | None) -> _Side:
    if gist is None:
        return _Side()
    amounts = {figure: euros.amount for figure, euros in zip(_COMPARED, _compared(gist), strict=True)}
    unknown = {
        figure: frozenset(
            (gist.municipality.code, line.item, getattr(gist.choices, line.item, None))
            for line in gist.lines
            if line.amount.pro_memorie and _counts(line, figure)
        )
        for figure in amounts
    }
    return _Side(amounts, unknown)


_OF_TOTALS = tuple(figure for figure in FIGURES if figure != CONTRIBUTED)
_COMPARED = (*_OF_TOTALS, CONTRIBUTED)
"""The figures in the order in which `_compared` gives their amounts."""
_totals = attrgetter(*(f"totals.{figure}" for figure in _OF_TOTALS))


def _compared(gist: Gist) -> tuple[Euros, ...]:
    """The amounts that are compared."""
    return (*_totals(gist), gist.line_of(CONTRIBUTION.key).amount)


def _counts(line: CostLine, figure: str) -> bool:
    """Whether a cost line is part of a figure."""
    match figure:
        case "once" | "yearly":
            return line.period.value == figure
        case "contribution":
            return line.item == CONTRIBUTION.key
    return True


class _Total:
    """What all municipalities of a result come to; of what is p.m. in it only what may differ between the two."""

    def __init__(self) -> None:
        self.counted = 0
        self._cents = {figure: [0, 0, 0] for figure in _COMPARED}
        self._unknown: dict[str, set[tuple[str, str, object]]] = {figure: set() for figure in FIGURES}

    def count(self, gist: Gist, *, differs: bool = False) -> None:
        """Add the amounts of a municipality, in whole cents; and what is p.m. in it, if its records differ."""
        self.counted += 1
        for sum_, amount in zip(self._cents.values(), _compared(gist), strict=True):
            sum_[0] += round(amount.low * 100)
            sum_[1] += round(amount.high * 100)
            sum_[2] |= amount.pro_memorie
        if differs:
            for figure, unknown in _side(gist).unknown.items():
                self._unknown[figure] |= unknown

    def and_(self, same: _Total) -> _Side:
        """The sums with those of what is the same in both results, as a side of a comparison."""
        sums = {figure: map(add, sum_, same._cents[figure]) for figure, sum_ in self._cents.items()}
        return _Side(
            {
                f: Amount(Decimal(low) / 100, Decimal(high) / 100, missing > 0)
                for f, (low, high, missing) in sums.items()
            },
            {figure: frozenset(unknown) for figure, unknown in self._unknown.items()},
        )


class _Totals:
    """Both results: what differs in the old and in the new one, and what is the same in both."""

    def __init__(self) -> None:
        self.old, self.new, self.same = _Total(), _Total(), _Total()

    @property
    def counted(self) -> int:
        """How many records were counted."""
        return self.old.counted + self.new.counted + self.same.counted

    @property
    def pairs(self) -> Mapping[str, Pair]:
        """Each figure, before and after."""
        return _pairs(self.old.and_(self.same), self.new.and_(self.same))


def _pairs(old: _Side, new: _Side) -> Mapping[str, Pair]:
    none: Unknown = frozenset()
    return {
        figure: Pair(
            old.amounts.get(figure),
            new.amounts.get(figure),
            old.unknown.get(figure, none) != new.unknown.get(figure, none),
        )
        for figure in FIGURES
    }


def _differing(
    old: Mapping[str, str], new: Mapping[str, str], missing: str = "", labels: Mapping[str, str] | None = None
) -> dict[str, Field]:
    """What reads differently, by its key, which is also what it is called unless its label says so."""
    return {
        key: Field((labels or {}).get(key, key), old.get(key, missing), new.get(key, missing))
        for key in {**old, **new}
        if old.get(key, missing) != new.get(key, missing)
    }


# --- One municipality -------------------------------------------------------------------------------------------------


Absent = tuple[frozenset[str], frozenset[str]]
"""The codes of who has a rejected row in a result, and the keys of who is named there but not in the register."""


def _absent(result: Result[Gist]) -> Absent:
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


def _came_or_went(
    old: Gist | None, new: Gist | None, amounts: Mapping[str, Pair], absent: tuple[Absent, Absent]
) -> Change:
    """The change of a municipality that one of the two results has no indication of, and why."""
    kind, (rejected, unknown) = (Kind.CAME, absent[0]) if old is None else (Kind.WENT, absent[1])
    gist = cast(Gist, new or old)
    code, name = gist.municipality.code, gist.municipality.name
    cause = Cause.DELIVERY if unknown.isdisjoint({_key(code), _key(name)}) else Cause.REGISTER
    return _change(gist, kind, [Cause.REJECTED if code in rejected else cause], [], amounts)


def _changed(old: Gist, new: Gist, amounts: Mapping[str, Pair], tariff: Set[str]) -> Change | None:
    """What changed for a municipality; None if nothing did that a reader decides on."""
    chosen = _differing(_chosen(old), _chosen(new), dutch.NOT_GIVEN)
    differs = any(pair.old != pair.new for pair in amounts.values())
    size_class = [gist.assumptions.size_class for gist in (old, new)]
    start_year = [gist.assumptions.start_year for gist in (old, new)]
    inhabitants = [gist.municipality.inhabitants for gist in (old, new)]
    if not (chosen or differs or size_class[0] != size_class[1] or start_year[0] != start_year[1]):
        return None
    causes, fields = [Cause.CHOICE] if chosen else [], [*chosen.values()]
    if inhabitants[0] != inhabitants[1]:
        causes.append(Cause.REGISTER)
        fields.append(Field("inwoners in het register", *map(_in_words, inhabitants)))
    by_bounds = size_class[0] != size_class[1] and old.choices.size_class == new.choices.size_class
    if by_bounds:
        fields.append(Field("grootteklasse volgens de inwoners", *map(_in_words, size_class)))
        by_bounds = inhabitants[0] == inhabitants[1] and old.choices.inhabitants == new.choices.inhabitants
    if by_bounds or (differs and tariff & (_used(new) | _items(old, new))):
        causes.append(Cause.TARIFF)
    if start_year[0] != start_year[1] and old.choices.start_year == new.choices.start_year:
        causes.append(Cause.REFERENCE_DATE)
        fields.append(Field("startjaar", *map(str, start_year)))
    return _change(new, Kind.CHANGED, causes or [Cause.VERSION], fields, amounts)


def _change(
    gist: Gist, kind: Kind, causes: Sequence[Cause], fields: Sequence[Field], amounts: Mapping[str, Pair]
) -> Change:
    of, size_class = gist.municipality, gist.assumptions.size_class.dutch
    return Change(of.code, of.name, size_class, kind, tuple(causes), tuple(fields), amounts)


def _chosen(gist: Gist) -> dict[str, str]:
    """What was chosen, in words, by the column that says it."""
    columns = {column: _in_words(getattr(gist.choices, key), key) for key, column in titles(Choices).items()}
    columns |= {answer.item: _in_words(answer.chosen) for answer in gist.choices.answers}
    return columns | {estimate.columns: _in_words(estimate.amount) for estimate in gist.choices.estimates}


def _used(gist: Gist) -> set[str]:
    """The figures of the tariff on which a municipality's amounts rest, by their key."""

    def said(choice: str) -> object:
        value: object
        match choice:
            case "size_class":
                value = gist.assumptions.size_class
            case "hosting_estimate":
                value = next((each for each in gist.choices.estimates if each.item == HOSTING.word), None)
            case _:
                value = getattr(gist.choices, choice)
        return value.value if isinstance(value, Option) else value

    return {
        key
        for key, named in declarations().items()
        if named.when is not None and all(said(choice) in values for choice, values in named.when.items())
    }


def _items(old: Gist, new: Gist) -> set[str]:
    """The items that a municipality's amounts hold now, or held if the tariff no longer has them."""
    amounts = {line.item: line.amount for gist in (old, new) for line in gist.lines}
    return {_ITEM + item for item, amount in amounts.items() if amount.high or amount.pro_memorie}


# --- Tariff and register ----------------------------------------------------------------------------------------------

_ITEM = "item "
"""What sets the key of an item apart from that of a figure."""


def _tariff(old: Tariff, new: Tariff) -> dict[str, Field]:
    """The figures and items that have another value; of a result from before items were in it, they are not known."""
    labels = {key: named.label for key, named in declarations().items()}
    changed = _differing(_figures(old), _figures(new), "geen", labels)
    if old.items is UNSET or new.items is UNSET:
        return changed
    names = {_ITEM + item.item: item.name for item in (*old.items, *new.items)}
    return changed | _differing(_costs(old.items), _costs(new.items), "geen", names)


def _figures(tariff: Tariff) -> dict[str, str]:
    """What each figure comes to, in Dutch, by its key."""
    return {figure.figure: _range(figure.low, figure.high, figure.figure) for figure in tariff.figures}


def _costs(items: Iterable[DeclaredItem]) -> dict[str, str]:
    """What each item costs and when, in Dutch."""
    costs = {}
    for item in items:
        said = ["p.m." if item.amount.amount.unquantified else _in_words(item.amount), item.period.dutch]
        costs[_ITEM + item.item] = ", ".join([*said, "bij keuze"] if item.by_choice else said)
    return costs


def _register(register: Register) -> dict[str, str]:
    return {"peildatum inwoners": dutch.day(register.date), "bron inwoners": register.source}


# --- In words ---------------------------------------------------------------------------------------------------------


def _in_words(value: Any, key: str = "") -> str:
    """A choice, a number or a text of a result in Dutch."""
    match value:
        case None | () | "":
            return dutch.NOT_GIVEN
        case bool():
            return "ja" if value else "nee"
        case int() | float() if key.endswith("year"):
            return str(int(value))
        case int() | float():
            return dutch.number(value)
        case Option():
            return value.dutch
        case Euros():
            return _range(value.low, value.high)
        case tuple():
            return ", ".join(map(_in_words, value))
    return str(value)


def _range(low: float, high: float, key: str = "") -> str:
    return "–".join(dict.fromkeys(_in_words(bound, key) for bound in (low, high)))
