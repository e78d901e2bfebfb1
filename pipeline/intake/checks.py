"""From one row of a delivery to trusted choices, or to the errors that keep it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from rapidfuzz import fuzz, process

from pipeline.amounts import Amount
from pipeline.choices import Choices, Contribution, Guidance, Hosting, Origin, Phase
from pipeline.intake import values
from pipeline.intake.findings import Finding, Severity
from pipeline.register import Municipality, Register, fold

T = TypeVar("T")


class RowCheck:
    """The check of one row: reads its fields one by one, and gathers every finding on the way."""

    def __init__(self, origin: Origin, fields: Mapping[str, str], surplus: Sequence[str], register: Register) -> None:
        self.origin = origin
        self.fields = {name: _bare(text) for name, text in fields.items()}
        self.register = register
        self.findings: list[Finding] = []
        self.municipality = self._municipality()
        if "".join(surplus).strip():
            message = f"er staan meer velden dan kolommen ({surplus[0]!r}); zet aanhalingstekens om een tekst met een ;"
            self._error("te_veel_velden", "gemeente", message)

    @property
    def failed(self) -> bool:
        """Whether there is an error in the row."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)

    def choices(self) -> Choices | None:
        """The choices of the row, or None if there is an error in it; the findings say which."""
        guidance = self._required("begeleiding", lambda text: values.option_of(Guidance, text))
        hosting = self._required("hosting", lambda text: values.option_of(Hosting, text))
        contribution = self._required("bijdrage", lambda text: values.option_of(Contribution, text))
        hours = self._optional("begeleidingsuren", lambda text: self._number("begeleidingsuren", text, 2))
        if hours is not None and hours > 100_000:
            self._error("getal", "begeleidingsuren", "vul hoogstens 100.000 uren in.")
        estimate = self._estimate()
        inhabitants = self._optional("inwoners", lambda text: self._number("inwoners", text, 0))
        if inhabitants is not None and not 1 <= inhabitants <= 2_000_000:
            self._error("getal", "inwoners", "vul een geheel getal van 1 tot 2.000.000 in.")
        agreed = self._optional("afgestemd", values.yes_or_no)
        in_kind = self._optional("in_natura", values.in_kind_of)
        phase = self._optional("fase", lambda text: values.option_of(Phase, text))
        start_year = self._optional("startjaar", values.year_of)
        size_class = self._optional("grootteklasse", values.size_class_of)
        note, backlog, contact = (
            self._optional(column, values.text_of) or "" for column in ("bijdrage_toelichting", "backlog", "contact")
        )
        if guidance is Guidance.SELF and hours is not None:
            self._warn("uren_tellen_niet", "begeleidingsuren", "bij zelf zijn het eigen uren; die staan als p.m.")
        if agreed is not None and contribution not in (Contribution.ALTERNATIVE, None):
            self._warn("afgestemd_telt_niet", "afgestemd", "dit telt alleen bij een alternatieve bijdrage.")
        if self.failed or not (self.municipality and guidance and hosting and contribution):
            return None
        return Choices(
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
        )

    # --- Whose row it is ----------------------------------------------------------------------------------------------

    def _municipality(self) -> Municipality | None:
        code, name = self.fields.get("gemeentecode", ""), self.fields.get("gemeente", "")
        if not code and not name:
            self._error("gemeente_ontbreekt", "gemeente", "vul een gemeente of een gemeentecode in.")
            return None
        by_code = self._by_code(code) if code else None
        by_name = self.register.named(name)
        if code and by_code is None:
            return None
        if by_code is not None:
            if name and by_code not in by_name:
                whose = f"{by_code.code} is {by_code.name}"
                self._error("code_en_naam", "gemeente", f"{whose}; laat code en naam bij elkaar horen.")
                return None
            return by_code
        if len(by_name) == 1:
            return by_name[0]
        if by_name:
            which = " of ".join(f"{m.name} in {m.province} ({m.code})" for m in by_name)
            self._error("gemeente_dubbelzinnig", "gemeente", f"bedoelde u {which}? Vul de gemeentecode in.")
        else:
            self._error("gemeente_onbekend", "gemeente", self._nearest(name))
        return None

    def _by_code(self, code: str) -> Municipality | None:
        digits = re.fullmatch(r"(?i)(?:GM)?\s*(\d{1,4})(?:[.,]0)?", code)
        found = self.register.municipalities.get(f"GM{int(digits[1]):04d}") if digits else None
        if found is None:
            self._error("code_onbekend", "gemeentecode", "een gemeentecode is GM en vier cijfers, zoals GM0363.")
        return found

    def _nearest(self, name: str) -> str:
        near = process.extract(fold(name), list(self.register.names()), scorer=fuzz.ratio, limit=3, score_cutoff=75)
        names = dict.fromkeys(m.name for key, _, _ in near for m in self.register.names()[key])
        meant = f"bedoelde u {' of '.join(names)}? " if names else ""
        return f"{meant}Deze gemeente staat niet in het register; gebruik de officiële naam of de gemeentecode."

    # --- One field ----------------------------------------------------------------------------------------------------

    def _required(self, column: str, read: Callable[[str], T]) -> T | None:
        if not self.fields.get(column):
            try:
                read("")
            except values.Unreadable as problem:
                self._error("verplicht", column, f"dit veld is verplicht: {problem}")
            return None
        return self._optional(column, read)

    def _optional(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self.fields.get(column, "")
        if not text:
            return None
        try:
            return read(text)
        except values.Unreadable as problem:
            self._error("waarde", column, str(problem))
            return None

    def _number(self, column: str, text: str, decimals: int) -> Decimal:
        number, doubt = values.number_of(text, decimals if column != "begeleidingsuren" else 3)
        if doubt:
            self._warn(
                "getal_dubbelzinnig", column, f"gelezen als {_dutch(number)}; schrijf het zonder scheidingsteken."
            )
        return number

    def _estimate(self) -> Amount | None:
        low, high = (
            self._optional(column, lambda text, c=column: self._number(c, text, 2))  # type: ignore[misc]
            for column in ("hosting_laag", "hosting_hoog")
        )
        if low is None and high is None:
            return None
        if low is None or high is None:
            if not self.failed:
                missing = "hosting_laag" if low is None else "hosting_hoog"
                self._error("raming_half", missing, "vul hosting_laag en hosting_hoog allebei in; gelijk mag.")
            return None
        if low > high:
            self._error("raming_omgekeerd", "hosting_laag", "hosting_laag mag niet hoger zijn dan hosting_hoog.")
            return None
        return Amount.between(low, high)

    def _error(self, code: str, column: str, message: str) -> None:
        self._find(Severity.ERROR, code, column, message)

    def _warn(self, code: str, column: str, message: str) -> None:
        self._find(Severity.WARNING, code, column, message)

    def _find(self, severity: Severity, code: str, column: str, message: str) -> None:
        municipality = getattr(self, "municipality", None)
        self.findings.append(
            Finding(
                severity,
                code,
                self.origin.file,
                self.origin.line,
                column,
                self.fields.get(column, ""),
                message[:1].upper() + message[1:],
                municipality.code if municipality else "",
            )
        )


def _bare(text: str) -> str:
    """A field without white space around it, and without the quote that keeps a spreadsheet from calculating."""
    bare = text.strip().strip("\ufeff\u200b").strip()
    return bare[1:] if re.match(r"'[=+\-@\t\r]", bare) else bare


def _dutch(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")
