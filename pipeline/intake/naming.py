"""Which column of ours a header means, as people write it, and which required ones are missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

from pipeline.intake.columns import COLUMNS, ONE_OF_TWO, in_use
from pipeline.intake.reading import LONGEST
from pipeline.register import fold

REQUIRED = tuple(column.name for column in COLUMNS if column.required == "ja")
OWNER = tuple(column.name for column in COLUMNS if column.required == ONE_OF_TWO)
EITHER_OWNER = " of ".join(OWNER)
"""What is missing where neither the name nor the code of a municipality has a column."""
NEAR_FROM = 3
"""How many letters an unknown header must have before one that is near it is named."""

ENGLISH = {
    fold(english): column
    for column, words in {
        "gemeente": ("municipality", "city", "name", "municipality name"),
        "gemeentecode": ("municipality code", "municipal code"),
        "begeleiding": ("guidance", "project guidance", "support"),
        "begeleidingsuren": ("hours", "guidance hours"),
        "hosting_laag": ("hosting low", "low"),
        "hosting_hoog": ("hosting high", "high"),
        "bijdrage": ("contribution", "community contribution"),
        "bijdrage_toelichting": ("contribution note", "explanation"),
        "afgestemd": ("agreed",),
        "in_natura": ("in kind",),
        "fase": ("phase",),
        "startjaar": ("start year", "year"),
        "grootteklasse": ("size class",),
        "inwoners": ("inhabitants", "population"),
    }.items()
    for english in words
}
"""English words for our columns: not understood, because the choices below them are in English too, but recognised."""

_BESIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|[:=].*", re.DOTALL)
"""What people write beside the name of a column: a unit or the choices in brackets, an explanation behind a colon."""


def column_of(header: str) -> str | None:
    """The column that a header means, also with a unit, choices or an explanation beside its name.

    >>> column_of("Begeleiding (zelf/extern)"), column_of("hosting_laag (€)"), column_of("bijdrage (toelichting)")
    ('begeleiding', 'hosting_laag', 'bijdrage_toelichting')
    """
    if not header or len(header) > LONGEST:
        return None
    headers = in_use().headers
    return headers.get(fold(header)) or headers.get(_folded(header))


def known(header: str) -> bool:
    """Whether a header means one of our columns."""
    return column_of(header) is not None


def named_in(headers: Iterable[str]) -> dict[str, list[int]]:
    """The columns that headers mean, each with the places where it stands."""
    meant: dict[str, list[int]] = {}
    for place, text in enumerate(headers):
        if name := column_of(text):
            meant.setdefault(name, []).append(place)
    return meant


def missing(columns: Collection[str]) -> list[str]:
    """The required columns that are not among these."""
    owner = [] if any(name in columns for name in OWNER) else [EITHER_OWNER]
    return owner + [name for name in REQUIRED if name not in columns]


def is_english(header: str) -> bool:
    """Whether a header is English for one of our columns."""
    return _folded(header) in ENGLISH


def near(header: str) -> str | None:
    """The column that may be meant by a header that is not known."""
    folded = _folded(header)
    if len(folded) < NEAR_FROM:
        return None
    if folded in ENGLISH:
        return ENGLISH[folded]
    headers = in_use().headers
    found = process.extractOne(folded, list(headers), scorer=fuzz.ratio, score_cutoff=75)
    return headers[found[0]] if found else None


def _folded(header: str) -> str:
    """A header without what stands beside its name, folded."""
    return fold(_BESIDE.sub("", header[:LONGEST]))
