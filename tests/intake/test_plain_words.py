"""What intake warns of, as a municipality reads it in its own documents: no names of columns, and amounts in Dutch."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.intake import read_deliveries
from pipeline.model.tariffs import Tariff
from pipeline.reference.register import Register

HEAD = "gemeente;begeleiding;hosting;bijdrage;"


SAID = [
    (
        "hosting_laag;hosting_hoog",
        "Zeist;zelf;in huis;geen;9000;1275000",
        (
            "Eigen raming of offerte voor de gekozen hosting, hoog (€\xa01.275.000): Dit is meer dan drie keer "
            "het tarief voor SaaS (€\xa010.000–20.000 per jaar). Klopt het bedrag?"
        ),
    ),
    (
        "hosting_laag;hosting_hoog",
        "Zeist;zelf;in huis;geen;0;9000,50",
        (
            "Eigen raming of offerte voor de gekozen hosting, laag (€\xa00): 0 betekent: kost niets; laat laag en "
            "hoog leeg als het bedrag niet bekend is."
        ),
    ),
    (
        "begeleidingsuren",
        "Ede;zelf;saas;geen;300",
        (
            "Begeleidingsuren (300): Deze uren tellen alleen bij extern: bij zelf zijn het eigen uren. Geef "
            "daarvoor een eigen raming (laag en hoog)."
        ),
    ),
    (
        "begeleidingsuren",
        "Zeist;extern;saas;geen;1.234",
        (
            "Begeleidingsuren (“1.234”): Gelezen als 1234 (een duizendtal); schrijf 1234 als u dat bedoelt, "
            "of anders 1,23."
        ),
    ),
    (
        "in_natura_laag;in_natura_hoog",
        "Zeist;zelf;saas;geen;5000;6000",
        (
            "Eigen raming voor inzet in natura, laag: Deze raming telt niet mee: de post zelf is niet gekozen "
            "(kolom in natura)."
        ),
    ),
    (
        "startjaar",
        "Zeist;zelf;saas;geen;2040",
        ("Startjaar (“2040”): "),
    ),
    (
        "backlog",
        "Zeist;zelf;saas;geen;onbekend",
        ("Backlog (“onbekend”): Nog niet bekend telt als geen; "),
    ),
]


@pytest.mark.parametrize(("columns", "row", "said"), SAID)
def test_a_warning_names_what_a_column_holds_and_writes_its_number_as_documents_do(
    register: Register, tariff: Tariff, tmp_path: Path, columns: str, row: str, said: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{HEAD}{columns}\n{row}\n", encoding="utf-8")
    (choices,) = read_deliveries(tmp_path, register, items=tariff.items, year=2026).choices
    assert [warning[: len(said)] for warning in choices.warnings][:1] == [said]
