"""Keuzes: the input cells, what was delivered beside them, and the legend."""

from __future__ import annotations

from pipeline.workbooks.municipality.formulas import this_row
from pipeline.workbooks.municipality.names import COMPLETE, NO, OPTIONS, PLUS_PM, PM, YES
from pipeline.workbooks.sheets import Calculated, Fixed, Given, Input, Line, Row, Rule, Sheet, Table
from pipeline.workbooks.styles import Style


def choices() -> Sheet:
    """The sheet with the input cells; every amount of the workbook follows from them."""
    yes_no = {"validate": "list", "source": [YES, NO]}
    inputs: list[tuple[str, Input, str]] = [
        ("Begeleiding", Input("begeleiding", _list_rule("begeleiding", "Begeleiding")), "zelf of extern"),
        (
            "Uren begeleiding",
            Input("begeleidingsuren", _number_rule("Uren", 0, 10_000, "Vul uren in, van 0 tot 10.000."), Style.DECIMAL),
            "uren van een marktpartij, eenmalig; telt alleen bij extern",
        ),
        (
            "Uurtarief",
            Input(
                "uurtarief", _number_rule("Uurtarief", 0, 1_000, "Vul euro per uur in, van 0 tot 1.000."), Style.EURO
            ),
            "euro per uur",
        ),
        ("Hosting", Input("hosting", _list_rule("hosting", "Hosting")), "in huis, hybride of saas"),
        *(
            (
                f"Eigen raming hosting, {bound}",
                Input(
                    f"hosting_{bound}",
                    _number_rule(
                        f"Eigen raming, {bound}",
                        0,
                        10_000_000,
                        "Vul euro per jaar in (laag en hoog allebei), of maak de cel leeg als er geen raming is.",
                    ),
                    Style.EURO,
                ),
                "euro per jaar voor de gekozen hosting; in plaats van het tarief",
            )
            for bound in ("laag", "hoog")
        ),
        ("Bijdrage", Input("bijdrage", _list_rule("bijdrage", "Bijdrage")), "financieel, alternatief of geen"),
        ("Grootteklasse", Input("grootteklasse", _list_rule("grootteklasse", "Grootteklasse")), "bepaalt de bijdrage"),
        (
            "Inwoners",
            Input(
                "inwoners",
                _number_rule("Inwoners", 1, 2_000_000, "Vul een heel getal boven 0 in.", True),
                Style.INTEGER,
            ),
            "alleen voor het bedrag per inwoner; de grootteklasse wijzigt niet mee",
        ),
        (
            "Eerste jaar",
            Input("startjaar", _number_rule("Eerste jaar", 2000, 2100, "Vul een jaartal in.", True), Style.YEAR),
            "eerste jaar van de meerjarenraming",
        ),
        (
            "Indexatie",
            Input(
                "indexatie", _number_rule("Indexatie", 0, 1, "Vul een percentage in, van 0% tot 100%."), Style.PERCENT
            ),
            "stijging van de jaarlijkse bedragen, per jaar na het eerste",
        ),
        (
            "GGU-jaar",
            Input(
                "ggu_jaar",
                _number_rule(
                    "GGU-jaar", 2000, 2200, "Vul een jaartal in, of maak de cel leeg als het onbekend is.", True
                ),
                Style.YEAR,
            ),
            "vanaf dit jaar vervalt de bijdrage, omdat de GGU betaalt",
        ),
        *(
            (label, Input(name, Rule(yes_no, label, "Kies ja of nee.", "Kies ja of nee.")), "ja of nee; bij ja p.m.")
            for label, name in (
                ("Demo-omgeving", "demo_omgeving"),
                ("Functionaliteit backlog", "backlog"),
                ("Inzet in natura", "in_natura"),
            )
        ),
    ]
    changed = f'=IF({this_row("Keuzes", "Waarde")}={this_row("Keuzes", "Aangeleverd")},"{NO}","{YES}")'
    return Sheet(
        "Keuzes",
        (28, 22, 22, 14, 54),
        [
            Line(Fixed("Keuzes", Style.TITLE), 30),
            Line(
                Fixed(
                    "Wijzig een gele cel; alle bedragen in dit werkboek volgen. Ernaast staat wat is aangeleverd.",
                    Style.NOTE,
                )
            ),
            Line(
                Calculated(
                    "keuzes_gewijzigd",
                    f'=IF(COUNTIF(Keuzes[Gewijzigd],"{YES}")>0,'
                    '"Let op: de keuzes in dit werkboek zijn gewijzigd en wijken af van wat is aangeleverd.",'
                    '"De keuzes in dit werkboek zijn zoals aangeleverd.")',
                    Style.NOTE,
                )
            ),
            Row(
                [
                    Fixed("Eerste jaar", Style.CONCLUSION),
                    Calculated("eerste_jaar_laag", "=eerste_jaar_laag", Style.CONCLUSION_EURO, defined=False),
                    Calculated("eerste_jaar_hoog", "=eerste_jaar_hoog", Style.CONCLUSION_EURO, defined=False),
                    Calculated("eerste_jaar_pm", "=eerste_jaar_pm", Style.CONCLUSION, defined=False),
                    Fixed("van laag tot hoog", Style.CONCLUSION),
                ],
                30,
            ),
            Table(
                "Keuzes",
                ["Keuze", "Waarde", "Aangeleverd", "Gewijzigd", "Toelichting"],
                [
                    [
                        Fixed(label, name=f"woord_{cell.name}" if cell.name in OPTIONS else ""),
                        cell,
                        Given(cell.name, cell.style),
                        Calculated("niet_gewijzigd", changed, Style.STATUS, defined=False),
                        Fixed(text),
                    ]
                    for label, cell, text in inputs
                ],
            ),
            Line(Fixed("Legenda", Style.HEADING), 24),
            Table(
                "Legenda",
                ["Teken", "Betekenis"],
                [
                    [Fixed("gele cel", Style.INPUT_SAMPLE), Fixed("invoer")],
                    [Fixed("witte cel"), Fixed("vast of berekend")],
                    [Fixed(PM, Style.PM_SAMPLE, "tekst_pm"), Fixed("niet begroot")],
                    [Fixed(PLUS_PM, Style.PM_SAMPLE, "tekst_plus_pm"), Fixed("er komt p.m. bij")],
                    [Fixed(COMPLETE, Style.TEXT, "tekst_volledig"), Fixed("zonder p.m.")],
                ],
            ),
        ],
    )


def _list_rule(choice: str, what: str) -> Rule:
    return Rule(
        {"validate": "list", "source": f"=lijst_{choice}"},
        what,
        f"Kies {what.lower()} uit de lijst.",
        "Kies een waarde uit de lijst.",
    )


def _number_rule(what: str, low: float, high: float, text: str, whole: bool = False) -> Rule:
    return Rule(
        {"validate": "integer" if whole else "decimal", "criteria": "between", "minimum": low, "maximum": high},
        what,
        text,
        f"Dat kan niet. {text}",
    )
