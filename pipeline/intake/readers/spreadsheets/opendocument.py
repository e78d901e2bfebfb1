"""Workbooks of LibreOffice and others (.ods): sheets, cells and defined names.

All sheets stand in one part, which is read as a stream. What is said to be repeated, often to the last row or column
of a sheet, is repeated only where something stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from pipeline.intake.readers.dialect import Remark, Row
from pipeline.intake.readers.spreadsheets.containers import Container, damaged, encrypted
from pipeline.intake.readers.spreadsheets.markup import elements
from pipeline.intake.readers.spreadsheets.sheets import (
    KEPT,
    MOST_CELLS,
    MOST_LINES,
    TRUTH,
    Look,
    NamedCell,
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
_CELLS = ("table:table-cell", "table:covered-table-cell")


def read_opendocument(container: Container) -> Workbook:
    """The workbook in a zip.

    Raises:
        Refused: if it is damaged or encrypted.
    """
    manifest = "META-INF/manifest.xml"
    if manifest in container and b"encryption-data" in container.read(manifest):
        raise encrypted()
    listed: list[tuple[str, str]] = []
    names: dict[str, NamedCell] = {}
    hidden: set[str] = set()
    style = ""

    def start(tag: str, of: Mapping[str, str]) -> None:
        nonlocal style
        if tag == "table:table":
            listed.append((of.get("table:name", ""), of.get("table:style-name", "")))
        elif tag == "style:style":
            style = of.get("style:name", "")
        elif tag == "style:table-properties" and of.get("table:display") == "false":
            hidden.add(style)
        elif tag == "table:named-range" and (cell := named_cell(of.get("table:cell-range-address", ""))):
            names[of.get("table:name", "")] = cell

    for _ in elements(container.pieces(CONTENT), start, lambda _: None):
        if len(listed) > _MOST_SHEETS:
            raise damaged()
    if not listed:
        raise damaged()
    sheets = []
    for number, (name, styled) in enumerate(listed):
        merged: list[str] = []
        sheets.append(Sheet(name, styled in hidden, partial(_rows, container, number, name, merged), merged))
    macros = any(entry.startswith("Basic/") for entry in container.file.NameToInfo)
    return Workbook(sheets, names, macros)


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


_Written = tuple[int, list[_Cell]]
"""How often a row is repeated, and its cells."""


def _rows(container: Container, number: int, sheet: str, merged: list[str]) -> Iterator[Row]:
    """The filled rows of a sheet, by its number; the ranges of its merged cells are put into `merged`."""
    where, line = places(sheet), 1
    merged.clear()
    for times, cells in _written_rows(container.pieces(CONTENT), number):
        if line + times - 1 > MOST_LINES:
            times = MOST_LINES - line + 1  # noqa: PLW2901 (styles are repeated beyond the last row)
        filled, remarks = _filled(cells, line, merged)
        if filled:
            for at in range(line, line + times):
                if row := row_of(at, filled, where, remarks):
                    yield row
        line += times


def _written_rows(pieces: Iterator[bytes], number: int) -> Iterator[_Written]:
    """The rows of one sheet, with their cells."""
    rows: list[_Written] = []
    cells: list[_Cell] = []
    table, beside = -1, 0

    def start(tag: str, of: Mapping[str, str]) -> None:
        nonlocal table, beside, cells
        if tag.startswith("draw:") or tag == "office:annotation":
            beside += 1  # what stands in a note or a shape stands in no cell
        elif beside:
            return
        elif tag == "table:table":
            table += 1
        elif table != number:
            return
        elif tag == "table:table-row":
            cells = []
            rows.append((_times(of.get("table:number-rows-repeated")), cells))
        elif tag in _CELLS:
            cells.append(_Cell(of))
        elif cells and tag == "text:p":
            cells[-1].paragraphs.append("")
        elif cells and tag == "text:s":
            cells[-1].add(" " * min(_times(of.get("text:c")), KEPT))
        elif cells and tag in ("text:tab", "text:line-break"):
            cells[-1].add("\t" if tag == "text:tab" else "\n")

    def end(tag: str) -> None:
        nonlocal beside
        if tag.startswith("draw:") or tag == "office:annotation":
            beside -= 1

    def text(found: str) -> None:
        if cells and not beside and table == number:
            cells[-1].add(found)

    for _ in elements(pieces, start, text, end):
        if len(cells) > MOST_CELLS:
            raise damaged()
        yield from rows[:-1]
        del rows[:-1]
        if table > number:
            break
    yield from rows


def _times(written: str | None) -> int:
    """How often something is repeated."""
    if written is None:
        return 1
    return max(int(written), 1) if written.isdecimal() and len(written) < 9 else 1


def _filled(cells: list[_Cell], line: int, merged: list[str]) -> tuple[dict[int, str], list[Remark]]:
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
            merged.append(f"{letters(at)}{line}:{letters(at + right - 1)}{line + down - 1}")
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
