"""How cells look: one restrained palette, one typeface, one number format for each kind of value."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any

from pipeline import dutch

FONT = "Arial"
INK = "#1B1B1B"
BLUE = "#154273"
PALE_BLUE = "#E6EDF5"
BAR_BLUE = "#C9D8E8"
INPUT_YELLOW = "#FFF6D6"
PM_BROWN = "#7A3E00"
GREY = "#595959"
RULE_GREY = "#BFC7D1"

EUROS = '"€ "#,##0'
EUROS_AND_CENTS = '"€ "#,##0.00'
DIFFERENCES = f'+{EUROS};−{EUROS};"€ "0;"{dutch.UNKNOWN}"'
NIL = "–"
"""Nothing to pay: an amount of nought, or an item that is not there; what stands beside it says which."""
EUROS_OR_NIL = f'{EUROS};;"{NIL}"'
AT_LEAST = f'"{dutch.AT_LEAST} € "#,##0;;;"{dutch.UNKNOWN}"'
"""A total from which something is missing, or of which nothing is known; of its high end nothing is shown."""
UNSEEN = ";;;"
HOURS = "#,##0;−#,##0"
WITH_CENTS = {
    EUROS: EUROS_AND_CENTS,
    EUROS_OR_NIL: f'{EUROS_AND_CENTS};;"{NIL}"',
    DIFFERENCES: f'+{EUROS_AND_CENTS};−{EUROS_AND_CENTS};"€ "0;"{dutch.UNKNOWN}"',
    HOURS: "#,##0.0#",
}
"""How euros and hours are shown where there are decimals, by how they are shown where there are none."""

WRAPPED = {"text_wrap": True, "align": "left", "indent": 1}
AT_THE_RIGHT = {"align": "right", "indent": 1}
"""A number, as far from the edge as its header."""


class Style(Enum):
    """What a cell holds, and so how it looks; the values are XlsxWriter format properties."""

    TITLE = {"bold": True, "font_size": 18, "font_color": BLUE, "valign": "vcenter", "align": "left", "indent": 1}
    SUBTITLE = {"font_size": 11, "font_color": GREY, "valign": "vcenter", "align": "left", "indent": 1}
    HEADING = {"bold": True, "font_size": 13, "font_color": BLUE, "valign": "bottom", "align": "left", "indent": 1}
    NOTE = {"valign": "vcenter", "align": "left", "indent": 1}
    NOTICE = NOTE | {"font_color": INK}
    LINK = {"font_color": BLUE, "underline": 1, "valign": "vcenter", "align": "left", "indent": 1}
    HEADER = {"bold": True, "font_color": "#FFFFFF", "bg_color": BLUE, "valign": "vcenter"} | WRAPPED
    NUMBER_HEADER = HEADER | AT_THE_RIGHT
    TEXT = WRAPPED
    AS_TYPED = WRAPPED | {"num_format": "@"}
    WRONG = AS_TYPED | {
        "bold": True,
        "font_color": PM_BROWN,
        "bg_color": INPUT_YELLOW,
        "left": 5,
        "left_color": PM_BROWN,
    }
    SOURCE = WRAPPED | {"font_color": BLUE, "underline": 1}
    CHANGEABLE = WRAPPED | {"bg_color": INPUT_YELLOW, "border": 1, "border_color": BLUE, "locked": False}
    STATUS = WRAPPED | {"font_color": GREY}
    EURO = {"num_format": EUROS, "shrink": True} | AT_THE_RIGHT
    BAR = {"font_color": BLUE, "align": "left", "indent": 1}
    EURO_OR_NIL = {"num_format": EUROS_OR_NIL, "shrink": True} | AT_THE_RIGHT
    # in other letters than an amount: LibreOffice forgets the indent where only the number format differs
    DIFFERENCE = {"num_format": DIFFERENCES, "shrink": True, "font_color": BLUE} | AT_THE_RIGHT
    CENT = {"num_format": EUROS_AND_CENTS} | AT_THE_RIGHT
    INTEGER = {"num_format": "#,##0"} | AT_THE_RIGHT
    DECIMAL = {"num_format": "General"} | AT_THE_RIGHT
    HOURS = {"num_format": HOURS} | AT_THE_RIGHT
    HOURS_LEFT = HOURS | WRAPPED
    INDEX = {"num_format": "0.0000"} | AT_THE_RIGHT
    YEAR = {"num_format": "0"} | AT_THE_RIGHT
    PERCENT = {"num_format": "0.0#%"} | AT_THE_RIGHT
    DATE = {"num_format": "d mmmm yyyy"} | AT_THE_RIGHT
    YEAR_LEFT = {"num_format": "0"} | WRAPPED
    AMOUNT = {"shrink": True} | AT_THE_RIGHT
    LABEL = {"bold": True, "font_color": GREY, "valign": "bottom", "align": "left", "indent": 1}
    LABEL_BESIDE = LABEL | {"valign": "vcenter"}
    YEAR_ABOVE = {"bold": True, "font_color": GREY, "num_format": "0", "valign": "bottom"} | AT_THE_RIGHT
    ANSWER = {"bold": True, "font_size": 14, "font_color": BLUE, "valign": "vcenter", "align": "left", "indent": 1}
    LAST_ANSWER = ANSWER | {"shrink": True}
    STRONG_SAMPLE = {"bold": True, "bg_color": PALE_BLUE, "align": "left", "indent": 1}
    INPUT_SAMPLE = {"bg_color": INPUT_YELLOW, "border": 1, "border_color": BLUE, "align": "left", "indent": 1}
    PM_SAMPLE = {"italic": True, "font_color": PM_BROWN, "align": "left", "indent": 1}

    __hash__ = object.__hash__  # there is one of each, and a sheet asks for it for every cell

    @property
    def look(self) -> dict[str, object]:
        """The XlsxWriter format properties, but for the typeface."""
        return dict(self.value)

    @property
    @cache
    def numeric(self) -> bool:
        """Whether it is for numbers, so that its column's header stands at the right too."""
        return self.look.get("align") == "right"

    @property
    @cache
    def as_typed(self) -> bool:
        """Whether it is text whatever is typed, also a number."""
        return self.look.get("num_format") == "@"

    @property
    @cache
    def with_cents(self) -> str:
        """The number format that shows cents, to be used where there are any; empty if it is not for euros."""
        return WITH_CENTS.get(str(self.look.get("num_format")), "")


TABLE_BORDER = {"bottom": 1, "bottom_color": RULE_GREY}


class Position(Enum):
    """Where a cell stands, and what that adds to how it looks."""

    LOOSE = dict[str, object]()
    IN_TABLE = TABLE_BORDER
    STANDS_OUT = TABLE_BORDER | {"bold": True, "bg_color": PALE_BLUE, "top": 1, "top_color": BLUE}

    __hash__ = object.__hash__


INPUT = {"bg_color": INPUT_YELLOW, "border": 1, "border_color": BLUE, "locked": False}
PRO_MEMORIE = {"italic": True, "font_color": PM_BROWN}
APART = {"top": 1, "top_color": BLUE}
CHOSEN = {"bold": True, "bg_color": PALE_BLUE}
ALERT = {"bold": True, "font_color": PM_BROWN, "bg_color": INPUT_YELLOW}
ALERTS = ("Let op", "Voorb")
"""How a notice begins that must not be missed: it warns, or it says that choices are only an example."""

FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": BLUE}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": BLUE, "bg_color": "#FFFFFF"}},
    {"fill": {"color": "#FFFFFF"}},
    {"pattern": {"pattern": "small_check", "fg_color": BLUE, "bg_color": "#FFFFFF"}},
)
"""How the series of a chart are filled, in their order: told apart without colour."""


def properties(style: Style, position: Position, *, is_input: bool) -> dict[str, Any]:
    """The XlsxWriter format properties of a style, in our typeface, with what its position and its use add."""
    ours: dict[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
    return {**ours, **style.value, **position.value, **(INPUT if is_input else {})}
