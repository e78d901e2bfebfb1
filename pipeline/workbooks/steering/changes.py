"""Wijzigingen: what changed since the earlier result, with the differences by formula over what was and what is."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.amounts import Amount
from pipeline.changes import FIGURES, Change, Changes, Missing, Pair
from pipeline.overview import Overview
from pipeline.register import fold
from pipeline.workbooks.municipality.names import NOT_APPLICABLE, bounds, status
from pipeline.workbooks.sheets import Block, Calculated, Cell, Fixed, Line, Sheet, Table, Value
from pipeline.workbooks.steering.formulas import this_row
from pipeline.workbooks.steering.words import HIGH, LOW, MARK, MISSING, cell_name
from pipeline.workbooks.styles import Style

TOTALS, MUNICIPALITIES = "WijzigingenTotaal", "WijzigingenGemeenten"
WAS, IS, DIFFERENCE = "Was", "Is", "Verschil"
PARTS = [f"{side} {part}" for side in (WAS, IS, DIFFERENCE) for part in (LOW, HIGH, MARK)]
"""The headers of an amount that was, that is, and of the difference."""
WIDTHS = (24, 17, 17, 15, 17, 17, 15, 16, 16, 17, 11, 16, 16, 18, 55)
"""Wide enough for the amounts of both tables, which share their columns."""


def changes(overview: Overview) -> Sheet:
    """The sheet with what changed."""
    found = overview.changes
    title = Line(Fixed("Wijzigingen", Style.TITLE), 30)
    return Sheet("Wijzigingen", WIDTHS, [title, *_blocks(found)], landscape=True, pages=(2, 0) if found else (1, 0))


def in_a_sentence(found: Changes | None) -> str:
    """With what was compared, and how much changed."""
    return found.sentence if found else "Er is nog geen eerder resultaat om mee te vergelijken."


def change_values(found: Changes | None) -> dict[str, Value]:
    """The value of each difference."""
    if not found or found.totals is None:
        return {}
    values: dict[str, Value] = {}
    for figure, pair in found.totals.items():
        values |= _values(cell_name(TOTALS, figure), pair)
    for change in found.municipalities:
        for figure, pair in change.differing.items():
            values |= _values(cell_name(MUNICIPALITIES, change.code, figure), pair)
    return values


def _blocks(found: Changes | None) -> list[Block]:
    blocks: list[Block] = [Line(Fixed(in_a_sentence(found), Style.NOTE))]
    if not found or found.totals is None:
        return blocks
    for name, fields in (("Tarief", found.tariff), ("Register", found.register)):
        if fields:
            rows: list[list[Cell]] = [[Fixed(part) for part in (field.name, field.old, field.new)] for field in fields]
            blocks += [
                Line(Fixed(name, Style.HEADING), 24),
                Table(f"Wijzigingen{name}", ["Wat", WAS, IS], rows),
            ]
    blocks += [
        Line(Fixed("Alle gemeenten samen", Style.HEADING), 24),
        Line(
            Fixed(
                "Een verschil telt de euro's die bekend zijn: een post zonder bedrag telt daarin als 0, en ernaast "
                "staat wat er met p.m. gebeurt.",
                Style.NOTE,
            )
        ),
        _totals(found),
    ]
    if found.municipalities:
        blocks += [
            Line(Fixed("Per gemeente", Style.HEADING), 24),
            Line(
                Fixed(
                    "Een regel per gemeente en per kengetal dat anders is. De verschillen van een kengetal zijn samen "
                    "het verschil van alle gemeenten hierboven.",
                    Style.NOTE,
                )
            ),
            _municipalities(found.municipalities),
        ]
    return blocks


def _totals(found: Changes) -> Table:
    rows: list[list[Cell]] = [
        [Fixed(FIGURES[figure]), *_amounts(TOTALS, cell_name(TOTALS, figure), pair)]
        for figure, pair in (found.totals or {}).items()
    ]
    return Table(TOTALS, ["Kengetal", *PARTS], rows)


def _municipalities(found: Iterable[Change]) -> Table:
    rows = [row for change in sorted(found, key=lambda change: fold(change.name)) for row in _rows(change)]
    headers = ["Gemeente", "Kengetal", "Gemeentecode", "Wat", "Oorzaak", *PARTS, "Wijziging"]
    return Table(MUNICIPALITIES, headers, rows, filters=True)


def _rows(change: Change) -> list[list[Cell]]:
    """A row for each amount of a municipality that is another, or one that says that none is."""
    causes = ", ".join(cause.value for cause in change.causes)
    facts = [Fixed(text) for text in (change.code, change.kind.value, causes)]
    name, words = Fixed(change.name), Fixed(change.in_words)
    return [
        [name, Fixed(FIGURES[figure]), *facts, *_amounts(MUNICIPALITIES, _name(change, figure), pair), words]
        for figure, pair in change.differing.items()
    ] or [[name, Fixed(NOT_APPLICABLE), *facts, *(Fixed(NOT_APPLICABLE) for _ in PARTS), words]]


def _name(change: Change, figure: str) -> str:
    return cell_name(MUNICIPALITIES, change.code, figure)


def _amounts(table: str, name: str, pair: Pair) -> list[Cell]:
    """What was and what is, as data, and the difference in the formula's own row; text counts for 0."""

    def own(side: str, part: str) -> str:
        return this_row(table, f"{side} {part}")

    was, is_ = (f"OR({own(side, MARK)}=tekst_pm,{own(side, MARK)}=tekst_plus_pm)" for side in (WAS, IS))
    added, removed, stays, nothing = (MISSING[missing] for missing in Missing)
    return [
        *_side(pair.old),
        *_side(pair.new),
        *(
            Calculated(
                cell_name(name, bound), f"=ROUND(N({own(IS, bound)})-N({own(WAS, bound)}),2)", Style.DIFFERENCE, False
            )
            for bound in (LOW, HIGH)
        ),
        Calculated(
            cell_name(name, MARK),
            f"=IF({was},IF({is_},{stays},{removed}),IF({is_},{added},{nothing}))",
            Style.STATUS,
            False,
        ),
    ]


def _side(amount: Amount | None) -> list[Cell]:
    low, high = (NOT_APPLICABLE, NOT_APPLICABLE) if amount is None else bounds(amount)
    mark = NOT_APPLICABLE if amount is None else status(amount)
    return [Fixed(low, Style.EURO), Fixed(high, Style.EURO), Fixed(mark, Style.STATUS)]


def _values(name: str, pair: Pair) -> dict[str, Value]:
    low, high = map(float, pair.difference)
    return {
        cell_name(name, LOW): low,
        cell_name(name, HIGH): high,
        cell_name(name, MARK): pair.missing.value,
    }
