"""The parts of an OpenDocument spreadsheet beside its content: pages, properties, what is in sight, and the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from pipeline.documents.opendocument.styles import LANGUAGE
from pipeline.documents.opendocument.xml import VERSION, Attributes, document, element
from pipeline.documents.workbooks.places import Stacked
from pipeline.documents.workbooks.sheets import Book, Sheet, Table
from pipeline.documents.workbooks.styles import FONT

_LONG, _SHORT = "297mm", "210mm"


def page_styles(title: str, sheets: Stacked) -> bytes:
    """The pages on which each sheet is printed, with the title at their foot; the document is in Dutch."""
    text = element("style:text-properties", {"fo:font-family": FONT, "fo:font-size": "10pt", **LANGUAGE})
    usual = element("style:default-style", {"style:family": "table-cell"}, text)
    return document(
        "office:document-styles",
        element("office:styles", None, usual),
        element("office:automatic-styles", None, *(_layout(sheet) for sheet, _ in sheets)),
        element("office:master-styles", None, *(_page(title, sheet) for sheet, _ in sheets)),
    )


def _layout(sheet: Sheet) -> Element:
    """An A4 on which the sheet is as many pages wide as it says."""
    wide, high = (_LONG, _SHORT) if sheet.landscape else (_SHORT, _LONG)
    attributes = {
        "fo:page-width": wide,
        "fo:page-height": high,
        "style:print-orientation": "landscape" if sheet.landscape else "portrait",
        "fo:margin": "12mm",
        "style:scale-to-X": sheet.pages[0],
        "style:scale-to-Y": sheet.pages[1] or None,
    }
    foot = element("style:header-footer-properties", {"fo:min-height": "8mm", "fo:margin-top": "4mm"})
    return element(
        "style:page-layout",
        {"style:name": f"pagina_{sheet.name}"},
        element("style:page-layout-properties", attributes),
        element("style:footer-style", None, foot),
    )


def _page(title: str, sheet: Sheet) -> Element:
    number = element("text:p", None, "Pagina ", element("text:page-number"), " van ", element("text:page-count"))
    foot = element(
        "style:footer",
        None,
        element("style:region-left", None, element("text:p", None, title)),
        element("style:region-right", None, number),
    )
    named = {"style:name": sheet.name, "style:page-layout-name": f"pagina_{sheet.name}"}
    return element("style:master-page", named, element("style:header", {"style:display": "false"}), foot)


def meta(title: str, book: Book) -> bytes:
    """What the document says of itself."""
    day = f"{book.created.isoformat()}T00:00:00"
    said = {
        "dc:title": title,
        "dc:subject": book.subject,
        "meta:initial-creator": book.author,
        "dc:creator": book.author,
        "meta:creation-date": day,
        "dc:date": day,
        "dc:language": f"{LANGUAGE['fo:language']}-{LANGUAGE['fo:country']}",
    }
    words = [element("meta:keyword", None, word) for word in book.keywords.split(", ")]
    return document(
        "office:document-meta",
        element("office:meta", None, *(element(tag, None, text) for tag, text in said.items()), *words),
    )


def settings(sheets: Stacked) -> bytes:
    """The header of a table that is kept in sight, with what stands above it, and the first columns."""
    tables = [
        element("config:config-item-map-entry", {"config:name": sheet.name}, *_items(_view(sheet, top)))
        for sheet, blocks in sheets
        for top in [next((row for block, row in blocks if isinstance(block, Table) and block.in_sight), None)]
    ]
    view = element(
        "config:config-item-map-entry",
        None,
        element("config:config-item-map-named", {"config:name": "Tables"}, *tables),
        *_items({"ActiveTable": sheets[0][0].name}),
    )
    views = element("config:config-item-map-indexed", {"config:name": "Views"}, view)
    kept = element("config:config-item-set", {"config:name": "ooo:view-settings"}, views)
    return document("office:document-settings", element("office:settings", None, kept))


def _view(sheet: Sheet, top: int | None) -> Attributes:
    if top is None:
        return {"ShowGrid": False}
    columns, rows = 2 if sheet.pages[0] > 1 else 1, top + 1
    return {
        "HorizontalSplitMode": 2,
        "VerticalSplitMode": 2,
        "HorizontalSplitPosition": columns,
        "VerticalSplitPosition": rows,
        "ActiveSplitRange": 3,
        "PositionLeft": 0,
        "PositionRight": columns,
        "PositionTop": 0,
        "PositionBottom": rows,
        "ShowGrid": False,
    }


def _items(values: Attributes) -> Iterator[Element]:
    for name, value in values.items():
        kind = {bool: "boolean", int: "int"}.get(type(value), "string")
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield element("config:config-item", {"config:name": name, "config:type": kind}, text)


def manifest(mimetype: str, parts: Iterable[str]) -> bytes:
    """The list of parts."""
    whole = {"manifest:full-path": "/", "manifest:version": VERSION, "manifest:media-type": mimetype}
    listed = [{"manifest:full-path": name, "manifest:media-type": "text/xml"} for name in parts]
    return document("manifest:manifest", *(element("manifest:file-entry", each) for each in (whole, *listed)))
