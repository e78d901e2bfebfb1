"""Aandacht: what is asked of whom, which items have no amount, and the deliveries with what was found in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline import dutch
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
WIDTHS = (28, 14, 24, 58, 32, 22)
DELIVERED = {
    "Regels": "rows",
    "Geaccepteerd": "accepted",
    "Vervangen": "replaced",
    "Telt niet mee": "without_effect",
    "Afgekeurd": "rejected",
}


def attention(overview: Overview, tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with all points that ask something of someone; a delivery that was replaced asks nothing."""
    points = [point for point in overview.points if point.attention is not Attention.REPLACED]
    replaced = overview.number_about(Attention.REPLACED)
    said = {"aantal": dutch.number(replaced)}
    return Sheet(
        "Aandacht",
        [
            note(texts.say("stuurgroep_aandacht.uitleg")),
            heading(texts.say("stuurgroep_aandacht.soorten")),
            _kinds(overview),
            heading(texts.say("stuurgroep_aandacht.zonder_bedrag")),
            _without_amount(overview, tariff, texts),
            heading(texts.say("stuurgroep_aandacht.aanleveringen")),
            note(texts.say("stuurgroep_aandacht.telling")),
            *([note(texts.say("stuurgroep_aandacht.vervangen", **said))] if replaced else []),
            _deliveries(overview),
            heading(texts.say("stuurgroep_aandacht.alle")),
            listed(
                "Actiepunten",
                _columns(texts),
                points,
                {"Soort": Fixed("geen actiepunten"), "Aantal": Fixed(0, Style.INTEGER)},
                on_paper=0,
            ),
        ],
        columns=[Column("", width) for width in WIDTHS],
        printed=len(WIDTHS),
        purpose=texts.say("stuurgroep_bladen.aandacht"),
    )


def _columns(texts: Texts) -> list[Column]:
    cells: Mapping[str, Callable[[Point], Cell]] = {
        "Soort": lambda point: Fixed(point.attention.value),
        "Aantal": lambda point: Fixed(point.number, Style.INTEGER),
        "Gemeente": lambda point: Fixed(point.municipality or UNKNOWN),
        ABOUT: lambda point: Fixed(point.said(texts) or "geen toelichting"),
        "Gevraagd": lambda point: Fixed(point.asked(texts)),
        "Wie": lambda point: Fixed(point.whom(texts)),
        "Gemeentecode": lambda point: Fixed(point.code or UNKNOWN),
        "Bestand": lambda point: Fixed(point.file),
        "Regel": _where,
    }
    widths = dict(zip(cells, (*WIDTHS, 15, 34, 14), strict=True))
    return [Column(header, widths[header], cell) for header, cell in cells.items()]


def _where(point: Point) -> Fixed:
    """Where in its delivery it stands."""
    if point.line is None:
        return Fixed("hele bestand")
    return Fixed(point.place) if point.place else Fixed(point.line, Style.YEAR)


def _kinds(overview: Overview) -> Table:
    """How many points there are of each kind."""

    def kind(attention: Attention) -> Fixed:
        return Fixed(attention.value, name="soort_pm" if attention is Attention.PRO_MEMORIE else "")

    def number(attention: Attention) -> Calculated:
        formula = f"SUMIFS(Actiepunten[[#All],[Aantal]],Actiepunten[[#All],[Soort]],{own('Aandacht', 'Soort')[1]})"
        return Calculated(formula, overview.number_about(attention), Style.INTEGER)

    kinds = [each for each in Attention if each is not Attention.REPLACED]
    return Table("Aandacht", [Column("Soort", cell=kind), Column("Aantal", cell=number)], kinds)


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


def _deliveries(overview: Overview) -> Table:
    rows = [
        (Fixed(delivery.name), *(Fixed(getattr(delivery, each), Style.INTEGER) for each in DELIVERED.values()))
        for delivery in overview.deliveries
    ]
    nothing = (Fixed("geen aanleveringen"), *[Fixed(0, Style.INTEGER)] * len(DELIVERED))
    return Table("Aanleveringen", [Column("Bestand"), *map(Column, DELIVERED)], rows or [nothing])
