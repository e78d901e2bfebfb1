"""A form that is filled in by another program and dropped in gives exactly the choices that were typed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipeline.documents import forms
from pipeline.intake import read_deliveries
from pipeline.intake.fields.columns import Columns
from pipeline.model.choices import Choices
from pipeline.model.items import Item
from pipeline.model.municipality import Municipality
from pipeline.model.tariffs import Tariff
from pipeline.reference.register import Register
from pipeline.reference.texts import Texts
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.documents.forms.filled import Filled, Typed, differences, rows
from tests.documents.forms.test_form import header_row, name_of
from tests.office import Place, change
from tests.posten import BY_CHOICE, with_training

Render = Callable[[Tariff, Sequence[Municipality], Texts], bytes]


def drop_in(
    folder: Path, form: bytes | Path, name: str, register: Register, items: Sequence[Item]
) -> Sequence[Choices]:
    """The choices of a folder with this one delivery, in which nothing is wrong but what is unlikely."""
    folder.mkdir()
    (folder / name).write_bytes(form if isinstance(form, bytes) else form.read_bytes())
    intake = read_deliveries(folder, register, items=items)
    assert [finding.sentence for finding in intake.errors] == []
    assert [finding.sentence for finding in intake.findings if finding.line is None] == []
    return intake.choices


@pytest.fixture(scope="module")
def filled(register: Register) -> list[Filled]:
    return rows(register, 50)


def test_by_openpyxl(filled: list[Filled], tariff: Tariff, texts: Texts, register: Register, tmp_path: Path) -> None:
    known, others = filled[:40], filled[40:]  # the last ten are typed into empty rows
    book = openpyxl.load_workbook(BytesIO(forms.render_xlsx(tariff, [row.municipality for row in known], texts)))
    sheet = book["Opgave"]
    top = header_row(sheet)
    columns = {name_of(str(cell.value)): place for place, cell in enumerate(sheet[top], 1)}
    for row, one in enumerate((*known, *others), top + 1):
        typed = dict(one.typed) if one in known else {"gemeentecode": one.municipality.code, **one.typed}
        for column, value in typed.items():
            cell = sheet.cell(row, columns[column], value)
            cell.data_type = "s" if isinstance(value, str) else "n"  # it takes =1+1 for a formula
    back = BytesIO()
    book.save(back)
    choices = drop_in(tmp_path / "inputs", back.getvalue(), "opgave.xlsx", register, tariff.items)
    assert differences(filled, choices) == []

    outputs, day = tmp_path / "outputs", date(2026, 1, 1)
    report(Settings(tmp_path / "inputs", outputs, REFERENCE, ROOT / "templates", day, workers=1))
    indications = json.loads((outputs / "kostenindicaties.json").read_bytes())["indications"]
    said = {each["municipality"]["code"]: each["choices"]["provenance"] for each in indications}
    assert said == {row.municipality.code: row.chosen["provenance"].value for row in filled}


def test_an_item_that_a_tariff_declares_comes_back_too(
    tariff: Tariff, texts: Texts, register: Register, tmp_path: Path
) -> None:
    more = with_training(tariff, BY_CHOICE)
    book = openpyxl.load_workbook(BytesIO(forms.render_xlsx(more, [register.only("Zeist")], texts)))
    sheet = book["Opgave"]
    top = header_row(sheet)
    columns = {name_of(str(cell.value)): place for place, cell in enumerate(sheet[top], 1)}
    typed: dict[str, Typed] = {"begeleiding": "zelf", "hosting": "saas", "bijdrage": "geen", "opleiding": "ja"}
    for column, value in {**typed, "opleiding_laag": 100.5, "opleiding_hoog": 200}.items():
        sheet.cell(top + 1, columns[column], value)
    back = BytesIO()
    book.save(back)
    (choices,) = drop_in(tmp_path / "inputs", back.getvalue(), "opgave.xlsx", register, more.items)
    assert choices.answers == (("opleiding", True),)
    assert [(word, str(amount.low), str(amount.high)) for word, amount in choices.estimates] == [
        ("opleiding", "100.5", "200")
    ]


@pytest.mark.parametrize(("render", "suffix"), [(forms.render_xlsx, "xlsx"), (forms.render_ods, "ods")])
def test_a_form_in_which_nothing_was_filled_in_has_an_error_for_each_choice(
    render: Render, suffix: str, tariff: Tariff, texts: Texts, register: Register, tmp_path: Path
) -> None:
    (tmp_path / f"opgave.{suffix}").write_bytes(render(tariff, [register.only("Zeist")], texts))
    intake = read_deliveries(tmp_path, register, items=tariff.items)
    assert [(f.code, f.column) for f in intake.findings] == [
        ("verplicht", "begeleiding"),
        ("verplicht", "hosting"),
        ("verplicht", "bijdrage"),
    ]
    assert [f.place.split(", ")[0] for f in intake.findings] == ["blad Opgave"] * 3


@pytest.mark.office
@pytest.mark.parametrize(("render", "suffix"), [(forms.render_xlsx, "xlsx"), (forms.render_ods, "ods")])
def test_by_libreoffice(
    render: Render, suffix: str, filled: list[Filled], tariff: Tariff, texts: Texts, register: Register, tmp_path: Path
) -> None:
    form = tmp_path / f"opgave.{suffix}"
    form.write_bytes(render(tariff, [row.municipality for row in filled], texts))
    with_rules = openpyxl.load_workbook(BytesIO(forms.render_xlsx(tariff, [], texts)))
    top = header_row(with_rules["Opgave"])
    names = [column.name for column in Columns.of(tariff.items).every]
    typed: dict[Place, str | float | None] = {
        ("Opgave", with_rules["Opgave"].cell(row, names.index(column) + 1).coordinate): value
        for row, one in enumerate(filled, top + 1)
        for column, value in one.typed.items()
    }
    saved = [tmp_path / "saved" / f"opgave.{kind}" for kind in ("xlsx", "ods")]
    change({form: (typed, saved)}, tmp_path / "office")
    for path in saved:
        choices = drop_in(tmp_path / path.suffix[1:], path, path.name, register, tariff.items)
        assert differences(filled, choices) == [], path.name


@pytest.mark.office
def test_libreoffice_knows_the_drop_downs_of_the_opendocument_form(
    tariff: Tariff, texts: Texts, register: Register, tmp_path: Path
) -> None:
    municipalities = [register.only("Zeist")]
    form = tmp_path / "opgave.ods"
    form.write_bytes(forms.render_ods(tariff, municipalities, texts))
    saved = tmp_path / "saved" / "opgave.xlsx"
    change({form: ({}, [saved])}, tmp_path / "office")
    kept = openpyxl.load_workbook(saved)
    ours = openpyxl.load_workbook(BytesIO(forms.render_xlsx(tariff, municipalities, texts)))
    there = {str(rule.sqref): rule for rule in kept["Opgave"].data_validations.dataValidation}
    for rule in ours["Opgave"].data_validations.dataValidation:
        found = there[str(rule.sqref)]
        assert (found.type, found.prompt, found.error) == (rule.type, rule.prompt, rule.error)
        if rule.type in ("whole", "decimal"):
            assert (found.formula1, found.formula2) == (rule.formula1, rule.formula2)
        elif rule.type == "list" and not rule.formula1.startswith('"'):
            ((sheet, cells),) = ours.defined_names[rule.formula1].destinations
            assert found.formula1.replace("$", "") == f"{sheet}!{cells}".replace("$", "")
    sheet = kept["Opgave"]
    assert sheet.protection.sheet
    assert not sheet.cell(header_row(sheet) + 1, 3).protection.locked
