"""The register of municipalities: which exist, their names as people write them, and their inhabitants.

It is read from `inputs/reference/gemeenten.csv`; newer figures are a matter of replacing that file. Beside it stand
those that were merged away (see `pipeline.mergers`).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.errors import RegisterError
from pipeline.limits import INHABITANTS
from pipeline.mergers import FILE, Former, read_mergers

COLUMNS = ("gemeentecode", "gemeente", "provincie", "inwoners", "peildatum", "bron", "ook_bekend_als")


def fold(text: str) -> str:
    """The letters and digits of a text, without case, accents, spaces or punctuation: what makes two names the same.

    >>> fold("Súdwest-Fryslân") == fold(" sudwest fryslan ")
    True
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
    return "".join(filter(str.isalnum, folded))


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality: CBS code (`GM0363`), official name, province, inhabitants, and other names in use."""

    code: str
    name: str
    province: str
    inhabitants: int
    aliases: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The name of its files, without extension: code and name in plain ASCII (`GM0363-amsterdam`)."""
        ascii_name = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return f"{self.code}-{re.sub('[^a-z0-9]+', '-', ascii_name.lower()).strip('-')}"


@dataclass(frozen=True, slots=True)
class Register:
    """All municipalities by code, with the date and the source of their inhabitants; and who was merged away."""

    municipalities: Mapping[str, Municipality]
    reference_date: date
    source: str
    _by_name: Mapping[str, tuple[Municipality, ...]]
    former: tuple[Former, ...] = ()

    @classmethod
    def of(
        cls, municipalities: Iterable[Municipality], reference_date: date, source: str, former: tuple[Former, ...] = ()
    ) -> Register:
        """Build the register and its index of names; an official name outranks an alias of another one."""
        by_code = {m.code: m for m in municipalities}
        official = {fold(m.name): (m,) for m in by_code.values()}
        aliases: dict[str, tuple[Municipality, ...]] = defaultdict(tuple)
        for municipality in by_code.values():
            for key in {fold(alias) for alias in municipality.aliases}:
                aliases[key] += (municipality,)
        return cls(by_code, reference_date, source, {**aliases, **official}, former)

    def __iter__(self) -> Iterator[Municipality]:
        return iter(self.municipalities.values())

    def __len__(self) -> int:
        return len(self.municipalities)

    def named(self, name: str) -> tuple[Municipality, ...]:
        """Every municipality that goes by this name (official or alias); case, accents and punctuation do not matter.

        Empty when there is none; more than one when the name is ambiguous ("Bergen").
        """
        return self._by_name.get(fold(name), ())

    def names(self) -> Mapping[str, tuple[Municipality, ...]]:
        """Every folded name with the municipalities that go by it, for who looks for a near match."""
        return self._by_name


def read_register(path: Path, mergers: Path | None = None) -> Register:
    """Read the register from its CSV (columns: see `COLUMNS`; UTF-8; aliases separated by `|`), and the mergers.

    These stand in a file beside it, unless another one is given.

    Source of the shipped file: CBS StatLine, table 03759ned.

    Raises:
        RegisterError: if the file cannot be read, or a column, code, name, date or number in it is wrong;
            the message names file, line, column and what would be right.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
            if missing:
                raise RegisterError(
                    f"{path}: line 1: column {', '.join(missing)} is missing; the register has {', '.join(COLUMNS)}."
                )
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise RegisterError(
            f"{path}: cannot be read ({error.strerror}); it must hold the register of municipalities."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegisterError(f"{path}: is not a CSV file in UTF-8 ({error}).") from error

    def fail(line: int, column: str, value: object, right: str) -> RegisterError:
        return RegisterError(f"{path}: line {line}: {column} is {value!r}; {right}.")

    municipalities: dict[str, Municipality] = {}
    statements: set[tuple[str, str]] = set()
    for line, row in rows:
        code, inhabitants = row["gemeentecode"] or "", row["inwoners"] or ""
        if not re.fullmatch(r"GM\d{4}", code):
            raise fail(line, "gemeentecode", code, "a CBS code is GM and four digits, as in GM0363")
        if code in municipalities:
            raise fail(line, "gemeentecode", code, "each municipality has one line")
        if not (row["gemeente"] or "").strip():
            raise fail(line, "gemeente", row["gemeente"], "give the official name")
        if not re.fullmatch(r"[0-9]{1,9}", inhabitants) or int(inhabitants) not in INHABITANTS:
            most = f"inhabitants are a whole number from {INHABITANTS.low} to {INHABITANTS.high}"
            raise fail(line, "inwoners", inhabitants, most)
        aliases = tuple(a for a in (row["ook_bekend_als"] or "").split("|") if a)
        municipalities[code] = Municipality(code, row["gemeente"], row["provincie"] or "", int(inhabitants), aliases)
        statements.add((row["peildatum"] or "", row["bron"] or ""))
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
    return Register.of(municipalities.values(), reference_date, source, read_mergers(mergers or path.with_name(FILE)))
