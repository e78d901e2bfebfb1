"""The premises of a run as rows, for every summary alike."""

from __future__ import annotations

from pipeline.figures import named_figures
from pipeline.results import Basis
from pipeline.summaries.markdown import Markdown, day, number
from pipeline.tariffs import EuroRangePerYear, Figure, Look


def premises(basis: Basis) -> list[tuple[str, ...]]:
    """Each figure of the tariff, and the G4 list, with unit, provenance, date and source."""
    g4 = basis.tariff.g4
    return [
        *(_row(each.named.label, each.figure) for each in named_figures(basis.tariff)),
        ("G4", ", ".join(sorted(g4.codes)), "gemeentecodes", g4.provenance, day(g4.dated), g4.source),
    ]


def _row(label: str, figure: Figure | EuroRangePerYear) -> tuple[str, ...]:
    """One figure; a calendar year has no thousands."""
    shown = (str(value) if figure.look is Look.YEAR else number(value) for _, value in figure.ends)
    value = Markdown(" – ".join(dict.fromkeys(shown)))
    return (label, value, figure.unit, figure.provenance, day(figure.dated), figure.source)


def premises_in_words(basis: Basis) -> list[tuple[str, ...]]:
    """What is stated or assumed in words rather than as a number."""
    return [(p.subject, p.text, p.provenance, day(p.dated)) for p in basis.tariff.premises]
