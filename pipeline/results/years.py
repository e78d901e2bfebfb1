"""What municipalities come to in each calendar year: the years of their projections side by side.

There is one window, from the first year of the first projection up to the last year of the last one. Totals, market and
GGU all have a row for each year in it, so that no year is added to another one as if they were the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from pipeline.model.amounts import NOTHING, Amount, to_cents
from pipeline.model.choices import Guidance, Hosting, Phase
from pipeline.results.rows import Row, add_up


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
    return range(min(row.years.start for row in rows), max(row.years.stop for row in rows))


def in_year(rows: Sequence[Row], year: int, hourly_rate: Decimal) -> YearSums:
    """What municipalities come to in one calendar year."""
    there = [(row, year - row.start_year) for row in rows if year in row.years]
    starting = [row for row, nth in there if nth == 0]
    guided = [row for row in starting if row.guidance == Guidance.EXTERNAL.dutch and row.phase != Phase.LIVE.dutch]
    hours = sum((row.guidance_hours for row in guided), Decimal(0))
    return YearSums(
        municipalities=len(there),
        once=add_up(row.once for row in starting),
        saas=add_up(row.saas[nth] for row, nth in there),
        other=add_up(row.other[nth] for row, nth in there),
        contribution=add_up(row.contributed[nth] for row, nth in there if row.asks(year)),
        financial=sum((row.contributed[nth].low for row, nth in there if row.financial), Decimal(0)),
        starting=len(starting),
        guided=len(guided),
        hours=hours,
        value=to_cents(hours * hourly_rate),
        with_saas=sum(row.hosting == Hosting.SAAS.dutch for row, _ in there),
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
        with_saas=sum(row.hosting == Hosting.SAAS.dutch for row in rows),
    )
