"""Files as the disk has them: whole after the power went, and never anything but a plain file.

What a program writes waits in memory until the system gets to it. `sync` and `sync_folder` wait until the disk has it:
a file before it is renamed to its place, and the folder afterwards, for a name is kept by the folder. A link, a pipe
(FIFO) or a device at a name of ours is never opened: reading one may wait for ever, and writing goes elsewhere.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import DEFAULT_BUFFER_SIZE, BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import OutputsError

NOTHING_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
"""What the system says of a name that no file can have, or has."""
PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""With what a file is opened, so that a link is refused and a pipe does not wait."""
UNFINISHED = ".unfinished"
"""The folder within the one with results where files are written, before they go to their places."""

_AT_ONCE = 1 << 18
"""How many bytes of a file of ours are read or written at once."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe (FIFO)",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def sync(descriptor: int) -> None:
    """Wait until the disk has what was written to an open file or folder."""
    if sys.platform == "darwin":  # there, fsync leaves it in the memory of the disk
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has which names stand in a folder; Windows and some shares know no such thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(descriptor)


def kind(path: Path) -> str | None:
    """What stands at a name, which is not followed: `""` for a plain file, None for nothing, or else its name."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        if error.errno in NOTHING_THERE:
            return None
        raise
    return "" if stat.S_ISREG(mode) else _KINDS.get(stat.S_IFMT(mode), "something else")


def must_be_plain(path: Path) -> None:
    """Nothing, if a plain file stands there or none.

    Raises:
        OutputsError: if it is something else, which is not opened.
    """
    with explained(path, "read"):
        found = kind(path)
    if found:
        raise OutputsError(
            f"{path}: is {found}, where a run keeps a file of its own. Nothing was made; move it away, and run again."
        )


def read(path: Path) -> bytes | None:
    """What a plain file of ours holds; None if there is none.

    Raises:
        OutputsError: if it cannot be read, or is no plain file.
    """
    if (file := open_ours(path)) is None:
        return None
    with explained(path, "read"), file:
        return file.read()


def open_ours(path: Path) -> BufferedReader | None:
    """Open a plain file of ours to read it piece by piece; None if there is none.

    Raises:
        OutputsError: if it cannot be opened, or is no plain file.
    """
    must_be_plain(path)
    with explained(path, "read"):
        try:
            return open_plain(path, _AT_ONCE)
        except FileNotFoundError:
            return None


def holds_the_same(path: Path, other: Path) -> bool:
    """Whether a plain file of ours is there, and holds what another one does.

    Raises:
        OutputsError: if it cannot be read, or is no plain file.
    """
    file = open_ours(path)
    if file is None:
        return False
    with explained(path, "read"), file, open_plain(other, _AT_ONCE) as beside:
        while (piece := file.read(_AT_ONCE)) == beside.read(_AT_ONCE):
            if not piece:
                return True
    return False


def is_checked(file: BinaryIO, head: str) -> bool:
    """Whether the first line of an open file is `head`, with for `%s` the SHA-256 of all that follows on it.

    What is read of it next is the second line.
    """
    line = file.readline(_AT_ONCE)
    start, digest = file.tell(), hashlib.sha256()
    while piece := file.read(_AT_ONCE):
        digest.update(piece)
    file.seek(start)
    return line == (head % digest.hexdigest()).encode() + b"\n"


def write_checked(file: BinaryIO, head: str, pieces: Iterable[bytes]) -> None:
    """Write such a file piece by piece, from its beginning; it holds nothing yet."""
    digest = hashlib.sha256()
    file.write((head % digest.hexdigest()).encode() + b"\n")  # as long as what takes its place
    for piece in pieces:
        digest.update(piece)
        file.write(piece)
    file.seek(0)
    file.write((head % digest.hexdigest()).encode())


def open_plain(path: Path, at_once: int = DEFAULT_BUFFER_SIZE) -> BufferedReader:
    """Open a file to read, so many bytes at once, unless it is a link; a pipe gives nothing instead of waiting."""
    return BufferedReader(FileIO(os.open(path, os.O_RDONLY | PLAIN)), at_once)


def is_damaged(path: Path, whole: Path | None = None) -> bool:
    """Whether a disk or a system that stopped left this file, and nobody's work is in it.

    It is empty or all zeros; or a workbook without its end; or it holds the beginning of `whole`, which is to take its
    place, and then nothing or zeros. A text that breaks off otherwise may be what somebody made of it.
    """
    with open_plain(path) as file:
        data = file.read()
    left = data.rstrip(b"\0")
    if not left:
        return True
    if data.startswith(b"PK\3\4"):
        return not zipfile.is_zipfile(path)
    return whole is not None and whole.stat().st_size > len(left) and whole.read_bytes().startswith(left)


@contextmanager
def explained(path: Path, verb: str = "written") -> Iterator[None]:
    """Turn what the system says of a file into a sentence; one that stands ready elsewhere is called `path` in it."""
    try:
        yield
    except OSError as error:
        named = os.fspath(error.filename2 or error.filename or path)
        where = os.fspath(path) if UNFINISHED in named else named
        raise OutputsError(f"{where}: cannot be {verb} ({error.strerror or error}).") from error
