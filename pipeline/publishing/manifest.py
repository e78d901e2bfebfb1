"""What runs made in a folder and from what, as the folder itself tells it: the manifest, its copy and the journal.

A run that ends writes the manifest, and before it a copy that says the same; a run that goes on notes in the journal
what it is about to put in place. A manifest that is not there, one that cannot be read and one that is damaged are
three things: the first is that of a new folder, the second stops the run, and for the third the copy stands in.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, ValidationError, convert
from msgspec.json import Decoder

from pipeline.errors import OutputsError
from pipeline.publishing.durable import PLAIN, explained, must_be_plain, read, sync, sync_folder
from pipeline.results.reading import Recorded

MANIFEST, COPY, JOURNAL = ".manifest.json", ".manifest.copy.json", ".journal"
VERSION = 3
"""The version of the manifest; the first was only the files, without a checksum, and in the second that was of what it
said, not of how it said it."""

_HEAD = f'{{"version": {VERSION}, "checksum": "%s",'


class Made(Struct, frozen=True, gc=False):
    """A file that a run made: its SHA-256, and the fingerprint of what it was made from."""

    sha256: str
    fingerprint: str


class Delivered(Struct, frozen=True):
    """A delivery as the last run had it: how many rows it held, and the codes of whose choices came from it."""

    rows: int
    municipalities: tuple[str, ...]


class Records(Struct, frozen=True):
    """The records in the result with a certain SHA-256, by the code of the municipality."""

    result: str = ""
    places: Mapping[str, Recorded] = {}


class Manifest(Struct, frozen=True):
    """What the last run that ended made, the deliveries it read, by name, and where its result has each record.

    `last_kept` is the highest number that an earlier result was kept under, and `day` the reference date. `lost` says
    that there was a manifest, and that neither it nor its copy can be used.
    """

    files: Mapping[str, Made] = {}
    deliveries: Mapping[str, Delivered] = {}
    last_kept: int = 0
    records: Records = Records()
    day: date | None = None
    lost: bool = False

    def as_bytes(self) -> bytes:
        """The manifest as it is written."""
        content = msgspec.json.encode(self, order="sorted").replace(b'},"', b'},\n"')[1:] + b"\n"
        return (_HEAD % _checksum(content)).encode() + b"\n" + content


_MANIFEST = Decoder(Manifest)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder, or its copy if it is damaged or gone.

    Raises:
        OutputsError: if one of them cannot be read, is no plain file, or is of a later version.
    """
    found = [data for name in (MANIFEST, COPY) if (data := read(folder / name)) is not None]
    for data in found:
        # Whatever is wrong with it, it is damaged.
        with suppress(ValueError, TypeError, KeyError, RecursionError, ValidationError):
            return _parse(data, folder)
    return Manifest(lost=bool(found))


def read_journal(folder: Path) -> Iterator[tuple[Any, Any, Any]]:
    """Name, checksum and fingerprint of what runs that did not end noted; a line may be cut short.

    Raises:
        OutputsError: if it cannot be read, or is no plain file.
    """
    for line in (read(folder / JOURNAL) or b"").splitlines():
        with suppress(ValueError, TypeError, RecursionError):
            name, sha256, fingerprint = json.loads(line)
            yield name, sha256, fingerprint


class Journal:
    """The journal while a run notes in it, before anything is put in place, that what it puts there is ours."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / JOURNAL
        self._file: int | None = None

    def note(self, lines: Iterable[tuple[str, str, str]]) -> None:
        """Note name, checksum and fingerprint of some files, and wait until the disk has it."""
        text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        with explained(self.path):
            if self._file is None:
                must_be_plain(self.path)
                self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | PLAIN, 0o666)
                text = b"\n" + text  # the last line may have been cut short
                sync_folder(self.path.parent)
            if os.write(self._file, text) != len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            sync(self._file)

    def close(self) -> None:
        """Leave it for the next run."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def remove(self) -> None:
        """Remove it: the manifest says it all now."""
        self.close()
        self.path.unlink(missing_ok=True)


def _parse(data: bytes, folder: Path) -> Manifest:
    """A manifest as it is written; any error but that of a later version means that it is damaged."""
    head, _, content = data.partition(b"\n")
    if head == (_HEAD % _checksum(content)).encode():
        return _MANIFEST.decode(b"{" + content)
    return _former(json.loads(data), folder)


def _former(content: Any, folder: Path) -> Manifest:
    """A manifest of an earlier version, from its JSON."""
    if "version" not in content:
        if not content:
            raise ValueError("a run always makes something")
        return Manifest(convert(content, dict[str, Made]))
    if isinstance(content["version"], int) and content["version"] > VERSION:
        raise OutputsError(
            f"{folder / MANIFEST}: was written by a later version of kostenindicatie; nothing was made. Use that one."
        )
    if content.pop("checksum") != _checksum(json.dumps(content, sort_keys=True).encode()):
        raise ValueError("its checksum is another")
    return convert(content, Manifest)


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
