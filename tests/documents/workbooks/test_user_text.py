"""Text of a user is text in a workbook, whatever it looks like; and a workbook that came out otherwise is none."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from operator import itemgetter
from xml.sax.saxutils import escape

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.documents.workbooks import literal_book
from pipeline.documents.workbooks.cells import Calculated, Fixed, Given, Input, Rule, Value
from pipeline.documents.workbooks.layouts import lay_out
from pipeline.documents.workbooks.placed import Placed
from pipeline.documents.workbooks.sheets import Line, Table
from pipeline.documents.workbooks.strings import STRINGS
from pipeline.documents.workbooks.writer import write, write_values
from pipeline.errors import WorkbookError
from tests.documents.workbooks.small import columns, placed

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RULE = Rule({"validate": "list", "source": ["ja", "nee"]}, "Titel", "Bericht", "Fout")
HOSTILE = [
    *("<r>&</r>", "<r></r>", "<r><t>vet</t></r>", "<r><rPr><b/></rPr><t>vet</t></r>", "<r>\n</r>", "</t></si><si><t>"),
    *("<!DOCTYPE x>", "<![CDATA[x]]>", "]]>", "&amp;", "&#0;", "&lt;r&gt;", '"', "'"),
    *("=1+1", "{=1}", "=cmd|' /C calc'!A1", "+1", "-1", "@x", "http://x.nl", "internal:Blad!A1", "mailto:a@b.nl"),
    *("_x0041_", "_x0041_x0042_", "_x000D_", "_X0041_", "__x0041__", "_x005F_x0041_"),
    *("\x00", "a\x0bb", "\x1f", "\x7f", "\ufffe", "\uffff", "\ud800", "a\r\nb", "\r", " a", "a ", "\n", "\t", "\u00a0"),
    *("#N/A", "#REF!", "TRUE", "1e5", "nan", "⟦t1⟧", "x" * 32_767, "\U0001f600" * 16_383),
]
TEXT = st.text("<r>&/;_x0041\x01\n\ud800 é=⟦", min_size=1, max_size=12) | st.sampled_from(HOSTILE)


def described(text: str) -> Placed:
    """A text in every place where one of a user may stand, but for what is calculated."""
    given, typed = Given(itemgetter("gegeven")), Input("invoer", RULE, itemgetter("invoer"))
    rows = [
        [Fixed(text), given, typed],
        [Fixed("vast"), Fixed(text), Calculated("1+1", itemgetter("som"))],
    ]
    return placed(Line(Fixed(text)), Table("Tabel", columns("A", "B", "C"), rows))


def values(text: str) -> Mapping[str, Value]:
    return {"gegeven": text, "invoer": text, "som": 2}


def parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(workbook)) as package:
        return {name: package.read(name) for name in package.namelist()}


def decoded(held: str) -> str:
    """What a text of a workbook says, by the rule of the format (ST_Xstring)."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), held)


def shared(workbook: bytes) -> list[str]:
    """The shared strings; each is plain text, and nothing but that."""
    elements = etree.fromstring(parts(workbook)[STRINGS])
    texts = []
    for element in elements:
        (text,) = element
        assert (element.tag, text.tag, len(text)) == (f"{MAIN}si", f"{MAIN}t", 0)
        texts.append(decoded(text.text))
    return texts


@settings(max_examples=100, deadline=None)
@example("<r>&</r>")
@example("<r><rPr><b/></rPr><t>vet</t></r>")
@example("_x0041_x0042_")
@given(TEXT)
def test_a_text_is_in_the_workbook_as_it_was_given(text: str) -> None:
    workbook = write(described(text), values(text))
    assert set(shared(workbook)) == {text, "Blad", "A", "B", "C", "vast"}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:24])
def test_every_hostile_text_is_in_the_workbook_as_it_was_given(text: str) -> None:
    workbook = write(described(text), values(text))
    assert set(shared(workbook)) == {text, "Blad", "A", "B", "C", "vast"}
    for data in parts(workbook).values():
        etree.fromstring(data)


@pytest.mark.parametrize("text", ["<r>&</r>", "<r><rPr><b/></rPr><t>vet</t></r>", "=1+1", "_x0041_x0042_"])
def test_another_program_reads_the_text_that_was_given(text: str) -> None:
    page = openpyxl.load_workbook(BytesIO(write(described(text), values(text))), rich_text=True)["Blad"]
    for place in ("A2", "A4", "B4", "C4", "B5"):
        assert (page[place].value, page[place].data_type) == (text, "s"), place


@pytest.mark.parametrize("text", ["<r>&</r>", "<b>", "_x0041_x0042_", "a\x0bb", "\ud800", "=1+1"])
def test_a_text_that_a_formula_gave_is_in_the_workbook_as_it_was_given(text: str) -> None:
    page = etree.fromstring(parts(write(described("x"), {**values("x"), "som": text}))["xl/worksheets/sheet1.xml"])
    (cell,) = page.iterfind(f".//{MAIN}c[{MAIN}f]")
    assert (cell.find(f"{MAIN}f").text, decoded(cell.find(f"{MAIN}v").text), cell.get("t")) == ("1+1", text, "str")


def test_a_text_that_no_cell_can_hold_is_cut_where_a_reader_sees_it() -> None:
    for text in ("x" * 40_000, "\U0001f600" * 20_000):
        (held,) = (text for text in shared(write(described(text), values(text))) if len(text) > 9)
        assert held.endswith("…")
        assert text.startswith(held[:-1])
        assert 32_765 <= len(held.encode("utf-16-le")) // 2 <= 32_767


# --- The check of our own after writing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (lambda text: f"<si>{text}</si>", "cannot be read"),
        (lambda text: f"<si>{escape(text)}</si>", "more than plain text"),
        (lambda text: "<si><r><t>vet</t></r></si>", "more than plain text"),
        (lambda text: f"<si><t>{escape(text)}!</t></si>", "other texts than were given"),
    ],
)
def test_a_workbook_that_came_out_wrong_is_an_error_of_our_own(
    fault: object, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(literal_book, "element", fault)
    with pytest.raises(WorkbookError, match=rf"“titel”.*{STRINGS}.*{what}.*fault of this program"):
        write(described("a & b"), values("a & b"))


def test_a_filled_workbook_that_came_out_wrong_is_an_error_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    filling = lay_out(described("vast"), [values("goed")], write_values)
    monkeypatch.setattr("pipeline.documents.workbooks.layouts.escape", lambda text: text)
    assert filling.fill("titel", list(values("goed").values()))
    for name in ("gegeven", "som"):
        for text in ("<r>&</r>", "a < b", "<b/>", "&amp;"):
            with pytest.raises(WorkbookError, match=r"“titel”.*fault of this program"):
                filling.fill("titel", list({**values("goed"), name: text}.values()))
