"""How numbers, euros, dates and lists are written in Dutch.

Why no library does it: `docs/decisions/0006-dutch-in-forty-lines.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_MARKS = str.maketrans(",.", ".,")
HARD_SPACE = "\N{NO-BREAK SPACE}"
"""Keeps the sign of the euro on the line of its number."""
NOT_GIVEN = "geen opgave"
"""What stands for a choice of which nothing was said."""
UNKNOWN, AT_LEAST = "onbekend", "minimaal"
"""What stands for a total of which nothing is known, and before the low end of one from which something is missing."""


def number(value: Decimal | float, decimals: int | None = None) -> str:
    """A number with dots at the thousands and a comma before the decimals; those that say nothing are left out.

    >>> number(12500), number(Decimal("12500.50")), number(2.5, 2)
    ('12.500', '12.500,5', '2,50')
    """
    if decimals is not None:
        return f"{value:,.{decimals}f}".translate(_MARKS)
    if isinstance(value, int):
        return f"{value:,}".replace(",", ".")
    written = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return (written.rstrip("0").rstrip(".") if "." in written else written).translate(_MARKS)


@lru_cache(maxsize=16_384)  # few of very many differ
def euros(low: Decimal | int, high: Decimal | int | None = None) -> str:
    r"""Euros, from low to high if they differ; with cents only where there are any.

    >>> euros(12500), euros(10_000, 20_000), euros(Decimal("-2500.5"))
    ('€\xa012.500', '€\xa010.000–20.000', '−€\xa02.500,50')
    """
    ends = [Decimal(end) for end in ((low,) if high is None or high == low else (low, high))]
    decimals = 0 if all(end == int(end) for end in ends) else 2
    sign = "−" if low < 0 else ""
    return f"{sign}€{HARD_SPACE}{'–'.join(number(abs(end), decimals) for end in ends)}"


def day(value: date) -> str:
    """A date: `22 juli 2024`."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def both(words: Sequence[str], most: int | None = None) -> str:
    """Words together: `a, b en c`; of more than `most` the first ones, and how many more there are: `a, b en nog 3`."""
    if most and len(words) > most:
        words = [*words[:most], f"nog {number(len(words) - most)}"]
    return _listed(words, "en")


def either(words: Sequence[str]) -> str:
    """Words as a choice: `a, b of c`."""
    return _listed(words, "of")


def _listed(words: Sequence[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else words[0]
