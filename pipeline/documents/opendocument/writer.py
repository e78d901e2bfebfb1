"""From a described workbook to the bytes of an OpenDocument spreadsheet, without formulas or charts: a form.

It takes what `pipeline.documents.workbooks.placed` gives; the same description gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from xml.etree.ElementTree import Element

from xlsxwriter.utility import xl_rowcol_to_cell

from pipeline.documents.opendocument.parts import manifest, meta, page_styles, settings
from pipeline.documents.opendocument.styles import Looks
from pipeline.documents.opendocument.xml import document, element, paragraphs
from pipeline.documents.workbooks.cells import Cell, Fixed, Input, Rule
from pipeline.documents.workbooks.heights import LINE_HEIGHT, grows, header_height, row_height
from pipeline.documents.workbooks.placed import Placed
from pipeline.documents.workbooks.sheets import Block, Line, Link, Sheet, Table
from pipeline.documents.workbooks.strings import check_part, wrong
from pipeline.documents.workbooks.styles import Position, Style

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def write(placed: Placed) -> bytes:
    """Write the spreadsheet.

    Raises:
        WorkbookError: if there is something in the description that a form has not, or refers to what is not in it.
    """
    title = placed.titled(None)
    parts = {
        "content.xml": _Writer(placed).content(),
        "styles.xml": page_styles(title, placed.sheets),
        "meta.xml": meta(title, placed.book),
        "settings.xml": settings(placed.sheets),
    }
    parts["META-INF/manifest.xml"] = manifest(MIMETYPE, parts)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE, zipfile.ZIP_STORED)  # first, and as it is
        for name, data in parts.items():
            check_part(title, name, data)
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


class _Writer:
    """The content of one spreadsheet being written: its styles and rules are known when its cells are."""

    def __init__(self, placed: Placed) -> None:
        self.placed = placed
        self.names = placed.names  # with that it is checked
        self.looks = Looks()
        self.rules: list[Element] = []
        self.tables: list[Element] = []

    def content(self) -> bytes:
        """The part with the sheets."""
        sheets = [self._sheet(sheet, blocks) for sheet, blocks in self.placed.sheets]
        body = element(
            "office:spreadsheet",
            None,
            element("table:content-validations", None, *self.rules),
            *sheets,
            element("table:database-ranges", None, *self.tables),
        )
        styles = element("office:automatic-styles", None, *self.looks.elements)
        return document("office:document-content", styles, element("office:body", None, body))

    def _sheet(self, sheet: Sheet, blocks: Sequence[tuple[Block, int]]) -> Element:
        widths = [element("table:table-column", {"table:style-name": self.looks.column(w)}) for w in sheet.widths]
        kept = 2 if sheet.pages[0] > 1 else 0
        first = [element("table:table-header-columns", None, *widths[:kept])] if kept else []
        attributes = {
            "table:name": sheet.name,
            "table:style-name": self.looks.table(sheet.name),
            "table:protected": "true" if sheet.protected else None,
        }
        rows = [row for block, top in blocks for row in self._block(sheet, block, top)]
        return element("table:table", attributes, *first, *widths[kept:], *rows)

    def _block(self, sheet: Sheet, block: Block, top: int) -> Iterator[Element]:
        match block:
            case Line(cell, height):
                yield self._row([self._cell(cell, Position.LOOSE)], height or LINE_HEIGHT)
            case Link(text, to):
                link = element("text:a", {"xlink:type": "simple", "xlink:href": f"#{to}.A1"}, text)
                attributes = {"table:style-name": self.looks.cell(Style.LINK), "office:value-type": "string"}
                yield self._row([element("table:table-cell", attributes, element("text:p", None, link))], LINE_HEIGHT)
            case Table():
                yield from self._table(sheet, block, top)
            case _:
                raise wrong(self.placed.titled(None), f"{sheet.name} has a {type(block).__name__}, which no form has")

    def _table(self, sheet: Sheet, table: Table, top: int) -> Iterator[Element]:
        corners = (top, 0), (top + len(table.cells), len(table.columns) - 1)
        target = ":".join(f"{sheet.name}.{xl_rowcol_to_cell(*corner)}" for corner in corners)
        self.tables.append(
            element("table:database-range", {"table:name": table.name, "table:target-range-address": target})
        )
        numeric = [all(cells[n].style.numeric for cells in table.cells) for n in range(len(table.columns))]
        headers = [
            self._cell(Fixed(header, Style.NUMBER_HEADER if right else Style.HEADER), Position.LOOSE)
            for header, right in zip(table.headers, numeric, strict=True)
        ]
        header = self._row(headers, header_height(table.headers, sheet.widths))
        yield element("table:table-header-rows", None, header) if table.in_sight else header
        rules = [
            self._rule(column.rule, f"{sheet.name}.{xl_rowcol_to_cell(top + 1, place)}") if column.rule else None
            for place, column in enumerate(table.columns)
        ]
        for cells in table.cells:
            written = [self._cell(cell, Position.IN_TABLE, rule) for cell, rule in zip(cells, rules, strict=True)]
            yield self._row(written, row_height(cells, sheet.widths), grows=grows(cells))

    def _row(self, cells: Sequence[Element], height: float, *, grows: bool = False) -> Element:
        return element("table:table-row", {"table:style-name": self.looks.row(height, grows=grows)}, *cells)

    def _cell(self, cell: Cell, position: Position, rule: str | None = None) -> Element:
        look = self.looks.cell(cell.style, position, is_input=isinstance(cell, Input))
        attributes: dict[str, object] = {"table:style-name": look, "table:content-validation-name": rule}
        match cell.value if isinstance(cell, (Fixed, Input)) else None:
            case "":
                return element("table:table-cell", attributes)
            case str() as text:
                return element("table:table-cell", attributes | {"office:value-type": "string"}, *paragraphs(text))
            case int() | float() | Decimal() as number:
                return element("table:table-cell", attributes | {"office:value-type": "float", "office:value": number})
        raise wrong(self.placed.titled(None), f"{cell} is in it, which no form has")

    # --- What may be typed --------------------------------------------------------------------------------------------

    def _rule(self, rule: Rule, first: str) -> str:
        """The name of a rule, which holds from a first cell on."""
        name = f"regel{len(self.rules) + 1}"
        attributes = {
            "table:name": name,
            "table:condition": self._condition(rule.criteria),
            "table:allow-empty-cell": "true",
            "table:display-list": "unsorted",
            "table:base-cell-address": first,
        }
        shown = {"table:title": rule.title, "table:display": "true"}
        asked = element("table:help-message", shown, *paragraphs(rule.message))
        told = shown | {"table:message-type": "stop"}
        refused = element("table:error-message", told, *paragraphs(rule.error or rule.message))
        self.rules.append(element("table:content-validation", attributes, asked, refused))
        return name

    def _condition(self, criteria: Mapping[str, object]) -> str | None:
        match criteria:
            case {"validate": "list", "source": str() as name}:
                return f"of:cell-content-is-in-list([{self._range(name.removeprefix('='))}])"
            case {"validate": "list", "source": [*words]}:
                quoted = ";".join(f'"{word}"' for word in words)
                return f"of:cell-content-is-in-list({quoted})"
            case {"validate": "integer" | "decimal" as kind, "minimum": low, "maximum": high}:
                number = "whole" if kind == "integer" else "decimal"
                return f"of:cell-content-is-{number}-number() and cell-content-is-between({low},{high})"
            case {"validate": "length", "value": most}:
                return f"of:cell-content-text-length()<={most}"
        return None

    def _range(self, name: str) -> str:
        """Where the words stand that a name is for: `$Uitleg.$A$2:.$A$4`."""
        found = re.fullmatch(r"='(.+)'!(\S+?)(?::(\S+))?", self.names[name])
        if not found:
            raise wrong(self.placed.titled(None), f"{name} is no range")
        return f"${found[1]}.{found[2]}:.{found[3] or found[2]}"
