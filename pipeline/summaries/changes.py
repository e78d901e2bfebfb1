"""What changed since an earlier result, in words: for the steering group's page, and for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.changes import FIGURES, SHOWN, Change, Changes, Field, Pair
from pipeline.summaries.markdown import Markdown, difference, euros


def show_changes(changes: Changes | None) -> dict[str, Any]:
    """The names that the template may use for what changed."""
    found = changes if changes and changes.totals is not None else None
    return {
        "compared_with": changes.against if changes else "",
        "changes_problem": changes.problem if changes else "",
        "change_totals": [] if found is None else _totals(found),
        "changed_municipalities": [] if found is None else [_row(change) for change in found.municipalities],
        "changed_premises": [] if found is None else [*map(_field, (*found.tariff, *found.register))],
    }


def in_lines(changes: Changes) -> Iterator[str]:
    """What changed, as lines of plain text; one line if nothing did."""
    if not changes.any:
        yield "Geen wijzigingen."
        return
    for change in changes.municipalities:
        causes = ", ".join(cause.value for cause in change.causes)
        yield f"{change.name} ({change.code}): {change.kind.value}, {causes}"
        for field in change.fields:
            yield f"  {field.name}: {field.old} → {field.new}"
        for figure in SHOWN:
            if (pair := change.amounts[figure]).old != pair.new:
                yield f"  {FIGURES[figure].lower()}: {_was_is(pair)} ({_difference(pair)})"
    for field in (*changes.tariff, *changes.register):
        yield f"{field.name}: {field.old} → {field.new}"
    for figure, pair in (changes.totals or {}).items():
        yield f"Alle gemeenten samen, {FIGURES[figure].lower()}: {_was_is(pair)} ({_difference(pair)})"


def as_data(changes: Changes) -> dict[str, Any]:
    """What changed, for machines: plain data, ready for JSON; amounts in euros."""
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
    return sides | {"difference": pair.difference and plain(*pair.difference)}


def _totals(changes: Changes) -> list[tuple[str, ...]]:
    return [
        (FIGURES[figure], _side(pair, "old"), _side(pair, "new"), _difference(pair))
        for figure, pair in (changes.totals or {}).items()
    ]


def _row(change: Change) -> tuple[str, ...]:
    return (
        change.name,
        change.kind.value,
        ", ".join(cause.value for cause in change.causes),
        change.in_words,
        *(_difference(change.amounts[figure]) for figure in SHOWN),
    )


def _field(field: Field) -> tuple[str, ...]:
    return (field.name, field.old, field.new)


def _side(pair: Pair, side: str) -> str:
    amount = getattr(pair, side)
    return "n.v.t." if amount is None else euros(amount)


def _was_is(pair: Pair) -> str:
    return f"{_side(pair, 'old')} → {_side(pair, 'new')}"


def _difference(pair: Pair) -> Markdown:
    """How much more or less; what was or becomes unquantified is said, because no difference is known then."""
    if pair.difference is None:
        was = bool(pair.old and pair.old.unquantified)
        is_ = bool(pair.new and pair.new.unquantified)
        return Markdown("blijft p.m." if was and is_ else "was p.m." if was else "wordt p.m.")
    more = bool(pair.new and pair.new.pro_memorie) - bool(pair.old and pair.old.pro_memorie)
    said = {1: ", p.m. komt erbij", 0: "", -1: ", p.m. vervalt"}[more]
    return Markdown(difference(*pair.difference) + said)
