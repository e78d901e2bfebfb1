"""The list of readers: how a delivery is made a table of, by how its name ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.intake.fields.columns import Columns
from pipeline.intake.findings import Refused, Severity
from pipeline.intake.readers.decoding import decode
from pipeline.intake.readers.dialect import Remark, Table, read_rows
from pipeline.intake.readers.file_access import Limits
from pipeline.intake.readers.spreadsheets.opening import is_workbook, open_workbook
from pipeline.intake.readers.spreadsheets.tables import read_table

Reader = Callable[[bytes, Columns, Limits], Table]
"""Makes a table of bytes, with the columns that it may have, within limits; raises `Refused` if it is none."""


def read_csv(data: bytes, columns: Columns, limits: Limits) -> Table:
    """A table in text, in any encoding and dialect."""
    decoded = decode(data)
    return replace(read_rows(decoded.text, columns.know, limits.rows), guessed=decoded.guessed)


def read_spreadsheet(data: bytes, columns: Columns, limits: Limits) -> Table:
    """The table in a workbook, whichever program wrote it; text that is called so is read as the CSV that it is."""
    if is_workbook(data):
        return read_table(open_workbook(data, limits), columns, limits)
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        message = "Dit is een webpagina of XML, geen werkmap; kies in Excel Opslaan als, Excel-werkmap (.xlsx)."
        raise Refused("geen_werkmap", message)
    table = read_csv(data, columns, limits)
    message = "Dit is geen werkmap, maar tekst; gelezen als CSV. Geef het een naam die eindigt op .csv."
    return replace(table, remarks=[Remark(None, Severity.WARNING, "tekst_als_werkmap", message)])


READERS: dict[str, Reader] = {
    ".csv": read_csv,
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), read_spreadsheet),
}
