"""From one row of a delivery to trusted choices, or to the errors that keep it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from pipeline.amounts import Amount
from pipeline.choices import Choices, Contribution, Guidance, Hosting, Option, Origin, Phase
from pipeline.intake import values
from pipeline.intake.absence import LONGEST, Absence, absence_in, leaves_empty
from pipeline.intake.characters import BLANKS, bare, shown
from pipeline.intake.columns import in_use
from pipeline.intake.dialect import Row
from pipeline.intake.findings import Finding, RejectedRow, Severity
from pipeline.intake.formulas import unguarded
from pipeline.intake.headers import Header
from pipeline.intake.numbers import EUROS, HOURS, INHABITANTS, Measure, number_of, plain
from pipeline.intake.originals import Original
from pipeline.intake.owners import STRAY, Owners
from pipeline.intake.plausible import doubts
from pipeline.intake.reading import Unreadable, sentence
from pipeline.intake.shape import misfits
from pipeline.register import Municipality, fold

T = TypeVar("T")

_REQUIRED: Mapping[str, type[Option]] = {"begeleiding": Guidance, "hosting": Hosting, "bijdrage": Contribution}


class RowCheck:
    """The check of one row: reads its fields one by one, and gathers every finding on the way.

    `municipality` is whose row it is, where known; `mends` is the rejected row that this one, from a file that we
    wrote, stands for.
    """

    __slots__ = (
        *("_header", "_row", "_unreadable", "_year"),
        *("failed", "fields", "findings", "mends", "municipality", "origin"),
    )

    def __init__(self, row: Row, header: Header, file: str, owners: Owners, year: int) -> None:
        self._row, self._header, self._year = row, header, year
        self.origin = Origin(file, row.line)
        texts = row.fields
        filled = len(texts)
        self.fields = {
            name: text for place, name in header.columns if place < filled and (text := texts[place].strip(BLANKS))
        }
        self.mends: Original | None = None
        if header.returned:
            self.fields = {name: bare(unguarded(text)) for name, text in self.fields.items()}
            self.mends = _mended({name: texts[place].strip() for place, name in header.added if place < filled})
        self.findings: list[Finding] = []
        self.failed = False
        owner = owners.owner(self._text("gemeentecode"), self._text("gemeente"))
        self.municipality: Municipality | None = owner.municipality
        shape = list(misfits(row, header, owners))
        self._unreadable = any(misfit.unreadable for misfit in shape)
        if owner.problem:
            code, column, message = owner.problem
            if not owner.alike and code != STRAY and not self._chooses():
                code, message = STRAY, "Dit is geen regel van een gemeente; haal deze regel weg."
            if code != STRAY or not self._unreadable:  # a row that swallowed others must not simply go
                self._error(code, column, message)
            self._unreadable |= code == STRAY
        for misfit in shape:
            if self._unreadable and not misfit.unreadable:
                continue  # one finding is enough
            self.find(misfit.severity, misfit.code, misfit.column, misfit.value, misfit.message, misfit.of)

    def choices(self) -> Choices | None:
        """The choices of the row, or None if there is an error in it; the findings say which."""
        if self._unreadable:
            return None
        guidance = self._required("begeleiding", _guidance)
        hosting = self._required("hosting", _hosting)
        contribution = self._required("bijdrage", _contribution)
        hours = self._number("begeleidingsuren", HOURS)
        estimate = self._estimate()
        inhabitants = self._number("inwoners", INHABITANTS)
        agreed = self._optional("afgestemd", values.yes_or_no)
        in_kind = self._optional("in_natura", values.in_kind_of)
        phase = self._optional("fase", _phase)
        start_year = self._optional("startjaar", values.year_of)
        size_class = self._optional("grootteklasse", values.size_class_of)
        note, backlog, contact = map(self._free_text, ("bijdrage_toelichting", "backlog", "contact"))
        said = ((name, self._optional(name, values.yes_or_no)) for name in in_use().answers)
        answers = tuple((name, answer) for name, answer in said if answer is not None)
        if guidance is Guidance.SELF and hours is not None:
            message = "Deze uren tellen niet mee: bij zelf zijn het eigen uren, en die staan als p.m."
            self._warn("uren_tellen_niet", "begeleidingsuren", message)
        if agreed is not None and contribution not in (Contribution.ALTERNATIVE, None):
            message = "Dit telt niet mee: afstemmen hoort bij een alternatieve bijdrage."
            self._warn("afgestemd_telt_niet", "afgestemd", message)
        if not backlog and absence_in(self.fields.get("backlog", "-")) is Absence.UNKNOWN:
            message = "Nog niet bekend telt als geen; noem de functionaliteit zodra u haar kiest."
            self._warn("backlog_onbekend", "backlog", message)
        if self.failed or not (self.municipality and guidance and hosting and contribution):
            return None
        choices = Choices(
            self.municipality,
            guidance,
            hosting,
            contribution,
            self.origin,
            hours=hours,
            hosting_estimate=estimate,
            contribution_note=note,
            agreed=agreed,
            in_kind=in_kind or (),
            backlog=backlog,
            phase=phase,
            start_year=start_year,
            size_class=size_class,
            inhabitants=None if inhabitants is None else int(inhabitants),
            contact=contact,
            answers=answers,
        )
        for code, column, message in doubts(choices, self._year):
            self._warn(code, column, message)
        return choices

    def _chooses(self) -> bool:
        """Whether a choice stands in one of the required columns, or what may have been meant as one."""
        texts = ((kind, self._text(column)) for column, kind in _REQUIRED.items())
        return any(text and fold(text) not in in_use().headers and values.resembles(kind, text) for kind, text in texts)

    def rejected(self) -> RejectedRow:
        """The row as it is given back: its original texts, and the errors in it."""
        errors = tuple(f for f in self.findings if f.severity is Severity.ERROR)
        restored = unguarded if self._header.returned else str
        texts = self._row.fields
        original = ((name, restored(texts[place])) for place, name in self._header.columns if place < len(texts))
        surplus = self._header.surplus(self._row)
        values = (*original, ("te_veel", surplus)) if surplus else tuple(original)
        return RejectedRow(self.origin, values, errors, self.municipality, self.mends)

    def find(
        self,
        severity: Severity,
        code: str,
        column: str | None,
        value: str,
        message: str,
        of: Municipality | None = None,
    ) -> None:
        """Add a finding at this row, `of` its own municipality or another one."""
        self.failed |= severity is Severity.ERROR
        about = of or self.municipality
        owner = about.code if about else ""
        self.findings.append(
            Finding(severity, code, self.origin.file, self.origin.line, column, shown(value), message, owner)
        )

    # --- One field ----------------------------------------------------------------------------------------------------

    def _text(self, column: str) -> str:
        """What is filled in, if anything is, in a column that holds no free text."""
        text = self.fields.get(column, "")
        return "" if text and len(text) <= LONGEST and leaves_empty(column, text) else text

    def _required(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self.fields.get(column, "")
        absence = absence_in(text)
        if absence is None or absence is Absence.DENIED:
            return self._read(column, text, read)
        try:
            read("")
        except Unreadable as problem:
            why = (
                "Dit veld is verplicht"
                if absence is Absence.NOTHING
                else "Zonder deze keuze is er geen kostenindicatie"
            )
            self._error("verplicht", column, f"{why}. {problem}")
        return None

    def _optional(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self._text(column)
        return self._read(column, text, read) if text else None

    def _read(self, column: str, text: str, read: Callable[[str], T]) -> T | None:
        try:
            return read(text)
        except Unreadable as problem:
            self._error("waarde", column, str(problem))
            return None

    def _free_text(self, column: str) -> str:
        text = self.fields.get(column, "")
        if not text:
            return ""
        try:
            plain_text = values.text_of(text)
        except Unreadable as problem:
            self._error("waarde", column, str(problem))
            return ""
        return "" if len(plain_text) <= LONGEST and leaves_empty(column, plain_text) else plain_text

    def _number(self, column: str, measure: Measure) -> Decimal | None:
        text = self._text(column)
        if not text:
            return None
        try:
            number, doubt = number_of(text, measure)
        except Unreadable as problem:
            self._error("waarde", column, str(problem))
            return None
        if number not in measure.bounds:
            self._error("getal", column, sentence(measure.within))
            return None
        if doubt and (message := _as_read(number, text, measure)):
            self._warn("getal_dubbelzinnig", column, message)
        return number

    def _estimate(self) -> Amount | None:
        low = self._number("hosting_laag", EUROS)
        high = self._number("hosting_hoog", EUROS)
        if low is not None and high is not None:
            if low <= high:
                return Amount.between(low, high)
            self._error("raming_omgekeerd", "hosting_laag", "hosting_laag mag niet hoger zijn dan hosting_hoog.")
            return None
        missing = [name for name in ("hosting_laag", "hosting_hoog") if not self._text(name)]
        if len(missing) == 1 and not (low is None and high is None):
            message = "Vul hosting_laag en hosting_hoog allebei in, of geen van beide; ze mogen gelijk zijn."
            self._error("raming_half", missing[0], message)
        return None

    def _error(self, code: str, column: str, message: str) -> None:
        self.find(Severity.ERROR, code, column, self.fields.get(column, ""), message)

    def _warn(self, code: str, column: str, message: str) -> None:
        self.find(Severity.WARNING, code, column, self.fields.get(column, ""), message)


def _as_read(number: Decimal, text: str, measure: Measure) -> str:
    """How a number that leaves doubt was read, and how to write it, or what else it may be; empty if nothing else."""
    if "k" in text.casefold():
        other, how = number * 1000, "een komma"
    else:
        other, how = round(number / 1000, 2), "een duizendtal"
    if other not in measure.bounds:
        return ""
    right, wrong = plain(number), plain(other)
    return f"Gelezen als {right} ({how}); schrijf {right} als u dat bedoelt, of anders {wrong}."


def _guidance(text: str) -> Guidance:
    return values.option_of(Guidance, text)


def _hosting(text: str) -> Hosting:
    return values.option_of(Hosting, text)


def _contribution(text: str) -> Contribution:
    return values.option_of(Contribution, text)


def _phase(text: str) -> Phase:
    return values.option_of(Phase, text)


def _mended(added: dict[str, str]) -> Original | None:
    """The rejected row that a row says it stands for."""
    file, line = unguarded(added.get("bestand", "")), added.get("regel", "")
    if not (file and line.isascii() and line.isdigit() and len(line) < 10):
        return None
    return Original(Origin(file, int(line)), added.get("kenmerk", ""))
