"""The register of municipalities: which exist, their names as people write them, and their inhabitants.

It is read from `inputs/reference/gemeenten.csv`; newer figures are a matter of replacing that file. Beside it stand
those that were merged away (see `pipeline.reference.mergers`).
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import Any

from msgspec import Struct

from pipeline.errors import InputsError, RegisterError
from pipeline.model.codes import CBS, CodeForm
from pipeline.model.limits import INHABITANTS
from pipeline.model.municipality import Municipality, fold
from pipeline.reference.mergers import FILE as MERGERS
from pipeline.reference.mergers import Former, read_mergers

FILE = "gemeenten.csv"
COLUMNS = ("gemeentecode", "gemeente", "provincie", "inwoners", "peildatum", "bron", "ook_bekend_als")
CODE_FORM = "codevorm"
"""A column that may stand there besides: how all codes look, if not as those of the CBS."""

_is_number = re.compile(r"[0-9]{1,9}").fullmatch


class Register(Struct, frozen=True):
    """All municipalities by code, the date and source of their inhabitants, who was merged away, how codes look."""

    municipalities: Mapping[str, Municipality]
    reference_date: date
    source: str
    _by_name: Mapping[str, tuple[Municipality, ...]]
    former: tuple[Former, ...] = ()
    codes: CodeForm = CBS

    @classmethod
    def of(
        cls,
        municipalities: Iterable[Municipality],
        reference_date: date,
        source: str,
        former: tuple[Former, ...] = (),
        codes: CodeForm = CBS,
    ) -> Register:
        """Build the register and its index of names; an official name outranks an alias of another one."""
        by_code = {m.code: m for m in municipalities}
        names: dict[str, tuple[Municipality, ...]] = defaultdict(tuple)
        for municipality in by_code.values():
            for key in {fold(alias) for alias in municipality.aliases}:
                names[key] += (municipality,)
        for municipality in by_code.values():
            names[fold(municipality.name)] = (municipality,)
        return cls(by_code, reference_date, source, dict(names), former, codes)

    def __iter__(self) -> Iterator[Municipality]:
        return iter(self.municipalities.values())

    def __len__(self) -> int:
        return len(self.municipalities)

    def named(self, name: str) -> tuple[Municipality, ...]:
        """Every municipality that goes by this name (official or alias); case, accents and punctuation do not matter.

        Empty when there is none; more than one when the name is ambiguous ("Bergen").
        """
        return self._by_name.get(fold(name), ())

    def only(self, name: str) -> Municipality:
        """The municipality with this code or name.

        Raises:
            InputsError: if there is none, or the name is ambiguous.
        """
        by_code = self.municipalities.get(name.upper())
        found = (by_code,) if by_code else self.named(name)
        if len(found) != 1:
            which = " or ".join(f"{m.code} ({m.name}, {m.province})" for m in found)
            raise InputsError(
                f"{name!r} is {f'ambiguous: {which}' if found else 'not a municipality in the register'}."
            )
        return found[0]

    def names(self) -> Mapping[str, tuple[Municipality, ...]]:
        """Every folded name with the municipalities that go by it, for who looks for a near match."""
        return self._by_name


def _rows(path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a register, each with its line: a text for each of `COLUMNS` and `CODE_FORM`, None if it has none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            missing = [c for c in COLUMNS if c not in header]
            if missing:
                raise RegisterError(
                    f"{path}: line 1: column {', '.join(missing)} is missing; the register has {', '.join(COLUMNS)}."
                )
            width, places = len(header), {column: place for place, column in enumerate(header)}
            texts = itemgetter(*(places.get(column, width) for column in (*COLUMNS, CODE_FORM)))
            for row in filter(None, reader):
                yield reader.line_num, texts([*row[:width], *repeat(None, width + 1 - min(len(row), width))])
    except OSError as error:
        raise RegisterError(
            f"{path}: cannot be read ({error.strerror}); it must hold the register of municipalities."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegisterError(f"{path}: is not a CSV file in UTF-8 ({error}).") from error


def read_register(path: Path, mergers: Path | None = None) -> Register:
    """Read the register from its CSV (columns: `COLUMNS`, `CODE_FORM`; UTF-8; aliases split by `|`), and the mergers.

    These stand in a file beside it, unless another one is given.

    Source of the shipped file: CBS StatLine, table 03759ned.

    Raises:
        RegisterError: if the file cannot be read, or a column, code, name, date or number in it is wrong;
            the message names file, line, column and what would be right.
    """

    def fail(line: int, column: str, value: object, right: object) -> RegisterError:
        return RegisterError(f"{path}: line {line}: {column} is {value!r}; {right}.")

    form, codes = "", CBS
    municipalities: dict[str, Municipality] = {}
    statements: set[tuple[str, str]] = set()
    for line, (code, name, province, inhabitants, day, source, known_as, own_form) in _rows(path):
        if not municipalities:
            form = own_form or ""
            try:
                codes = CodeForm.of(form) if form else CBS
            except ValueError as error:
                raise fail(line, CODE_FORM, form, error) from None
            is_code = re.compile(codes.pattern).fullmatch
        if (own_form or "") != form:
            raise fail(line, CODE_FORM, own_form, "all codes of a register look the same")
        if not is_code(code or ""):
            right = f"{codes.right}; codes of another form need a column {CODE_FORM}"
            raise fail(line, "gemeentecode", code or "", right)
        if code in municipalities:
            raise fail(line, "gemeentecode", code, "each municipality has one line")
        if not (name or "").strip():
            raise fail(line, "gemeente", name, "give the official name")
        if not _is_number(inhabitants or "") or int(inhabitants) not in INHABITANTS:
            most = f"inhabitants are a whole number from {INHABITANTS.low} to {INHABITANTS.high}"
            raise fail(line, "inwoners", inhabitants or "", most)
        aliases = tuple(filter(None, known_as.split("|"))) if known_as else ()
        municipalities[code] = Municipality(
            intern(code), intern(name), intern(province or ""), int(inhabitants), aliases
        )
        statements.add((day or "", source or ""))
    if len(statements) != 1:
        raise RegisterError(
            f"{path}: has {len(statements)} combinations of peildatum and bron; "
            "all lines of a register share one reference date and one source."
        )
    day, source = statements.pop()
    try:
        reference_date = date.fromisoformat(day)
    except ValueError:
        raise RegisterError(f"{path}: peildatum is {day!r}; a date is written as 2026-01-01.") from None
    former = read_mergers(mergers or path.with_name(MERGERS), codes)
    return Register.of(municipalities.values(), reference_date, source, former, codes)
