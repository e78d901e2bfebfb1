"""The formulas that recur in both workbooks, and an amount in cells: low, high, and whether a part of it is p.m."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.documents.workbooks.cells import Again, Calculated, Fixed, Take, Value
from pipeline.documents.workbooks.sheets import Column, Table, headed
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, COMPLETE, HIGH, LOW, PLUS_PM, PM
from pipeline.model.amounts import Amount
from pipeline.model.indication import Difference

Priced = Amount | Difference | None
"""What has a low and a high end; a difference that is not known is None, and p.m."""


def this_row(table: str, column: str) -> str:
    """The cell of a column in the formula's own row of a table."""
    return f"{table}[[#This Row],[{column}]]"


def plus(terms: Sequence[str]) -> str:
    """The sum of cells that may hold "p.m." instead of a number."""
    return "+".join(f"N({term})" for term in terms)


def high(formula: str) -> str:
    """A formula in which `@` stands for laag or hoog, of the high end."""
    return formula.replace("@", HIGH)


def mark(missing: str, formula: str) -> str:
    """Whether an amount is complete, wholly p.m., or a number to which p.m. is to be added."""
    return f"IF({missing},IF({high(formula)}=0,tekst_pm,tekst_plus_pm),tekst_volledig)"


def unless_pm(marked: str, formula: str) -> str:
    """A formula for an amount of which the p.m. cell is `marked`."""
    return f"IF({marked}=tekst_pm,tekst_pm,{formula})"


# --- Values -----------------------------------------------------------------------------------------------------------


def end(priced: Priced, bound: str) -> Value:
    """The low or the high end as a cell shows it."""
    if priced is None or (isinstance(priced, Amount) and priced.unquantified):
        return PM
    return priced.low if bound == LOW else priced.high


def status(amount: Amount) -> str:
    """Whether an amount is complete, wholly p.m., or a number to which p.m. is to be added."""
    if not amount.pro_memorie:
        return COMPLETE
    return PM if amount.unquantified else PLUS_PM


def ended(amount: Callable[[Any], Priced], bound: str) -> Take:
    """How to take the low or the high end of what an amount is taken from."""
    return lambda about: end(amount(about), bound)


# --- Cells ------------------------------------------------------------------------------------------------------------


def ends(formula: str, amount: Callable[[Any], Priced], style: Style = Style.EURO, name: str = "") -> list[Calculated]:
    """The low and the high cell of an amount, by a formula in which `@` stands for laag or hoog."""
    return [
        Calculated(formula.replace("@", bound), ended(amount, bound), style, name and f"{name}_{bound}")
        for bound in BOUNDS
    ]


def marked(formula: str, amount: Callable[[Any], Amount], name: str = "") -> Calculated:
    """The p.m. cell of an amount."""
    return Calculated(formula, lambda about: status(amount(about)), Style.STATUS, name and f"{name}_pm")


def summed(
    name: str, formula: str, missing: str, amount: Callable[[Any], Amount], style: Style = Style.EURO
) -> list[Calculated]:
    """The low, high and p.m. cell of a sum with this name; `missing` is the condition that a part of it is p.m."""
    marks = marked(mark(missing, formula), amount, name)
    return [*ends(unless_pm(f"{name}_pm", formula), amount, style, name), marks]


def again(name: str) -> list[Again]:
    """The same amount as in the three cells with a name."""
    return [*(Again(f"{name}_{bound}") for bound in BOUNDS), Again(f"{name}_pm", Style.STATUS)]


# --- Columns ----------------------------------------------------------------------------------------------------------


def bounded(
    header: str,
    width: float | tuple[float, float],
    formula: str | Callable[[Any, str], str],
    amount: Callable[[Any], Priced],
    style: Style = Style.EURO,
    name: str = "",
    total: str = "",
    total_name: str = "",
) -> list[Column]:
    """The low and the high column of an amount; `@` in a formula, or what it is made with, is laag or hoog.

    `width` is that of both columns, or of each; `name` is that of the columns before the bound, and `total` the formula
    of the row with totals.
    """
    widths = dict(zip(BOUNDS, width if isinstance(width, tuple) else (width, width), strict=True))

    def column(bound: str) -> Column:
        value = ended(amount, bound)

        def cell(row: Any) -> Calculated:
            own = formula if isinstance(formula, str) else formula(row, bound)
            return Calculated(own.replace("@", bound), value, style)

        sum_ = Calculated(total.replace("@", bound), value, style, total_name and f"{total_name}_{bound}")
        title = f"{header} {bound}" if header else bound.capitalize()
        return Column(title, widths[bound], cell, sum_ if total else None, name and f"{name}_{bound}")

    return [column(bound) for bound in BOUNDS]


def priced(
    table: str,
    header: str,
    marks: str,
    widths: tuple[float | tuple[float, float], float],
    formula: str,
    missing: str,
    amount: Callable[[Any], Amount],
) -> list[Column]:
    """The low, high and p.m. column of a sum; `marks` is the header of the last one, `missing` when a part is p.m."""
    return [
        *bounded(header, widths[0], unless_pm(this_row(table, marks), formula), amount),
        Column(marks, widths[1], marked(mark(missing, formula), amount)),
    ]


def legend(*others: Sequence[Fixed], plus_pm: str) -> Table:
    """What the looks of cells mean; formulas refer to the words in it."""
    words = (
        (Fixed(PM, Style.PM_SAMPLE, "tekst_pm"), Fixed("een post waarvoor nog geen bedrag bekend is")),
        (Fixed(COMPLETE, Style.TEXT, "tekst_volledig"), Fixed("leeg: er ontbreekt geen bedrag")),
        (Fixed(PLUS_PM, Style.PM_SAMPLE, "tekst_plus_pm"), Fixed(plus_pm)),
    )
    return Table("Legenda", headed({"Teken": 0, "Betekenis": 0}), [*others, *words])
