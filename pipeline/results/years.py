"""What municipalities come to in each calendar year: the years of their projections side by side.

There is one window, from the first year of the first projection up to the last year of the last one. Totals, market and
GGU all have a row for each year in it, so that no year is added to another one as if they were the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from pipeline.model.amounts import NOTHING, Amount, to_cents
from pipeline.model.choices import Contribution, Guidance, Hosting, Phase
from pipeline.results.rows import Row, add_up

_EXTERNAL, _LIVE, _FINANCIAL = Guidance.EXTERNAL.dutch, Phase.LIVE.dutch, Contribution.FINANCIAL.dutch


class YearSums(Struct, frozen=True):
    """What municipalities come to in one calendar year, or in all of them.

    municipalities: of how many the projection holds the year.
    once, saas, other, contribution: what is paid once, for SaaS, for all else that recurs, and as contribution.
    financial: euros of the financial contributions, as if they did not lapse.
    starting: how many begin; `guided` of them with external guidance and not yet live, with their `hours` and, at the
        tariff's rate, `value` in euros.
    with_saas: how many have SaaS.
    """

    municipalities: int
    once: Amount
    saas: Amount
    other: Amount
    contribution: Amount
    financial: Decimal
    starting: int
    guided: int
    hours: Decimal
    value: Decimal
    with_saas: int

    @property
    def total(self) -> Amount:
        """All that is paid."""
        return self.once + self.saas + self.other + self.contribution


def window(rows: Sequence[Row], otherwise: int) -> range:
    """The calendar years of all projections; without any it is one year."""
    if not rows:
        return range(otherwise, otherwise + 1)
    return range(min([row.start_year for row in rows]), max([row.stop_year for row in rows]))


def in_year(rows: Sequence[Row], year: int, hourly_rate: Decimal) -> YearSums:
    """What municipalities come to in one calendar year."""
    there = [row for row in rows if row.start_year <= year < row.stop_year]
    starting = [row for row in there if row.start_year == year]
    guided = [row for row in starting if row.guidance == _EXTERNAL and row.phase != _LIVE]
    hours = sum((row.guidance_hours for row in guided), Decimal(0))
    contributed = [(row, row.contributed[year - row.start_year]) for row in there]
    return YearSums(
        municipalities=len(there),
        once=add_up(row.once for row in starting),
        saas=add_up([row.saas[year - row.start_year] for row in there]),
        other=add_up([row.other[year - row.start_year] for row in there]),
        contribution=add_up([amount for row, amount in contributed if row.asks(year)]),
        financial=sum((amount.low for row, amount in contributed if row.contribution == _FINANCIAL), Decimal(0)),
        starting=len(starting),
        guided=len(guided),
        hours=hours,
        value=to_cents(hours * hourly_rate),
        with_saas=_with_saas(there),
    )


def in_all_years(years: Sequence[YearSums], rows: Sequence[Row]) -> YearSums:
    """What the years come to together; a municipality counts once."""

    def add(name: str) -> Amount:
        return add_up(getattr(year, name) for year in years) if years else NOTHING

    return YearSums(
        municipalities=len(rows),
        once=add("once"),
        saas=add("saas"),
        other=add("other"),
        contribution=add("contribution"),
        financial=sum((year.financial for year in years), Decimal(0)),
        starting=sum(year.starting for year in years),
        guided=sum(year.guided for year in years),
        hours=sum((year.hours for year in years), Decimal(0)),
        value=sum((year.value for year in years), Decimal(0)),
        with_saas=_with_saas(rows),
    )


def _with_saas(rows: Iterable[Row]) -> int:
    return [row.hosting for row in rows].count(Hosting.SAAS.dutch)
