"""How cells look, in OpenDocument: the styles of the workbooks, each written once for the cells that have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from pipeline.documents.opendocument.xml import Attributes, element
from pipeline.documents.workbooks import styles
from pipeline.documents.workbooks.styles import Position, Style

LANGUAGE = {"fo:language": "nl", "fo:country": "NL"}
_NUMBERS: Mapping[str, tuple[str, Attributes]] = {
    styles.EUROS: ("€ ", {"number:grouping": "true", "number:decimal-places": 2}),
    styles.HOURS: ("", {}),
    "#,##0": ("", {"number:grouping": "true", "number:decimal-places": 0}),
    "0": ("", {"number:decimal-places": 0}),
}
"""What stands before a number and how it is written, by its format in a workbook.

A format cannot show decimals only where there are any, as the workbooks do by a condition: euros have cents here.
"""
_VERTICAL = {"vcenter": "middle", "bottom": "bottom"}
_HORIZONTAL = {"left": "start", "right": "end"}


class Looks:
    """The styles of a document, by name; what is asked for once is made once."""

    def __init__(self) -> None:
        self._names: dict[object, str] = {}
        self.elements: list[Element] = []

    def cell(self, style: Style, position: Position = Position.LOOSE, *, is_input: bool = False) -> str:
        """The style of cells."""
        look = styles.properties(style, position, is_input=is_input)
        number = self._number(str(look["num_format"])) if look.get("num_format", "General") != "General" else None
        attributes = {"style:family": "table-cell", "style:data-style-name": number}
        return self._named("cel", attributes, *_cell(look))

    def column(self, width: float) -> str:
        """The style of columns so many characters wide."""
        wide = element("style:table-column-properties", {"style:column-width": f"{(width * 7 + 5) / 96:.4f}in"})
        return self._named("kolom", {"style:family": "table-column"}, wide)

    def row(self, height: float, *, grows: bool) -> str:
        """The style of rows so many points high, or higher when they get more text if they are to grow."""
        high = {"style:row-height": f"{height:g}pt", "style:use-optimal-row-height": str(grows).lower()}
        return self._named("rij", {"style:family": "table-row"}, element("style:table-row-properties", high))

    def table(self, page: str) -> str:
        """The style of a sheet that is printed on such pages."""
        shown = element("style:table-properties", {"table:display": "true"})
        return self._named("blad", {"style:family": "table", "style:master-page-name": page}, shown)

    def _number(self, format_: str) -> str:
        """The style of numbers in a format of the workbooks."""
        if format_ == "@":
            return self._add("tekst", format_, element("number:text-style", None, element("number:text-content")))
        before, how = _NUMBERS[format_]
        digits = element("number:number", {"number:min-integer-digits": 1} | dict(how))
        parts = [element("number:text", None, before)] if before else []
        return self._add("getal", format_, element("number:number-style", None, *parts, digits))

    def _named(self, kind: str, attributes: Attributes, *within: Element) -> str:
        key = (kind, *attributes.items(), *(tuple(sorted(each.items())) for each in within))
        return self._add(kind, key, element("style:style", attributes, *within))

    def _add(self, kind: str, key: object, made: Element) -> str:
        if key not in self._names:
            self._names[key] = f"{kind}{len(self._names) + 1}"
            made.set("style:name", self._names[key])
            self.elements.append(made)
        return self._names[key]


def _cell(look: Mapping[str, Any]) -> list[Element]:
    """What the properties of a format in a workbook are in OpenDocument."""

    def line(side: str) -> str | None:
        width = look.get(side)
        return f"{0.75 * width:g}pt solid {look[f'{side}_color'].lower()}" if width else None

    around = line("border")
    cell = {
        "fo:background-color": look["bg_color"].lower() if "bg_color" in look else None,
        "fo:border": around,
        "fo:border-top": None if around else line("top"),
        "fo:border-bottom": None if around else line("bottom"),
        "fo:wrap-option": "wrap" if look.get("text_wrap") else None,
        "style:cell-protect": "none" if look.get("locked") is False else "protected",
        "style:text-align-source": "fix",
        "style:vertical-align": _VERTICAL[look["valign"]],
    }
    side = _HORIZONTAL[look["align"]]
    text = {
        "fo:color": look["font_color"].lower(),
        "fo:font-family": look["font_name"],
        "fo:font-size": f"{look['font_size']}pt",
        "fo:font-weight": "bold" if look.get("bold") else None,
        "fo:font-style": "italic" if look.get("italic") else None,
        "style:text-underline-style": "solid" if look.get("underline") else None,
    }
    return [
        element("style:table-cell-properties", cell),
        element("style:paragraph-properties", {"fo:text-align": side, f"fo:margin-{_EDGES[side]}": "0.1in"}),
        element("style:text-properties", text),
    ]


_EDGES = {"start": "left", "end": "right"}
