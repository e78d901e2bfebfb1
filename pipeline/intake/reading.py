"""What all reading of fields shares: how a reader says that it cannot, and how it remembers what it read."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from pipeline.intake.findings import HIDDEN

P = ParamSpec("P")
T = TypeVar("T")


_EXCEL_ERROR = re.compile(r"#(?:[A-Z/0]+[!?]|N/[AB]|#+)", re.IGNORECASE)


class Unreadable(Exception):
    """A field cannot be understood; the message is a Dutch sentence on what would be right."""


def remembered(read: Callable[P, T]) -> Callable[P, T]:
    """The same reader, which works out each text once; a refusal is remembered too.

    For every reader it refuses characters that hide something, and what Excel shows when a formula fails (`#WAARDE!`).
    """

    @lru_cache(maxsize=65_536)
    def outcome(*args: P.args, **kwargs: P.kwargs) -> tuple[T | None, str]:
        try:
            for arg in args:
                if isinstance(arg, str):
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


def refuse_hidden(text: str) -> None:
    """Nothing, if each character of a text shows itself.

    Raises:
        Unreadable: if one hides or reorders what a reader sees; the message names it.
    """
    if hidden := HIDDEN.search(text.replace("\r", "\n")):
        raise Unreadable(f"Teken {hidden.start() + 1} van de tekst is {_what_hides(hidden[0])}; haal het weg.")


def _what_hides(character: str) -> str:
    code = f"(U+{ord(character):04X})"
    if character == "\ufffd":
        return f"beschadigd {code}"
    if character in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        return f"een teken dat de leesrichting omkeert {code}"
    if ord(character) < 0xA0:
        return f"een besturingsteken {code}"
    return f"een onzichtbaar of onbekend teken {code}"


def sentence(text: str) -> str:
    """The text with a capital to begin with."""
    return text[:1].upper() + text[1:]


def bare(text: str) -> str:
    """The text without the white space around it, and without what looks like white space."""
    return text.strip(" \t\r\n\u00a0\u2007\u202f\u200b\ufeff")
