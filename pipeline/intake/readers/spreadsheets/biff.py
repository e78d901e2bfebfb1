"""Workbooks of Excel until 2003 (.xls), by xlrd; it holds all that it reads, so how much that is is counted first."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from functools import partial
from typing import Any

from pipeline.intake.findings import Refused
from pipeline.intake.readers.dialect import FIELDS_A_ROW, Remark, Row
from pipeline.intake.readers.file_access import Limits
from pipeline.intake.readers.spreadsheets.containers import damaged, encrypted
from pipeline.intake.readers.spreadsheets.markup import too_many_cells
from pipeline.intake.readers.spreadsheets.sheets import (
    KEPT,
    Look,
    NamedCell,
    Noted,
    Sheet,
    Workbook,
    error_in,
    letters,
    look_of,
    named_cell,
    number_text,
    places,
    row_of,
)

SIGNATURE = b"\xd0\xcf\x11\xe0"
_LOCKED = tuple(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo"))
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
_MANY = {
    **dict.fromkeys((0x06, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E, 0xD6), 0),  # a cell
    0xBE: 2,  # so many bytes for each of the cells in it
    0xBD: 6,
    0xE5: 1,  # merged cells, of which each range counts for eight
    **dict.fromkeys((0x208, 0xD7, 0x207, 0x3C), 0),  # a row, what a formula gives, what does not fit
}
"""The kinds of records of which there may be very many."""
_OTHERS_AT_LEAST = 10_000


def read_biff(data: bytes, limits: Limits) -> Workbook:
    """The workbook in a file of Excel until 2003.

    Raises:
        Refused: if it is damaged or encrypted, or holds far more than fits in a delivery.
    """
    import xlrd

    if all(name in data for name in _LOCKED):
        raise encrypted()
    try:
        _count(data, limits)
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), formatting_info=True, ragged_rows=True)
    except Refused:
        raise
    except xlrd.XLRDError as error:
        raise encrypted() if "encrypted" in str(error) else damaged() from None
    except Exception:  # noqa: BLE001 (whatever it stumbles on, the file is not what Excel writes)
        raise damaged() from None
    names: dict[str, NamedCell] = {}
    for name in book.name_obj_list:
        if name.scope == -1 and name.result and name.result.text and (cell := named_cell(name.result.text)):
            names[name.name] = cell
    sheets = []
    for sheet in book.sheets():
        merged = [
            f"{letters(left)}{top + 1}:{letters(right - 1)}{bottom}" for top, bottom, left, right in sheet.merged_cells
        ]
        rows = partial(_rows, book, sheet)
        unseen = [number + 1 for number, of in sheet.rowinfo_map.items() if of.hidden and any(sheet.row_values(number))]
        sheets.append(Sheet(sheet.name, sheet.visibility != 0, rows, Noted(merged, unseen, _struck(book, sheet))))
    return Workbook(sheets, names, _MACROS in data)


def _count(data: bytes, limits: Limits) -> None:
    """Nothing, if there are not too many records and cells for a delivery.

    Raises:
        Refused: if there are.
    """
    from xlrd.compdoc import CompDoc

    document = CompDoc(data, logfile=io.StringIO())
    for name in ("Workbook", "Book"):
        stream, at, length = document.locate_named_stream(name)
        if not stream:
            continue
        end, cells, others = min(at + length, len(stream)) - 4, 0, 0
        while at <= end:
            kind, size = struct.unpack_from("<HH", stream, at)
            at += 4 + size
            if (each := _MANY.get(kind)) is None:
                others += 1
            else:
                cells += size // each if each else 1
            if cells > FIELDS_A_ROW * limits.rows or others > max(limits.rows, _OTHERS_AT_LEAST):
                raise too_many_cells()
        return


def _struck(book: Any, sheet: Any) -> list[int]:
    """The lines of a sheet in which a text is struck through."""
    styles = {number for number, style in enumerate(book.xf_list) if book.font_list[style.font_index].struck_out}
    return [
        number + 1
        for number in (range(sheet.nrows) if styles else ())
        if any(cell.xf_index in styles and cell.value not in ("", None) for cell in sheet.row(number))
    ]


def _rows(book: Any, sheet: Any) -> Iterator[Row]:
    """The filled rows of a sheet."""
    import xlrd

    where = places(sheet.name)
    nothing = {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}
    for number in range(sheet.nrows):
        filled: dict[int, str] = {}
        remarks: list[Remark] = []
        for at, kind in enumerate(sheet.row_types(number)):
            if kind not in nothing and (text := _value(sheet.cell(number, at), book)):
                filled[at] = text
                if kind == xlrd.XL_CELL_ERROR:
                    remarks.append(error_in(at))
        if row := row_of(number + 1, filled, where, remarks):
            yield row


def _value(cell: Any, book: Any) -> str:
    """The text of a cell by its kind of value."""
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)[:KEPT]
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            look = Look.DATE if cell.ctype == xlrd.XL_CELL_DATE else _look(cell, book)
            return number_text(repr(cell.value), look, book.datemode == 1)
        case xlrd.XL_CELL_BOOLEAN:
            return "ja" if cell.value else "nee"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#"))
    return ""


def _look(cell: Any, book: Any) -> Look:
    """What the style of a cell makes of its number."""
    try:
        return look_of(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)
    except (IndexError, KeyError):
        return Look.NUMBER
