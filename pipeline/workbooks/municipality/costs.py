"""Kosten: every cost item with its range and its explanation, and the totals."""

from __future__ import annotations

from pipeline.items import CONTRIBUTION, SOFTWARE, Item
from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.formulas import chosen_cell, line_cells, status, total_cells
from pipeline.workbooks.municipality.names import LAPSED, LAPSED_NOW, OPTIONS, YES, chosen_by, line_name, line_names
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.styles import Style


def costs(tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with a line for each cost item and one for each total."""
    names = line_names(tariff.items)

    def row(item: Item) -> list[Cell]:
        name, choice, said = line_name(item), chosen_by(item), texts.of(item)
        return [
            Fixed(said.name, name=f"post_{name}"),
            Calculated(f"{name}_keuze", f"={choice}", Style.TEXT, defined=False)
            if choice
            else Fixed("opensource" if item == SOFTWARE else "altijd"),
            Fixed(item.period.dutch),
            *_amounts(item),
            Calculated(
                f"{name}_uitleg",
                f"={_explained(item)}",
                Style.TEXT,
                defined=False,
                longest=max(len(texts.options[option]) for option in OPTIONS[choice]),
            )
            if choice in OPTIONS
            else Fixed(said.explanation),
        ]

    horizon = int(tariff.horizon.value)
    highs = "SUM(jaren_hoog)"
    totals: list[list[Cell]] = [
        [Fixed("Totaal eenmalig"), Fixed("alle"), Fixed("eenmalig"), *total_cells("eenmalig", names.once),
         Fixed("Alle eenmalige posten samen.")],
        [Fixed("Totaal jaarlijks"), Fixed("alle"), Fixed("jaarlijks"), *total_cells("jaarlijks", names.yearly),
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
                [*map(row, tariff.items), *totals],
                strong=frozenset(range(len(names.every), len(names.every) + len(totals))),
            ),
        ],
        landscape=True,
        purpose="elke post met uitleg",
    )


def _amounts(item: Item) -> tuple[Cell, Cell, Cell]:
    """The low, high and p.m. cell of an item: by its own rule, or by what the tariff declares."""
    name, choice = line_name(item), chosen_by(item)
    if item == SOFTWARE:
        return line_cells(name, "software", "software")
    if choice in OPTIONS:
        return line_cells(name, chosen_cell("laag", choice, choice), chosen_cell("hoog", choice, choice))
    unknown = item.amount is None or item.amount.pro_memorie
    low, high = ("tekst_pm" if unknown else f"{item.figure}_{bound}" for bound in ("laag", "hoog"))
    if not choice:
        return line_cells(name, low, high)
    look = Style.PM_IF_CHOSEN if unknown else Style.EURO_IF_CHOSEN
    low, high = (f'IF({choice}="{YES}",{amount},0)' for amount in (low, high))
    return line_cells(name, low, high, look)


def _explained(item: Item) -> str:
    """The formula of what the chosen option is; of a contribution that has lapsed, that it has."""
    choice = chosen_by(item)
    explained = chosen_cell("uitleg", choice, choice)
    return f'IF({LAPSED},"{LAPSED_NOW}",{explained})' if item == CONTRIBUTION else explained
