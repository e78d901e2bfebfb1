"""The list of readers: how a delivery is made a table of, by how its name ends.

What reads workbooks is loaded where there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.intake.fields.columns import Columns
from pipeline.intake.findings import Refused, Severity
from pipeline.intake.readers.decoding import decode
from pipeline.intake.readers.dialect import Remark, Table, read_rows
from pipeline.intake.readers.file_access import Limits

if TYPE_CHECKING:
    from pipeline.intake.readers.spreadsheets.sheets import Workbook

Reader = Callable[[bytes, Columns, Limits], Table]
"""Makes a table of bytes, with the columns that it may have, within limits; raises `Refused` if it is none."""


def read_csv(data: bytes, columns: Columns, limits: Limits) -> Table:
    """A table in text, in any encoding and dialect."""
    decoded = decode(data)
    return replace(read_rows(decoded.text, columns.know, limits.rows), guessed=decoded.guessed)


def read_spreadsheet(data: bytes, columns: Columns, limits: Limits) -> Table:
    """The table in a workbook, whichever program wrote it, or what one of ours that came back is changed to.

    Text that is called so is read as the CSV that it is.
    """
    from pipeline.intake.readers.returned import read_returned
    from pipeline.intake.readers.spreadsheets import biff
    from pipeline.intake.readers.spreadsheets.tables import read_table

    if data.startswith((b"PK", biff.SIGNATURE)):
        workbook = _opened(data, limits)
        return read_returned(workbook, columns.know) or read_table(workbook, columns, limits)
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        message = "Dit is een webpagina of XML, geen werkmap; kies in Excel Opslaan als, Excel-werkmap (.xlsx)."
        raise Refused("geen_werkmap", message)
    table = read_csv(data, columns, limits)
    message = "Dit is geen werkmap, maar tekst; gelezen als CSV. Geef het een naam die eindigt op .csv."
    return replace(table, remarks=[Remark(None, Severity.WARNING, "tekst_als_werkmap", message)])


def _opened(data: bytes, limits: Limits) -> Workbook:
    """The workbook that some bytes are, whatever they are called; nothing in it is calculated, executed or followed.

    Raises:
        Refused: if it is none, is damaged or encrypted, or would become too large.
    """
    from pipeline.intake.readers.spreadsheets import biff, ooxml, opendocument
    from pipeline.intake.readers.spreadsheets.containers import damaged, open_container

    if data.startswith(biff.SIGNATURE):
        return biff.read_biff(data, limits)
    container = open_container(data, limits)
    if ooxml.WORKBOOK in container:
        return ooxml.read_ooxml(container)
    if opendocument.CONTENT in container:
        return opendocument.read_opendocument(container)
    if "xl/workbook.bin" in container:
        message = "Dit is een binaire werkmap (.xlsb); kies in Excel Opslaan als, Excel-werkmap (.xlsx)."
        raise Refused("geen_werkmap", message)
    if any(name.startswith("xl/") for name in container.file.NameToInfo):
        raise damaged()
    message = "Dit is een zipbestand, maar geen werkmap; pak het uit, en zet wat erin zit in de map."
    raise Refused("geen_werkmap", message)


READERS: dict[str, Reader] = {
    ".csv": read_csv,
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), read_spreadsheet),
}
