"""Where to mail to travels beside the choices: of the newest delivery that says it, and nothing is made of it."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake import Intake, read_deliveries, rejected_pieces
from pipeline.reference.register import Register
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.intake.conftest import Reader

HEADER = "gemeente;begeleiding;hosting;bijdrage;e_mail\n"


def row(address: str, name: str = "Zeist", hosting: str = "saas") -> str:
    return f'{name};zelf;{hosting};geen;"{address}"\n'


def addresses(intake: Intake) -> dict[str, tuple[str, ...]]:
    """Where to mail to, by the code of the municipality."""
    return {code: one.addresses for code, one in intake.addressed.items()}


def test_the_newest_delivery_that_names_a_right_address_counts(read: Reader) -> None:
    intake = read(
        a=HEADER + row("een@zeist.nl") + row("een@delft.nl", "Delft"),
        b=HEADER + row("twee@zeist.nl, drie@zeist.nl") + row("geen adres", "Delft"),
        c="gemeente;begeleiding;hosting;bijdrage\nZeist;extern;saas;geen\n",
        d=HEADER + row("", "Zeist"),
    )
    assert addresses(intake) == {"GM0355": ("twee@zeist.nl", "drie@zeist.nl"), "GM0503": ("een@delft.nl",)}
    assert {choices.origin.file for choices in intake.choices} == {"d.csv", "b.csv"}


def test_it_counts_too_when_its_row_is_rejected_for_something_else(read: Reader) -> None:
    intake = read(a=HEADER + row("oud@zeist.nl"), b=HEADER + row("nieuw@zeist.nl", hosting="sasa"))
    assert addresses(intake) == {"GM0355": ("nieuw@zeist.nl",)}
    assert intake.choices == ()


def test_a_wrong_address_is_a_warning_that_does_not_repeat_it(read: Reader) -> None:
    intake = read(a=HEADER + row("jan.jansen@"))
    (finding,) = intake.findings
    assert (finding.severity.value, finding.code, finding.column, finding.value) == (
        "waarschuwing",
        "e_mail",
        "e_mail",
        "",
    )
    assert len(intake.choices) == 1
    assert intake.choices[0].warnings == ()
    assert addresses(intake) == {}


@pytest.mark.parametrize("text", ["geen", "-", "onbekend", "n.v.t."])
def test_who_says_that_there_is_none_gets_no_warning(read: Reader, text: str) -> None:
    intake = read(a=HEADER + row(text))
    assert (intake.findings, addresses(intake)) == ((), {})


@pytest.mark.parametrize("text", ["#NAAM?", "jan\u202e@zeist.nl"])
def test_nothing_that_is_wrong_with_an_address_keeps_its_row_out(read: Reader, text: str) -> None:
    intake = read(a=HEADER + row(text))
    assert [f.severity.value for f in intake.findings] == ["waarschuwing"]
    assert len(intake.choices) == 1


def given_back(intake: Intake) -> str:
    return b"".join(rejected_pieces(intake)).decode("utf-8-sig")


def test_rejected_rows_come_back_without_it_and_when_mended_it_is_kept(
    read: Reader, tmp_path: Path, register: Register
) -> None:
    text = given_back(read(a=HEADER + row("info@zeist.nl", hosting="sasa")))
    assert "zeist.nl" not in text
    (rejected,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert "e_mail" not in rejected
    (tmp_path / "afgekeurd.csv").write_text(text.replace("sasa", "saas"), encoding="utf-8-sig")
    intake = read_deliveries(tmp_path, register)
    assert [choices.origin.file for choices in intake.choices] == ["afgekeurd.csv"]
    assert addresses(intake) == {"GM0355": ("info@zeist.nl",)}


def test_another_address_gives_another_row_to_mend_no_other_mark(read: Reader) -> None:
    texts = [given_back(read(a=HEADER + row(address, hosting="sasa"))) for address in ("a@zeist.nl", "b@zeist.nl")]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("column", ["bijdrage_toelichting", "backlog"])
def test_an_address_in_a_text_that_is_published_is_left_out_and_that_is_said(read: Reader, column: str) -> None:
    text = f"gemeente;begeleiding;hosting;bijdrage;{column}\nZeist;zelf;saas;geen;vraag het Jan (jan@zeist.nl) eens\n"
    intake = read(a=text)
    (choices,) = intake.choices
    assert "vraag het Jan ([e-mailadres]) eens" in (choices.contribution_note, choices.backlog)
    (finding,) = intake.findings
    assert (finding.code, finding.severity.value, finding.column) == ("adres_in_tekst", "waarschuwing", column)
    assert "jan@" not in finding.sentence


def made(inputs: Path, outputs: Path) -> tuple[int, dict[str, bytes]]:
    done = report(Settings(inputs, outputs, REFERENCE, ROOT / "templates", date(2026, 1, 1), workers=1))
    files = {path.relative_to(outputs).as_posix(): path.read_bytes() for path in outputs.rglob("*") if path.is_file()}
    return done.made, files


def test_another_address_makes_no_document_anew(tmp_path: Path) -> None:
    inputs, outputs = tmp_path / "inputs", tmp_path / "outputs"
    inputs.mkdir()
    rejected = row("info@delft.nl", "Delft", hosting="sasa")
    (inputs / "a.csv").write_text(HEADER + row("info@zeist.nl") + rejected)
    first, before = made(inputs, outputs)
    (inputs / "a.csv").write_text(HEADER + row("anders@zeist.nl, nog@zeist.nl") + rejected.replace("info", "post"))
    again, after = made(inputs, outputs)
    assert (first, again) == (1, 0)
    assert {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} <= {".seen.json"}


def test_a_wrong_address_that_is_put_right_makes_no_document_of_the_municipality_anew(tmp_path: Path) -> None:
    inputs, outputs = tmp_path / "inputs", tmp_path / "outputs"
    inputs.mkdir()
    (inputs / "a.csv").write_text(HEADER + row("info@"))
    assert made(inputs, outputs)[0] == 1
    (inputs / "a.csv").write_text(HEADER + row("info@zeist.nl"))
    assert made(inputs, outputs)[0] == 0


def test_an_address_that_another_delivery_replaces_is_told_by_name_and_without_it(read: Reader) -> None:
    intake = read(
        a=HEADER + row("een@zeist.nl, twee@zeist.nl") + row("een@delft.nl", "Delft"),
        b=HEADER + row("TWEE@zeist.nl, een@zeist.nl") + row("dief@elders.example", "Delft"),
    )
    (finding,) = intake.findings
    assert (finding.file, finding.line, finding.severity.value, finding.municipality) == (
        *("b.csv", 3, "waarschuwing"),
        "GM0503",
    )
    assert "Delft" in finding.sentence
    assert "Hier staat een ander e-mailadres dan in a.csv, regel 3." in finding.sentence
    assert "@" not in finding.sentence
    assert finding.published == finding
    assert [choices.warnings for choices in intake.choices] == [(), ()]


def test_two_addresses_in_two_rows_of_one_delivery_are_told(read: Reader) -> None:
    intake = read(a=HEADER + row("een@zeist.nl") + row("dief@elders.example"))
    assert addresses(intake) == {"GM0355": ("dief@elders.example",)}
    assert {(finding.code, finding.line) for finding in intake.findings} == {("dubbel", 3), ("adres_vervangen", 3)}
