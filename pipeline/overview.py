"""All indications together: what the steering group decides on.

`oversee` gives totals per size class and per phase, the contributions to expect, and the points that ask for
attention, each with the line it came from. Every sum is a sum of `Amount`, so p.m. survives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.amounts import NOTHING, PRO_MEMORIE, Amount, to_cents, total
from pipeline.attention import Attention, Point, points
from pipeline.changes import Changes
from pipeline.choices import Contribution, Guidance, Hosting, Phase
from pipeline.ggu import Shares, first_year_without, lapsed_years, share_out
from pipeline.indication import Indication
from pipeline.intake import Delivery
from pipeline.items import HOSTING, Item
from pipeline.results import Results
from pipeline.tariffs import SizeClass, Tariff

if TYPE_CHECKING:
    import pandas as pd

DELIVERY_COUNTS = (
    "Wat niet meetelt staat er dubbel of is elders verbeterd; elke andere regel is geaccepteerd of afgekeurd."
)
NO_PHASE = "niet opgegeven"
TOTAL = "Totaal"
KEY_FIGURES = ("once", "yearly", "first_year", "horizon")
SIZE_CLASSES = tuple(size_class.value for size_class in SizeClass)
PHASES = (*(phase.dutch for phase in Phase), NO_PHASE)


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """What all indications come to, as frames; words in them are Dutch, amounts are `Amount` in euros.

    municipalities: a row each, by code. Columns: code, name, province, inhabitants, size_class, phase, start_year,
        guidance, hosting, contribution, agreed (bool or None), in_kind (tuple of words), backlog; once, yearly,
        first_year, horizon, per_inhabitant, contribution_amount (Amount; the last one per year, as if it did not
        lapse); guidance_hours (Decimal, 0 when not external); hosting_amount (Amount per year); lapses and
        lapses_in_horizon (Decimal euros of the financial contribution, per year, and in those of `years` in which it
        would have been paid from `ggu_year` on); pro_memorie (tuple of keys of items); file, line; replaces (tuple of
        Origin); stem (of its files).
    by_class, by_phase: a row per size class or phase, and `TOTAL` last. Columns: municipalities, incomplete
        (how many have p.m. in any total), and for each of `KEY_FIGURES` the Amount and, as `..._pm`, how many
        municipalities have p.m. in it.
    contributions, contributions_by_phase: a row per size class or phase, and `TOTAL` last. Columns:
        municipalities, financial (number), euros (Amount per year, of the financial ones), euros_live (of those that
        are live), agreed and not_agreed (numbers of alternatives), none (number), in_kind (number that gives effort in
        kind), pro_memorie (number of contributions without an amount).
    lapsing: a row per size class, and `TOTAL` last. Columns: municipalities (with a contribution that lapses),
        euros (Decimal per year), in_horizon (Decimal), both at the first year's prices.
    market: a row per start year (int), and `TOTAL` last. Columns: municipalities, guided (number with external
        guidance, not yet live), hours (Decimal, theirs), value (Decimal euros, at the tariff's rate), saas (number),
        saas_cost (Amount per year).
    years: the window over which lapsing is added up, the same for all: the tariff's horizon, from the year of the
        reference date.
    ggu_year: the first year without contribution: the tariff's, or else the second of `years`, which is an assumption.
    shares: what now lapses per year, divided over all municipalities of the register.
    unquantified: how many municipalities have each item as pro memorie; only the items that any has.
    changes: what changed since an earlier result; None if there is no earlier one.
    """

    municipalities: pd.DataFrame
    by_class: pd.DataFrame
    by_phase: pd.DataFrame
    contributions: pd.DataFrame
    contributions_by_phase: pd.DataFrame
    lapsing: pd.DataFrame
    market: pd.DataFrame
    years: range
    ggu_year: int
    shares: Shares
    unquantified: Mapping[Item, int]
    points: tuple[Point, ...]
    deliveries: tuple[Delivery, ...]
    changes: Changes | None

    def about(self, attention: Attention) -> tuple[Point, ...]:
        """The points of one kind."""
        return tuple(point for point in self.points if point.attention is attention)

    def number_about(self, attention: Attention) -> int:
        """How many points there are of one kind, also those that are not listed."""
        return sum(point.number for point in self.about(attention))


def oversee(results: Results, year: int, changes: Changes | None = None) -> Overview:
    """Put all indications of a run side by side and add them up; `year` is that of the reference date."""
    import pandas as pd

    tariff = results.basis.tariff
    starts = {indication.assumptions.start_year for indication in results.indications}
    years, ggu_year = range(year, year + int(tariff.horizon.value)), first_year_without(tariff, year)
    rows = [_row(indication, tariff, years, ggu_year) for indication in results.indications]
    municipalities = pd.DataFrame(rows, columns=list(_COLUMNS))
    return Overview(
        municipalities,
        _summarise(_sums, municipalities, "size_class", SIZE_CLASSES),
        _summarise(_sums, municipalities, "phase", PHASES),
        _summarise(_contributions, municipalities, "size_class", SIZE_CLASSES),
        _summarise(_contributions, municipalities, "phase", PHASES),
        _summarise(_lapsing, municipalities, "size_class", SIZE_CLASSES),
        _summarise(partial(_market, tariff.hourly_rate.value), municipalities, "start_year", sorted(starts)),
        years,
        ggu_year,
        share_out(sum(municipalities["lapses"], Decimal(0)), results.basis),
        _unquantified(results.indications, tariff.items),
        tuple(points(results)),
        results.deliveries,
        changes,
    )


# --- Frames -----------------------------------------------------------------------------------------------------------

_COLUMNS = (
    "code", "name", "province", "inhabitants", "size_class", "phase", "start_year", "guidance", "hosting",
    "contribution", "agreed", "in_kind", "backlog", "once", "yearly", "first_year", "horizon", "per_inhabitant",
    "contribution_amount", "guidance_hours", "hosting_amount", "lapses", "lapses_in_horizon",
    "pro_memorie", "file", "line", "replaces", "stem",
)  # fmt: skip


def _row(indication: Indication, tariff: Tariff, years: range, ggu_year: int) -> dict[str, Any]:
    """One municipality's row; the key figures go by the names that `Totals` gives them."""
    choices, assumptions, totals = indication.choices, indication.assumptions, indication.totals
    municipality = choices.municipality
    contribution = _contribution(indication, tariff)
    lapses = contribution.low if choices.contribution is Contribution.FINANCIAL else Decimal(0)
    return {
        "code": municipality.code,
        "name": municipality.name,
        "province": municipality.province,
        "inhabitants": assumptions.inhabitants,
        "size_class": assumptions.size_class.value,
        "phase": NO_PHASE if choices.phase is None else choices.phase.dutch,
        "start_year": assumptions.start_year,
        "guidance": choices.guidance.dutch,
        "hosting": choices.hosting.dutch,
        "contribution": choices.contribution.dutch,
        "agreed": choices.agreed,
        "in_kind": tuple(kind.dutch for kind in choices.in_kind),
        "backlog": choices.backlog,
        "once": totals.once,
        "yearly": totals.yearly,
        "first_year": totals.first_year,
        "horizon": totals.horizon,
        "per_inhabitant": totals.per_inhabitant,
        "contribution_amount": contribution,
        "guidance_hours": assumptions.hours if choices.guidance is Guidance.EXTERNAL else Decimal(0),
        "hosting_amount": indication.line(HOSTING).amount,
        "lapses": lapses,
        "lapses_in_horizon": lapses * lapsed_years(years, assumptions.start_year, ggu_year),
        "pro_memorie": indication.pro_memorie,
        "file": choices.origin.file,
        "line": choices.origin.line,
        "replaces": choices.replaces,
        "stem": municipality.stem,
    }


def _contribution(indication: Indication, tariff: Tariff) -> Amount:
    """What is chosen to contribute per year, as if it did not lapse; who starts after that chose it no less."""
    match indication.choices.contribution:
        case Contribution.FINANCIAL:
            return tariff.contribution.of(indication.assumptions.size_class).amount
        case Contribution.ALTERNATIVE:
            return PRO_MEMORIE
        case Contribution.NONE:
            return NOTHING


def _summarise(
    summary: Callable[[pd.DataFrame], dict[str, Any]],
    municipalities: pd.DataFrame,
    column: str,
    labels: Iterable[str | int],
) -> pd.DataFrame:
    """A summary of the municipalities under each label of a column, and of all of them."""
    import pandas as pd

    groups: dict[str | int, pd.DataFrame] = {label: municipalities[municipalities[column] == label] for label in labels}
    rows = {label: summary(group) for label, group in (groups | {TOTAL: municipalities}).items()}
    return pd.DataFrame.from_dict(rows, orient="index")


def _sums(group: pd.DataFrame) -> dict[str, Any]:
    sums: dict[str, Any] = {
        "municipalities": len(group),
        "incomplete": sum(amount.pro_memorie for amount in group["horizon"]),
    }
    for figure in KEY_FIGURES:
        sums[figure] = total(group[figure])
        sums[f"{figure}_pm"] = sum(amount.pro_memorie for amount in group[figure])
    return sums


def _contributions(group: pd.DataFrame) -> dict[str, Any]:
    forms = {form: group[group["contribution"] == form.dutch] for form in Contribution}
    financial, alternatives = forms[Contribution.FINANCIAL], forms[Contribution.ALTERNATIVE]
    agreed = sum(agreed is True for agreed in alternatives["agreed"])
    return {
        "municipalities": len(group),
        "financial": len(financial),
        "euros": total(financial["contribution_amount"]),
        "euros_live": total(financial[financial["phase"] == Phase.LIVE.dutch]["contribution_amount"]),
        "agreed": agreed,
        "not_agreed": len(alternatives) - agreed,
        "none": len(forms[Contribution.NONE]),
        "in_kind": sum(bool(kinds) for kinds in group["in_kind"]),
        "pro_memorie": sum(amount.pro_memorie for amount in group["contribution_amount"]),
    }


def _lapsing(group: pd.DataFrame) -> dict[str, Any]:
    return {
        "municipalities": sum(euros > 0 for euros in group["lapses"]),
        "euros": sum(group["lapses"], Decimal(0)),
        "in_horizon": sum(group["lapses_in_horizon"], Decimal(0)),
    }


def _market(hourly_rate: Decimal, group: pd.DataFrame) -> dict[str, Any]:
    """What the market is asked for; who is live has had its guidance already."""
    to_guide = group[(group["guidance"] == Guidance.EXTERNAL.dutch) & (group["phase"] != Phase.LIVE.dutch)]
    saas = group[group["hosting"] == Hosting.SAAS.dutch]
    hours = sum(to_guide["guidance_hours"], Decimal(0))
    return {
        "municipalities": len(group),
        "guided": len(to_guide),
        "hours": hours,
        "value": to_cents(hours * hourly_rate),
        "saas": len(saas),
        "saas_cost": total(saas["hosting_amount"]),
    }


def _unquantified(indications: Iterable[Indication], items: Iterable[Item]) -> dict[Item, int]:
    numbers = Counter(key for indication in indications for key in indication.pro_memorie)
    return {item: numbers[item.key] for item in items if item.key in numbers}
