"""From one row of a delivery to trusted choices, or to the errors that keep it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from pipeline.intake.fields.absence import absence_in
from pipeline.intake.fields.characters import BLANKS, bare, shown, without_addresses
from pipeline.intake.fields.values import resembles
from pipeline.intake.findings import Finding, RejectedRow, Severity
from pipeline.intake.municipalities.matching import STRAY, Owners
from pipeline.intake.readers.dialect import Row
from pipeline.intake.rejects.csv_injection import unguarded
from pipeline.intake.rejects.originals import Original
from pipeline.intake.rows.headers import Header
from pipeline.intake.rows.plausibility import doubts, without_effect
from pipeline.intake.rows.row_structure import misfits
from pipeline.model.amounts import Amount
from pipeline.model.choices import E_MAIL, REQUIRED_OPTIONS, Choices, Origin
from pipeline.model.columns import NOT_GIVEN
from pipeline.model.municipality import Municipality, fold


class RowCheck:
    """The check of one row: reads its fields one by one, and gathers every finding on the way.

    `municipality` is whose row it is, where known; `mends` is the rejected row that this one, from a file that we
    wrote, stands for. `addresses` are those to which what is made of it goes: they are no choice, and a row that is
    rejected for something else has them too.
    """

    __slots__ = (
        *("_header", "_row", "_texts", "_unreadable", "_year"),
        *("addresses", "failed", "findings", "mends", "municipality", "origin"),
    )

    def __init__(self, row: Row, header: Header, file: str, owners: Owners, year: int) -> None:
        self._row, self._header, self._year = row, header, year
        self.origin = Origin(file, row.line, row.place())
        self._texts: list[str] | None = self._stripped()
        self.mends: Original | None = None
        if header.returned:
            self.mends = _mended({name: row.fields[at].strip() for at, name in header.added if at < len(row.fields)})
        self.findings: list[Finding] = []
        self.failed = False
        self.addresses: tuple[str, ...] = ()
        code, name = self.text("gemeentecode"), self.text("gemeente")
        owner = owners.official(code, name) or owners.owner(_named(code), _named(name))
        self.municipality: Municipality | None = owner.municipality
        shape = tuple(misfits(row, header, owners))
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

    def text(self, column: str) -> str:
        """What stands in a column, without white space around it; empty if nothing does."""
        place = self._header.places.get(column)
        return "" if place is None else (self._texts or self._stripped())[place]

    def _stripped(self) -> list[str]:
        """What stands in each column, and last in one that is missing."""
        width = self._header.width
        texts = [text.strip(BLANKS) for text in self._row.fields[:width]]
        texts += [""] * (width + 1 - len(texts))
        return [bare(unguarded(text)) for text in texts] if self._header.returned else texts

    def choices(self) -> Choices | None:
        """The choices of the row, or None if there is an error in it; the findings say which.

        Who asks for its texts afterwards, gets them from the row: of very many rows they would take much memory.
        """
        texts = self._texts or self._stripped()
        choices = None if self._unreadable else self._choices(texts)
        self._texts = None
        return choices

    def _choices(self, texts: Sequence[str]) -> Choices | None:
        given: dict[str, Any] = {}
        wrong: list[str] = []
        remarks = {remark.field: remark for remark in self._row.remarks}
        for remark in self._row.remarks:
            if remark.field is None:
                self.find(remark.severity, remark.code, None, "", remark.message)
        for place, reader in self._header.readers:
            text = texts[place]
            if not text and reader.optional and place not in remarks:
                continue
            name = reader.column.name
            if (about := remarks.get(place)) is not None:
                doubted = reader.kind.doubted or about.severity is Severity.WARNING
                self._find(Severity.WARNING if doubted else Severity.ERROR, about.code, name, about.message)
                if about.severity is Severity.ERROR:
                    wrong.append(name)
                    continue
            value, code, message, doubt = reader.read(text)
            if code:
                self._find(Severity.WARNING if doubt else Severity.ERROR, code, name, message)
                if not doubt:
                    wrong.append(name)
            if value is not None:
                given[name] = value
        self.addresses = given.pop(E_MAIL.name, ())
        estimates = tuple(self._estimates(given, wrong))
        for code, column, message in without_effect(given, dict(estimates)):
            self._find(Severity.WARNING, code, column, message)
        if self.failed or not self.municipality:
            return None
        fields = self._header.known.fields
        choices = Choices(
            municipality=self.municipality,
            origin=self.origin,
            estimates=estimates,
            answers=tuple((name, value) for name, value in given.items() if not fields[name]),
            **{field: value for name, value in given.items() if (field := fields[name])},
        )
        for code, column, message in doubts(choices, self._header.known.estimable, self._year):
            self._find(Severity.WARNING, code, column, message)
        return choices

    def _estimates(self, given: dict[str, Any], wrong: Sequence[str]) -> Iterator[tuple[str, Amount]]:
        """The municipality's own estimates, taken out of what is given; each has both ends."""
        if self._header.known.ends.isdisjoint(given):
            return
        for item in self._header.known.estimable:
            low_column, high_column = item.estimated_in
            low: Decimal | None = given.pop(low_column, None)
            high: Decimal | None = given.pop(high_column, None)
            if low is None or high is None:
                missing = low_column if low is None else high_column
                if (low, high) != (None, None) and missing not in wrong:
                    message = f"Vul {low_column} en {high_column} allebei in, of geen van beide; ze mogen gelijk zijn."
                    self._error("raming_half", missing, message)
            elif low > high:
                self._error("raming_omgekeerd", low_column, f"{low_column} mag niet hoger zijn dan {high_column}.")
            else:
                yield item.word, Amount.between(low, high)

    def _chooses(self) -> bool:
        """Whether a choice stands in one of the required columns, or what may have been meant as one."""
        texts = ((options, self.text(column)) for column, options in REQUIRED_OPTIONS.items())
        return any(
            text
            and absence_in(text) not in NOT_GIVEN
            and fold(text) not in self._header.known.headers
            and resembles(options, text)
            for options, text in texts
        )

    def rejected(self) -> RejectedRow:
        """The row as it is given back: its original texts, and what is wrong or doubted in it.

        An e-mail address goes into no file that is given to others, but for one that somebody gave as a contact.
        """
        told = [finding for finding in self.findings if finding.column != E_MAIL.name]
        errors, warnings = (tuple(f for f in told if f.severity is severity) for severity in Severity)
        restored = unguarded if self._header.returned else str
        texts = self._row.fields
        original = (
            (name, _given_back(name, restored(texts[place])))
            for place, name in self._header.columns.items()
            if place < len(texts) and name != E_MAIL.name
        )
        surplus = without_addresses(self._header.surplus(self._row))
        values = (*original, ("te_veel", surplus)) if surplus else tuple(original)
        return RejectedRow(self.origin, values, errors, self.municipality, self.mends, warnings)

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
        file, line = self.origin.file, self.origin.line
        at = self._header.places.get(column) if column else None
        place = self.origin.place if at is None else self._row.place(at)
        self.findings.append(Finding(severity, code, file, line, column, shown(value), message, owner, place))

    def _find(self, severity: Severity, code: str, column: str, message: str) -> None:
        value = "" if column == E_MAIL.name else self.text(column)  # a wrong address may be whose it is, too
        self.find(severity, code, column, value, message)

    def _error(self, code: str, column: str, message: str) -> None:
        self._find(Severity.ERROR, code, column, message)


def _named(text: str) -> str:
    """What stands where whose row it is should; empty if that says that nothing does."""
    return "" if absence_in(text) in NOT_GIVEN else text


def _given_back(column: str, text: str) -> str:
    """What stood in a column, as who mends its row gets it back."""
    return text if column == "contact" and "\n" not in text and "\r" not in text else without_addresses(text)


def _mended(added: dict[str, str]) -> Original | None:
    """The rejected row that a row says it stands for."""
    file, line = unguarded(added.get("bestand", "")), added.get("regel", "")
    if not (file and line.isascii() and line.isdigit() and len(line) < 10):
        return None
    return Original(Origin(file, int(line)), added.get("kenmerk", ""))
