"""Text that a spreadsheet would take for a formula: made safe in the CSVs that we write, restored when they return."""

from __future__ import annotations

import re

from pipeline.intake.characters import HIDDEN

_BEGINS_FORMULA = r"(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])"
_TO_GUARD = re.compile(f"'*{_BEGINS_FORMULA}")
_GUARDED = re.compile(f"'+{_BEGINS_FORMULA}")


def guarded(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would calculate it; hidden characters become U+FFFD.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'s-Gravenhage")
    ("'=1+1", "''=1+1", "'s-Gravenhage")
    """
    if text[:1].isalnum() and text.isascii() and text.isprintable():
        return text  # as nearly all are, and there are very many
    seen = HIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return f"'{seen}" if _TO_GUARD.match(seen) else seen


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if _GUARDED.match(text) else text
