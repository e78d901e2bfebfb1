"""The folder `outputs/`: whole files only, and exactly those that the manifest lists.

A file is written elsewhere in the folder first and is on the disk, then noted in the journal, and then renamed to its
place; the manifest is written last. So a crash, or a machine without power, leaves the old or the new file, never half
of one, and the next run knows which files are ours: it goes on where the crash was. What we made before and not any
more is removed. A file that no run made is never touched, and one that somebody changed is kept under another name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from pipeline import durable
from pipeline.durable import NOTHING_THERE, explained, kind, must_be_plain, open_plain, sync_folder
from pipeline.errors import OutputsError
from pipeline.manifest import COPY, MANIFEST, Delivered, Journal, Manifest, read_journal, read_manifest

LOCK, UNFINISHED = ".lock", ".unfinished"
TOGETHER = 32
"""How many files are noted in the journal at a time, because the disk must have each note before its file is placed."""

_NOT_OURS = ""
"""Stands for the checksum of what is no plain file; no file has it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that stands ready outside its place: its name in the folder, where it is, and the SHA-256 of it."""

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
    path = unfinished / uuid.uuid4().hex
    with explained(unfinished.parent.parent / name, apart_from=UNFINISHED):
        return Stored(name, path, durable.write(path, pieces, lasting=lasting))


def secure(stored: Iterable[Stored]) -> None:
    """Wait until the disk has files that stand ready, so that they can be published.

    Raises:
        OutputsError: if it cannot have them.
    """
    paths = [one.path for one in stored]
    if paths:
        with explained(paths[0].parent.parent.parent, apart_from=UNFINISHED):
            durable.sync_together(paths)


def take(stored: Stored) -> str:
    """The text of a file that stands ready, which is then gone; for what is not to be published.

    Raises:
        OutputsError: if it cannot be read.
    """
    with explained(stored.path, "read"):
        text = stored.path.read_text(encoding="utf-8")
        stored.path.unlink()
    return text


class Outputs:
    """The folder while a run writes in it; used as a context manager.

    `unfinished` is where files wait for `publish`; `former` is what the last run left word of, `deliveries` and
    `last_kept` what this one is to tell the next. `kept_aside` are the
    names of files that somebody had changed, with the names under which they are kept; `damaged` are files that were
    empty or broken off, and made again; `removed` those that do not belong any more. `left` are files that could not
    be replaced, with what the system says of it.

    Raises:
        OutputsError: if the folder cannot be written, if another run is writing in it, or if what former runs made
            cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unfinished = folder / UNFINISHED
        self.former = Manifest()
        self.deliveries: Mapping[str, Delivered] = {}
        self.last_kept = 0
        self.kept_aside: dict[str, str] = {}
        self.damaged: list[str] = []
        self.left: dict[str, str] = {}
        self.removed: list[str] = []
        self._lock = FileLock(folder / LOCK, blocking=False)
        self._journal = Journal(folder)
        self._inside: set[Path] = set()
        self._touched: set[Path] = set()
        self._known: dict[str, dict[str, str]] = {}
        self._made: dict[str, tuple[str, str]] = {}
        self._waiting: dict[str, tuple[Stored, str]] = {}
        self._on_disk: dict[str, str | None] = {}

    def __enter__(self) -> Self:
        with self._explained(self.folder):
            self._make_folder(self.folder)
            must_be_plain(self.folder / LOCK)
            try:
                self._lock.acquire()
            except Timeout:
                raise OutputsError(f"{self.folder}: another run is writing here; wait until it is done.") from None
        try:
            self.former = read_manifest(self.folder)
            self.deliveries, self.last_kept = self.former.deliveries, self.former.last_kept
            self._known = self._read_known()
            with self._explained(self.folder):
                self._clear_unfinished()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
            else:
                with suppress(OutputsError):  # what was made is not lost with what failed
                    self._settle()
        finally:
            self._journal.close()
            shutil.rmtree(self.unfinished, ignore_errors=True)
            with suppress(OSError):  # another run may have begun, if this one lost its lock with the folder
                self.unfinished.parent.rmdir()
            with suppress(OSError):  # it ends with this process too
                self._lock.release()

    def is_current(self, name: str, fingerprint: str) -> bool:
        """Whether a file stands there as we made it, from what the fingerprint is of; then it belongs to this run."""
        found = self._found(name)
        if found is None or self._known.get(name, {}).get(found) != fingerprint:
            return False
        self._made[name] = (found, fingerprint)
        return True

    def checksum(self, name: str) -> str | None:
        """The SHA-256 of a file that stands there as a run made it, if there is one."""
        found = self._found(name)
        return found if found in self._known.get(name, {}) else None

    def made_before(self, folder: str) -> tuple[str, ...]:
        """The names of what runs made in a folder within this one and what still stands there, also if changed."""
        names = (name for name in self._known if name.startswith(f"{folder}/"))
        with self._explained(self.folder / folder, "read"):
            return tuple(sorted(name for name in names if kind(self.folder / name) is not None))

    def entries(self, folder: str) -> tuple[str, ...]:
        """The names of all that stands in a folder within this one, whoever made it."""
        with self._explained(self.folder / folder, "read"):
            try:
                return tuple(sorted(f"{folder}/{path.name}" for path in (self.folder / folder).iterdir()))
            except OSError as error:
                if error.errno in NOTHING_THERE:
                    return ()
                raise

    def keep(self, names: Iterable[str]) -> None:
        """Let files of earlier runs belong to this one too, as they are."""
        for name in names:
            if found := self._found(name):
                self._made[name] = (found, self._known.get(name, {}).get(found, ""))

    def read(self, name: str) -> bytes:
        """What a file that stands there holds.

        Raises:
            OutputsError: if it cannot be read.
        """
        with self._explained(self.folder / name, "read"), open_plain(self.folder / name) as file:
            return file.read()

    def write(self, name: str, data: bytes, fingerprint: str = "") -> None:
        """Write one file, by its name relative to the folder (`gemeenten/GM0363-amsterdam.xlsx`), whole or not at all.

        Raises:
            OutputsError: if it cannot be written.
        """
        self._path(name)
        self.publish(store(self.unfinished, name, [data]), fingerprint)

    def write_first(self, name: str, data: bytes) -> None:
        """Write one file, and go on only when the disk has it, under its name.

        Raises:
            OutputsError: if that cannot be done.
        """
        self.write(name, data)
        self._settle()
        with self._explained(self.folder / name):
            self._sync_folders()
        if name in self.left:
            raise OutputsError(f"{self.folder / name}: cannot be written ({self.left[name]}).")

    def publish(self, stored: Stored, fingerprint: str = "") -> None:
        """Have a file that stands ready put in its place; `fingerprint` is of what it was made from.

        That happens for some files at a time, and for all by the end of the run.

        Raises:
            OutputsError: if that cannot be done.
        """
        self._path(stored.name)
        if self._found(stored.name) == stored.sha256:
            with self._explained(stored.path):
                stored.path.unlink()
            self._made[stored.name] = (stored.sha256, fingerprint)
            return
        self._waiting[stored.name] = (stored, fingerprint)
        if len(self._waiting) >= TOGETHER:
            self._settle()

    # --- What is there ------------------------------------------------------------------------------------------------

    def _read_known(self) -> dict[str, dict[str, str]]:
        """By name the checksums of what runs made, each with its fingerprint: from the manifest and the journal."""
        known: dict[str, dict[str, str]] = defaultdict(dict)
        listed = ((name, *file) for name, file in self.former.files.items())
        for name, sha256, fingerprint in (*listed, *read_journal(self.folder)):
            if self._may_be_ours(name) and isinstance(sha256, str) and isinstance(fingerprint, str):
                known[name][sha256] = fingerprint
        return known

    def _may_be_ours(self, name: object) -> bool:
        """Whether this can be the name of a file that a run made; what is read from disk may be damaged."""
        if not isinstance(name, str) or not name or "\0" in name:
            return False
        try:
            path = self.folder / os.fsdecode(os.fsencode(name))
            return path.parent.resolve().is_relative_to(self.folder.resolve()) and path.name not in ("", "..")
        except (OSError, ValueError, RuntimeError):  # the last is that of links that lead to each other
            return False

    def _found(self, name: str) -> str | None:
        """The checksum of the file that stands there, if any; `_NOT_OURS` if it is no plain file."""
        if name in self._waiting:
            self._settle()
        if name not in self._on_disk:
            with self._explained(self.folder / name, "read"):
                self._on_disk[name] = self._checksum(self.folder / name)
        return self._on_disk[name]

    @staticmethod
    def _checksum(path: Path) -> str | None:
        found = kind(path)
        if found is None:
            return None
        if found:
            return _NOT_OURS
        with open_plain(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    # --- What is done -------------------------------------------------------------------------------------------------

    def _explained(self, path: Path, verb: str = "written") -> AbstractContextManager[None]:
        return explained(path, verb, apart_from=UNFINISHED)

    def _clear_unfinished(self) -> None:
        """Begin with no unfinished files; what is in the way there is no run's, and stays."""
        found = kind(self.unfinished)
        if found not in (None, "a folder"):
            raise OutputsError(
                f"{self.unfinished}: is no folder, where a run keeps its unfinished files; move it away."
            )
        shutil.rmtree(self.unfinished, ignore_errors=True)
        self.unfinished.mkdir(exist_ok=True)
        # A folder of its own, because a worker that outlived a crash may still be writing in the last one.
        self.unfinished = Path(tempfile.mkdtemp(dir=self.unfinished)).absolute()

    def _path(self, name: str) -> Path:
        path = self.folder / name
        if path.parent not in self._inside:
            if not path.parent.resolve().is_relative_to(self.folder.resolve()):
                raise OutputsError(f"{name}: lies outside the folder for results.")
            self._inside.add(path.parent)
        return path

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, as far as they are not there."""
        if not folder.is_dir():
            self._make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            self._touched.add(folder.parent)

    def _settle(self) -> None:
        """Put what waits in its place, after it has been noted that it is ours."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        self._journal.note((name, stored.sha256, made_from) for name, (stored, made_from) in waiting.items())
        for name, (stored, made_from) in waiting.items():
            with self._explained(self.folder / name):
                self._make_folder((self.folder / name).parent)
                if self._replaced(stored):
                    self._on_disk[name] = stored.sha256
                    self._made[name] = (stored.sha256, made_from)

    def _replaced(self, stored: Stored) -> bool:
        """Rename a file to its place; whether that succeeded, which it does not where that is not allowed."""
        name, path = stored.name, self.folder / stored.name
        found = self._on_disk[name]
        try:
            if found is not None and found not in self._known.get(name, {}):
                if found != _NOT_OURS and durable.is_damaged(path, stored.path):
                    self.damaged.append(name)
                else:
                    self._keep_aside(name)
            stored.path.replace(path)
        except PermissionError as error:
            self._leave(name, error)
            return False
        self._touched.add(path.parent)
        return True

    def _leave(self, name: str, error: PermissionError) -> None:
        """Leave a file that cannot be replaced as it is; it stays known, unless somebody changed it."""
        # Windows says "access denied" of a file that another program has open, too.
        self.left[name] = "open in another program" if os.name == "nt" else str(error.strerror)
        found = self._on_disk[name]
        if found is not None and found in self._known.get(name, {}):
            self._made[name] = (found, self._known[name][found])

    def _keep_aside(self, name: str) -> None:
        path = self.folder / name
        number = 1
        while kind(aside := path.with_name(f"{path.stem}.gewijzigd-{number}{path.suffix}")) is not None:
            number += 1
        path.rename(aside)
        self._touched.add(path.parent)
        self.kept_aside[name] = str(aside.relative_to(self.folder))

    def _finish(self) -> None:
        """Place what waits; when the disk has all of it, remove what does not belong; the manifest comes last."""
        self._settle()
        with self._explained(self.folder):
            self._sync_folders()
            for name in sorted(self._known.keys() - self._made.keys() - self.left.keys()):
                self._remove(name)
            self._sync_folders()
            text = Manifest(self._made, self.deliveries, self.last_kept).as_bytes()
            for name in (COPY, MANIFEST):
                if durable.read(self.folder / name) != text:
                    store(self.unfinished, name, [text]).path.replace(self.folder / name)
                    sync_folder(self.folder)
            self._journal.remove()

    def _remove(self, name: str) -> None:
        """Remove a file that does not belong any more; what somebody changed is kept aside."""
        path, found = self.folder / name, self._found(name)
        if found in (None, _NOT_OURS):
            return
        try:
            if found in self._known[name] or durable.is_damaged(path):
                path.unlink()
                self.removed.append(name)
                self._touched.add(path.parent)
            else:
                self._keep_aside(name)
        except PermissionError as error:
            self._leave(name, error)

    def _sync_folders(self) -> None:
        """Wait until the disk has what was renamed, made and removed so far."""
        for folder in sorted(self._touched):
            with suppress(PermissionError):  # a folder above ours may be closed to us
                sync_folder(folder)
        self._touched.clear()
