"""Files that stand ready outside their place, in a folder of the run within the folder with results."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
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


def store(unfinished: Path, name: str, pieces: Iterable[bytes], *, lasting: bool = True) -> Stored:
    """Write a file among the unfinished ones, from where `Outputs.publish` takes it; may run on another machine.

    Each has a name of its own: a worker that was thought lost does not write in a file of its successor. What is to be
    published is on the disk then, unless it is not `lasting`: then `secure` must follow.

    Raises:
        OutputsError: if it cannot be written.
    """
    path, digest = unfinished / uuid.uuid4().hex, hashlib.sha256()
    with explained(unfinished.parent.parent / name), path.open("xb", _BUFFER) as file:
        for piece in pieces:
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


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a file that stands ready but is not to be published: so many bytes from a place on."""

    path: Path
    start: int
    size: int

    def read(self) -> bytes:
        """What it holds.

        Raises:
            OutputsError: if it cannot be read.
        """
        with explained(self.path, "read"), self.path.open("rb", buffering=0) as file:
            file.seek(self.start)
            return file.read(self.size)


def store_together(unfinished: Path, name: str, texts: Sequence[bytes]) -> list[Stretch]:
    """Write some texts that are not to be published in one file among the unfinished ones.

    Raises:
        OutputsError: if it cannot be written.
    """
    path = store(unfinished, name, texts, lasting=False).path
    starts = accumulate(map(len, texts), initial=0)
    return [Stretch(path, start, len(text)) for start, text in zip(starts, texts, strict=False)]
