"""What stands in the folder with results, and which of it is ours."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from pathlib import Path

from msgspec import Struct, msgpack, structs

from pipeline.packed import restored, shortened
from pipeline.publishing.durable import NOTHING_THERE, explained, kind, open_plain
from pipeline.publishing.manifest import Made
from pipeline.publishing.seen import Seen, Stamp

NOT_OURS = ""
"""Stands for the checksum of what is no plain file; no file has it."""


class _Place(Enum):
    """What stands at a name, as far as this run looked."""

    NOT_LOOKED = 0
    FILE = 1
    NOTHING = 2
    NOT_OURS = 3


class _File(Struct, frozen=True, array_like=True, gc=False):
    """All that is known of a name: the fingerprints of what a run made there or was to make, by the SHA-256 of that.

    `stamp` and `sha256` are of the file that was seen last; `belongs` says whether it is one of this run.
    """

    made: Mapping[bytes, bytes] = {}
    sha256: bytes = b""
    stamp: Stamp | None = None
    place: _Place = _Place.NOT_LOOKED
    belongs: bool = False


_encode, _decode = msgpack.Encoder().encode, msgpack.Decoder(_File).decode
_UNKNOWN = _encode(_File())
_BELONGS = _encode(_File(belongs=True))[-1]
"""The last byte of what belongs to a run: so that very many need not be decoded to see that."""
_MADE_NONE = _UNKNOWN[1]
"""The second byte of what no run made: the same."""


class Standing:
    """The files in a folder by their checksums, what earlier runs made and saw there, and what belongs to this one.

    What is known of a name is held as bytes, because there may be very many.

    Raises:
        OutputsError: by any method, if something cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._path = folder, os.fspath(folder)
        self._within: dict[str, bool] = {}
        self._files: dict[str, bytes] = {}

    def note_made(self, name: object, sha256: object, fingerprint: object) -> None:
        """Take down what a run made or was about to put there; that is read from disk, and may be damaged."""
        if self._may_be_ours(name) and isinstance(sha256, str) and isinstance(fingerprint, str):
            of, made = str(name), {shortened(sha256): shortened(fingerprint)}
            if of in self._files:
                made = {**self._known(of).made, **made}
            self._files[of] = _encode(_File(made))

    def note_seen(self, name: str, seen: Seen) -> None:
        """Take down what a former run saw there."""
        self._files[name] = _encode(_File(self._known(name).made, shortened(seen.sha256), seen.stamp))

    def names(self) -> Iterator[str]:
        """The names of all that earlier runs made and of what belongs to this one, whether it stands there or not."""
        return (name for name, file in self._files.items() if file[1] != _MADE_NONE)

    def checksum(self, name: str) -> str | None:
        """The SHA-256 of the file that stands there, if any; `NOT_OURS` if it is no plain file."""
        file = self._looked_at(name)
        if file.place is _Place.FILE:
            return restored(file.sha256)
        return NOT_OURS if file.place is _Place.NOT_OURS else None

    def made_from(self, name: str) -> str | None:
        """What the file that stands there was made from, as a fingerprint; None unless a run made it so."""
        file = self._looked_at(name)
        found = file.made.get(file.sha256) if file.place is _Place.FILE else None
        return None if found is None else restored(found)

    def replaced(self, name: str, sha256: str, stamp: Stamp) -> None:
        """Take down what stands there now."""
        file = self._known(name)
        self._files[name] = _encode(_File(file.made, shortened(sha256), stamp, _Place.FILE, file.belongs))

    def take(self, name: str, fingerprint: str) -> None:
        """Let the file that stands there belong to this run, as made from what the fingerprint is of."""
        self._take(name, self._looked_at(name), shortened(fingerprint))

    def take_if(self, name: str, fingerprint: str) -> bool:
        """The same, if the file that stands there was made from just that; whether it was."""
        file, made_from = self._known(name), shortened(fingerprint)
        if file.place is _Place.NOT_LOOKED:
            file = self._look(name, file)
        current = file.place is _Place.FILE and file.made.get(file.sha256) == made_from
        if current:
            self._take(name, file, made_from)
        else:
            self._files[name] = _encode(file)
        return current

    def _take(self, name: str, file: _File, made_from: bytes) -> None:
        self._files[name] = _encode(_File({file.sha256: made_from}, file.sha256, file.stamp, file.place, belongs=True))

    def others(self) -> Iterator[str]:
        """The names of what earlier runs made and what does not belong to this one."""
        return (name for name, file in self._files.items() if file[-1] != _BELONGS and file[1] != _MADE_NONE)

    @property
    def belonging(self) -> Mapping[str, Made]:
        """What belongs to this run, in order of name."""
        return _Belonging(self._files)

    def seen(self) -> Iterator[tuple[str, Seen]]:
        """What is known of the files that belong to this run, in order of name."""
        for name in self.belonging:
            file = self._known(name)
            if file.stamp:
                yield name, Seen(file.stamp, restored(file.sha256))

    def made_before(self, folder: str) -> tuple[str, ...]:
        """The names of what runs made in a folder within this one and what still stands there, also if changed."""
        return tuple(name for name in self.entries(folder) if self._files.get(name, _UNKNOWN)[1] != _MADE_NONE)

    def forget(self, folder: str, besides: Collection[str]) -> list[str]:
        """Have nothing more to do with what runs made in a folder within this one, besides some; gives the names."""
        names = sorted(name for name in self.names() if name.startswith(f"{folder}/") and name not in besides)
        for name in names:
            self._files[name] = _encode(structs.replace(self._known(name), made={}))
        return names

    def entries(self, folder: str) -> tuple[str, ...]:
        """The names of all that stands in a folder within this one, whoever made it."""
        with explained(self._folder / folder, "read"):
            try:
                names = os.listdir(self._folder / folder)  # noqa: PTH208 - paths as objects take longer than to look
                return tuple(sorted(f"{folder}/{name}" for name in names))
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

    def _known(self, name: str) -> _File:
        return _decode(self._files.get(name, _UNKNOWN))

    def _looked_at(self, name: str) -> _File:
        """What is known of a name, of which this run then knows what stands there."""
        file = self._known(name)
        if file.place is _Place.NOT_LOOKED:
            file = self._look(name, file)
            self._files[name] = _encode(file)
        return file

    def _look(self, name: str, of: _File) -> _File:
        """The same with what stands there, which is read unless it was seen before."""
        try:
            return self._seen_or_read(name, of)
        except OSError:
            with explained(self._folder / name, "read"):
                raise

    def _seen_or_read(self, name: str, of: _File) -> _File:
        path = f"{self._path}/{name}"  # a path as an object takes longer than to look
        try:
            if of.stamp and of.stamp == Stamp.of(os.lstat(path)):
                return _File(of.made, of.sha256, of.stamp, _Place.FILE, of.belongs)
        except OSError:
            pass  # it is said below
        found = kind(Path(path))
        if found is not None and not found:
            with open_plain(Path(path)) as file:
                stamp = Stamp.of(os.fstat(file.fileno()))
                sha256 = hashlib.file_digest(file, "sha256").digest()
            return _File(of.made, sha256, stamp, _Place.FILE, of.belongs)
        return _File(of.made, place=_Place.NOT_OURS if found else _Place.NOTHING, belongs=of.belongs)


class _Belonging(Mapping[str, Made]):
    """What belongs to a run, in order of name, from what is held of all files."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def __getitem__(self, name: str) -> Made:
        file = _decode(self._files[name])
        if not file.belongs:
            raise KeyError(name)
        return Made(restored(file.sha256), restored(file.made[file.sha256]))

    def __iter__(self) -> Iterator[str]:
        return (name for name in sorted(self._files) if self._files[name][-1] == _BELONGS)

    def __len__(self) -> int:
        return sum(1 for _ in self)
