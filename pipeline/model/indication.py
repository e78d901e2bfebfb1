"""The rules: one municipality's choices and the tariff of a date give its indication.

Pure: no files, no clock, no randomness. Amounts are euros, as ranges; an item that nobody quantified is pro
memorie and stays so in every total. The workbook computes the same by formula; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from itertools import product

from msgspec import Struct

from pipeline import dutch
from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount, total
from pipeline.model.choices import Choices, Contribution, Guidance, Hosting, Phase
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, SOFTWARE, Item, Period
from pipeline.model.tariffs import SizeClass, Tariff

AnyOption = Guidance | Hosting | Contribution


SENSITIVE_HOURS = range(50, 251, 25)
"""The hours of external guidance for which an indication shows the totals, besides those that are chosen."""


class CostLine(Struct, frozen=True):
    """One item of the indication, by its key, with what it costs once or in the first year.

    One that was not chosen does not apply, nor what who is live paid before: it would be wrong to say of it that it
    costs 0. `own` says that the amount is the municipality's own estimate.
    """

    item: str
    period: Period
    amount: Amount
    applies: bool = True
    own: bool = False


class Year(Struct, frozen=True):
    """One year of the projection: `running` is what recurs besides the contribution, and `total` all that is paid."""

    year: int
    once: Amount
    running: Amount
    contribution: Amount
    total: Amount

    @classmethod
    def of(cls, year: int, once: Amount, running: Amount, contribution: Amount) -> Year:
        """The year in which this is paid."""
        return cls(year, once, running, contribution, once + running + contribution)


class Totals(Struct, frozen=True):
    """The key figures, in euros; `yearly` at the first year's prices, `per_inhabitant` is `yearly` shared."""

    once: Amount
    yearly: Amount
    first_year: Amount
    horizon: Amount
    per_inhabitant: Amount


class _Cost(Struct, frozen=True):
    """What something adds to the key figures; those of a whole indication are the sum of what its parts cost.

    `yearly` is in the first year, and `without_ggu` over the horizon if the contribution never lapsed.
    """

    once: Amount
    yearly: Amount
    horizon: Amount
    without_ggu: Amount

    @property
    def first_year(self) -> Amount:
        """What it costs in the first year."""
        return self.once + self.yearly

    def __add__(self, other: _Cost) -> _Cost:
        return _Cost(
            self.once + other.once,
            self.yearly + other.yearly,
            self.horizon + other.horizon,
            self.without_ggu + other.without_ggu,
        )

    def totals(self, inhabitants: int) -> Totals:
        """The key figures of a municipality with so many inhabitants."""
        return Totals(self.once, self.yearly, self.first_year, self.horizon, self.yearly / inhabitants)


_FREE = _Cost(NOTHING, NOTHING, NOTHING, NOTHING)
_CHOSEN = (GUIDANCE.key, HOSTING.key, CONTRIBUTION.key)


class Difference(Struct, frozen=True):
    """How many euros more (or, below 0, less) than what was chosen, at the low and at the high end."""

    low: Decimal
    high: Decimal

    @classmethod
    def between(cls, amount: Amount, chosen: Amount) -> Difference:
        """How much more an amount is than the chosen one, but for what is p.m."""
        return cls(amount.low - chosen.low, amount.high - chosen.high)


class Scenario(Struct, frozen=True):
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


class Sensitivity(Struct, frozen=True):
    """What it would cost with so many hours of external guidance, all else as chosen."""

    hours: Decimal
    totals: Totals


class OptionCost(Struct, frozen=True):
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
    CLASS_BY_REGISTER = "class_by_register"
    NOT_AGREED = "not_agreed"
    OWN_ESTIMATE = "own_estimate"
    ALREADY_LIVE = "already_live"
    CONTRIBUTION_LAPSES = "contribution_lapses"


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark, and what it is about, in Dutch words: by the placeholder in its sentence (`klasse`, `bedrag`)."""

    code: RemarkCode
    about: Mapping[str, str] = field(default_factory=dict, hash=False)


class Assumptions(Struct, frozen=True):
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


class Indication(Struct, frozen=True):
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
        for line in self.lines:
            if line.item == item.key:
                return line
        raise LookupError(item.key)

    def paid(self, item: Item) -> tuple[Amount, ...]:
        """What is paid for an item in each year of the projection."""
        amount, assumed = self.line(item).amount, self.assumptions
        if item.period is Period.ONCE:
            return (amount, *[NOTHING] * (assumed.horizon - 1))
        return tuple(_contributions(amount, assumed) if item == CONTRIBUTION else _indexed(amount, assumed))

    def has_own_hours(self, tariff: Tariff) -> bool:
        """Whether external guidance is priced by other hours, or at another rate, than those of the tariff."""
        stated = (tariff.hours.value, tariff.hourly_rate.value)
        own = (self.assumptions.hours, self.assumptions.hourly_rate)
        return self.choices.guidance is Guidance.EXTERNAL and own != stated

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
    lines = _cost_lines(choices, options, tariff)
    fixed = _fix(lines, assumptions)
    chosen = fixed + options[choices.guidance] + options[choices.hosting] + options[choices.contribution]
    return Indication(
        choices,
        assumptions,
        lines,
        _project(lines, assumptions),
        chosen.totals(assumptions.inhabitants),
        tuple(OptionCost(option, cost.first_year, cost.horizon, cost.without_ggu) for option, cost in options.items()),
        tuple(_scenarios(choices, chosen, fixed, options, assumptions)),
        tuple(_sensitivities(choices, fixed, options, assumptions)),
        tuple(_remarks(choices, assumptions, tariff)),
    )


def add_up(choices: Choices, tariff: Tariff, default_start_year: int) -> Totals:
    """The totals of an indication, without all that it holds besides."""
    assumptions = _assume(choices, tariff, default_start_year)
    options = _price_options(choices, assumptions, tariff)
    fixed = _fix(_cost_lines(choices, options, tariff), assumptions)
    chosen = fixed + options[choices.guidance] + options[choices.hosting] + options[choices.contribution]
    return chosen.totals(assumptions.inhabitants)


def _fix(lines: Iterable[CostLine], assumptions: Assumptions) -> _Cost:
    """What the items cost together that no option decides."""
    fixed = _FREE
    for line in lines:
        if line.item not in _CHOSEN:
            fixed += _once(line.amount) if line.period is Period.ONCE else _yearly(line.amount, assumptions)
    return fixed


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


def _price_options(choices: Choices, assumptions: Assumptions, tariff: Tariff) -> dict[AnyOption, _Cost]:
    """Price every option; the municipality's own estimate counts only for the form of hosting it was made for.

    Doing it yourself, hosting other than SaaS and an alternative contribution have no amount in the source. Who is live
    paid the guidance before.
    """
    own = dict(choices.estimates)
    guidance = {
        Guidance.SELF: own.get(GUIDANCE.word, PRO_MEMORIE),
        Guidance.EXTERNAL: Amount.exactly(assumptions.hourly_rate) * assumptions.hours,
    }
    if choices.already_has(GUIDANCE):
        guidance = dict.fromkeys(Guidance, NOTHING)
    hosting = {
        Hosting.IN_HOUSE: PRO_MEMORIE,
        Hosting.HYBRID: PRO_MEMORIE,
        Hosting.SAAS: tariff.saas.amount,
    }
    hosting[choices.hosting] = own.get(HOSTING.word, hosting[choices.hosting])
    contribution = {
        Contribution.FINANCIAL: tariff.contribution.of(assumptions.size_class).amount,
        Contribution.ALTERNATIVE: own.get(CONTRIBUTION.word, PRO_MEMORIE),
        Contribution.NONE: NOTHING,
    }
    return {
        **{option: _once(amount) for option, amount in guidance.items()},
        **{option: _yearly(amount, assumptions) for option, amount in hosting.items()},
        **{option: _contributed(amount, assumptions) for option, amount in contribution.items()},
    }


def _once(amount: Amount) -> _Cost:
    return _Cost(amount, NOTHING, amount, amount)


def _yearly(amount: Amount, assumptions: Assumptions) -> _Cost:
    indexed = _indexed(amount, assumptions)
    over_horizon = total(indexed)
    return _Cost(NOTHING, indexed[0], over_horizon, over_horizon)


def _contributed(amount: Amount, assumptions: Assumptions) -> _Cost:
    """One that has lapsed by the first year costs nothing."""
    yearly = _contributions(amount, assumptions)
    return _Cost(NOTHING, yearly[0], total(yearly), total(_indexed(amount, assumptions)))


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


def _cost_lines(choices: Choices, options: Mapping[AnyOption, _Cost], tariff: Tariff) -> tuple[CostLine, ...]:
    """The cost lines: once, and as they are in the first year of the projection."""
    ruled = {
        SOFTWARE.key: tariff.software.amount,
        GUIDANCE.key: options[choices.guidance].first_year,
        HOSTING.key: options[choices.hosting].first_year,
        CONTRIBUTION.key: options[choices.contribution].first_year,
    }
    lines = []
    for item in tariff.items:
        there, own = choices.includes(item), choices.estimate_of(item)
        amount = ruled[item.key] if item.amount is None else own or item.amount
        lines.append(CostLine(item.key, item.period, amount if there else NOTHING, there, own is not None))
    return tuple(lines)


def _project(lines: tuple[CostLine, ...], assumptions: Assumptions) -> tuple[Year, ...]:
    """Each year's amounts: once in the first year, what recurs indexed, the contribution until the GGU."""
    once = total(line.amount for line in lines if line.period is Period.ONCE)
    yearly = {line.item: line.amount for line in lines if line.period is Period.YEARLY}
    contributions = _contributions(yearly.pop(CONTRIBUTION.key), assumptions)
    running = zip(*(_indexed(amount, assumptions) for amount in yearly.values()), strict=True)
    return tuple(
        Year.of(year, once if year == assumptions.start_year else NOTHING, total(amounts), contribution)
        for year, amounts, contribution in zip(assumptions.years, running, contributions, strict=True)
    )


def _scenarios(
    choices: Choices, chosen: _Cost, fixed: _Cost, options: Mapping[AnyOption, _Cost], assumptions: Assumptions
) -> Iterator[Scenario]:
    """All combinations of guidance, hosting and contribution; all else as chosen, and `fixed` together."""
    stays = assumptions.contributes_in(assumptions.years[-1])
    for guidance, hosting in product(Guidance, Hosting):
        besides = fixed + options[guidance] + options[hosting]
        for contribution in Contribution:
            own = options[contribution]
            cost = besides + own
            known = _comparable(
                options,
                (guidance, choices.guidance),
                (hosting, choices.hosting),
                (contribution, choices.contribution),
            )
            lapses = stays or not own.without_ggu.pro_memorie
            yield Scenario(
                guidance,
                hosting,
                contribution,
                cost.totals(assumptions.inhabitants),
                cost.without_ggu,
                Difference.between(cost.first_year, chosen.first_year) if known else None,
                Difference.between(cost.horizon, chosen.horizon) if known else None,
                Difference.between(own.horizon, own.without_ggu) if lapses else None,
                chosen=(guidance, hosting, contribution) == (choices.guidance, choices.hosting, choices.contribution),
            )


def _comparable(options: Mapping[AnyOption, _Cost], *pairs: tuple[AnyOption, AnyOption]) -> bool:
    """Whether options that differ from those chosen are quantified, and so are those; else no difference is known."""
    return not any(
        option is not chosen and (options[option].first_year.pro_memorie or options[chosen].first_year.pro_memorie)
        for option, chosen in pairs
    )


def sensitive_hours(chosen: Decimal) -> list[Decimal]:
    """The hours for which an indication shows the totals: always as many, and the chosen ones among them."""
    steps = [Decimal(hours) for hours in SENSITIVE_HOURS]
    return sorted([*steps, steps[-1] + SENSITIVE_HOURS.step if chosen in steps else chosen])


def _sensitivities(
    choices: Choices, fixed: _Cost, options: Mapping[AnyOption, _Cost], assumptions: Assumptions
) -> Iterator[Sensitivity]:
    """The same with external guidance of few to many hours; the source says that they vary strongly."""
    besides = fixed + options[choices.hosting] + options[choices.contribution]
    for hours in sensitive_hours(assumptions.hours):
        paid = NOTHING if choices.already_has(GUIDANCE) else Amount.exactly(assumptions.hourly_rate) * hours
        guidance = _once(paid)
        yield Sensitivity(hours, (besides + guidance).totals(assumptions.inhabitants))


def _remarks(choices: Choices, assumptions: Assumptions, tariff: Tariff) -> list[Remark]:
    asked = assumptions.contributes_in(assumptions.start_year)
    of = choices.municipality
    remarks = list(
        size_remarks(
            of.code,
            of.inhabitants,
            choices.size_class,
            assumptions.size_class,
            assumptions.inhabitants,
            choices.contribution,
            tariff,
        )
    )
    if any(choices.estimate_of(item) for item in tariff.items if asked or item != CONTRIBUTION):
        remarks.append(Remark(RemarkCode.OWN_ESTIMATE))
    if choices.contribution is Contribution.ALTERNATIVE and not choices.agreed:
        remarks.append(Remark(RemarkCode.NOT_AGREED))
    if choices.phase is Phase.LIVE:
        remarks.append(Remark(RemarkCode.ALREADY_LIVE))
    if choices.contribution is not Contribution.NONE and not assumptions.contributes_in(assumptions.years[-1]):
        remarks.append(Remark(RemarkCode.CONTRIBUTION_LAPSES, {"jaar": str(assumptions.ggu_year)}))
    return remarks


def size_remarks(
    code: str,
    registered: int,
    stated: SizeClass | None,
    used: SizeClass,
    own: int,
    contribution: Contribution,
    tariff: Tariff,
) -> Iterator[Remark]:
    """What would be another contribution: by the register, by the bounds of the classes, or near one of them.

    `registered` are the inhabitants of the register and `own` those that count; `stated` is the class that the
    municipality gave itself, if any, and `used` the one that counts.
    """

    def other_class(of: SizeClass) -> dict[str, str]:
        amounts = (tariff.contribution.of(size_class).value for size_class in (used, of))
        if_paid = "" if contribution is Contribution.FINANCIAL else " (bij een financiële bijdrage)"
        return {
            "klasse": of.dutch,
            "bij": if_paid,
            **dict(zip(("bedrag", "anders"), map(dutch.euros, amounts), strict=True)),
        }

    by_bounds = tariff.size_class(code, own)
    if own != registered:
        numbers = {"aantal": dutch.number(own), "register": dutch.number(registered)}
        yield Remark(RemarkCode.INHABITANTS_OVERRIDDEN, numbers)
        by_register = tariff.size_class(code, registered)
        if by_register not in (used, by_bounds if stated else used):
            yield Remark(RemarkCode.CLASS_BY_REGISTER, other_class(by_register))
    if stated is not None:
        if by_bounds is not used:
            yield Remark(RemarkCode.CLASS_OVERRIDDEN, {"eigen": used.dutch, **other_class(by_bounds)})
    elif near := tariff.bound_nearby(code, own):
        bound = tariff.begins_at(near)
        beyond = tariff.size_class(code, int(bound.value) - (own >= bound.value))
        place = {
            "verschil": dutch.number(abs(own - int(bound.value))),
            "ligging": "boven" if own >= bound.value else "onder",
            "grens": dutch.number(int(bound.value)),
            "herkomst": bound.provenance,
        }
        yield Remark(RemarkCode.NEAR_BOUND, {**place, **other_class(beyond)})
