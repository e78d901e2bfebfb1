"""Actiepunten and Datakwaliteit: what is asked of whom, and what there was to say about the deliveries."""

from __future__ import annotations

from pipeline.attention import Attention, Point
from pipeline.intake import Delivery
from pipeline.items import SOFTWARE, Item
from pipeline.overview import DELIVERY_COUNTS, Overview
from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.names import NOT_APPLICABLE
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.steering.formulas import count, this_row
from pipeline.workbooks.styles import Style

ON_DATA = (Attention.REJECTED, Attention.UNREADABLE, Attention.WARNING, Attention.REPLACED)
UNKNOWN, WHOLE_FILE = "onbekend", "hele bestand"
ABOUT = "Waar het om gaat"


def unquantifiable(tariff: Tariff) -> tuple[Item, ...]:
    """The items that may be without an amount."""
    return tuple(i for i in tariff.items if i != SOFTWARE and (i.amount is None or i.amount.pro_memorie))


def action_points(overview: Overview, tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with all points that ask something of someone."""
    points = [point for point in overview.points if point.attention is not Attention.REPLACED]
    own = (ABOUT, this_row("PostenZonderBedrag", "Post zonder bedrag"))
    return Sheet(
        "Actiepunten",
        (28, 13, 26, 34, 14, 46, 24, 46),
        [
            Line(Fixed("Actiepunten", Style.TITLE), 30),
            Line(Fixed("Wat van wie wordt gevraagd, met de regel waar het vandaan komt.", Style.NOTE)),
            Table(
                "PostenZonderBedrag",
                ["Post zonder bedrag", "Gemeenten"],
                [
                    [
                        Fixed(texts.of(item).name),
                        Calculated(
                            f"zonder_bedrag_{item.key}",
                            f"={count(('Soort', 'soort_pm'), own, table='Actiepunten')}",
                            Style.INTEGER,
                            False,
                        ),
                    ]
                    for item in unquantifiable(tariff)
                ],
            ),
            Line(Fixed("Alle actiepunten", Style.HEADING), 24),
            Table(
                "Actiepunten",
                ["Soort", "Aantal", "Gemeente", "Bestand", "Regel", ABOUT, "Wie", "Gevraagd"],
                [
                    [*_place(point), Fixed(_about(point, texts)), Fixed(point.whom(texts)), Fixed(point.asked(texts))]
                    for point in points
                ]
                or [[Fixed("geen actiepunten"), Fixed(0), *(Fixed(NOT_APPLICABLE) for _ in range(6))]],
                filters=True,
            ),
        ],
        landscape=True,
    )


def data_quality(overview: Overview) -> Sheet:
    """The sheet with the deliveries and with what was rejected, replaced or doubtful in them."""
    points = [point for kind in ON_DATA for point in overview.about(kind)]
    deliveries: list[list[Cell]] = [
        [
            Fixed(delivery.name),
            *(Fixed(number, Style.INTEGER) for number in _counts(delivery)),
        ]
        for delivery in overview.deliveries
    ]
    return Sheet(
        "Datakwaliteit",
        (36, 14, 24, 12, 26, 15, 90),
        [
            Line(Fixed("Datakwaliteit", Style.TITLE), 30),
            Line(
                Fixed(
                    "De aanleveringen, in volgorde van naam. Een vervangen regel telt niet meer mee: een latere geldt.",
                    Style.NOTE,
                )
            ),
            Line(Fixed(DELIVERY_COUNTS, Style.NOTE)),
            Table(
                "Aanleveringen",
                ["Bestand", "Regels", "Geaccepteerd", "Vervangen", "Telt niet mee", "Afgekeurd"],
                deliveries or [[Fixed("geen aanleveringen"), *(Fixed(0, Style.INTEGER) for _ in range(5))]],
            ),
            Line(Fixed("Bevindingen", Style.HEADING), 24),
            Table(
                "Bevindingen",
                ["Bestand", "Regel", "Soort", "Aantal", "Gemeente", "Gemeentecode", "Bevinding"],
                [_finding(point) for point in points]
                or [
                    [
                        *(Fixed(text) for text in ("geen bevindingen", *[NOT_APPLICABLE] * 2)),
                        Fixed(0),
                        *[Fixed(NOT_APPLICABLE)] * 3,
                    ]
                ],
                filters=True,
            ),
        ],
        landscape=True,
    )


def _counts(delivery: Delivery) -> tuple[int, ...]:
    return (delivery.rows, delivery.accepted, delivery.replaced, delivery.without_effect, delivery.rejected)


def _place(point: Point) -> tuple[Cell, Cell, Cell, Cell, Cell]:
    """Which kind of point it is, how many it stands for, and where it comes from."""
    return (
        Fixed(point.attention.value),
        Fixed(point.number, Style.INTEGER),
        Fixed(point.municipality or UNKNOWN),
        Fixed(point.file),
        Fixed(WHOLE_FILE) if point.line is None else Fixed(point.line, Style.YEAR),
    )


def _finding(point: Point) -> list[Cell]:
    """A point on the deliveries, by where it stands."""
    kind, number, municipality, file, line = _place(point)
    return [file, line, kind, number, municipality, Fixed(point.code or UNKNOWN), Fixed(point.about)]


def _about(point: Point, texts: Texts) -> str:
    return texts.of(point.item).name if point.item else point.about or "geen toelichting"
