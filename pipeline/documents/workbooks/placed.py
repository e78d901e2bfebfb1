"""A described workbook with the place of each cell, checked once; and the values that one workbook has there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from pipeline.documents.workbooks.cells import Again, Cell, Fixed, Input, Take, Value
from pipeline.documents.workbooks.places import Place, Stacked, address, cells_of, notable_cells, stacked
from pipeline.documents.workbooks.sheets import Book, Link, Table
from pipeline.documents.workbooks.strings import wrong


class Placed(Struct, frozen=True, dict=True):
    """A workbook with its sheets as they are stacked, and the cells that vary, as they are written.

    `takes` has for each of those cells how its value is taken, and from which subject: the first is what the workbook
    is about, the others are what the rows of `tables` are about.
    """

    book: Book
    sheets: Stacked
    varying: Mapping[Place, Cell]
    takes: Sequence[tuple[int, Take]]
    tables: Sequence[tuple[str, Table]]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Its defined names, with what each refers to; who only fills in values needs none, nor what gives them.

        Raises:
            WorkbookError: if two cells have the same name, a cell refers to what is not in the workbook, or a row of a
                table is not as long as the others.
        """
        from pipeline.documents.workbooks.references import check_references, define_names

        names = define_names(self.book.subject, self.sheets)
        check_references(self.book.subject, self.sheets, names)
        return names

    def titled(self, about: object) -> str:
        """The title of the workbook about something."""
        return self.book.title(about) if callable(self.book.title) else self.book.title

    def texts(self) -> Iterator[str]:
        """The texts that are the same in every workbook, but for those of plain tables."""
        for _, blocks in self.sheets:
            for block, top in blocks:
                match block:
                    case Link():
                        yield block.text
                    case Table():
                        yield from block.headers
                for cell, _, _ in cells_of(block, top):
                    if isinstance(cell, (Fixed, Input)) and isinstance(cell.value, str) and cell.value:
                        yield cell.value

    def values(self, about: object) -> list[Value]:
        """The value of each cell that varies.

        Raises:
            WorkbookError: if a cell has no value, or a table has not as many rows as there is to show.
        """
        subjects = [about]
        shown: dict[object, Sequence[Any]] = {}  # some tables are about the same
        for sheet, table in self.tables:
            if table.of and table.of not in shown:
                shown[table.of] = table.of(about)
            found = shown.get(table.of, ())
            if len(found) != len(table.cells):
                what = f"{sheet}: the table {table.name} has {len(table.cells)} rows for {len(found)} things to show"
                raise wrong(self.titled(about), what)
            subjects += found
        values: list[Value] = []
        try:
            for subject, take in self.takes:
                if (value := take(subjects[subject])) is None:
                    raise LookupError("it is None")
                values.append(value)
        except (LookupError, AttributeError) as error:
            where = address(list(self.varying)[len(values)])
            raise wrong(self.titled(about), f"{where} has no value ({error!r})") from error
        return values


def place(book: Book) -> Placed:
    """Give each cell its place."""
    sheets = [(sheet, list(stacked(sheet))) for sheet in book.sheets]
    varying: dict[Place, tuple[Cell, int]] = {}
    named: dict[str, tuple[int, Take]] = {}
    tables: list[tuple[str, Table]] = []
    subjects = 1
    for sheet, blocks in sheets:
        for block, top in blocks:
            own = isinstance(block, Table) and bool(block.of)
            for cell, row, column in notable_cells(block, top):
                subject = subjects + row - top - 1 if own else 0
                if isinstance(cell, Again) or callable(cell.value):
                    varying[sheet.name, row, column] = cell, subject
                if not isinstance(cell, Again) and cell.name:
                    named[cell.name] = subject, _take(cell.value)
            if isinstance(block, Table) and block.of:
                tables.append((sheet.name, block))
                subjects += len(block.cells)
    takes = [
        named.get(cell.formula, _NOWHERE) if isinstance(cell, Again) else (subject, _take(cell.value))
        for cell, subject in varying.values()
    ]
    return Placed(book, sheets, {place: cell for place, (cell, _) in varying.items()}, takes, tables)


_NOWHERE: tuple[int, Take] = 0, lambda _: ""
"""How the value is taken of a cell that repeats one that there is not: `names` refuses that."""


def _take(value: Value | Take) -> Take:
    return value if callable(value) else lambda _: value
