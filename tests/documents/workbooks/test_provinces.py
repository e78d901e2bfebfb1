"""Of a country with too many municipalities for a row each, the steering group's workbook has totals by province."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.documents import workbooks
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT

DELIVERY = """gemeente;begeleiding;hosting;bijdrage;hosting_laag;hosting_hoog
Zeist;extern;saas;financieel;;
Baarn;extern;in huis;geen;;
Soest;extern;in huis;financieel;2000,50;3000,50
Utrecht;extern;saas;financieel;;
Delft;extern;saas;geen;;
"""

Sheets = dict[str, list[tuple[Any, ...]]]


def sheets(path: Path, *, values: bool) -> Sheets:
    book = openpyxl.load_workbook(path, data_only=values)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders with results where each municipality has a row, and where there are too many."""
    folder = tmp_path_factory.mktemp("provinces")
    (folder / "in").mkdir()
    (folder / "in" / "a.csv").write_text(DELIVERY)
    for name, most in (("few", 5), ("many", 4)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(workbooks, "MOST_ROWS", most)
            where = (folder / "in", folder / name, REFERENCE, ROOT / "templates", date(2026, 7, 1))
            report(Settings(*where, workers=1))
    return folder / "few", folder / "many"


def test_each_province_and_size_class_has_a_row_with_its_totals(made: tuple[Path, Path]) -> None:
    rows = sheets(made[1] / "stuurgroep.xlsx", values=True)["Gemeenten"]
    found = [row[:12] for row in rows if row[1] and row[0] != "Provincie"]
    # Once: guidance of 15.000 each. Yearly: SaaS of 10.000 to 20.000, and contributions of 40.000 (G4), 12.500
    # (Middelgroot) and 2.500 (Klein). Soest has hosting of 2.000,50 to 3.000,50, and that of Baarn is p.m.
    known = "\N{NO-BREAK SPACE}"
    assert [(*row[:4], *row[5:]) for row in found] == [
        ("Utrecht", "G4", 1, 1, 15_000, 15_000, known, 50_000, 60_000, known, 40_000),
        ("Utrecht", "Middelgroot", 1, 1, 15_000, 15_000, known, 22_500, 32_500, known, 12_500),
        ("Utrecht", "Klein", 2, 2, 30_000, 30_000, known, 4_500.5, 5_500.5, "+ p.m.", 2_500),
        ("Zuid-Holland", "Groot", 1, 1, 15_000, 15_000, known, 10_000, 20_000, known, 0),
        ("Totaal", "n.v.t.", 5, 5, 75_000, 75_000, known, 87_000.5, 118_000.5, "+ p.m.", 55_000),
    ]


def test_all_other_sheets_say_what_they_say_of_fewer_without_a_formula_over_rows(made: tuple[Path, Path]) -> None:
    few, many = (sheets(folder / "stuurgroep.xlsx", values=True) for folder in made)
    assert few.keys() == many.keys()
    for name in few.keys() - {"Gemeenten", "Uitgangspunten", "Overzicht"}:
        assert many[name] == few[name]
    for rows in sheets(made[1] / "stuurgroep.xlsx", values=False).values():
        assert not [cell for row in rows for cell in row if isinstance(cell, str) and "Gemeenten[" in cell]


def test_the_rows_stand_in_a_file_beside_it(made: tuple[Path, Path]) -> None:
    with (made[1] / "stuurgroep" / "gemeenten.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    table = sheets(made[0] / "stuurgroep.xlsx", values=True)["Gemeenten"]
    top = [row[0] for row in table].index("Gemeente")
    assert header == [cell for cell in table[top] if cell]
    assert [row[0] for row in rows] == ["Baarn", "Delft", "Soest", "Utrecht", "Zeist"]
    for row, cells in zip(rows, table[top + 1 :], strict=True):
        for text, cell in zip(row, cells, strict=False):
            shown = {"\N{NO-BREAK SPACE}": "", "+ p.m.": "p.m."}.get(cell, cell)
            assert (text if isinstance(shown, str) else float(text)) == shown
    assert not (made[0] / "stuurgroep" / "gemeenten.csv").exists()
