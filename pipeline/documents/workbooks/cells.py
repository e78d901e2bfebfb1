"""The cells of a described workbook, and what is in them.

A value is given, or said as how to take it from what the workbook is about, so that one description serves every
municipality. Formulas refer to cells by names and structured references only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from pipeline.documents.workbooks.styles import Style
from pipeline.model.limits import Bounds

Value = str | float | int | Decimal | date
Take = Callable[[Any], Value]
"""How to take a value from what the workbook is about; in a table with `of`, from what the row is about."""


class Fixed(Struct, frozen=True):
    """A text or number as data; `name` makes the cell a defined name, and `link` leads to an address on the web."""

    value: Value
    style: Style = Style.TEXT
    name: str = ""
    link: str = ""


class Given(Struct, frozen=True):
    """A text or number as data, which is another in each workbook."""

    value: Take
    style: Style = Style.TEXT
    name: str = ""


class Calculated(Struct, frozen=True):
    """A formula and the value that comes of it, worked out apart from it; `name` makes the cell a defined name.

    `longest` is the length of the longest text that it can give.
    """

    formula: str
    value: Value | Take
    style: Style = Style.EURO
    name: str = ""
    longest: int = 0


class Again(Struct, frozen=True):
    """A formula that gives what stands in the cell with this defined name."""

    formula: str
    style: Style = Style.EURO


class Rule(Struct, frozen=True):
    """What may be typed into an input cell: XlsxWriter's validation, with a message before and (`error`) after."""

    criteria: Mapping[str, Value | Sequence[str]]
    title: str
    message: str
    error: str = ""


def chosen_from(name: str, title: str, message: str = "Kies een woord uit de lijst.") -> Rule:
    """That one of the words is chosen that stand in the range with this name."""
    return Rule({"validate": "list", "source": f"={name}"}, title, message)


class Input(Struct, frozen=True):
    """An unlocked cell; formulas refer to it by its name. Without a rule of its own, that of its column holds."""

    name: str
    rule: Rule | None
    value: Value | Take
    style: Style = Style.TEXT


Cell = Fixed | Given | Calculated | Again | Input


def between(bounds: Bounds, *, whole: bool = False) -> dict[str, Value]:
    """The criteria of a number within bounds."""
    kind = "integer" if whole else "decimal"
    return {"validate": kind, "criteria": "between", "minimum": bounds.low, "maximum": bounds.high}
