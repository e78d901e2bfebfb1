"""Workbooks of LibreOffice and others (.ods): sheets, cells and defined names.

All sheets stand in one part, which is read as a stream. What is said to be repeated, often to the last row or column
of a sheet, is repeated only where something stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from msgspec import structs

from pipeline.intake.readers.dialect import Remark, Row
from pipeline.intake.readers.spreadsheets.containers import Container, damaged, encrypted
from pipeline.intake.readers.spreadsheets.markup import elements, too_many_names
from pipeline.intake.readers.spreadsheets.sheets import (
    KEPT,
    MOST_CELLS,
    MOST_LINES,
    MOST_NAMES,
    TRUTH,
    Look,
    NamedCell,
    Noted,
    Sheet,
    Workbook,
    error_in,
    letters,
    named_cell,
    number_text,
    places,
    row_of,
    without_value,
)

CONTENT = "content.xml"
_MOST_SHEETS = 2_000
_LOOKS = {"float": Look.NUMBER, "currency": Look.NUMBER, "percentage": Look.PERCENT}
_WHITE = {"text:s": " ", "text:tab": "\t", "text:line-break": "\n"}
_CELLS = ("table:table-cell", "table:covered-table-cell")


def read_opendocument(container: Container) -> Workbook:
    """The workbook in a zip; its rows are held, those that are repeated once.

    Raises:
        Refused: if it is damaged or encrypted.
    """
    manifest = "META-INF/manifest.xml"
    if manifest in container and b"encryption-data" in b"".join(container.held(manifest)):
        raise encrypted()
    document = _Document()
    pieces = container.pieces(CONTENT)
    for _ in elements(pieces, document.start, document.text, document.end, tags=container.tags):
        document.finish_rows()
    document.finish_rows(last=True)
    if not document.tables:
        raise damaged()
    sheets = [
        Sheet(table.name, table.style in document.hidden, partial(_repeated, table.rows), table.noted)
        for table in document.tables
    ]
    macros = any(entry.startswith("Basic/") for entry in container.file.NameToInfo)
    return Workbook(sheets, document.names, macros)


@dataclass(slots=True)
class _Cell:
    """A cell as it comes by: its attributes, and the paragraphs in it."""

    of: Mapping[str, str]
    paragraphs: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Add text to the last paragraph."""
        if self.paragraphs and len(self.paragraphs[-1]) < KEPT:
            self.paragraphs[-1] += text[:KEPT]

    @property
    def text(self) -> str:
        """What is seen in it."""
        return "\n".join(self.paragraphs)[:KEPT] or self.of.get("office:string-value", "")[:KEPT]


@dataclass(slots=True)
class _Table:
    """A sheet as it comes by: its filled rows, each with how often it is repeated, and the next line."""

    name: str
    style: str
    rows: list[tuple[Row, int]] = field(default_factory=list)
    noted: Noted = field(default_factory=Noted)
    line: int = 1


def _repeated(rows: list[tuple[Row, int]]) -> Iterator[Row]:
    """The filled rows of a sheet, those that are repeated as often as they are."""
    for row, times in rows:
        yield row
        for line in range(row.line + 1, row.line + times):
            yield structs.replace(row, line=line)


class _Document:
    """The content of a workbook, gathered from its tags as they come by.

    `tables` are its sheets, `hidden` the styles of those that are not shown, `struck` the styles with a line through
    the text, and `names` its defined names.
    """

    def __init__(self) -> None:
        self.tables: list[_Table] = []
        self.hidden: set[str] = set()
        self.struck: set[str] = set()
        self.names: dict[str, NamedCell] = {}
        self._style = ""
        self._rows: list[tuple[_Table, Mapping[str, str], list[_Cell]]] = []
        self._cells: list[_Cell] = []
        self._beside = 0
        self._texts: dict[str, str] = {}

    def start(self, tag: str, of: Mapping[str, str]) -> None:
        """Take an element."""
        if tag.startswith("draw:") or tag == "office:annotation":
            self._beside += 1  # what stands in a note or a shape stands in no cell
        elif self._beside:
            return
        elif tag in _CELLS:
            self._cells.append(_Cell(of))
        elif tag == "table:table-row" and self.tables:
            self._cells = []
            self._rows.append((self.tables[-1], of, self._cells))
        elif tag == "text:p" and self._cells:
            self._cells[-1].paragraphs.append("")
        elif tag in _WHITE and self._cells:
            self._cells[-1].add(_WHITE[tag] * min(_times(of.get("text:c")), KEPT))
        else:
            self._start_beside_rows(tag, of)

    def _start_beside_rows(self, tag: str, of: Mapping[str, str]) -> None:
        if tag == "table:table":
            self.finish_rows(last=True)
            self._cells = []
            self.tables.append(_Table(of.get("table:name", ""), of.get("table:style-name", "")))
        elif tag == "style:style":
            self._style = of.get("style:name", "")
        elif tag == "style:table-properties" and of.get("table:display") == "false":
            self.hidden.add(self._style)
        elif tag == "style:text-properties" and of.get("style:text-line-through-style", "none") != "none":
            self.struck.add(self._style)
        elif tag == "table:named-range" and (cell := named_cell(of.get("table:cell-range-address", ""))):
            self.names[of.get("table:name", "")] = cell
            if len(self.names) > MOST_NAMES:
                raise too_many_names()

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag.startswith("draw:") or tag == "office:annotation":
            self._beside -= 1

    def text(self, found: str) -> None:
        """Take what stands between tags."""
        if self._cells and not self._beside:
            self._cells[-1].add(found)

    def finish_rows(self, *, last: bool = False) -> None:
        """Keep what stands in the rows that came by, but for the last one, which may go on.

        Raises:
            Refused: if there are more cells in a row, or sheets, than any program writes.
        """
        if len(self._cells) > MOST_CELLS or len(self.tables) > _MOST_SHEETS:
            raise damaged()
        done = len(self._rows) if last else max(len(self._rows) - 1, 0)
        for table, of, cells in self._rows[:done]:
            times = _times(of.get("table:number-rows-repeated"))
            filled, remarks = _filled(cells, table)
            if row := row_of(table.line, filled, places(table.name), remarks) if filled else None:
                texts = tuple(self._texts.setdefault(text, text) for text in row.fields)
                times = min(times, MOST_LINES - table.line + 1)
                table.rows.append((structs.replace(row, fields=texts), times))
                if of.get("table:visibility", "visible") != "visible":
                    table.noted.unseen.extend(range(table.line, table.line + times))
                if any(cell.text and cell.of.get("table:style-name") in self.struck for cell in cells):
                    table.noted.struck.extend(range(table.line, table.line + times))
            table.line = min(table.line + times, MOST_LINES)
        del self._rows[:done]


def _times(written: str | None) -> int:
    """How often something is repeated."""
    if written is None:
        return 1
    return max(int(written), 1) if written.isdecimal() and len(written) < 9 else 1


def _filled(cells: list[_Cell], table: _Table) -> tuple[dict[int, str], list[Remark]]:
    """What stands in a row by column, and what there is to say of it."""
    filled: dict[int, str] = {}
    remarks: list[Remark] = []
    at = 0
    for cell in cells:
        of, times = cell.of, _times(cell.of.get("table:number-columns-repeated"))
        text = _value(cell)
        lost = not text and "table:formula" in of and "office:value-type" not in of
        if text or lost:
            if at + times > MOST_CELLS:
                raise damaged()
            for column in range(at, at + times):
                filled[column] = text
                if lost:
                    remarks.append(without_value(column))
                elif of.get("calcext:value-type") == "error":
                    remarks.append(error_in(column))
        down, right = _times(of.get("table:number-rows-spanned")), _times(of.get("table:number-columns-spanned"))
        if (down, right) != (1, 1) and at + right <= MOST_CELLS:
            last = f"{letters(at + right - 1)}{table.line + down - 1}"
            table.noted.merged.append(f"{letters(at)}{table.line}:{last}")
        at += times
    return filled, remarks


def _value(cell: _Cell) -> str:
    """The text of a cell by its kind of value."""
    of = cell.of
    kind = of.get("office:value-type", "")
    if of.get("calcext:value-type") != "error":
        if kind in _LOOKS:
            return number_text(of.get("office:value", "").strip(), _LOOKS[kind])
        if kind == "date":
            return of.get("office:date-value", "").removesuffix("T00:00:00")
        if kind == "boolean":
            return TRUTH.get(of.get("office:boolean-value", ""), "")
    return cell.text
