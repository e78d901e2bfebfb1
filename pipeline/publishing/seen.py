"""What runs saw of the files in a folder: while a file keeps its size, time and inode, it is not read again.

It stands beside the manifest, and is no more than a saving: where it is gone, damaged or says nothing of a file, that
file is read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from pipeline.errors import OutputsError
from pipeline.publishing import durable

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
    with suppress(OutputsError, MsgspecError, ValueError):
        begins, _, rest = (durable.read(folder / FILE) or b"").partition(b"\n")
        if begins == _checksum(rest):
            return _DECODER.decode(rest)
    return {}


def write_seen(folder: Path, seen: Mapping[str, Seen], unfinished: Path) -> None:
    """Write what is known, if that is another than before, by way of a folder of unfinished files on the same disk.

    Nothing is lost where that is not possible.
    """
    with suppress(OSError, OutputsError):
        end = unfinished.stat().st_mtime_ns - YOUNG
        text = encode({name: one for name, one in sorted(seen.items()) if one.stamp.written < end})
        data = _checksum(text) + b"\n" + text
        if durable.read(folder / FILE) != data:
            waiting = unfinished / FILE
            waiting.write_bytes(data)
            waiting.replace(folder / FILE)


def _checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()
