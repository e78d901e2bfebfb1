"""What stands in the folder with results, and which of it is ours."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from pathlib import Path

from pipeline.publishing.durable import NOTHING_THERE, explained, kind, open_plain
from pipeline.publishing.seen import Seen, Stamp

NOT_OURS = ""
"""Stands for the checksum of what is no plain file; no file has it."""


class Standing:
    """The files in a folder by their checksums, and what earlier runs made there, of which `listed` tells.

    `listed` is name, SHA-256 and fingerprint of each file that a run made or was about to put there. It is read from
    disk, and may be damaged. `seen` is what runs saw of these files, first the former ones and then this one.

    Raises:
        OutputsError: by any method, if something cannot be read.
    """

    def __init__(
        self, folder: Path, listed: Iterable[tuple[object, object, object]], seen: Mapping[str, Seen] | None = None
    ) -> None:
        self._folder = folder
        self.seen = dict(seen or {})
        self._within: dict[str, bool] = {}
        self._on_disk: dict[str, str | None] = {}
        self._made: dict[str, dict[str, str]] = defaultdict(dict)
        for name, sha256, fingerprint in listed:
            if self._may_be_ours(name) and isinstance(sha256, str) and isinstance(fingerprint, str):
                self._made[str(name)][sha256] = fingerprint

    def names(self) -> Set[str]:
        """The names of all that earlier runs made, whether it still stands there or not."""
        return self._made.keys()

    def checksum(self, name: str) -> str | None:
        """The SHA-256 of the file that stands there, if any; `NOT_OURS` if it is no plain file."""
        if name not in self._on_disk:
            try:
                self._on_disk[name] = self._look(name)
            except OSError:
                with explained(self._folder / name, "read"):
                    raise
        return self._on_disk[name]

    def made_from(self, name: str) -> str | None:
        """What the file that stands there was made from, as a fingerprint; None unless an earlier run made it so."""
        found = self.checksum(name)
        return self._made[name].get(found) if found and name in self._made else None

    def replaced(self, name: str, sha256: str, stamp: Stamp) -> None:
        """Take down what stands there now."""
        self._on_disk[name] = sha256
        self.seen[name] = Seen(stamp, sha256)

    def made_before(self, folder: str) -> tuple[str, ...]:
        """The names of what runs made in a folder within this one and what still stands there, also if changed."""
        return tuple(name for name in self.entries(folder) if name in self._made)

    def forget(self, folder: str, besides: Collection[str]) -> list[str]:
        """Have nothing more to do with what runs made in a folder within this one, besides some; gives the names."""
        names = sorted(name for name in self._made if name.startswith(f"{folder}/") and name not in besides)
        for name in names:
            del self._made[name]
        return names

    def entries(self, folder: str) -> tuple[str, ...]:
        """The names of all that stands in a folder within this one, whoever made it."""
        with explained(self._folder / folder, "read"):
            try:
                return tuple(sorted(f"{folder}/{path.name}" for path in (self._folder / folder).iterdir()))
            except OSError as error:
                if error.errno in NOTHING_THERE:
                    return ()
                raise

    def _may_be_ours(self, name: object) -> bool:
        """Whether this can be the name of a file that a run made: a plain one, in a folder that lies within this."""
        if not isinstance(name, str) or "\0" in name:
            return False
        folder, _, last = name.rpartition("/")
        if last in ("", ".", "..") or (os.name == "nt" and not {"\\", ":"}.isdisjoint(last)):
            return False
        try:
            os.fsencode(name)
            if folder not in self._within:
                self._within[folder] = (self._folder / folder).resolve().is_relative_to(self._folder.resolve())
        except (OSError, ValueError, RuntimeError):  # the last is that of links that lead to each other
            return False
        return self._within[folder]

    def _look(self, name: str) -> str | None:
        """The checksum of what stands there, which is read unless it was seen before."""
        path = os.path.join(self._folder, name)  # noqa: PTH118 - a path as an object takes longer than to look
        known = self.seen.pop(name, None)
        try:
            if known and known.stamp == Stamp.of(os.lstat(path)):
                self.seen[name] = known
                return known.sha256
        except OSError:
            pass  # it is said below
        found = kind(Path(path))
        if found is None:
            return None
        if found:
            return NOT_OURS
        with open_plain(Path(path)) as file:
            stamp = Stamp.of(os.fstat(file.fileno()))
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self.seen[name] = Seen(stamp, sha256)
        return sha256
