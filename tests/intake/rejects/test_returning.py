"""A file with rejected rows that is dropped back in: nothing of it is lost, and nothing is said twice."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pipeline.intake import Intake, read_deliveries
from pipeline.intake.rejects.originals import checksum_of
from pipeline.reference.register import Register
from tests.intake.conftest import Reader
from tests.intake.rejects.given_back import rejected_csv
from tests.intake.rejects.test_writing import rows_of
from tests.intake.test_deliveries import HEADER, found


def returned(
    folder: Path, register: Register, intake: Intake, *mends: tuple[str, str], name: str = "afgekeurd"
) -> Intake:
    """Drop the rejected rows back in, with these texts replaced."""
    text = rejected_csv(intake).decode("utf-8-sig")
    for wrong, right in mends:
        assert wrong in text
        text = text.replace(wrong, right)
    (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig", newline="")
    return read_deliveries(folder, register)


def test_what_was_too_much_comes_back_and_rejects_the_row_until_it_has_a_place(
    read: Reader, tmp_path: Path, register: Register
) -> None:
    header = "gemeente;begeleiding;hosting;bijdrage;contact\n"
    intake = read(opgave=header + "Zeist;zelf;saas;geen;Jan; =Piet;;Klaas\n")
    (row,) = rows_of(rejected_csv(intake))
    assert (row["contact"], row["te_veel"]) == ("Jan", "'=Piet; Klaas")
    again = returned(tmp_path, register, intake)
    assert again.choices == ()
    assert found(again) == [
        ("te_veel_velden", "afgekeurd.csv", 2, "te_veel"),
        ("fout_vervangen", "opgave.csv", 2, None),
    ]
    (row,) = rows_of(rejected_csv(again))
    assert (row["te_veel"], row["bestand"], row["regel"]) == ("'=Piet; Klaas", "opgave.csv", "2")
    mended = returned(tmp_path, register, again, ("Jan", '"Jan; Piet; Klaas"'), ("'=Piet; Klaas", ""))
    assert [c.contact for c in mended.choices] == ["Jan; Piet; Klaas"]
    assert mended.errors == ()


def test_a_mend_that_came_too_late_swallows_no_other_row(read: Reader, tmp_path: Path, register: Register) -> None:
    intake = read(opgave=HEADER + "Ziest;zelf;saas;geen\n")
    (tmp_path / "opgave.csv").write_text(HEADER + "Almeree;zelf;saas;geen\nZiest;zelf;saas;geen\n")
    again = returned(tmp_path, register, intake, ("Ziest", "Zeist"))
    assert [c.municipality.name for c in again.choices] == ["Zeist"]
    assert [(f.code, f.file, f.line) for f in again.findings] == [
        ("verbetering_past_niet", "afgekeurd.csv", 2),
        ("gemeente_onbekend", "opgave.csv", 2),
        ("gemeente_onbekend", "opgave.csv", 3),
    ]


def test_without_a_checksum_nothing_is_settled(read: Reader, tmp_path: Path, register: Register) -> None:
    intake = read(opgave=HEADER + "Ziest;zelf;saas;geen\n")
    (row,) = rows_of(rejected_csv(intake))
    again = returned(tmp_path, register, intake, ("Ziest", "Zeist"), (row["kenmerk"], ""))
    assert [(f.code, f.file) for f in again.findings] == [
        ("verbetering_past_niet", "afgekeurd.csv"),
        ("gemeente_onbekend", "opgave.csv"),
    ]


@pytest.mark.parametrize("name", ["afgekeurd", "afgekeurd-2", "verbeterd"])
def test_a_row_that_is_mended_in_a_second_round_settles_both(
    read: Reader, tmp_path: Path, register: Register, name: str
) -> None:
    intake = read(opgave=HEADER + "Ziest;zelf;sas;geen\nDelft;zelf;saas;geen\n")
    first = returned(tmp_path, register, intake, ("sas", "saas"))
    assert found(first) == [
        ("gemeente_onbekend", "afgekeurd.csv", 2, "gemeente"),
        ("fout_vervangen", "opgave.csv", 2, None),
    ]
    assert "regel 2 is dat ook nog; verbeter die. De fout: gemeente (“Ziest”)" in first.warnings[0].message
    (row,) = rows_of(rejected_csv(first))
    assert (row["bestand"], row["regel"], row["hosting"]) == ("opgave.csv", "2", "saas")
    second = returned(tmp_path, register, first, ("Ziest", "Zeist"), name=name)
    assert second.errors == ()
    assert [c.municipality.name for c in second.choices] == ["Zeist", "Delft"]
    opgave = next(d for d in second.deliveries if d.name == "opgave.csv")
    assert (opgave.rows, opgave.accepted, opgave.repeated, opgave.rejected, opgave.settled) == (2, 1, 0, 0, 1)


def test_two_mended_rows_that_say_the_same_settle_both(read: Reader, tmp_path: Path, register: Register) -> None:
    intake = read(opgave=HEADER + "Ziest;zelf;saas;geen\nZeistt;zelf;saas;geen\n")
    again = returned(tmp_path, register, intake, ("Ziest", "Zeist"), ("Zeistt", "Zeist"))
    assert (len(again.choices), again.errors, again.rejected) == (1, (), ())
    (afgekeurd, opgave) = again.deliveries
    assert (afgekeurd.rows, afgekeurd.accepted, afgekeurd.repeated) == (2, 1, 1)
    assert (opgave.rows, opgave.settled) == (2, 2)


def test_a_file_that_was_refused_is_no_row_when_it_comes_back(read: Reader, tmp_path: Path, register: Register) -> None:
    intake = read(leeg="", opgave=HEADER + "Zeist;zelf;sas;geen\n")
    (tmp_path / "leeg.csv").unlink()
    again = returned(tmp_path, register, intake, ("sas", "saas"))
    assert again.errors == ()
    assert [(d.name, d.rows) for d in again.deliveries] == [("afgekeurd.csv", 1), ("opgave.csv", 1)]


def test_a_row_with_rows_in_it_is_rejected_again(read: Reader, tmp_path: Path, register: Register) -> None:
    header = "gemeente;begeleiding;hosting;bijdrage;contact\n"
    intake = read(opgave=header + 'Zeist;zelf;saas;geen;"open\nDelft;zelff;sas;geen;b"\n')
    again = returned(tmp_path, register, intake)
    assert (again.choices, [f.code for f in again.errors]) == ((), ["veld_met_rijen"])


def test_the_findings_and_what_was_too_much_may_be_taken_out(read: Reader, tmp_path: Path, register: Register) -> None:
    intake = read(opgave="gemeente;begeleiding;hosting;bijdrage;contact\nZeist;zelf;sas;geen;=1\n")
    rows = rows_of(rejected_csv(intake))
    names = [name for name in rows[0] if name not in ("te_veel", "bevinding")]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, delimiter=";", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(row | {"hosting": "saas"} for row in rows)
    (tmp_path / "afgekeurd.csv").write_text(text.getvalue())
    again = read_deliveries(tmp_path, register)
    assert again.errors == ()
    assert [c.contact for c in again.choices] == ["=1"]


def test_a_checksum_is_of_what_stands_there_and_nothing_else() -> None:
    assert checksum_of([("a", "1"), ("b", "2")]) == checksum_of([("b", " 2\u00a0"), ("c", ""), ("a", "1")])
    assert checksum_of([("a", "12")]) != checksum_of([("a", "1"), ("b", "2")])
    assert checksum_of([("a", "1")]).isalpha()
