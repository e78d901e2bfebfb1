"""Names that are no municipality in the register: totals, notes, provinces, partnerships, places elsewhere.

They are data (`geen_gemeenten.csv`, beside this module): a name, or words that a name begins with, and what it is.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from pipeline.model.municipality import fold

_FILE = Path(__file__).with_name("geen_gemeenten.csv")
_WORDS = 3
"""How many words at the beginning of a name are looked at."""
_LOOKED_AT = 80
"""How many of its characters are."""


def what_it_is(name: str) -> str:
    """A Dutch sentence on what a name is, if it is known to be no municipality; empty if it is not.

    >>> what_it_is("Totaal 2026")
    'Dit is een totaal, geen gemeente; haal deze regel weg.'
    """
    whole, beginnings = _known()
    words = [word for word in map(fold, re.split(r"[\s:,;()/*-]+", name[:_LOOKED_AT])) if word]
    firsts = ["".join(words[:number]) for number in range(1, _WORDS + 1)]
    found = whole.get("".join(words)) or next((beginnings[first] for first in firsts if first in beginnings), None)
    if not found and words and words[-1] == "provincie":
        found = beginnings["provincie"]
    return found or ""


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """The sentence for each folded name, and for each beginning of one."""
    known: dict[str, dict[str, str]] = {"naam": {}, "begin": {}}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            register = " in het register" if row["wat"].startswith("een gemeente ") else ""
            remove = (
                "geef elke gemeente een eigen regel en haal deze weg" if row["delen"] == "ja" else "haal deze regel weg"
            )
            known[row["hoe"]][fold(row["naam"])] = f"Dit is {row['wat']}, geen gemeente{register}; {remove}."
    return known["naam"], known["begin"]
