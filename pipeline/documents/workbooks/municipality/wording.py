"""Amounts in words: `€ 10.000–20.000`, `minimaal € 12.500`, `onbekend`, built by formula in a helper table.

A number in a text is put together from whole parts, so that it is the same in every language of a spreadsheet program.
Texts are in whole euros; the numbers themselves stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from pipeline import dutch
from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Given
from pipeline.documents.workbooks.formulas import status, this_row
from pipeline.documents.workbooks.sheets import Column, Table
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, HIGH, LOW, PM
from pipeline.model.amounts import Amount, to_euros
from pipeline.model.indication import Indication

TABLE = "Woorden"
EURO = f"€{dutch.HARD_SPACE}"


class Worded(Struct, frozen=True):
    """An amount that is said in words, in a cell `zin_` with this name.

    `low`, `high` and `marks` are formulas for its ends and its p.m. cell, or empty if it is given as data. A total of
    which nothing is known is unknown; an item is p.m.
    """

    name: str
    label: str
    amount: Callable[[Indication], Amount]
    low: str = ""
    high: str = ""
    marks: str = ""
    total: bool = True

    @property
    def cell(self) -> str:
        """What the cell with the text is called."""
        return f"zin_{self.name}"


def named(name: str, label: str, amount: Callable[[Indication], Amount], *, total: bool = True) -> Worded:
    """The amount in the three cells with a name."""
    return Worded(name, label, amount, f"{name}_{LOW}", f"{name}_{HIGH}", f"{name}_pm", total)


def in_words(amount: Amount, *, total: bool = True) -> str:
    """An amount as documents write it, in whole euros."""
    return amount.in_words if total or not amount.unquantified else PM


def thousands(number: str) -> str:
    """The formula for a whole number that is not negative, with dots at the thousands."""
    formula = number
    for digits in (3, 6, 9):  # from the right: a dot leaves what stands before it in its place
        dot = f'IF({number}<{10**digits},"",".")'
        formula = f"REPLACE({formula},MAX(1,LEN({number})-{digits - 1}),0,{dot})"
    return formula


def decimal(number: str) -> str:
    """The formula for a number with at most two decimals, which are left out if there are none."""
    number = f"ROUND({number},2)"
    cents = f"ROUND(({number}-INT({number}))*100,0)"
    return f'{thousands(f"INT({number})")}&IF({number}=INT({number}),"",","&{cents_of(cents)})'


def cents_of(cents: str) -> str:
    """The formula for two decimals, without a nought at the end."""
    return f'IF(MOD({cents},10)=0,{cents}/10&"",RIGHT("0"&{cents},2))'


def words(amounts: list[Worded]) -> Table:
    """The helper table with the text of each of some amounts."""
    low, high, marks = (this_row(TABLE, header) for header in ("Laag", "Hoog", "P.m."))
    texts = [this_row(TABLE, f"{bound.capitalize()} in tekst") for bound in BOUNDS]

    def end(each: Worded, bound: str) -> Cell:
        def rounded(amount: Amount) -> int:
            return to_euros(amount.low if bound == LOW else amount.high)

        formula = each.low if bound == LOW else each.high
        return Calculated(f"ROUND(N({formula}),0)", rounded, Style.EURO) if formula else Given(rounded, Style.EURO)

    def mark(each: Worded) -> Cell:
        return Calculated(each.marks, status, Style.STATUS) if each.marks else Given(status, Style.STATUS)

    def text(bound: str) -> Cell:
        def said(amount: Amount) -> str:
            return dutch.number(to_euros(amount.low if bound == LOW else amount.high))

        return Calculated(thousands(low if bound == LOW else high), said, Style.TEXT)

    def sentence(each: Worded) -> Cell:
        nothing = f'"{dutch.UNKNOWN}"' if each.total else "tekst_pm"
        known = f'"{EURO}"&{texts[0]}&IF({low}={high},"","–"&{texts[1]})'
        formula = (
            f'IF({marks}=tekst_pm,{nothing},IF({marks}=tekst_plus_pm,"{dutch.AT_LEAST} {EURO}"&{texts[0]},{known}))'
        )
        return Calculated(formula, lambda amount: in_words(amount, total=each.total), Style.TEXT, each.cell)

    columns = [
        Column("Bedrag", cell=lambda each: Fixed(each.label)),
        Column("Laag", cell=lambda each: end(each, LOW)),
        Column("Hoog", cell=lambda each: end(each, HIGH)),
        Column("P.m.", cell=mark),
        Column("Laag in tekst", cell=text(LOW)),
        Column("Hoog in tekst", cell=text(HIGH)),
        Column("In woorden", cell=sentence),
    ]
    return Table(TABLE, columns, amounts, of=lambda indication: [each.amount(indication) for each in amounts])
