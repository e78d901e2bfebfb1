"""What people write in a field where there is nothing to write, and in which columns that means an empty field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from pipeline.intake.characters import HIDDEN
from pipeline.register import fold


class Absence(Enum):
    """In which way a field says that nothing is there."""

    NOTHING = "nothing"
    DENIED = "denied"
    UNKNOWN = "unknown"
    PRO_MEMORIE = "pro_memorie"


_SAID = {
    Absence.NOTHING: "nvt na nietvantoepassing leeg geenopgave",
    Absence.DENIED: "nee neen geen niet niets nihil no none n nul 0 geenopmerkingen geenbijzonderheden geenbacklog",
    Absence.UNKNOWN: "nnb nb nognietbekend nietbekend onbekend weetniet weetikniet weetiknogniet wetenwenogniet "
    "geenidee ntb nogtebepalen nadertebepalen tbd tbc tba todo volgt volgtnog volgtlater later onduidelijk unknown",
    Absence.PRO_MEMORIE: "pm promemorie",
}
"""The words for each absence, without case, spaces and punctuation."""
_WORDS = {word: absence for absence, words in _SAID.items() for word in words.split()}
LONGEST = 40
"""How long a text may be that is looked up; every longer one says something."""

_CHOICE = frozenset({Absence.NOTHING, Absence.UNKNOWN})
_NUMBER = _CHOICE | {Absence.PRO_MEMORIE}  # who writes p.m. gives no amount
_TEXT = frozenset(Absence)
_EMPTY: Mapping[str, frozenset[Absence]] = {
    "begeleidingsuren": _NUMBER,
    "hosting_laag": _NUMBER,
    "hosting_hoog": _NUMBER,
    "startjaar": _NUMBER,
    "inwoners": _NUMBER,
    "in_natura": _CHOICE | {Absence.DENIED},
    "bijdrage_toelichting": _TEXT,
    "contact": _TEXT,
    "backlog": _TEXT - {Absence.PRO_MEMORIE},  # it is there, and nobody knows what it costs
}
"""Which absences mean an empty field; in a column that is not here, those of a choice."""


@lru_cache(maxsize=65_536)
def _absence(text: str) -> Absence | None:
    if folded := fold(text):
        return _WORDS.get(folded)
    if HIDDEN.search(text) or any(unicodedata.category(character) in ("So", "Sc") for character in text):
        return None  # a tick says yes, and "€ -" is how a spreadsheet shows an amount of 0
    return Absence.UNKNOWN if "?" in text else Absence.NOTHING


def absence_in(text: str) -> Absence | None:
    """In which way a text says that nothing is there, if it does.

    >>> absence_in("n.n.b."), absence_in("--"), absence_in("Geen idee hebben wij niet")
    (<Absence.UNKNOWN: 'unknown'>, <Absence.NOTHING: 'nothing'>, None)
    """
    return _absence(text) if len(text) <= LONGEST else None


@lru_cache(maxsize=65_536)
def leaves_empty(column: str, text: str) -> bool:
    """Whether a text in a column, no longer than `LONGEST`, says no more than an empty field."""
    return _absence(text) in _EMPTY.get(column, _CHOICE)
