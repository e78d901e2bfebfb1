"""From bytes to a workbook, by what they are and not by what they are called."""

from __future__ import annotations

from pipeline.intake.findings import Refused
from pipeline.intake.readers.file_access import Limits
from pipeline.intake.readers.spreadsheets import biff, ooxml, opendocument
from pipeline.intake.readers.spreadsheets.containers import damaged, open_container
from pipeline.intake.readers.spreadsheets.sheets import Workbook

_ZIP = b"PK"


def is_workbook(data: bytes) -> bool:
    """Whether some bytes are a workbook, or at least begin as one."""
    return data.startswith((_ZIP, biff.SIGNATURE))


def open_workbook(data: bytes, limits: Limits) -> Workbook:
    """The workbook in some bytes, if it stays within the limits of a delivery.

    Nothing in it is calculated, executed or followed.

    Raises:
        Refused: if it is none, is damaged or encrypted, or would become too large.
    """
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
