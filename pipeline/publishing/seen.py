"""What runs saw of the files in a folder: while a file keeps its size, time and inode, it is not read again.

Where nothing is known of a file, it is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from pipeline.publishing.savings import saved_lines, write_saving

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


_TOGETHER = 512
"""How many are written or read at a time."""
_DECODER = Decoder(dict[str, Seen])


def read_seen(folder: Path) -> Iterator[tuple[str, Seen]]:
    """What is known of the files in a folder, each with its name; nothing where that is lost."""
    with suppress(MsgspecError, ValueError):
        lines = saved_lines(folder / FILE)
        while some := b"".join(islice(lines, _TOGETHER)):
            yield from _DECODER.decode(b"{%b}" % some.strip(b"{},\n")).items()


def write_seen(folder: Path, seen: Iterable[tuple[str, Seen]], unfinished: Path) -> None:
    """Write what is known, in order of name, by way of a folder of unfinished files on the same disk."""
    with suppress(OSError):
        end = unfinished.stat().st_mtime_ns - YOUNG
        write_saving(folder / FILE, _pieces(one for one in seen if one[1].stamp.written < end), unfinished)


def _pieces(seen: Iterator[tuple[str, Seen]]) -> Iterator[bytes]:
    """What is known as JSON in pieces, with a line for each file."""
    between = b"{"
    while some := dict(islice(seen, _TOGETHER)):
        yield between + encode(some)[1:-1].replace(b'"],"', b'"],\n"')
        between = b",\n"
    yield b"}\n" if between == b",\n" else b"{}\n"
