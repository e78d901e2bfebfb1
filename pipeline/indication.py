"""The rules: one municipality's choices and the tariff of a date give its indication.

Pure: no files, no clock, no randomness. Amounts are euros, as ranges; an item that nobody quantified is pro
memorie and stays so in every total. The workbook computes the same by formula; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from itertools import product

from pipeline.amounts import NOTHING, PRO_MEMORIE, Amount, total
from pipeline.choices import Choices, Contribution, Guidance, Hosting, Phase
from pipeline.items import CONTRIBUTION, GUIDANCE, HOSTING, SOFTWARE, Item, Period
from pipeline.tariffs import SizeClass, Tariff

AnyOption = Guidance | Hosting | Contribution


SENSITIVE_HOURS = range(50, 251, 25)
"""The hours of external guidance for which an indication shows what they would do to the totals."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One item of the indication, by its key, with what it costs once or in the first year.

    One that was not chosen does not apply: it would be wrong to say of it that it costs 0.
    """

    item: str
    period: Period
    amount: Amount
    applies: bool = True


Lines = Mapping[str, CostLine | None]
"""The lines of all items by key, in order; None for those that differ between scenarios."""


@dataclass(frozen=True, slots=True)
class Year:
    """One year of the projection; `running` is what recurs besides the contribution."""

    year: int
    once: Amount
    running: Amount
    contribution: Amount

    @property
    def total(self) -> Amount:
        """All that is paid in this year."""
        return self.once + self.running + self.contribution


@dataclass(frozen=True, slots=True)
class Totals:
    """The key figures, in euros; `yearly` at the first year's prices, `per_inhabitant` is `yearly` shared."""

    once: Amount
    yearly: Amount
    first_year: Amount
    horizon: Amount
    per_inhabitant: Amount


@dataclass(frozen=True, slots=True)
class Difference:
    """How many euros more (or, below 0, less) than what was chosen, at the low and at the high end."""

    low: Decimal
    high: Decimal

    @classmethod
    def between(cls, amount: Amount, chosen: Amount) -> Difference:
        """How much more an amount is than the chosen one, but for what is p.m."""
        return cls(amount.low - chosen.low, amount.high - chosen.high)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one combination of guidance, hosting and contribution would cost this municipality.

    `without_ggu` is the total over the horizon if the contribution never lapsed, and `ggu_difference` what its lapsing
    changes. The other differences are with the chosen combination. A difference is None if it depends on an amount
    that nobody quantified.
    """

    guidance: Guidance
    hosting: Hosting
    contribution: Contribution
    totals: Totals
    without_ggu: Amount
    first_year_difference: Difference | None
    horizon_difference: Difference | None
    ggu_difference: Difference | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What it would cost with so many hours of external guidance, all else as chosen."""

    hours: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class OptionCost:
    """What one option would cost this municipality: once or in the first year, and over the horizon.

    `without_ggu` is the total over the horizon if the contribution never lapsed.
    """

    option: AnyOption
    amount: Amount
    horizon: Amount
    without_ggu: Amount


class RemarkCode(Enum):
    """What a reader should know about an indication besides its amounts."""

    NEAR_BOUND = "near_bound"
    CLASS_OVERRIDDEN = "class_overridden"
    INHABITANTS_OVERRIDDEN = "inhabitants_overridden"
    NOT_AGREED = "not_agreed"
    OWN_ESTIMATE = "own_estimate"
    ALREADY_LIVE = "already_live"
    CONTRIBUTION_LAPSES = "contribution_lapses"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark, and what it is about (the name of a size class, a year)."""

    code: RemarkCode
    about: str = ""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The numbers that this indication is worked out with, after the municipality's own choices.

    `hours` of external guidance, `hourly_rate` in euros, `indexation` in percent per year, `ggu_year` the first
    year without contribution (None: it does not lapse), `horizon` in years.
    """

    inhabitants: int
    size_class: SizeClass
    hours: Decimal
    hourly_rate: Decimal
    start_year: int
    horizon: int
    indexation: Decimal
    ggu_year: int | None

    @property
    def years(self) -> range:
        """The calendar years of the projection."""
        return range(self.start_year, self.start_year + self.horizon)

    def index_in(self, year: int) -> Decimal:
        """What a yearly amount of the first year is multiplied by in a year: 1 in the first one."""
        return _index(self.indexation, year - self.start_year)

    def contributes_in(self, year: int) -> bool:
        """Whether the contribution is still asked in a year."""
        return self.ggu_year is None or year < self.ggu_year


@dataclass(frozen=True, slots=True)
class Indication:
    """What Signalen would cost one municipality."""

    choices: Choices
    assumptions: Assumptions
    lines: tuple[CostLine, ...]
    years: tuple[Year, ...]
    totals: Totals
    options: tuple[OptionCost, ...]
    scenarios: tuple[Scenario, ...]
    sensitivities: tuple[Sensitivity, ...]
    remarks: tuple[Remark, ...]

    def line(self, item: Item) -> CostLine:
        """The cost line of one item."""
        return next(line for line in self.lines if line.item == item.key)

    @property
    def pro_memorie(self) -> tuple[str, ...]:
        """The keys of the items that nobody quantified."""
        return tuple(line.item for line in self.lines if line.amount.pro_memorie)


def indicate(choices: Choices, tariff: Tariff, default_start_year: int) -> Indication:
    """Work out what Signalen would cost one municipality.

    Amounts are in euros, as ranges, without VAT statement (the source makes none). An item that the source does
    not quantify is pro memorie and stays so in every total. `default_start_year` serves choices that name none.

    Source: "Kostenindicaties", docs.signalen.org; see inputs/reference/tarieven.toml.
    """
    assumptions = _assume(choices, tariff, default_start_year)
    options = _price_options(choices, assumptions, tariff)
    declared = _declared_lines(choices, tariff)
    lines = _cost_lines(choices, options, tariff, declared)
    years = _project(lines, assumptions)
    totals = _total(lines, years, assumptions)
    return Indication(
        choices,
        assumptions,
        lines,
        years,
        totals,
        tuple(options.values()),
        tuple(_scenarios(choices, totals, assumptions, options, tariff, declared)),
        tuple(_sensitivities(choices, assumptions, tariff, declared)),
        tuple(_remarks(choices, assumptions, tariff)),
    )


def _assume(choices: Choices, tariff: Tariff, default_start_year: int) -> Assumptions:
    municipality = choices.municipality
    inhabitants = municipality.inhabitants if choices.inhabitants is None else choices.inhabitants
    return Assumptions(
        inhabitants=inhabitants,
        size_class=choices.size_class or tariff.size_class(municipality.code, inhabitants),
        hours=tariff.hours.value if choices.hours is None else choices.hours,
        hourly_rate=tariff.hourly_rate.value,
        start_year=default_start_year if choices.start_year is None else choices.start_year,
        horizon=int(tariff.horizon.value),
        indexation=tariff.indexation.value,
        ggu_year=None if tariff.ggu_year is None else int(tariff.ggu_year.value),
    )


def _price_options(choices: Choices, assumptions: Assumptions, tariff: Tariff) -> dict[AnyOption, OptionCost]:
    """Price every option; the municipality's own estimate counts only for the form of hosting it was made for.

    Doing it yourself, hosting other than SaaS and an alternative contribution have no amount in the source. A
    contribution that has lapsed by the first year costs nothing.
    """
    guidance = {
        Guidance.SELF: PRO_MEMORIE,
        Guidance.EXTERNAL: Amount.exactly(assumptions.hourly_rate) * assumptions.hours,
    }
    hosting = {
        Hosting.IN_HOUSE: PRO_MEMORIE,
        Hosting.HYBRID: PRO_MEMORIE,
        Hosting.SAAS: tariff.saas.amount,
    }
    if choices.hosting_estimate is not None:
        hosting[choices.hosting] = choices.hosting_estimate
    contribution = {
        Contribution.FINANCIAL: tariff.contribution.of(assumptions.size_class).amount,
        Contribution.ALTERNATIVE: PRO_MEMORIE,
        Contribution.NONE: NOTHING,
    }
    costs: dict[AnyOption, OptionCost] = {g: OptionCost(g, amount, amount, amount) for g, amount in guidance.items()}
    for h, amount in hosting.items():
        over_horizon = total(_indexed(amount, assumptions))
        costs[h] = OptionCost(h, amount, over_horizon, over_horizon)
    for c, amount in contribution.items():
        yearly = _contributions(amount, assumptions)
        costs[c] = OptionCost(c, yearly[0], total(yearly), total(_indexed(amount, assumptions)))
    return costs


def _indexed(amount: Amount, assumptions: Assumptions) -> tuple[Amount, ...]:
    """A yearly amount in each year of the projection: it rises by the index, rounded to cents."""
    return _rising(amount, assumptions.indexation, assumptions.horizon)


@lru_cache(maxsize=1_000)
def _rising(amount: Amount, indexation: Decimal, horizon: int) -> tuple[Amount, ...]:
    """An amount in so many years; remembered, because scenarios share their amounts."""
    return tuple(amount * _index(indexation, year) for year in range(horizon))


@cache
def _index(indexation: Decimal, year: int) -> Decimal:
    """What an amount is multiplied by after so many years of indexation (percent)."""
    return (1 + indexation / 100) ** year


def _contributions(amount: Amount, assumptions: Assumptions) -> list[Amount]:
    """A contribution in each year of the projection: indexed, and nothing from the GGU year on."""
    indexed = zip(assumptions.years, _indexed(amount, assumptions), strict=True)
    return [amount if assumptions.contributes_in(year) else NOTHING for year, amount in indexed]


def _declared_lines(choices: Choices, tariff: Tariff) -> Lines:
    """The lines of the items that are only data; those of the others, which the rules fill in, are None."""
    lines: dict[str, CostLine | None] = {}
    for item in tariff.items:
        there = choices.includes(item)
        amount = item.amount if there else NOTHING
        lines[item.key] = None if amount is None else CostLine(item.key, item.period, amount, there)
    return lines


def _cost_lines(
    choices: Choices, options: Mapping[AnyOption, OptionCost], tariff: Tariff, declared: Lines
) -> tuple[CostLine, ...]:
    """The cost lines: once, and as they are in the first year of the projection."""
    amounts = (
        (SOFTWARE, tariff.software.amount),
        (GUIDANCE, options[choices.guidance].amount),
        (HOSTING, options[choices.hosting].amount),
        (CONTRIBUTION, options[choices.contribution].amount),
    )
    ruled = {item.key: CostLine(item.key, item.period, amount) for item, amount in amounts}
    return tuple(line or ruled[key] for key, line in declared.items())


def _project(lines: tuple[CostLine, ...], assumptions: Assumptions) -> tuple[Year, ...]:
    """Each year's amounts: once in the first year, what recurs indexed, the contribution until the GGU."""
    once = total(line.amount for line in lines if line.period is Period.ONCE)
    yearly = {line.item: line.amount for line in lines if line.period is Period.YEARLY}
    contributions = _contributions(yearly.pop(CONTRIBUTION.key), assumptions)
    running = zip(*(_indexed(amount, assumptions) for amount in yearly.values()), strict=True)
    return tuple(
        Year(year, once if year == assumptions.start_year else NOTHING, total(amounts), contribution)
        for year, amounts, contribution in zip(assumptions.years, running, contributions, strict=True)
    )


def _total(lines: tuple[CostLine, ...], years: tuple[Year, ...], assumptions: Assumptions) -> Totals:
    yearly = total(line.amount for line in lines if line.period is Period.YEARLY)
    return Totals(
        once=years[0].once,
        yearly=yearly,
        first_year=years[0].total,
        horizon=total(year.total for year in years),
        per_inhabitant=yearly / assumptions.inhabitants,
    )


def _scenarios(
    choices: Choices,
    chosen: Totals,
    assumptions: Assumptions,
    options: Mapping[AnyOption, OptionCost],
    tariff: Tariff,
    declared: Lines,
) -> list[Scenario]:
    """All combinations of guidance, hosting and contribution; all else as chosen."""
    scenarios = []
    stays = assumptions.contributes_in(assumptions.years[-1])
    for guidance, hosting, contribution in product(Guidance, Hosting, Contribution):
        other = replace(choices, guidance=guidance, hosting=hosting, contribution=contribution)
        lines = _cost_lines(other, options, tariff, declared)
        totals = _total(lines, _project(lines, assumptions), assumptions)
        # what is paid once and what recurs besides the contribution is the same with and without the GGU
        besides = total(line.amount for line in lines if line.period is Period.ONCE)
        besides += total(
            total(_indexed(line.amount, assumptions))
            for line in lines
            if line.period is Period.YEARLY and line.item != CONTRIBUTION.key
        )
        cost = options[contribution]
        known = _comparable(
            options,
            (guidance, choices.guidance),
            (hosting, choices.hosting),
            (contribution, choices.contribution),
        )
        scenarios.append(
            Scenario(
                guidance,
                hosting,
                contribution,
                totals,
                besides + cost.without_ggu,
                Difference.between(totals.first_year, chosen.first_year) if known else None,
                Difference.between(totals.horizon, chosen.horizon) if known else None,
                Difference.between(cost.horizon, cost.without_ggu)
                if stays or not cost.without_ggu.pro_memorie
                else None,
                chosen=other == choices,
            )
        )
    return scenarios


def _comparable(options: Mapping[AnyOption, OptionCost], *pairs: tuple[AnyOption, AnyOption]) -> bool:
    """Whether options that differ from those chosen are quantified, and so are those; else no difference is known."""
    return not any(
        option is not chosen and (options[option].amount.pro_memorie or options[chosen].amount.pro_memorie)
        for option, chosen in pairs
    )


def _sensitivities(choices: Choices, assumptions: Assumptions, tariff: Tariff, declared: Lines) -> list[Sensitivity]:
    """The same with external guidance of few to many hours; the source says that they vary strongly."""
    external = replace(choices, guidance=Guidance.EXTERNAL)
    sensitivities = []
    for hours in SENSITIVE_HOURS:
        options = _price_options(external, replace(assumptions, hours=Decimal(hours)), tariff)
        lines = _cost_lines(external, options, tariff, declared)
        sensitivities.append(Sensitivity(hours, _total(lines, _project(lines, assumptions), assumptions)))
    return sensitivities


def _remarks(choices: Choices, assumptions: Assumptions, tariff: Tariff) -> list[Remark]:
    code = choices.municipality.code
    remarks = []
    if choices.inhabitants not in (None, choices.municipality.inhabitants):
        remarks.append(Remark(RemarkCode.INHABITANTS_OVERRIDDEN))
    if choices.size_class is not None:
        remarks.append(Remark(RemarkCode.CLASS_OVERRIDDEN, tariff.size_class(code, assumptions.inhabitants).value))
    elif near := tariff.bound_nearby(code, assumptions.inhabitants):
        remarks.append(Remark(RemarkCode.NEAR_BOUND, near.value))
    if choices.hosting_estimate is not None:
        remarks.append(Remark(RemarkCode.OWN_ESTIMATE, choices.hosting.dutch))
    if choices.contribution is Contribution.ALTERNATIVE and not choices.agreed:
        remarks.append(Remark(RemarkCode.NOT_AGREED))
    if choices.phase is Phase.LIVE:
        remarks.append(Remark(RemarkCode.ALREADY_LIVE))
    if choices.contribution is not Contribution.NONE and not assumptions.contributes_in(assumptions.years[-1]):
        remarks.append(Remark(RemarkCode.CONTRIBUTION_LAPSES, str(assumptions.ggu_year)))
    return remarks
