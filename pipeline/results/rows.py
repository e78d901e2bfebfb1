"""One municipality in the overview: its choices in Dutch words, and what it costs in each year of its projection."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from sys import intern

from msgspec import Struct

from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount, total
from pipeline.model.choices import Contribution, Guidance, Hosting, Provenance
from pipeline.model.items import CONTRIBUTION, HOSTING, Period
from pipeline.model.tariffs import Tariff
from pipeline.results.records import Gist

NO_PHASE = "niet opgegeven"
_FINANCIAL = Contribution.FINANCIAL.dutch
_OF_ITS_OWN = (CONTRIBUTION.key, HOSTING.key)


class Row(Struct, frozen=True, gc=False):
    """One municipality; amounts in euros.

    `saas`, `other` and `contributed` have an amount for each year of its projection, from `start_year` on: what SaaS
    costs, what else recurs, and what it chose to contribute as if that did not lapse. `contribution_amount` is the
    latter at the first year's prices. `guidance_hours` are 0 when the guidance is not external. `ggu_year` is the first
    year in which it contributes nothing any more, if that is known. `stem` is the name of its files.
    """

    code: str
    name: str
    province: str
    inhabitants: int
    size_class: str
    phase: str
    provenance: Provenance
    start_year: int
    guidance: str
    hosting: str
    contribution: str
    agreed: bool | None
    in_kind: tuple[str, ...]
    once: Amount
    yearly: Amount
    horizon: Amount
    contribution_amount: Amount
    guidance_hours: Decimal
    saas: tuple[Amount, ...]
    other: tuple[Amount, ...]
    contributed: tuple[Amount, ...]
    ggu_year: int | None
    file: str
    line: int
    stem: str

    @property
    def stop_year(self) -> int:
        """The first calendar year after its projection."""
        return self.start_year + len(self.saas)

    @property
    def financial(self) -> bool:
        """Whether it contributes money."""
        return self.contribution == _FINANCIAL

    @property
    def pays(self) -> Decimal:
        """Euros per year of its financial contribution, at the first year's prices."""
        return self.contribution_amount.low if self.financial else Decimal(0)

    def asks(self, year: int) -> bool:
        """Whether a contribution is still asked in a year."""
        return self.ggu_year is None or year < self.ggu_year


def row_of(gist: Gist, tariff: Tariff) -> Row:
    """The row of one municipality."""
    of, choices, assumptions, totals = gist.municipality, gist.choices, gist.assumptions, gist.totals
    contribution, hosting = _shared(_contribution(gist, tariff)), gist.amount_of(HOSTING.key)
    saas, yearly = choices.hosting is Hosting.SAAS, Period.YEARLY
    besides = tuple([one.amount.amount for one in gist.lines if one.period is yearly and one.item not in _OF_ITS_OWN])
    return Row(
        code=intern(of.code),
        name=of.name,
        province=intern(of.province),
        inhabitants=assumptions.inhabitants,
        size_class=assumptions.size_class.dutch,
        phase=NO_PHASE if choices.phase is None else choices.phase.dutch,
        provenance=choices.provenance,
        start_year=assumptions.start_year,
        guidance=choices.guidance.dutch,
        hosting=choices.hosting.dutch,
        contribution=choices.contribution.dutch,
        agreed=choices.agreed,
        in_kind=tuple(kind.dutch for kind in choices.in_kind),
        once=totals.once.amount,
        yearly=totals.yearly.amount,
        horizon=totals.horizon.amount,
        contribution_amount=contribution,
        guidance_hours=_decimal(assumptions.hours if choices.guidance is Guidance.EXTERNAL else 0),
        saas=_indexed((hosting,) if saas else (), assumptions.indexation, assumptions.horizon),
        other=_indexed(besides if saas else (hosting, *besides), assumptions.indexation, assumptions.horizon),
        contributed=_indexed((contribution,), assumptions.indexation, assumptions.horizon),
        ggu_year=assumptions.ggu_year,
        file=intern(choices.origin.file),
        line=choices.origin.line,
        stem=of.file_stem,
    )


def _contribution(gist: Gist, tariff: Tariff) -> Amount:
    """What is chosen to contribute per year, as if it did not lapse; who starts after that chose it no less."""
    form: Contribution = gist.choices.contribution
    match form:
        case Contribution.FINANCIAL:
            return tariff.contribution.of(gist.assumptions.size_class).amount
        case Contribution.ALTERNATIVE:
            own = (each.amount.amount for each in gist.choices.estimates if each.item == CONTRIBUTION.word)
            return next(own, PRO_MEMORIE)
        case Contribution.NONE:
            return NOTHING


@lru_cache(maxsize=16_384)  # few of very many differ
def _shared(amount: Amount) -> Amount:
    """The same amount, of which there is one then."""
    return amount


@lru_cache(maxsize=16_384)
def _decimal(number: float) -> Decimal:
    return Decimal(str(number))


@lru_cache(maxsize=16_384)
def _indexed(amounts: tuple[Amount, ...], indexation: float, horizon: int) -> tuple[Amount, ...]:
    """Yearly amounts together, in each year of the projection: each rises by the index, rounded to cents."""
    if not indexation:
        return (amounts[0] if len(amounts) == 1 else add_up(amounts),) * horizon
    rise = 1 + _decimal(indexation) / 100
    return tuple(total(amount * rise**year for amount in amounts) for year in range(horizon))


_ENDS, _MISSING = (attrgetter("low"), attrgetter("high")), attrgetter("pro_memorie")


def add_up(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts, as `total`; of very many it takes less time."""
    each = list(amounts)
    low, high = (sum(map(end, each), Decimal(0)) for end in _ENDS)
    return Amount(low, high, any(map(_MISSING, each)))
