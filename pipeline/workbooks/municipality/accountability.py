"""Verantwoording: where the data of the workbook come from."""

from __future__ import annotations

from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.sheets import Fixed, Given, Line, Sheet, Table
from pipeline.workbooks.styles import Style


def accountability(tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet on which delivery, register, tariff and version can be traced."""
    rows = [
        ("Gemeente", "v_gemeente", Style.TEXT),
        ("Gemeentecode", "v_code", Style.TEXT),
        ("Provincie", "v_provincie", Style.TEXT),
        ("Inwoners volgens het register", "v_inwoners", Style.TEXT),
        ("Peildatum inwoners", "v_peildatum", Style.TEXT),
        ("Bron inwoners", "v_bron", Style.TEXT),
        ("Aangeleverd in bestand", "v_bestand", Style.TEXT),
        ("Regel in dat bestand", "v_regel", Style.TEXT),
        ("Vervangt eerdere aanlevering", "v_vervangt", Style.TEXT),
        ("Fase", "v_fase", Style.TEXT),
        ("Toelichting op de bijdrage", "v_toelichting", Style.TEXT),
        ("Alternatieve bijdrage afgestemd", "v_afgestemd", Style.TEXT),
        ("Inzet in natura", "v_in_natura", Style.TEXT),
        ("Functionaliteit van de backlog", "v_backlog", Style.TEXT),
        *((texts.of(item).name, f"v_post_{item.word}", Style.TEXT) for item in tariff.items if item.has_column),
        ("Contact", "v_contact", Style.TEXT),
        ("Opmerkingen bij de aanlevering", "opmerkingen", Style.TEXT),
        ("Tarief geldt sinds", "v_tarief", Style.TEXT),
        ("Versie van kostenindicatie", "v_versie", Style.TEXT),
    ]
    return Sheet(
        "Verantwoording",
        (34, 76),
        [
            Line(Fixed("Verantwoording", Style.TITLE), 30),
            Line(Fixed("Waar de gegevens en bedragen van dit werkboek vandaan komen.", Style.NOTE)),
            Table(
                "Verantwoording",
                ["Onderwerp", "Gegeven"],
                [[Fixed(label), Given(name, style)] for label, name, style in rows],
            ),
        ],
        purpose="waar de gegevens vandaan komen",
    )
