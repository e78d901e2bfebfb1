"""What intake gives: trusted choices, and findings about everything that could not be trusted.

A finding is data: a stable code, a place, what stood there, and a Dutch sentence for who can mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

from msgspec import Struct, structs

from pipeline import dutch
from pipeline.intake.fields.absence import absence_in
from pipeline.intake.fields.characters import bare, in_a_line, quoted, shown, without_addresses
from pipeline.intake.fields.columns import ORDINARY, PUBLIC, Columns
from pipeline.intake.fields.values import answer_of, parts_of, resembles
from pipeline.intake.rejects.originals import Original, checksum_of
from pipeline.model.choices import Choices, Origin
from pipeline.model.columns import CalendarYear, Number, OneOf, YesNo
from pipeline.model.municipality import Municipality


class Severity(Enum):
    """Whether a finding keeps its row out (an error), or only asks for attention (a warning)."""

    ERROR = "fout"
    WARNING = "waarschuwing"


class Refused(Exception):
    """A whole file cannot be used: a stable code, a Dutch sentence, and the line where it shows, if there is one.

    `place` says in Dutch where that is in a spreadsheet.
    """

    def __init__(self, code: str, message: str, line: int | None = None, place: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.line, self.place = code, message, line, place


class Finding(Struct, frozen=True):
    """One problem: `file`, `line` (from 1, as an editor shows it; None for the whole file), `column`, `value`.

    `message` says in Dutch what is wrong and what would be right; `municipality` is its code, where known. Of a
    spreadsheet `line` is the number of the row, and `place` says in Dutch where it is: "blad Opgave, cel D7", or of a
    whole row "blad Opgave, rij 7".
    """

    severity: Severity
    code: str
    file: str
    line: int | None
    column: str | None
    value: str
    message: str
    municipality: str = ""
    place: str = ""

    @classmethod
    def warning(
        cls, at: Origin, code: str, message: str, of: str = "", column: str | None = None, value: str = ""
    ) -> Self:
        """A warning at a row that was read; `of` is the code of the municipality that it is about."""
        return cls(Severity.WARNING, code, at.file, at.line, column, value, message, of, at.place)

    @property
    def sentence(self) -> str:
        """What it says, with the column and the value that it is about before it."""
        value = quoted(self.value) if self.value and self.value != self.column else ""
        about = f"{self.column} ({value})" if self.column and value else self.column or value
        return f"{about}: {self.message}" if about else self.message

    @property
    def published(self) -> Finding:
        """What may be published of it: not what stood there, unless that is sure to be no contact."""
        own = self.value == self.column or self.code in _ABOUT_A_MUNICIPALITY
        if not self.value or (own and _on_one_line(self.value)) or may_be_published(self.column, self.value):
            return self
        column = self.column if self.column and _on_one_line(self.column) else None
        return structs.replace(self, column=column, value="", message=_QUOTED.sub("“…”", self.message))


ADDRESS_REPLACED = "adres_vervangen"
_ABOUT_A_MUNICIPALITY = frozenset(
    {
        *("eerdere_telt_niet", "fout_vervangen", "gewijzigd_na_werkboek", "verbetering_past_niet"),
        *("werkboek_vervangen", ADDRESS_REPLACED),
    }
)
"""The findings of which the value is the name of a municipality."""
_QUOTED = re.compile("“.*”", re.DOTALL)


def may_be_published(column: str | None, text: str) -> bool:
    """Whether what stands in a column is sure to be no contact: neither one of its own, nor one of a row within it.

    Nor one that was put in the column of a choice or a number: there it must be near to what belongs there. An e-mail
    address never may.

    >>> may_be_published("backlog", "koppeling"), may_be_published("contact", "Jan"), may_be_published(None, "Jan")
    (True, False, False)
    >>> may_be_published("bijdrage", "gen"), may_be_published("bijdrage", "Pietje"), may_be_published("bijdrage", "")
    (True, False, True)
    """
    if column not in PUBLIC or not _on_one_line(text) or text != without_addresses(text):
        return False
    if not text.strip() or absence_in(text):
        return True
    match PUBLIC[column]:
        case OneOf() as kind:  # also any number of them
            return any(resembles(kind.options, part) for part in parts_of(text))
        case YesNo():
            return answer_of(text) is not None
        case Number() | CalendarYear():
            return any(map(str.isdigit, text)) and "@" not in text
    return True


def _on_one_line(text: str) -> bool:
    return "\n" not in text and "\r" not in text


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that gave no choices: its original texts by column, the errors in it, and whose it was, where known.

    `stands_for` is the row that it was to mend, in a file with rejected rows that came back. `warnings` are what is
    doubted in it besides: who mends it is to see that too, because the cell may be empty in what is given back.
    """

    origin: Origin
    values: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    municipality: Municipality | None
    stands_for: Original | None = None
    warnings: tuple[Finding, ...] = ()

    @property
    def named(self) -> str:
        """What stands where the municipality's name should, if it may be published; on one line and not endless."""
        name = bare(dict(self.values).get("gemeente", ""))
        return in_a_line(shown(name)) if may_be_published("gemeente", name) else ""

    @property
    def original(self) -> Original:
        """The row as it was delivered first: the one it was to mend, or else itself."""
        return self.stands_for or Original(self.origin, checksum_of(self.values))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file, and what became of its rows: each was accepted, rejected, repeated or settled.

    `replaced` are the accepted ones that a later row took the place of. `repeated` say what another row of the file
    says already; `settled` are wrong, but another delivery put them right, or is to be mended in their place.
    """

    name: str
    rows: int
    accepted: int
    replaced: int
    rejected: int
    repeated: int = 0
    settled: int = 0

    @property
    def without_effect(self) -> int:
        """How many rows count neither as accepted nor as rejected."""
        return self.repeated + self.settled


class Shown(Struct, frozen=True):
    """A total that a workbook showed, and where that stands in it."""

    text: str
    place: str


class Addressed(Struct, frozen=True):
    """Where a row says that what is made for its municipality is to be mailed."""

    municipality: Municipality
    addresses: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Intake:
    """All that came of a folder of deliveries; `choices` are sorted by municipality code, one each.

    `columns` are those that the deliveries could have. `shown` are the totals that workbooks showed which came back, by
    their words: none of them is believed, but they can be compared with what is calculated. `addressed` says
    where what is made for a municipality goes, by its code: the newest row that says it, whether it counts or not. That
    is personal data: nothing is made of it, so that it is in nothing that is published.
    """

    choices: Sequence[Choices]
    findings: tuple[Finding, ...]
    rejected: tuple[RejectedRow, ...]
    deliveries: tuple[Delivery, ...]
    columns: Columns = ORDINARY
    shown: Mapping[Origin, Mapping[str, Shown]] = field(default_factory=dict)
    addressed: Mapping[str, Addressed] = field(default_factory=dict)

    def besides_choices(self) -> Iterator[object]:
        """All that it holds besides the choices, as plain data, one thing at a time; errors of rows come once."""
        yield from self.deliveries
        for f in self.findings:
            yield f.severity.value, f.code, f.file, f.line, f.column, f.value, f.message, f.municipality, f.place
        for row in self.rejected:
            yield (
                row.origin.file,
                row.origin.line,
                row.origin.place,
                row.values,
                row.municipality and row.municipality.code,
                row.stands_for,
            )

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep a row or a file out."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that only ask for attention."""
        return tuple(f for f in self.findings if f.severity is Severity.WARNING)


LISTED = 5
"""How many lines of a file are listed before they are only counted."""


def places_in_words(origins: Sequence[Origin]) -> str:
    """Where some rows of one file are, in Dutch: all of them, or the first few and how many there are besides.

    >>> places_in_words([Origin("a", line) for line in (2, 3, 4, 5, 6, 7, 9)])
    'regels 2, 3, 4, 5, 6 en nog 2'
    >>> places_in_words([Origin("a", 7, "blad Opgave, cel D7"), Origin("a", 8, "blad Opgave, cel D8")])
    'blad Opgave, cellen D7 en D8'
    """
    places = [origin.place or f"regel {origin.line}" for origin in origins]
    if len(places) == 1:
        return places[0]
    kinds = {place.rpartition(" ")[0] for place in places}
    shared = next(iter(kinds)) if len(kinds) == 1 else ""
    one = next((one for one in _MANY if f" {shared}".endswith(f" {one}")), "")
    listed = [place[len(shared) :].strip() if one else place for place in places]
    several = f"{shared.removesuffix(one)}{_MANY[one]} " if one else ""
    return f"{several}{dutch.both(listed, LISTED)}"


_MANY = {"regel": "regels", "rij": "rijen", "cel": "cellen"}
