"""Lines that are no row of a municipality get one finding, and keep their place among the rejected rows."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Reader
from tests.intake.test_deliveries import found

HEAD = "gemeente;begeleiding;hosting;bijdrage;hosting_laag;hosting_hoog\n"
GOOD = "Delft;zelf;saas;geen;;\n"


@pytest.mark.parametrize(
    "line",
    [
        *("Totaal;12;8;5;€ 100.000;€ 200.000", "Bron: CBS StatLine;;;;;", "Let op: alleen gele cellen;;;;;"),
        *(
            "(naam);zelf / extern;in huis / hybride / saas;financieel / alternatief / geen;euro;euro",
            "Opgesteld door Jan;;;;;",
        ),
        *(
            ";;;;euro per jaar;euro per jaar",
            ";tekst;tekst;tekst;getal;getal",
            "x = niet ingevuld;;;;;",
            "Drechtsteden;zelf;;;;",
        ),
        *("naam;begeleiding;hosting;bijdrage;laag;hoog", "Totaal;1;1;1;1;1;1;1"),
    ],
)
def test_a_line_that_is_no_row_of_a_municipality_gets_one_finding(read: Reader, line: str) -> None:
    intake = read(a=HEAD + GOOD + line + "\n")
    assert found(intake) == [("geen_gemeente", "a.csv", 3, "gemeente")]
    assert "haal deze" in intake.findings[0].message
    assert [c.municipality.name for c in intake.choices] == ["Delft"]
    assert [row.origin.line for row in intake.rejected] == [3]


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("Ziest;;;;;", ["gemeente", "begeleiding", "hosting", "bijdrage"]),
        ("Zeist;;;;;", ["begeleiding", "hosting", "bijdrage"]),
        ("Onbekendestad;zelff;sas;geen;;", ["gemeente", "begeleiding", "hosting"]),
        (";zelf;saas;geen;;", ["gemeente"]),
    ],
)
def test_a_row_that_may_be_one_of_a_municipality_keeps_every_finding(
    read: Reader, line: str, columns: list[str]
) -> None:
    assert [f.column for f in read(a=HEAD + GOOD + line + "\n").errors] == columns


def test_a_note_that_swallowed_rows_says_that_and_not_to_take_it_away(read: Reader) -> None:
    intake = read(a=HEAD + 'Bron;;;;;"open\nZeist;zelf;saas;geen;;\n"\n' + GOOD)
    assert {f.code for f in intake.findings} == {"veld_met_rijen"}


def test_a_double_has_different_choices_only_if_both_are_right(read: Reader) -> None:
    intake = read(a=HEAD + "Delft;zelf;saas;geen;;\nDelft;zelf;sas;geen;;\n")
    doubles = [(f.line, f.message) for f in intake.findings if f.code == "dubbel"]
    message = "Deze gemeente staat op regels 2 en 3; laat er één goede staan."
    assert doubles == [(2, message), (3, message)]
    intake = read(a=HEAD + "Delft;zelf;saas;geen;;\nDelft;extern;saas;geen;;\n")
    assert {f.message for f in intake.findings} == {
        "Deze gemeente staat op regels 2 en 3, met verschillende keuzes; laat er één staan."
    }
