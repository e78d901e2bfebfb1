"""Earlier results: which one a run is compared with, and which one is kept.

A run that changes something a reader decides on keeps the result that stands there, small and dated, as
`historie/0001-2026-11-23-1a2b3c4d.json.gz`: its number, the reference date of the run that replaced it (its own is not
in a result, which says only what follows from its inputs), and the beginning of its checksum. All later runs are
compared with it until something changes again, so that what changed stays on the page. A run that goes on after a
crash finds by its checksum what the other one kept.

What is kept is known by its name and the checksum in it, whatever else is lost; no number is given twice.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline import dutch

FOLDER = "historie"
_NAME = re.compile(rf"{FOLDER}/(\d{{4,}})-\d{{4}}-\d\d-\d\d-([0-9a-f]{{8}})\.json\.gz")
_DATED = re.compile(rf"{FOLDER}/(\d{{4,}})-(\d{{4}}-\d\d-\d\d)-[0-9a-f]{{8}}\.json\.gz")
_NUMBERED = re.compile(rf"{FOLDER}/(\d{{4,9}})-")


def choose(kept: Iterable[str], standing: str | None, *, moved: bool, day: date, last: int = 0) -> str | None:
    """The name of the earlier result to compare with, if there is one: of what is kept, or to be kept now.

    `kept` are the names of what is kept, `last` is the highest number that is taken; `standing` is the checksum of the
    result that stands there, if any; `moved` says whether this run changes something in it that counts, `day` is the
    run's reference date.
    """
    found = sorted((match for name in kept if (match := _NAME.fullmatch(name))), key=lambda match: int(match[1]))
    # The standing result is kept already only if a run kept it and did not end.
    unfinished = bool(found and standing and found[-1][2] == standing[:8])
    if not moved or standing is None:
        rest = found[:-1] if unfinished else found
        return rest[-1][0] if rest else None
    if unfinished:
        return found[-1][0]
    number = 1 + (max(last, int(found[-1][1])) if found else last)
    return f"{FOLDER}/{number:04d}-{day}-{standing[:8]}.json.gz"


def last_number(names: Iterable[str]) -> int:
    """The highest number that one of these names in the folder has, whatever stands there; 0 if none has one."""
    return max((int(match[1]) for name in names if (match := _NUMBERED.match(name))), default=0)


def checksum_in(name: str) -> str | None:
    """With what the checksum of a kept result begins, by its name; None if it is not the name of one."""
    match = _NAME.fullmatch(name)
    return match[2] if match else None


def in_order(names: Iterable[str]) -> list[tuple[int, date, str]]:
    """The kept results among these names, by number: that, the day on which a run replaced it, and its name."""
    found = []
    for match in filter(None, map(_DATED.fullmatch, set(names))):
        try:
            found.append((int(match[1]), date.fromisoformat(match[2]), match[0]))
        except ValueError:
            continue  # a name like that of one, with a day that no calendar has
    return sorted(found)


def numbered(name: str, made_on: date | None = None) -> str:
    """A kept result as readers call it, by its own reference date if that is known.

    >>> numbered("historie/0002-2026-06-01-1a2b3c4d.json.gz", date(2026, 3, 1))
    'resultaat nr. 2 van 1 maart 2026 (historie/0002-2026-06-01-1a2b3c4d.json.gz)'
    """
    match = _NAME.fullmatch(name)
    own = f" van {dutch.day(made_on)}" if made_on else ""
    return f"resultaat nr. {int(match[1])}{own} ({name})" if match else f"resultaat {name}"


def small(result: Iterable[bytes]) -> Iterator[bytes]:
    """A result as it is kept, in pieces; the same result gives the same bytes.

    To try harder saves a twelfth, and takes so long that the run waits for it.
    """
    packing = zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    yield from map(packing.compress, result)
    yield packing.flush()
