"""What became of each message, in a file that only grows: what is noted is on the disk before anything goes on.

Before a message may arrive it is noted that it is about to, and afterwards what became of it. So whatever stops the
program, what may have arrived is known: it is not sent again unless somebody says so. A last line that was cut short
says nothing: what it was to tell of had not happened yet, or is in doubt by the line before. One that only lacks its
end is whole: an editor may have left it so.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from pipeline.errors import OutputsError
from pipeline.publishing.durable import PLAIN, explained, must_be_plain, read, sync, sync_folder

FILE = "verzonden.jsonl"


class State(StrEnum):
    """What became of a message to an address."""

    SENDING = "sending"
    """Its end was about to be sent: it may have arrived, unless a later line says more."""
    SENT = "sent"
    """The server took it."""
    REFUSED = "refused"
    """The server refused it for good."""
    DEFERRED = "deferred"
    """The server refused it for now, as often as it was tried."""
    DOUBTFUL = "doubtful"
    """The server did not say whether it took it."""

    @property
    def in_doubt(self) -> bool:
        """Whether it may have arrived, and may not."""
        return self in (State.SENDING, State.DOUBTFUL)


Key = tuple[str, str, str]
"""By what is known what is sent once: a municipality, an address and a version of its documents."""


def key_of(code: str, address: str, version: str) -> Key:
    """That of a message; capitals in an address make no other one."""
    return code, address.lower(), version


class Entry(Struct, frozen=True):
    """What became of one version of the documents of a municipality, to one address; `when` is a moment in UTC.

    `identity` is the Message-ID, `said` what the server answered, and `at` the step in which it refused. `files` are
    the documents as they were, by name, each with its SHA-256: to find them back, not to tell one version from another.
    """

    when: str
    code: str
    address: str
    version: str
    identity: str
    state: State
    said: str = ""
    at: str = ""
    files: Mapping[str, str] = {}

    @property
    def key(self) -> Key:
        """What is sent once."""
        return key_of(self.code, self.address, self.version)


_ENTRY = Decoder(Entry)


def now() -> str:
    """This moment, as it is noted."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_journal(folder: Path) -> tuple[Entry, ...]:
    """All that was noted, in order; a last line that was cut short is left out.

    Raises:
        OutputsError: if it cannot be read, or a line of it is damaged.
    """
    return _entries(folder / FILE, read(folder / FILE) or b"")[0]


def _entries(path: Path, data: bytes) -> tuple[tuple[Entry, ...], int]:
    """The entries, and how many bytes are whole lines; a last one that lacks nothing but its end is one."""
    found = []
    *lines, last = data.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(_ENTRY.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise OutputsError(
                f"{path}: line {number} is damaged, so that nobody knows what was sent; nothing was. Put back a copy, "
                "or remove that line if you know what it said."
            ) from error
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        return (*found, _ENTRY.decode(last)), len(data)
    return tuple(found), len(data) - len(last)


def latest(entries: Iterable[Entry]) -> Mapping[Key, Entry]:
    """What is known last of each version to each address."""
    return {entry.key: entry for entry in entries}


class Journal:
    """The journal while messages are sent; used as a context manager.

    `entries` are those that stood there, `last` is what was noted last since.

    Raises:
        OutputsError: by any method, if it cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.entries: tuple[Entry, ...] = ()
        self.last: Entry | None = None
        self._file = -1

    def __enter__(self) -> Self:
        must_be_plain(self.path)
        data = read(self.path) or b""
        self.entries, whole = _entries(self.path, data)
        with explained(self.path):
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | PLAIN, 0o600)
            if whole < len(data):  # its end was cut short
                os.ftruncate(self._file, whole)
            elif data and not data.endswith(b"\n"):
                self._write(b"\n")
            sync(self._file)
            sync_folder(self.path.parent)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def note(self, entry: Entry) -> None:
        """Note what becomes of a message, and wait until the disk has it."""
        line = msgspec.json.encode(entry) + b"\n"
        with explained(self.path):
            self._write(line)
            sync(self._file)
        self.last = entry

    def _write(self, line: bytes) -> None:
        if os.write(self._file, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
