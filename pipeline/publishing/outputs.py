"""The folder `outputs/`: whole files only, and exactly those that the manifest lists.

A file is written elsewhere in the folder first and is on the disk, then noted in the journal, and then renamed to its
place; the manifest is written last. So a crash, or a machine without power, leaves the old or the new file, never half
of one, and the next run knows which files are ours: it goes on where the crash was. What we made before and not any
more is removed. A file that no run made is never touched, and one that somebody changed is kept under another name.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock
from msgspec import structs

from pipeline.errors import OutputsError
from pipeline.publishing.durable import UNFINISHED, explained, kind, sync, sync_folder, write_checked
from pipeline.publishing.locking import lock
from pipeline.publishing.manifest import (
    COPY,
    HEAD,
    MANIFEST,
    Delivered,
    Journal,
    Made,
    Manifest,
    Records,
    read_journal,
    read_manifest,
    stands_there,
)
from pipeline.publishing.placing import Places
from pipeline.publishing.seen import Stamp, read_seen, write_seen
from pipeline.publishing.standing import Standing
from pipeline.publishing.unfinished import Stored, store
from pipeline.results.archive import FOLDER as KEPT

TOGETHER = 32
"""How many files are noted in the journal at a time, because the disk must have each note before its file is placed."""

_AT_ONCE = 1 << 18
"""How many bytes of the manifest are copied at once."""


class Outputs:
    """The folder while a run writes in it; used as a context manager.

    `unfinished` is where files wait for `publish`; `places` tells what became of files that stood there. `former` is
    what the last run left word of, `deliveries`, `last_kept`, `records` and `day` what this one is to tell the next.
    `remarks` are sentences on what was not as it should be.

    Raises:
        OutputsError: by any method, if the folder cannot be written, if another run is writing in it, or if what
            former runs made cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.unfinished = folder / UNFINISHED
        self.places = Places(folder)
        self.standing = Standing(folder)
        self.former = Manifest()
        self.deliveries: Mapping[str, Delivered] = {}
        self.last_kept = 0
        self.records = Records()
        self.day: date | None = None
        self.remarks: list[str] = []
        self._lock: FileLock | None = None
        self._journal = Journal(folder)
        self._first = True
        self._waiting: dict[str, tuple[Stored, str]] = {}

    def __enter__(self) -> Self:
        with explained(self.folder):
            self.places.make_folder(self.folder)
        self._lock = lock(self.folder)
        try:
            self._read()
            with explained(self.folder):
                self._clear_unfinished()
        except BaseException:
            self._unlock()
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
            self._unlock()

    @property
    def lost(self) -> bool:
        """Whether the manifest was lost, so that nobody knows whose the files are that stood in the way of this run."""
        return self.former.lost or bool(self.places.kept_aside and self._first)

    def is_current(self, name: str, fingerprint: str) -> bool:
        """Whether a file stands there as we made it, from what the fingerprint is of; then it belongs to this run."""
        if name in self._waiting:
            self._settle()
        return self.standing.take_if(name, fingerprint)

    def checksum(self, name: str) -> str | None:
        """The SHA-256 of a file that stands there as a run made it, if there is one."""
        return None if self._made_from(name) is None else self.standing.checksum(name)

    def keep(self, names: Iterable[str]) -> None:
        """Let files of earlier runs belong to this one too, as they are."""
        for name in names:
            if self.standing.checksum(name):
                self.standing.take(name, self._made_from(name) or "")

    def write(self, name: str, pieces: Iterable[bytes], fingerprint: str = "") -> None:
        """Write one file, whole or not at all, by its name in the folder: `gemeenten/GM0363-amsterdam.xlsx`."""
        self.places.check(name)
        self.publish(store(self.unfinished, name, pieces), fingerprint)

    def publish_first(self, stored: Stored) -> None:
        """Have a file that stands ready put in its place, and go on only when the disk has it, under its name."""
        self.publish(stored)
        self._settle()
        with explained(self.folder / stored.name):
            self.places.sync()
        if stored.name in self.places.left:
            raise OutputsError(f"{self.folder / stored.name}: cannot be written ({self.places.left[stored.name]}).")

    def publish(self, stored: Stored, fingerprint: str = "") -> None:
        """Have a file that stands ready put in its place; `fingerprint` is of what it was made from.

        That happens for some files at a time, and for all by the end of the run.
        """
        self.places.check(stored.name)
        if stored.name in self._waiting:
            self._settle()
        if self.standing.checksum(stored.name) == stored.sha256:
            with explained(stored.path):
                stored.path.unlink()
            self.standing.take(stored.name, fingerprint)
            return
        self._waiting[stored.name] = (stored, fingerprint)
        if len(self._waiting) >= TOGETHER:
            self._settle()

    def _made_from(self, name: str) -> str | None:
        if name in self._waiting:
            self._settle()
        return self.standing.made_from(name)

    def _read(self) -> None:
        """Read what former runs left word of; of the files that they made only that of kept results stays in `former`.

        The others are known to `standing`, where they take less memory.
        """
        kept: dict[str, Made] = {}

        def listed(name: str, made: Made) -> None:
            self.standing.note_made(name, made.sha256, made.fingerprint)
            if name.startswith(f"{KEPT}/"):
                kept[name] = made

        self.former = structs.replace(read_manifest(self.folder, listed), files=kept)
        for name, sha256, fingerprint in read_journal(self.folder):
            self.standing.note_made(name, sha256, fingerprint)
        self._first = not any(self.standing.names())
        for seen in read_seen(self.folder):
            self.standing.note_seen(*seen)
        self.deliveries, self.last_kept = self.former.deliveries, self.former.last_kept
        self.records = self.former.records

    def _clear_unfinished(self) -> None:
        """Begin with no unfinished files; what is in the way there is no run's, and stays."""
        if kind(self.unfinished) not in (None, "a folder"):
            raise OutputsError(
                f"{self.unfinished}: is no folder, where a run keeps its unfinished files; move it away."
            )
        shutil.rmtree(self.unfinished, ignore_errors=True)
        self.unfinished.mkdir(exist_ok=True)
        # A folder of its own, because a worker that outlived a crash may still be writing in the last one.
        self.unfinished = Path(tempfile.mkdtemp(dir=self.unfinished)).absolute()

    def _settle(self) -> None:
        """Put what waits in its place, after it has been noted that it is ours."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, {}
        self._journal.note((name, stored.sha256, made_from) for name, (stored, made_from) in waiting.items())
        for name, (stored, made_from) in waiting.items():
            with explained(stored.path):
                stamp = Stamp.of(stored.path.stat())
            if self.places.put(stored, self.standing):
                self.standing.replaced(name, stored.sha256, stamp)
                self.standing.take(name, made_from)

    def _finish(self) -> None:
        """Place what waits; when the disk has all of it, remove what does not belong; the manifest comes last."""
        self._settle()
        with explained(self.folder):
            self.places.sync()
            for name in sorted(set(self.standing.others()) - self.places.left.keys()):
                self.places.remove(name, self.standing)
            self.places.sync()
            # What had to be left as it is stays known, unless somebody changed it.
            self.keep(name for name in self.places.left if self.standing.made_from(name) is not None)
            made = self.standing.belonging
            self._write(Manifest(made, self.deliveries, self.last_kept, self.records, self.day))
            self._journal.remove()
        write_seen(self.folder, self.standing.seen(), self.unfinished)

    def _write(self, manifest: Manifest) -> None:
        """Write the manifest, and its copy before it, where they say something else."""
        if not self._journal.used:  # else they do: then it is made once, and not to see first what it says
            head = manifest.head()
            if all(stands_there(self.folder / name, head) for name in (COPY, MANIFEST)):
                return
        waiting = self.unfinished / COPY
        with explained(self.folder / COPY), waiting.open("xb") as file:
            write_checked(file, HEAD, manifest.pieces())
            file.flush()
            sync(file.fileno())
        with explained(self.folder / COPY, "read"), waiting.open("rb") as file:
            second = store(self.unfinished, MANIFEST, iter(partial(file.read, _AT_ONCE), b""))
        for path, name in ((waiting, COPY), (second.path, MANIFEST)):
            path.replace(self.folder / name)
            sync_folder(self.folder)

    def _unlock(self) -> None:
        if self._lock:
            with suppress(OSError):  # it ends with this process too
                self._lock.release()
