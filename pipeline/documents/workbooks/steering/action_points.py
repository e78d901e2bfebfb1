"""Actiepunten: what is asked of whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed
from pipeline.documents.workbooks.sheets import Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import count, own
from pipeline.documents.workbooks.steering.tables import listed
from pipeline.documents.workbooks.styles import Style
from pipeline.model.items import SOFTWARE, Item
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, Point
from pipeline.results.overview import Overview

ABOUT = "Waar het om gaat"
UNKNOWN = "onbekend"


CELLS: Mapping[str, Callable[[Point], Cell]] = {
    "Soort": lambda point: Fixed(point.attention.value),
    "Aantal": lambda point: Fixed(point.number, Style.INTEGER),
    "Gemeente": lambda point: Fixed(point.municipality or UNKNOWN),
    "Bestand": lambda point: Fixed(point.file),
    "Regel": lambda point: Fixed("hele bestand") if point.line is None else Fixed(point.line, Style.YEAR),
}
"""Which kind of point it is, how many it stands for, and where it comes from."""


def action_points(overview: Overview, tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with all points that ask something of someone."""

    def about(point: Point) -> Fixed:
        return Fixed(texts.of(point.item).name if point.item else point.about or "geen toelichting")

    widths = {"Soort": 28, "Aantal": 13, "Gemeente": 26, "Bestand": 34, "Regel": 14}
    columns = [
        *(Column(header, width, CELLS[header]) for header, width in widths.items()),
        Column(ABOUT, 46, about),
        Column("Wie", 24, lambda point: Fixed(point.whom(texts))),
        Column("Gevraagd", 46, lambda point: Fixed(point.asked(texts))),
    ]
    points = [point for point in overview.points if point.attention is not Attention.REPLACED]
    nothing = {"Soort": Fixed("geen actiepunten"), "Aantal": Fixed(0)}
    return Sheet(
        "Actiepunten",
        [
            note("Wat van wie wordt gevraagd, met de regel waar het vandaan komt."),
            _without_amount(overview, tariff, texts),
            heading("Alle actiepunten"),
            listed("Actiepunten", columns, points, nothing),
        ],
        purpose="wat van wie wordt gevraagd",
    )


def _without_amount(overview: Overview, tariff: Tariff, texts: Texts) -> Table:
    """How many municipalities have each item that may be without an amount."""
    of_item = (ABOUT, own("PostenZonderBedrag", "Post zonder bedrag")[1])
    number = count(("Soort", "soort_pm"), of_item, table="Actiepunten")

    def counted(item: Item) -> Calculated:
        return Calculated(number, overview.unquantified.get(item, 0), Style.INTEGER)

    columns = [
        Column("Post zonder bedrag", cell=lambda item: Fixed(texts.of(item).name)),
        Column("Gemeenten", cell=counted),
    ]
    items = [i for i in tariff.items if i != SOFTWARE and (i.amount is None or i.amount.pro_memorie)]
    return Table("PostenZonderBedrag", columns, items)
