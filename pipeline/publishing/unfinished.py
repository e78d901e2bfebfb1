"""Files that stand ready outside their place, in a folder of the run within the folder with results."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.publishing.durable import PLAIN, explained, sync

AT_ONCE = 16
"""For how many files the disk is asked at once."""


_BUFFER = 1 << 18
"""How many bytes go to the system at once: a large file comes in very many small pieces."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that stands ready: its name in the folder with results, where it is, and the SHA-256 of it."""

    name: str
    path: Path
    sha256: str


def _gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in larger pieces: of very many small ones each takes a moment."""
    some: list[bytes] = []
    size = 0
    for piece in pieces:
        some.append(piece)
        size += len(piece)
        if size >= _BUFFER:
            yield b"".join(some)
            some.clear()
            size = 0
    yield b"".join(some)


def store(unfinished: Path, name: str, pieces: Iterable[bytes], *, lasting: bool = True) -> Stored:
    """Write a file among the unfinished ones, from where `Outputs.publish` takes it; may run on another machine.

    Each has a name of its own: a worker that was thought lost does not write in a file of its successor. What is to be
    published is on the disk then, unless it is not `lasting`: then `secure` must follow.

    Raises:
        OutputsError: if it cannot be written.
    """
    path, digest = unfinished / uuid.uuid4().hex, hashlib.sha256()
    with explained(unfinished.parent.parent / name), path.open("xb") as file:
        for piece in _gathered(pieces):
            file.write(piece)
            digest.update(piece)
        if lasting:
            file.flush()
            sync(file.fileno())
    return Stored(name, path, digest.hexdigest())


def secure(stored: Iterable[Stored]) -> None:
    """Wait until the disk has files that stand ready; asked at once, it has all of them in little more time than one.

    Raises:
        OutputsError: if it cannot have them.
    """
    paths = [one.path for one in stored]
    if paths:
        with explained(paths[0].parent.parent.parent), ThreadPoolExecutor(min(len(paths), AT_ONCE)) as threads:
            list(threads.map(_sync, paths))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | PLAIN)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def store_lines(unfinished: Path, name: str, texts: Iterable[bytes]) -> str:
    """Write some texts that are not to be published, and hold no end of a line; gives what their file is called.

    Raises:
        OutputsError: if it cannot be written.
    """
    return store(unfinished, name, (text + b"\n" for text in texts), lasting=False).path.name


def read_lines(unfinished: Path, files: Iterable[str]) -> Iterator[bytes]:
    """The texts in some of these files, one after another.

    Raises:
        OutputsError: if one cannot be read.
    """
    for path in map(unfinished.joinpath, files):
        with explained(path, "read"), path.open("rb", _BUFFER) as file:
            for line in file:
                yield line.removesuffix(b"\n")
