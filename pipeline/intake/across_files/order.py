"""In which order deliveries count: by name, and a workbook that came back behind the delivery that it was made from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.intake.delivery import File
from pipeline.intake.readers import READERS

Key = tuple[list[tuple[int, int, str]], str]


def by_name(name: str) -> Key:
    """By what files are put in order of name: case does not matter, 2 comes before 10, and `x` before `x-2`."""
    stem = name.casefold()
    parts = re.split(r"([0-9]+)", stem.removesuffix(next(filter(stem.endswith, READERS), "")))
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part], name


def in_order(files: Sequence[File]) -> list[File]:
    """The deliveries in the order in which they count.

    A workbook that came back is newer than what it was made from, whatever their names: it comes behind that, or at
    its own name if that is later still. So does one that was made from such a workbook. A workbook that cannot be read
    comes behind all others, because nobody can tell what it was made from.
    """
    named = {file.name: file for file in files}
    places: dict[str, tuple[bool, tuple[Key, ...]]] = {}

    def before(file: File) -> File | None:
        """The newest delivery that is there of those that a workbook goes back to, but for one that it took over."""
        return next((named[name] for name in file.made_from.split("\n") if name in named and name != file.name), None)

    def place(file: File) -> tuple[bool, tuple[Key, ...]]:
        chain = {file.name: file}  # it, what it was made from, and so on: at most once around
        while (of := before(file)) and of.name not in chain and of.name not in places:
            chain[of.name] = file = of
        found = places[of.name] if of and of.name in places else (file.unplaced, ())
        for name in reversed(chain):
            unplaced, key = found
            own = by_name(name)
            found = unplaced, max((own,), (*key, own))
            if not of or of.name not in chain:  # of those that were made from one another, each begins with itself
                places[name] = found
        return found

    return sorted(files, key=place)
