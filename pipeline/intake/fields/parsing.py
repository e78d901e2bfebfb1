"""What all reading of fields shares: how a reader says that it cannot, and what none of them reads."""

from __future__ import annotations

from pipeline.intake.fields.characters import HIDDEN, what_hides

LONGEST = 200
"""How many characters a field may have that holds a choice, a number, a year or a name: no pattern sees more."""


class Unreadable(Exception):
    """A field cannot be understood; the message is a Dutch sentence on what would be right."""


def refuse_endless(text: str) -> None:
    """Nothing, if a text is short enough to be a choice, a number, a year or a name.

    Raises:
        Unreadable: if it is not.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"Hier staan {len(text)} tekens; hier passen er hoogstens {LONGEST}.")


def refuse_hidden(text: str) -> None:
    """Nothing, if each character of a text shows itself.

    Raises:
        Unreadable: if one hides or reorders what a reader sees; the message names it.
    """
    if hidden := HIDDEN.search(text.replace("\r", "\n")):
        raise Unreadable(f"Teken {hidden.start() + 1} van de tekst is {what_hides(hidden[0])}; haal het weg.")


def sentence(text: str) -> str:
    """The text with a capital to begin with."""
    return text[:1].upper() + text[1:]
