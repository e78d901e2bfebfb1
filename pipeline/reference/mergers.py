"""Municipalities that no longer exist: since which day, and which ones came in their place.

They are data (`inputs/reference/herindelingen.csv`, beside the register), so that a merger is a new line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from pipeline.errors import RegisterError
from pipeline.model.codes import CBS, CodeForm

FILE = "herindelingen.csv"
COLUMNS = ("datum", "gemeentecode", "gemeente", "opvolgers", "bron")


class Former(Struct, frozen=True):
    """A municipality that was merged away: its code and name, the first day without it, the codes of its successors."""

    code: str
    name: str
    ended: date
    successors: tuple[str, ...]


def read_mergers(path: Path, codes: CodeForm = CBS) -> tuple[Former, ...]:
    """Read who was merged away, from a CSV (columns: see `COLUMNS`; UTF-8; successors separated by `|`).

    Source of the shipped file: CBS StatLine, "Gebieden; overzicht vanaf 1830". Without a file nobody was.

    Raises:
        RegisterError: if the file cannot be read, or something in it is wrong; the message names file, line and column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise RegisterError(
                    f"{path}: line 1: column {', '.join(missing)} is missing; it has {', '.join(COLUMNS)}."
                )
            return tuple(_former(path, reader.line_num, row, codes) for row in reader)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise RegisterError(f"{path}: cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegisterError(f"{path}: is not a CSV file in UTF-8 ({error}).") from error


def _former(path: Path, line: int, row: Mapping[str, str | None], codes: CodeForm) -> Former:
    """One line of the file."""
    for column, right, what in (
        ("datum", r"\d{4}-\d\d-\d\d", "a date is written as 2021-01-01"),
        ("gemeentecode", codes.pattern, codes.right),
        ("gemeente", r"\S.*", "give the official name"),
        ("opvolgers", rf"{codes.pattern}(\|{codes.pattern})*", "give the codes of the successors, with | between them"),
    ):
        if not re.fullmatch(right, row[column] or ""):
            raise RegisterError(f"{path}: line {line}: {column} is {row[column]!r}; {what}.")
    try:
        ended = date.fromisoformat(row["datum"] or "")
    except ValueError:
        raise RegisterError(f"{path}: line {line}: datum is {row['datum']!r}; there is no such day.") from None
    return Former(row["gemeentecode"] or "", row["gemeente"] or "", ended, tuple((row["opvolgers"] or "").split("|")))
