"""What every indication of a run rests on, for the page that all summaries lead to."""

from __future__ import annotations

from typing import Any

from pipeline.documents.origins import provenance
from pipeline.documents.summaries.markdown import HARD_SPACE, Markdown, day, euros, figures, number, web_link
from pipeline.model.amounts import Amount
from pipeline.model.choices import COLUMNS, REQUIRED_OPTIONS
from pipeline.model.figures import Shown, shown_figures
from pipeline.model.items import Item
from pipeline.model.quantities import Look
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts

EURO = "EUR"
"""How a unit in euros begins."""


def show_premises(basis: ReferenceData, texts: Texts) -> dict[str, Any]:
    """The names that the template may use: what is the same for every municipality."""
    return {
        "steering_group": texts.steering_group,
        "organisation": texts.organisation,
        "purpose": texts.purpose,
        "about": dated(basis, texts),
        "reading": [
            (texts.say("leeswijzer.bereik_kop"), texts.say("leeswijzer.bereik")),
            (texts.say("leeswijzer.pm_kop"), texts.say("leeswijzer.pm")),
            (texts.say("leeswijzer.minimaal_kop"), texts.say("leeswijzer.minimaal")),
            (texts.say("leeswijzer.onbekend_kop"), texts.say("leeswijzer.onbekend")),
            (texts.say("leeswijzer.eigen_raming_kop"), texts.say("leeswijzer.eigen_raming")),
            (texts.say("leeswijzer.herkomst_kop"), texts.say("leeswijzer.herkomst")),
            (texts.say("leeswijzer.voorbeeld_kop"), texts.say("leeswijzer.voorbeeld")),
        ],
        "not_counted": texts.say("gedeeld.niet_meegerekend"),
        "premises": premises(basis, texts),
        "premises_in_words": [
            (each.subject, each.text, each.provenance, day(each.dated)) for each in basis.tariff.premises
        ],
        "items": [
            (text.name, item.period.dutch, _column(item), text.explanation)
            for item in basis.tariff.items
            for text in (texts.of(item),)
        ],
        "options": [
            (column, [(option.dutch, texts.options[option]) for option in options])
            for column, options in REQUIRED_OPTIONS.items()
        ],
        "facts": [
            (texts.say("verantwoording.inwoners"), f"{day(basis.register_date)}, {basis.register_source}"),
            (texts.say("verantwoording.versie"), basis.version),
        ],
    }


def _column(item: Item) -> str:
    """The column of a delivery that says whether an item is there, or in which form; empty if there is none."""
    if item.elsewhere is not None:
        return next(column.name for column, field in COLUMNS.items() if field == item.elsewhere.field)
    return item.word if item.has_column or item.word in REQUIRED_OPTIONS else ""


def dated(basis: ReferenceData, texts: Texts) -> str:
    """That it is an indication, of which price level and reference date."""
    since = basis.tariff.valid_from
    return texts.say("gedeeld.peil", prijspeil=since.year, tarief=day(since), peildatum=day(basis.day))


def premises(basis: ReferenceData, texts: Texts) -> list[tuple[str, ...]]:
    """Each figure of the tariff, and the G4 list: its value, whether it is stated, since when, and its source."""
    tariff, g4 = basis.tariff, basis.tariff.g4
    rows = (
        (each.named.label, _value(each.figure), *_source(each.figure, provenance(each, tariff, texts)))
        for each in shown_figures(tariff)
    )
    return [*rows, ("G4", ", ".join(sorted(g4.codes)), *_source(g4, g4.provenance))]


def _source(figure: Any, stated: str) -> tuple[str, str]:
    """Whether it is stated and since when; and its source, which leads there if it can."""
    said = f"{stated}, {day(figure.dated)}"
    return said, web_link(figure.source, figure.link) if figure.link else figure.source


def _value(figure: Shown) -> Markdown:
    """A number, or both ends of it, with its unit; a calendar year has no thousands and needs no unit."""
    ends = [end for _, end in figure.ends if end is not None]
    if not ends:
        return Markdown("p.m.")
    if figure.look is Look.YEAR:
        return Markdown(ends[0])
    if figure.unit.startswith(EURO):
        return Markdown(euros(Amount.between(ends[0], ends[-1])) + figure.unit.removeprefix(EURO))
    return Markdown(f"{figures(number(ends[0]), number(ends[-1]))}{HARD_SPACE}{figure.unit}")
