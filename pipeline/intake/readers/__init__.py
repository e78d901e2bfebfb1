"""The list of readers: how a delivery is made a table of, by how its name ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.intake.readers.decoding import decode
from pipeline.intake.readers.dialect import Table, read_rows

Reader = Callable[[bytes, Callable[[str], bool], int], Table]
"""Makes a table of bytes, with the headers that are known, of so many rows at most; raises `Refused` if it is none."""


def read_csv(data: bytes, known: Callable[[str], bool], most: int) -> Table:
    """A table in text, in any encoding and dialect."""
    decoded = decode(data)
    return replace(read_rows(decoded.text, known, most), guessed=decoded.guessed)


READERS: dict[str, Reader] = {
    ".csv": read_csv,
}
