"""A workbook of one sheet, to test what describes, writes and fills workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pipeline.documents.workbooks.cells import Value
from pipeline.documents.workbooks.placed import Placed, place
from pipeline.documents.workbooks.sheets import Block, Book, Column, Sheet


def titled(about: Mapping[str, Value]) -> str:
    """The title of a workbook that is about values by name."""
    return str(about.get("titel", "titel"))


def placed(*blocks: Block) -> Placed:
    """A workbook about values by name, with these blocks on its one sheet."""
    return place(Book([Sheet("Blad", blocks)], titled, "onderwerp", "auteur", "woorden", date(2026, 1, 1)))


def columns(*headers: str) -> list[Column]:
    """Columns as wide as each other."""
    return [Column(header, 20) for header in headers]
