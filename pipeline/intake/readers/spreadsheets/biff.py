"""Workbooks of Excel until 2003 (.xls), by xlrd."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Any

from pipeline.intake.readers.dialect import Remark, Row
from pipeline.intake.readers.spreadsheets.containers import damaged, encrypted
from pipeline.intake.readers.spreadsheets.sheets import (
    KEPT,
    Look,
    NamedCell,
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
_PACKED = "EncryptedPackage".encode("utf-16-le")
_MODERN_LOCK = "EncryptionInfo".encode("utf-16-le")


def read_biff(data: bytes) -> Workbook:
    """The workbook in a file of Excel until 2003.

    Raises:
        Refused: if it is damaged or encrypted.
    """
    import xlrd

    if _PACKED in data and _MODERN_LOCK in data:
        raise encrypted()
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), formatting_info=True)
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
        sheets.append(Sheet(sheet.name, sheet.visibility != 0, partial(_rows, book, sheet), merged))
    return Workbook(sheets, names, b"_VBA_PROJECT_CUR".decode().encode("utf-16-le") in data)


def _rows(book: Any, sheet: Any) -> Iterator[Row]:
    """The filled rows of a sheet."""
    where = places(sheet.name)
    for number in range(sheet.nrows):
        filled: dict[int, str] = {}
        remarks: list[Remark] = []
        for at, cell in enumerate(sheet.row(number)):
            if text := _value(cell, book):
                filled[at] = text
                if cell.ctype == 5:
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
