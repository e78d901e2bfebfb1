"""What intake gives: trusted choices, and findings about everything that could not be trusted.

A finding is data: a stable code, a place, what stood there, and a Dutch sentence for who can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pipeline.choices import Choices, Origin
from pipeline.register import Municipality


class Severity(Enum):
    """Whether a finding keeps its row out (an error), or only asks for attention (a warning)."""

    ERROR = "fout"
    WARNING = "waarschuwing"


class Refused(Exception):
    """A whole file cannot be used: a stable code, a Dutch sentence, and the line where it shows, if there is one."""

    def __init__(self, code: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.line = code, message, line


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: `file`, `line` (from 1, as an editor shows it; None for the whole file), `column`, `value`.

    `message` says in Dutch what is wrong and what would be right; `municipality` is its code, where known.
    """

    severity: Severity
    code: str
    file: str
    line: int | None
    column: str | None
    value: str
    message: str
    municipality: str = ""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that gave no choices: its original texts by column, the errors in it, and whose it was, where known."""

    origin: Origin
    values: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    municipality: Municipality | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file: how many rows it has, how many were accepted, later replaced by another delivery, or rejected."""

    name: str
    rows: int
    accepted: int
    replaced: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Intake:
    """All that came of a folder of deliveries; `choices` are sorted by municipality code, one each."""

    choices: tuple[Choices, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[RejectedRow, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep a row or a file out."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that only ask for attention."""
        return tuple(f for f in self.findings if f.severity is Severity.WARNING)


HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""Characters that hide or reorder what a reader sees, or that no document may hold.

Control characters but tab and line feed, signs that turn the reading direction, invisible spaces, private use, half
pairs, and U+FFFD, which stands for a damaged character. What joins emoji and letters (U+200C, U+200D) is not in it,
nor the soft hyphen.
"""
SHOWN = 200
"""How many characters of a value a finding holds; the whole of it is in the rejected row."""


def shown(text: str) -> str:
    """A text as a finding may show it: nothing hidden in it, and not endless.

    >>> shown("a\u202eb")
    'a[U+202E]b'
    """
    seen = HIDDEN.sub(lambda match: f"[U+{ord(match[0]):04X}]", text[:SHOWN])
    return f"{seen}…" if len(text) > SHOWN else seen


QUOTED = 80
"""How many characters of a value a sentence quotes."""


def quoted(text: str) -> str:
    """A value within a sentence: on one line, between quotation marks, and not endless.

    >>> quoted("in\\nhuis")
    '“in huis”'
    """
    line = " ".join(shown(text).split())
    return f"“{line[:QUOTED]}…”" if len(line) > QUOTED else f"“{line}”"


LISTED = 5
"""How many lines of a file are listed before they are only counted."""


def lines_in_words(lines: Sequence[int]) -> str:
    """Lines of a file in Dutch: all of them, or the first few and how many there are besides.

    >>> lines_in_words([2]), lines_in_words([2, 3]), lines_in_words([2, 3, 4, 5, 6, 7, 9])
    ('regel 2', 'regels 2 en 3', 'regels 2, 3, 4, 5, 6 en nog 2')
    """
    if len(lines) == 1:
        return f"regel {lines[0]}"
    if len(lines) <= LISTED:
        return f"regels {', '.join(map(str, lines[:-1]))} en {lines[-1]}"
    return f"regels {', '.join(map(str, lines[:LISTED]))} en nog {dutch_count(len(lines) - LISTED)}"


def dutch_count(number: int) -> str:
    """A whole number with a dot at each thousand."""
    return f"{number:,}".replace(",", ".")
