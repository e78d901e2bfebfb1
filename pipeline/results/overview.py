"""All indications together: what the steering group decides on.

`summarise` gives totals per calendar year, per size class and per phase, and the points that ask for attention, each
with the line it came from. They are about the municipalities that delivered themselves; those that only stand in an
illustrative delivery are counted beside them, in an example of what it would be if all take part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from pipeline import dutch
from pipeline.intake import Delivery, Intake
from pipeline.model.amounts import Amount
from pipeline.model.choices import Provenance
from pipeline.model.items import Item
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, Point, points
from pipeline.results.changes import Changes
from pipeline.results.cost_sharing import Shares, first_year_without, share_out
from pipeline.results.decisions import Decision, decisions
from pipeline.results.estimates import Reported, reported
from pipeline.results.history import History, Line
from pipeline.results.records import Gist
from pipeline.results.rows import NO_PHASE, Row, add_up, row_of
from pipeline.results.sums import KEY_FIGURES, PHASES, SIZE_CLASSES, TOTAL, Groups, Sums, by_class, by_phase
from pipeline.results.years import YearSums, in_all_years, in_year, window

__all__ = ["KEY_FIGURES", "NO_PHASE", "PHASES", "SIZE_CLASSES", "TOTAL", "Groups", "Row", "Sums", "summarise"]


class Together(Struct, frozen=True):
    """What some municipalities come to together: in each calendar year of the window, in all, and by group."""

    municipalities: tuple[Row, ...]
    years: Mapping[int, YearSums]
    all_years: YearSums
    by_class: Groups
    by_phase: Groups


class Overview(Struct, frozen=True, eq=False):
    """What all indications come to.

    municipalities: a row each, by code.
    counted: what those come to that delivered themselves; if nobody did, it is an example of all.
    everyone: what all come to, as an example; None if that is what is counted.
    delivered: of how many municipalities the choices are their own.
    window: the calendar years from the first to the last of all projections.
    ggu_year: the first year without contribution: the tariff's, or else the year after that of the reference date,
        which is an assumption.
    shares: what now lapses per year, divided over all municipalities of the register.
    unquantified: how many of those counted have each item as pro memorie; only the items that any has.
    points, decisions: what asks for attention, of those counted and of the deliveries; what is decided on.
    other_class: of how many of those counted the size class is not that of the register.
    changes: what changed since an earlier result; None if there is no earlier one.
    history: what earlier results came to, and last what this one does.
    """

    municipalities: tuple[Row, ...]
    counted: Together
    everyone: Together | None
    delivered: int
    window: range
    ggu_year: int
    shares: Shares
    unquantified: Mapping[Item, int]
    reported: tuple[Reported, ...]
    points: tuple[Point, ...]
    decisions: tuple[Decision, ...]
    other_class: int
    deliveries: tuple[Delivery, ...]
    changes: Changes | None
    history: tuple[Line, ...]

    @property
    def illustrative(self) -> int:
        """Of how many municipalities the choices are only an example."""
        return len(self.municipalities) - self.delivered

    @property
    def example(self) -> bool:
        """Whether all that is counted is only an example."""
        return bool(self.municipalities) and not self.delivered

    def about(self, attention: Attention) -> tuple[Point, ...]:
        """The points of one kind."""
        return tuple(point for point in self.points if point.attention is attention)

    def number_about(self, attention: Attention) -> int:
        """How many points there are of one kind, also those that are not listed."""
        return sum(point.number for point in self.about(attention))

    def said_first(self, texts: Texts) -> str:
        """Whom all is about, in a sentence: those that delivered themselves, or that it is only an example."""
        number = {"aantal": dutch.number(self.delivered), "voorbeelden": dutch.number(self.illustrative)}
        if not self.municipalities:
            return texts.say("stuurgroep.niemand")
        if self.example:
            return texts.say("stuurgroep.alles_voorbeeld", **number)
        if self.everyone:
            return texts.say("stuurgroep.deels_voorbeeld", **number)
        return texts.say("stuurgroep.alles_opgave", **number)


def summarise(
    data: ReferenceData,
    gists: Sequence[Gist],
    intake: Intake,
    year: int,
    changes: Changes | None = None,
    history: History | None = None,
) -> Overview:
    """Put all indications of a run side by side and add them up; `year` is that of the reference date."""
    tariff, history = data.tariff, history or History()
    rows = tuple(row_of(gist, tariff) for gist in gists)
    own = tuple(row for row in rows if row.provenance is Provenance.DELIVERED)
    years = window(rows, year)
    counted = _together(own or rows, years, tariff)

    def about() -> Iterator[Gist]:
        return (gist for gist in gists if not own or gist.choices.provenance is Provenance.DELIVERED)

    found = tuple(points(about(), intake, tariff))
    return Overview(
        rows,
        counted,
        _together(rows, years, tariff) if own and len(own) < len(rows) else None,
        len(own),
        years,
        first_year_without(tariff, year),
        share_out(counted.by_class[TOTAL].euros, data),
        _unquantified(about(), tariff.items),
        reported(about(), tariff),
        found,
        decisions(counted.municipalities, found, tariff, history),
        sum(_differs(gist, tariff) for gist in about()),
        intake.deliveries,
        changes,
        (*history.lines, _now(data, rows, own, history)) if rows or history.lines else (),
    )


def _together(rows: tuple[Row, ...], years: range, tariff: Tariff) -> Together:
    asked = {each.dutch: tariff.contribution.of(each).amount.low for each in SizeClass}
    each = {year: in_year(rows, year, tariff.hourly_rate.value) for year in years}
    all_years = in_all_years(tuple(each.values()), rows)
    return Together(rows, each, all_years, by_class(rows, asked), by_phase(rows, asked))


def _unquantified(gists: Iterable[Gist], items: Iterable[Item]) -> dict[Item, int]:
    numbers = Counter(key for gist in gists for key in gist.pro_memorie)
    return {item: numbers[item.key] for item in items if item.key in numbers}


def _differs(gist: Gist, tariff: Tariff) -> bool:
    """Whether a municipality counts in another size class than that of its inhabitants in the register."""
    of = gist.municipality
    return gist.assumptions.size_class is not tariff.size_class(of.code, of.inhabitants)


def _now(data: ReferenceData, rows: Sequence[Row], own: Sequence[Row], history: History) -> Line:
    """What this result comes to, of those that delivered themselves."""
    number = history.lines[-1].number + 1 if history.lines else 1
    contributions = sum((row.pays for row in own), Decimal(0))
    return Line(number, data.day, data.day, len(own), len(rows) - len(own), contributions, _yearly(own))


def _yearly(rows: Iterable[Row]) -> Amount:
    return add_up(row.yearly for row in rows)
