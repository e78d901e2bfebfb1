"""Gemeenten, of a country with too many for a row each: a row for each province and size class.

The other sheets then hold their values and no formulas over the municipalities, of which the rows are a CSV.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Given
from pipeline.documents.workbooks.formulas import end, status
from pipeline.documents.workbooks.sheets import Column, Sheet, Table, note
from pipeline.documents.workbooks.steering.formulas import column
from pipeline.documents.workbooks.steering.words import FIGURES, MARK
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, NOT_APPLICABLE
from pipeline.model.amounts import Amount
from pipeline.reference.texts import Texts
from pipeline.results.overview import TOTAL, Overview
from pipeline.results.provinces import Group, by_province

_OVER_ROWS = column("")[:-2]
"""How every reference to the table of all municipalities begins."""


def provinces(overview: Overview, texts: Texts, rows: str) -> Sheet:
    """The sheet with what provinces come to; `rows` is the file with a row for each municipality."""
    groups, everything = by_province(overview.municipalities)

    def of(header: str, width: float, value: Callable[[Group], Fixed]) -> Column:
        return Column(header, width, value, value(everything))

    def euros(key: str) -> list[Column]:
        amount: Callable[[Group], Amount] = attrgetter(key)
        ends = [
            of(f"{FIGURES[key]} {bound}", 16, lambda group, bound=bound: Fixed(end(amount(group), bound), Style.EURO))  # type: ignore[misc]
            for bound in BOUNDS
        ]
        return [*ends, of(f"{FIGURES[key]} {MARK}", 9, lambda group: Fixed(status(amount(group)), Style.STATUS))]

    columns = [
        of("Provincie", 26, lambda group: Fixed(group.province or (NOT_APPLICABLE if group.size_class else TOTAL))),
        of("Grootteklasse", 14, lambda group: Fixed(group.size_class or NOT_APPLICABLE)),
        of("Gemeenten", 12, lambda group: Fixed(group.municipalities, Style.INTEGER)),
        of("Zelf aangeleverd", 12, lambda group: Fixed(group.delivered, Style.INTEGER)),
        of("Inwoners", 14, lambda group: Fixed(group.inhabitants, Style.INTEGER)),
        *euros("once"),
        *euros("yearly"),
        of("Bijdragen per jaar", 16, lambda group: Fixed(group.contributions, Style.EURO)),
    ]
    return Sheet(
        "Gemeenten",
        [
            note(texts.say("stuurgroep_gemeenten.te_veel", bestand=rows)),
            Table("Provincies", columns, groups, filters=True),
        ],
        purpose=texts.say("stuurgroep_bladen.provincies"),
    )


def valued(cell: Cell) -> Cell:
    """A cell that counts or adds over all municipalities as the value that comes of it; any other one as it is."""
    if not (isinstance(cell, Calculated) and _OVER_ROWS in cell.formula):
        return cell
    kind = Given if callable(cell.value) else Fixed
    return kind(cell.value, cell.style, cell.name)  # type: ignore[arg-type]
