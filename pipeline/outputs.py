"""The folder `outputs/`: whole files only, and exactly those that the manifest lists.

Files appear by write-and-rename, the manifest last. A crash leaves the old or the new file, never half of one. What
the previous run made and this one did not is removed; a file that no run made is never touched.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from pipeline.errors import OutputsError

MANIFEST = ".manifest.json"
LOCK = ".lock"
UNFINISHED = ".unfinished"


class Outputs:
    """The folder while a run writes in it; used as a context manager.

    On a normal end it removes what only the previous run made and writes the manifest (name to SHA-256); after an
    exception it leaves all as it stands.

    Raises:
        OutputsError: if the folder cannot be written, or another run is writing in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / LOCK, blocking=False)
        self._made: dict[str, str] = {}

    def __enter__(self) -> Self:
        with _explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except Timeout:
                raise OutputsError(f"{self.folder}: another run is writing here; wait until it is done.") from None
            for left_over in self.folder.rglob(f"*{UNFINISHED}"):
                left_over.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with _explained(self.folder):
                    self._finish()
        finally:
            self._lock.release()

    def write(self, name: str, data: bytes) -> None:
        """Write one file, by its name relative to the folder (`gemeenten/GM0363-amsterdam.xlsx`), whole or not at all.

        Raises:
            OutputsError: if it cannot be written.
        """
        with _explained(self.folder / name):
            self._replace(name, data)
        self._made[name] = hashlib.sha256(data).hexdigest()

    def _replace(self, name: str, data: bytes) -> None:
        path = self.folder / name
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise OutputsError(f"{name}: lies outside the folder for results.")
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + UNFINISHED)
        unfinished.write_bytes(data)
        unfinished.replace(path)

    def _finish(self) -> None:
        for name in self._listed() - self._made.keys():
            (self.folder / name).unlink(missing_ok=True)
        text = json.dumps(self._made, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        self._replace(MANIFEST, text.encode())

    def _listed(self) -> set[str]:
        """What the manifest of the previous run lists; nothing if there is none, or it is damaged."""
        try:
            names = json.loads((self.folder / MANIFEST).read_bytes())
        except (OSError, ValueError):
            return set()
        if not isinstance(names, dict):
            return set()
        root = self.folder.resolve()
        return {name for name in names if (self.folder / name).resolve().is_relative_to(root)}


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the system says of a file into a sentence."""
    try:
        yield
    except OSError as error:
        where = os.fspath(error.filename or path).removesuffix(UNFINISHED)
        raise OutputsError(f"{where}: cannot be written ({error.strerror or error}).") from error
