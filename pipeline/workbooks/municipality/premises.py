"""Uitgangspunten: every figure of the tariff with its unit, date and source."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.figures import NamedFigure, Shown, shown_figures
from pipeline.tariffs import Tariff
from pipeline.workbooks.municipality.names import PM
from pipeline.workbooks.sheets import Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.styles import Style


def premises(tariff: Tariff) -> Sheet:
    """The sheet that shows each figure and each premise, and whether the source states it."""
    g4 = tariff.g4
    rows = [row for figure in shown_figures(tariff) for row in _rows(figure)]
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


def _rows(named: NamedFigure[Shown]) -> Iterator[list[Cell]]:
    """A row for a figure, or one for each end of a range; a cell to which formulas refer is named."""
    figure, label, cell = named.figure, named.named.label, named.named.cell
    for end, value in figure.ends:
        yield [
            Fixed(f"{label}, {end}" if end else label),
            Fixed(
                PM if value is None else float(value),
                Style[figure.look.name],
                f"{cell}_{end}" if cell and end else cell,
            ),
            Fixed(figure.unit),
            Fixed(figure.provenance),
            Fixed(figure.dated, Style.DATE),
            Fixed(figure.source),
        ]
