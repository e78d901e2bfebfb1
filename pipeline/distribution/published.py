"""What stands in the folder with results, per municipality: which files a run made there, and the record of each.

What goes out is what the manifest says. A file that is gone, or that somebody changed since, is told and not given:
whoever gets it should have what the run made.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from msgspec.json import Decoder

from pipeline.documents.formats import FORMATS
from pipeline.documents.summaries import PREMISES_PAGE
from pipeline.errors import OutputsError
from pipeline.publishing.durable import explained, kind, open_plain
from pipeline.publishing.locking import lock
from pipeline.publishing.manifest import read_manifest
from pipeline.results.reading import opened
from pipeline.results.records import Record
from pipeline.results.result import FILE, Tariff

_OF_MUNICIPALITIES = "gemeenten/"
_RECORD = Decoder(Record)


@dataclass(frozen=True, slots=True)
class Published:
    """What a run made of one municipality.

    `files` are its documents: their names in the folder with results, each with its SHA-256. `wrong` are those of them
    that are gone or were changed since. `text` is its record in the JSON form.
    """

    code: str
    name: str
    files: Mapping[str, str]
    wrong: Sequence[str]
    text: bytes

    @property
    def record(self) -> Record:
        """Its record."""
        return _RECORD.decode(self.text)


@dataclass(frozen=True, slots=True)
class Publication:
    """The folder with results as its last run left it: all its files with their SHA-256, and the municipalities.

    These are in order of code; `tariff` is the one that all of them rest on, and `day` their reference date (None if an
    earlier version made them, which left no word of it).
    """

    folder: Path
    files: Mapping[str, str]
    municipalities: Sequence[Published]
    tariff: Tariff
    day: date | None = None

    @property
    def shared(self) -> Sequence[str]:
        """The documents to which those of every municipality refer."""
        return [PREMISES_PAGE] if PREMISES_PAGE in self.files else []

    def read(self, name: str) -> bytes:
        """What a file of the run holds.

        Raises:
            OutputsError: if it is gone, cannot be read, or is not as the run made it.
        """
        return _read_whole(self.folder / name, self.files[name])


@contextmanager
def published(folder: Path, *, locked: bool = True) -> Iterator[Publication]:
    """What stands in a folder with results; no run writes there meanwhile, unless it is not `locked`: then one may.

    Raises:
        OutputsError: if there are no results, if a run is writing them, or if what a run left word of is damaged.
        ResultError: if the result is none.
    """
    if kind(folder) is None:
        raise OutputsError(f"{folder}: is not there; run `make report` first.")
    held = lock(folder) if locked else None
    try:
        manifest = read_manifest(folder)
        files = {name: made.sha256 for name, made in manifest.files.items()}
        if FILE not in files:
            why = "the manifest is damaged" if manifest.lost else "there are no results"
            raise OutputsError(f"{folder}: {why}; run `make report` first.")
        _read_whole(folder / FILE, files[FILE])
        records = manifest.records
        with opened(folder, records.places if records.result == files[FILE] else None) as result:
            by_stem = _by_stem(files)
            yield Publication(
                folder,
                files,
                [_published(folder, files, result.record(code), by_stem) for code in result.codes],
                result.rest.tariff,
                manifest.day,
            )
    finally:
        if held:
            with suppress(OSError):  # it ends with this process too
                held.release()


def _published(folder: Path, files: Mapping[str, str], text: bytes, by_stem: Mapping[str, Sequence[str]]) -> Published:
    of = _RECORD.decode(text).municipality
    names = by_stem.get(of.file_stem, ())
    wrong = [name for name in names if not _is_whole(_read(folder / name), files[name])]
    return Published(of.code, of.name, {name: files[name] for name in names}, wrong, text)


def _read_whole(path: Path, sha256: str) -> bytes:
    """What a file of the run holds, as `Publication.read` gives it."""
    if (data := _read(path)) is None:
        raise OutputsError(f"{path}: is gone; run `make report` again.")
    if not _is_whole(data, sha256):
        raise OutputsError(f"{path}: was changed since it was made; run `make report` again.")
    return data


def _is_whole(data: bytes | None, sha256: str) -> bool:
    return data is not None and hashlib.sha256(data).hexdigest() == sha256


def _by_stem(names: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """The documents of municipalities, by how their names begin; each in the order of the formats."""
    order = {one.suffix: place for place, one in enumerate(FORMATS)}
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (order.get(Path(name).suffix, len(order)), name)):
        if name.startswith(_OF_MUNICIPALITIES):
            found[name.removeprefix(_OF_MUNICIPALITIES).partition(".")[0]].append(name)
    return found


def _read(path: Path) -> bytes | None:
    """What a plain file holds; None if there is none."""
    with explained(path, "read"):
        if kind(path) != "":
            return None
        with open_plain(path) as file:
            return file.read()
