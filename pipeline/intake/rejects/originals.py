"""Which row a mended one stands for: its place, and a checksum by which one sees that it still stands there."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pipeline.intake.fields.characters import bare
from pipeline.model.choices import Origin
from pipeline.model.marks import mark_of


class Original(Struct, frozen=True):
    """A rejected row as it was delivered: where it stands, and the checksum of what stood in it."""

    origin: Origin
    checksum: str


def checksum_of(values: Iterable[tuple[str, str]]) -> str:
    """The mark of what stands in a row, by column.

    >>> checksum_of([("gemeente", "Zeist"), ("fase", "")]) == checksum_of([("gemeente", " Zeist")])
    True
    """
    filled = sorted((name, text) for name, value in values if value and (text := bare(value)))
    return mark_of("\x1f".join("\x1e".join(pair) for pair in filled))
