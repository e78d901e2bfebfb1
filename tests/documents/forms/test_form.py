"""The form: it asks for what a delivery may hold, refuses what it may not, and is the same in both formats."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents import forms
from pipeline.documents.forms.description import SPARE
from pipeline.intake.fields.columns import Columns
from pipeline.model.columns import Column
from pipeline.model.municipality import Municipality
from pipeline.model.tariffs import Tariff
from pipeline.reference.register import Register
from pipeline.reference.texts import Texts
from tests.posten import BY_CHOICE, with_training

Render = Callable[[Tariff, Sequence[Municipality], Texts], bytes]

LISTS = {
    "begeleiding": ["zelf", "extern"],
    "hosting": ["in huis", "hybride", "SaaS"],
    "bijdrage": ["financieel", "alternatief", "geen"],
    "afgestemd": ["ja", "nee"],
    "in_natura": ["stuurgroep", "productsturing", "stuurgroep, productsturing"],
    "fase": ["verkenning", "demo", "implementatie", "live"],
    "herkomst": ["opgave", "voorbeeld"],
    "grootteklasse": ["G4", "Groot", "Middelgroot", "Klein"],
    "opleiding": ["ja", "nee"],
}
BOUNDS = {
    "begeleidingsuren": ("decimal", 0, 10_000),
    "startjaar": ("whole", 2000, 2100),
    "inwoners": ("whole", 1, 2_000_000),
    **{
        f"{word}_{end}": ("decimal", 0, 10_000_000)
        for word in ("begeleiding", "hosting", "bijdrage", "demo", "backlog", "in_natura", "opleiding")
        for end in ("laag", "hoog")
    },
}
TEXTS = {"bijdrage_toelichting", "backlog", "contact"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one column of a form asks: the words to choose from, the bounds, or the most characters; and the message."""

    words: list[str] | None
    bounds: tuple[str, float, float] | None
    longest: int | None
    title: str
    message: str
    error: str


@pytest.fixture(scope="module")
def more(tariff: Tariff) -> Tariff:
    """The tariff with an item that is there by choice, which is nothing but data."""
    return with_training(tariff, BY_CHOICE)


@pytest.fixture(scope="module")
def some(register: Register) -> list[Municipality]:
    return [register.only(name) for name in ("Zeist", "Den Haag")]


def in_xlsx(data: bytes) -> dict[str, Asked]:
    """What each column of the form asks, as openpyxl reads it; the rule of a column holds in all of its rows."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book["Opgave"]
    top, last = header_row(sheet), sheet.max_row
    asked = {}
    for rule in sheet.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        assert (area.min_row, area.max_row, area.min_col) == (top + 1, last, area.max_col)
        words = bounds = longest = None
        if rule.type == "list" and rule.formula1.startswith('"'):
            words = rule.formula1.strip('"').split(",")
        elif rule.type == "list":
            ((where, cells),) = book.defined_names[rule.formula1].destinations
            words = [str(row[0].value) for row in book[where][cells]]
        elif rule.type in ("whole", "decimal"):
            bounds = (rule.type, float(rule.formula1), float(rule.formula2))
        elif rule.type == "textLength":
            longest = int(rule.formula1)
        name = name_of(str(sheet.cell(top, area.min_col).value))
        asked[name] = Asked(words, bounds, longest, rule.promptTitle, rule.prompt, rule.error)
    return asked


def in_ods(data: bytes) -> dict[str, Asked]:
    """The same of the form in OpenDocument, from its own XML."""
    root = parts(data)["content.xml"]
    sheets = {sheet.get(Q("table:name")): sheet for sheet in root.iter(Q("table:table"))}
    rows = [list(row.iter(Q("table:table-cell"))) for row in sheets["Opgave"].iter(Q("table:table-row"))]
    header = next(row for row in rows if "".join(row[0].itertext()) == "gemeente")
    rules = {rule.get(Q("table:name")): rule for rule in root.iter(Q("table:content-validation"))}
    asked = {}
    for place, name in enumerate("".join(cell.itertext()) for cell in header):
        (own,) = {row[place].get(Q("table:content-validation-name")) for row in rows[rows.index(header) + 1 :]}
        condition = rules[own].get(Q("table:condition"), "")
        words = bounds = longest = None
        if found := re.fullmatch(r"of:cell-content-is-in-list\(\[\$(\w+)\.\$(\w)\$(\d+):\.\$\w\$(\d+)\]\)", condition):
            listed = list(sheets[found[1]].iter(Q("table:table-row")))[int(found[3]) - 1 : int(found[4])]
            column = ord(found[2]) - ord("A")
            words = ["".join(list(row.iter(Q("table:table-cell")))[column].itertext()) for row in listed]
        elif found := re.fullmatch(r'of:cell-content-is-in-list\("(.*)"\)', condition):
            words = found[1].split('";"')
        elif found := re.fullmatch(
            r"of:cell-content-is-(\w+)-number\(\) and cell-content-is-between\((\d+),(\d+)\)", condition
        ):
            bounds = (found[1], float(found[2]), float(found[3]))
        elif found := re.fullmatch(r"of:cell-content-text-length\(\)<=(\d+)", condition):
            longest = int(found[1])
        else:
            assert condition == ""
        asked_, refused = rules[own]
        assert refused.get(Q("table:message-type")) == "stop"
        title, message, error = asked_.get(Q("table:title")), text_of(asked_), text_of(refused)
        asked[name_of(name)] = Asked(words, bounds, longest, title, message, error)
    return asked


NAMESPACES = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
}


def Q(name: str) -> str:  # noqa: N802
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def parts(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def name_of(header: str) -> str:
    return header.removesuffix(" (verplicht)")


def header_row(sheet: Worksheet) -> int:
    return next(number for number, (cell,) in enumerate(sheet["A1:A20"], 1) if cell.value == "gemeente")


FORMS = pytest.mark.parametrize(
    ("render", "read"), [(forms.render_xlsx, in_xlsx), (forms.render_ods, in_ods)], ids=["xlsx", "ods"]
)


@FORMS
def test_drop_downs_and_bounds_are_those_of_the_columns(
    render: Render, read: Callable[[bytes], dict[str, Asked]], more: Tariff, some: list[Municipality], texts: Texts
) -> None:
    asked = read(render(more, some, texts))
    assert list(asked) == [column.name for column in Columns.of(more.items).every]
    assert {name: each.words for name, each in asked.items() if each.words} == LISTS
    assert {name: each.bounds for name, each in asked.items() if each.bounds} == BOUNDS
    assert {name: each.longest for name, each in asked.items() if each.longest} == dict.fromkeys(TEXTS, 500)
    free = {name for name, each in asked.items() if not (each.words or each.bounds or each.longest)}
    assert free == {"gemeente", "gemeentecode", "e_mail"}


@FORMS
def test_each_cell_says_what_belongs_there(
    render: Render, read: Callable[[bytes], dict[str, Asked]], more: Tariff, texts: Texts
) -> None:
    asked = read(render(more, [], texts))
    columns: dict[str, Column] = {column.name: column for column in Columns.of(more.items).every}
    for name, each in asked.items():
        assert each.title == name
        assert each.message.casefold().startswith(columns[name].holds.casefold())
        assert columns[name].values.casefold() in each.message.casefold()
        assert each.error == f"Dat kan niet. {each.message}"
        assert len(each.title) <= 32
        assert len(each.error) <= 255
        if each.bounds:
            low, high = (f"{int(bound):,}".replace(",", ".") for bound in each.bounds[1:])
            assert f"van {low.replace('.', '')} tot en met " in each.message
            assert high in each.message or high.replace(".", "") in each.message
    assert asked["hosting"].message == (
        "Waar Signalen draait en wie het beheert. Kies uit: in huis, hybride, SaaS. Verplicht."
    )
    assert asked["contact"].message == (
        "Bij wie navraag kan worden gedaan. Tekst. Hoogstens 500 tekens. Dit wordt niet gepubliceerd. Mag leeg blijven."
    )


def test_a_long_name_of_an_item_still_fits_in_its_messages(tariff: Tariff, texts: Texts) -> None:
    longer = "Opleiding gebruikers " * 20
    asked = in_xlsx(forms.render_xlsx(with_training(tariff, BY_CHOICE, ("Opleiding gebruikers", longer)), [], texts))
    assert asked["opleiding"].message.endswith(" …")
    assert len(asked["opleiding_hoog"].error) <= 255


def test_the_workbook_is_a_form(tariff: Tariff, some: list[Municipality], texts: Texts) -> None:
    book = openpyxl.load_workbook(BytesIO(forms.render_xlsx(tariff, some, texts)))
    assert book.sheetnames == ["Opgave", "Uitleg"]
    assert book.properties.title == book["Opgave"]["A1"].value == "Opgave voor een kostenindicatie van Signalen"
    sheet = book["Opgave"]
    top = header_row(sheet)
    assert sheet.freeze_panes == f"C{top + 1}"
    assert (sheet.print_title_rows, sheet.print_title_cols) == (f"${top}:${top}", "$A:$B")
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.max_row == top + 2 + SPARE
    assert f"plaats voor {SPARE} gemeenten meer" in "".join(str(sheet.cell(row, 1).value) for row in range(1, top))
    header = [name_of(str(cell.value)) for cell in sheet[top]]
    filled = [
        {name: cell.value for name, cell in zip(header, row, strict=True) if cell.value is not None}
        for row in sheet.iter_rows(min_row=top + 1)
    ]
    assert filled[:2] == [
        {"gemeente": "Zeist", "gemeentecode": "GM0355", "herkomst": "opgave"},
        {"gemeente": "'s-Gravenhage", "gemeentecode": "GM0518", "herkomst": "opgave"},
    ]
    assert filled[2:] == [{}] * SPARE
    heights = {sheet.row_dimensions[row].height for row in range(top + 1, sheet.max_row + 1)}
    assert heights == {None}, "a row grows with what is typed"
    assert sheet.protection.sheet
    assert not sheet.protection.password
    locked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.protection.locked}
    inputs = {cell.coordinate for row in sheet.iter_rows(min_row=top + 1) for cell in row}
    assert locked.isdisjoint(inputs)
    assert {cell.coordinate for cell in sheet[top]} <= locked
    (table,) = sheet.tables.values()
    assert table.ref == f"A{top}:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    assert not any(page.merged_cells.ranges for page in book)


def test_each_column_and_each_required_choice_is_explained(more: Tariff, texts: Texts) -> None:
    sheet = openpyxl.load_workbook(BytesIO(forms.render_xlsx(more, [], texts)))["Uitleg"]
    explained = {
        table.name: [[str(cell.value) for cell in row] for row in sheet[table.ref]][1:]
        for table in sheet.tables.values()
    }
    rows = {row[0]: row[1:] for row in explained["Kolommen"]}
    assert list(rows) == [column.name for column in Columns.of(more.items).every]
    assert rows["inwoners"][0] == "nee"
    assert rows["inwoners"][1].endswith("bijvoorbeeld 64000. Vul een getal van 1 tot en met 2.000.000 in.")
    assert rows["opleiding"][1] == "Of deze post erbij komt: Opleiding gebruikers. Kies uit: ja, nee."
    assert rows["gemeente"][0] == "een van beide"
    meant = {(row[0], row[1]): row[2] for row in explained["Keuzes"]}
    assert len(meant) == 8
    assert meant["hosting", "SaaS"].startswith("Signalen as a Service")


def test_the_opendocument_form_is_a_form(tariff: Tariff, some: list[Municipality], texts: Texts) -> None:
    data = forms.render_ods(tariff, some, texts)
    with zipfile.ZipFile(BytesIO(data)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert package.read(first) == b"application/vnd.oasis.opendocument.spreadsheet"
        assert data[30:38] == b"mimetype"
    content, settings = parts(data)["content.xml"], parts(data)["settings.xml"]
    sheet, explanation = content.iter(Q("table:table"))
    assert sheet.get(Q("table:protected")) == explanation.get(Q("table:protected")) == "true"
    rows = list(sheet.iter(Q("table:table-row")))
    (header,) = sheet.iter(Q("table:table-header-rows"))
    top = rows.index(header[0])
    shown = {item.get(Q("config:name")): item.text for item in settings.iter(Q("config:config-item"))}
    assert (shown["HorizontalSplitPosition"], shown["VerticalSplitPosition"]) == ("2", str(top + 1))
    assert [[text_of(cell) for cell in row][:2] for row in rows[top + 1 :][:3]] == [
        ["Zeist", "GM0355"],
        ["'s-Gravenhage", "GM0518"],
        ["", ""],
    ]
    styles = {style.get(Q("style:name")): style for style in content.iter(Q("style:style"))}

    def protected(cell: Any) -> str:
        (properties,) = styles[cell.get(Q("table:style-name"))].iter(Q("style:table-cell-properties"))
        return str(properties.get(Q("style:cell-protect")))

    assert {protected(cell) for row in rows[: top + 1] for cell in row} == {"protected"}
    assert {protected(cell) for row in rows[top + 1 :] for cell in row} == {"none"}
    assert len(rows) == top + 1 + 2 + SPARE
    (look,) = {row.get(Q("table:style-name")) for row in rows[top + 1 :]}
    assert styles[look][0].get(Q("style:use-optimal-row-height")) == "true", "a row grows with what is typed"


@pytest.mark.parametrize("render", [forms.render_xlsx, forms.render_ods])
def test_the_same_form_has_the_same_bytes(
    render: Render, tariff: Tariff, some: list[Municipality], texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = render(tariff, some, texts)
    monkeypatch.setenv("TZ", "Pacific/Apia")
    assert render(tariff, some, texts) == first
    with zipfile.ZipFile(BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
