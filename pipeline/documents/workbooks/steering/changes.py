"""Wijzigingen: what changed since the earlier result, with the differences by formula over what was and what is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed
from pipeline.documents.workbooks.formulas import end, status, this_row
from pipeline.documents.workbooks.sheets import Block, Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.words import MARK, MISSING
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, HIGH, LOW, NOT_APPLICABLE
from pipeline.model.amounts import Amount
from pipeline.model.municipality import fold
from pipeline.results.changes import FIGURES, Change, Changes, Missing, Pair
from pipeline.results.overview import Overview

WAS, IS, DIFFERENCE = "Was", "Is", "Verschil"


class _Row(NamedTuple):
    """What a row is about: a key figure with what it was and is, of all together or of one municipality."""

    figure: str
    pair: Pair | None
    change: Change | None = None


def changes(overview: Overview) -> Sheet:
    """The sheet with what changed."""
    found = overview.changes
    return Sheet(
        "Wijzigingen",
        list(_blocks(found)),
        columns=_of_municipality(),
        pages=(2, 0) if found else (1, 0),
        purpose="wat er veranderde sinds het vorige resultaat",
    )


def in_a_sentence(found: Changes | None) -> str:
    """With what was compared, and how much changed."""
    return found.sentence if found else "Er is nog geen eerder resultaat om mee te vergelijken."


def _blocks(found: Changes | None) -> Iterable[Block]:
    yield note(in_a_sentence(found))
    if not found or found.totals is None:
        return
    for name, fields in (("Tarief", found.tariff), ("Register", found.register)):
        if fields:
            columns = [
                Column("Wat", cell=lambda field: Fixed(field.name)),
                Column(WAS, cell=lambda field: Fixed(field.old)),
                Column(IS, cell=lambda field: Fixed(field.new)),
            ]
            yield heading(name)
            yield Table(f"Wijzigingen{name}", columns, fields)
    yield heading("Alle gemeenten samen")
    yield note(
        "Een verschil telt de euro's die bekend zijn: een post zonder bedrag telt daarin als 0, en ernaast "
        "staat wat er met p.m. gebeurt."
    )
    totals = [_Row(FIGURES[figure], pair) for figure, pair in found.totals.items()]
    columns = [replace(each, width=0) for each in (_figure(), *_amounts("WijzigingenTotaal"))]
    yield Table("WijzigingenTotaal", columns, totals)
    if found.municipalities:
        yield heading("Per gemeente")
        yield note(
            "Een regel per gemeente en per kengetal dat anders is. De verschillen van een kengetal zijn samen "
            "het verschil van alle gemeenten hierboven."
        )
        by_name = sorted(found.municipalities, key=lambda change: fold(change.name))
        rows = [row for change in by_name for row in _rows(change)]
        yield Table("WijzigingenGemeenten", _of_municipality(), rows, filters=True)


def _rows(change: Change) -> list[_Row]:
    """A row for each amount of a municipality that is another, or one that says that none is."""
    differing = [_Row(FIGURES[figure], pair, change) for figure, pair in change.differing.items()]
    return differing or [_Row(NOT_APPLICABLE, None, change)]


def _figure() -> Column:
    return Column("Kengetal", 17, lambda row: Fixed(row.figure))


def _of_municipality() -> list[Column]:
    return [
        Column("Gemeente", 24, lambda row: Fixed(row.change.name)),
        _figure(),
        Column("Gemeentecode", 17, lambda row: Fixed(row.change.code)),
        Column("Wat", 15, lambda row: Fixed(row.change.kind.value)),
        Column("Oorzaak", 17, lambda row: Fixed(", ".join(cause.value for cause in row.change.causes))),
        *_amounts("WijzigingenGemeenten"),
        Column("Wijziging", 55, lambda row: Fixed(row.change.in_words)),
    ]


def _amounts(table: str) -> list[Column]:
    """What was and what is, as data, and the difference in the formula's own row; text counts for 0."""
    was, is_ = ({part: this_row(table, f"{side} {part}") for part in (*BOUNDS, MARK)} for side in (WAS, IS))
    lacked, lacks = (f"OR({side[MARK]}=tekst_pm,{side[MARK]}=tekst_plus_pm)" for side in (was, is_))
    added, removed, stays, nothing = (MISSING[missing] for missing in Missing)
    missing = f"IF({lacked},IF({lacks},{stays},{removed}),IF({lacks},{added},{nothing}))"

    def difference(nr: int, bound: str) -> Column:
        formula = f"ROUND(N({is_[bound]})-N({was[bound]}),2)"
        return _of_pair(
            f"{DIFFERENCE} {bound}", 16, lambda pair: Calculated(formula, pair.difference[nr], Style.DIFFERENCE)
        )

    return [
        *_side(WAS, attrgetter("old"), {LOW: 17, HIGH: 15, MARK: 16}),
        *_side(IS, attrgetter("new"), {LOW: 16, HIGH: 17, MARK: 11}),
        *(difference(nr, bound) for nr, bound in enumerate(BOUNDS)),
        _of_pair(f"{DIFFERENCE} {MARK}", 18, lambda pair: Calculated(missing, pair.missing.value, Style.STATUS)),
    ]


def _side(side: str, of: Callable[[Pair], Amount | None], widths: Mapping[str, float]) -> list[Column]:
    def column(part: str, width: float) -> Column:
        def cell(pair: Pair) -> Fixed:
            amount, style = of(pair), Style.STATUS if part == MARK else Style.EURO
            if amount is None:
                return Fixed(NOT_APPLICABLE, style)
            return Fixed(status(amount) if part == MARK else end(amount, part), style)

        return _of_pair(f"{side} {part}", width, cell)

    return [column(*each) for each in widths.items()]


def _of_pair(header: str, width: float, cell: Callable[[Pair], Cell]) -> Column:
    """A column with nothing to say of a municipality of which no amount is another."""
    return Column(header, width, lambda row: Fixed(NOT_APPLICABLE) if row.pair is None else cell(row.pair))
