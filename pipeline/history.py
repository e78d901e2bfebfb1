"""Earlier results: which one a run is compared with, and which one is kept.

A run that changes something a reader decides on keeps the result that stands there, small and dated, as
`historie/0001-2026-11-23-1a2b3c4d.json.gz`: its number, the reference date of the run that replaced it (its own is not
in a result, which says only what follows from its inputs), and the beginning of its checksum. All later runs are
compared with it until something changes again, so that what changed stays on the page. A run that goes on after a
crash finds by its checksum what the other one kept.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

FOLDER = "historie"
_NAME = re.compile(rf"{FOLDER}/(\d{{4,}})-\d{{4}}-\d\d-\d\d-([0-9a-f]{{8}})\.json\.gz")


@dataclass(frozen=True, slots=True)
class Earlier:
    """The kept result to compare with, by its name, and whether it is yet to be kept; None: there is no earlier one."""

    name: str | None
    to_keep: bool = False


def choose(kept: Iterable[str], standing: str | None, *, moved: bool, day: date) -> Earlier:
    """Which earlier result to compare with.

    `kept` are the names of what is kept; `standing` is the checksum of the result that stands there, if any; `moved`
    says whether this run changes something in it that counts, `day` is the run's reference date.
    """
    found = sorted((match for name in kept if (match := _NAME.fullmatch(name))), key=lambda match: int(match[1]))
    # The standing result is kept already only if a run kept it and did not end.
    unfinished = bool(found and standing and found[-1][2] == standing[:8])
    if not moved or standing is None:
        rest = found[:-1] if unfinished else found
        return Earlier(rest[-1][0] if rest else None)
    if unfinished:
        return Earlier(found[-1][0])
    number = int(found[-1][1]) + 1 if found else 1
    return Earlier(f"{FOLDER}/{number:04d}-{day}-{standing[:8]}.json.gz", to_keep=True)


def numbered(name: str) -> str:
    """A kept result as readers call it: `resultaat nr. 1 (historie/...)`."""
    match = _NAME.fullmatch(name)
    return f"resultaat nr. {int(match[1])} ({name})" if match else f"resultaat {name}"


def small(result: bytes) -> bytes:
    """A result as it is kept; the same result gives the same bytes."""
    return gzip.compress(result, mtime=0)
