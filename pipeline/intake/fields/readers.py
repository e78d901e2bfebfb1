"""From the text of a field to its value, or to what is wrong with it, by the kind of value that its column holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from pipeline.intake.fields.absence import absence_in
from pipeline.intake.fields.addresses import addresses_in
from pipeline.intake.fields.characters import quoted, without_addresses
from pipeline.intake.fields.numbers import number_of, plain, within
from pipeline.intake.fields.parsing import Unreadable, refuse_endless, refuse_hidden, sentence
from pipeline.intake.fields.values import any_of, option_of, text_of, year_of, yes_or_no
from pipeline.model.columns import Absence, Addresses, AnyOf, CalendarYear, Column, Kind, Number, OneOf, Text, YesNo

REMEMBERED = 65_536
"""How many texts a column remembers with what they gave."""

_EXCEL_ERROR = re.compile(r"#(?:[A-Z/0]+[!?]|N/[AB]|#+)", re.IGNORECASE)


class Outcome(NamedTuple):
    """What a field gives: its value (None: nothing), and the code and sentence of what is wrong with it, if anything.

    It is an error, unless it is only a `doubt`: then the value counts.
    """

    value: Any = None
    code: str = ""
    message: str = ""
    doubt: bool = False


NOTHING = Outcome()


class FieldReader:
    """Reads the fields of one column; it works out each text once. From an empty one nothing comes if `optional`."""

    __slots__ = ("_empty", "_outcomes", "_parse", "column", "kind", "optional")

    def __init__(self, column: Column, kind: Kind) -> None:
        self.column, self.kind = column, kind
        self.optional = column.required != "ja"
        self._parse = _PARSERS[type(kind)]
        self._empty = kind.empty if self.optional else frozenset()
        self._outcomes: dict[str, Outcome] = {}

    def read(self, text: str) -> Outcome:
        """What a text gives, which has no white space around it."""
        outcome = self._outcomes.get(text)
        if outcome is None:
            outcome = self._read(text)
            if len(self._outcomes) < REMEMBERED:
                self._outcomes[text] = outcome
        return outcome

    def _read(self, text: str) -> Outcome:
        if _EXCEL_ERROR.fullmatch(text) and not isinstance(self.kind, Text):
            message = "Dit is een foutmelding van Excel; herstel de formule of vul de waarde in."
            return Outcome(None, "waarde", message, self.kind.doubted)
        absence = absence_in(text)
        if not self.optional and absence not in (None, Absence.DENIED):
            missing = absence is Absence.NOTHING
            why = "Dit veld is verplicht" if missing else "Zonder deze keuze is er geen kostenindicatie"
            return Outcome(None, "verplicht", f"{why}. {self._parsed('').message}")
        if not text or absence in self._empty:
            if absence is Absence.UNKNOWN and self.column.if_unknown:
                return Outcome(None, f"{self.column.name}_onbekend", self.column.if_unknown, doubt=True)
            return NOTHING
        return self._parsed(text)

    def _parsed(self, text: str) -> Outcome:
        told = without_addresses(text) if self.column.public else text
        try:
            if not isinstance(self.kind, Text):
                refuse_endless(told)
                refuse_hidden(told)
            outcome = self._parse(self.kind, told)
        except Unreadable as problem:
            return Outcome(None, "waarde", sentence(str(problem)), self.kind.doubted)
        if told != text:
            message = "Het e-mailadres is weggelaten, want deze tekst wordt gepubliceerd; zet het in de kolom e_mail."
            return Outcome(outcome.value, "adres_in_tekst", message, doubt=True)
        if text.endswith("?") and isinstance(self.kind, (OneOf, YesNo)):
            message = f"Gelezen als {quoted(text.rstrip(' ?'))}; haal het vraagteken weg als dat zeker is."
            return outcome._replace(code="keuze_onzeker", message=message, doubt=True)
        return outcome


def _number(kind: Number, text: str) -> Outcome:
    number, doubtful = number_of(text, kind)
    if number not in kind.bounds:
        return Outcome(None, "getal", sentence(within(kind)))
    value = number if kind.decimals else int(number)
    if doubtful and (message := _as_read(number, text, kind)):
        return Outcome(value, "getal_dubbelzinnig", message, doubt=True)
    return Outcome(value)


def _as_read(number: Decimal, text: str, kind: Number) -> str:
    """How a number that leaves doubt was read, and how to write it, or what else it may be; empty if nothing else."""
    if "k" in text.casefold():
        other, how = number * 1000, "een komma"
    else:
        other, how = round(number / 1000, 2), "een duizendtal"
    if other not in kind.bounds:
        return ""
    right, wrong = plain(number), plain(other)
    return f"Gelezen als {right} ({how}); schrijf {right} als u dat bedoelt, of anders {wrong}."


def _addresses(text: str) -> Outcome:
    addresses, problem = addresses_in(text)
    return Outcome(addresses or None, "e_mail" if problem else "", problem, bool(problem))


_PARSERS: dict[type[Kind], Callable[[Any, str], Outcome]] = {
    OneOf: lambda kind, text: Outcome(option_of(kind.options, text)),
    AnyOf: lambda kind, text: Outcome(any_of(kind.options, text)),
    YesNo: lambda _, text: Outcome(yes_or_no(text)),
    CalendarYear: lambda kind, text: Outcome(year_of(text, kind.bounds)),
    Number: _number,
    Addresses: lambda _, text: _addresses(text),
    Text: lambda kind, text: Outcome(text_of(text, kind.longest)),
}
