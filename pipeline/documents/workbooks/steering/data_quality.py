"""Datakwaliteit: the deliveries, and what there was to say about them."""

from __future__ import annotations

from pipeline.documents.workbooks.cells import Fixed
from pipeline.documents.workbooks.sheets import Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.action_points import CELLS, UNKNOWN
from pipeline.documents.workbooks.steering.tables import listed
from pipeline.documents.workbooks.styles import Style
from pipeline.results.action_points import Attention
from pipeline.results.overview import DELIVERY_COUNTS, Overview

ON_DATA = (Attention.REJECTED, Attention.UNREADABLE, Attention.WARNING, Attention.REPLACED)


def data_quality(overview: Overview) -> Sheet:
    """The sheet with the deliveries and with what was rejected, replaced or doubtful in them."""
    return Sheet(
        "Datakwaliteit",
        [
            note("De aanleveringen, in volgorde van naam. Een vervangen regel telt niet meer mee: een latere geldt."),
            note(DELIVERY_COUNTS),
            _deliveries(overview),
            heading("Bevindingen"),
            _findings(overview),
        ],
        purpose="aanleveringen en wat eraan opviel",
    )


def _deliveries(overview: Overview) -> Table:
    numbers = {
        "Regels": "rows",
        "Geaccepteerd": "accepted",
        "Vervangen": "replaced",
        "Telt niet mee": "without_effect",
        "Afgekeurd": "rejected",
    }
    rows = [
        (Fixed(delivery.name), *(Fixed(getattr(delivery, each), Style.INTEGER) for each in numbers.values()))
        for delivery in overview.deliveries
    ]
    nothing = (Fixed("geen aanleveringen"), *[Fixed(0, Style.INTEGER)] * len(numbers))
    return Table("Aanleveringen", [Column("Bestand"), *map(Column, numbers)], rows or [nothing])


def _findings(overview: Overview) -> Table:
    """The points on the deliveries, by where they stand."""
    widths = {"Bestand": 36, "Regel": 14, "Soort": 24, "Aantal": 12, "Gemeente": 26}
    columns = [
        *(Column(header, width, CELLS[header]) for header, width in widths.items()),
        Column("Gemeentecode", 15, lambda point: Fixed(point.code or UNKNOWN)),
        Column("Bevinding", 90, lambda point: Fixed(point.about)),
    ]
    points = [point for kind in ON_DATA for point in overview.about(kind)]
    return listed("Bevindingen", columns, points, {"Bestand": Fixed("geen bevindingen"), "Aantal": Fixed(0)})
