"""Uitgangspunten: every figure of the tariff with its unit, date and source."""

from __future__ import annotations

from decimal import Decimal

from pipeline.results import NamedFigure, named_figures
from pipeline.tariffs import Tariff
from pipeline.workbooks.sheets import Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.styles import Style

STYLES = {
    "EUR per jaar": Style.EURO,
    "EUR per uur": Style.EURO,
    "inwoners": Style.INTEGER,
    "jaartal": Style.YEAR,
}
"""How a figure looks, by its unit; other units are plain numbers."""

RANGES = frozenset({"saas"})
"""Figures that are a range, by key: a row for each end, even if a tariff makes both the same."""

NAMED = frozenset({"software", "saas_laag", "saas_hoog"})
"""Figures to which formulas refer: their cells have the key as their name."""


def premises(tariff: Tariff) -> Sheet:
    """The sheet that shows each figure and each premise, and whether the source states it."""
    g4 = tariff.g4
    rows = [row for figure in named_figures(tariff) for row in _rows(figure)]
    rows.append(
        [
            *(Fixed("G4"), Fixed(", ".join(sorted(g4.codes))), Fixed("gemeentecodes")),
            *(Fixed(g4.provenance), Fixed(g4.dated, Style.DATE), Fixed(g4.source)),
        ]
    )
    rows += [
        [
            *(Fixed(premise.subject), Fixed("in woorden"), Fixed("n.v.t.")),
            *(Fixed(premise.provenance), Fixed(premise.dated, Style.DATE), Fixed(premise.text)),
        ]
        for premise in tariff.premises
    ]
    return Sheet(
        "Uitgangspunten",
        (27, 18, 17, 12, 18, 78),
        [
            Line(Fixed("Uitgangspunten", Style.TITLE), 30),
            Line(
                Fixed(
                    "Elk bedrag en elke grens van het tarief, met eenheid, datum en bron. Vermeld: het staat in "
                    "de bron. Aanname: het staat daar niet; wij nemen het aan.",
                    Style.NOTE,
                )
            ),
            Table("Uitgangspunten", ["Uitgangspunt", "Waarde", "Eenheid", "Herkomst", "Datum", "Bron of uitleg"], rows),
        ],
        landscape=True,
        purpose="elk bedrag met bron en datum",
    )


def _rows(figure: NamedFigure) -> list[list[Cell]]:
    """A row for a figure, or one for each end of a range."""
    if figure.key not in RANGES:
        return [_row(figure, figure.label, figure.low, figure.key)]
    ends = (("laag", figure.low), ("hoog", figure.high))
    return [_row(figure, f"{figure.label}, {bound}", value, f"{figure.key}_{bound}") for bound, value in ends]


def _row(figure: NamedFigure, label: str, value: Decimal, key: str) -> list[Cell]:
    return [
        Fixed(label),
        Fixed(float(value), STYLES.get(figure.unit, Style.DECIMAL), key if key in NAMED else ""),
        Fixed(figure.unit),
        Fixed(figure.provenance),
        Fixed(figure.dated, Style.DATE),
        Fixed(figure.source),
    ]
