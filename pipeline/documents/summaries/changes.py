"""What changed since an earlier result, in words: for the steering group's page, and for the terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pipeline import dutch
from pipeline.documents.summaries.markdown import Markdown, difference, in_all, plain
from pipeline.model.municipality import fold
from pipeline.results.changes import FIGURES, SHOWN, Cause, Change, Changes, Field, Kind, Missing, Pair

TOGETHER = 20
"""How many municipalities may change in the same way, by nothing of their own, before they share one row."""

_NOT_THEIR_OWN = frozenset({Cause.TARIFF, Cause.REFERENCE_DATE, Cause.VERSION})


def show_changes(changes: Changes | None) -> dict[str, Any]:
    """The names that the template may use for what changed."""
    found = changes if changes and changes.totals is not None else None
    return {
        "changes_in_words": changes.sentence if changes else "",
        "change_totals": [] if found is None else _totals(found),
        "changed_municipalities": [] if found is None else [_row(alike) for alike in _groups(found.municipalities)],
        "changed_premises": [] if found is None else [*map(_field, (*found.tariff, *found.register))],
    }


def in_lines(changes: Changes) -> Iterator[str]:
    """What changed, as lines of plain text: tariff and register, municipalities, totals; one line if nothing did."""
    for line in _lines(changes):
        yield plain(line)


def _lines(changes: Changes) -> Iterator[str]:
    if not changes.any:
        yield "Geen wijzigingen."
        return
    for field in (*changes.tariff, *changes.register):
        yield f"{field.name}: {field.old} → {field.new}"
    for alike in _groups(changes.municipalities):
        change = alike[0]
        yield f"{_called(alike, with_code=True)}: {change.kind.value}, {_causes(change)}"
        for field in change.fields:
            yield f"  {field.name}: {field.old} → {field.new}"
        for figure, pair in change.differing.items():
            each = f"{_difference(pair)} elk" if len(alike) > 1 else f"{_was_is(pair)} ({_difference(pair)})"
            yield f"  {FIGURES[figure].lower()}: {each}"
    for figure, pair in (changes.totals or {}).items():
        yield f"Alle gemeenten samen, {FIGURES[figure].lower()}: {_was_is(pair)} ({_difference(pair)})"


def as_data(changes: Changes) -> dict[str, Any]:
    """What changed, for machines: plain data, ready for JSON; amounts in euros.

    A difference counts what is known; `pro_memorie` says what happens to the rest: added, removed, stays or nothing.
    """
    return {
        "municipalities": [
            {
                "code": change.code,
                "name": change.name,
                "kind": change.kind.name.lower(),
                "causes": [cause.name.lower() for cause in change.causes],
                "fields": [*map(_plain, change.fields)],
                "amounts": {figure: _amounts(change.amounts[figure]) for figure in FIGURES},
            }
            for change in changes.municipalities
        ],
        "tariff": [*map(_plain, changes.tariff)],
        "register": [*map(_plain, changes.register)],
        "totals": {figure: _amounts(pair) for figure, pair in (changes.totals or {}).items()},
    }


def _plain(field: Field) -> dict[str, str]:
    return {"name": field.name, "old": field.old, "new": field.new}


def _amounts(pair: Pair) -> dict[str, Any]:
    def plain(low: Any, high: Any) -> dict[str, float]:
        return {"low": float(low), "high": float(high)}

    sides = {
        side: amount and plain(amount.low, amount.high) | {"pro_memorie": amount.pro_memorie}
        for side, amount in (("old", pair.old), ("new", pair.new))
    }
    return sides | {"difference": plain(*pair.difference), "pro_memorie": pair.missing.name.lower()}


# --- Rows -------------------------------------------------------------------------------------------------------------


def _groups(municipalities: Iterable[Change]) -> list[Sequence[Change]]:
    """By name; those that changed in the same way, by nothing of their own, are together if they are very many."""
    alike: dict[object, list[Change]] = defaultdict(list)
    for change in sorted(municipalities, key=lambda change: fold(change.name)):
        alike[_way(change)].append(change)
    groups: list[Sequence[Change]] = []
    for same in alike.values():
        groups += [same] if len(same) > TOGETHER else [[change] for change in same]
    return sorted(groups, key=lambda group: (len(group) == 1, fold(group[0].name)))


def _way(change: Change) -> object:
    """What makes a change the same as another one; a change of the municipality's own is like no other."""
    if change.kind is not Kind.CHANGED or not _NOT_THEIR_OWN.issuperset(change.causes):
        return change.code
    differences = tuple((pair.difference, pair.missing) for pair in change.amounts.values())
    return change.size_class, change.causes, change.fields, differences


def _called(alike: Sequence[Change], *, with_code: bool = False) -> str:
    """One municipality by its name, more of them by their number and size class."""
    first = alike[0]
    if len(alike) > 1:
        return f"{len(alike)} gemeenten {first.size_class}"
    return f"{first.name} ({first.code})" if with_code else first.name


def _causes(change: Change) -> str:
    return ", ".join(cause.value for cause in change.causes)


def _totals(changes: Changes) -> list[tuple[str, ...]]:
    return [
        (FIGURES[figure], _side(pair, "old"), _side(pair, "new"), _difference(pair))
        for figure, pair in (changes.totals or {}).items()
    ]


def _row(alike: Sequence[Change]) -> tuple[str, ...]:
    change = alike[0]
    return (
        _called(alike),
        change.kind.value,
        _causes(change),
        change.in_words,
        *(_difference(change.amounts[figure]) for figure in SHOWN),
    )


def _field(field: Field) -> tuple[str, ...]:
    return (field.name, field.old, field.new)


def _side(pair: Pair, side: str) -> str:
    amount = getattr(pair, side)
    return "n.v.t." if amount is None else in_all(amount)


def _was_is(pair: Pair) -> str:
    return f"{_side(pair, 'old')} → {_side(pair, 'new')}"


def _difference(pair: Pair) -> Markdown:
    """How many euros more or less, and what happens to what is p.m.; onbekend if it rests on an amount that is."""
    known = dutch.UNKNOWN if pair.rests_on_unknown else difference(*pair.difference)
    said = "" if pair.missing is Missing.NOTHING else f", {pair.missing.value}"
    return Markdown(known + said)
