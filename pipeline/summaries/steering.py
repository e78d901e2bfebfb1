"""What the template of the steering group's summary shows: words and rows, from the overview."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pipeline.amounts import Amount
from pipeline.attention import Attention, Point, in_words
from pipeline.choices import Origin
from pipeline.ggu import WRITTEN_OUT, Key
from pipeline.items import Item
from pipeline.overview import KEY_FIGURES, TOTAL, Overview
from pipeline.register import fold
from pipeline.results import Basis
from pipeline.summaries.changes import show_changes
from pipeline.summaries.charts import pictures
from pipeline.summaries.markdown import Markdown, day, escape, euros, link, number
from pipeline.summaries.premises import premises, premises_in_words
from pipeline.texts import Texts

if TYPE_CHECKING:
    import pandas as pd

NOT_GIVEN = "geen opgave"


def show_steering(overview: Overview, basis: Basis, texts: Texts) -> dict[str, Any]:
    """The names that the template may use, each with what it shows."""
    everything = _records(overview.by_class)[TOTAL]
    contributions = _records(overview.contributions)
    return {
        "steering_group": texts.steering_group,
        "organisation": texts.organisation,
        "purpose": texts.purpose,
        "horizon": int(basis.tariff.horizon.value),
        "municipality_count": number(len(overview.municipalities)),
        "incomplete_count": number(everything["incomplete"]),
        "once": euros(everything["once"]),
        "yearly": euros(everything["yearly"]),
        "first_year": euros(everything["first_year"]),
        "horizon_total": euros(everything["horizon"]),
        "financial_count": number(contributions[TOTAL]["financial"]),
        "financial_euros": euros(contributions[TOTAL]["euros"]),
        "not_agreed_count": number(contributions[TOTAL]["not_agreed"]),
        "rejected_count": number(overview.number_about(Attention.REJECTED)),
        "pictures": [Markdown(f"![{escape(p.alt)}]({p.name})") for p in pictures(overview)],
        "by_class": _groups(overview.by_class),
        "by_phase": _groups(overview.by_phase),
        "contributions": _contributions(overview.contributions),
        "contributions_by_phase": _contributions(overview.contributions_by_phase),
        "market": _market(overview.market),
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
            _municipality(row)
            for row in sorted(overview.municipalities.itertuples(), key=lambda row: fold(str(row.name)))
        ],
        "deliveries": [
            (d.name, *(number(n) for n in (d.rows, d.accepted, d.replaced, d.without_effect, d.rejected)))
            for d in overview.deliveries
        ],
        **show_changes(overview.changes),
        "premises": premises(basis),
        "premises_in_words": premises_in_words(basis),
        "accountability": [
            ("Peildatum en bron van de inwoners", f"{day(basis.register_date)}, {basis.register_source}"),
            ("Tarief geldt sinds", day(basis.tariff.valid_from)),
            ("Versie van kostenindicatie", basis.version),
        ],
    }


def show_contents(overview: Overview, texts: Texts) -> dict[str, Any]:
    """The names that the template of the table of contents may use: the municipalities by province."""
    columns = overview.municipalities[["province", "name", "stem"]].sort_values(["province", "name"])
    rows: list[tuple[str, str, str]] = list(columns.itertuples(index=False, name=None))
    return {
        "steering_group": texts.steering_group,
        "provinces": [
            (province, [link(name, f"gemeenten/{stem}.md") for _, name, stem in of_province])
            for province, of_province in groupby(rows, key=itemgetter(0))
        ],
    }


def _records(frame: pd.DataFrame) -> dict[str, dict[Any, Any]]:
    """The rows of a frame by their label."""
    return {str(label): row for label, row in frame.to_dict("index").items()}


def _groups(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """A row per group: its name, how many municipalities, how many of them with p.m., and the key figures."""
    return [
        (
            label,
            number(row["municipalities"]),
            number(row["incomplete"]),
            *(euros(row[figure]) if row["municipalities"] else "n.v.t." for figure in KEY_FIGURES),
        )
        for label, row in _records(frame).items()
    ]


def _contributions(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """A row per group: how many contribute in which form, and what that brings in per year."""
    return [
        (
            label,
            number(row["municipalities"]),
            number(row["financial"]),
            *(euros(row[amount]) for amount in ("euros", "euros_live")),
            *(number(row[count]) for count in ("agreed", "not_agreed", "none", "in_kind")),
        )
        for label, row in _records(frame).items()
    ]


def _market(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """A row per start year: the guidance and the SaaS that municipalities ask for."""
    return [
        (
            label,
            number(row["municipalities"]),
            number(row["guided"]),
            number(row["hours"]),
            euros(Amount.exactly(row["value"])),
            number(row["saas"]),
            euros(row["saas_cost"]),
        )
        for label, row in _records(frame).items()
    ]


def _ggu(overview: Overview, basis: Basis) -> dict[str, Any]:
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
            (label, number(row["municipalities"]), _exactly(row["euros"]), _exactly(row["in_horizon"]))
            for label, row in _records(overview.lapsing).items()
        ],
        "shared_costs": _exactly(shares.costs),
        "per_thousand": _exactly(shares.per_thousand),
        "keys": [key.value for key in Key],
        "shares": [
            *(
                (
                    part.size_class.value,
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


def _municipality(row: Any) -> tuple[str, ...]:
    """One municipality with its choices, amounts and files."""
    return (
        link(row.name, f"gemeenten/{row.stem}.md"),
        row.size_class,
        row.phase,
        row.guidance,
        row.hosting,
        row.contribution,
        *map(euros, (row.once, row.yearly, row.first_year, row.horizon, row.per_inhabitant)),
        ", ".join(row.in_kind) or "nee",
        link(f"{row.stem}.xlsx", f"gemeenten/{row.stem}.xlsx"),
    )
