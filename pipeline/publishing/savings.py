"""Files of ours that are no more than a saving: where one is gone or damaged, what it says is found out again.

They stand beside the manifest, which does not list them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import MsgspecError, Struct, msgpack

from pipeline.errors import OutputsError
from pipeline.publishing import durable


def read_saving(path: Path) -> bytes:
    """What such a file says; nothing where that is lost."""
    with suppress(OutputsError):
        begins, _, rest = (durable.read(path) or b"").partition(b"\n")
        if begins == _checksum(rest):
            return rest
    return b""


def saved_lines(path: Path) -> Iterator[bytes]:
    """The lines of what such a file says, one at a time; none where that is lost."""
    with suppress(OutputsError, OSError):
        if (file := durable.open_ours(path)) is not None:
            with file:
                if durable.is_checked(file, _HEAD):
                    yield from file


def write_saving(path: Path, pieces: Iterable[bytes], unfinished: Path) -> None:
    """Write such a file, if it says something else, by way of a folder of unfinished files on the same disk.

    Nothing is lost where that is not possible.
    """
    with suppress(OSError, OutputsError):
        waiting = unfinished / path.name
        with waiting.open("wb") as file:
            durable.write_checked(file, _HEAD, pieces)
        if not durable.holds_the_same(path, waiting):
            waiting.replace(path)


_HEAD = "%s"
"""The first line: the checksum of what it says."""


class _Worked(Struct, frozen=True):
    """Some outcomes by their keys, and the fingerprint of what all of them rest on."""

    rests_on: str
    outcomes: Mapping[str, bytes]


def read_outcomes(path: Path, rests_on: str) -> dict[str, bytes]:
    """The outcomes that such a file holds, if they rest on the same."""
    with suppress(MsgspecError):
        found = msgpack.decode(read_saving(path), type=_Worked)
        if found.rests_on == rests_on:
            return dict(found.outcomes)
    return {}


def write_outcomes(path: Path, rests_on: str, outcomes: Mapping[str, bytes], unfinished: Path) -> None:
    """Write outcomes, for the next run to read."""
    write_saving(path, [msgpack.encode(_Worked(rests_on, outcomes), order="sorted")], unfinished)


def _checksum(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode()
