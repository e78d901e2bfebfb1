"""What groups of municipalities come to: per size class and per phase."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model.amounts import Amount
from pipeline.model.choices import Contribution, Phase
from pipeline.model.tariffs import SizeClass
from pipeline.results.rows import NO_PHASE, Row

if TYPE_CHECKING:
    import pandas as pd

TOTAL = "Totaal"
KEY_FIGURES = ("once", "yearly", "horizon")
SIZE_CLASSES = tuple(size_class.dutch for size_class in SizeClass)
PHASES = (*(phase.dutch for phase in Phase), NO_PHASE)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a group of municipalities comes to; those that are no amount or euros are numbers of municipalities.

    incomplete: with p.m. in any total.
    horizon: over all years of the projection of each; for all together, over all calendar years.
    financial, agreed, not_agreed, none, in_kind: by the form of their contribution (the second and third are
        alternatives), and those that give effort in kind besides; `euros` per year of the financial ones, and
        `euros_live` of those among them that are live.
    asked: euros per year, if all of them paid what the tariff asks of their size class.
    """

    municipalities: int
    incomplete: int
    once: Amount
    yearly: Amount
    horizon: Amount
    financial: int
    euros: Decimal
    euros_live: Decimal
    agreed: int
    not_agreed: int
    none: int
    in_kind: int
    asked: Decimal


Groups = Mapping[str, Sums]
"""The sums under each label, and `TOTAL` last."""


def by_class(rows: Sequence[Row], asked: Mapping[str, Decimal]) -> Groups:
    """The sums of each size class; `asked` is the contribution that the tariff asks of one municipality of a class."""
    return _sums(_frame(rows, asked), "size_class", SIZE_CLASSES)


def by_phase(rows: Sequence[Row], asked: Mapping[str, Decimal]) -> Groups:
    """The sums of each phase."""
    return _sums(_frame(rows, asked), "phase", PHASES)


def _frame(rows: Sequence[Row], asked: Mapping[str, Decimal]) -> pd.DataFrame:
    """A row per municipality: by what it is grouped, and whole numbers and truths that add up to `Sums`.

    Euros are in cents, so that sums are exact. An amount is `..._low` and `..._high`, with a 1 in `..._pm` if it has
    p.m.
    """
    import pandas as pd

    numbers = {
        "municipalities": [1] * len(rows),
        "euros": [int(row.pays * 100) for row in rows],
        "asked": [int(asked[row.size_class] * 100) for row in rows],
        "agreed": [int(row.agreed is True) for row in rows],
        "in_kind": [int(bool(row.in_kind)) for row in rows],
    }
    for name in KEY_FIGURES:
        amounts = [getattr(row, name) for row in rows]
        numbers[f"{name}_low"] = [int(amount.low * 100) for amount in amounts]
        numbers[f"{name}_high"] = [int(amount.high * 100) for amount in amounts]
        numbers[f"{name}_pm"] = [int(amount.pro_memorie) for amount in amounts]
    frame = pd.DataFrame(numbers, dtype="int64")
    words = ("size_class", "phase", "contribution")
    return frame.assign(**{name: [getattr(row, name) for row in rows] for name in words})


def _sums(frame: pd.DataFrame, by: str, labels: Sequence[str]) -> Groups:
    """The sums under each label of a column, and of all."""
    import pandas as pd

    alternative = frame["contribution"] == Contribution.ALTERNATIVE.dutch
    added = frame.assign(
        financial=frame["contribution"] == Contribution.FINANCIAL.dutch,
        live=frame["euros"] * (frame["phase"] == Phase.LIVE.dutch),
        agreed=frame["agreed"] * alternative,
        alternative=alternative,
        none=frame["contribution"] == Contribution.NONE.dutch,
    )
    twice = pd.concat([added, added.assign(**{by: TOTAL})])
    sums = twice.groupby(by, sort=False).sum(numeric_only=True).reindex([*labels, TOTAL], fill_value=0)
    groups = sums.to_dict("index")
    return {label: _sums_of(groups[label]) for label in (*labels, TOTAL)}


def _sums_of(row: Mapping[Hashable, int]) -> Sums:
    def amount(name: str) -> Amount:
        return Amount(Decimal(row[f"{name}_low"]) / 100, Decimal(row[f"{name}_high"]) / 100, row[f"{name}_pm"] > 0)

    return Sums(
        municipalities=row["municipalities"],
        incomplete=row["horizon_pm"],
        once=amount("once"),
        yearly=amount("yearly"),
        horizon=amount("horizon"),
        financial=row["financial"],
        euros=Decimal(row["euros"]) / 100,
        euros_live=Decimal(row["live"]) / 100,
        agreed=row["agreed"],
        not_agreed=row["alternative"] - row["agreed"],
        none=row["none"],
        in_kind=row["in_kind"],
        asked=Decimal(row["asked"]) / 100,
    )
