"""Gevoeligheid: how the totals move with the hours of external guidance, which vary strongly."""

from __future__ import annotations

from pipeline.indication import SENSITIVE_HOURS
from pipeline.tariffs import Tariff
from pipeline.workbooks.municipality.formulas import bounded, mark, plus, this_row
from pipeline.workbooks.municipality.names import NO, YES, line_names
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.styles import Style


def sensitivity(tariff: Tariff) -> Sheet:
    """The sheet with a row for each number of hours, with external guidance and all else as chosen."""

    def this(column: str) -> str:
        return this_row("Gevoeligheid", column)

    besides = line_names(tariff.items).other_once
    conditions = [f"{part}_pm<>tekst_volledig" for part in (*besides, "jaarlijks")]
    missing = f"OR({','.join(conditions)})"
    once = f"{this('Begeleiding')}+{plus([f'{name}_@' for name in besides])}"
    first_year = f"{once}+N(jaarlijks_@)"
    # only what is paid once differs from the total of the projection
    horizon = f"N(looptijd_@)-N(eenmalig_@)+{once}"

    def unless_missing(formula: str) -> str:
        return f"IF({this('P.m.')}=tekst_pm,tekst_pm,{formula})"

    def row(hours: int) -> list[Cell]:
        key = f"uren_{hours}"
        chosen = f"AND(begeleiding=INDEX(lijst_begeleiding,2),begeleidingsuren={this('Uren')})"
        return [
            Fixed(hours, Style.INTEGER),
            Calculated(f"{key}_begeleiding", f"=ROUND({this('Uren')}*uurtarief,2)", defined=False),
            *bounded(f"{key}_eerste_jaar", unless_missing(first_year)),
            *bounded(f"{key}_looptijd", unless_missing(horizon)),
            mark(key, missing, first_year.replace("@", "hoog")),
            Calculated(f"{key}_gekozen", f'=IF({chosen},"{YES}","{NO}")', Style.STATUS, defined=False),
        ]

    return Sheet(
        "Gevoeligheid",
        (12, *(17,) * 5, 13, 13),
        [
            Line(Fixed("Gevoeligheid", Style.TITLE), 30),
            Line(
                Fixed(
                    "Hoeveel uren begeleiding nodig zijn, hangt sterk af van wat de gemeente zelf kan en wil doen. Dit "
                    "zijn de totalen bij externe begeleiding met minder of meer uren, en al het andere zoals gekozen.",
                    Style.NOTE,
                )
            ),
            Table(
                "Gevoeligheid",
                [
                    *("Uren", "Begeleiding", "Eerste jaar laag", "Eerste jaar hoog"),
                    *("Looptijd laag", "Looptijd hoog", "P.m.", "Gekozen"),
                ],
                [row(hours) for hours in SENSITIVE_HOURS],
                chosen_when="Gekozen",
                chosen_is=f'"{YES}"',
            ),
        ],
        purpose="wat meer of minder uren begeleiding doen",
    )
