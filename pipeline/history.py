"""Earlier results: which one a run is compared with, and which one is kept.

A run whose result differs from the one that stands there keeps that one, small and dated, as
`historie/0001-2026-11-23-1a2b3c4d.json.gz`: its number, the reference date of the run that replaced it, and the
beginning of its checksum. A run that changes nothing is compared with the newest kept one, so that it gives the same
page again; one that goes on after a crash finds the kept one by its checksum.
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


def choose(kept: Iterable[str], standing: str | None, new: str, day: date) -> Earlier:
    """Which earlier result to compare with.

    `kept` are the names of what is kept; `standing` is the checksum of the result that stands there, if any, and `new`
    that of this run; `day` is its reference date.
    """
    newest = max((found for name in kept if (found := _NAME.fullmatch(name))), key=lambda m: int(m[1]), default=None)
    if standing is None or standing == new:
        return Earlier(newest[0] if newest else None)
    if newest and newest[2] == standing[:8]:
        return Earlier(newest[0])
    number = int(newest[1]) + 1 if newest else 1
    return Earlier(f"{FOLDER}/{number:04d}-{day}-{standing[:8]}.json.gz", to_keep=True)


def small(result: bytes) -> bytes:
    """A result as it is kept; the same result gives the same bytes."""
    return gzip.compress(result, mtime=0)
