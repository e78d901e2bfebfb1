"""A description written as OpenDocument: its texts are what they say, and what no form has is refused."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from lxml import etree

from pipeline.documents.opendocument.writer import write
from pipeline.documents.workbooks.cells import Calculated, Fixed, Given
from pipeline.documents.workbooks.placed import Placed, place
from pipeline.documents.workbooks.sheets import Block, Book, Chart, Column, Line, Link, Range, Sheet, Table, note
from pipeline.errors import WorkbookError
from tests.documents.workbooks.small import placed

NAMES = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def titled(*blocks: Block) -> Placed:
    """A document with a fixed title, and these blocks on its one sheet."""
    small = placed(*blocks).book
    sheet = Sheet("Blad", blocks, columns=[Column("", 60)])
    return place(Book([sheet], "titel", small.subject, small.author, small.keywords, small.created))


def shown(cell: etree._Element) -> str:
    """What a program shows of a cell: white space is one blank, or none at an edge, unless it is said."""
    lines = []
    for line in cell.iterfind("text:p", NAMES):
        text = line.text or ""
        for part in line:
            assert part.tag == f"{{{NAMES['text']}}}s"
            text += "\0" + (part.tail or "")
        while "  " in text:
            text = text.replace("  ", " ")
        lines.append(text.strip(" ").replace("\0", " "))
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text", ["a b", "a  b", "a   b", " a", "a ", "  a  ", "a\nb", " \n ", "<b>&amp;</b>", "=1+1", "€ 1’s “x”", "]]>"]
)
def test_a_text_is_what_it_says(text: str) -> None:
    with zipfile.ZipFile(BytesIO(write(titled(Line(Fixed(text)))))) as package:
        content = etree.fromstring(package.read("content.xml"))
    _, cell = content.iterfind(".//table:table-cell", NAMES)
    assert shown(cell) == text
    assert not [name for each in content.iter() for name in each.attrib if name.endswith("formula")]


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (Line(Calculated("1+1", 2)), "which no form has"),
        (Line(Given(lambda _: "x")), "which no form has"),
        (Chart("T", "x", "y", "reeks", "Een grafiek.", "reeks"), "Blad has a Chart, which no form has"),
        (Line(Fixed("a\x07b")), "content.xml cannot be read"),
        (Link("Verder", "Elders"), "leads to the sheet Elders, which is not in it"),
        (Table("Ander", [Column("A", 60)], [[Fixed(1), Fixed(2)]]), "Ander has 1 columns, and this row 2 cells"),
    ],
)
def test_what_no_form_has_is_refused(block: Block, what: str) -> None:
    table = Table("Tabel", [Column("A", 60)], [[Fixed(1)]], ranges={"reeks": Range("A", 0, 1)})
    with pytest.raises(WorkbookError, match=what):
        write(titled(note("Een zin."), table, block))
