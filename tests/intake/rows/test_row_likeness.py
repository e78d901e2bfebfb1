"""What looks like a row where none should be is never passed over in silence."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Reader
from tests.intake.test_deliveries import found

COLUMNS = ["gemeente", "begeleiding", "hosting", "bijdrage", "bijdrage_toelichting"]


def swallowed(line: str, delimiter: str) -> str:
    """A delivery in which a text of Zeist holds a line more."""
    rows = [COLUMNS, ["Zeist", "zelf", "SaaS", "geen", f'"wij doen mee\n{line.replace(";", delimiter)}"']]
    return "\n".join(map(delimiter.join, [*rows, ["Ede", "zelf", "SaaS", "geen", "x"]])) + "\n"


SHORT = [
    "Soset;zlf;sas;gen",
    "Barn;extrn;sas;finnacieel",
    "Soest;zlf;sas;gen",
    "Soset;zlf;sas",
    "Soset;zlf",
    "Soset;;",
    "Soset;;sas",
    "Soset;onbekend;sas;?",
    "Ed;zlf;sas;gen",
]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line", SHORT)
def test_a_swallowed_row_that_is_short_and_misspelled_is_an_error(read: Reader, line: str, delimiter: str) -> None:
    intake = read(a=swallowed(line, delimiter))
    assert found(intake) == [("veld_met_rijen", "a.csv", 2, "bijdrage_toelichting")]


@pytest.mark.parametrize(
    "line",
    [
        "dat is; zie bijlage",
        "vragen; opmerkingen; wensen; ideeën",
        "zelf doen; wie weet; later",
        "Zeist; eigen beheer is te duur",
        "Ede, in overleg met de buren",
    ],
)
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_line_of_text_is_no_row(read: Reader, line: str, delimiter: str) -> None:
    intake = read(a=swallowed(line, delimiter))
    assert (len(intake.choices), intake.errors) == (2, ())


def test_a_misspelled_row_that_comes_back_within_a_text_is_still_an_error(read: Reader) -> None:
    head = ";".join([*COLUMNS, "te_veel", "bestand", "regel", "kenmerk", "bevinding"])
    intake = read(a=f'{head}\nZeist;zelf;saas;geen;"wij doen mee\nSoset;zlf;sas;gen";;b.csv;2;x;y\n')
    assert [f.code for f in intake.findings] == ["veld_met_rijen"]


@pytest.mark.parametrize(
    "text",
    [
        "tekst\nSoest",
        "Jan\nGemeente Soest\n",
        "tekst\n- Soest: zelf, saas, geen",
        "samen met:\n1. Soest\n",
        "samen met:\n• gemeente Soest (GM0342)",
        "tekst\nGM0342",
        "tekst\r\nSoest;",
        "tekst\nSoest - volgt later",
    ],
)
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_municipality_on_a_line_of_its_own_is_a_warning(read: Reader, text: str, delimiter: str) -> None:
    rows = [COLUMNS, ["Zeist", "zelf", "SaaS", "geen", f'"{text}"']]
    intake = read(a="\n".join(map(delimiter.join, rows)))
    assert found(intake) == [("gemeente_zonder_regel", "a.csv", 2, "bijdrage_toelichting")]
    assert intake.findings[0].municipality == "GM0342"


@pytest.mark.parametrize(
    "text",
    [
        "Jan\nStationsplein 1\n3762 AA Soest",
        "tekst\nwij werken samen met Soest",
        "Gemeente Soest",
        "zie\n307",
        "Jan\nZeist",
    ],
)
def test_a_municipality_within_a_line_is_none_of_its_own(read: Reader, text: str) -> None:
    intake = read(a=f'{";".join(COLUMNS)}\nZeist;zelf;saas;geen;"{text}"\n')
    assert (len(intake.choices), intake.findings) == (1, ())
