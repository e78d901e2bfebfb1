"""The premises of a run as rows, for every summary alike."""

from __future__ import annotations

from pipeline.results import Basis, NamedFigure, named_figures
from pipeline.summaries.markdown import Markdown, day, number


def premises(basis: Basis) -> list[tuple[str, ...]]:
    """Each figure of the tariff, and the G4 list, with unit, provenance, date and source."""
    g4 = basis.tariff.g4
    return [
        *((f.label, _figure(f), f.unit, f.provenance, day(f.dated), f.source) for f in named_figures(basis.tariff)),
        ("G4", ", ".join(sorted(g4.codes)), "gemeentecodes", g4.provenance, day(g4.dated), g4.source),
    ]


def _figure(figure: NamedFigure) -> Markdown:
    """The value of a figure; a calendar year has no thousands."""
    if figure.unit == "jaartal":
        return Markdown(str(int(figure.low)))
    return Markdown(" – ".join(dict.fromkeys((number(figure.low), number(figure.high)))))


def premises_in_words(basis: Basis) -> list[tuple[str, ...]]:
    """What is stated or assumed in words rather than as a number."""
    return [(p.subject, p.text, p.provenance, day(p.dated)) for p in basis.tariff.premises]
