"""The reference data of a run: what all its indications rest on, besides the choices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from msgspec import Struct

from pipeline import __version__
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.register import Register


class ClassShare(Struct, frozen=True):
    """How many municipalities of the whole register are in a size class, and how many inhabitants they have."""

    size_class: SizeClass
    municipalities: int
    inhabitants: int


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """The tariff, the register's date and source, our version, and the reference date for which the tariff was chosen.

    `country` says how the whole register is divided over the size classes. The moment of the run is not in it: a
    document says what follows from its inputs and the reference date.
    """

    tariff: Tariff
    register_date: date
    register_source: str
    country: tuple[ClassShare, ...]
    day: date
    version: str = __version__

    @classmethod
    def of(cls, register: Register, tariff: Tariff, day: date) -> ReferenceData:
        """The reference data for a register and the tariff of a day."""
        by_class: dict[SizeClass, list[int]] = {size_class: [] for size_class in SizeClass}
        for municipality in register:
            by_class[tariff.size_class(municipality.code, municipality.inhabitants)].append(municipality.inhabitants)
        country = tuple(ClassShare(size_class, len(all_), sum(all_)) for size_class, all_ in by_class.items())
        return cls(tariff, register.reference_date, register.source, country, day)
