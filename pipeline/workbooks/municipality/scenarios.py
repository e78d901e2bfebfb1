"""Scenarios: all combinations of guidance, hosting and contribution."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.choices import Contribution, Guidance, Hosting, Option
from pipeline.indication import Item
from pipeline.tariffs import Tariff
from pipeline.workbooks.municipality.formulas import chosen_cell, status, this_row
from pipeline.workbooks.municipality.names import LINES, NO, ONCE, RUNNING, YES, scenario_key
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.styles import Style


def scenarios(tariff: Tariff) -> Sheet:
    """The sheet with a row for each combination; the chosen one is marked in words and in style."""
    years = range(1, int(tariff.horizon.value) + 1)
    columns = {"begeleiding": "Begeleiding", "hosting": "Hosting", "bijdrage": "Bijdrage"}
    other_once = [name for name in ONCE if name != LINES[Item.GUIDANCE]]
    other_yearly = [name for name in RUNNING if name != LINES[Item.HOSTING]]
    other_horizon = "+".join(f"ROUND(N({name}_@)*index_{n},2)" for name in other_yearly for n in years)

    def this(column: str) -> str:
        return this_row("Scenarios", column)

    def option(choice: str, part: str) -> str:
        return chosen_cell(part, choice, this(columns[choice]))

    def missing(*choices: str, lines: Sequence[str]) -> str:
        conditions = [f"ISTEXT({option(choice, 'laag')})" for choice in choices]
        return "OR(" + ",".join([*conditions, *(f"{name}_pm<>tekst_volledig" for name in lines)]) + ")"

    def summed(*choices: str, lines: Sequence[str]) -> str:
        return "+".join([*(f"N({option(choice, '@')})" for choice in choices), *(f"N({name}_@)" for name in lines)])

    def row(key: str, chosen: Sequence[Option]) -> list[Cell]:
        def amount(name: str, status: str, formula: str) -> tuple[Cell, Cell]:
            low, high = (
                Calculated(
                    f"{key}_{name}_{bound}",
                    f"=IF({this(status)}=tekst_pm,tekst_pm,{formula.replace('@', bound)})",
                    defined=False,
                )
                for bound in ("laag", "hoog")
            )
            return low, high

        once, yearly = summed("begeleiding", lines=other_once), summed("hosting", "bijdrage", lines=other_yearly)
        both_missing = f"OR({this('P.m. eenmalig')}<>tekst_volledig,{this('P.m. jaarlijks')}<>tekst_volledig)"
        horizon = f"{once}+{other_horizon}+N({option('hosting', 'looptijd_@')})+N({option('bijdrage', 'looptijd_@')})"
        is_chosen = ",".join(f"{this(column)}={choice}" for choice, column in columns.items())
        marks = [
            Calculated(
                f"{key}_eenmalig_pm",
                status(missing("begeleiding", lines=other_once), once.replace("@", "hoog")),
                Style.STATUS, defined=False,
            ),
            Calculated(
                f"{key}_jaarlijks_pm",
                status(missing("hosting", "bijdrage", lines=other_yearly), yearly.replace("@", "hoog")),
                Style.STATUS, defined=False,
            ),
            Calculated(
                f"{key}_totaal_pm",
                status(both_missing, f"{once}+{yearly}".replace("@", "hoog")),
                Style.STATUS, defined=False,
            ),
        ]  # fmt: skip
        return [
            *(Fixed(o.dutch) for o in chosen),
            Calculated(f"{key}_gekozen", f'=IF(AND({is_chosen}),"{YES}","{NO}")', Style.STATUS, defined=False),
            *amount("eenmalig", "P.m. eenmalig", once),
            marks[0],
            *amount("jaarlijks", "P.m. jaarlijks", yearly),
            marks[1],
            *amount("eerste_jaar", "P.m. totaal", f"{once}+{yearly}"),
            *amount("looptijd", "P.m. totaal", horizon),
            marks[2],
        ]

    return Sheet(
        "Scenarios",
        (13, 11, 13, 11, *(13, 13, 12) * 2, *(13,) * 4, 12),
        [
            Line(Fixed("Scenarios", Style.TITLE), 30),
            Line(
                Fixed(
                    "Alle combinaties van begeleiding, hosting en bijdrage, met al het andere zoals gekozen. "
                    "De gekozen combinatie staat vet en heeft ja in de kolom Gekozen. Een eigen raming voor hosting "
                    "geldt alleen voor de gekozen hosting.",
                    Style.NOTE,
                )
            ),
            Table(
                "Scenarios",
                [
                    "Begeleiding", "Hosting", "Bijdrage", "Gekozen", "Eenmalig laag", "Eenmalig hoog", "P.m. eenmalig",
                    "Jaarlijks laag", "Jaarlijks hoog", "P.m. jaarlijks", "Eerste jaar laag", "Eerste jaar hoog",
                    "Looptijd laag", "Looptijd hoog", "P.m. totaal",
                ],
                [row(scenario_key(g, h, c), (g, h, c)) for g in Guidance for h in Hosting for c in Contribution],
                chosen_when="Gekozen",
                chosen_is=f'"{YES}"',
            ),
        ],
        landscape=True,
    )  # fmt: skip
