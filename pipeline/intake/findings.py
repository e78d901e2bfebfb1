"""What intake gives: trusted choices, and findings about everything that could not be trusted.

A finding is data: a stable code, a place, what stood there, and a Dutch sentence for who can mend it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pipeline.choices import Choices, Origin
from pipeline.register import Municipality


class Severity(Enum):
    """Whether a finding keeps its row out (an error), or only asks for attention (a warning)."""

    ERROR = "fout"
    WARNING = "waarschuwing"


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
