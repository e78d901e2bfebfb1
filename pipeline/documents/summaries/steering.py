"""What the template of the steering group's summary shows: words and rows, from the overview."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from pipeline import dutch
from pipeline.documents.summaries.changes import show_changes
from pipeline.documents.summaries.charts import pictures
from pipeline.documents.summaries.markdown import Markdown, day, escape, euros, in_all, link, number
from pipeline.documents.summaries.premises import dated
from pipeline.model.amounts import Amount
from pipeline.model.items import Item
from pipeline.model.municipality import fold
from pipeline.packed import Mapped
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, Point
from pipeline.results.cost_sharing import WRITTEN_OUT, Key
from pipeline.results.overview import KEY_FIGURES, NO_PHASE, SIZE_CLASSES, TOTAL, Groups, Overview, Row, Together
from pipeline.results.years import YearSums

LISTED = 20
"""How many decisions of a kind, or points, are listed; a page with more than that is not read."""
LARGEST_CHANGES = 30
"""How many changed municipalities are listed; all stand in the workbook."""


def show_steering(overview: Overview, basis: ReferenceData, texts: Texts) -> dict[str, Any]:
    """The names that the template may use, each with what it shows."""
    counted = overview.counted
    all_together = counted.by_class[TOTAL]
    changes = show_changes(overview.changes)
    phases = counted.by_phase
    return {
        "steering_group": texts.steering_group,
        "organisation": texts.organisation,
        "title": texts.say("stuurgroep.titel"),
        "first": overview.said_first(texts),
        "about": dated(basis, texts),
        "not_counted": texts.say("gedeeld.niet_meegerekend"),
        "municipality_count": number(len(counted.municipalities)),
        "incomplete_count": number(all_together.incomplete),
        "years": list(_year_tables(overview, texts)),
        "decisions": _decisions(overview, texts),
        "no_decisions": texts.say("stuurgroep_besluiten.geen"),
        "no_changes": texts.say("stuurgroep_wijzigingen.geen"),
        "pictures": [Markdown(f"![{escape(p.alt)}]({p.name})") for p in pictures(overview)],
        "by_class": _groups(counted.by_class),
        "other_class": texts.say("stuurgroep_kosten.klassen", aantal=number(overview.other_class))
        if overview.other_class
        else "",
        "phase_known": number(all_together.municipalities - phases[NO_PHASE].municipalities),
        "phase_unknown": number(phases[NO_PHASE].municipalities),
        "by_phase": _groups({label: sums for label, sums in phases.items() if label not in (NO_PHASE, TOTAL)}),
        "asked": _exactly(all_together.asked),
        "pledged": _exactly(all_together.euros),
        "pledged_live": _exactly(all_together.euros_live),
        "agreed_count": number(all_together.agreed),
        "coverage_explained": texts.say("stuurgroep_bijdragen.dekking_uitleg"),
        "contributions": _contributions(counted.by_class),
        "contributions_explained": texts.say("stuurgroep_bijdragen.uitleg"),
        "market_explained": texts.say("stuurgroep_kosten.markt_uitleg"),
        "market": _market(counted),
        "estimates_explained": texts.say("stuurgroep_kosten.ramingen_uitleg"),
        "estimates": _estimates(overview, texts),
        **_ggu(overview, basis, texts),
        "points": list(_points(overview, texts)),
        "replaced_count": number(overview.number_about(Attention.REPLACED)),
        "unquantified": [
            (texts.of(item).name, number(count), *_asked(_example(overview, item), texts))
            for item, count in overview.unquantified.items()
        ],
        "deliveries_explained": texts.say("stuurgroep_aandacht.telling"),
        "deliveries": [
            (d.name, *(number(n) for n in (d.rows, d.accepted, d.replaced, d.without_effect, d.rejected)))
            for d in overview.deliveries
        ],
        **changes,
        "changed_municipalities": changes["changed_municipalities"][:LARGEST_CHANGES],
        "changes_left_out": number(max(0, len(changes["changed_municipalities"]) - LARGEST_CHANGES)),
        "changes_explained": texts.say("stuurgroep_wijzigingen.onbekend"),
        "parts_explained": texts.say("stuurgroep_wijzigingen.oorzaken_uitleg"),
        "history": [
            (
                f"nr. {line.number}",
                day(line.day) if line.day else f"voor {day(line.until)}",
                *map(number, (line.participants, line.examples)),
                _exactly(line.contributions),
                in_all(line.yearly),
            )
            for line in overview.history
        ],
        "accountability": [
            (texts.say("verantwoording.inwoners"), f"{day(basis.register_date)}, {basis.register_source}"),
            (texts.say("verantwoording.tarief"), day(basis.tariff.valid_from)),
            (texts.say("verantwoording.versie"), basis.version),
        ],
    }


def show_municipalities(
    overview: Overview, basis: ReferenceData, texts: Texts, others: Sequence[str]
) -> dict[str, Any]:
    """The names that the template of the list of municipalities may use; `others` are suffixes of other documents."""
    by_name = sorted(overview.municipalities, key=lambda row: fold(row.name))
    return {
        "first": overview.said_first(texts),
        "about": dated(basis, texts),
        "classes": [
            (label, Mapped(partial(_municipality, others), [row for row in by_name if row.size_class == label]))
            for label in SIZE_CLASSES
        ],
    }


def show_contents(overview: Overview, texts: Texts) -> dict[str, Any]:
    """The names that the template of the table of contents may use: the municipalities by province."""
    rows = sorted((row.province, row.name, row.stem) for row in overview.municipalities)
    return {
        "steering_group": texts.steering_group,
        "provinces": [
            (province, Mapped(_linked, list(of_province))) for province, of_province in groupby(rows, key=itemgetter(0))
        ],
    }


def _year_tables(overview: Overview, texts: Texts) -> Iterator[tuple[str, str, list[tuple[str, ...]]]]:
    """What is counted in each calendar year and, if that is not all, the example of everyone: heading, note, rows."""
    everyone = texts.say("stuurgroep.rekenvoorbeeld", aantal=number(len(overview.municipalities)))
    if overview.municipalities:
        own = texts.say("stuurgroep.per_jaar", aantal=number(len(overview.counted.municipalities)))
        explained = texts.say("stuurgroep.jaren_uitleg")
        yield (everyone if overview.example else own), explained, _years(overview.counted)
    if overview.everyone:
        explained = texts.say("stuurgroep.rekenvoorbeeld_uitleg", aantal=number(overview.illustrative))
        yield everyone, explained, _years(overview.everyone)


def _years(together: Together) -> list[tuple[str, ...]]:
    """A row per calendar year, and one for all: how many municipalities, and what is paid."""

    def row(label: str, sums: YearSums) -> tuple[str, ...]:
        amounts = (sums.total, sums.once, sums.saas, sums.other, sums.contribution)
        return (label, number(sums.municipalities), *map(in_all, amounts))

    years = [row(str(year), sums) for year, sums in together.years.items() if sums.municipalities]
    return [*years, row("Alle jaren", together.all_years)]


def _decisions(overview: Overview, texts: Texts) -> list[tuple[str, list[tuple[str, ...]], str]]:
    """By kind: the questions that are listed, and how many more there are."""
    found: list[tuple[str, list[tuple[str, ...]], str]] = []
    for question, same in groupby(overview.decisions, key=attrgetter("question")):
        of_kind = list(same)
        shown: list[tuple[str, ...]] = [
            (each.whose, each.asked(texts), each.owner(texts), each.since.in_words) for each in of_kind[:LISTED]
        ]
        found.append((question.value, shown, number(max(0, len(of_kind) - LISTED))))
    return found


def _groups(groups: Groups) -> list[tuple[str, ...]]:
    """A row per group: its name, how many municipalities, how many of them with p.m., and the key figures."""
    return [
        (
            str(label),
            number(row.municipalities),
            number(row.incomplete),
            *(in_all(getattr(row, figure)) if row.municipalities else "n.v.t." for figure in KEY_FIGURES),
        )
        for label, row in groups.items()
    ]


def _contributions(groups: Groups) -> list[tuple[str, ...]]:
    """A row per group: what is asked and pledged, and how many contribute in which form."""
    return [
        (
            str(label),
            number(row.municipalities),
            *map(_exactly, (row.asked, row.euros)),
            *map(number, (row.financial, row.agreed, row.not_agreed, row.none, row.in_kind)),
        )
        for label, row in groups.items()
    ]


def _market(together: Together) -> list[tuple[str, ...]]:
    """A row per calendar year: the guidance and the SaaS that municipalities ask for."""

    def row(label: str, sums: YearSums) -> tuple[str, ...]:
        guided = (number(sums.starting), number(sums.guided), number(sums.hours), _exactly(sums.value))
        return (label, *guided, number(sums.with_saas))

    years = [row(str(year), sums) for year, sums in together.years.items() if sums.municipalities]
    return [*years, row("Alle jaren", together.all_years)]


def _estimates(overview: Overview, texts: Texts) -> list[tuple[str, ...]]:
    """A row per item and form of hosting: how many own estimates, from lowest to highest, beside the tariff."""
    return [
        (
            f"{texts.of(each.item).name}: {each.form}" if each.form else texts.of(each.item).name,
            number(each.number),
            *map(_exactly, (each.lowest, each.middle, each.highest)),
            texts.say("stuurgroep_kosten.geen_tarief") if each.tariff is None else in_all(each.tariff),
        )
        for each in overview.reported
    ]


def _ggu(overview: Overview, basis: ReferenceData, texts: Texts) -> dict[str, Any]:
    """The names for what changes when the GGU pays."""
    shares = overview.shares
    everyone = [number(shares.municipalities), number(shares.inhabitants), "n.v.t.", _exactly(shares.all_pay)]
    years = overview.counted.years
    lapsing = {year: sums.financial if year >= overview.ggu_year else Decimal(0) for year, sums in years.items()}
    return {
        "ggu_explained": texts.say("stuurgroep_bijdragen.ggu_uitleg", ggu=WRITTEN_OUT),
        "ggu_year": str(overview.ggu_year),
        "ggu_assumed": basis.tariff.ggu_year is None,
        "lapsing": [
            *(
                (str(year), _exactly(sums.financial), _exactly(lapsing[year]))
                for year, sums in years.items()
                if sums.municipalities
            ),
            (
                "Alle jaren",
                _exactly(overview.counted.all_years.financial),
                _exactly(sum(lapsing.values(), Decimal(0))),
            ),
        ],
        "shared_costs": _exactly(shares.costs),
        "per_thousand": _exactly(shares.per_thousand),
        "keys_explained": texts.say("stuurgroep_bijdragen.sleutels_uitleg"),
        "keys": [key.value for key in Key],
        "shares": [
            *(
                (
                    part.size_class.dutch,
                    number(part.municipalities),
                    number(part.inhabitants),
                    _exactly(part.tariff),
                    _exactly(part.all_pay),
                    *(_exactly(part.one[key]) for key in Key),
                )
                for part in shares.parts
            ),
            (TOTAL, *everyone, *("n.v.t." for _ in Key)),
        ],
    }


def _exactly(amount: Decimal) -> Markdown:
    return euros(Amount.exactly(amount))


_HEADINGS = {
    "Afgekeurde regels": (Attention.REJECTED, Attention.UNREADABLE),
    "Twijfel over klasse of inwoners": (Attention.DOUBT,),
    "Waarschuwingen": (Attention.WARNING,),
}


def _points(overview: Overview, texts: Texts) -> Iterator[tuple[str, list[tuple[str, ...]], str, str]]:
    """What intake found and what is doubted: a heading, the points listed, how many more there are, what is asked."""
    for heading, kinds in _HEADINGS.items():
        found = [p for kind in kinds for p in sorted(overview.about(kind), key=lambda point: fold(point.municipality))]
        rows: list[tuple[str, ...]] = [
            (
                point.municipality or "onbekend",
                point.in_words,
                point.said(texts) or dutch.NOT_GIVEN,
            )
            for point in found[:LISTED]
        ]
        if found:
            yield heading, rows, number(sum(point.number for point in found[LISTED:])), found[0].asked(texts)


def _linked(row: tuple[str, str, str]) -> Markdown:
    _, name, stem = row
    return link(name, f"gemeenten/{stem}.md")


def _asked(point: Point, texts: Texts) -> tuple[str, str]:
    return point.whom(texts), point.asked(texts)


def _example(overview: Overview, item: Item) -> Point:
    """A point about an item without amount; what is asked is the same for each municipality."""
    return next(point for point in overview.about(Attention.PRO_MEMORIE) if point.item == item)


def _municipality(others: Sequence[str], row: Row) -> tuple[str, ...]:
    """One municipality with its choices, amounts and files, which stand beside the list."""
    return (
        link(row.name, f"{row.stem}.md"),
        row.provenance.dutch,
        row.phase,
        row.hosting,
        row.contribution,
        *map(in_all, (row.once, row.yearly)),
        Markdown(", ".join(link(other.removeprefix("."), f"{row.stem}{other}") for other in others)),
    )
