"""All indications together: what the steering group decides on.

`summarise` gives totals per size class, per phase and per start year, and the points that ask for attention, each with
the line it came from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline import dutch
from pipeline.intake import Delivery, Intake
from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount, to_cents
from pipeline.model.choices import Contribution, Guidance, Hosting, Phase, Provenance
from pipeline.model.items import HOSTING, Item
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, Point, points
from pipeline.results.changes import Changes
from pipeline.results.cost_sharing import Shares, first_year_without, lapsed_years, share_out
from pipeline.results.records import Gist

if TYPE_CHECKING:
    import pandas as pd

DELIVERY_COUNTS = (
    "Wat niet meetelt staat er dubbel of is elders verbeterd; elke andere regel is geaccepteerd of afgekeurd."
)
NO_PHASE = "niet opgegeven"
TOTAL = "Totaal"
KEY_FIGURES = ("once", "yearly", "first_year", "horizon")
SIZE_CLASSES = tuple(size_class.dutch for size_class in SizeClass)
PHASES = (*(phase.dutch for phase in Phase), NO_PHASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality in the overview: its choices in Dutch words, and its amounts.

    `contribution_amount` is what it chose to contribute per year, as if that did not lapse; `guidance_hours` are 0 when
    the guidance is not external; `lapses` are euros of the financial contribution, per year and in those of the
    overview's years in which it would have been paid from the GGU year on. `stem` is the name of its files.
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
    first_year: Amount
    horizon: Amount
    per_inhabitant: Amount
    contribution_amount: Amount
    guidance_hours: Decimal
    hosting_amount: Amount
    lapses: Decimal
    lapses_in_horizon: Decimal
    file: str
    line: int
    stem: str


@dataclass(frozen=True, slots=True)
class Sums:
    """What a group of municipalities comes to; those that are no amount or euros are numbers of municipalities.

    incomplete: with p.m. in any total.
    financial, agreed, not_agreed, none, in_kind: by the form of their contribution (the second and third are
        alternatives), and those that give effort in kind besides; `euros` per year of the financial ones, and
        `euros_live` of those among them that are live.
    lapsing: with a contribution that lapses: `euros` per year and `lapses_in_horizon`, at the first year's prices.
    guided: with external guidance and not yet live, with their `hours` and, at the tariff's rate, `value` in euros.
    saas: with SaaS, and what that costs per year.
    """

    municipalities: int
    incomplete: int
    once: Amount
    yearly: Amount
    first_year: Amount
    horizon: Amount
    financial: int
    euros: Decimal
    euros_live: Decimal
    agreed: int
    not_agreed: int
    none: int
    in_kind: int
    lapsing: int
    lapses_in_horizon: Decimal
    guided: int
    hours: Decimal
    value: Decimal
    saas: int
    saas_cost: Amount


Groups = Mapping[str | int, Sums]
"""The sums under each label, and `TOTAL` last."""


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """What all indications come to.

    municipalities: a row each, by code.
    by_class, by_phase, by_start_year: their sums, under the Dutch word or the year.
    years: the window over which lapsing is added up, the same for all: the tariff's horizon, from the year of the
        reference date.
    ggu_year: the first year without contribution: the tariff's, or else the second of `years`, which is an assumption.
    shares: what now lapses per year, divided over all municipalities of the register.
    unquantified: how many municipalities have each item as pro memorie; only the items that any has.
    changes: what changed since an earlier result; None if there is no earlier one.
    """

    municipalities: tuple[Row, ...]
    by_class: Groups
    by_phase: Groups
    by_start_year: Groups
    years: range
    ggu_year: int
    shares: Shares
    unquantified: Mapping[Item, int]
    points: tuple[Point, ...]
    deliveries: tuple[Delivery, ...]
    changes: Changes | None

    @property
    def illustrative(self) -> int:
        """Of how many municipalities the choices are only an example."""
        return sum(row.provenance is Provenance.ILLUSTRATIVE for row in self.municipalities)

    def said_of_examples(self, texts: Texts) -> str:
        """That choices are only an example, in a sentence; empty if all were delivered."""
        if self.illustrative == len(self.municipalities):
            return texts.say("stuurgroep.alles_voorbeeld") if self.municipalities else ""
        number = dutch.number(self.illustrative)
        return texts.say("stuurgroep.deels_voorbeeld", aantal=number) if self.illustrative else ""

    def about(self, attention: Attention) -> tuple[Point, ...]:
        """The points of one kind."""
        return tuple(point for point in self.points if point.attention is attention)

    def number_about(self, attention: Attention) -> int:
        """How many points there are of one kind, also those that are not listed."""
        return sum(point.number for point in self.about(attention))


def summarise(
    data: ReferenceData, gists: Sequence[Gist], intake: Intake, year: int, changes: Changes | None = None
) -> Overview:
    """Put all indications of a run side by side and add them up; `year` is that of the reference date."""
    tariff = data.tariff
    years, ggu_year = range(year, year + int(tariff.horizon.value)), first_year_without(tariff, year)
    rows = tuple(_row(gist, tariff, years, ggu_year) for gist in gists)
    frame, rate = _frame(rows), tariff.hourly_rate.value
    by_class = _sums(frame, "size_class", SIZE_CLASSES, rate)
    return Overview(
        rows,
        by_class,
        _sums(frame, "phase", PHASES, rate),
        _sums(frame, "start_year", sorted({row.start_year for row in rows}), rate),
        years,
        ggu_year,
        share_out(by_class[TOTAL].euros, data),
        _unquantified(gists, tariff.items),
        tuple(points(gists, intake, tariff.items)),
        intake.deliveries,
        changes,
    )


def _row(gist: Gist, tariff: Tariff, years: range, ggu_year: int) -> Row:
    of, choices, assumptions, totals = gist.municipality, gist.choices, gist.assumptions, gist.totals
    contribution = _contribution(gist, tariff)
    lapses = contribution.low if choices.contribution is Contribution.FINANCIAL else Decimal(0)
    return Row(
        code=of.code,
        name=of.name,
        province=of.province,
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
        first_year=totals.first_year.amount,
        horizon=totals.horizon.amount,
        per_inhabitant=totals.per_inhabitant.amount,
        contribution_amount=contribution,
        guidance_hours=Decimal(str(assumptions.hours)) if choices.guidance is Guidance.EXTERNAL else Decimal(0),
        hosting_amount=gist.amount_of(HOSTING.key),
        lapses=lapses,
        lapses_in_horizon=lapses * lapsed_years(years, assumptions.start_year, ggu_year),
        file=choices.origin.file,
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
            return PRO_MEMORIE
        case Contribution.NONE:
            return NOTHING


# --- Sums -------------------------------------------------------------------------------------------------------------

_AMOUNTS = (*KEY_FIGURES, "hosting_amount")
_MEASURES = ("lapses", "lapses_in_horizon", "guidance_hours")
_WORDS = ("size_class", "phase", "start_year", "guidance", "hosting", "contribution")


def _frame(rows: Sequence[Row]) -> pd.DataFrame:
    """A row per municipality: by what it is grouped, and whole numbers and truths that add up to `Sums`.

    Euros and hours are in hundredths, so that sums are exact. An amount is `..._low` and `..._high`, with a 1 in
    `..._pm` if it has p.m.
    """
    import pandas as pd

    numbers = {name: [int(getattr(row, name) * 100) for row in rows] for name in _MEASURES}
    for name in _AMOUNTS:
        amounts = [getattr(row, name) for row in rows]
        numbers[f"{name}_low"] = [int(amount.low * 100) for amount in amounts]
        numbers[f"{name}_high"] = [int(amount.high * 100) for amount in amounts]
        numbers[f"{name}_pm"] = [int(amount.pro_memorie) for amount in amounts]
    numbers["agreed"] = [int(row.agreed is True) for row in rows]
    numbers["in_kind"] = [int(bool(row.in_kind)) for row in rows]
    numbers["municipalities"] = [1] * len(rows)
    frame = pd.DataFrame(numbers, dtype="int64")
    return frame.assign(**{name: [getattr(row, name) for row in rows] for name in _WORDS})


def _sums(frame: pd.DataFrame, by: str, labels: Sequence[str | int], hourly_rate: Decimal) -> Groups:
    """The sums under each label of a column, and of all; who is live has had its guidance already."""
    import pandas as pd

    live, saas = frame["phase"] == Phase.LIVE.dutch, frame["hosting"] == Hosting.SAAS.dutch
    alternative = frame["contribution"] == Contribution.ALTERNATIVE.dutch
    guided = (frame["guidance"] == Guidance.EXTERNAL.dutch) & ~live
    added = frame.assign(
        financial=frame["contribution"] == Contribution.FINANCIAL.dutch,
        live=frame["lapses"] * live,
        agreed=frame["agreed"] * alternative,
        alternative=alternative,
        none=frame["contribution"] == Contribution.NONE.dutch,
        lapsing=frame["lapses"] > 0,
        guided=guided,
        hours=frame["guidance_hours"] * guided,
        saas=saas,
        **{f"saas_{end}": frame[f"hosting_amount_{end}"] * saas for end in ("low", "high", "pm")},
    )
    twice = pd.concat([added, added.assign(**{by: TOTAL})])
    sums = twice.groupby(by, sort=False).sum(numeric_only=True).reindex([*labels, TOTAL], fill_value=0)
    groups = sums.to_dict("index")
    return {label: _sums_of(groups[label], hourly_rate) for label in (*labels, TOTAL)}


def _sums_of(row: Mapping[Hashable, int], hourly_rate: Decimal) -> Sums:
    def amount(name: str) -> Amount:
        return Amount(Decimal(row[f"{name}_low"]) / 100, Decimal(row[f"{name}_high"]) / 100, row[f"{name}_pm"] > 0)

    hours = Decimal(row["hours"]) / 100
    return Sums(
        municipalities=row["municipalities"],
        incomplete=row["horizon_pm"],
        once=amount("once"),
        yearly=amount("yearly"),
        first_year=amount("first_year"),
        horizon=amount("horizon"),
        financial=row["financial"],
        euros=Decimal(row["lapses"]) / 100,
        euros_live=Decimal(row["live"]) / 100,
        agreed=row["agreed"],
        not_agreed=row["alternative"] - row["agreed"],
        none=row["none"],
        in_kind=row["in_kind"],
        lapsing=row["lapsing"],
        lapses_in_horizon=Decimal(row["lapses_in_horizon"]) / 100,
        guided=row["guided"],
        hours=hours,
        value=to_cents(hours * hourly_rate),
        saas=row["saas"],
        saas_cost=amount("saas"),
    )


def _unquantified(gists: Iterable[Gist], items: Iterable[Item]) -> dict[Item, int]:
    numbers = Counter(key for gist in gists for key in gist.pro_memorie)
    return {item: numbers[item.key] for item in items if item.key in numbers}
