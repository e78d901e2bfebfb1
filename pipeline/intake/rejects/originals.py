"""Which row a mended one stands for: its place, and a checksum by which one sees that it still stands there."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.intake.fields.characters import bare
from pipeline.model.choices import Origin

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True, slots=True)
class Original:
    """A rejected row as it was delivered: where it stands, and the checksum of what stood in it."""

    origin: Origin
    checksum: str


def checksum_of(values: Iterable[tuple[str, str]]) -> str:
    """Eight letters for what stands in a row, by column; no digits, because a spreadsheet would calculate with them.

    >>> checksum_of([("gemeente", "Zeist"), ("fase", "")]) == checksum_of([("gemeente", " Zeist")])
    True
    """
    filled = sorted((name, text) for name, value in values if value and (text := bare(value)))
    written = "\x1f".join("\x1e".join(pair) for pair in filled)
    return f"{zlib.crc32(written.encode('utf-8', 'surrogatepass')):08x}".translate(_LETTERS)
