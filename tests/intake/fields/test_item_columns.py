"""An item by choice has a column of its own, from the template of a delivery to the rejected rows that come back."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.intake import Intake, read_deliveries, template_csv
from pipeline.model.items import Item
from pipeline.model.tariffs import Tariff
from pipeline.reference.register import Register
from tests.conftest import REFERENCE
from tests.intake.rejects.given_back import rejected_csv
from tests.posten import BY_CHOICE, block, with_training

HEADER = "gemeente;begeleiding;hosting;bijdrage;"


@pytest.fixture
def items(tariff: Tariff) -> tuple[Item, ...]:
    return with_training(tariff, BY_CHOICE).items


def deliver(folder: Path, text: str, register: Register, items: tuple[Item, ...] = ()) -> Intake:
    (folder / "a.csv").write_text(text, encoding="utf-8")
    return read_deliveries(folder, register, items=items)


@pytest.mark.parametrize(
    ("written", "answers"),
    [("ja", (("opleiding", True),)), ("X", (("opleiding", True),)), ("Nee", (("opleiding", False),)), ("", ())],
)
@pytest.mark.parametrize("header", ["opleiding", "OPLEIDING", "Opleiding gebruikers"])
def test_it_holds_ja_or_nee_under_the_key_or_the_name(
    header: str, written: str, answers: object, tmp_path: Path, register: Register, items: tuple[Item, ...]
) -> None:
    intake = deliver(tmp_path, f"{HEADER}{header}\nZeist;extern;saas;geen;{written}\n", register, items)
    assert intake.findings == ()
    (choices,) = intake.choices
    assert choices.answers == answers


def test_what_is_neither_is_an_error_with_its_column(
    tmp_path: Path, register: Register, items: tuple[Item, ...]
) -> None:
    intake = deliver(tmp_path, f"{HEADER}opleiding\nZeist;extern;saas;geen;misschien\n", register, items)
    (finding,) = intake.errors
    assert (finding.column, finding.value, finding.line) == ("opleiding", "misschien", 2)
    assert "ja of nee" in finding.message


def test_a_column_of_no_item_of_the_tariff_is_unknown(
    tmp_path: Path, register: Register, items: tuple[Item, ...]
) -> None:
    text = f"{HEADER}opleiding\nZeist;extern;saas;geen;ja\n"
    (finding,) = deliver(tmp_path, text, register).findings
    assert (finding.code, finding.column) == ("kolom_onbekend", "opleiding")
    (near,) = deliver(tmp_path, text.replace("opleiding", "opleidng"), register, items).findings
    assert "Bedoelde u opleiding?" in near.message


def test_rows_that_differ_in_it_alone_differ(tmp_path: Path, register: Register, items: tuple[Item, ...]) -> None:
    rows = "Zeist;extern;saas;geen;ja\nZeist;extern;saas;geen;nee\n"
    intake = deliver(tmp_path, f"{HEADER}opleiding\n{rows}", register, items)
    assert [finding.code for finding in intake.errors] == ["dubbel", "dubbel"]


def test_a_rejected_row_gives_it_back_and_counts_when_mended(
    tmp_path: Path, register: Register, items: tuple[Item, ...]
) -> None:
    intake = deliver(tmp_path, f"{HEADER}opleiding\nZeist;extern;saas;gen;ja\n", register, items)
    back = rejected_csv(intake).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(back), delimiter=";")
    assert row["opleiding"] == "ja"
    (tmp_path / "b.csv").write_text(back.replace(";gen;", ";geen;"), encoding="utf-8")
    (choices,) = read_deliveries(tmp_path, register, items=items).choices
    assert choices.answers == (("opleiding", True),)


def test_the_template_has_it(items: tuple[Item, ...]) -> None:
    assert "opleiding" not in template_csv([]).decode()
    header = template_csv([], items).decode().rstrip().split(";")
    assert "opleiding" in header
    assert header[-2:] == ["opleiding_laag", "opleiding_hoog"]


def test_check_and_template_know_the_columns_of_the_tariff_of_a_date(tmp_path: Path) -> None:
    """The item is in a tariff from 2030 on."""
    shutil.copytree(REFERENCE, tmp_path / "reference")
    file = tmp_path / "reference" / "tarieven.toml"
    shipped = file.read_text(encoding="utf-8")
    later = shipped[shipped.index("\n[[tarieven]]\n") :].replace(
        "geldig_vanaf = 2024-07-22", "geldig_vanaf = 2030-01-01"
    )
    file.write_text(shipped + later + block(BY_CHOICE), encoding="utf-8")
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "a.csv").write_text(f"{HEADER}opleiding\nZeist;extern;saas;geen;ja\n", encoding="utf-8")

    def run(command: str, day: str) -> str:
        inputs = ["--inputs", str(tmp_path / "inputs")] if command == "check" else []
        result = CliRunner().invoke(main, [command, *inputs, "--reference", str(tmp_path / "reference"), "--date", day])
        assert result.exit_code == 0, result.output
        return result.output

    assert "onbekend" in run("check", "2029-12-31")
    assert "onbekend" not in run("check", "2030-01-01")
    assert "opleiding" not in run("template", "2029-12-31")
    assert "opleiding" in run("template", "2030-01-01")
