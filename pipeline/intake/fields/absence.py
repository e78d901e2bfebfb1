"""What people write in a field where there is nothing to write."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.intake.fields.characters import HIDDEN
from pipeline.model.columns import Absence
from pipeline.model.municipality import fold

_SAID = {
    Absence.NOTHING: "nvt na nietvantoepassing leeg geenopgave null nan",
    Absence.DENIED: "n 0 nul nihil no none false onwaar",
    Absence.UNKNOWN: "nnb nb weetniet weetikniet weetiknogniet wetenwenogniet geenidee ntb tbd tbc tba todo volgt "
    "volgtnog volgtlater later onduidelijk unknown",
    Absence.PRO_MEMORIE: "pm promemorie",
}
"""The whole texts for each absence, without case, spaces and punctuation."""
_WHOLE = {text: absence for absence, texts in _SAID.items() for text in texts.split()}

_ZERO = re.compile(r"\s*0(?:[.,]0+)?\s*")
_WORD = re.compile(r"[^\W_]+")
_FOR_NOW = frozenset(
    ["nog", "op", "dit", "het", "moment", "vooralsnog", "voorlopig", "momenteel", "nu", "hoor", "dank", "u", "wel"]
)
_NO = frozenset(["nee", "neen", "geen", "niet", "niets", "niks"])
_OF_WHAT = frozenset(
    [
        "functionaliteit",
        "functionaliteiten",
        "wens",
        "wensen",
        "opmerking",
        "opmerkingen",
        "bijzonderheden",
        "backlog",
        "backlogitem",
        "backlogitems",
        "item",
        "items",
        "post",
        "posten",
        "aanvullende",
        "extra",
        "verdere",
        "specifieke",
        "bijzondere",
    ]
)
_OPEN = frozenset(["bekend", "onbekend", "bepalen", "bepaald"])
_TO_BE = frozenset(["nader", "te", "moet", "worden", "wordt", "niet"])
_ANY = _FOR_NOW | _NO | _OF_WHAT | _OPEN | _TO_BE


def _in_words(text: str) -> Absence | None:
    """What a text says of which every word is of one kind: nothing (yet, of these), or that it is not known (yet)."""
    found = _WORD.findall(text)
    if any(fold(word) not in _ANY for word in found):
        return None  # mostly the first one tells
    words = set(map(fold, found)) - _FOR_NOW
    if words & _OPEN and words <= _OPEN | _TO_BE:
        return None if words == {"bekend"} or words == {"bepaald"} else Absence.UNKNOWN
    return Absence.DENIED if words & _NO and words <= _NO | _OF_WHAT else None


LONGEST = 40
"""How long a text may be that is looked up; every longer one says something."""


@lru_cache(maxsize=16_384)  # what comes back does so soon
def _absence(text: str) -> Absence | None:
    if folded := fold(text):
        if absence := _WHOLE.get(folded):
            return absence
        return Absence.DENIED if _ZERO.fullmatch(text) else _in_words(text)
    if HIDDEN.search(text.replace("\r", "\n")) or any(
        unicodedata.category(character) in ("So", "Sc") for character in text
    ):
        return None  # a tick says yes, and "€ -" is how a spreadsheet shows an amount of 0
    return Absence.UNKNOWN if "?" in text else Absence.NOTHING


def absence_in(text: str) -> Absence | None:
    """In which way a text says that nothing is there, if it does.

    >>> absence_in("n.n.b."), absence_in("--"), absence_in("Geen idee hebben wij niet")
    (<Absence.UNKNOWN: 'unknown'>, <Absence.NOTHING: 'nothing'>, None)
    """
    return _absence(text) if len(text) <= LONGEST else None
