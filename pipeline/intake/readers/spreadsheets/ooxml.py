"""Workbooks of Excel since 2007 (.xlsx, .xlsm): sheets, cells and defined names, whoever wrote them.

Sheets are read as a stream, and only cells that are there take memory: one cell in the last row and column is one cell.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from msgspec import Struct

from pipeline.intake.readers.dialect import Places, Remark, Row
from pipeline.intake.readers.spreadsheets.containers import Container, damaged
from pipeline.intake.readers.spreadsheets.markup import read_all, refuse_document_type, too_many_cells, too_many_names
from pipeline.intake.readers.spreadsheets.sheets import (
    KEPT,
    MOST_CELLS,
    MOST_LINES,
    MOST_NAMES,
    TRUTH,
    Look,
    Noted,
    Sheet,
    Workbook,
    column_of,
    error_in,
    letters,
    look_of,
    named_cell,
    number_text,
    places,
    row_of,
    without_value,
)

WORKBOOK = "xl/workbook.xml"
_BUILT_IN = {**dict.fromkeys((9, 10), Look.PERCENT)} | dict.fromkeys(
    (*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), Look.DATE
)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class _Book(Struct, frozen=True):
    """What all sheets of a workbook share: texts, the look of each style, and from when days are counted.

    `struck` are the numbers of the styles with a line through the text.
    """

    texts: Sequence[str]
    looks: Sequence[Look]
    struck: Set[str]
    from_1904: bool


def read_ooxml(container: Container) -> Workbook:
    """The workbook in a zip.

    Raises:
        Refused: if it is damaged.
    """
    listed: list[tuple[str, str, str]] = []
    defined: dict[str, str] = {}
    name, settings = "", {"1904": False}

    def start(tag: str, of: Mapping[str, str]) -> None:
        nonlocal name
        name = ""
        match tag.rpartition(":")[2]:
            case "sheet":
                relation = next((value for key, value in of.items() if key.endswith(":id")), "")
                listed.append((of.get("name", ""), of.get("state", "visible"), relation))
            case "workbookPr":
                settings["1904"] = of.get("date1904") in ("1", "true")
            case "definedName" if "localSheetId" not in of:
                name = of.get("name", "")
                if len(defined) > MOST_NAMES:
                    raise too_many_names()

    def text(found: str) -> None:
        if name:
            defined[name] = (defined.get(name, "") + found)[:KEPT]

    read_all(container.held(WORKBOOK), start, text)
    targets = _targets(container)
    book = _Book(_shared_texts(container), *_styles(container), settings["1904"])
    parts = [targets.get(relation, "") for _, _, relation in listed]
    sheets = []
    for (called, state, _), part in zip(listed, parts, strict=True):
        if part not in container:
            continue  # a chart sheet, or a part that got lost
        if parts.count(part) > 1:
            raise damaged()
        noted = Noted()
        rows = partial(_rows, container, part, called, book, noted)
        few = partial(_few_rows, container, part, called, book)
        sheets.append(Sheet(called, state != "visible", rows, noted, few))
    if not sheets:
        raise damaged()
    names = {called: cell for called, refers in defined.items() if (cell := named_cell(refers))}
    return Workbook(sheets, names, "xl/vbaProject.bin" in container)


def _targets(container: Container) -> dict[str, str]:
    """The parts of the workbook by the keys of their relations: worksheets, none that lies outside the file."""
    found: dict[str, str] = {}

    def start(tag: str, of: Mapping[str, str]) -> None:
        if tag.endswith("Relationship") and of.get("TargetMode") != "External" and "/worksheet" in of.get("Type", ""):
            found[of.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", of.get("Target", ""))).lstrip("/")

    read_all(container.held("xl/_rels/workbook.xml.rels"), start)
    return found


_PLAIN = re.compile(r'(<si><t(?: xml:space="preserve")?>([^<&]*)</t></si>)')
"""A shared text as most are; where one is written in another way, all are read by a parser, which takes longer."""
_DOUBTED = re.compile("<!DOCTYPE|\ufffd")
"""What that parser refuses: a document type, and bytes that are no UTF-8."""


def _shared_texts(container: Container) -> list[str]:
    """The texts that cells refer to by number; phonetic ones, beside Japanese, are not among them."""
    if (part := "xl/sharedStrings.xml") not in container:
        return []
    data = b"".join(container.held(part))
    written = data.decode("utf-8", "replace")
    first, last = written.find("<si>"), written.rfind("</sst>")
    plain = _PLAIN.findall(written, max(first, 0), max(last, 0))
    if plain and sum([len(whole) for whole, _ in plain]) == last - first and not _DOUBTED.search(written):
        return [_unescaped(text[:KEPT]) for _, text in plain]
    texts: list[str] = []
    inside = beside = False

    def start(tag: str, _: Mapping[str, str]) -> None:
        nonlocal inside, beside
        name = tag.rpartition(":")[2]
        if name == "si":
            texts.append("")
        inside = name == "t"
        beside |= name == "rPh"

    def end(tag: str) -> None:
        nonlocal inside, beside
        inside = False
        beside &= tag.rpartition(":")[2] != "rPh"

    def text(found: str) -> None:
        if inside and not beside and texts and len(texts[-1]) < KEPT:
            texts[-1] += found[:KEPT]

    read_all([data], start, text, end)
    return [_unescaped(text) for text in texts]


def _styles(container: Container) -> tuple[Sequence[Look], Set[str]]:
    """What each style makes of a number, and the numbers of those with a line through the text."""
    return _styles_in(b"".join(container.held(part))) if (part := "xl/styles.xml") in container else ((), frozenset())


@lru_cache(maxsize=4)  # workbooks of one run have the same styles
def _styles_in(written: bytes) -> tuple[Sequence[Look], Set[str]]:
    custom: dict[str, Look] = {}
    looks: list[Look] = []
    fonts: list[bool] = []
    struck: set[str] = set()
    inside = ""

    def start(tag: str, of: Mapping[str, str]) -> None:
        nonlocal inside
        name = tag.rpartition(":")[2]
        if name == "numFmt":
            custom[of.get("numFmtId", "")] = look_of(of.get("formatCode", ""))
        elif name in ("fonts", "fills", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
            inside = name
        elif name == "font" and inside == "fonts":
            fonts.append(False)
        elif name == "strike" and inside == "fonts" and fonts:
            fonts[-1] = of.get("val", "1") in ("1", "true")
        elif name == "xf" and inside == "cellXfs":
            font = of.get("fontId", "0")
            if font.isdecimal() and len(font) < 9 and int(font) < len(fonts) and fonts[int(font)]:
                struck.add(str(len(looks)))
            number = of.get("numFmtId", "0")
            usual = _BUILT_IN.get(int(number), Look.NUMBER) if number.isdecimal() else Look.NUMBER
            looks.append(custom.get(number, usual))

    read_all([written], start)
    return looks, struck


def _unescaped(text: str) -> str:
    """A text with the characters for which XML has no place, such as `_x000D_`."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n")


# --- A sheet ----------------------------------------------------------------------------------------------------------

Cell = tuple[str, str, str, str | bool, str, str]
"""Its column in letters, its style, its kind of value, whether there is a formula in it, its value, its own text."""

_CELL = re.compile(
    r'(<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r"(?:/>|>(<f[^<>]*?(?:/>|>[^<]*</f>))?(?:<v>([^<]*)</v>|<v/>|<is><t[^<>]*>([^<]*)</t></is>)?</c>))"
)
"""A cell as programs write it; one that is written in another way is read by a parser, which takes longer."""
_PREFIX = re.compile(rb"<([A-Za-z0-9]+:)worksheet[\s>]")
_NUMBER = re.compile(r"<row[^<>]*? r=[\"']([0-9]{1,7})[\"']")
_HIDDEN = re.compile(r"<row[^<>]*? hidden=[\"'](?:1|true)[\"']")
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]{5,20})"')
_MOST_MERGED = 10_000
_LONGEST_ROW = 5_000_000


def _few_rows(container: Container, part: str, sheet: str, book: _Book, lines: Collection[int]) -> Iterator[Row]:
    """The filled ones among some rows of a sheet, up to the last; cells of other rows are not looked at."""
    where, last, line = places(sheet), max(lines), 0
    for written in _written_rows(container.pieces(part), []):
        number = _NUMBER.match(written)
        line = int(number[1]) if number else line + 1
        if line in lines and (row := _row(line, _cells(written), book, where)):
            yield row
        if line >= last:
            return


def _rows(container: Container, part: str, sheet: str, book: _Book, noted: Noted) -> Iterator[Row]:
    """The filled rows of a sheet; what there is to tell of them is put into `noted`."""
    where = places(sheet)
    line = tags = idle = 0
    for written in _written_rows(container.pieces(part), noted.merged):
        number = _NUMBER.match(written)
        before, line = line, int(number[1]) if number else line + 1
        if not before < line <= MOST_LINES:
            raise damaged()
        tags += written.count("<")
        if tags > container.tags or idle > container.limits.rows:
            raise too_many_cells()
        cells = _cells(written)
        if row := _row(line, cells, book, where):
            if "hidden" in written and _HIDDEN.match(written):
                noted.unseen.append(line)
            if book.struck and any(cell[1] in book.struck and (cell[4] or cell[5]) for cell in cells):
                noted.struck.append(line)
            yield row
        idle += bool(cells) and not row


def _written_rows(pieces: Iterator[bytes], merged: list[str]) -> Iterator[str]:
    """The rows of a sheet that are not empty, as they are written, from `<row` to before `</row>`.

    Raises:
        Refused: if there is no end to a row or to the sheet.
    """
    rest = next(pieces, b"")
    found = _PREFIX.search(rest)
    prefix = found[1] if found else b""
    whole = False
    for piece in chain(pieces, [b""]):
        text = rest.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</") if prefix else rest
        *rows, rest = text.split(b"</row>")
        whole |= b"</sheetData>" in rest or b"<sheetData/>" in rest
        if b"<!DOCTYPE" in text:
            refuse_document_type()
        for row in rows:
            yield _decoded(row[max(row.rfind(b"<row"), 0) :])
        if len(merged) < _MOST_MERGED:
            merged += (reference.decode() for reference in _MERGED.findall(rest))
        if not piece and not whole:
            raise damaged()
        rest = rest[max(rest.rfind(b"<"), 0) if b"<row" not in rest else rest.rfind(b"<row") :] + piece
        if len(rest) > _LONGEST_ROW:
            raise damaged()


def _decoded(row: bytes) -> str:
    try:
        return row.decode()
    except UnicodeDecodeError:
        raise damaged() from None


def _cells(row: str) -> Iterable[Cell]:
    """The cells of a row as it is written."""
    if "<v" not in row and "<is" not in row and "<f" not in row:
        return ()  # as in rows that have only a look
    begin = row.find(">") + 1
    found = _CELL.findall(row, begin)
    if sum([len(cell[0]) for cell in found]) == len(row) - begin and (
        "&" not in row or not any("&" in cell[5] or "&" in cell[6] for cell in found)
    ):
        return [cell[1:] for cell in found]
    return _parsed(row)


def _row(line: int, cells: Iterable[Cell], book: _Book, where: Places) -> Row | None:
    """A row of its cells; None if nothing stands in them."""
    filled: dict[int, str] = {}
    remarks: list[Remark] = []
    texts = book.texts
    try:
        for column, style, kind, formula, value, own in cells:
            if kind == "s" and value:
                filled[column_of(column)] = texts[int(value)]
            elif value or own:
                filled[at := column_of(column)] = _unescaped(own) if own else _value(value, kind, style, book)
                if kind == "e":
                    remarks.append(error_in(at))
            elif formula and kind != "str":
                filled[at := column_of(column)] = ""
                remarks.append(without_value(at))
    except (ValueError, IndexError):  # it refers to a text that is not there
        raise damaged() from None
    if filled and max(filled) >= MOST_CELLS:
        raise damaged()
    return row_of(line, filled, where, remarks)


def _parsed(row: str) -> list[Cell]:
    """The cells of a row that is written as few programs do: with rich text, entities, or white space between tags."""
    cells: list[list[Any]] = []
    now, at, beside = "", -1, False

    def start(tag: str, of: Mapping[str, str]) -> None:
        nonlocal now, at, beside
        if tag == "c":
            reference = of.get("r", "").rstrip("0123456789")
            at = column_of(reference) if reference else at + 1
            cells.append([letters(min(at, MOST_CELLS)), of.get("s", ""), of.get("t", ""), False, "", ""])
        elif tag == "f" and cells:
            cells[-1][3] = True
        now = tag
        beside |= tag == "rPh"  # a phonetic text

    def end(tag: str) -> None:
        nonlocal now, beside
        now = ""
        beside &= tag != "rPh"

    def text(found: str) -> None:
        if cells and now in ("v", "t") and not beside:
            place = 4 if now == "v" else 5
            cells[-1][place] = (cells[-1][place] + found)[:KEPT]

    read_all([f"{row}</row>".encode()], start, text, end)
    return [(*cell,) for cell in cells]


def _value(text: str, kind: str, style: str, book: _Book) -> str:
    """The text of a cell by its kind of value."""
    match kind:
        case "" | "n":
            look = book.looks[int(style)] if style and int(style) < len(book.looks) else Look.NUMBER
            return number_text(text, look, book.from_1904)
        case "b":
            return TRUTH.get(text, text)
        case "d":
            return text.removesuffix("T00:00:00")
    return _unescaped(text)
