"""Municipalities that stand in one file more than once: the same again counts once, different choices not at all."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from pipeline.intake.findings import Severity, places_in_words
from pipeline.intake.rows.checks import RowCheck
from pipeline.model.choices import Choices

_WHAT = attrgetter(
    *(name for name in Choices.__struct_fields__ if name not in ("municipality", "origin", "replaces", "warnings"))
)
"""What was chosen, whatever line it stands on."""

Checked = tuple[RowCheck, Choices | None]


def find_doubles(checked: Sequence[Checked]) -> set[int]:
    """The places of rows that say the same again; of a municipality whose rows differ each row gets an error.

    So does each of one that has a row with errors beside a right one: which of the two is meant, nobody can tell.
    """
    first: dict[str, int] = {}
    more: dict[str, list[int]] = {}  # few have these, of very many
    for place, (check, _) in enumerate(checked):
        if check.municipality and (before := first.setdefault(check.municipality.code, place)) != place:
            more.setdefault(check.municipality.code, [before]).append(place)
    again: set[int] = set()
    for _, places in sorted((places[0], places) for places in more.values()):
        again |= _same_again(checked, places)
    return again


def _same_again(checked: Sequence[Checked], places: Sequence[int]) -> set[int]:
    """Of the places of one municipality those that repeat the first; empty, and errors added, if they differ."""
    rows = [checked[place] for place in places]
    if all(choices is None for _, choices in rows):
        return set()  # each has an error of its own to mend first
    different = {choices and _WHAT(choices) for _, choices in rows}
    lines = places_in_words([check.origin for check, _ in rows])
    if len(different) > 1:
        message = f"Deze gemeente staat op {lines}, met verschillende keuzes; laat er één staan."
        if None in different:
            message = f"Deze gemeente staat op {lines}; laat er één goede staan."
        for check, _ in rows:
            _find(check, Severity.ERROR, message)
        return set()
    message = f"Deze gemeente staat op {lines}, met dezelfde keuzes; zij telt één keer."
    for check, _ in rows[1:]:
        _find(check, Severity.WARNING, message)
    return set(places[1:])


def _find(check: RowCheck, severity: Severity, message: str) -> None:
    column = "gemeente" if check.text("gemeente") else "gemeentecode"
    check.find(severity, "dubbel", column, check.text(column), message)
