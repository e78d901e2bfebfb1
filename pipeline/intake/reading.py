"""What all reading of fields shares: how a reader says that it cannot, and how it remembers what it read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from pipeline.intake.characters import HIDDEN, what_hides

P = ParamSpec("P")
T = TypeVar("T")


LONGEST = 200
"""How many characters a field may have that holds a choice, a number, a year or a name: no pattern sees more."""

_EXCEL_ERROR = re.compile(r"#(?:[A-Z/0]+[!?]|N/[AB]|#+)", re.IGNORECASE)


class Unreadable(Exception):
    """A field cannot be understood; the message is a Dutch sentence on what would be right."""


def remembered(read: Callable[P, T]) -> Callable[P, T]:
    """The same reader, which works out each text once; a refusal is remembered too.

    For every reader it refuses a text that is too long, characters that hide something, and what Excel shows when a
    formula fails (`#WAARDE!`).
    """

    @lru_cache(maxsize=65_536)
    def outcome(*args: P.args, **kwargs: P.kwargs) -> tuple[T | None, str]:
        try:
            for arg in args:
                if isinstance(arg, str):
                    refuse_endless(arg)
                    refuse_hidden(arg)
            return read(*args, **kwargs), ""
        except Unreadable as problem:
            if any(isinstance(arg, str) and _EXCEL_ERROR.fullmatch(arg) for arg in args):
                return None, "Dit is een foutmelding van Excel; herstel de formule of vul de waarde in."
            return None, sentence(str(problem))

    @wraps(read)
    def reader(*args: P.args, **kwargs: P.kwargs) -> T:
        value, problem = outcome(*args, **kwargs)  # type: ignore[arg-type]  # texts, numbers and enums are hashable
        if problem:
            raise Unreadable(problem)
        return value  # type: ignore[return-value]  # without a problem it is what `read` gave

    return reader


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
