"""Kosten: every cost item with its range and its explanation, and the totals."""

from __future__ import annotations

from pipeline.indication import PERIODS, Item, Period
from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.formulas import chosen_cell, line_cells, status, total_cells
from pipeline.workbooks.municipality.names import CHOSEN_BY, LAPSED, LAPSED_NOW, LINES, ONCE, OPTIONS, YEARLY, YES
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.styles import Style


def costs(tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with a line for each cost item and one for each total."""

    def amounts(item: Item) -> tuple[Cell, Cell, Cell]:
        name = LINES[item]
        match item:
            case Item.SOFTWARE:
                return line_cells(name, "software", "software")
            case Item.GUIDANCE | Item.HOSTING | Item.CONTRIBUTION:
                choice = CHOSEN_BY[item]
                return line_cells(name, chosen_cell("laag", choice, choice), chosen_cell("hoog", choice, choice))
            case _:
                formula = f'IF({CHOSEN_BY[item]}="{YES}",tekst_pm,0)'
                return line_cells(name, formula, formula, Style.EURO_IF_CHOSEN)

    def row(item: Item) -> list[Cell]:
        name, choice = LINES[item], CHOSEN_BY.get(item, "")
        return [
            Fixed(texts.names[item], name=f"post_{name}"),
            Calculated(f"keuze_{choice}", f"={choice}", Style.TEXT, defined=False) if choice else Fixed("opensource"),
            Fixed("eenmalig" if PERIODS[item] is Period.ONCE else "jaarlijks"),
            *amounts(item),
            Calculated(
                f"{name}_uitleg",
                f"={_explained(item)}",
                Style.TEXT,
                defined=False,
                longest=max(len(texts.options[option]) for option in OPTIONS[choice]),
            )
            if choice in OPTIONS
            else Fixed(texts.explanations[item]),
        ]

    horizon = int(tariff.horizon.value)
    highs = "SUM(jaren_hoog)"
    totals: list[list[Cell]] = [
        [Fixed("Totaal eenmalig"), Fixed("alle"), Fixed("eenmalig"), *total_cells("eenmalig", ONCE),
         Fixed("Alle eenmalige posten samen.")],
        [Fixed("Totaal jaarlijks"), Fixed("alle"), Fixed("jaarlijks"), *total_cells("jaarlijks", YEARLY),
         Fixed("Alle jaarlijkse posten samen, op het prijspeil van het eerste jaar.")],
        [Fixed("Totaal eerste jaar"), Fixed("alle"), Fixed("eerste jaar"),
         *total_cells("eerste_jaar", ["eenmalig", "jaarlijks"]), Fixed("Eenmalig en jaarlijks samen.")],
        [Fixed("Totaal looptijd"), Fixed("alle"), Fixed(f"{horizon} jaar"),
         Calculated("looptijd_laag", "=IF(looptijd_pm=tekst_pm,tekst_pm,SUM(jaren_laag))"),
         Calculated("looptijd_hoog", f"=IF(looptijd_pm=tekst_pm,tekst_pm,{highs})"),
         Calculated("looptijd_pm", status("eerste_jaar_pm<>tekst_volledig", highs), Style.STATUS),
         Fixed("Alle jaren van de meerjarenraming samen.")],
    ]  # fmt: skip
    return Sheet(
        "Kosten",
        (27, 13, 12, 18, 18, 11, 70),
        [
            Line(Fixed("Kosten", Style.TITLE), 30),
            Line(
                Fixed(
                    "Elke post met wat zij kost, van laag tot hoog. P.m. (pro memorie) is een post die bestaat maar "
                    "die niemand heeft begroot; elk totaal waar zij bij hoort zegt dat.",
                    Style.NOTE,
                )
            ),
            Table(
                "Kosten",
                ["Kostenpost", "Keuze", "Wanneer", "Laag", "Hoog", "P.m.", "Uitleg"],
                [*(row(item) for item in Item), *totals],
                strong=frozenset(range(len(Item), len(Item) + len(totals))),
            ),
        ],
        landscape=True,
        purpose="elke post met uitleg",
    )


def _explained(item: Item) -> str:
    """The formula of what the chosen option is; of a contribution that has lapsed, that it has."""
    choice = CHOSEN_BY[item]
    explained = chosen_cell("uitleg", choice, choice)
    return f'IF({LAPSED},"{LAPSED_NOW}",{explained})' if item is Item.CONTRIBUTION else explained
