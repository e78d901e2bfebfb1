"""Overzicht: one screen for who decides, with the key figures, a chart and where to go on."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.figures import shown_figures
from pipeline.tariffs import Tariff
from pipeline.texts import Texts, in_a_sentence
from pipeline.workbooks.municipality.formulas import conclusion, status
from pipeline.workbooks.municipality.names import OPTIONS, line_names
from pipeline.workbooks.municipality.projection import chart_of_years
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Given, Line, Link, Sheet, Table
from pipeline.workbooks.styles import Style


def overview(tariff: Tariff, texts: Texts, others: Sequence[Sheet]) -> Sheet:
    """The first sheet: the conclusion, the key figures, what is missing from them, and where to go on to."""
    horizon = int(tariff.horizon.value)
    figures = [
        ("Eenmalig", "eenmalig", "Wat in het eerste jaar één keer wordt betaald."),
        ("Jaarlijks", "jaarlijks", "Wat elk jaar terugkomt, op prijspeil eerste jaar."),
        ("Eerste jaar", "eerste_jaar", "Eenmalig en jaarlijks samen."),
        (f"Looptijd van {horizon} jaar", "looptijd", "Alle jaren van de raming samen."),
    ]
    rows: list[list[Cell]] = [
        [
            Fixed(label),
            Calculated(f"{name}_laag", f"={name}_laag", defined=False),
            Calculated(f"{name}_hoog", f"={name}_hoog", defined=False),
            Calculated(f"{name}_pm", f"={name}_pm", Style.STATUS, defined=False),
            Fixed(what),
        ]
        for label, name, what in figures
    ]
    shared = "ROUND(N(jaarlijks_@)/inwoners,2)"
    per_inhabitant = [
        Calculated(
            f"per_inwoner_{bound}",
            f"=IF(per_inwoner_pm=tekst_pm,tekst_pm,{shared.replace('@', bound)})",
            Style.CENT,
        )
        for bound in ("laag", "hoog")
    ]
    rows.append(
        [
            Fixed("Per inwoner per jaar"),
            *per_inhabitant,
            Calculated(
                "per_inwoner_pm",
                status("jaarlijks_pm<>tekst_volledig", shared.replace("@", "hoog")),
                Style.STATUS,
            ),
            Fixed("Jaarlijks, gedeeld door de inwoners."),
        ]
    )
    missing = "&".join(f'IF({name}_pm<>tekst_volledig," • "&post_{name},"")' for name in line_names(tariff.items).every)
    chosen = '&", "&'.join(f'LOWER(woord_{choice})&" "&{choice}' for choice in (*OPTIONS, "grootteklasse"))
    years = f'"; raming van "&startjaar&" tot en met "&startjaar+{horizon - 1}&"."'
    return Sheet(
        "Overzicht",
        (25, 22, 22, 22, 46),
        [
            Line(Given("titel", Style.TITLE), 30),
            Line(Fixed(texts.purpose, Style.NOTE)),
            conclusion(),
            Table(
                "Kengetallen",
                ["Kengetal", "Laag", "Hoog", "P.m.", "Wat het is"],
                rows,
                strong=frozenset({2}),
            ),
            Line(Calculated("gekozen", f'="Gekozen: "&{chosen}&{years}', Style.NOTE, defined=False)),
            Line(
                Calculated(
                    "niet_begroot",
                    f'="Niet begroot (p.m.):"&IF(eerste_jaar_pm=tekst_volledig," niets",{missing})',
                    Style.NOTE,
                    defined=False,
                )
            ),
            Line(Given("opmerkingen_kort", Style.NOTE)),
            Line(
                Fixed(f"Wat de bron niet noemt en wij aannemen (zie Uitgangspunten): {_assumed(tariff)}.", Style.NOTE)
            ),
            *chart_of_years(rows=15),
            Line(Fixed("Verder in dit werkboek", Style.HEADING), 24),
            *(Link(f"{sheet.name}: {sheet.purpose}", sheet.name) for sheet in others),
            Line(Given("rust_op", Style.NOTE)),
        ],
    )


def _assumed(tariff: Tariff) -> str:
    """What the source does not state and we assume, by name."""
    assumed = (each.named for each in shown_figures(tariff) if each.figure.assumed)
    named = [each.in_a_sentence or each.label for each in assumed]
    if tariff.g4.assumed:
        named.append("welke gemeenten de G4 zijn")
    named += [premise.subject for premise in tariff.premises if premise.assumed]
    return ", ".join(map(in_a_sentence, named))
