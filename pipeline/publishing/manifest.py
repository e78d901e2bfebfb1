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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct, ValidationError, convert, structs
from msgspec.json import Decoder, Encoder

from pipeline.errors import OutputsError
from pipeline.publishing.durable import (
    PLAIN,
    explained,
    is_checked,
    must_be_plain,
    open_ours,
    read,
    sync,
    sync_folder,
)
from pipeline.results.reading import Places, Recorded

MANIFEST, COPY, JOURNAL = ".manifest.json", ".manifest.copy.json", ".journal"
VERSION = 3
"""The version of the manifest; the first was only the files, without a checksum, and in the second that was of what it
said, not of how it said it."""

HEAD = f'{{"version": {VERSION}, "checksum": "%s",'
"""The first line of a manifest, of which the checksum is that of all that follows on it."""


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


_FILES, _PLACES = b'"files":{', b'"records":{"places":{'
"""What stands in the text of a manifest before what there is very much of."""


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
        return b"".join([self.head(), *self.pieces()])

    def head(self) -> bytes:
        """The first line, with the checksum of all that follows on it."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return (HEAD % digest.hexdigest()).encode() + b"\n"

    def pieces(self) -> Iterator[bytes]:
        """What stands below the first line; each file and each record has a line of its own."""
        records = Records(self.records.result)
        rest = msgspec.json.encode(structs.replace(self, files={}, records=records), order="sorted")
        rest = rest.replace(b'},"', b'},\n"')[1:] + b"\n"
        before, files, rest = rest.partition(_FILES)
        yield before + files
        yield from _entries(self.files)
        before, places, rest = rest.partition(_PLACES)
        yield before + places
        yield from _entries(self.records.places)
        yield rest


_MANIFEST, _FILE, _RECORD = Decoder(Manifest), Decoder(dict[str, Made]), Decoder(dict[str, Recorded])
_encode = Encoder(order="sorted").encode


_TOGETHER = 512
"""How many entries are written or read at a time."""


def _entries(of: Mapping[str, Struct]) -> Iterator[bytes]:
    """The entries of a JSON object, each on a line."""
    names = sorted(of)
    between = b""
    for start in range(0, len(names), _TOGETHER):
        some = _encode({name: of[name] for name in names[start : start + _TOGETHER]})
        yield between + some[1:-1].replace(b'},"', b'},\n"')
        between = b",\n"


def read_manifest(folder: Path, each: Callable[[str, Made], None] | None = None) -> Manifest:
    """The manifest of a folder, or its copy if it is damaged or gone.

    Whoever wants to know of `each` file as it is read, gets a manifest without files: there may be very many.

    Raises:
        OutputsError: if one of them cannot be read, is no plain file, or is of a later version.
    """
    with explained(folder / MANIFEST, "read"), ExitStack() as stack:
        found = [
            (path, stack.enter_context(file))
            for path in (folder / MANIFEST, folder / COPY)
            if (file := open_ours(path)) is not None
        ]
        for path, file in found:
            # Whatever is wrong with it, it is damaged.
            with (
                suppress(ValueError, TypeError, KeyError, RecursionError, ValidationError),
                explained(path, "read"),
            ):
                return _parse(file, folder, each)
    return Manifest(lost=bool(found))


def stands_there(path: Path, head: bytes) -> bool:
    """Whether a manifest with this first line stands there, whole.

    Raises:
        OutputsError: if it cannot be read, or is no plain file.
    """
    if (file := open_ours(path)) is None:
        return False
    with explained(path, "read"), file:
        if file.readline(len(head)) != head:
            return False
        file.seek(0)
        return is_checked(file, HEAD)


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

    @property
    def used(self) -> bool:
        """Whether something was noted."""
        return self._file is not None

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


def _parse(file: BinaryIO, folder: Path, each: Callable[[str, Made], None] | None) -> Manifest:
    """A manifest as it is written; any error but that of a later version means that it is damaged."""
    files: dict[str, Made] = {}
    each = each or files.__setitem__
    if is_checked(file, HEAD):
        return structs.replace(_by_line(file, each), files=files)
    file.seek(0)
    manifest = _former(json.loads(file.read()), folder)
    for name, made in manifest.files.items():
        each(name, made)
    return structs.replace(manifest, files=files)


def _by_line(lines: Iterable[bytes], each: Callable[[str, Made], None]) -> Manifest:
    """A manifest from the lines below the first one, as they are written."""
    places, rest, within = Places(), bytearray(b"{"), b""
    entries: list[bytes] = []
    for line in lines:
        entry = line
        if not within:
            within = next((begin for begin in (_FILES, _PLACES) if begin in line), b"")
            before, found, entry = line.partition(within) if within else (line, b"", b"")
            rest += before + found
            if not within:
                continue
        last = entry == b"},\n" or entry.endswith(b"}},\n")
        entries.append(entry)
        if not last and len(entries) < _TOGETHER:
            continue
        text = b"{%b}" % b"".join(entries)[: -3 if last else -2]
        if within == _FILES:
            for name, made in _FILE.decode(text).items():
                each(name, made)
        else:
            for code, place in _RECORD.decode(text).items():
                places.add(code, place)
        entries.clear()
        if last:
            rest += entry[-3:]
            within = b""
    manifest = _MANIFEST.decode(rest)
    return structs.replace(manifest, records=Records(manifest.records.result, places))


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
