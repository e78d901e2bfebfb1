"""Pages are written in fewer steps than XlsxWriter takes, and have the bytes that it gives."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from operator import itemgetter

import pytest
from xlsxwriter.worksheet import Worksheet

from pipeline.documents.workbooks import render_indication, writer
from pipeline.documents.workbooks.cells import Calculated, Fixed, Value
from pipeline.documents.workbooks.pages import MARK, Contents, Looks, Page
from pipeline.documents.workbooks.sheets import Column, Line, Table
from pipeline.documents.workbooks.strings import STRINGS
from pipeline.documents.workbooks.styles import Style
from pipeline.errors import WorkbookError
from pipeline.intake import read_deliveries
from pipeline.model.indication import indicate
from pipeline.model.tariffs import tariff_on
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import read_register
from pipeline.reference.tariff_file import read_tariffs
from pipeline.reference.texts import read_texts
from tests.conftest import REFERENCE, ROOT
from tests.documents.workbooks.engine import Parts
from tests.documents.workbooks.small import placed

LONG = "Een naam die langer is dan zijn kolom breed, zodat de rij hoger wordt."
ROWS: list[tuple[Value, ...]] = [
    ("Zeist", 1, Decimal("2500.00")),
    ("", 0, "p.m."),
    (LONG, -7, Decimal("0.10")),
    ("a\tb\tc\td", 10_000_000, Decimal(12)),
    ("Zeist", 1, "p.m."),
    ("5 < 6 & 7% > @", 3, Decimal("1E+3")),
    *(("Zeist", number, Decimal(number) / 3) for number in range(40)),
]
STYLES = (Style.TEXT, Style.INTEGER, Style.EURO)


def test_a_workbook_has_the_bytes_that_pages_as_they_come_give(monkeypatch: pytest.MonkeyPatch) -> None:
    register = read_register(REFERENCE / "gemeenten.csv")
    tariff = tariff_on(read_tariffs(REFERENCE / "tarieven.toml"), date(2026, 1, 1))
    basis, texts = ReferenceData.of(register, tariff, date(2026, 11, 25)), read_texts(ROOT / "templates")
    indication = indicate(read_deliveries(ROOT / "inputs", register).choices[0], tariff, 2026)
    ours = render_indication(indication, basis, texts)
    monkeypatch.setattr(writer, "Page", Worksheet)
    assert render_indication(indication, basis, texts) == ours


@pytest.mark.parametrize("value", ["", "p.m.", "a < b & c", "#N/A", "#5", True, 0, 1.5, Decimal("0.1")])
def test_a_formula_with_any_value_has_the_bytes_that_pages_as_they_come_give(
    value: Value, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = placed(Line(Calculated('IF(1<2,"a"&"b",0)', lambda _: value)))
    ours = writer.write(described, {})
    monkeypatch.setattr(writer, "Page", Worksheet)
    assert writer.write(described, {}) == ours


@pytest.mark.parametrize("above", [0, 3, 17])
def test_rows_that_are_written_at_once_have_the_parts_of_cells_that_are_written_one_by_one(above: int) -> None:
    headers = ("Naam", "Aantal", "Bedrag")
    lines = [Line(Fixed(f"regel {number}")) for number in range(above)]
    at_once = Table("Tabel", [_taken(place, header) for place, header in enumerate(headers)], ROWS, filters=True)
    cells = [[Fixed(value, style) for value, style in zip(row, STYLES, strict=True)] for row in ROWS]
    one_by_one = Table("Tabel", [Column(header, 20) for header in headers], cells, filters=True)
    below = Line(Calculated("SUM(Tabel[Aantal])", lambda _: 0))
    assert at_once.plain
    assert not one_by_one.plain
    ours, theirs = (parts(writer.write(placed(*lines, table, below), {})) for table in (at_once, one_by_one))
    assert ours == theirs


def parts(package: bytes) -> dict[str, object]:
    """The parts of a workbook, with each text in place of its number: texts are numbered in another order."""
    read = Parts(package).parts
    begin, *texts = re.split("(?=<si>)", read.pop(STRINGS).decode().removesuffix("</sst>"))
    sheet = "xl/worksheets/sheet1.xml"
    told = re.sub(r'(?<= t="s"><v>)\d+', lambda number: texts[int(number[0])], read[sheet].decode())
    return {**read, sheet: told, STRINGS: (begin, sorted(texts))}


@pytest.mark.parametrize("wrong", ["contents", "looks"])
def test_rows_that_are_written_at_once_are_refused_unless_they_are_xml(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Table("Tabel", [_taken(place, header) for place, header in enumerate(("Naam", "Aantal", "Bedrag"))], ROWS)
    if wrong == "contents":
        monkeypatch.setattr(Contents, "__missing__", lambda _, value: "><v>1</c>" if value == 39 else "/>")
    else:
        monkeypatch.setattr(Looks, "cells", '<c r="A@"%s<c r="B@"%s<d r="C@"%s</d>')
    with pytest.raises(WorkbookError, match=r"its part xl/worksheets/sheet1\.xml cannot be read"):
        writer.write(placed(table), {})


def test_what_is_no_xml_at_all_is_refused_also_where_rows_are_kept_apart() -> None:
    table = Table("Tabel", [_taken(place, header) for place, header in enumerate(("Naam", "Aantal", "Bedrag"))], ROWS)
    for blocks in ([], [table]):
        with pytest.raises(WorkbookError, match=r"its part xl/worksheets/sheet1\.xml cannot be read"):
            writer.write(placed(*blocks, Line(Calculated(f'"{MARK}"&"{MARK}"', lambda _: "x"))), {})


def test_texts_of_a_column_without_a_width_are_counted_too() -> None:
    columns = [_taken(0, "Naam"), Column("Bedrag", 0, take=lambda _: "p.m.")]
    strings = Parts(writer.write(placed(Table("Tabel", columns, ROWS[:3])), {})).parts[STRINGS].decode()
    # two headers and three times "p.m.", two names besides the empty one, and the name of the sheet as its title
    assert re.search(r' count="(\d+)"', strings)[1] == "8"  # type: ignore[index]


def _taken(place: int, header: str) -> Column:
    if place == 0:
        return Column(header, 20, take=lambda row: row[0], style=STYLES[0])
    return Column(header, 20, of=itemgetter(place), take=lambda value: value, style=STYLES[place])


@pytest.mark.parametrize("in_a_condition", [False, True])
@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(A1:A3)",
        "A1+1",
        "=SORT(A1:A3)+SUM(B1)",
        "=IF(A1,XLOOKUP(B1,C:C,D:D),0)",
        "=_xlfn.SORT(A1)",
        "=X.SORT(A1)",
        "=BETA.DIST(1,2,3,TRUE)+IFERROR(A1,0)",
        "=STDEV.S(A1:A3)",
        "{=SUM(A1:A3*2)}",
    ],
)
def test_a_formula_is_prepared_as_xlsxwriter_does(formula: str, in_a_condition: bool) -> None:
    for _ in range(2):  # the second time its functions are known
        assert Page()._prepare_formula(formula, in_a_condition) == Worksheet()._prepare_formula(formula, in_a_condition)
