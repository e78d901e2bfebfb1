"""Text that a spreadsheet would take for a formula: made safe in the CSVs that we write, restored when they return.

A workbook says itself what is text. Still it may be saved as a CSV, and a CSV as a workbook, so that both are restored.

What separates the cells is for the program to say that opens the file, and it may take another mark than we wrote: in
`x,=1` a comma begins a cell. So each place counts where a cell may begin.
"""

from __future__ import annotations

import re

from pipeline.intake.fields.characters import HIDDEN

_CELL_MAY_BEGIN = r"(?<![^\s,;|:^~\"])"
_ACTS = r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]"
_HOLDS_WHAT_ACTS = re.compile(_ACTS)
_TO_GUARD = re.compile(f"{_CELL_MAY_BEGIN}(?='*{_ACTS})")
_GUARDED = re.compile(f"{_CELL_MAY_BEGIN}'(?='*{_ACTS})")


def guarded(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would calculate it; hidden characters become U+FFFD.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'s-Gravenhage"), guarded("x,=1")
    ("'=1+1", "''=1+1", "'s-Gravenhage", "x,'=1")
    """
    if text.isascii() and text.isprintable() and not _HOLDS_WHAT_ACTS.search(text):
        return text  # as nearly all are, and there are very many
    return _TO_GUARD.sub("'", _plain(text))


def literal(text: str) -> str:
    """The text for a cell that nothing calculates, such that it is the same after `unguarded`: nearly always as it is.

    >>> literal("=1+1"), literal("'s-Gravenhage"), literal("'=1+1")
    ('=1+1', "'s-Gravenhage", "''=1+1")
    """
    if text.isascii() and text.isprintable() and "'" not in text:
        return text
    plain = _plain(text)
    return plain if unguarded(plain) == plain else guarded(plain)


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return _GUARDED.sub("", text) if "'" in text else text


def _plain(text: str) -> str:
    """The text with one kind of line break, and without characters that hide."""
    return HIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
