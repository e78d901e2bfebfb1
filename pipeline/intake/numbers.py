"""Numbers as people write them, in Dutch or English style, with euro signs, thousands marks, ",-" and "k"."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.intake.reading import Unreadable, remembered

HIGHEST = 10**9

_EURO = r"(?:€|eur(?:o(?:'?s)?)?)"
_BEFORE = re.compile(rf"(?i)^{_EURO}\s*")
_BEHIND = re.compile(rf"(?i)\s*(?:{_EURO}|(?:per|/)\s*(?:jaar|jr)\.?|(?:uren|uur))$")
_ROUND = re.compile(r"\s*[.,]\s?(?:-+|–|—|=)$")
_SPACED = re.compile(r"[0-9]{1,3}(?:([ \xa0\u2007\u2009\u202f'’_])[0-9]{3}(?:\1[0-9]{3})*)?((?:[.,][0-9]+)*)")


@remembered
def number_of(text: str, decimals: int, doubtful: str = ",") -> tuple[Decimal, bool]:
    """The number that a text means, with at most so many `decimals`, and whether that is open to doubt.

    One mark with three digits behind it is read as thousands, "1.234" as well as "1,234"; for the marks that are
    `doubtful` it might have been a decimal mark, and then that is said. With a "k" it is a decimal mark, in doubt.

    Raises:
        Unreadable: if it is no number from 0 up, or has too many decimals.
    """
    bare = _BEFORE.sub("", text)
    while bare != (shorter := _BEHIND.sub("", bare)):
        bare = shorter
    bare, whole = _ROUND.subn("", bare)
    thousands = bare[-1:] in ("k", "K")
    bare = bare[:-1].rstrip() if thousands else bare
    if re.fullmatch(r"[-–−—]*", bare):
        raise Unreadable("vul een getal in, of 0, of laat het veld leeg.")
    if re.fullmatch(rf"(?i)[-–−(]\s*(?:{_EURO}\s*)?[0-9].*", bare, re.DOTALL):
        raise Unreadable("een negatief getal kan hier niet; vul 0 of meer in.")
    if (spaced := _SPACED.fullmatch(bare)) and spaced[1]:
        bare = bare.replace(spaced[1], "")
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", bare):
        if bare[0].isdecimal() and bare[-1].isdecimal() and "-" not in bare:
            raise Unreadable("dit getal is niet te begrijpen; schrijf het als 12500 of 12500,50.")
        raise Unreadable("vul een getal in, bijvoorbeeld 12500 of 12.500,50.")
    groups = re.split(r"[.,]", bare)
    marks = re.sub(r"[0-9]", "", bare)
    grouped = len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])
    doubt = False
    if not marks:
        number = bare
    elif len(marks) == 1:
        as_thousands = grouped and not thousands
        doubt = grouped and (thousands or (marks in doubtful and not whole))
        number = ("" if as_thousands else ".").join(groups)
    elif len(set(marks)) == 1 and grouped:
        number = "".join(groups)
    elif _ends_in_decimals(groups, marks):
        number = "".join(groups[:-1]) + "." + groups[-1]
    else:
        raise Unreadable("de punten en komma's zijn niet te begrijpen; schrijf het getal als 12500 of 12500,50.")
    value = Decimal(number) * (1000 if thousands else 1)
    if value > HIGHEST:
        raise Unreadable("dit getal is te groot; vul hoogstens 1.000.000.000 in.")
    if value != round(value, decimals):
        most = f"hoogstens {decimals} cijfers achter de komma" if decimals else "een geheel getal"
        raise Unreadable(f"vul {most} in.")
    return value, doubt


def _ends_in_decimals(groups: list[str], marks: str) -> bool:
    """Whether the last mark is a decimal one, behind proper thousands: 1.234.567,89."""
    return (
        len(set(marks[:-1])) == 1
        and marks[-1] != marks[0]
        and 1 <= len(groups[0]) <= 3
        and all(len(group) == 3 for group in groups[1:-1])
    )


def dutch(number: Decimal) -> str:
    """A number in Dutch style, for in a message."""
    whole, _, part = f"{number:,f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")
