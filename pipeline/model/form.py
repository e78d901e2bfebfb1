"""The form that the workbook of a municipality is: by which names its cells are known when it comes back.

An input cell is called after the column of a delivery that it stands for. What stands beside it is what was delivered,
or what is calculated with where nothing was.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pipeline.model.amounts import Amount
from pipeline.model.choices import COLUMNS, Choices
from pipeline.model.columns import Option
from pipeline.model.items import HIGH, LOW
from pipeline.model.marks import mark_of

NAME, VERSION, OLDEST = "kostenindicatie-keuzes", 1, 1
"""What the form is called, its version, and the oldest one that can still be read.

A cell that is called otherwise, or means something else, is another version.
"""

IDENTITY = "formulier_"
FORM, FORM_VERSION, MUNICIPALITY, MADE_FROM, MARK, GIVEN = (
    f"{IDENTITY}{word}" for word in ("naam", "versie", "gemeente", "bestand", "kenmerk", "opgegeven")
)
"""The cells that say which form it is and of which version, whose choices are in it, from which delivery they came, the
mark of what that said, and in which columns of it something was given; what is shown in the others is a default."""
ENTERED, BEGIN, DELIVERED = "invoer_", "begin_", "opgave_"
"""What an input cell is called before its word, the one with what was there at first, and one with what was delivered
in a column for which there is no input cell, or one that does not say all of it."""
CHOSEN, OUTCOME = "keuze_", "uitkomst_"
"""What the cell with what is calculated with is called before the word of an item that has a column for ja or nee, for
every other one is called after its column; and before the word of a total the cell that says it."""
COMPARED = {"eerste_jaar": ("Eerste jaar", "first_year"), "looptijd": ("Alle jaren", "horizon")}
"""Of which totals the beginning is kept, by what their cells are called: what people call them, and the field."""
VALUE, FIRST, USED = "Waarde", "Beginwaarde", "Gerekend met"
"""What stands above the input cells, above what was there at first, and above what is calculated with."""
NO_CHOICES = ("uurtarief", "indexatie", "ggu_jaar")
"""The input cells that are no choice of a municipality but there to calculate with, by their words."""
ORDER = "volgorde"
"""The one that only says in which order scenarios are shown."""
RETURNED = "teruggekomen werkboek"
"""How the place of choices begins that came back in a workbook."""
OF_ALL = "gaat_over"
"""A cell of the workbook of the Stuurgroep, by which that is known: it is no form."""

_NOT_ENTERED = ("municipality", "provenance", "estimates")


def is_header(texts: Iterable[str]) -> bool:
    """Whether a row stands above the input cells, by which a form is known that has lost the names of its cells."""
    return {VALUE, FIRST, USED} <= {*map(str.strip, texts)}


def made_from(choices: Choices) -> list[str]:
    """The deliveries that choices come from: the newest, and before it those whose place it took.

    A workbook that comes back again may bear the name of the one that it was made from.
    """
    return [*dict.fromkeys(origin.file for origin in (choices.origin, *reversed(choices.replaces)))]


def mark(choices: Choices) -> str:
    """The mark of what a municipality gave, by which one sees that its row changed since."""
    fields = ((column.name, getattr(choices, field)) for column, field in COLUMNS.items() if _is_given(choices, field))
    return mark_of(_plain((*fields, *choices.estimates, *choices.answers)))


def _plain(value: object) -> str:
    """A value as it is compared: 120 and 120,00 are the same, and so is an option that got another name."""
    match value:
        case tuple():
            return "\x1f".join(map(_plain, value))
        case Amount():
            return _plain((value.low, value.high))
        case Decimal():
            return f"{value.normalize():f}"
        case Option():
            return str(value.value)
    return str(value)


def given(choices: Choices) -> list[str]:
    """The columns in which a municipality gave something, but for whose row it is and who made the choices."""
    fields = [column.name for column, field in COLUMNS.items() if _is_given(choices, field)]
    ends = [f"{word}{end}" for word, _ in choices.estimates for end in (LOW, HIGH)]
    return [*fields, *ends, *(word for word, _ in choices.answers)]


def _is_given(choices: Choices, field: str) -> bool:
    return field not in _NOT_ENTERED and getattr(choices, field) not in (None, "", ())
