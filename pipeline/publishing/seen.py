"""What runs saw of the files in a folder: while a file keeps its size, time and inode, it is not read again.

Where nothing is known of a file, it is read.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from pipeline.publishing.savings import read_saving, write_saving

FILE = ".seen.json"
YOUNG = 100_000_000
"""How many nanoseconds before the end of a run a file may have been written of which that run says nothing: another
one that is written in the same moment may have the same time."""


class Stamp(Struct, frozen=True, array_like=True, gc=False):
    """By what one sees that a file is not what it was: its size, when it was written (nanoseconds), its inode."""

    size: int
    written: int
    inode: int

    @classmethod
    def of(cls, status: os.stat_result) -> Stamp:
        """The stamp that the system gives."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ino)


class Seen(Struct, frozen=True, array_like=True, gc=False):
    """A file as it was seen: its stamp, and the SHA-256 of what was in it."""

    stamp: Stamp
    sha256: str


_DECODER = Decoder(dict[str, Seen])


def read_seen(folder: Path) -> dict[str, Seen]:
    """What is known of the files in a folder, by name; nothing where that is lost."""
    with suppress(MsgspecError, ValueError):
        return _DECODER.decode(read_saving(folder / FILE))
    return {}


def write_seen(folder: Path, seen: Mapping[str, Seen], unfinished: Path) -> None:
    """Write what is known, by way of a folder of unfinished files on the same disk."""
    with suppress(OSError):
        end = unfinished.stat().st_mtime_ns - YOUNG
        known = encode({name: one for name, one in sorted(seen.items()) if one.stamp.written < end})
        write_saving(folder / FILE, known, unfinished)
