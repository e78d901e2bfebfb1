"""The words around a number: which unit they say it is in, per what, and what else stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.model.columns import Unit

_UNITS = {
    **dict.fromkeys(("€", "eur", "euro", "euros", "euro's", "euro’s"), Unit.EUROS),
    **dict.fromkeys(("uur", "uren", "u"), Unit.HOURS),
    **dict.fromkeys(("inwoner", "inwoners", "inw"), Unit.INHABITANTS),
    **dict.fromkeys(("%", "procent"), Unit.PERCENT),
    **dict.fromkeys(("dag", "dagen"), Unit.DAYS),
    **dict.fromkeys(("week", "weken"), Unit.WEEKS),
    **dict.fromkeys(("maand", "maanden", "mnd"), Unit.MONTHS),
    **dict.fromkeys(("jaar", "jaren", "jr"), Unit.YEARS),
    "fte": Unit.FULL_TIME,
}
_PERIODS = {
    **dict.fromkeys(("jr", "j"), "jaar"),
    **dict.fromkeys(("mnd", "md", "m"), "maand"),
    "kw": "kwartaal",
    "w": "week",
    "u": "uur",
    "inw": "inwoner",
}
"""Short words for a period, behind per or a slash."""
_ALONE = {
    **dict.fromkeys(("jaarlijks", "pj", "pjr"), "jaar"),
    **dict.fromkeys(("maandelijks", "pmnd"), "maand"),
    "wekelijks": "week",
    "pw": "week",
    "dagelijks": "dag",
    "pu": "uur",
}
"""Words that say per what by themselves, without the dots in them."""
YEAR, MONTH = "jaar", "maand"
PER_YEAR = {YEAR: 1, "kwartaal": 4, MONTH: 12}
"""How many of a period go into a year exactly."""
_VAGUE = frozenset(
    [
        *("ca", "c.a", "circa", "ongeveer", "plm", "rond", "geschat", "naar", "schatting", "max", "maximaal", "min"),
        *("minimaal", "hoogstens", "minstens", "tot", "vanaf", "ruim", "bijna", "zo'n", "tussen"),
        *("±", "+/-", "+-", "~", "≈", "<", ">", "≤", "≥", "<=", ">=", "+"),
    ]
)
_MULTIPLES = {"duizend": 1_000, "mln": 1_000_000, "miljoen": 1_000_000}
_MINUS = "-–−—"
_PIECE = re.compile(r"\+/-|\+-|[<>]=|[^\W\d_]+(?:['’.][^\W\d_]+)*\.?|\S")


@dataclass(slots=True)
class Around:
    """What stands around a number; `vague` and `other` are words as they are written, in order.

    `multiple` is a word for thousands or millions, as a number. `ambiguous` is a p.m. behind the number, which may
    be per month or pro memorie.
    """

    units: list[Unit] = field(default_factory=list)
    period: str = ""
    vague: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    multiple: int = 1
    ambiguous: bool = False
    negative: bool = False


def read_around(before: str, behind: str) -> Around:
    """What the texts before and behind a number say about it."""
    around = Around()
    pieces = _PIECE.findall(before)
    bracketed = "(" in pieces and ")" in behind
    around.negative = any(piece in _MINUS for piece in pieces) or (bracketed and pieces[-1] == "(")
    _sort([piece for piece in pieces if piece not in f"{_MINUS}()"], around)
    _sort([piece for piece in _PIECE.findall(behind) if piece not in "()"], around)
    return around


def _sort(pieces: list[str], around: Around) -> None:
    """Sort the words on one side of a number, where a unit stands at most once."""
    united = False
    rest = iter(pieces)
    for piece in rest:
        word = piece.casefold().rstrip(".") or piece
        compact = word.replace(".", "")
        if word in ("per", "p", "/"):
            period = next(rest, "")
            period = next(rest, "") if period == "/" else period
            plain = period.casefold().rstrip(".")
            if around.period or not plain.isalpha():
                around.other.append(f"{piece} {period}".strip())
            around.period = around.period or _PERIODS.get(plain, plain)
        elif compact in _ALONE and not around.period:
            around.period = _ALONE[compact]
        elif compact == "pm":
            around.ambiguous = True
        elif word in _VAGUE:
            around.vague.append(piece)
        elif word in _MULTIPLES and around.multiple == 1:
            around.multiple = _MULTIPLES[word]
        elif word in _UNITS and not united:
            united = True
            around.units.append(_UNITS[word])
        else:
            around.other.append(piece)
