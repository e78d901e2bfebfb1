"""The folder `outputs/`: whole files only, and exactly those that the manifest lists.

A file is written elsewhere in the folder first, noted in the journal, and then renamed to its place; the manifest is
written last. So a crash leaves the old or the new file, never half of one, and the next run knows which files are
ours: it goes on where the crash was. What we made before and not any more is removed. A file that no run made is
never touched, and one that somebody changed is kept under another name.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from pipeline.errors import OutputsError

MANIFEST = ".manifest.json"
JOURNAL = ".journal"
LOCK = ".lock"
UNFINISHED = ".unfinished"


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that stands ready outside its place: its name in the folder, where it is, and the SHA-256 of it."""

    name: str
    path: Path
    sha256: str


def store(unfinished: Path, name: str, pieces: Iterable[bytes]) -> Stored:
    """Write a file among the unfinished ones, from where `Outputs.publish` takes it; may run on another machine.

    Each has a name of its own: a worker that was thought lost does not write in a file of its successor.

    Raises:
        OutputsError: if it cannot be written.
    """
    path = unfinished / uuid.uuid4().hex
    digest = hashlib.sha256()
    with explained(unfinished.parent.parent / name), path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
    return Stored(name, path, digest.hexdigest())


def take(stored: Stored) -> str:
    """The text of a file that stands ready, which is then gone; for what is not to be published.

    Raises:
        OutputsError: if it cannot be read.
    """
    with explained(stored.path):
        text = stored.path.read_text(encoding="utf-8")
        stored.path.unlink()
    return text


class Outputs:
    """The folder while a run writes in it; used as a context manager.

    `unfinished` is where files wait for `publish`. `kept_aside` are the names of files that somebody had changed, with
    the names under which they are kept; `in_use` are files that could not be replaced, `removed` those that do not
    belong any more.

    Raises:
        OutputsError: if the folder cannot be written, or another run is writing in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unfinished = folder / UNFINISHED
        self.kept_aside: dict[str, str] = {}
        self.in_use: list[str] = []
        self.removed: list[str] = []
        self._lock = FileLock(folder / LOCK, blocking=False)
        self._noting: FileIO | None = None
        self._folders: set[Path] = set()
        self._known: dict[str, dict[str, str]] = {}
        self._made: dict[str, tuple[str, str]] = {}
        self._on_disk: dict[str, str | None] = {}

    def __enter__(self) -> Self:
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout:
                raise OutputsError(f"{self.folder}: another run is writing here; wait until it is done.") from None
        try:
            with explained(self.folder):
                shutil.rmtree(self.unfinished, ignore_errors=True)
                self.unfinished.mkdir(exist_ok=True)
                # A folder of its own, because a worker that outlived a crash may still be writing in the last one.
                self.unfinished = Path(tempfile.mkdtemp(dir=self.unfinished)).absolute()
                self._known = self._read_known()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._noting is not None:
                self._noting.close()
            if kind is None:
                with explained(self.folder):
                    self._finish()
        finally:
            shutil.rmtree(self.unfinished, ignore_errors=True)
            with suppress(OSError):  # another run may have begun, if this one lost its lock with the folder
                self.unfinished.parent.rmdir()
            self._lock.release()

    def is_current(self, name: str, fingerprint: str) -> bool:
        """Whether a file stands there as we made it, from what the fingerprint is of; then it belongs to this run."""
        with explained(self.folder / name):
            found = self._found(name)
        if found is None or self._known.get(name, {}).get(found) != fingerprint:
            return False
        self._made[name] = (found, fingerprint)
        return True

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files in a folder within this one that stand there as runs made them."""
        return tuple(sorted(name for name in self._known if name.startswith(f"{folder}/") and self.checksum(name)))

    def checksum(self, name: str) -> str | None:
        """The SHA-256 of a file that stands there as a run made it, if there is one."""
        with explained(self.folder / name):
            found = self._found(name)
        return found if found in self._known.get(name, {}) else None

    def keep(self, names: Iterable[str]) -> None:
        """Let files of earlier runs belong to this one too, as they are."""
        for name in names:
            if found := self._found(name):
                self._made[name] = (found, self._known.get(name, {}).get(found, ""))

    def write(self, name: str, data: bytes, fingerprint: str = "") -> None:
        """Write one file, by its name relative to the folder (`gemeenten/GM0363-amsterdam.xlsx`), whole or not at all.

        Raises:
            OutputsError: if it cannot be written.
        """
        self._inside(name)
        self.publish(store(self.unfinished, name, [data]), fingerprint)

    def publish(self, stored: Stored, fingerprint: str = "") -> None:
        """Put a file that stands ready in its place; `fingerprint` is of what it was made from.

        Raises:
            OutputsError: if that cannot be done.
        """
        name, path = stored.name, self._inside(stored.name)
        with explained(path):
            found = self._found(name)
            if found == stored.sha256:
                stored.path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._note(stored, fingerprint)
                if not self._replaced(stored, found):
                    return
        self._on_disk[name] = stored.sha256
        self._made[name] = (stored.sha256, fingerprint)

    # --- What is there ------------------------------------------------------------------------------------------------

    def _read_known(self) -> dict[str, dict[str, str]]:
        """By name the checksums of what runs made, each with its fingerprint: from the manifest and the journal."""
        known: dict[str, dict[str, str]] = defaultdict(dict)
        for name, sha256, fingerprint in (*self._manifest(), *self._journal()):
            if self._may_be_ours(name) and isinstance(sha256, str) and isinstance(fingerprint, str):
                known[name][sha256] = fingerprint
        return known

    def _may_be_ours(self, name: object) -> bool:
        """Whether this can be the name of a file that a run made; what is read from disk may be damaged."""
        if not isinstance(name, str) or not name:
            return False
        try:
            path = (self.folder / name).resolve()
            return path.is_relative_to(self.folder.resolve()) and not path.is_dir()
        except (OSError, ValueError):
            return False

    def _manifest(self) -> Iterator[tuple[Any, Any, Any]]:
        """What the last run that ended listed; nothing if there is no manifest, or it is damaged."""
        with suppress(OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            for name, file in json.loads((self.folder / MANIFEST).read_bytes()).items():
                yield name, file["sha256"], file["fingerprint"]

    def _journal(self) -> Iterator[tuple[Any, Any, Any]]:
        """What runs that did not end noted; the last line may be cut short."""
        with suppress(OSError):
            for line in (self.folder / JOURNAL).read_bytes().splitlines():
                with suppress(ValueError, TypeError, RecursionError):
                    name, sha256, fingerprint = json.loads(line)
                    yield name, sha256, fingerprint

    def _found(self, name: str) -> str | None:
        """The checksum of the file that stands there, if any."""
        if name not in self._on_disk:
            try:
                with (self.folder / name).open("rb") as file:
                    self._on_disk[name] = hashlib.file_digest(file, "sha256").hexdigest()
            except FileNotFoundError:
                self._on_disk[name] = None
        return self._on_disk[name]

    # --- What is done -------------------------------------------------------------------------------------------------

    def _inside(self, name: str) -> Path:
        path = self.folder / name
        if path.parent not in self._folders:
            if not path.parent.resolve().is_relative_to(self.folder.resolve()):
                raise OutputsError(f"{name}: lies outside the folder for results.")
            self._folders.add(path.parent)
        return path

    def _note(self, stored: Stored, fingerprint: str) -> None:
        """Note that a file with this content is ours, before it is there."""
        if self._noting is None:
            self._noting = (self.folder / JOURNAL).open("ab", buffering=0)
            self._noting.write(b"\n")  # the last line may have been cut short
        line = json.dumps([stored.name, stored.sha256, fingerprint]).encode() + b"\n"
        if self._noting.write(line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _replaced(self, stored: Stored, found: str | None) -> bool:
        """Rename a file to its place; whether that succeeded, which it does not while another program has it open."""
        name = stored.name
        try:
            if found is not None and found not in self._known.get(name, {}):
                self._keep_aside(name)
            stored.path.replace(self.folder / name)
        except PermissionError:
            self._leave(name, found)
            return False
        return True

    def _leave(self, name: str, found: str | None) -> None:
        """Leave a file that is in use as it is; it stays known, unless somebody changed it."""
        self.in_use.append(name)
        if found is not None and found in self._known.get(name, {}):
            self._made[name] = (found, self._known[name][found])

    def _keep_aside(self, name: str) -> None:
        path = self.folder / name
        number = 1
        while (aside := path.with_name(f"{path.stem}.gewijzigd-{number}{path.suffix}")).exists():
            number += 1
        path.rename(aside)
        self.kept_aside[name] = str(aside.relative_to(self.folder))

    def _finish(self) -> None:
        for name in sorted(self._known.keys() - self._made.keys() - set(self.in_use)):
            found = self._found(name)
            try:
                if found in self._known[name]:
                    (self.folder / name).unlink()
                    self.removed.append(name)
                elif found is not None:
                    self._keep_aside(name)
            except PermissionError:
                self._leave(name, found)
        listed = {
            name: {"sha256": sha256, "fingerprint": fingerprint}
            for name, (sha256, fingerprint) in sorted(self._made.items())
            if sha256
        }
        text = (json.dumps(listed, indent=1, ensure_ascii=False) + "\n").encode()
        manifest = self.folder / MANIFEST
        if not manifest.is_file() or manifest.read_bytes() != text:
            store(self.unfinished, MANIFEST, [text]).path.replace(manifest)
        (self.folder / JOURNAL).unlink(missing_ok=True)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what the system says of a file into a sentence."""
    try:
        yield
    except OSError as error:
        named = os.fspath(error.filename2 or error.filename or path)
        where = os.fspath(path) if UNFINISHED in named else named
        raise OutputsError(f"{where}: cannot be written ({error.strerror or error}).") from error
