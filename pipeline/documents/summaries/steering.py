"""What the template of the steering group's summary shows: words and rows, from the overview."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipeline.documents.summaries.changes import show_changes
from pipeline.documents.summaries.charts import pictures
from pipeline.documents.summaries.markdown import Markdown, called, day, escape, euros, in_all, link, number
from pipeline.documents.summaries.premises import dated
from pipeline.model.amounts import Amount
from pipeline.model.choices import Origin
from pipeline.model.items import Item
from pipeline.model.municipality import fold
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, Point, in_words
from pipeline.results.cost_sharing import WRITTEN_OUT, Key
from pipeline.results.overview import KEY_FIGURES, TOTAL, Groups, Overview

NOT_GIVEN = "geen opgave"


def show_steering(overview: Overview, basis: ReferenceData, texts: Texts, others: Sequence[str]) -> dict[str, Any]:
    """The names that the template may use, each with what it shows; `others` are suffixes of other documents."""
    everything = overview.by_class[TOTAL]
    return {
        "steering_group": texts.steering_group,
        "organisation": texts.organisation,
        "about": dated(basis, texts),
        "not_counted": texts.say("gedeeld.niet_meegerekend"),
        "horizon": int(basis.tariff.horizon.value),
        "municipality_count": number(len(overview.municipalities)),
        "incomplete_count": number(everything.incomplete),
        "examples": overview.said_of_examples(texts),
        "once": in_all(everything.once),
        "yearly": in_all(everything.yearly),
        "first_year": in_all(everything.first_year),
        "horizon_total": in_all(everything.horizon),
        "financial_count": number(everything.financial),
        "financial_euros": _exactly(everything.euros),
        "not_agreed_count": number(everything.not_agreed),
        "rejected_count": number(overview.number_about(Attention.REJECTED)),
        "pictures": [Markdown(f"![{escape(p.alt)}]({p.name})") for p in pictures(overview)],
        "by_class": _groups(overview.by_class),
        "by_phase": _groups(overview.by_phase),
        "contributions": _contributions(overview.by_class),
        "contributions_by_phase": _contributions(overview.by_phase),
        "market": _market(overview.by_start_year),
        **_ggu(overview, basis),
        "not_agreed": _points(overview, texts, Attention.NOT_AGREED),
        "rejected": _points(overview, texts, Attention.REJECTED, Attention.UNREADABLE),
        "warnings": _points(overview, texts, Attention.WARNING),
        "replaced": _points(overview, texts, Attention.REPLACED),
        "unquantified": [
            (texts.of(item).name, number(count), *_asked(_example(overview, item), texts))
            for item, count in overview.unquantified.items()
        ],
        "municipalities": [
            _municipality(row, others) for row in sorted(overview.municipalities, key=lambda row: fold(row.name))
        ],
        "deliveries": [
            (d.name, *(number(n) for n in (d.rows, d.accepted, d.replaced, d.without_effect, d.rejected)))
            for d in overview.deliveries
        ],
        **show_changes(overview.changes),
        "accountability": [
            (texts.say("verantwoording.inwoners"), f"{day(basis.register_date)}, {basis.register_source}"),
            (texts.say("verantwoording.tarief"), day(basis.tariff.valid_from)),
            (texts.say("verantwoording.versie"), basis.version),
        ],
    }


def show_contents(overview: Overview, texts: Texts) -> dict[str, Any]:
    """The names that the template of the table of contents may use: the municipalities by province."""
    rows = sorted((row.province, row.name, row.stem) for row in overview.municipalities)
    return {
        "steering_group": texts.steering_group,
        "provinces": [
            (province, [link(name, f"gemeenten/{stem}.md") for _, name, stem in of_province])
            for province, of_province in groupby(rows, key=itemgetter(0))
        ],
    }


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
    """A row per group: how many contribute in which form, and what that brings in per year."""
    return [
        (
            str(label),
            number(row.municipalities),
            number(row.financial),
            *map(_exactly, (row.euros, row.euros_live)),
            *map(number, (row.agreed, row.not_agreed, row.none, row.in_kind)),
        )
        for label, row in groups.items()
    ]


def _market(groups: Groups) -> list[tuple[str, ...]]:
    """A row per start year: the guidance and the SaaS that municipalities ask for."""
    return [
        (
            str(label),
            number(row.municipalities),
            number(row.guided),
            number(row.hours),
            _exactly(row.value),
            number(row.saas),
            in_all(row.saas_cost),
        )
        for label, row in groups.items()
    ]


def _ggu(overview: Overview, basis: ReferenceData) -> dict[str, Any]:
    """The names for what changes when the GGU pays."""
    shares = overview.shares
    everyone = [number(shares.municipalities), number(shares.inhabitants), "n.v.t.", _exactly(shares.all_pay)]
    return {
        "ggu_written_out": WRITTEN_OUT,
        "ggu_year": str(overview.ggu_year),
        "ggu_assumed": basis.tariff.ggu_year is None,
        "first_of_horizon": str(overview.years[0]),
        "last_of_horizon": str(overview.years[-1]),
        "lapsing": [
            (str(label), number(row.lapsing), _exactly(row.euros), _exactly(row.lapses_in_horizon))
            for label, row in overview.by_class.items()
        ],
        "shared_costs": _exactly(shares.costs),
        "per_thousand": _exactly(shares.per_thousand),
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


def _points(overview: Overview, texts: Texts, *kinds: Attention) -> list[tuple[str, ...]]:
    """A row per point: which municipality, where it was delivered, what it is about, who is asked, and what."""
    return [
        (
            point.municipality or "onbekend",
            in_words(Origin(point.file, point.line)) if point.line else point.file,
            point.about or NOT_GIVEN,
            *_asked(point, texts),
        )
        for kind in kinds
        for point in sorted(overview.about(kind), key=lambda point: fold(point.municipality))
    ]


def _asked(point: Point, texts: Texts) -> tuple[str, str]:
    return point.whom(texts), point.asked(texts)


def _example(overview: Overview, item: Item) -> Point:
    """A point about an item without amount; what is asked is the same for each municipality."""
    return next(point for point in overview.about(Attention.PRO_MEMORIE) if point.item == item)


def _municipality(row: Any, others: Sequence[str]) -> tuple[str, ...]:
    """One municipality with its choices, amounts and files."""
    return (
        link(row.name, f"gemeenten/{row.stem}.md"),
        row.size_class,
        row.phase,
        row.guidance,
        called(row.hosting),
        row.contribution,
        *map(in_all, (row.once, row.yearly, row.first_year, row.horizon, row.per_inhabitant)),
        ", ".join(row.in_kind) or "nee",
        Markdown(", ".join(link(f"{row.stem}{other}", f"gemeenten/{row.stem}{other}") for other in others)),
    )
