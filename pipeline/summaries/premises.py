"""The premises of a run as rows, for every summary alike."""

from __future__ import annotations

from decimal import Decimal

from pipeline.figures import NamedFigure, Shown, shown_figures
from pipeline.quantities import Look
from pipeline.results import Basis
from pipeline.summaries.markdown import Markdown, day, number


def premises(basis: Basis) -> list[tuple[str, ...]]:
    """Each figure of the tariff, and the G4 list, with unit, provenance, date and source."""
    g4 = basis.tariff.g4
    return [
        *map(_row, shown_figures(basis.tariff)),
        ("G4", ", ".join(sorted(g4.codes)), "gemeentecodes", g4.provenance, day(g4.dated), g4.source),
    ]


def _row(named: NamedFigure[Shown]) -> tuple[str, ...]:
    """One figure."""
    figure = named.figure
    value = Markdown(" – ".join(dict.fromkeys(_number(value, figure.look) for _, value in figure.ends)))
    return (named.named.label, value, figure.unit, figure.provenance, day(figure.dated), figure.source)


def _number(value: Decimal | None, look: Look) -> str:
    """A number as it is shown; a calendar year has no thousands."""
    if value is None:
        return "p.m."
    return str(value) if look is Look.YEAR else number(value)


def premises_in_words(basis: Basis) -> list[tuple[str, ...]]:
    """What is stated or assumed in words rather than as a number."""
    return [(p.subject, p.text, p.provenance, day(p.dated)) for p in basis.tariff.premises]
