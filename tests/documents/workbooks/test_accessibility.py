"""The rules of docs/toegankelijkheid.md, read from a workbook's own parts."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.summaries import Summaries
from pipeline.documents.workbooks import render_indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.conftest import ROOT, Indicator
from tests.documents.workbooks.engine import Parts
from tests.documents.workbooks.shapes import SHAPES
from tests.documents.workbooks.test_steering import render
from tests.results.samples import rich_results

CHECKLIST = (ROOT / "docs" / "toegankelijkheid.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=["all known", "much besides"])
def workbook(request: pytest.FixtureRequest, indicated: Indicator, basis: ReferenceData, texts: Texts) -> bytes:
    words, more = SHAPES[request.param]
    return render_indication(indicated(*words, **more), basis, texts)


@pytest.fixture(scope="module")
def book(workbook: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(workbook))


@pytest.fixture(scope="module")
def parts(workbook: bytes) -> dict[str, bytes]:
    return Parts(workbook).parts


def tables(book: Any) -> list[tuple[Worksheet, Any]]:
    return [(sheet, table) for sheet in book for table in sheet.tables.values()]


def test_the_checklist_names_a_test_for_each_rule_that_is_done() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in CHECKLIST.splitlines() if "|" in line][2:]
    assert len(rows) >= 25
    for _, state, how, duty, test in rows:
        assert state in {"gedaan", "deels", "niet"}
        assert how
        assert duty
        assert (state != "gedaan") or test.strip("`") in globals()


def test_every_sheet_begins_with_its_title(book: Any) -> None:
    for sheet in book:
        assert sheet["A1"].value
        assert sheet["A1"].font.sz >= 16
        assert not re.match(r"(?i)(sheet|blad)\s*\d", sheet.title)


def test_no_cells_are_merged(book: Any) -> None:
    assert not any(sheet.merged_cells.ranges for sheet in book)


def test_data_stand_in_real_tables_with_headers(book: Any) -> None:
    assert len(tables(book)) == 19
    for _, table in tables(book):
        assert not re.match(r"(?i)(table|tabel)\d", table.name)
        assert all(column.name and not column.name.startswith("Column") for column in table.tableColumns)
        assert table.headerRowCount == 1


def test_no_cell_of_a_table_is_empty(book: Any) -> None:
    for sheet, table in tables(book):
        assert all(cell.value not in (None, "") for row in sheet[table.ref] for cell in row), table.name


def test_no_row_is_empty(book: Any) -> None:
    for sheet in book:
        empty = [n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if not any(v is not None for v in row)]
        assert empty == [], sheet.title


def test_nothing_is_hidden(book: Any) -> None:
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not any(d.hidden for d in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()))


@pytest.mark.parametrize(
    ("shape", "bar"), [("all known", "█+▒*"), ("much besides", "█+ en meer"), ("nothing known", "onbekend")]
)
def test_a_year_is_drawn_in_characters_or_says_in_words_that_nothing_is_known(
    shape: str, bar: str, indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    words, more = SHAPES[shape]
    workbook = render_indication(indicated(*words, **more), basis, texts)
    assert not [name for name in Parts(workbook).parts if "chart" in name or "drawing" in name]
    overview = openpyxl.load_workbook(BytesIO(workbook), data_only=True)["Overzicht"]
    _, *years = overview[overview.tables["JarenInBeeld"].ref]
    assert len(years) == 5
    assert all(re.fullmatch(bar, drawn.value) for *_, drawn in years)


@pytest.fixture(scope="module")
def charts() -> dict[str, bytes]:
    """The charts of the steering group's workbook, and what it says of them."""
    parts = Parts(render(rich_results())).parts
    return {name: data for name, data in parts.items() if name.startswith(("xl/charts/chart", "xl/drawings/drawing"))}


def test_charts_say_in_words_what_they_show(charts: dict[str, bytes]) -> None:
    drawings = b"".join(data for name, data in charts.items() if "drawing" in name)
    drawn = [data for name, data in charts.items() if "drawing" not in name]
    described = re.findall(rb'<xdr:cNvPr [^>]*descr="((?:Gestapelde k|K)olommen: [^"]{30,300})"', drawings)
    assert len(described) == len(drawn) == 3 + 2
    assert [chart.count(b"<c:title>") for chart in drawn] == [3] * 5


def test_nothing_is_said_by_colour_alone(charts: dict[str, bytes], book: Any) -> None:
    for name, chart in charts.items():
        fills = re.findall(rb"<c:ser>.*?(<a:solidFill>.*?</a:solidFill>|<a:pattFill.*?</a:pattFill>)", chart)
        assert len(fills) == len({*fills}) or "drawing" in name, name
    scenarios = [row for row in book["Scenario’s"].iter_rows(values_only=True) if row[3] is not None]
    assert scenarios[0][3] == "Gekozen"


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_every_text_has_enough_contrast(book: Any) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    fill = cell.fill.fgColor.rgb[-6:] if cell.fill.fill_type else "FFFFFF"
                    assert contrast(cell.font.color.rgb[-6:], fill) >= 4.5, (sheet.title, cell.coordinate)


def test_letters_are_large_and_of_one_typeface(book: Any) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.font.name for cell in cells} == {"Arial"}
    assert min(cell.font.sz for cell in cells) >= 10


def test_the_language_is_dutch(parts: dict[str, bytes], charts: dict[str, bytes]) -> None:
    assert b"<dc:language>nl-NL</dc:language>" in parts["docProps/core.xml"]
    drawn = b"".join(data for name, data in charts.items() if "drawing" not in name)
    assert set(re.findall(rb'lang(?: val)?="([^"]+)"', drawn)) == {b"nl-NL"}


def test_the_document_says_what_it_is(book: Any) -> None:
    said = book.properties
    assert said.title.startswith("Kostenindicatie Signalen voor ")
    assert said.creator == "Signalen community"
    assert said.subject
    assert "Signalen" in said.keywords


def test_inputs_explain_themselves(book: Any) -> None:
    rules = book["Keuzes"].data_validations.dataValidation
    assert len(rules) == 25
    for rule in rules:
        assert rule.promptTitle
        assert rule.prompt.endswith(".")
        assert rule.error == f"Dat kan niet. {rule.prompt}"
        if rule.type != "list":
            assert len(re.findall(r"\d", rule.prompt)) >= 2, "it says from where to where"
    rules = book["Scenario’s"].data_validations.dataValidation
    assert [rule.promptTitle for rule in rules] == ["Volgorde"]


def test_a_warning_stands_at_the_top_of_every_sheet(book: Any) -> None:
    # what it says is tested in test_municipality.py
    for sheet in book:
        top = [cell for row in sheet.iter_rows(max_row=6, max_col=1) for cell in row]
        own = "A6" if sheet.title == "Keuzes" else "A4"
        assert own in {cell.coordinate for cell in top if str(cell.value).startswith("=")}
        rules = [rule for where in sheet.conditional_formatting if own in where for rule in where.rules]
        assert [rule.formula for rule in rules] == [[f'OR(LEFT(${own},6)="Let op",LEFT(${own},5)="Voorb")']]


def test_links_say_where_they_lead(parts: dict[str, bytes], book: Any) -> None:
    page = etree.fromstring(parts["xl/worksheets/sheet1.xml"])
    links = list(page.iter("{*}hyperlink"))
    assert len(links) == len(book.sheetnames) - 1
    for link in links:
        sheet = link.get("location").split("!")[0].strip("'")
        assert sheet in book.sheetnames
        assert str(book["Overzicht"][link.get("ref")].value).startswith(f"{sheet}: ")


def test_nothing_stands_where_a_screen_reader_does_not_come(parts: dict[str, bytes]) -> None:
    assert not any(name.startswith("xl/media") or name.endswith((".bin", ".vml")) for name in parts)
    for name, data in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<oddHeader" not in data
            assert b"&amp;P van &amp;N</oddFooter>" in data
        if name.startswith("xl/drawings/drawing"):
            assert b"<xdr:sp>" not in data
            assert b"<xdr:pic>" not in data


def test_the_summary_says_the_same(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    # every amount is compared in tests/documents/test_agreement.py
    words, more = SHAPES["all known"]
    summary = Summaries.read(ROOT / "templates", texts).render(indicated(*words, **more), basis).decode()
    assert "€\u00a065.000–&NoBreak;75.000" in summary
