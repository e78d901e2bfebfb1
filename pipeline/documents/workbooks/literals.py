"""Words in formulas as named cells: a formula holds none itself, so that each stands once and can be looked at.

That also lets anybody check that no formula holds a text from a delivery: it holds no words at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed
from pipeline.documents.workbooks.places import cells_of
from pipeline.documents.workbooks.sheets import Block, Book, Column, Line, Row, Sheet, Table, heading

TABLE = "Teksten"
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_WORD = re.compile(r"[^\W\d_]{2}")
_LETTERS, _WORDS = 6, 3
"""How many letters of a word, and words of a text, its name has at most: no whole word that is long enough to tell."""


def name_words(book: Book, title: str) -> Book:
    """The book with the words of its formulas in a table at the end of its last sheet, under this title."""
    named = {getattr(cell, "name", "") for sheet in book.sheets for cell in _cells(sheet)}
    names: dict[str, str] = {}
    for sheet in book.sheets:
        for cell in _cells(sheet):
            if isinstance(cell, Calculated) and '"' in cell.formula:
                for text in filter(_WORD.search, _LITERAL.findall(cell.formula)):
                    if text not in names:
                        names[text] = _name(text, {*named, *names.values()})
    if not names:
        return book

    def named_words(cell: Cell) -> Cell:
        if isinstance(cell, Calculated) and '"' in cell.formula:
            return replace(cell, formula=_in_names(cell.formula, names))
        return cell

    *others, last = (changed(sheet, named_words) for sheet in book.sheets)
    texts = [(text.replace('""', '"'), name) for text, name in names.items()]
    table = Table(TABLE, [Column("Tekst", cell=lambda row: Fixed(row[0], name=row[1]))], texts)
    return replace(book, sheets=[*others, replace(last, blocks=[*last.blocks, heading(title), table])])


def _cells(sheet: Sheet) -> Iterator[Cell]:
    for block in sheet.blocks:
        yield from (cell for cell, _, _ in cells_of(block, 0))


def _name(text: str, taken: set[str]) -> str:
    """What the cell with a text is called: like the text, and unlike any other name."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    words = [word[:_LETTERS] for word in re.findall("[a-z0-9]+", plain)]
    found = name = "_".join(["tekst", *words[:_WORDS]])
    number = 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found


def _in_names(formula: str, names: Mapping[str, str]) -> str:
    """The formula with names instead of words."""
    return _LITERAL.sub(lambda match: names.get(match[1], match[0]), formula)


def changed(sheet: Sheet, cell: Callable[[Cell], Cell]) -> Sheet:
    """The sheet with another cell in place of each, but for those of plain tables."""

    def block(found: Block) -> Block:
        match found:
            case Line():
                return replace(found, cell=cell(found.cell))
            case Row():
                return replace(found, cells=[*map(cell, found.cells)])
            case Table() if not found.plain:
                rows = [tuple(map(cell, row)) for row in found.cells]
                totals = rows.pop() if len(rows) > len(found.rows) else ()
                columns = [replace(each, cell=None, total=None) for each in found.columns]
                for place, total in enumerate(totals):
                    columns[place] = replace(columns[place], total=total)
                return replace(found, columns=columns, rows=rows)
        return found

    return replace(sheet, blocks=[*map(block, sheet.blocks)])
