"""`Amount`, the algebra of the product: euros from low to high, of which part may be pro memorie.

A cost indication is a range, and part of it may be unknown. An unknown part survives every sum, so that no
total can look complete when it is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from pipeline import dutch

CENT = Decimal("0.01")


def to_cents(euros: Decimal) -> Decimal:
    """Round euros half up to whole cents, as Excel's `ROUND(x,2)` does for amounts that are not negative."""
    return euros.quantize(CENT, rounding=ROUND_HALF_UP)


def to_euros(euros: Decimal) -> int:
    """Whole euros, rounded half up."""
    return int(euros.quantize(Decimal(1), rounding=ROUND_HALF_UP))


class Amount(Struct, frozen=True):
    """Euros from `low` to `high`; `pro_memorie` says that a part nobody quantified comes on top.

    >>> Amount.exactly(15_000) + Amount.between(10_000, 20_000)
    Amount(low=Decimal('25000'), high=Decimal('35000'), pro_memorie=False)
    >>> (Amount.exactly(2_500) + PRO_MEMORIE).pro_memorie
    True

    Raises:
        ValueError: if a bound is negative or not finite, or `low` exceeds `high`.
    """

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    pro_memorie: bool = False

    def __post_init__(self) -> None:
        if not (self.low.is_finite() and self.high.is_finite() and 0 <= self.low <= self.high):
            raise ValueError(f"an amount runs from low to high, from 0 up; not from {self.low} to {self.high}")

    @classmethod
    def exactly(cls, euros: Decimal | int) -> Amount:
        """An amount that is known: low and high are the same."""
        return cls(Decimal(euros), Decimal(euros))

    @classmethod
    def between(cls, low: Decimal | int, high: Decimal | int) -> Amount:
        """A range of euros, both bounds included."""
        return cls(Decimal(low), Decimal(high))

    @property
    def unquantified(self) -> bool:
        """Whether nothing of it is quantified: it shows as "p.m.", never as 0."""
        return self.pro_memorie and self.high == 0

    @property
    def spread(self) -> Decimal:
        """Euros between low and high."""
        return self.high - self.low

    @property
    def in_words(self) -> str:
        r"""A total as documents write it, in whole euros; if nothing of it is quantified, it is unknown.

        >>> Amount.between(10_000, 20_000).in_words, PRO_MEMORIE.in_words
        ('€\xa010.000–20.000', 'onbekend')
        """
        if self.unquantified:
            return dutch.UNKNOWN
        low, high = to_euros(self.low), to_euros(self.high)
        return f"{dutch.AT_LEAST} {dutch.euros(low)}" if self.pro_memorie else dutch.euros(low, high)

    def __add__(self, other: Amount) -> Amount:
        if self is NOTHING or other is NOTHING:
            return self if other is NOTHING else other
        return Amount(self.low + other.low, self.high + other.high, self.pro_memorie or other.pro_memorie)

    def __mul__(self, factor: Decimal | int) -> Amount:
        """Scale by a number (hours, an index), rounded half up to cents; what is unknown stays unknown."""
        return Amount(to_cents(self.low * factor), to_cents(self.high * factor), self.pro_memorie)

    def __truediv__(self, number: int) -> Amount:
        """Share over a number (of inhabitants), rounded half up to cents; what is unknown stays unknown."""
        return Amount(to_cents(self.low / number), to_cents(self.high / number), self.pro_memorie)


NOTHING = Amount()
"""An item that is stated, or chosen, to cost nothing."""

PRO_MEMORIE = Amount(pro_memorie=True)
"""An item that exists but that nobody quantified (Dutch budget term: pro memorie)."""


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts; of none it is nothing."""
    return sum(amounts, NOTHING)
