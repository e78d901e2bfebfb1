from __future__ import annotations

import csv
import io
from pathlib import Path

from pipeline.intake import read_deliveries, template_csv
from pipeline.model.choices import COLUMNS, E_MAIL
from pipeline.reference.register import Register
from tests.intake.conftest import Reader
from tests.intake.readers.spreadsheets.made import HEADER, by_openpyxl
from tests.intake.rejects.given_back import rejected_csv


def rows_of(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_template_has_all_columns_and_the_municipalities_asked_for(register: Register) -> None:
    assert template_csv([]).decode("utf-8-sig") == ";".join(c.name for c in (*COLUMNS, E_MAIL)) + "\r\n"
    rows = rows_of(template_csv(map(register.only, ["den haag", "GM0820"])))
    assert [(row["gemeente"], row["gemeentecode"]) for row in rows] == [
        ("'s-Gravenhage", "GM0518"),
        ("Nuenen, Gerwen en Nederwetten", "GM0820"),
    ]


def test_rejected_rows_can_be_mended_and_dropped_back_in(read: Reader, tmp_path: Path, register: Register) -> None:
    contact = '=1+1 @ "x"; y'
    quoted = '"' + contact.replace('"', '""') + '"'
    intake = read(
        a=f"gemeente;begeleiding;hosting;bijdrage;contact\nZeist;zelf;sas;geen;{quoted}\nDelft;zelf;saas;geen;\n"
    )
    (row,) = rows_of(rejected_csv(intake))
    assert (row["gemeente"], row["hosting"], row["bestand"], row["regel"]) == ("Zeist", "sas", "a.csv", "2")
    assert row["bevinding"].startswith("hosting: Bedoelde u SaaS?")
    assert row["contact"] == """'=1+1 '@ "x"; y"""
    mended = rejected_csv(intake).replace(b";sas;", b";saas;")
    (tmp_path / "b.csv").write_bytes(mended)
    (tmp_path / "a.csv").unlink()
    again = read_deliveries(tmp_path, register)
    assert again.findings == ()
    assert [(c.municipality.name, c.contact) for c in again.choices] == [("Zeist", contact)]


def test_what_is_doubted_in_a_rejected_row_is_given_back_too(tmp_path: Path, register: Register) -> None:
    rows = [(*HEADER, "begeleidingsuren"), ("Zeist", "extern", "sas", "geen", "=100+20")]
    (tmp_path / "a.xlsx").write_bytes(by_openpyxl(rows))  # which keeps no outcome of a formula
    intake = read_deliveries(tmp_path, register)
    (row,) = rows_of(rejected_csv(intake))
    assert row["begeleidingsuren"] == ""
    assert row["bevinding"].startswith("blad Opgave, cel C2, hosting: Bedoelde u SaaS?")
    assert (
        " Let op, blad Opgave, cel E2, begeleidingsuren: Van deze formule is de uitkomst niet bewaard"
        in row["bevinding"]
    )


def test_nothing_in_the_rejected_rows_becomes_a_formula(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;contact\n=cmd|x;@a;+b;-c;\t=d\n")
    for row in rows_of(rejected_csv(intake)):
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in row.values())


def test_a_file_that_was_refused_stands_among_the_rejected(read: Reader) -> None:
    (row,) = rows_of(rejected_csv(read(a="")))
    assert (row["bestand"], row["regel"], row["gemeente"]) == ("a.csv", "", "")
