"""Pages are written in fewer steps than XlsxWriter takes, and have the bytes that it gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from xlsxwriter.worksheet import Worksheet

from pipeline.documents.workbooks import render_indication, writer
from pipeline.documents.workbooks.cells import Calculated, Fixed, Value
from pipeline.documents.workbooks.pages import Page
from pipeline.documents.workbooks.sheets import Column, Line, Table
from pipeline.documents.workbooks.styles import Style
from pipeline.intake import read_deliveries
from pipeline.model.indication import indicate
from pipeline.model.tariffs import tariff_on
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import read_register
from pipeline.reference.tariff_file import read_tariffs
from pipeline.reference.texts import read_texts
from tests.conftest import REFERENCE, ROOT
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
def test_rows_that_are_written_at_once_have_the_bytes_of_cells_that_are_written_one_by_one(above: int) -> None:
    headers = ("Naam", "Aantal", "Bedrag")
    lines = [Line(Fixed(f"regel {number}")) for number in range(above)]
    at_once = Table("Tabel", [_taken(place, header) for place, header in enumerate(headers)], ROWS, filters=True)
    cells = [[Fixed(value, style) for value, style in zip(row, STYLES, strict=True)] for row in ROWS]
    one_by_one = Table("Tabel", [Column(header, 20) for header in headers], cells, filters=True)
    below = Line(Calculated("SUM(Tabel[Aantal])", lambda _: 0))
    assert at_once.plain
    assert not one_by_one.plain
    assert writer.write(placed(*lines, at_once, below), {}) == writer.write(placed(*lines, one_by_one, below), {})


def _taken(place: int, header: str) -> Column:
    return Column(header, 20, take=lambda row: row[place], style=STYLES[place])


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
