"""A cost item is added as data alone: one block in the tariff file, and it stands everywhere.

Three municipalities, from 2026, for five years; expected is what they cost without the item (as the tests of the rules
have it) and 2.000 to 3.000 a year more:
Amsterdam: once 15.000, yearly 50.000 to 60.000. Zeist: once 15.000, yearly 10.000 to 20.000. Baarn: nothing is known.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from jsonschema import Draft202012Validator

from pipeline.documents.workbooks.words import COMPLETE
from pipeline.intake import template_csv
from pipeline.intake.tariffs import read_tariff
from pipeline.reference.register import Register
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.documents.test_summaries import plain
from tests.documents.workbooks.engine import Parts, differences, recalculate, variant
from tests.documents.workbooks.test_office import open_and_save
from tests.posten import BY_CHOICE, WITHOUT_AMOUNT, add_to

DAY = date(2026, 7, 1)
CHOICES = {
    "Amsterdam": ("extern", "SaaS", "financieel"),
    "Zeist": ("extern", "SaaS", "geen"),
    "Baarn": ("zelf", "in huis", "geen"),
}
AMSTERDAM, ZEIST, BAARN = "GM0363-amsterdam", "GM0355-zeist", "GM0308-baarn"
FIGURES = ("once", "yearly", "first_year", "horizon")
SCHEMA = ROOT / "pipeline" / "results" / "kostenindicaties.schema.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_bytes()))

Range = tuple[float, float, bool]


@dataclass(frozen=True)
class Made:
    """The folder with what a run made, and ways to read it back."""

    folder: Path

    @property
    def result(self) -> Any:
        """The result as JSON, which is valid."""
        result = json.loads((self.folder / "kostenindicaties.json").read_bytes())
        VALIDATOR.validate(result)
        return result

    def text(self, name: str) -> str:
        """A summary, without what keeps amounts together."""
        return plain((self.folder / name).read_text(encoding="utf-8"))

    def workbook(self, stem: str) -> Parts:
        """The workbook of a municipality."""
        return Parts((self.folder / "gemeenten" / f"{stem}.xlsx").read_bytes())

    def row(self, file: str, sheet: str, label: str) -> tuple[Any, ...]:
        """The first row of a sheet that begins with a label."""
        return self.rows(file, sheet, label)[0]

    def rows(self, file: str, sheet: str, label: str) -> list[tuple[Any, ...]]:
        """The rows of a sheet that begin with a label."""
        book = openpyxl.load_workbook(self.folder / file, data_only=True)
        return [row for row in book[sheet].iter_rows(values_only=True) if row[0] == label]

    def totals(self, name: str) -> list[Range]:
        """Low, high and p.m. of once, yearly, the first year and the horizon of a municipality."""
        (record,) = (r for r in self.result["indications"] if r["municipality"]["name"] == name)
        amounts = [record["totals"][figure] for figure in FIGURES]
        return [(amount["low"], amount["high"], amount["pro_memorie"]) for amount in amounts]


Maker = Callable[..., Made]


@pytest.fixture
def make(tmp_path: Path, register: Register) -> Maker:
    """Add the block to the tariffs, deliver the template with choices filled in, and make a report."""
    reference, inputs = tmp_path / "reference", tmp_path / "inputs"
    shutil.copytree(REFERENCE, reference)
    inputs.mkdir()

    def maker(*changes: tuple[str, str], said: dict[str, str] | None = None) -> Made:
        add_to(reference / "tarieven.toml", *changes)
        template = template_csv(map(register.only, CHOICES), read_tariff(reference, DAY).items)
        reader = csv.DictReader(io.StringIO(template.decode("utf-8-sig")), delimiter=";")
        with (inputs / "a.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(reader.fieldnames or ()), delimiter=";")
            writer.writeheader()
            for row in reader:
                chosen = zip(("begeleiding", "hosting", "bijdrage"), CHOICES[row["gemeente"]], strict=True)
                answer = {"opleiding": said.get(row["gemeente"], "")} if said else {}
                writer.writerow(row | dict(chosen) | answer)
        done = report(Settings(inputs, tmp_path / "outputs", reference, ROOT / "templates", DAY))
        assert done.intake.findings == ()
        return Made(tmp_path / "outputs")

    return maker


def test_two_to_three_thousand_a_year_comes_on_top_everywhere(make: Maker, tmp_path: Path) -> None:
    made = make()

    # --- The result
    assert made.totals("Amsterdam") == [
        (15_000, 15_000, False),
        (52_000, 63_000, False),
        (67_000, 78_000, False),
        (275_000, 330_000, False),
    ]
    assert made.totals("Zeist") == [
        (15_000, 15_000, False),
        (12_000, 23_000, False),
        (27_000, 38_000, False),
        (75_000, 130_000, False),
    ]
    assert made.totals("Baarn") == [
        (0, 0, True),
        (2_000, 3_000, True),
        (2_000, 3_000, True),
        (10_000, 15_000, True),
    ]

    # --- A workbook, and what other programs read in it
    file = f"gemeenten/{AMSTERDAM}.xlsx"
    assert made.row(file, "Berekening", "Opleiding gebruikers") == (
        *("Opleiding gebruikers", "altijd", "jaarlijks", 2_000, 3_000, COMPLETE),
        *("Een dag opleiding voor wie meldingen behandelt.", COMPLETE),
    )
    assert made.row(file, "Berekening", "Totaal looptijd")[3:6] == (275_000, 330_000, COMPLETE)
    row = made.row(file, "Uitgangspunten", "Opleiding gebruikers, laag")
    assert (row[1], row[2:5], f"{row[5]:%Y-%m-%d}") == (
        "prijslijst 2026",
        (2_000, "EUR per jaar", "vermeld"),
        "2026-01-01",
    )
    assert "opleiding" not in str(made.row(file, "Keuzes", "Inzet in natura"))
    for stem in (AMSTERDAM, BAARN):
        parts = made.workbook(stem)
        assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []

    # --- A summary
    summary = made.text(f"gemeenten/{AMSTERDAM}.md")
    assert "eerste jaar, 2026, **€ 67.000–78.000**. Daarna kost het **€ 52.000–63.000** per jaar." in summary
    assert "| Opleiding gebruikers | | € 2.000–3.000 | vermeld |" in summary.replace("|  |", "| |")
    assert "- **Opleiding gebruikers**. Een dag opleiding voor wie meldingen behandelt." in summary
    assert "| Opleiding gebruikers | € 2.000–3.000 per jaar | vermeld, 1 januari 2026 | prijslijst 2026 |" in made.text(
        "uitgangspunten.md"
    )

    # --- All together: 67 + 27 + 2 = 96 and 78 + 38 + 3 = 119 thousand; over five years 360 and 475; Baarn is p.m.
    page = made.text("stuurgroep.md")
    assert "| 2026 | 3 | minimaal € 96.000 |" in page
    assert "| Alle jaren | 3 | minimaal € 360.000 |" in page
    together = Parts((made.folder / "stuurgroep.xlsx").read_bytes())
    assert [together.named(f"klasse_totaal_alle_jaren_{bound}") for bound in ("laag", "hoog")] == [360_000, 475_000]
    assert differences(together.formulas, together.values, recalculate(together, tmp_path, {})) == []
    assert made.row("stuurgroep.xlsx", "Uitgangspunten", "Opleiding gebruikers, hoog")[2] == 3_000


def test_by_choice_it_has_a_column_and_an_input_cell_and_counts_for_who_says_ja(make: Maker, tmp_path: Path) -> None:
    made = make(BY_CHOICE, said={"Zeist": "ja", "Amsterdam": "nee"})
    assert made.totals("Zeist")[2] == (27_000, 38_000, False)
    assert made.totals("Amsterdam")[2] == (65_000, 75_000, False)
    assert made.totals("Baarn")[2] == (0, 0, True)
    answers = {r["municipality"]["name"]: r["choices"]["answers"] for r in made.result["indications"]}
    assert answers == {
        "Zeist": [{"item": "opleiding", "chosen": True}],
        "Amsterdam": [{"item": "opleiding", "chosen": False}],
        "Baarn": [],
    }

    choice = made.row(f"gemeenten/{ZEIST}.xlsx", "Keuzes", "Opleiding gebruikers")
    assert choice[:5] == ("Opleiding gebruikers", "ja", "ja", "ja", "ongewijzigd")
    assert choice[5] == "Bij ja telt deze post mee. Kies ja of nee."
    said = {
        stem: made.rows(f"gemeenten/{stem}.xlsx", "Uitgangspunten", "Opleiding gebruikers")[-1]
        for stem in (ZEIST, BAARN)
    }
    assert {stem: row[1] for stem, row in said.items()} == {ZEIST: "ja", BAARN: "geen opgave"}
    summary = made.text(f"gemeenten/{AMSTERDAM}.md")
    assert "| Opleiding gebruikers | nee | opleiding |" in summary
    assert summary.count("Opleiding gebruikers") == 1

    make(BY_CHOICE, said={"Zeist": "ja", "Amsterdam": "ja"})
    page = made.text("stuurgroep.md")
    assert "| Amsterdam | gewijzigd | keuze | opleiding: nee → ja | € 0 | +€ 2.000–3.000 |" in page

    # whoever changes the choice in a workbook sees what it does: 67.000 - 78.000 without 2.000 - 3.000
    parts = made.workbook(AMSTERDAM)
    computed = recalculate(parts, tmp_path, {"invoer_opleiding": "nee"})
    assert [computed[parts.names[f"eerste_jaar_{bound}"]] for bound in ("laag", "hoog")] == [65_000, 75_000]
    wrong = recalculate(parts, tmp_path, {"invoer_opleiding": "misschien"})
    assert wrong[parts.names["eerste_jaar_laag"]] == 67_000
    assert "iets ongeldigs" in str(wrong[parts.names["keuzes_gewijzigd"]])


def test_without_an_amount_it_is_pro_memorie_everywhere_and_something_is_asked(make: Maker, tmp_path: Path) -> None:
    made = make(WITHOUT_AMOUNT)
    assert made.totals("Amsterdam") == [
        (15_000, 15_000, False),
        (50_000, 60_000, True),
        (65_000, 75_000, True),
        (265_000, 315_000, True),
    ]
    file = f"gemeenten/{AMSTERDAM}.xlsx"
    assert made.row(file, "Berekening", "Opleiding gebruikers")[3:6] == ("p.m.", "p.m.", "p.m.")
    assert made.row(file, "Berekening", "Totaal eerste jaar")[3:6] == (65_000, 75_000, "+ p.m.")
    assert made.row(file, "Uitgangspunten", "Opleiding gebruikers")[2] == "p.m."
    parts = made.workbook(AMSTERDAM)
    said = [value for (sheet, _), value in parts.values.items() if sheet == "Overzicht"]
    assert "Nog zonder bedrag (p.m.): Opleiding gebruikers" in said
    assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []
    summary = made.text(f"gemeenten/{AMSTERDAM}.md")
    assert "| Opleiding gebruikers |  | p.m. | geen bedrag bekend |" in summary
    assert "Nog zonder bedrag (p.m.): Opleiding gebruikers." in summary

    asked = "Een offerte voor de opleiding aanleveren."
    assert f"| Opleiding gebruikers | 3 | gemeente | {asked} |" in made.text("stuurgroep.md")
    assert made.row("stuurgroep.xlsx", "Aandacht", "Opleiding gebruikers")[:2] == ("Opleiding gebruikers", 3)
    book = openpyxl.load_workbook(made.folder / "stuurgroep.xlsx", data_only=True)
    points = [row for row in book["Aandacht"].iter_rows(values_only=True) if row[3] == "Opleiding gebruikers"]
    assert {(row[2], row[4]) for row in points} == {(name, asked) for name in CHOICES}


@pytest.mark.office
@pytest.mark.parametrize("changes", [(), (BY_CHOICE,), (WITHOUT_AMOUNT,)], ids=["always", "by choice", "p.m."])
def test_libreoffice_computes_the_same(changes: tuple[tuple[str, str], ...], make: Maker, tmp_path: Path) -> None:
    made = make(*changes, said={"Zeist": "ja"} if BY_CHOICE in changes else None)
    files = {"zeist": made.workbook(ZEIST), "baarn": made.workbook(BAARN)}
    files["stuurgroep"] = Parts((made.folder / "stuurgroep.xlsx").read_bytes())
    paths = [tmp_path / f"{name}.xlsx" for name in files]
    for path, parts in zip(paths, files.values(), strict=True):
        path.write_bytes(variant(parts, {}))
    saved = open_and_save(paths, tmp_path, "nl-NL")
    for path, parts in zip(paths, files.values(), strict=True):
        assert differences(parts.formulas, parts.values, Parts((saved / path.name).read_bytes()).values) == []
