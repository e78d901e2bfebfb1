"""What stands above the header: what may be a row is an error, a municipality that is named a warning."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Reader
from tests.intake.test_deliveries import found

TABLE = "gemeente;gemeentecode;begeleiding;hosting;bijdrage\nZeist;;zelf;saas;geen\n"
NAMES = "gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;geen\n"
CODES = "gemeentecode;begeleiding;hosting;bijdrage\n355;zelf;saas;geen\n"


@pytest.mark.parametrize("line", ["Amersfort;zef;sas", "Amersfort;zef", "Amersfoort;zef;sas", "GM0307;zef;sas"])
def test_a_short_misspelled_row_is_an_error(read: Reader, line: str) -> None:
    intake = read(a=f"{line}\n{NAMES}")
    assert ("rij_boven_kopregel", "a.csv", 1, None) in found(intake)


@pytest.mark.parametrize(
    ("line", "table"),
    [
        *(("GM0307", table) for table in (NAMES, CODES, TABLE)),
        *(("Gemeente Amersfoort", table) for table in (NAMES, CODES, TABLE)),
        *(("GM0307 Amersfoort;;;", table) for table in (NAMES, CODES, TABLE)),
        *(("307;;;", table) for table in (NAMES, CODES)),
        (";307;;", TABLE),
        ("0307", CODES),
    ],
)
def test_a_municipality_that_is_only_named_is_a_warning(read: Reader, line: str, table: str) -> None:
    intake = read(a=f"{line}\n{table}")
    assert [(f.code, f.line, f.municipality) for f in intake.findings] == [("gemeente_zonder_regel", 1, "GM0307")]


@pytest.mark.parametrize(
    "line",
    ["Opgave 2026;;;", "Kostenindicatie;versie 2;1 mei 2026;", "Aantal: 307;;;", "Bijlage;307", "Opgave;extern;;"],
)
def test_a_title_is_no_row(read: Reader, line: str) -> None:
    assert read(a=f"{line}\n{NAMES}").findings == ()
