"""What is wrong in one delivery and put right in another."""

from __future__ import annotations

from pathlib import Path

from pipeline.intake import read_deliveries
from pipeline.model.choices import Provenance
from pipeline.reference.register import Register
from tests.intake.conftest import Reader
from tests.intake.rejects.given_back import rejected_csv
from tests.intake.test_deliveries import HEADER, found


def test_a_rejected_row_counts_no_more_when_a_later_delivery_is_accepted(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelf;sas;gen\n", b=HEADER + "Zeist;zelf;saas;geen\n")
    assert [c.origin.file for c in intake.choices] == ["b.csv"]
    assert found(intake) == [("fout_vervangen", "a.csv", 2, None)]
    assert (intake.errors, intake.rejected) == ((), ())
    assert [(d.rows, d.accepted, d.replaced, d.rejected) for d in intake.deliveries] == [(1, 0, 0, 0), (1, 1, 0, 0)]
    assert [d.settled for d in intake.deliveries] == [1, 0]
    assert intake.warnings[0].message.endswith(
        "De fout: hosting (“sas”): Bedoelde u SaaS? Kies in huis, hybride of SaaS."
    )


def test_only_the_newest_row_of_a_municipality_decides(read: Reader) -> None:
    right, wrong = HEADER + "Zeist;zelf;saas;geen\n", HEADER + "Zeist;zelf;sas;geen\n"
    intake = read(a=right, b=wrong, c=right, d=wrong)
    assert intake.choices == ()
    assert found(intake) == [
        ("fout_vervangen", "b.csv", 2, None),
        ("waarde", "d.csv", 2, "hosting"),
        ("eerdere_telt_niet", "d.csv", 2, None),
    ]


def test_a_mended_row_settles_its_original_whatever_the_files_are_called(
    read: Reader, tmp_path: Path, register: Register
) -> None:
    intake = read(
        landelijk=HEADER + "Zeist;zelf;saas;geen\n", zeist=HEADER + "Ziest;zelf;saas;geen\nZeist;zelf;sas;geen\n"
    )
    assert intake.choices == ()
    mended = rejected_csv(intake).decode("utf-8-sig").replace("Ziest;", "Delft;").replace(";sas;", ";saas;")
    (tmp_path / "afgekeurd.csv").write_text(mended, encoding="utf-8")
    intake = read_deliveries(tmp_path, register)
    assert intake.errors == ()
    # landelijk comes after afgekeurd by name, but before zeist, whose row is the one that was mended.
    assert [(c.municipality.name, c.origin.file) for c in intake.choices] == [
        ("Zeist", "afgekeurd.csv"),
        ("Delft", "afgekeurd.csv"),
    ]
    assert [(d.name, d.replaced) for d in intake.deliveries] == [
        ("afgekeurd.csv", 0),
        ("landelijk.csv", 1),
        ("zeist.csv", 0),
    ]
    assert [(f.code, f.file, f.line) for f in intake.warnings] == [
        ("fout_vervangen", "zeist.csv", 2),
        ("fout_vervangen", "zeist.csv", 3),
    ]


def test_a_row_that_is_still_wrong_counts_where_its_original_stands(
    read: Reader, tmp_path: Path, register: Register
) -> None:
    intake = read(landelijk=HEADER + "Zeist;zelf;saas;geen\n", zeist=HEADER + "Zeist;zelf;sas;geen\n")
    (tmp_path / "afgekeurd.csv").write_bytes(rejected_csv(intake).replace(b";sas;", b";sus;"))
    intake = read_deliveries(tmp_path, register)
    # landelijk is older than what is wrong in zeist, so it does not stand in for it.
    assert intake.choices == ()
    assert [(f.code, f.file) for f in intake.findings] == [
        ("waarde", "afgekeurd.csv"),
        ("fout_vervangen", "zeist.csv"),
        ("eerdere_telt_niet", "afgekeurd.csv"),
    ]


def test_a_row_that_was_put_right_in_its_own_file_is_newer_than_one_that_was_to_mend_it(
    read: Reader, tmp_path: Path, register: Register
) -> None:
    intake = read(zeist=HEADER + "Zeist;zelf;sas;geen\n")
    (tmp_path / "afgekeurd.csv").write_bytes(rejected_csv(intake).replace(b";sas;", b";saas;"))
    (tmp_path / "zeist.csv").write_text(HEADER + "Zeist;extern;saas;geen\n")
    (choices,) = read_deliveries(tmp_path, register).choices
    assert choices.origin.file == "zeist.csv"


def test_a_later_delivery_counts_after_a_mended_row(read: Reader, tmp_path: Path, register: Register) -> None:
    intake = read(b=HEADER + "Zeist;zelf;sas;geen\n")
    (tmp_path / "afgekeurd.csv").write_bytes(rejected_csv(intake).replace(b";sas;", b";saas;"))
    (tmp_path / "c.csv").write_text(HEADER + "Zeist;extern;saas;geen\n")
    (choices,) = read_deliveries(tmp_path, register).choices
    assert choices.origin.file == "c.csv"


def test_of_two_rejected_doubles_one_can_be_removed(read: Reader, tmp_path: Path, register: Register) -> None:
    intake = read(zeist=HEADER + "Zeist;zelf;saas;geen\nZeist;extern;saas;geen\n")
    lines = rejected_csv(intake).decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    (tmp_path / "afgekeurd.csv").write_text("\n".join(lines[:2]), encoding="utf-8")
    intake = read_deliveries(tmp_path, register)
    assert (len(intake.choices), intake.errors) == (1, ())


def test_a_row_never_settles_one_of_another_municipality(read: Reader) -> None:
    claim = HEADER.strip() + ";bestand;regel;bevinding\nDelft;zelf;saas;geen;b.csv;2;x\n"
    intake = read(a=HEADER + "Zeist;zelf;saas;geen\n", b=HEADER + "Zeist;zelf;sas;geen\n", c=claim)
    assert [c.municipality.name for c in intake.choices] == ["Delft"]
    assert [(f.code, f.file) for f in intake.errors] == [("waarde", "b.csv")]


def test_a_row_with_rows_of_others_in_it_stays_an_error(read: Reader) -> None:
    swallowed = 'gemeente;begeleiding;hosting;bijdrage;contact\nZeist;zelf;saas;geen;"x\nDelft;zelf;saas;geen;"\n'
    intake = read(a=swallowed, b=HEADER + "Zeist;zelf;saas;geen\n")
    assert found(intake) == [("veld_met_rijen", "a.csv", 2, "contact")]
    assert [c.origin.file for c in intake.choices] == ["b.csv"]


def test_many_doubles_are_counted_and_not_all_listed(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelf;saas;geen\n" * 9)
    assert len(intake.warnings) == 8
    assert "op regels 2, 3, 4, 5, 6 en nog 4, met dezelfde keuzes" in intake.warnings[0].message


def test_a_wrong_code_beside_a_right_name_still_says_whose_row_it_is(read: Reader) -> None:
    header = "gemeente;gemeentecode;begeleiding;hosting;bijdrage\n"
    intake = read(a=header + "Zeist;;zelf;saas;geen\n", b=header + "Zeist;GM9999;zelf;saas;geen\n")
    assert intake.choices == ()
    assert [f.code for f in intake.findings] == ["code_onbekend", "eerdere_telt_niet"]


def test_an_example_never_takes_the_place_of_what_a_municipality_chose(read: Reader) -> None:
    head = "gemeente;begeleiding;hosting;bijdrage;herkomst\n"
    intake = read(a=f"{head}Zeist;zelf;saas;geen;\n", b=f"{head}Zeist;extern;saas;financieel;voorbeeld\n")
    (choices,) = intake.choices
    assert (choices.origin.file, choices.provenance) == ("a.csv", Provenance.DELIVERED)
    assert [(f.code, f.file, f.line) for f in intake.findings] == [("voorbeeld_telt_niet", "b.csv", 2)]
    assert [(d.accepted, d.replaced) for d in intake.deliveries] == [(1, 0), (1, 1)]


def test_what_a_municipality_chose_takes_the_place_of_an_example(read: Reader) -> None:
    head = "gemeente;begeleiding;hosting;bijdrage;herkomst\n"
    intake = read(a=f"{head}Zeist;extern;saas;financieel;voorbeeld\n", b=f"{head}Zeist;zelf;saas;geen;opgave\n")
    (choices,) = intake.choices
    assert (choices.origin.file, choices.provenance) == ("b.csv", Provenance.DELIVERED)
    assert intake.findings == ()
