"""Which column a header means, as people write it; the columns are declared in `pipeline.model.choices`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct
from rapidfuzz import fuzz, process

from pipeline.intake.fields.parsing import LONGEST
from pipeline.intake.fields.readers import FieldReader
from pipeline.model.choices import COLUMNS, E_MAIL, REQUIRED_OPTIONS, estimate_columns
from pipeline.model.columns import ONE_OF_TWO, Column, YesNo
from pipeline.model.items import RULED, Item
from pipeline.model.municipality import fold
from pipeline.reference.texts import in_a_sentence

ADDED = ("te_veel", "bestand", "regel", "kenmerk", "bevinding")
"""Columns that a file with rejected rows has besides.

What stood behind the last column of the row, where the row stood, the checksum of what stood in it, and what is wrong
with it. By the file and the line one knows that such a file came back, and which row each of its rows stands for.
"""
OWNER = tuple(column.name for column in COLUMNS if column.required == ONE_OF_TWO)
REQUIRED = tuple(REQUIRED_OPTIONS)
EITHER_OWNER = " of ".join(OWNER)
"""What is missing where neither the name nor the code of a municipality has a column."""
PUBLIC = {column.name: column.kind for column in COLUMNS if column.public}
"""The columns of which the values may be published, each with its kind."""
NEAR_FROM = 3
"""How many letters an unknown header must have before one that is near it is named."""

_ALWAYS = {**COLUMNS, E_MAIL: ""}
_HEADERS = {fold(header): column.name for column in _ALWAYS for header in (column.name, *column.synonyms)}
_ENGLISH = {fold(word): column.name for column in _ALWAYS for word in column.english}
_BESIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|(?:[:=]|\s[-–—]\s).*", re.DOTALL)
"""What people write beside the name of a column: a unit or the choices in brackets, an explanation behind a colon or
a dash."""
_OPTIONS_BEHIND = {
    name: re.compile(
        rf"{name}\s+(?:(?:{'|'.join(re.escape(option.dutch) for option in options)})(?:\s*[/,|]\s*|\s+of\s+|\s*$))+",
        re.IGNORECASE,
    )
    for name, options in REQUIRED_OPTIONS.items()
}
"""The name of a choice with its options behind it, for want of brackets."""


class Columns(Struct, frozen=True):
    """The columns that a delivery may have: those of the choices, whereto, and those of the items of a tariff.

    `headers` has every folded header with the column that it means; `readers` read the fields of each but whose row
    it is, in the order of the template. `fields` tells which field of the choices each column gives; none for an item,
    and for what is no choice.
    `estimable` are the items of which both ends of an own estimate have a column, and `ends` are those columns.
    """

    every: tuple[Column, ...]
    headers: Mapping[str, str]
    readers: Mapping[str, FieldReader]
    fields: Mapping[str, str]
    estimable: tuple[Item, ...]
    ends: frozenset[str]

    @classmethod
    def of(cls, items: Iterable[Item]) -> Columns:
        """The columns with those of these items, which go by the name of an item too."""
        every = tuple(items)
        theirs = [
            Column(item.word, f"of deze post erbij komt: {item.texts.name}", YesNo(), synonyms=(item.texts.name,))
            for item in every
            if item.has_column and item.texts
        ]
        theirs += [
            column
            for item in every
            if item.estimable and item.texts
            for column in estimate_columns(item, f"voor {in_a_sentence(item.texts.name)}")
        ]
        names = {fold(column.name): column.name for column in theirs}
        synonyms = {fold(header): column.name for column in theirs for header in column.synonyms}
        fields = {**_ALWAYS, **dict.fromkeys(theirs, "")}
        readers = {column.name: FieldReader(column, column.kind) for column in fields if column.kind}
        by_name = {column.name: field for column, field in fields.items()}
        estimable = {item.word: item for item in (*RULED, *every) if item.estimable}
        ends = frozenset(name for item in estimable.values() for name in item.estimated_in)
        headers = {**synonyms, **names, **_HEADERS}
        return cls(tuple(fields), headers, readers, by_name, tuple(estimable.values()), ends)

    @property
    def by_name(self) -> Mapping[str, Column]:
        """All columns by their names."""
        return {column.name: column for column in self.every}

    def meant_by(self, header: str) -> str | None:
        """The column that a header means, also with a unit, choices or an explanation beside its name.

        >>> ORDINARY.meant_by("Begeleiding (zelf/extern)"), ORDINARY.meant_by("bijdrage (toelichting)")
        ('begeleiding', 'bijdrage_toelichting')
        """
        if not header or len(header) > LONGEST:
            return None
        if name := self.headers.get(fold(header)) or self.headers.get(_folded(header)):
            return name
        return next((name for name, both in _OPTIONS_BEHIND.items() if both.fullmatch(header.strip())), None)

    def know(self, header: str) -> bool:
        """Whether a header means one of these columns."""
        return self.meant_by(header) is not None

    def named_in(self, headers: Iterable[str]) -> dict[str, list[int]]:
        """The columns that headers mean, each with the places where it stands."""
        meant: dict[str, list[int]] = {}
        for place, text in enumerate(headers):
            if name := self.meant_by(text):
                meant.setdefault(name, []).append(place)
        return meant

    def near(self, header: str) -> str | None:
        """The column that may be meant by a header that is not known."""
        folded = _folded(header)
        if len(folded) < NEAR_FROM:
            return None
        if folded in _ENGLISH:
            return _ENGLISH[folded]
        found = process.extractOne(folded, list(self.headers), scorer=fuzz.ratio, score_cutoff=75)
        return self.headers[found[0]] if found else None


ORDINARY = Columns.of(())
"""Those without any of an item."""


def missing(columns: Collection[str]) -> list[str]:
    """The required columns that are not among these."""
    owner = [] if any(name in columns for name in OWNER) else [EITHER_OWNER]
    return owner + [name for name in REQUIRED if name not in columns]


def is_english(header: str) -> bool:
    """Whether a header is English for one of our columns: not understood, for the choices below it are English too."""
    return _folded(header) in _ENGLISH


def is_taken(word: str) -> bool:
    """Whether a word means a column already, so that no item may go by it."""
    return fold(word) in _HEADERS or fold(word) in map(fold, ADDED)


def _folded(header: str) -> str:
    """A header without what stands beside its name, folded."""
    return fold(_BESIDE.sub("", header[:LONGEST]))
