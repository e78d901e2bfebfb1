"""Wijzigingen: what changed since the earlier result, with the differences by formula over what was and what is."""

from __future__ import annotations

from pipeline.amounts import Amount
from pipeline.changes import FIGURES, SHOWN, Change, Changes, Pair
from pipeline.overview import Overview
from pipeline.workbooks.municipality.names import PM
from pipeline.workbooks.sheets import Block, Calculated, Cell, Fixed, Line, Sheet, Table, Value
from pipeline.workbooks.steering.formulas import this_row
from pipeline.workbooks.steering.words import HIGH, LOW, NOT_APPLICABLE, bounds, cell_name
from pipeline.workbooks.styles import Style

TOTALS, MUNICIPALITIES = "WijzigingenTotaal", "WijzigingenGemeenten"
WAS, IS, DIFFERENCE = "was", "is", "verschil"


def changes(overview: Overview) -> Sheet:
    """The sheet with what changed."""
    found = overview.changes
    title = Line(Fixed("Wijzigingen", Style.TITLE), 30)
    widths = (24, 14, 14, 20, 60, *(13 for _ in range(6 * len(SHOWN))))
    return Sheet("Wijzigingen", widths, [title, *_blocks(found)], landscape=True, pages=(2, 0) if found else (1, 0))


def in_a_sentence(found: Changes | None) -> str:
    """With what was compared, and whether anything changed."""
    if found is None:
        return "Er is nog geen eerder resultaat om mee te vergelijken."
    if found.problem:
        return f"Vergeleken met {found.against}: dat ging niet. {found.problem}"
    return f"Vergeleken met {found.against}.{'' if found.any else ' Er is niets gewijzigd dat telt.'}"


def change_values(found: Changes | None) -> dict[str, Value]:
    """The value of each difference."""
    if not found or found.totals is None:
        return {}
    values: dict[str, Value] = {}
    for figure, pair in found.totals.items():
        values |= _values(cell_name(TOTALS, figure), pair)
    for change in found.municipalities:
        for figure in SHOWN:
            values |= _values(cell_name(MUNICIPALITIES, change.code, figure), change.amounts[figure])
    return values


def _blocks(found: Changes | None) -> list[Block]:
    blocks: list[Block] = [Line(Fixed(in_a_sentence(found), Style.NOTE))]
    if not found or found.totals is None:
        return blocks
    blocks += [Line(Fixed("Alle gemeenten samen", Style.HEADING), 24), _totals(found)]
    if found.municipalities:
        blocks += [
            Line(Fixed("Per gemeente", Style.HEADING), 24),
            Line(Fixed("Een verschil dat afhangt van een post zonder bedrag is p.m.", Style.NOTE)),
            _municipalities(found.municipalities),
        ]
    for name, heading, fields in (("Tarief", "Tarief", found.tariff), ("Register", "Register", found.register)):
        if fields:
            rows: list[list[Cell]] = [[Fixed(part) for part in (field.name, field.old, field.new)] for field in fields]
            blocks += [
                Line(Fixed(heading, Style.HEADING), 24),
                Table(f"Wijzigingen{name}", ["Wat", "Was", "Is"], rows),
            ]
    return blocks


def _totals(found: Changes) -> Table:
    headers = [f"{WAS} {LOW}", f"{WAS} {HIGH}", f"{IS} {LOW}", f"{IS} {HIGH}"]
    rows: list[list[Cell]] = [
        [
            Fixed(FIGURES[figure]),
            *_pair((found.totals or {})[figure]),
            *_differences(TOTALS, cell_name(TOTALS, figure), ""),
        ]
        for figure in FIGURES
    ]
    shown = [*headers, f"{DIFFERENCE} {LOW}", f"{DIFFERENCE} {HIGH}"]
    return Table(TOTALS, ["Kengetal", *map(str.capitalize, shown)], rows)


def _municipalities(found: tuple[Change, ...]) -> Table:
    parts = [f"{part} {bound}" for part in (WAS, IS, DIFFERENCE) for bound in (LOW, HIGH)]
    headers = [f"{FIGURES[figure]} {part}" for figure in SHOWN for part in parts]
    rows: list[list[Cell]] = [
        [
            Fixed(change.name),
            Fixed(change.code),
            Fixed(change.kind.value),
            Fixed(", ".join(cause.value for cause in change.causes)),
            Fixed(change.in_words),
            *(
                cell
                for figure in SHOWN
                for cell in (
                    *_pair(change.amounts[figure]),
                    *_differences(
                        MUNICIPALITIES, cell_name(MUNICIPALITIES, change.code, figure), f"{FIGURES[figure]} "
                    ),
                )
            ),
        ]
        for change in found
    ]
    return Table(
        MUNICIPALITIES, ["Gemeente", "Gemeentecode", "Wat", "Oorzaak", "Wijziging", *headers], rows, filters=True
    )


def _pair(pair: Pair) -> list[Cell]:
    """What was and what is, low and high."""
    return [Fixed(bound, Style.EURO) for amount in (pair.old, pair.new) for bound in _bounds(amount)]


def _bounds(amount: Amount | None) -> tuple[str | float, str | float]:
    return (NOT_APPLICABLE, NOT_APPLICABLE) if amount is None else bounds(amount)


def _differences(table: str, name: str, before: str) -> list[Cell]:
    """What is less what was, low and high, in the formula's own row; text of a municipality that was not there is 0."""

    def column(part: str, bound: str) -> str:
        header = f"{before}{part} {bound}"
        return this_row(table, header if before else header.capitalize())

    return [
        Calculated(
            cell_name(name, bound),
            f"=IF(OR({column(WAS, bound)}=tekst_pm,{column(IS, bound)}=tekst_pm),tekst_pm,"
            f"ROUND(N({column(IS, bound)})-N({column(WAS, bound)}),2))",
            Style.DIFFERENCE,
            False,
        )
        for bound in (LOW, HIGH)
    ]


def _values(name: str, pair: Pair) -> dict[str, Value]:
    difference = pair.difference
    low, high = (PM, PM) if difference is None else map(float, difference)
    return {cell_name(name, LOW): low, cell_name(name, HIGH): high}
