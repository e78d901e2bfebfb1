"""A mark of what stood somewhere, by which one sees whether that is still so."""

from __future__ import annotations

import zlib

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def mark_of(text: str) -> str:
    """Eight letters for a text; no digits, because a spreadsheet would calculate with them.

    >>> mark_of("Zeist"), mark_of("Ziest")
    ('kmafeipj', 'opmjaocf')
    """
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}".translate(_LETTERS)
