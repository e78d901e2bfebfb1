"""Numbers as people write them, in Dutch or English style, with a unit, thousands marks, ",-" and "k"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pipeline import limits
from pipeline.intake import units
from pipeline.intake.characters import quoted
from pipeline.intake.reading import Unreadable, remembered
from pipeline.intake.units import Around, Unit, read_around
from pipeline.limits import Bounds


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """What the number of a column counts: its unit, its bounds, an example of it, and how it is written.

    One mark with three digits behind it is read as thousands, "1.234" as well as "1,234"; for the marks that are
    `doubtful` it might have been a decimal mark, and then that is said. A range belongs in the two columns `ends`.
    """

    unit: Unit
    bounds: Bounds
    example: str
    decimals: int = 0
    doubtful: str = ""
    yearly: bool = False
    ends: tuple[str, str] | None = None

    @property
    def holds(self) -> str:
        """What belongs in the column, in words."""
        return f"een {self.unit.value}{' per jaar' if self.yearly else ''}"

    @property
    def within(self) -> str:
        """Which numbers are right, as a request."""
        return f"vul een getal van {self.bounds.low} tot en met {dutch(Decimal(self.bounds.high))} in."


HOURS = Measure(Unit.HOURS, limits.HOURS, "150", decimals=2, doubtful=".,")
EUROS = Measure(
    Unit.EUROS, limits.EUROS, "12500", decimals=2, doubtful=",", yearly=True, ends=("hosting_laag", "hosting_hoog")
)
INHABITANTS = Measure(Unit.INHABITANTS, limits.INHABITANTS, "64000")

_TOO_LARGE = 10**9
_ROUND = re.compile(r"\s*[.,]\s?(?:-+|–|—|=)")
_SPACED = re.compile(r"[0-9]{1,3}(?:([ \xa0\u2007\u2009\u202f'’_])[0-9]{3}(?:\1[0-9]{3})*)?((?:[.,][0-9]+)*)")
_BETWEEN = re.compile(r" ?(?:-|–|—|−|/|…|\.\.+|\bt/m\b|\btot en met\b|\btot\b|\bà\b|\ba\b|\ben\b|\bof\b) ?")
_NO_DIGIT = re.compile(r"[^0-9]*")


@remembered
def number_of(text: str, measure: Measure) -> tuple[Decimal, bool]:
    """The number that a text means, and whether that is open to doubt.

    With a "k" one mark is a decimal mark, in doubt where three digits stand behind it.

    Raises:
        Unreadable: if it is no number from 0 up, has too many decimals, or stands among words that do not fit.
    """
    before, digits, behind = _parted(text)
    if not digits:
        if re.fullmatch(r"[-–−—\s€]*", text):
            raise Unreadable("vul een getal in, of 0, of laat het veld leeg.")
        raise Unreadable(f"vul {measure.holds} in, bijvoorbeeld {measure.example}, of laat het veld leeg.")
    whole = _ROUND.match(behind)
    behind = behind[whole.end() :] if whole else behind
    thousands = behind.lstrip()[:1] in ("k", "K") and not behind.lstrip()[1:2].isalpha()
    behind = behind.lstrip()[1:] if thousands else behind
    _refuse_range(digits, thousands, measure)
    around = read_around(before, behind)
    _refuse_unit(around, measure)
    value, doubt = _read(digits, measure, thousands=thousands, whole=bool(whole))
    _refuse_words(around, value, measure)
    return value, doubt


def _parted(text: str) -> tuple[str, str, str]:
    """What stands before the first digit, from there to the last one, and behind it."""
    before = _NO_DIGIT.match(text)
    begins = before.end() if before else 0
    behind = _NO_DIGIT.match(text[::-1])
    ends = len(text) - (behind.end() if behind else 0)
    return text[:begins], text[begins:ends], text[ends:] if ends > begins else ""


def _read(digits: str, measure: Measure, *, thousands: bool, whole: bool) -> tuple[Decimal, bool]:
    """The number in digits and marks: times a thousand, and `whole` where it is said that there are no cents."""
    if (spaced := _SPACED.fullmatch(digits)) and spaced[1]:
        digits = digits.replace(spaced[1], "")
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", digits):
        raise Unreadable(f"dit getal is niet te begrijpen; schrijf het als {measure.example}.")
    groups = re.split(r"[.,]", digits)
    marks = re.sub(r"[0-9]", "", digits)
    grouped = len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])
    doubt = False
    if not marks:
        number = digits
    elif len(marks) == 1:
        as_thousands = grouped and not thousands
        doubt = grouped and (thousands or (marks in measure.doubtful and not whole))
        number = ("" if as_thousands else ".").join(groups)
    elif len(set(marks)) == 1 and grouped:
        number = "".join(groups)
    elif _ends_in_decimals(groups, marks):
        number = "".join(groups[:-1]) + "." + groups[-1]
    else:
        raise Unreadable(f"de punten en komma's zijn niet te begrijpen; schrijf het getal als {measure.example}.")
    value = Decimal(number) * (1000 if thousands else 1)
    if value > _TOO_LARGE:
        raise Unreadable(f"dit getal is te groot; {measure.within}")
    if value != round(value, measure.decimals):
        most = f"hoogstens {measure.decimals} cijfers achter de komma" if measure.decimals else "een geheel getal"
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


def _refuse_range(digits: str, thousands: bool, measure: Measure) -> None:
    """Nothing, unless there are two numbers where one belongs."""
    parts = _BETWEEN.split(" ".join(digits.split()))
    if len(parts) != 2:
        return
    if thousands:
        parts = [part if part.endswith("k") else f"{part}k" for part in parts]
    try:
        low, high = (number_of(part, measure)[0] for part in parts)
    except Unreadable:
        return  # they are no two numbers either
    if measure.ends and low <= high and low in measure.bounds and high in measure.bounds:
        raise Unreadable(f"vul {plain(low)} in bij {measure.ends[0]} en {plain(high)} bij {measure.ends[1]}.")
    raise Unreadable(f"dit zijn twee getallen; vul er één in, bijvoorbeeld {measure.example}.")


def _refuse_unit(around: Around, measure: Measure) -> None:
    """Nothing, unless the number is negative, or in another unit than the column."""
    if around.negative:
        raise Unreadable("een negatief getal kan hier niet; vul 0 of meer in.")
    if wrong := next((unit for unit in around.units if unit is not measure.unit), None):
        raise Unreadable(f"hier hoort {measure.holds}, geen {wrong.value}; vul bijvoorbeeld {measure.example} in.")
    if around.other:
        words = quoted(" ".join(around.other))
        raise Unreadable(f"schrijf alleen {measure.holds}, zonder {words}; bijvoorbeeld {measure.example}.")


def _refuse_words(around: Around, value: Decimal, measure: Measure) -> None:
    """Nothing, unless the number is to be converted, or is said to be no exact one."""
    if around.period and not measure.yearly:
        raise Unreadable(f"dit is per {around.period}; vul het totaal in, bijvoorbeeld {measure.example}.")
    if around.period not in ("", units.YEAR):
        times = units.PER_YEAR.get(around.period)
        so = f", dus {plain(value * times)}" if times and value * times in measure.bounds else ""
        raise Unreadable(f"dit is per {around.period}; reken om naar een jaar{so}.")
    if not (around.ambiguous or around.multiple > 1 or around.vague):
        return
    if value * around.multiple not in measure.bounds:
        raise Unreadable(measure.within)
    if around.ambiguous:
        a_year = plain(value * units.PER_YEAR[units.MONTH])
        monthly = (
            f"is “p.m.” hier per maand, reken dan om naar een jaar, dus {a_year}; anders: " if measure.yearly else ""
        )
        raise Unreadable(f"{monthly}laat “p.m.” weg en schrijf {plain(value)}, of maak het veld leeg.")
    if around.multiple > 1:
        raise Unreadable(f"schrijf het getal voluit: {plain(value * around.multiple)}.")
    raise Unreadable(f"laat {quoted(' '.join(around.vague))} weg en schrijf {plain(value)}.")


# --- Numbers in messages ----------------------------------------------------------------------------------------------


def dutch(number: Decimal) -> str:
    """A number in Dutch style, for in a message."""
    whole, _, part = f"{number:,f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def plain(number: Decimal) -> str:
    """A number as one types it: without thousands marks, and with a comma before the decimals.

    >>> plain(Decimal("12500.50"))
    '12500,5'
    """
    return f"{number.normalize():f}".replace(".", ",")
