"""What changes when Signalen becomes a standard and the GGU pays: from which year on, and who would pay what.

A calculation and no proposal: the source names no year, no shared costs and no key to divide them by.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from msgspec import Struct

from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.data import ClassShare, ReferenceData

WRITTEN_OUT = "Gemeenschappelijke Gemeentelijke Uitvoering"


class Key(Enum):
    """By what the shared costs are divided; the values are what people read."""

    BY_CLASS = "Naar grootteklasse"
    BY_INHABITANTS = "Naar inwoners"
    EQUAL = "Gelijke delen"


class Part(Struct, frozen=True):
    """What the municipalities of one size class pay now and would pay by each key, in euros per year.

    `tariff` is the contribution of one of them, `all_pay` what all of them together would bring in. `one` is what
    one of them would pay, rounded to whole euros: it is an example of a calculation.
    """

    size_class: SizeClass
    municipalities: int
    inhabitants: int
    tariff: Decimal
    one: Mapping[Key, Decimal]

    @property
    def all_pay(self) -> Decimal:
        """What the tariff would bring in if all of them paid."""
        return self.tariff * self.municipalities


class Shares(Struct, frozen=True):
    """The same costs per year, carried by all municipalities of the register."""

    costs: Decimal
    parts: tuple[Part, ...]

    @property
    def municipalities(self) -> int:
        """How many municipalities the register has."""
        return sum(part.municipalities for part in self.parts)

    @property
    def inhabitants(self) -> int:
        """How many inhabitants they have."""
        return sum(part.inhabitants for part in self.parts)

    @property
    def all_pay(self) -> Decimal:
        """What the tariff would bring in if all municipalities paid."""
        return sum((part.all_pay for part in self.parts), Decimal(0))

    @property
    def per_thousand(self) -> Decimal:
        """Whole euros per 1,000 inhabitants; per inhabitant it would be a cent or so."""
        return _whole(self.costs * 1_000 / self.inhabitants) if self.inhabitants else Decimal(0)


def first_year_without(tariff: Tariff, year: int) -> int:
    """The first year without contribution: the tariff's, or else the year after that of the reference date."""
    return year + 1 if tariff.ggu_year is None else int(tariff.ggu_year.value)


def share_out(costs: Decimal, basis: ReferenceData) -> Shares:
    """Divide costs per year over all municipalities of the register, by each key."""
    tariffs = {share: basis.tariff.contribution.of(share.size_class).amount.low for share in basis.country}
    weights = {share: _weights(share, tariffs[share]) for share in basis.country}
    wholes = {key: sum((weight[key] for weight in weights.values()), Decimal(0)) for key in Key}
    parts = []
    for share in basis.country:
        together = {key: costs * weights[share][key] / wholes[key] if wholes[key] else Decimal(0) for key in wholes}
        number = share.municipalities
        one = {key: _whole(euros / number) if number else Decimal(0) for key, euros in together.items()}
        parts.append(Part(share.size_class, number, share.inhabitants, tariffs[share], one))
    return Shares(costs, tuple(parts))


def _weights(share: ClassShare, tariff: Decimal) -> dict[Key, Decimal]:
    return {
        Key.BY_CLASS: share.municipalities * tariff,
        Key.BY_INHABITANTS: Decimal(share.inhabitants),
        Key.EQUAL: Decimal(share.municipalities),
    }


def _whole(euros: Decimal) -> Decimal:
    return euros.quantize(Decimal(1), rounding=ROUND_HALF_UP)
