"""A register of another country, in which more than ten thousand municipalities have codes of five digits."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pipeline.errors import RemovalError, TariffError
from pipeline.intake import Limits, read_deliveries
from pipeline.reference.register import Register, read_register
from pipeline.results.reading import opened
from pipeline.results.schema import schema
from pipeline.run import Settings, check, report
from tests.conftest import REFERENCE, ROOT

MANY = 20_000
HEADER = "gemeentecode;begeleiding;hosting;bijdrage\n"


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped reference data with another register."""
    folder = tmp_path_factory.mktemp("other") / "reference"
    folder.mkdir()
    columns = "gemeentecode,gemeente,provincie,inwoners,peildatum,bron,ook_bekend_als,codevorm\n"
    lines = (f"EU{n:05d},Plaats {n},Streek,{1000 + n},2026-01-01,Bron,,EU00000\n" for n in range(MANY))
    (folder / "gemeenten.csv").write_text(columns + "".join(lines), encoding="utf-8")
    tariffs = (REFERENCE / "tarieven.toml").read_text(encoding="utf-8")
    (folder / "tarieven.toml").write_text(tariffs.replace('"GM', '"EU0'), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def register(reference: Path) -> Register:
    return read_register(reference / "gemeenten.csv")


def settings(folder: Path, reference: Path) -> Settings:
    return Settings(folder / "inputs", folder / "outputs", reference, ROOT / "templates", date(2026, 1, 1), workers=1)


def deliver(folder: Path, *codes: str) -> None:
    (folder / "inputs").mkdir(exist_ok=True)
    rows = "".join(f"{code};zelf;saas;geen\n" for code in codes)
    (folder / "inputs" / "a.csv").write_text(HEADER + rows, encoding="utf-8")


def test_twenty_thousand_municipalities_are_known_by_their_code(register: Register, tmp_path: Path) -> None:
    deliver(tmp_path, *register.municipalities)
    intake = read_deliveries(tmp_path / "inputs", register, Limits(), (), 2026)
    assert intake.errors == ()
    assert [choices.municipality.code for choices in intake.choices] == list(register.municipalities)


@pytest.mark.parametrize("written", ["EU00363", "eu 363", "EU-00363", "00363", "363", "Plaats 363 (EU00363)"])
def test_a_code_is_known_however_it_is_written(register: Register, tmp_path: Path, written: str) -> None:
    deliver(tmp_path, written)
    intake = read_deliveries(tmp_path / "inputs", register, Limits(), (), 2026)
    assert [choices.municipality.code for choices in intake.choices] == ["EU00363"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("GM0363", "Een gemeentecode is EU en vijf cijfers, zoals EU00363."),
        ("EU99999", "Deze code staat niet in het register; een gemeentecode is een code daaruit, zoals EU00363."),
    ],
)
def test_a_code_of_another_form_is_refused_with_what_would_be_right(
    register: Register, tmp_path: Path, written: str, message: str
) -> None:
    deliver(tmp_path, written)
    assert [e.message for e in read_deliveries(tmp_path / "inputs", register, Limits(), (), 2026).errors] == [message]


def test_a_run_makes_their_documents_and_result_and_guards_them(reference: Path, tmp_path: Path) -> None:
    deliver(tmp_path, *(f"EU{number:05d}" for number in (363, *range(19_980, 20_000))))
    assert check(tmp_path / "inputs", reference, Limits(), date(2026, 1, 1)).errors == ()
    report(settings(tmp_path, reference))
    outputs = tmp_path / "outputs"
    assert (outputs / "gemeenten" / "EU19999-plaats-19999.xlsx").exists()
    assert (outputs / "gemeenten" / "EU00363-plaats-363.md").exists()
    Draft202012Validator(json.loads(schema())).validate(json.loads((outputs / "kostenindicaties.json").read_text()))
    with opened(outputs) as result:
        assert len(result.codes) == 21
    deliver(tmp_path, "EU00363")
    with pytest.raises(RemovalError, match="The documents of 20 of 21 municipalities would be removed"):
        report(settings(tmp_path, reference))


def test_the_codes_of_the_tariff_look_as_those_of_the_register(reference: Path, tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    shutil.copytree(reference, folder)
    shutil.copy(REFERENCE / "tarieven.toml", folder)
    deliver(tmp_path, "EU00363")
    with pytest.raises(TariffError, match=r"g4.codes.2: is 'GM0363'; a code is EU and 5 digits, as in EU00363"):
        check(tmp_path / "inputs", folder, Limits(), date(2026, 1, 1))
