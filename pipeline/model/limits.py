"""How low and how high a number may be, wherever it is given: a delivery, the tariff file, the register, a workbook.

Each bound leaves ample room for what is real; beyond it there is a mistake, and one place says so.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct


class Bounds(Struct, frozen=True):
    """The lowest and the highest that is accepted."""

    low: int
    high: int

    def __contains__(self, number: int | Decimal) -> bool:
        return self.low <= number <= self.high


HOURS = Bounds(0, 10_000)
"""Hours of guidance."""
HOURLY_RATE = Bounds(0, 1_000)
"""Euros per hour."""
EUROS = Bounds(0, 10_000_000)
"""Euros per year."""
INHABITANTS = Bounds(1, 2_000_000)
"""Inhabitants of a municipality."""
YEARS = Bounds(2000, 2100)
"""The years in which a projection may begin, and those of the reference date."""
GGU_YEARS = Bounds(2000, 2200)
"""The years from which the contribution may lapse."""
PERCENT = Bounds(0, 100)
"""Percent of growth per year."""
SHARED_COSTS = Bounds(0, 100_000_000)
"""Euros per year of costs that municipalities share."""

MOST_ADDRESSES = 10
"""How many e-mail addresses a municipality may have."""
MOST_ROWS, MOST_MEGABYTES = 100_000, 50
"""How large a delivery may be, unless the command is told otherwise."""
