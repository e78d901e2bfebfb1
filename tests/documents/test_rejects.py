"""The rejected rows as a workbook: the same rows as in the CSV, literally; mended and dropped in, they come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.cell import Cell

from pipeline.documents.rejects import Rejects
from pipeline.documents.workbooks.placed import place
from pipeline.documents.workbooks.rejects import describe
from pipeline.documents.workbooks.writer import write
from pipeline.intake import Intake, read_deliveries
from pipeline.intake.rejects.csv_injection import unguarded
from pipeline.model.tariffs import Tariff
from pipeline.reference.register import Register
from pipeline.reference.texts import Texts
from tests.intake.rejects.given_back import rejected_csv
from tests.intake.rejects.test_csv_injection import HOSTILE, normalised
from tests.intake.rejects.test_writing import rows_of
from tests.intake.test_deliveries import found
from tests.office import Place, Typed, change

HEADER = "gemeente;begeleiding;hosting;bijdrage;begeleidingsuren;bijdrage_toelichting;backlog;contact\n"

Mend = tuple[str, str]
"""A text in a cell, and what is typed instead."""


@pytest.fixture
def deliver(tmp_path: Path, register: Register) -> Callable[[str], Intake]:
    """Deliver rows, in a folder with nothing else."""

    def deliver(rows: str, name: str = "opgave") -> Intake:
        (tmp_path / f"{name}.csv").write_text(HEADER + rows, encoding="utf-8", newline="")
        return read_deliveries(tmp_path, register)

    return deliver


@pytest.fixture
def given_back(texts: Texts, tariff: Tariff) -> Callable[[Intake], bytes]:
    return lambda intake: write(place(describe(intake, texts, tariff.valid_from)), None)


def cells_of(data: bytes) -> Iterator[dict[str, Cell]]:
    """The cells of each row, by column."""
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    (table,) = sheet.tables.values()
    header, *rows = sheet[table.ref]
    for row in rows:
        yield dict(zip([str(cell.value) for cell in header], row, strict=True))


def texts_of(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(cell.value or "") for name, cell in row.items()}


def mended(data: bytes, *mends: Mend) -> bytes:
    """The workbook as somebody saves it who typed something else into some cells."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    done = set()
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            for wrong, right in mends:
                if cell.value == wrong:
                    cell.value = right
                    done.add(wrong)
    assert done == {wrong for wrong, _ in mends}
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_both_files_have_the_same_columns_and_rows(
    deliver: Callable[..., Intake], given_back: Callable[[Intake], bytes]
) -> None:
    deliver("", "leeg")
    intake = deliver("Ziest;zelf;sas;geen;veel;=1+1;'s middags;+31 6;te;veel\nDelft;;saas;geen;;;;\n")
    in_csv = [{name: unguarded(text) for name, text in row.items()} for row in rows_of(rejected_csv(intake))]
    in_workbook = [texts_of(row) for row in cells_of(given_back(intake))]
    assert in_workbook == in_csv
    assert list(in_workbook[0])[:2] == ["gemeente", "bevinding"]
    assert (in_workbook[0]["bijdrage_toelichting"], in_workbook[0]["te_veel"]) == ("=1+1", "te; veel")


def test_what_is_wrong_is_marked_and_nothing_else(
    deliver: Callable[..., Intake], given_back: Callable[[Intake], bytes]
) -> None:
    intake = deliver("Ziest;zelf;sas;geen;veel;;;\nDelft;;saas;geen;;;;\n")
    marked = [
        {name for name, cell in row.items() if cell.font.bold and cell.border.left.style == "thick"}
        for row in cells_of(given_back(intake))
    ]
    assert marked == [{"gemeente", "hosting", "begeleidingsuren"}, {"begeleiding"}]
    said = [str(row["bevinding"].value) for row in cells_of(given_back(intake))]
    assert all(f"{name}: " in text for text, names in zip(said, marked, strict=True) for name in names)
    plain = [cell for row in cells_of(given_back(intake)) for cell in row.values() if not cell.font.bold]
    assert {cell.fill.fill_type for cell in plain} == {None}


def test_nothing_in_it_is_live_or_hidden(deliver: Callable[..., Intake], given_back: Callable[[Intake], bytes]) -> None:
    intake = deliver("=cmd|x;@a;+b;-c;12;http://x.nl;<r>x</r>;mailto:a@b.nl\n")
    data = given_back(intake)
    (row,) = cells_of(data)
    assert {cell.data_type for cell in row.values() if cell.value} == {"s"}
    assert not any(cell.hyperlink or cell.comment for cell in row.values())
    assert {cell.number_format for name, cell in row.items() if cell.value and name != "bevinding"} == {"@"}
    assert row["backlog"].value == "<r>x</r>"
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    assert sheet["A1"].value == "Afgekeurde regels"
    assert not sheet.protection.sheet
    (table,) = sheet.tables.values()
    assert table.ref.startswith("A5:")
    assert sheet.freeze_panes == "C6"


@pytest.mark.parametrize("text", [*HOSTILE, "a  b", "'", "Jan - Piet", "007"])
def test_a_text_comes_back_as_it_was_delivered_also_when_one_file_is_saved_as_the_other(
    deliver: Callable[..., Intake],
    given_back: Callable[[Intake], bytes],
    register: Register,
    tmp_path: Path,
    text: str,
) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    intake = deliver(f"Zeist;zelf;sas;geen;;{quoted};{quoted};{quoted}\n")
    workbook = mended(given_back(intake), ("sas", "SaaS"))
    (row,) = ({**texts_of(row)} for row in cells_of(workbook))
    as_csv = io.StringIO(newline="")
    csv.writer(as_csv, delimiter=";").writerows([[*row], [*row.values()]])
    (rejected,) = rows_of(rejected_csv(intake))
    book = openpyxl.Workbook()
    for at, (name, value) in enumerate(rejected.items(), 1):
        book.worksheets[0].cell(1, at, name)
        cell = book.worksheets[0].cell(2, at, "SaaS" if name == "hosting" else value or None)
        cell.data_type = "s" if value else "n"
    as_workbook = io.BytesIO()
    book.save(as_workbook)
    (expected,) = (choices.contact for choices in deliver(f"Zeist;zelf;saas;geen;;;;{quoted}\n", "z").choices)
    for number, (name, data) in enumerate(
        {
            "a.xlsx": workbook,
            "b.csv": as_csv.getvalue().encode("utf-8", "replace"),
            "c.xlsx": as_workbook.getvalue(),
        }.items()
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "opgave.csv").write_bytes((tmp_path / "opgave.csv").read_bytes())
        (folder / name).write_bytes(data)
        again = read_deliveries(folder, register)
        assert again.errors == (), name
        (choices,) = again.choices
        assert {choices.contact, choices.backlog, choices.contribution_note} == {expected}, name
        assert choices.origin.file == name


@pytest.mark.parametrize("text", ["_x0041_", "_x005F_x0041_", "x\u200by", "'=1", "x\x07y"])
def test_a_text_that_is_not_mended_stays_as_it_is_however_often_it_comes_back(
    deliver: Callable[..., Intake], given_back: Callable[[Intake], bytes], register: Register, tmp_path: Path, text: str
) -> None:
    intake = deliver(f"Zeist;zelf;sas;geen;;{text};;\n")
    for round_ in range(1, 4):
        (row,) = intake.rejected
        assert normalised(dict(row.values)["bijdrage_toelichting"]) == normalised(text)
        (tmp_path / f"afgekeurd-{round_}.xlsx").write_bytes(given_back(intake))
        intake = read_deliveries(tmp_path, register)


@pytest.mark.office
def test_a_row_that_is_mended_in_libreoffice_comes_back_in_either_form(
    deliver: Callable[..., Intake], given_back: Callable[[Intake], bytes], register: Register, tmp_path: Path
) -> None:
    names = [municipality.name for municipality in register][: len(HOSTILE)]
    quoted = ['"' + text.replace('"', '""') + '"' for text in HOSTILE]
    rows = [f"{name};zelf;sas;geen;;;;{text}\n" for name, text in zip(names, quoted, strict=True)]
    right = {c.municipality.name: c.contact for c in deliver("".join(rows).replace(";sas;", ";saas;")).choices}
    form = tmp_path / "afgekeurd.xlsx"
    form.write_bytes(given_back(deliver("".join(rows))))
    wrong = [row["hosting"].coordinate for row in cells_of(form.read_bytes())]
    mends: dict[Place, Typed] = {("Afgekeurd", cell): "SaaS" for cell in wrong}
    saved = [tmp_path / "xlsx" / "verbeterd.xlsx", tmp_path / "ods" / "verbeterd.ods"]
    change({form: (mends, saved)}, tmp_path / "office")
    for path in saved:
        folder = path.parent
        (folder / "opgave.csv").write_bytes((tmp_path / "opgave.csv").read_bytes())
        again = read_deliveries(folder, register)
        assert again.errors == ()
        assert {c.municipality.name: c.contact for c in again.choices} == right
        assert {c.origin.file for c in again.choices} == {path.name}


def test_both_unmended_are_one_rejected_row(
    deliver: Callable[..., Intake], given_back: Callable[[Intake], bytes], register: Register, tmp_path: Path
) -> None:
    intake = deliver("Zeist;zelf;sas;geen;;;;\nDelft;zelf;saas;geen;;;;\n")
    (tmp_path / "afgekeurd.csv").write_bytes(rejected_csv(intake))
    (tmp_path / "afgekeurd.xlsx").write_bytes(given_back(intake))
    again = read_deliveries(tmp_path, register)
    assert found(again) == [
        ("fout_vervangen", "afgekeurd.csv", 2, None),
        ("waarde", "afgekeurd.xlsx", 6, "hosting"),
        ("fout_vervangen", "opgave.csv", 2, None),
    ]
    (row,) = again.rejected
    assert (row.original.origin.file, row.original.origin.line) == ("opgave.csv", 2)
    assert [(d.name, d.accepted, d.rejected, d.settled) for d in again.deliveries] == [
        ("afgekeurd.csv", 0, 0, 1),
        ("afgekeurd.xlsx", 0, 1, 0),
        ("opgave.csv", 1, 0, 1),
    ]
    assert [c.municipality.name for c in again.choices] == ["Delft"]


@pytest.mark.parametrize("which", ["csv", "xlsx"])
def test_a_row_that_is_mended_in_one_of_both_counts(
    deliver: Callable[..., Intake],
    given_back: Callable[[Intake], bytes],
    register: Register,
    tmp_path: Path,
    which: str,
) -> None:
    intake = deliver("Zeist;zelf;sas;geen;;;;\n")
    in_csv, workbook = rejected_csv(intake), given_back(intake)
    (tmp_path / "afgekeurd.csv").write_bytes(in_csv.replace(b";sas;", b";saas;") if which == "csv" else in_csv)
    (tmp_path / "afgekeurd.xlsx").write_bytes(mended(workbook, ("sas", "SaaS")) if which == "xlsx" else workbook)
    again = read_deliveries(tmp_path, register)
    assert (again.errors, again.rejected) == ((), ())
    assert [(c.municipality.name, c.origin.file) for c in again.choices] == [("Zeist", f"afgekeurd.{which}")]


def test_of_a_row_that_is_mended_twice_the_later_name_counts(
    deliver: Callable[..., Intake], given_back: Callable[[Intake], bytes], register: Register, tmp_path: Path
) -> None:
    intake = deliver("Zeist;zelf;sas;geen;;;;\n")
    (tmp_path / "afgekeurd.csv").write_bytes(rejected_csv(intake).replace(b";sas;", b";saas;"))
    (tmp_path / "afgekeurd.xlsx").write_bytes(mended(given_back(intake), ("sas", "hybride")))
    again = read_deliveries(tmp_path, register)
    (choices,) = again.choices
    assert (choices.hosting.dutch, choices.origin.file) == ("hybride", "afgekeurd.xlsx")
    assert [origin.file for origin in choices.replaces] == ["afgekeurd.csv"]
    assert [(d.name, d.replaced) for d in again.deliveries if d.replaced] == [("afgekeurd.csv", 1)]
    assert again.errors == ()


def test_of_a_row_of_a_spreadsheet_the_cell_is_said(
    given_back: Callable[[Intake], bytes], register: Register, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Opgave"
    sheet = book.worksheets[0]
    for cells in (["gemeente", "begeleiding", "hosting", "bijdrage"], ["Zeist", "zelf", "sas", "geen"]):
        sheet.append(cells)
    book.save(tmp_path / "opgave.xlsx")
    intake = read_deliveries(tmp_path, register)
    (in_csv,), (in_workbook,) = rows_of(rejected_csv(intake)), map(texts_of, cells_of(given_back(intake)))
    assert in_csv["bevinding"] == in_workbook["bevinding"]
    assert in_csv["bevinding"].startswith("blad Opgave, cel C2, hosting: Bedoelde u SaaS?")
    assert (in_csv["bestand"], in_csv["regel"]) == ("opgave.xlsx", "2")
    (tmp_path / "verbeterd.xlsx").write_bytes(mended(given_back(intake), ("sas", "iets anders")))
    again = read_deliveries(tmp_path, register)
    (row,) = map(texts_of, cells_of(given_back(again)))
    assert row["bevinding"].startswith("hosting: ")
    assert (row["bestand"], row["regel"]) == ("opgave.xlsx", "2")


def test_there_are_as_many_files_as_there_is_to_mend(deliver: Callable[..., Intake], texts: Texts) -> None:
    assert Rejects(texts).together(deliver("Zeist;zelf;saas;geen;;;;\n")) == {}
    intake = deliver("Zeist;zelf;sas;geen;;;;\n")
    assert list(Rejects(texts).together(intake)) == ["afgekeurd.csv", "afgekeurd.xlsx"]
    # One more than a file may hold that comes back.
    many = replace(intake, rejected=intake.rejected * 25_001)
    assert list(Rejects(texts).together(many)) == ["afgekeurd.csv"]
