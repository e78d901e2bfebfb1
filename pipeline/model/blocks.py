"""Tables of the tariff file as types: which keys each has and what may stand there, and all that is wrong with one."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, cast

from msgspec import Struct, structs

from pipeline.model.codes import CBS, CodeForm
from pipeline.model.limits import Bounds

Problem = tuple[tuple[str | int, ...], str]
"""Where in a value something is wrong, by keys and places, and in words what and what would be right."""


class Wrong(Exception):
    """All that is wrong with a value."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    @classmethod
    def saying(cls, what: str) -> Self:
        """One thing that is wrong with the value itself, in words."""
        return cls(((), what))

    @classmethod
    def value(cls, found: object, right: str) -> Self:
        """A value that is another than it should be."""
        shown = str(found) if isinstance(found, (Decimal, date)) else repr(found)
        return cls.saying(f"should be {right} (it is {shown if len(shown) <= 60 else f'{shown[:60]}...'})")

    def within(self, key: str | int) -> Iterator[Problem]:
        """The same, in what holds the value under a key."""
        return (((key, *path), what) for path, what in self.problems)


class Known(Struct, frozen=True):
    """What is known outside the file: what is a column of deliveries, so that no item may be; how codes look."""

    is_column: Callable[[str], bool] | None = None
    codes: CodeForm = CBS


Kind = Callable[[Any, Known], Any]
"""Gives what a value of the file means; raises `Wrong` if it cannot be."""

Kinds = Mapping[str, Kind]
"""Of which kinds values are, by the names of fields."""

_KEY = "key"


class Key(Struct, frozen=True):
    """The key of a field in the file, of which kind its value is, and what documents call it."""

    name: str
    kind: type[Block] | Kind
    named: object = None


def key(name: str, kind: type[Block] | Kind, named: object = None, **default: Any) -> Any:
    """Declare a field of a block by its key; one with a `default` may be left out."""
    return dataclasses.field(metadata={_KEY: Key(name, kind, named)}, **default)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A table, in which no key may be missing or unknown.

    One that differs from another only in what its values may be, its `kinds`, is a plain class: a dataclass takes a
    millisecond to make.
    """

    kinds: ClassVar[Kinds] = {}

    @classmethod
    def keys(cls) -> Mapping[str, Key]:
        """The key of each field, by the name of that."""
        declared = {field.name: field.metadata[_KEY] for field in dataclasses.fields(cls)}
        return declared | {name: structs.replace(declared[name], kind=kind) for name, kind in cls.kinds.items()}

    @classmethod
    def read(cls, table: object, known: Known | None = None) -> Self:
        """The block that a table of the file is.

        Raises:
            Wrong: if it is none; with every problem.
        """
        if not isinstance(table, dict):
            raise Wrong.value(table, "a table, with a key on each line")
        known, values, problems = known or Known(), {}, list[Problem]()
        optional = {f.name for f in dataclasses.fields(cls) if f.default is not dataclasses.MISSING}
        for name, declared in cls.keys().items():
            if declared.name in table:
                try:
                    values[name] = _read(declared.kind, table[declared.name], known)
                except Wrong as wrong:
                    problems += wrong.within(declared.name)
            elif name not in optional:
                problems.append(((declared.name,), "is missing; add it"))
        names = [declared.name for declared in cls.keys().values()]
        problems += [((found,), _unknown(found, names)) for found in table if found not in names]
        if not problems:
            block = cls(**values)
            problems += [((), what) for what in block.contradictions()]
        if problems:
            raise Wrong(*problems)
        return block

    def contradictions(self) -> Iterable[str]:
        """What does not fit together in it, in words."""
        return ()


def _read(kind: type[Block] | Kind, value: object, known: Known) -> Any:
    if isinstance(kind, type) and issubclass(kind, Block):
        return kind.read(value, known)
    return cast(Kind, kind)(value, known)


def _unknown(found: object, names: list[str]) -> str:
    near = difflib.get_close_matches(str(found), names, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"is not a known key; {meant}Known here: {', '.join(names)}"


# --- Kinds of value ---------------------------------------------------------------------------------------------------


def each(kind: type[Block] | Kind) -> Kind:
    """A list of values of a kind."""

    def read(value: object, known: Known) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong.value(value, "a list")
        found, problems = [], list[Problem]()
        for place, one in enumerate(value):
            try:
                found.append(_read(kind, one, known))
            except Wrong as wrong:
                problems += wrong.within(place)
        if problems:
            raise Wrong(*problems)
        return tuple(found)

    return read


def number(low: int | Bounds, high: int | None = None, places: int | None = None) -> Kind:
    """A number that is not below the low bound, nor above the high one, with so many decimals at most."""
    least, most = (low.low, low.high) if isinstance(low, Bounds) else (low, high)

    def read(value: object, _: Known) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise Wrong.value(value, "a number")
        found = Decimal(value)
        if not found.is_finite():
            raise Wrong.value(value, "a finite number")
        if found < least:
            raise Wrong.value(value, f"greater than or equal to {least}")
        if most is not None and found > most:
            raise Wrong.value(value, f"less than or equal to {most}")
        if places is not None and found != round(found, places):
            raise Wrong.value(value, f"a number with no more than {places} decimals" if places else "a whole number")
        return found

    return read


def text(value: object, _: Known) -> str:
    """A text of at least one character."""
    if not isinstance(value, str) or not value:
        raise Wrong.value(value, "a text in quotes, of at least one character")
    return value


def matching(pattern: str, most: int, right: str) -> Kind:
    """A text that matches a pattern and is not longer than so many characters."""

    def read(value: object, _: Known) -> str:
        if not isinstance(value, str) or len(value) > most or not re.fullmatch(pattern, value):
            raise Wrong.value(value, f"{right}, of at most {most} characters")
        return value

    return read


def one_of(*words: str) -> Kind:
    """One of some words."""

    def read(value: object, _: Known) -> str:
        if not isinstance(value, str) or value not in words:
            raise Wrong.value(value, " or ".join(map(repr, words)))
        return value

    return read


def truth(value: object, _: Known) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong.value(value, "true or false, without quotes")
    return value


def day(value: object, _: Known) -> date:
    """A day of the calendar."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Wrong.value(value, "a date without quotes, such as 2026-01-01")
    return value


def code(value: object, known: Known) -> str:
    """A code of a municipality, as those of the register look."""
    if not isinstance(value, str) or not re.fullmatch(known.codes.pattern, value):
        raise Wrong.saying(f"is {value!r:.60}; {known.codes.right}")
    return value
