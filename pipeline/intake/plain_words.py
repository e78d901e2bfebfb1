"""A finding as a municipality reads it in its own documents: by what a column holds, and with amounts in Dutch.

Who delivers reads the name of the column and what was typed; in a document neither has a place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline import dutch
from pipeline.intake.fields.characters import quoted
from pipeline.intake.fields.numbers import number_of
from pipeline.intake.fields.parsing import Unreadable
from pipeline.intake.findings import Finding
from pipeline.model.columns import Column, Number, Unit

_BOTH_ENDS = re.compile(r"\b\w+_laag en \w+_hoog\b")
_SEVERAL_WORDS = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


def in_plain_words(finding: Finding, columns: Mapping[str, Column]) -> str:
    """What it says, for who knows no columns; it may be published. `columns` are all that there are, by name."""
    published = finding.published
    message = _BOTH_ENDS.sub("laag en hoog", published.message)
    message = _SEVERAL_WORDS.sub(lambda found: _called(found[0], columns), message)
    if not published.column or published.column not in columns:
        return published.sentence
    about, value = _called(published.column, columns), published.value
    said = f" ({_said(value, columns[published.column])})" if value and value != published.column else ""
    return f"{about[0].upper()}{about[1:]}{said}: {message}"


def _called(name: str, columns: Mapping[str, Column]) -> str:
    """What people call a column: an end of an own estimate by what it holds, and any other by its name in words."""
    column = columns.get(name)
    if column is None:
        return name
    return column.holds if isinstance(column.kind, Number) and column.kind.ends else name.replace("_", " ")


def _said(value: str, column: Column) -> str:
    """What was typed: as documents write it if it is sure to be a number, or else as it is."""
    if isinstance(column.kind, Number):
        try:
            number, doubtful = number_of(value, column.kind)
        except Unreadable:
            return quoted(value)
        if not doubtful:
            return dutch.euros(number) if column.kind.unit is Unit.EUROS else dutch.number(number)
    return quoted(value)
