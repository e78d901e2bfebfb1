"""What changed since the last run: real inputs, run twice, and what the steering group reads of it."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace as replaced
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.cli import main
from pipeline.publishing.outputs import Outputs
from pipeline.results import reading as earlier
from pipeline.results.archive import choose, numbered, small
from pipeline.results.comparison import compare
from pipeline.results.overview import TOTAL
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.documents.test_summaries import plain
from tests.documents.workbooks.engine import Parts, differences, recalculate
from tests.posten import add_to

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"
BEFORE = "Amsterdam;extern;saas;financieel\nBaarn;zelf;in huis;geen\nZeist;extern;saas;geen\nDelft;extern;saas;geen\n"
KEPT = "historie/0001-2026-01-01-"
OWN = (".lock", ".seen.json")

Run = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(REFERENCE, tmp_path / "reference")
    (tmp_path / "inputs").mkdir()
    return tmp_path


@pytest.fixture(scope="module")
def first_runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, date], None]:
    """Make a first report; of the same deliveries and reference data only once, and then a copy of it."""
    kept = tmp_path_factory.mktemp("kept")

    def runner(folder: Path, day: date) -> None:
        read = (path.read_bytes() for part in ("inputs", "reference") for path in sorted((folder / part).glob("*.*")))
        same = kept / hashlib.sha256(b"\0".join([*read, str(day).encode()])).hexdigest()
        if not same.exists():
            report(Settings(*places(folder), day))
            shutil.copytree(folder / "outputs", same)
        else:
            shutil.copytree(same, folder / "outputs")

    return runner


@pytest.fixture
def run(folder: Path, first_runs: Callable[[Path, date], None]) -> Run:
    """Deliver rows, and make a report of them."""

    def runner(rows: str, day: date = date(2026, 1, 1)) -> None:
        (folder / "inputs" / "a.csv").write_text(HEADER + rows)
        if (folder / "outputs").exists():
            report(Settings(*places(folder), day))
        else:
            first_runs(folder, day)

    return runner


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a table of the sheet Wijzigingen, by header; none if there is no such table."""
    book = openpyxl.load_workbook(folder / "outputs" / "stuurgroep.xlsx", data_only=True)
    if "Wijzigingen" not in book.sheetnames:
        return []
    page = book["Wijzigingen"]
    assert isinstance(page, Worksheet)
    if name not in page.tables:
        return []
    headers, *rows = [[cell.value for cell in row] for row in page[page.tables[name].ref]]
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


def section(folder: Path) -> str:
    """The section Wijzigingen of the page."""
    page = plain((folder / "outputs" / "stuurgroep.md").read_text(encoding="utf-8"))
    return page.split("## Wijzigingen\n")[1].split("\n## ")[0]


def files(folder: Path) -> Mapping[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name not in OWN}


# --- Choices ----------------------------------------------------------------------------------------------------------

AFTER = "Amsterdam;extern;saas;geen\nBaarn;zelf;saas;geen\nZeist;extern;saas;geen\nDelft;zelf;saas;financieel\n"


def changed(folder: Path) -> dict[str, dict[str, Any]]:
    """What changed for each municipality, by name; spaces are as one types them."""
    return {
        row["Gemeente"]: {key: str(value).replace("\N{NO-BREAK SPACE}", " ") for key, value in row.items()}
        for row in table(folder, "WijzigingenGemeenten")
    }


def figures(row: Mapping[str, str]) -> list[str]:
    return [row[figure] for figure in ("Eenmalig", "Jaarlijks", "Bijdrage", "Looptijd")]


def test_three_changed_choices_are_exactly_what_changed(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(AFTER)
    rows = changed(folder)
    assert list(rows) == ["Amsterdam", "Baarn", "Delft"]
    assert {row["Oorzaak"] for row in rows.values()} == {"keuze"}
    # Amsterdam, G4, no longer contributes 40.000: five years are 200.000.
    assert rows["Amsterdam"]["Wijziging"] == "bijdrage: financieel → geen"
    assert figures(rows["Amsterdam"]) == ["€ 0", "−€ 40.000", "−€ 40.000", "−€ 200.000"]
    # Baarn had nothing quantified, and now SaaS of 10.000 to 20.000; what it was is not known.
    assert figures(rows["Baarn"]) == [
        *("€ 0, blijft p.m.", "nu € 10.000–20.000, was onbekend", "€ 0", "nu minimaal € 50.000, was onbekend"),
    ]
    # Delft, Groot with over 100.000 inhabitants, does it itself instead of 150 x 100, and contributes 20.000.
    assert rows["Delft"]["Wijziging"] == "begeleiding: extern → zelf; bijdrage: geen → financieel"
    assert figures(rows["Delft"])[:3] == ["nu onbekend, was € 15.000", "+€ 20.000", "+€ 20.000"]
    text = section(folder)
    assert (
        "| Amsterdam | gewijzigd | keuze | bijdrage: financieel → geen "
        "| € 0 | −€ 40.000 | −€ 40.000 | −€ 200.000 |" in text
    )
    assert (
        "| Baarn | gewijzigd | keuze | hosting: in huis → SaaS | € 0, blijft p.m. "
        "| nu € 10.000–20.000, was onbekend | € 0 | nu minimaal € 50.000, was onbekend |" in text
    )
    assert "Zeist" not in text


def test_records_with_the_same_fingerprint_are_not_read_again(folder: Path, run: Run) -> None:
    run(BEFORE)

    def unread(code: str) -> bytes:
        raise AssertionError(f"{code} was read")

    with earlier.opened(folder / "outputs") as result:
        gists = {code: result.gist(code) for code in result.codes}
        known = {code: replaced(place, fingerprint="same") for code, place in result.places.items()}
        of = replace(result, record=unread, places=known, known=gists)
        changes = compare(of, of)
        assert not changes.any
        assert changes.totals
        # EUR 15.000 once, 10.000 - 20.000 and 40.000 of Amsterdam; 25.000 - 35.000 of Zeist and of Delft; Baarn is p.m.
        first_year = changes.totals["first_year"].new
        assert first_year
        assert (int(first_year.low), int(first_year.high), first_year.pro_memorie) == (115_000, 145_000, True)
        with pytest.raises(AssertionError, match="GM0308 was read"):
            compare(of, replace(of, places=known | {"GM0308": replaced(known["GM0308"], fingerprint="other")}))
        with pytest.raises(AssertionError, match="GM0308 was read"):  # of which nobody knows what it was made from
            compare(of, replace(of, places=known | {"GM0308": replaced(known["GM0308"], fingerprint="")}))


def test_the_total_says_what_it_was_and_is_if_nobody_knows_the_difference(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(AFTER)
    totals = {
        row["Kengetal"]: [str(value).replace("\N{NO-BREAK SPACE}", " ") for value in list(row.values())[1:]]
        for row in table(folder, "WijzigingenTotaal")
    }
    assert list(totals) == ["Eenmalig", "Jaarlijks", "Looptijd", "Bijdrage"]
    assert totals["Bijdrage"][-1] == "−€ 20.000"
    # Yearly: 50.000 + 10.000 + 10.000 + p.m. became 10.000 + 10.000 + 10.000 + 30.000.
    assert totals["Jaarlijks"] == [
        *("minimaal € 70.000", "€ 60.000–100.000", "nu € 60.000–100.000, was minimaal € 70.000"),
    ]
    assert "| Jaarlijks | minimaal € 70.000 | € 60.000–100.000 | nu € 60.000–100.000, was" in section(folder)


def test_a_difference_that_rests_on_an_unknown_is_no_saving(folder: Path, run: Run) -> None:
    """Delft stops paying a party 15.000 and does it itself: its own hours are not known, so no 15.000 is saved.

    Zeist has functionality of the backlog without amount before and after: the 15.000 that it saves is known.
    """
    header = HEADER.strip() + ";backlog\n"

    def deliver(delft: str, zeist: str) -> None:
        rows = f"Delft;{delft};saas;geen;\nZeist;extern;saas;{zeist};kaart\n"
        (folder / "inputs" / "a.csv").write_text(header + rows)
        report(Settings(*places(folder), date(2026, 1, 1)))

    deliver("extern", "financieel")
    deliver("zelf", "geen")
    text = section(folder)
    assert "| Delft | gewijzigd | keuze | begeleiding: extern → zelf | nu onbekend, was € 15.000 | € 0 | € 0 |" in text
    # Zeist, Middelgroot, no longer contributes 12.500: over five years 62.500.
    assert "| € 0, blijft p.m. | −€ 12.500 | −€ 12.500 | −€ 62.500, blijft p.m. |" in text
    assert "| Eenmalig | minimaal € 30.000 | minimaal € 15.000 | nu minimaal € 15.000, was minimaal" in text


def test_an_own_estimate_that_is_dropped_is_no_saving_anywhere(folder: Path) -> None:
    header = HEADER.strip() + ";hosting_laag;hosting_hoog\n"
    for estimate in ("17250;17250", ";"):
        (folder / "inputs" / "a.csv").write_text(f"{header}Zeist;extern;in huis;geen;{estimate}\n")
        report(Settings(*places(folder), date(2026, 1, 1)))
    assert figures(changed(folder)["Zeist"])[1] == "nu onbekend, was € 17.250"
    # What the difference of 17.250 came of is that it became p.m., which is no price.
    (part,) = [row for row in table(folder, "Oorzaken") if row["Oorzaak"] != TOTAL]
    assert list(part.values()) == ["werd p.m.", 1, 0, 0, -17_250, -17_250]
    text = section(folder)
    assert "nu onbekend, was € 17.250" in text
    assert "| Jaarlijks | € 17.250 | onbekend | nu onbekend, was € 17.250 |" in text


def test_the_causes_add_up_to_the_total(folder: Path, run: Run, tmp_path: Path) -> None:
    """Assen comes, Zeist goes; Amsterdam chooses, Baarn becomes known and Delft p.m.: each is a cause of its own."""
    run(BEFORE)
    run(AFTER.replace("Zeist;extern;saas;geen\n", "Assen;extern;saas;geen\n"))
    rows = {row["Oorzaak"]: row for row in table(folder, "Oorzaken")}
    assert list(rows) == ["nieuw", "weg", "keuze", "werd bekend", "werd p.m.", TOTAL]
    assert list(rows["nieuw"].values())[1:] == [1, 15_000, 15_000, 10_000, 20_000]
    assert list(rows["weg"].values())[1:] == [1, -15_000, -15_000, -10_000, -20_000]
    assert list(rows["keuze"].values())[1:] == [2, 0, 0, -20_000, -20_000]  # Amsterdam −40.000, Delft +20.000
    assert list(rows["werd bekend"].values())[1:] == [1, 0, 0, 10_000, 20_000]  # Baarn: SaaS
    assert list(rows["werd p.m."].values())[1:] == [1, -15_000, -15_000, 0, 0]  # Delft: its own hours
    # Once 45.000 + p.m. became 30.000 + p.m.; yearly 70.000 - 100.000 became 60.000 - 100.000.
    assert list(rows[TOTAL].values())[2:] == [-15_000, -15_000, -10_000, 0]
    parts = Parts((folder / "outputs" / "stuurgroep.xlsx").read_bytes())
    assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []


def test_who_came_and_who_went_is_said_with_what_that_does(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(BEFORE.replace("Zeist;", "Assen;"))
    rows = changed(folder)
    assert {name: row["Wat"] for name, row in rows.items()} == {"Assen": "nieuw", "Zeist": "weg"}
    assert figures(rows["Zeist"])[1] == "−€ 10.000 tot −€ 20.000"
    assert figures(rows["Assen"])[0] == "+€ 15.000"


def test_an_example_that_becomes_a_delivery_is_new_in_the_total(folder: Path) -> None:
    header = HEADER.strip() + ";herkomst\n"
    for zeist in ("voorbeeld", "opgave"):
        rows = f"Delft;extern;saas;geen;opgave\nZeist;extern;saas;geen;{zeist}\n"
        (folder / "inputs" / "a.csv").write_text(header + rows)
        report(Settings(*places(folder), date(2026, 1, 1)))
    (part, total) = table(folder, "Oorzaken")
    assert list(part.values()) == ["nieuw", 1, 15_000, 15_000, 10_000, 20_000]
    assert list(total.values())[2:] == [15_000, 15_000, 10_000, 20_000]


def test_the_earlier_result_goes_by_its_own_reference_date(folder: Path, run: Run) -> None:
    run(BEFORE, date(2026, 1, 1))
    run(AFTER, date(2026, 3, 1))
    assert "Vergeleken met het resultaat nr. 1 (historie/0001-2026-03-01-" in section(folder)
    run(BEFORE, date(2026, 6, 1))
    # The second result was made on 1 March, and replaced on 1 June.
    assert "Vergeleken met het resultaat nr. 2 van 1 maart 2026 (historie/0002-2026-06-01-" in section(folder)
    lines = table(folder, "Verloop")
    assert [row["Resultaat"] for row in lines] == [
        "nr. 1, voor 1 maart 2026",
        "nr. 2, 1 maart 2026",
        "nr. 3, 1 juni 2026",
    ]
    assert [row["Zelf aangeleverd"] for row in lines] == [4, 4, 4]
    # Amsterdam pays 40.000; then Delft 20.000 instead of it; then Amsterdam again.
    assert [row["Bijdragen per jaar"] for row in lines] == [40_000, 20_000, 40_000]
    parts = Parts((folder / "outputs" / "stuurgroep.xlsx").read_bytes()).parts
    assert sum(b"per resultaat" in data for name, data in parts.items() if "charts/" in name) == 1  # from three on


def test_a_question_says_since_when_it_is_open(folder: Path, run: Run) -> None:
    run(BEFORE, date(2026, 1, 1))
    run(AFTER, date(2026, 3, 1))
    book = openpyxl.load_workbook(folder / "outputs" / "stuurgroep.xlsx", data_only=True)["Overzicht"]
    headers, *rows = [[cell.value for cell in row] for row in book[book.tables["Besluiten"].ref]]
    since = {row[0]: row[1] for row in rows}
    # Amsterdam no longer contributes since 1 March; Zeist did not before either.
    assert headers[:2] == ["Gemeente", "Sinds"]
    assert (since["Amsterdam"], since["Zeist"]) == ("1 maart 2026", "voor 1 maart 2026")


def test_without_a_row_the_delivery_is_the_cause(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(BEFORE.replace("Zeist;", "Assen;"))
    assert causes(folder) == {"Assen": "aanlevering", "Zeist": "aanlevering"}


def test_a_rejected_row_is_the_cause_of_who_went_and_mended_of_who_came(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(BEFORE.replace("Zeist;extern;saas", "Zeist;extern;wolk"))
    assert causes(folder) == {"Zeist": "afgekeurd"}
    assert "| Zeist | afgekeurd | afgekeurd |" in section(folder)
    assert [row["Oorzaak"] for row in table(folder, "Oorzaken")] == ["afgekeurd", TOTAL]
    run(BEFORE)
    (row,) = {(row["Gemeente"], row["Wat"], row["Oorzaak"]) for row in table(folder, "WijzigingenGemeenten")}
    assert row == ("Zeist", "hersteld", "afgekeurd")


@pytest.mark.parametrize("name", ["Zeist", "gm355"])
def test_who_is_no_longer_in_the_register_went_by_that(folder: Path, run: Run, name: str) -> None:
    run(BEFORE)
    register = folder / "reference" / "gemeenten.csv"
    lines = register.read_text(encoding="utf-8").splitlines()
    register.write_text("\n".join(line for line in lines if not line.startswith("GM0355,")) + "\n", encoding="utf-8")
    run(BEFORE.replace("Zeist", name))
    assert causes(folder) == {"Zeist": "register"}


def test_a_row_that_only_moved_is_no_change(folder: Path, run: Run) -> None:
    run(BEFORE)
    old = folder / "old.json"
    shutil.copy(folder / "outputs" / "kostenindicaties.json", old)
    run("\n" + BEFORE)
    assert old.read_bytes() != (folder / "outputs" / "kostenindicaties.json").read_bytes()
    assert table(folder, "WijzigingenGemeenten") == []
    assert not (folder / "outputs" / "historie").exists()
    assert diff(old, folder / "outputs").stdout == "Geen wijzigingen.\n"


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
    assert {row["Eenmalig"] for row in changed(folder).values()} == {"+€ 1.500"}
    assert [row["Oorzaak"] for row in table(folder, "Oorzaken")] == ["tarief", TOTAL]
    assert "tarief gewijzigd" in section(folder)


def test_a_tariff_that_changes_no_amount_names_no_municipality(folder: Path, run: Run) -> None:
    """Nobody of these contributes, so nothing lapses."""
    rows = "Zeist;extern;saas;geen\nDelft;extern;saas;geen\n"
    run(rows)
    set_ggu_year(folder, 2028)
    run(rows)
    assert table(folder, "WijzigingenGemeenten") == []
    assert table(folder, "WijzigingenTarief") == [{"Wat": "GGU-jaar", "Was": "geen", "Is": "2028"}]
    (kept,) = (folder / "outputs" / "historie").iterdir()
    lines = diff(kept, folder / "outputs").stdout.splitlines()
    assert lines[0] == "GGU-jaar: geen → 2028"
    assert not any("gewijzigd" in line for line in lines)


def test_a_change_of_the_horizon_alone_is_shown_everywhere(folder: Path, run: Run) -> None:
    """Amsterdam's contribution of 40.000 lapses from 2028: of 2026 to 2030 three years, 120.000."""
    run(BEFORE)
    set_ggu_year(folder, 2028)
    run(BEFORE)
    assert causes(folder) == {"Amsterdam": "tarief"}
    assert figures(changed(folder)["Amsterdam"]) == ["€ 0", "€ 0", "€ 0", "−€ 120.000"]
    assert "| Amsterdam | gewijzigd | tarief | n.v.t. | € 0 | € 0 | € 0 | −€ 120.000 |" in section(folder)
    (kept,) = (folder / "outputs" / "historie").iterdir()
    lines = diff(kept, folder / "outputs").stdout.splitlines()
    start = lines.index("Amsterdam (GM0363): gewijzigd, tarief")
    assert lines[start + 1] == "  looptijd: € 265.000–315.000 → € 145.000–195.000 (−€ 120.000)"


def set_ggu_year(folder: Path, year: int) -> None:
    tariffs = folder / "reference" / "tarieven.toml"
    block = f'[tarieven.ggu_jaar]\nwaarde = {year}\neenheid = "jaartal"\nherkomst = "aanname"\n'
    text = tariffs.read_text(encoding="utf-8")
    marker = "[tarieven.uurtarief]"
    assert marker in text
    tariffs.write_text(
        text.replace(marker, f'{block}datum = 2026-01-01\nbron = "proef"\n\n{marker}', 1), encoding="utf-8"
    )


def test_an_item_that_the_tariff_adds_changes_and_drops_is_told_with_its_name(folder: Path, run: Run) -> None:
    tariffs = folder / "reference" / "tarieven.toml"
    shipped = tariffs.read_bytes()
    steps = []
    for change in ((), (("3000", "3500"),), (("laag = 2000\nhoog = 3000\n", ""),), None):
        run(BEFORE)
        tariffs.write_bytes(shipped)
        if change is not None:
            add_to(tariffs, *change)
        run(BEFORE)
        assert set(causes(folder).values()) == {"tarief"}
        # of Baarn nothing is known anyhow, so that one item less without amount changes nothing
        assert len(causes(folder)) == (3 if change is None else 4)
        (row,) = table(folder, "WijzigingenTarief")
        steps.append(tuple(row.values()))
    assert steps == [
        ("Opleiding gebruikers", "geen", "2.000–3.000, jaarlijks"),
        ("Opleiding gebruikers", "2.000–3.000, jaarlijks", "2.000–3.500, jaarlijks"),
        ("Opleiding gebruikers", "2.000–3.500, jaarlijks", "p.m., jaarlijks"),
        ("Opleiding gebruikers", "p.m., jaarlijks", "geen"),
    ]


def test_a_result_from_before_items_were_in_it_says_nothing_of_them(folder: Path, run: Run) -> None:
    run(BEFORE)
    new = json.loads((folder / "outputs" / "kostenindicaties.json").read_bytes())
    old = json.loads((folder / "outputs" / "kostenindicaties.json").read_bytes()) | {"schema": "2"}
    del old["tariff"]["items"]
    for record in old["indications"]:
        del record["choices"]["answers"]
    before, after = folder / "old.json", folder / "new.json"
    before.write_text(json.dumps(old))
    after.write_text(json.dumps(new))
    assert diff(before, after).stdout == "Geen wijzigingen.\n"


def test_a_choice_and_a_tariff_are_both_named(folder: Path, run: Run) -> None:
    run(BEFORE)
    tariffs = folder / "reference" / "tarieven.toml"
    tariffs.write_text(tariffs.read_text().replace("waarde = 100\n", "waarde = 110\n", 1))
    run(AFTER)
    assert causes(folder)["Amsterdam"] == "keuze, tarief"
    assert causes(folder)["Baarn"] == "keuze"
    # Delft does it itself now: what it no longer pays was at the old rate.
    assert causes(folder)["Delft"] == "keuze"


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
    assert {row["Wijziging"] for row in table(folder, "WijzigingenGemeenten")} == {"startjaar: 2026 → 2027"}


def test_a_register_of_another_date_is_said_in_dutch_and_names_nobody(folder: Path, run: Run) -> None:
    run(BEFORE)
    register = folder / "reference" / "gemeenten.csv"
    text = register.read_text(encoding="utf-8").replace(",2026-01-01,", ",2027-01-01,").replace(",130162,", ",130163,")
    register.write_text(text, encoding="utf-8")
    run(BEFORE + "Leeuwarden;zelf;saas;geen\n")
    assert table(folder, "WijzigingenRegister") == [
        {"Wat": "peildatum inwoners", "Was": "1 januari 2026", "Is": "1 januari 2027"}
    ]
    assert causes(folder) == {"Leeuwarden": "aanlevering"}


def test_whom_to_contact_is_no_change_and_stands_on_no_page(folder: Path) -> None:
    for number, contact in enumerate(("Jansen", "Pietersen")):
        (folder / "inputs").mkdir(exist_ok=True)
        rows = f"gemeente;begeleiding;hosting;bijdrage;contact;fase\nZeist;zelf;saas;geen;{contact};"
        (folder / "inputs" / "a.csv").write_text(rows + ("live\n" if number else "demo\n"))
        report(Settings(*places(folder), date(2026, 1, 1)))
    (change,) = {row["Wijziging"] for row in table(folder, "WijzigingenGemeenten")}
    assert change == "fase: demo → live"
    assert "Jansen" not in section(folder)


def places(folder: Path) -> tuple[Path, Path, Path, Path]:
    return folder / "inputs", folder / "outputs", folder / "reference", ROOT / "templates"


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


def test_what_changed_stays_on_the_page_until_something_changes_again(folder: Path, run: Run) -> None:
    run(BEFORE)
    run(AFTER)
    page, kept = section(folder), sorted((folder / "outputs" / "historie").iterdir())
    run("\n" + AFTER)  # every row stands on another line
    assert section(folder) == page
    (folder / "inputs" / "a.csv").rename(folder / "inputs" / "b.csv")
    report(Settings(*places(folder), date(2026, 1, 1)))
    assert section(folder) == page
    assert set(causes(folder)) == {"Amsterdam", "Baarn", "Delft"}
    assert sorted((folder / "outputs" / "historie").iterdir()) == kept
    once = files(folder / "outputs")
    report(replace(Settings(*places(folder), date(2026, 1, 1)), force=True))
    assert files(folder / "outputs") == once


WITHOUT = (
    b'{"schema": "2", "register": {"date": "2026-01-01", "source": ""}, "tariff": {"figures": []}, "rejected": [], '
)
DAMAGE = [
    *(b"", b"{", b"[]", b'{"schema": "9", "indications": []}', b"\x1f\x8b\x00", b'{"schema": "2", "indications": []}'),
    *(WITHOUT + b'"indications": %s}' % records for records in (b"null", b"[{}]", b"[" * 100_000)),
    b'{"schema": "2", "text": 5, "code": 1, "file": 1, "column": {}, "value": 1, "message": 1}',
]


@pytest.mark.parametrize("damage", DAMAGE, ids=range(len(DAMAGE)))
def test_a_result_that_cannot_be_compared_stops_nothing(folder: Path, run: Run, damage: bytes) -> None:
    run(BEFORE)
    # What an earlier version of ours, or a broken disk, may have left: a file that the manifest lists.
    with Outputs(folder / "outputs") as outputs:
        outputs.write("kostenindicaties.json", [damage])
    run(AFTER)
    assert "ging niet" in section(folder)
    assert json.loads((folder / "outputs" / "kostenindicaties.json").read_bytes())["indications"]


def test_a_kept_result_that_grows_without_end_when_it_is_unpacked_stops_nothing(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(earlier, "MOST_BYTES", 1_000_000)
    run(BEFORE)
    with Outputs(folder / "outputs") as outputs:
        outputs.write("historie/0001-2026-01-01-aaaaaaaa.json.gz", small([b" " * 10_000_000]))
    run(BEFORE)
    assert "Vergelijken met het resultaat nr. 1 (historie/0001-" in section(folder)
    assert "ging niet" in section(folder)


def test_a_result_that_somebody_changed_is_no_history(folder: Path, run: Run) -> None:
    run(BEFORE)
    result = folder / "outputs" / "kostenindicaties.json"
    result.write_bytes(result.read_bytes().replace(b"15000", b"99999"))
    run(BEFORE)
    assert "nog geen eerder resultaat" in section(folder)
    assert not (folder / "outputs" / "historie").exists()
    assert (folder / "outputs" / "kostenindicaties.gewijzigd-1.json").exists()


def test_which_earlier_result_is_compared_with() -> None:
    day, old, new = date(2026, 11, 23), "a" * 64, "b" * 64
    first = f"historie/0001-2026-11-23-{old[:8]}.json.gz"
    second = "historie/0002-2026-11-23-cccccccc.json.gz"
    assert choose([], None, moved=False, day=day) is None
    assert choose([], new, moved=False, day=day) is None
    assert choose([], old, moved=True, day=day) == first
    assert choose([first], new, moved=False, day=day) == first
    assert choose([first, "historie/x"], "c" * 64, moved=True, day=day) == second
    assert choose(["historie/10000-2026-11-23-cccccccc.json.gz", first], None, moved=False, day=day) == (
        "historie/10000-2026-11-23-cccccccc.json.gz"
    )
    assert b"".join(small([b"x"])) == b"".join(small([b"x"]))


def test_after_a_run_that_did_not_end_what_it_kept_is_found_and_not_kept_twice() -> None:
    day, old = date(2026, 11, 23), "a" * 64
    before, kept = "historie/0001-2026-11-01-cccccccc.json.gz", f"historie/0002-2026-11-23-{old[:8]}.json.gz"
    assert choose([before, kept], old, moved=True, day=day) == kept
    # The inputs were put back: it is compared with what it was compared with before.
    assert choose([before, kept], old, moved=False, day=day) == before


def test_a_kept_result_has_a_number_for_readers() -> None:
    name = "historie/0012-2026-11-23-aaaaaaaa.json.gz"
    assert numbered(name) == f"resultaat nr. 12 ({name})"


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
    assert lines[start : start + 6] == [
        "Amsterdam (GM0363): gewijzigd, keuze",
        "  bijdrage: financieel → geen",
        "  jaarlijks: € 50.000–60.000 → € 10.000–20.000 (−€ 40.000)",
        "  eerste jaar: € 65.000–75.000 → € 25.000–35.000 (−€ 40.000)",
        "  looptijd: € 265.000–315.000 → € 65.000–115.000 (−€ 200.000)",
        "  bijdrage: € 40.000 → € 0 (−€ 40.000)",
    ]
    assert "  eenmalig: € 15.000 → onbekend (onbekend, p.m. komt erbij)" in lines
    data = json.loads(diff(kept, folder / "outputs", "--format", "json").stdout)
    assert [change["name"] for change in data["municipalities"]] == ["Baarn", "Amsterdam", "Delft"]
    amsterdam = next(change for change in data["municipalities"] if change["name"] == "Amsterdam")
    assert amsterdam["amounts"]["yearly"]["difference"] == {"low": -40_000, "high": -40_000}
    assert amsterdam["amounts"]["yearly"]["pro_memorie"] == "nothing"
    assert data["totals"]["once"]["pro_memorie"] == "stays"


def test_very_many_that_changed_alike_by_the_tariff_are_told_together(folder: Path, run: Run) -> None:
    rows = (REFERENCE / "gemeenten.csv").read_text(encoding="utf-8").splitlines()[1:40]
    delivery = BEFORE + "".join(f"{row.split(',')[0]};extern;saas;geen\n" for row in rows)
    header = HEADER.replace("gemeente;", "gemeentecode;")
    named = {"Amsterdam": "GM0363", "Baarn": "GM0308", "Zeist": "GM0355", "Delft": "GM0503"}
    for name, code in named.items():
        delivery = delivery.replace(name, code)
    (folder / "inputs" / "a.csv").write_text(header + delivery)
    report(Settings(*places(folder), date(2026, 1, 1)))
    tariffs = folder / "reference" / "tarieven.toml"
    tariffs.write_text(tariffs.read_text().replace("waarde = 100\n", "waarde = 110\n", 1))
    report(Settings(*places(folder), date(2026, 1, 1)))
    text = section(folder)
    small_ones = [row for row in rows if int(row.split(",")[3]) < 50_000]
    assert len(small_ones) > 20
    # 150 hours x 10 more
    assert f"| {len(small_ones)} gemeenten Klein | gewijzigd | tarief | n.v.t. | +€ 1.500 |" in text
    assert text.index("| Uurtarief | 100 | 110 |") < text.index("gemeenten Klein") < text.index("| Amsterdam |")
    (kept,) = (folder / "outputs" / "historie").iterdir()
    lines = diff(kept, folder / "outputs").stdout.splitlines()
    start = lines.index(f"{len(small_ones)} gemeenten Klein: gewijzigd, tarief")
    assert lines[start + 1] == "  eenmalig: +€ 1.500 elk"
    assert len(causes(folder)) == len(rows) + 3


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"schema": "9", "indications": []}'])
def test_diff_says_what_cannot_be_compared(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "kostenindicaties.json").write_bytes(content)
    done = diff(tmp_path, tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {tmp_path}/kostenindicaties.json: ")
    assert "Traceback" not in done.output
