"""What may be given at most is the same wherever it is given: a delivery, the tariff file, the register, a workbook.

At a bound a delivery or tariff is accepted, and the workbook made of it says nothing of a value that cannot be; just
beyond it both refuse. The numbers stand here once more, by hand.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.documents.workbooks import render_indication
from pipeline.documents.workbooks.municipality.choices import notices
from pipeline.errors import RegisterError, TariffError
from pipeline.intake import Intake, read_deliveries
from pipeline.model.indication import indicate
from pipeline.model.tariffs import tariff_on
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import Register, read_register
from pipeline.reference.tariff_file import read_tariffs
from pipeline.reference.texts import Texts, read_texts
from tests.conftest import REFERENCE, ROOT, Chooser
from tests.documents.workbooks.engine import Parts, recalculate
from tests.reference.test_tariffs import broken

GIVEN = {
    "begeleidingsuren": (0, 10_000),
    "hosting_laag": (0, 10_000_000),
    "hosting_hoog": (0, 10_000_000),
    "inwoners": (1, 2_000_000),
    "startjaar": (2000, 2100),
}
"""What a delivery gives, and a cell of the workbook with the same name takes."""
TARIFF = {
    "begeleidingsuren": ("waarde = 150\n", "waarde = {}\n", 1, (0, 10_000)),
    "uurtarief": ("waarde = 100\n", "waarde = {}\n", 1, (0, 1_000)),
    "indexatie": ("[tarieven.indexatie]\nwaarde = 0\n", "[tarieven.indexatie]\nwaarde = {}\n", 100, (0, 100)),
    "ggu_jaar": (
        "[tarieven.indexatie]",
        (
            '[tarieven.ggu_jaar]\nwaarde = {}\neenheid = "jaartal"\nherkomst = "aanname"\ndatum = 2024-07-22\n'
            'bron = "toets"\n\n[tarieven.indexatie]'
        ),
        1,
        (2000, 2200),
    ),
}
"""What the tariff file gives: the text that is replaced, by which, its part of the cell's value, and the bounds."""


SAID = notices(read_texts(ROOT / "templates"))

ENDS = pytest.mark.parametrize("end", [0, 1], ids=["lowest", "highest"])


def deliver(folder: Path, register: Register, values: dict[str, int]) -> Intake:
    """What comes of a delivery with these values."""
    header, row = ";".join(values), ";".join(map(str, values.values()))
    lines = f"gemeente;begeleiding;hosting;bijdrage;{header}\nZeist;extern;saas;geen;{row}\n"
    inputs = folder / "inputs"  # beside the workbooks that are recalculated
    inputs.mkdir(exist_ok=True)
    (inputs / "a.csv").write_text(lines, encoding="utf-8")
    return read_deliveries(inputs, register)


@ENDS
def test_what_a_delivery_may_give_at_most_a_workbook_takes(
    tmp_path: Path, register: Register, basis: ReferenceData, texts: Texts, end: int
) -> None:
    values = {column: bounds[end] for column, bounds in GIVEN.items()}
    intake = deliver(tmp_path, register, values)
    assert intake.errors == ()
    (choices,) = intake.choices
    parts = Parts(render_indication(indicate(choices, basis.tariff, 2026), basis, texts))
    notice = parts.names["keuzes_gewijzigd"]
    assert recalculate(parts, tmp_path, {})[notice] == SAID.delivered
    for column, value in values.items():
        beyond = value + (1 if end else -1)
        assert [f.column for f in deliver(tmp_path, register, values | {column: beyond}).errors] == [column]
        assert recalculate(parts, tmp_path, {f"invoer_{column}": float(beyond)})[notice] == SAID.wrong


@ENDS
def test_what_a_tariff_may_hold_at_most_a_workbook_takes(
    tmp_path: Path, basis: ReferenceData, texts: Texts, choose: Chooser, end: int
) -> None:
    text = (REFERENCE / "tarieven.toml").read_text(encoding="utf-8")
    for old, new, _, bounds in TARIFF.values():
        assert old in text
        text = text.replace(old, new.format(bounds[end]), 1)
    (tmp_path / "tarieven.toml").write_text(text, encoding="utf-8")
    tariff = tariff_on(read_tariffs(tmp_path / "tarieven.toml"), date(2026, 1, 1))
    choices = choose("Zeist", "extern", "SaaS", "financieel")
    own = ReferenceData(tariff, basis.register_date, basis.register_source, basis.country, basis.day)
    parts = Parts(render_indication(indicate(choices, tariff, 2026), own, texts))
    notice = parts.names["keuzes_gewijzigd"]
    assert recalculate(parts, tmp_path, {})[notice] == SAID.delivered
    for key, (old, new, unit, bounds) in TARIFF.items():
        value = bounds[end]
        beyond = value + (1 if end else -1)
        assert recalculate(parts, tmp_path, {f"invoer_{key}": beyond / unit})[notice] == SAID.wrong
        with pytest.raises(TariffError, match=rf"tarieven\.1\.{key}\.waarde: should be .* {value} \(it is"):
            read_tariffs(broken(tmp_path, old, new.format(beyond)))


@ENDS
def test_the_rule_on_each_cell_says_the_same_as_its_formula(
    basis: ReferenceData, texts: Texts, choose: Chooser, end: int
) -> None:
    book = openpyxl.load_workbook(
        BytesIO(
            render_indication(indicate(choose("Zeist", "extern", "SaaS", "geen"), basis.tariff, 2026), basis, texts)
        )
    )
    rules = {
        str(area): float(rule.formula1 if end == 0 else rule.formula2)
        for rule in book["Keuzes"].data_validations.dataValidation
        if rule.operator == "between" or (rule.type in ("decimal", "whole") and rule.operator is None)
        for area in rule.sqref.ranges
    }
    bounds: dict[str, float] = {name: bounds[end] for name, bounds in GIVEN.items()}
    bounds |= {name: bounds[end] / unit for name, (_, _, unit, bounds) in TARIFF.items()}
    cells = {name: book.defined_names[f"invoer_{name}"].attr_text.split("!")[1].replace("$", "") for name in bounds}
    assert {name: rules[cell] for name, cell in cells.items()} == bounds


@pytest.mark.parametrize("inhabitants", [0, 2_000_001])
def test_a_register_with_more_inhabitants_than_a_workbook_takes_is_refused(tmp_path: Path, inhabitants: int) -> None:
    text = (REFERENCE / "gemeenten.csv").read_text(encoding="utf-8").replace(",244427,", f",{inhabitants},", 1)
    (tmp_path / "gemeenten.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RegisterError, match="inhabitants are a whole number from 1 to 2000000"):
        read_register(tmp_path / "gemeenten.csv")


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01"])
@pytest.mark.parametrize("command", ["report", "check"])
def test_a_reference_date_outside_the_years_that_a_workbook_takes_is_wrong_use(
    tmp_path: Path, command: str, day: str
) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    where = ["--inputs", str(inputs), "--reference", str(REFERENCE)]
    if command == "report":
        where += ["--outputs", str(tmp_path / "outputs"), "--templates", str(ROOT / "templates")]
    result = CliRunner().invoke(main, [command, *where, "--date", day])
    assert result.exit_code == 2
    assert "the years from 2000 to 2100" in result.output
    assert not (tmp_path / "outputs").exists()
