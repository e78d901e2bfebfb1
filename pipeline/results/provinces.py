"""What the municipalities of each province and size class come to: for a country that has too many for a row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from msgspec import Struct

from pipeline.console.memory import see_that_there_is
from pipeline.model.amounts import Amount
from pipeline.model.choices import Provenance
from pipeline.results.rows import Row
from pipeline.results.sums import SIZE_CLASSES

FOR_PANDAS = 150 * 2**20
"""How many bytes of address space loading pandas takes; most of it is never used."""


class Group(Struct, frozen=True):
    """The municipalities of a province in a size class, or all: how many, and of how many the choices are their own.

    `contributions` are euros per year of the financial ones, at the first year's prices.
    """

    province: str
    size_class: str
    municipalities: int
    delivered: int
    inhabitants: int
    once: Amount
    yearly: Amount
    contributions: Decimal


def by_province(rows: Sequence[Row]) -> tuple[Sequence[Group], Group]:
    """Each province and size class that there is, in order; and all together."""
    see_that_there_is(FOR_PANDAS)  # without it, a library that pandas stands on would end the process at once
    import numpy as np
    import pandas as pd

    def of_each(number: Callable[[Row], int]) -> Any:
        return np.fromiter(map(number, rows), "int64", len(rows))

    numbers = {
        "municipalities": of_each(lambda _: 1),
        "delivered": of_each(lambda row: row.provenance is Provenance.DELIVERED),
        "inhabitants": of_each(attrgetter("inhabitants")),
        "contributions": of_each(lambda row: int(row.pays * 100)),  # in cents, as all euros: so sums are exact
    }
    for name in ("once", "yearly"):
        for end in ("low", "high"):
            cents = attrgetter(f"{name}.{end}")
            numbers[f"{name}_{end}"] = of_each(lambda row, euros=cents: int(euros(row) * 100))  # type: ignore[misc]
        numbers[f"{name}_pm"] = of_each(attrgetter(f"{name}.pro_memorie"))
    frame = pd.DataFrame(numbers)
    provinces = [row.province for row in rows]
    classes = pd.Categorical([row.size_class for row in rows], SIZE_CLASSES)
    sums = frame.groupby([provinces, classes], observed=True).sum()
    groups = [_group(label, of) for label, of in sums.to_dict("index").items()]
    return groups, _group(("", ""), frame.sum().to_dict())


def _group(label: Any, of: Mapping[Any, int]) -> Group:
    def amount(name: str) -> Amount:
        low, high = (Decimal(int(of[f"{name}_{end}"])) / 100 for end in ("low", "high"))
        return Amount(low, high, of[f"{name}_pm"] > 0)

    province, size_class = label
    return Group(
        province,
        size_class,
        municipalities=int(of["municipalities"]),
        delivered=int(of["delivered"]),
        inhabitants=int(of["inhabitants"]),
        once=amount("once"),
        yearly=amount("yearly"),
        contributions=Decimal(int(of["contributions"])) / 100,
    )
