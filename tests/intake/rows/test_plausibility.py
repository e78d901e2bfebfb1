"""What can be, but is not likely: it counts, with a warning that says what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.intake import Intake, read_deliveries
from pipeline.model.indication import RemarkCode, indicate
from pipeline.model.tariffs import Tariff
from pipeline.reference.register import Register
from tests.conftest import REFERENCE
from tests.intake.conftest import Reader

HEAD = "gemeente;begeleiding;hosting;bijdrage;begeleidingsuren;hosting_laag;hosting_hoog;startjaar;inwoners\n"


def said(intake: Intake) -> list[tuple[str, str | None, str]]:
    assert intake.errors == ()
    assert len(intake.choices) == 1
    return [(f.code, f.column, f.message) for f in intake.warnings]


def test_an_estimate_of_nothing_says_what_nothing_means(read: Reader) -> None:
    nothing = "0 betekent: kost niets; laat hosting_laag en hosting_hoog leeg als het bedrag niet bekend is."
    assert said(read(a=HEAD + "Zeist;zelf;in huis;geen;;0;0;;\n")) == [("raming_nul", "hosting_laag", nothing)]
    assert said(read(a=HEAD + "Zeist;zelf;in huis;geen;;0;9000;;\n")) == [("raming_nul", "hosting_laag", nothing)]


def test_an_estimate_that_is_very_low_says_that_euros_per_year_are_expected(read: Reader) -> None:
    low = "Dit is minder dan € 500; verwacht is een bedrag per jaar in hele euro's."
    assert said(read(a=HEAD + "Zeist;zelf;in huis;geen;;12,5;20;;\n")) == [
        ("raming_laag", "hosting_laag", f"{low} Bedoelde u 12500?"),
        ("raming_laag", "hosting_hoog", f"{low} Bedoelde u 20000?"),
    ]
    assert said(read(a=HEAD + "Zeist;zelf;in huis;geen;;499,99;500;;\n")) == [("raming_laag", "hosting_laag", low)]
    assert said(read(a=HEAD + "Zeist;zelf;in huis;geen;;500;500;;\n")) == []


@pytest.mark.parametrize(
    ("year", "doubted"), [(2015, True), (2016, False), (2026, False), (2036, False), (2037, True), (2100, True)]
)
def test_a_start_more_than_ten_years_away_is_doubted(read: Reader, year: int, doubted: bool) -> None:
    # The register is of 1 January 2026, and no other reference date is given.
    message = "Dit is meer dan tien jaar voor of na 2026; verwacht is een jaar van 2016 tot en met 2036."
    expected = [("startjaar_ver", "startjaar", message)] if doubted else []
    assert said(read(a=HEAD + f"Zeist;zelf;saas;geen;;;;{year};\n")) == expected


@pytest.mark.parametrize(("day", "doubted"), [("2026-01-01", True), ("2030-12-31", False)])
def test_the_start_is_judged_by_the_reference_date_of_the_command(tmp_path: Path, day: str, doubted: bool) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "Zeist;zelf;saas;geen;;;;2040;\n", encoding="utf-8")
    result = CliRunner().invoke(
        main, ["check", "--inputs", str(tmp_path), "--reference", str(REFERENCE), "--date", day, "--format", "json"]
    )
    assert result.exit_code == 0
    assert ("startjaar_ver" in result.output) == doubted


@pytest.mark.parametrize(
    # Zeist has 66.648 inhabitants in the register; three quarters is 49.986, five quarters 83.310.
    ("inhabitants", "doubted"),
    [(49_985, True), (49_986, False), (83_310, False), (83_311, True), (666_480, True)],
)
def test_inhabitants_far_from_the_register_are_doubted(read: Reader, inhabitants: int, doubted: bool) -> None:
    message = "Het register heeft 66.648 inwoners; dit wijkt meer dan 25% af. Laat het veld leeg voor het register."
    expected = [("inwoners_anders", "inwoners", message)] if doubted else []
    assert said(read(a=HEAD + f"Zeist;zelf;saas;geen;;;;;{inhabitants}\n")) == expected


def test_no_hours_of_someone_external_are_doubted(read: Reader) -> None:
    message = "0 uren betekent: externe begeleiding kost niets; laat het veld leeg voor de uren van het tarief."
    assert said(read(a=HEAD + "Zeist;extern;saas;geen;0;;;;\n")) == [("uren_nul", "begeleidingsuren", message)]
    assert [code for code, _, _ in said(read(a=HEAD + "Zeist;zelf;saas;geen;0;;;;\n"))] == ["uren_tellen_niet"]


@pytest.mark.parametrize(("inhabitants", "differs"), [(66_648, False), (66_649, True)])
def test_a_document_says_that_inhabitants_differ_only_if_they_do(
    read: Reader, tariff: Tariff, inhabitants: int, differs: bool
) -> None:
    (choices,) = read(a=HEAD + f"Zeist;zelf;saas;geen;;;;;{inhabitants}\n").choices
    remarks = {remark.code for remark in indicate(choices, tariff, 2026).remarks}
    assert (RemarkCode.INHABITANTS_OVERRIDDEN in remarks) == differs


ESTIMATES = "gemeente;begeleiding;hosting;bijdrage;{};fase\n"


@pytest.mark.parametrize(
    # SaaS is 10.000 to 20.000 per year: three times the one is 60.000, a third of the other 3.333,33.
    ("low", "high", "doubted"),
    [(3_334, 60_000, []), (3_333, 60_000, ["hosting_laag"]), (3_334, 60_001, ["hosting_hoog"])],
)
def test_an_estimate_far_from_the_tariff_is_doubted(
    register: Register, tariff: Tariff, tmp_path: Path, low: int, high: int, doubted: list[str]
) -> None:
    row = f"Zeist;extern;hybride;geen;{low};{high};\n"
    (tmp_path / "a.csv").write_text(ESTIMATES.format("hosting_laag;hosting_hoog") + row, encoding="utf-8")
    intake = read_deliveries(tmp_path, register, items=tariff.items)
    assert [(f.code, f.column) for f in intake.findings] == [("raming_ver", column) for column in doubted]
    assert all("€\xa010.000–20.000 per jaar" in f.message for f in intake.findings)


@pytest.mark.parametrize(("hours", "doubted"), [(500, False), (501, True)])
def test_very_many_hours_are_doubted(read: Reader, hours: int, doubted: bool) -> None:
    found = [code for code, _, _ in said(read(a=HEAD + f"Zeist;extern;saas;geen;{hours};;;;\n"))]
    assert found == (["uren_veel"] if doubted else [])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Zeist;extern;saas;geen;5000;6000;", "begeleiding"),
        ("Zeist;zelf;saas;financieel;5000;6000;", "bijdrage"),
        ("Zeist;zelf;saas;geen;5000;6000;", "in_natura"),
        ("Zeist;zelf;saas;geen;5000;6000;live", "demo"),
    ],
)
def test_an_estimate_that_does_not_count_says_so(
    register: Register, tariff: Tariff, tmp_path: Path, row: str, column: str
) -> None:
    head = ESTIMATES.format(f"{column}_laag;{column}_hoog")
    (tmp_path / "a.csv").write_text(f"{head}{row}\n", encoding="utf-8")
    intake = read_deliveries(tmp_path, register, items=tariff.items)
    assert [(f.code, f.column) for f in intake.findings] == [("raming_telt_niet", f"{column}_laag")]
    assert len(intake.choices[0].warnings) == 1


def test_ede_reads_that_its_own_hours_do_not_count(read: Reader) -> None:
    (choices,) = read(a=HEAD + "Ede;zelf;saas;geen;300;;;;\n").choices
    (warning,) = choices.warnings
    assert "Deze uren tellen alleen bij extern" in warning
    assert "300" in warning
