"""What changed since the last run: real inputs, run twice, and what the steering group reads of it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.cli import main
from pipeline.history import choose, small
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.workbooks.engine import Parts, differences, recalculate

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"
BEFORE = "Amsterdam;extern;saas;financieel\nBaarn;zelf;in huis;geen\nZeist;extern;saas;geen\nDelft;extern;saas;geen\n"
KEPT = "historie/0001-2026-01-01-"

Run = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(REFERENCE, tmp_path / "reference")
    (tmp_path / "inputs").mkdir()
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    """Deliver rows, and make a report of them."""

    def runner(rows: str, day: date = date(2026, 1, 1)) -> None:
        (folder / "inputs" / "a.csv").write_text(HEADER + rows)
        report(Settings(folder / "inputs", folder / "outputs", folder / "reference", ROOT / "templates", day))

    return runner


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table of the sheet Wijzigingen, by header; none if there is no such table."""
    page = openpyxl.load_workbook(folder / "outputs" / "stuurgroep.xlsx", data_only=True)["Wijzigingen"]
    assert isinstance(page, Worksheet)
    if name not in page.tables:
        return []
    headers, *rows = [[cell.value for cell in row] for row in page[page.tables[name].ref]]
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


def section(folder: Path) -> str:
    """The section Wijzigingen of the page."""
    page = (folder / "outputs" / "stuurgroep.md").read_text(encoding="utf-8")
    return page.split("## Wijzigingen\n")[1].split("\n## ")[0]


def files(folder: Path) -> Mapping[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != ".lock"}


# --- Choices ----------------------------------------------------------------------------------------------------------

AFTER = "Amsterdam;extern;saas;geen\nBaarn;zelf;saas;geen\nZeist;extern;saas;geen\nDelft;zelf;saas;financieel\n"


def test_three_changed_choices_are_exactly_what_changed(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(AFTER)
    rows = {row["Gemeente"]: row for row in table(folder, "WijzigingenGemeenten")}
    assert set(rows) == {"Amsterdam", "Baarn", "Delft"}
    assert {row["Oorzaak"] for row in rows.values()} == {"keuze"}
    amsterdam, baarn, delft = rows["Amsterdam"], rows["Baarn"], rows["Delft"]
    # Amsterdam, G4, no longer contributes 40.000.
    assert amsterdam["Wijziging"] == "bijdrage: financieel → geen"
    assert (amsterdam["Bijdrage was laag"], amsterdam["Bijdrage verschil laag"]) == (40_000, -40_000)
    assert (amsterdam["Jaarlijks verschil laag"], amsterdam["Jaarlijks verschil hoog"]) == (-40_000, -40_000)
    assert amsterdam["Eenmalig verschil laag"] == 0
    # Baarn had nothing quantified, and now SaaS of 10.000 to 20.000: no difference is known.
    assert (baarn["Jaarlijks was laag"], baarn["Jaarlijks is hoog"]) == ("p.m.", 20_000)
    assert baarn["Jaarlijks verschil laag"] == "p.m."
    # Delft, Groot with over 100.000 inhabitants, does it itself instead of 150 x 100, and contributes 20.000.
    assert delft["Wijziging"] == "begeleiding: extern → zelf; bijdrage: geen → financieel"
    assert (delft["Eenmalig was laag"], delft["Eenmalig is laag"], delft["Eenmalig verschil laag"]) == (
        *(15_000, "p.m.", "p.m."),
    )
    assert delft["Jaarlijks verschil laag"] == delft["Bijdrage verschil hoog"] == 20_000
    totals = {row["Kengetal"]: row for row in table(folder, "WijzigingenTotaal")}
    assert totals["Bijdrage"]["Verschil laag"] == -20_000
    # Yearly: 50.000 + 10.000 + 10.000 + p.m. became 10.000 + 10.000 + 10.000 + 30.000.
    assert (totals["Jaarlijks"]["Was laag"], totals["Jaarlijks"]["Is laag"]) == (70_000, 60_000)
    text = section(folder)
    assert (
        "| Amsterdam | gewijzigd | keuze | bijdrage: financieel → geen | EUR 0 | − EUR 40.000 | − EUR 40.000 |" in text
    )
    assert "| Baarn | gewijzigd | keuze | hosting: in huis → saas | blijft p.m. | was p.m. | EUR 0 |" in text
    assert "Zeist" not in text


def test_the_differences_are_formulas_that_another_engine_gives_too(folder: Path, run: Run, tmp_path: Path) -> None:
    run(BEFORE)
    run(AFTER.replace("Zeist;extern;saas;geen\n", "Assen;extern;hybride;alternatief\n"))
    parts = Parts((folder / "outputs" / "stuurgroep.xlsx").read_bytes())
    own = [place for place in parts.formulas if place[0] == "Wijzigingen"]
    assert len(own) == 2 * 5 + 5 * 6
    assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []


def test_who_came_and_who_went_is_said_with_what_that_does(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(BEFORE.replace("Zeist;", "Assen;"))
    rows = {row["Gemeente"]: row for row in table(folder, "WijzigingenGemeenten")}
    assert {name: row["Wat"] for name, row in rows.items()} == {"Assen": "nieuw", "Zeist": "weg"}
    assert (rows["Zeist"]["Jaarlijks is laag"], rows["Zeist"]["Jaarlijks verschil hoog"]) == ("n.v.t.", -20_000)
    assert rows["Assen"]["Eenmalig verschil laag"] == 15_000


def test_a_row_that_only_moved_is_no_change(folder: Path, run: Run) -> None:
    run(BEFORE)
    run("\n" + BEFORE)
    assert table(folder, "WijzigingenGemeenten") == []
    assert "Geen gemeente is gewijzigd." in section(folder)


# --- Tariff, register, year -------------------------------------------------------------------------------------------


def causes(folder: Path) -> dict[str, str]:
    return {row["Gemeente"]: row["Oorzaak"] for row in table(folder, "WijzigingenGemeenten")}


def test_a_tariff_that_changes_is_the_cause_for_who_uses_it(folder: Path, run: Run) -> None:
    run(BEFORE)
    tariffs = folder / "reference" / "tarieven.toml"
    tariffs.write_text(tariffs.read_text().replace("waarde = 100\n", "waarde = 110\n", 1))
    run(BEFORE)
    # Baarn does it itself and pays no hourly rate.
    assert causes(folder) == {"Amsterdam": "tarief", "Zeist": "tarief", "Delft": "tarief"}
    assert table(folder, "WijzigingenTarief") == [{"Wat": "Uurtarief", "Was": "100", "Is": "110"}]
    assert {row["Eenmalig verschil laag"] for row in table(folder, "WijzigingenGemeenten")} == {1_500}


def test_a_choice_and_a_tariff_are_both_named(folder: Path, run: Run) -> None:
    run(BEFORE)
    tariffs = folder / "reference" / "tarieven.toml"
    tariffs.write_text(tariffs.read_text().replace("waarde = 100\n", "waarde = 110\n", 1))
    run(AFTER)
    assert causes(folder)["Amsterdam"] == "keuze, tarief"
    assert causes(folder)["Baarn"] == "keuze"


def test_a_register_that_changes_is_the_cause_of_another_class(folder: Path, run: Run) -> None:
    run(BEFORE)
    register = folder / "reference" / "gemeenten.csv"
    lines = [
        ",".join([*line.split(",")[:3], "99000", *line.split(",")[4:]]) if line.startswith("GM0503,") else line
        for line in register.read_text(encoding="utf-8").splitlines()
    ]
    register.write_text("\n".join(lines) + "\n", encoding="utf-8")
    run(BEFORE)
    assert causes(folder) == {"Delft": "register"}
    (row,) = table(folder, "WijzigingenGemeenten")
    assert "grootteklasse volgens de inwoners: Groot → Middelgroot" in row["Wijziging"]


def test_a_year_that_turns_is_named(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(BEFORE, date(2027, 1, 1))
    assert set(causes(folder).values()) == {"peildatum"}


# --- History ----------------------------------------------------------------------------------------------------------


def test_without_an_earlier_result_that_is_said(folder: Path, run: Run) -> None:
    run(BEFORE)
    assert section(folder).strip() == "Er is nog geen eerder resultaat om mee te vergelijken."
    assert not (folder / "outputs" / "historie").exists()


def test_the_last_result_is_kept_and_a_repeated_run_gives_the_same_bytes(folder: Path, run: Run) -> None:
    run(BEFORE)
    first = (folder / "outputs" / "kostenindicaties.json").read_bytes()
    run(AFTER)
    (kept,) = (folder / "outputs" / "historie").iterdir()
    assert gzip.decompress(kept.read_bytes()) == first
    once = files(folder / "outputs")
    run(AFTER)
    assert files(folder / "outputs") == once
    shutil.rmtree(folder / "outputs" / "gemeenten")
    (folder / "outputs" / "stuurgroep.md").unlink()
    run(AFTER)
    assert files(folder / "outputs") == once
    run(BEFORE)
    assert len(list((folder / "outputs" / "historie").iterdir())) == 2
    assert set(causes(folder)) == {"Amsterdam", "Baarn", "Delft"}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"schema": "9", "indications": []}', b"\x1f\x8b\x00"])
def test_a_result_that_cannot_be_compared_stops_nothing(folder: Path, run: Run, damage: bytes) -> None:
    run(BEFORE)
    (folder / "outputs" / "kostenindicaties.json").write_bytes(damage)
    run(AFTER)
    assert "ging niet" in section(folder)
    assert json.loads((folder / "outputs" / "kostenindicaties.json").read_bytes())["indications"]


def test_which_earlier_result_is_compared_with() -> None:
    day, old, new = date(2026, 11, 23), "a" * 64, "b" * 64
    first = f"historie/0001-2026-11-23-{old[:8]}.json.gz"
    assert choose([], None, new, day).name is None
    assert choose([], new, new, day).name is None
    assert (choose([], old, new, day).name, choose([], old, new, day).to_keep) == (first, True)
    assert (choose([first], old, new, day).name, choose([first], old, new, day).to_keep) == (first, False)
    assert choose([first], new, new, day).name == first
    assert choose([first, "historie/x"], "c" * 64, new, day).name == "historie/0002-2026-11-23-cccccccc.json.gz"
    assert choose(["historie/10000-2026-11-23-cccccccc.json.gz", first], None, new, day).name == (
        "historie/10000-2026-11-23-cccccccc.json.gz"
    )
    assert small(b"x") == small(b"x")


# --- The command ------------------------------------------------------------------------------------------------------


def diff(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, arguments)])


def test_diff_of_two_equal_results_is_one_line(folder: Path, run: Run) -> None:
    run(BEFORE)
    done = diff(folder / "outputs", folder / "outputs" / "kostenindicaties.json")
    assert (done.exit_code, done.stdout) == (0, "Geen wijzigingen.\n")


def test_diff_tells_people_and_machines_what_changed(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(AFTER)
    (kept,) = (folder / "outputs" / "historie").iterdir()
    lines = diff(kept, folder / "outputs").stdout.splitlines()
    start = lines.index("Amsterdam (GM0363): gewijzigd, keuze")
    assert lines[start : start + 4] == [
        "Amsterdam (GM0363): gewijzigd, keuze",
        "  bijdrage: financieel → geen",
        "  jaarlijks: EUR 50.000 – 60.000 → EUR 10.000 – 20.000 (− EUR 40.000)",
        "  bijdrage: EUR 40.000 → EUR 0 (− EUR 40.000)",
    ]
    data = json.loads(diff(kept, folder / "outputs", "--format", "json").stdout)
    assert [change["name"] for change in data["municipalities"]] == ["Baarn", "Amsterdam", "Delft"]
    amsterdam = next(change for change in data["municipalities"] if change["name"] == "Amsterdam")
    assert amsterdam["amounts"]["yearly"]["difference"] == {"low": -40_000, "high": -40_000}


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"schema": "9", "indications": []}'])
def test_diff_says_what_cannot_be_compared(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "kostenindicaties.json").write_bytes(content)
    done = diff(tmp_path, tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {tmp_path}/kostenindicaties.json: ")
    assert "Traceback" not in done.output
