"""Numbers as people write them, in Dutch or English style, with a unit, thousands marks, ",-" and "k"."""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline import dutch
from pipeline.intake.fields import units
from pipeline.intake.fields.characters import quoted
from pipeline.intake.fields.parsing import Unreadable
from pipeline.intake.fields.units import Around, read_around
from pipeline.model.columns import Number

_TOO_LARGE = 10**9
_ROUND = re.compile(r"\s*[.,]\s?(?:-+|–|—|=)")
_SPACED = re.compile(r"[0-9]{1,3}(?:([ \xa0\u2007\u2009\u202f'’_])[0-9]{3}(?:\1[0-9]{3})*)?((?:[.,][0-9]+)*)")
_BETWEEN = re.compile(r" ?(?:-|–|—|−|/|…|\.\.+|\bt/m\b|\btot en met\b|\btot\b|\bà\b|\ba\b|\ben\b|\bof\b) ?")
_NO_DIGIT = re.compile(r"[^0-9]*")


def number_of(text: str, kind: Number) -> tuple[Decimal, bool]:
    """The number that a text means, and whether that is open to doubt.

    With a "k" one mark is a decimal mark, in doubt where three digits stand behind it.

    Raises:
        Unreadable: if it is no number from 0 up, has too many decimals, or stands among words that do not fit.
    """
    before, digits, behind = _parted(text)
    if not digits:
        if re.fullmatch(r"[-–−—\s€]*", text):
            raise Unreadable("vul een getal in, of 0, of laat het veld leeg.")
        raise Unreadable(f"vul {kind.holds} in, bijvoorbeeld {kind.example}, of laat het veld leeg.")
    whole = _ROUND.match(behind)
    behind = behind[whole.end() :] if whole else behind
    thousands = behind.lstrip()[:1] in ("k", "K") and not behind.lstrip()[1:2].isalpha()
    behind = behind.lstrip()[1:] if thousands else behind
    _refuse_range(digits, thousands, kind)
    around = read_around(before, behind)
    _refuse_unit(around, kind)
    value, doubt = _read(digits, kind, thousands=thousands, whole=bool(whole))
    _refuse_words(around, value, kind)
    return value, doubt


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before the first digit, from there to the last one, and behind it."""
    before = _NO_DIGIT.match(text)
    begins = before.end() if before else 0
    behind = _NO_DIGIT.match(text[::-1])
    ends = len(text) - (behind.end() if behind else 0)
    return text[:begins], text[begins:ends], text[ends:] if ends > begins else ""


def _read(digits: str, kind: Number, *, thousands: bool, whole: bool) -> tuple[Decimal, bool]:
    """The number in digits and marks: times a thousand, and `whole` where it is said that there are no cents."""
    if (spaced := _SPACED.fullmatch(digits)) and spaced[1]:
        digits = digits.replace(spaced[1], "")
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", digits):
        raise Unreadable(f"dit getal is niet te begrijpen; schrijf het als {kind.example}.")
    groups = re.split(r"[.,]", digits)
    marks = re.sub(r"[0-9]", "", digits)
    grouped = len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])
    doubt = False
    if not marks:
        number = digits
    elif len(marks) == 1:
        as_thousands = grouped and not thousands
        doubt = grouped and (thousands or (marks in kind.doubtful and not whole))
        number = ("" if as_thousands else ".").join(groups)
    elif len(set(marks)) == 1 and grouped:
        number = "".join(groups)
    elif _ends_in_decimals(groups, marks):
        number = "".join(groups[:-1]) + "." + groups[-1]
    else:
        raise Unreadable(f"de punten en komma's zijn niet te begrijpen; schrijf het getal als {kind.example}.")
    value = Decimal(number) * (1000 if thousands else 1)
    if value > _TOO_LARGE:
        raise Unreadable(f"dit getal is te groot; {within(kind)}")
    if value != round(value, kind.decimals):
        most = f"hoogstens {kind.decimals} cijfers achter de komma" if kind.decimals else "een geheel getal"
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


# --- What does not fit ------------------------------------------------------------------------------------------------


def _refuse_range(digits: str, thousands: bool, kind: Number) -> None:
    """Nothing, unless there are two numbers where one belongs."""
    parts = _BETWEEN.split(" ".join(digits.split()))
    if len(parts) != 2:
        return
    if thousands:
        parts = [part if part.endswith("k") else f"{part}k" for part in parts]
    try:
        low, high = (number_of(part, kind)[0] for part in parts)
    except Unreadable:
        return  # they are no two numbers either
    if kind.ends and low <= high and low in kind.bounds and high in kind.bounds:
        raise Unreadable(f"vul {plain(low)} in bij {kind.ends[0]} en {plain(high)} bij {kind.ends[1]}.")
    raise Unreadable(f"dit zijn twee getallen; vul er één in, bijvoorbeeld {kind.example}.")


def _refuse_unit(around: Around, kind: Number) -> None:
    """Nothing, unless the number is negative, or in another unit than the column."""
    if around.negative:
        raise Unreadable("een negatief getal kan hier niet; vul 0 of meer in.")
    if wrong := next((unit for unit in around.units if unit is not kind.unit), None):
        raise Unreadable(f"hier hoort {kind.holds}, geen {wrong.value}; vul bijvoorbeeld {kind.example} in.")
    if around.other:
        words = quoted(" ".join(around.other))
        raise Unreadable(f"schrijf alleen {kind.holds}, zonder {words}; bijvoorbeeld {kind.example}.")


def _refuse_words(around: Around, value: Decimal, kind: Number) -> None:
    """Nothing, unless the number is to be converted, or is said to be no exact one."""
    if around.period and not kind.yearly:
        raise Unreadable(f"dit is per {around.period}; vul het totaal in, bijvoorbeeld {kind.example}.")
    if around.period not in ("", units.YEAR):
        times = units.PER_YEAR.get(around.period)
        so = f", dus {plain(value * times)}" if times and value * times in kind.bounds else ""
        raise Unreadable(f"dit is per {around.period}; reken om naar een jaar{so}.")
    if not (around.ambiguous or around.multiple > 1 or around.vague):
        return
    if value * around.multiple not in kind.bounds:
        raise Unreadable(within(kind))
    if around.ambiguous:
        a_year = plain(value * units.PER_YEAR[units.MONTH])
        monthly = f"is “p.m.” hier per maand, reken dan om naar een jaar, dus {a_year}; anders: " if kind.yearly else ""
        raise Unreadable(f"{monthly}laat “p.m.” weg en schrijf {plain(value)}, of maak het veld leeg.")
    if around.multiple > 1:
        raise Unreadable(f"schrijf het getal voluit: {plain(value * around.multiple)}.")
    raise Unreadable(f"laat {quoted(' '.join(around.vague))} weg en schrijf {plain(value)}.")


# --- Numbers in messages ----------------------------------------------------------------------------------------------


def within(kind: Number) -> str:
    """Which numbers are right, as a request."""
    return f"vul een getal van {kind.bounds.low} tot en met {dutch.number(Decimal(kind.bounds.high))} in."


def plain(number: Decimal) -> str:
    """A number as one types it: without thousands marks, and with a comma before the decimals.

    >>> plain(Decimal("12500.50"))
    '12500,5'
    """
    return f"{number.normalize():f}".replace(".", ",")
