"""In which order deliveries count: by name, and a workbook that came back behind the delivery that it was made from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.intake.delivery import File

Key = tuple[list[tuple[int, int, str]], str]


def by_name(name: str) -> Key:
    """By what files are put in order of name: case does not matter, and 2 comes before 10."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part], name


def in_order(files: Sequence[File]) -> list[File]:
    """The deliveries in the order in which they count.

    A workbook that came back is newer than what it was made from, whatever their names: it comes behind that, or at
    its own name if that is later still. So does one that was made from such a workbook. A workbook that cannot be read
    comes behind all others, because nobody can tell what it was made from.
    """
    named = {file.name: file for file in files}

    def place(file: File, *behind: str) -> tuple[bool, tuple[Key, ...]]:
        own = by_name(file.name)
        of = named.get(file.made_from)
        if of is None or of.name in (file.name, *behind):
            return file.unplaced, (own,)
        unplaced, before = place(of, file.name, *behind)
        return unplaced, max((own,), (*before, own))

    return sorted(files, key=place)
