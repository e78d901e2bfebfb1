"""The steering group's workbook: its formulas against the overview, by another engine; its rows; its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import cycle, product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.choices import Choices, Contribution, Guidance, Hosting, InKind, Origin, Phase
from pipeline.indication import indicate
from pipeline.overview import PHASES, SIZE_CLASSES, TOTAL, oversee
from pipeline.results import Results
from pipeline.workbooks import render_overview
from tests.results_samples import BASIS, REGISTER, TARIFF, TEXTS, amsterdam, results, rich_results, schiermonnikoog
from tests.workbooks.engine import Parts, differences, recalculate

SHEETS = ["Overzicht", "Bijdragen", "Markt", "GGU", "Gemeenten", "Actiepunten", "Datakwaliteit", "Uitgangspunten"]


def varied() -> Results:
    """Sixty municipalities, in which every combination of choices occurs, with every phase and form of effort."""
    combinations = cycle(product(Guidance, Hosting, Contribution))
    phases = cycle((*Phase, None))
    kinds = cycle(((), (InKind.STEERING_GROUP,), tuple(InKind)))
    return results(
        *(
            indicate(
                Choices(
                    municipality,
                    *next(combinations),
                    Origin("a.csv", line),
                    phase=next(phases),
                    in_kind=next(kinds),
                    agreed=line % 2 == 0,
                ),
                TARIFF,
                2026,
            )
            for line, municipality in enumerate(list(REGISTER)[::6], 2)
        )
    )


SHAPES: Mapping[str, Callable[[], Results]] = {
    "rich": rich_results,
    "varied": varied,
    "one": lambda: results(schiermonnikoog()),
    "none": results,
}


def render(result: Results) -> bytes:
    return render_overview(oversee(result), BASIS, TEXTS)


def sheet(workbook: bytes, name: str) -> Worksheet:
    found = openpyxl.load_workbook(BytesIO(workbook), data_only=True)[name]
    assert isinstance(found, Worksheet)
    return found


def table(workbook: bytes, sheet_name: str, name: str) -> list[dict[str, Any]]:
    """The rows of an Excel table by header, as cached."""
    page = sheet(workbook, sheet_name)
    headers, *rows = [[cell.value for cell in row] for row in page[page.tables[name].ref]]
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


# --- Formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_every_cached_value_is_what_another_engine_computes(shape: str, tmp_path: Path) -> None:
    parts = Parts(render(SHAPES[shape]()))
    assert len(parts.formulas) > 250
    assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []


def test_totals_per_size_class_are_worked_out_by_hand() -> None:
    rows = {row["Grootteklasse"]: row for row in table(render(rich_results()), "Overzicht", "Klassen")}
    assert list(rows) == [*SIZE_CLASSES, TOTAL]
    g4 = rows["G4"]  # Amsterdam and Utrecht
    assert (g4["Gemeenten"], g4["Met p.m."]) == (2, 1)
    assert g4["Eenmalig laag"] == 23_000  # 150 x 100 + 80 x 100
    assert g4["Eenmalig p.m."] == "+ p.m."  # the demo of Utrecht
    assert (g4["Jaarlijks laag"], g4["Jaarlijks hoog"]) == (57_500, 69_000)  # 50.000 - 60.000 and 7.500 - 9.000
    klein = rows["Klein"]  # Schiermonnikoog: nothing is quantified
    assert {klein[f"{figure} {bound}"] for figure in ("Eenmalig", "Looptijd") for bound in ("laag", "hoog")} == {"p.m."}
    total = rows[TOTAL]
    assert (total["Eerste jaar laag"], total["Eerste jaar hoog"]) == (90_500, 112_000)
    assert total["Eerste jaar p.m."] == "+ p.m."


def test_without_anything_missing_a_total_is_complete() -> None:
    rows = {row["Fase"]: row for row in table(render(results(amsterdam(phase=Phase.LIVE))), "Overzicht", "Fasen")}
    assert list(rows) == [*PHASES, TOTAL]
    assert (rows["live"]["Looptijd laag"], rows["live"]["Looptijd hoog"]) == (265_000, 315_000)
    assert rows["live"]["Looptijd p.m."] == rows[TOTAL]["Looptijd p.m."] == "volledig"


def test_contributions_are_counted_by_form() -> None:
    rows = {row["Grootteklasse"]: row for row in table(render(rich_results()), "Bijdragen", "BijdragenPerKlasse")}
    total = list(rows[TOTAL].values())
    # municipalities, financial, euros (Amsterdam), of whom live (Amsterdam), agreed (Utrecht), to be agreed (Zeist),
    # none, in kind (Utrecht)
    assert total == [TOTAL, 4, 1, 40_000, 40_000, 1, 1, 1, 1]
    assert rows["Middelgroot"]["Alternatief af te stemmen"] == 1


def test_what_asks_for_attention_is_counted_by_kind() -> None:
    workbook = render(rich_results())
    counts = {row["Soort"]: row["Aantal"] for row in table(workbook, "Overzicht", "Aandacht")}
    assert list(counts.values()) == [1, 1, 1, 1, 8, 1]
    items = {
        row["Post zonder bedrag"]: row["Gemeenten"] for row in table(workbook, "Actiepunten", "PostenZonderBedrag")
    }
    assert (items["Projectbegeleiding"], items["Hosting en beheer"]) == (2, 1)


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_a_municipality_has_its_amounts_and_files_in_a_row() -> None:
    (row,) = table(render(results(amsterdam())), "Gemeenten", "Gemeenten")
    assert (row["Eenmalig laag"], row["Jaarlijks laag"], row["Jaarlijks hoog"]) == (15_000, 50_000, 60_000)
    assert (row["Looptijd laag"], row["Looptijd hoog"], row["Looptijd p.m."]) == (265_000, 315_000, "volledig")
    assert (row["Per inwoner laag"], row["Per inwoner hoog"]) == (0.05, 0.06)
    assert (row["Werkboek"], row["Samenvatting"]) == ("GM0363-amsterdam.xlsx", "GM0363-amsterdam.md")


def test_points_and_findings_say_where_they_come_from() -> None:
    workbook = render(rich_results())
    points = table(workbook, "Actiepunten", "Actiepunten")
    first = points[0]
    assert list(first.values())[:6] == [
        "Alternatief af te stemmen", 1, "Zeist", "a.csv", 4, "Vertaling van de handleiding",
    ]  # fmt: skip
    assert all(point["Wie"] and point["Gevraagd"] for point in points)
    findings = table(workbook, "Datakwaliteit", "Bevindingen")
    assert [(f["Bestand"], f["Regel"]) for f in findings] == [
        ("b.csv", 5), ("c.csv", "hele bestand"), ("a.csv", 4), ("b.csv", 2),
    ]  # fmt: skip
    deliveries = table(workbook, "Datakwaliteit", "Aanleveringen")
    assert list(deliveries[0].values()) == ["a.csv", 5, 4, 1, 0]


# --- Form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_every_cell_of_every_table_is_filled_and_no_cells_are_merged(shape: str) -> None:
    book = openpyxl.load_workbook(BytesIO(render(SHAPES[shape]())), data_only=True)
    assert book.sheetnames == SHEETS
    for page in book.worksheets:
        assert isinstance(page["A1"].value, str)
        assert not page.merged_cells.ranges
        for found in page.tables.values():
            assert all(cell.value not in (None, "") for row in page[found.ref] for cell in row), found.name


def test_the_chart_says_in_words_what_it_shows() -> None:
    parts = Parts(render(rich_results())).parts
    assert b'descr="Gestapelde kolommen: per grootteklasse' in parts["xl/drawings/drawing1.xml"]


def test_user_text_stays_text() -> None:
    hostile = '=HYPERLINK("http://x","y")'
    one = amsterdam(origin=Origin(hostile, 2), backlog=hostile)
    workbook = render(results(one))
    (row,) = table(workbook, "Gemeenten", "Gemeenten")
    assert row["Bestand"] == hostile
    assert not any("HYPERLINK" in formula for formula in Parts(workbook).formulas.values())


def test_the_same_overview_gives_the_same_bytes() -> None:
    assert render(rich_results()) == render(rich_results())
