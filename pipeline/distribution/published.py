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
from pipeline.results.result import FILE

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

    These are in order of code; `tariff` is the day from which the tariff applies that all of them rest on.
    """

    folder: Path
    files: Mapping[str, str]
    municipalities: Sequence[Published]
    tariff: date

    @property
    def shared(self) -> Sequence[str]:
        """The documents to which those of every municipality refer."""
        return [PREMISES_PAGE] if PREMISES_PAGE in self.files else []

    def read(self, name: str) -> bytes:
        """What a file of the run holds.

        Raises:
            OutputsError: if it is gone, cannot be read, or is not as the run made it.
        """
        if (data := _read(self.folder / name)) is None:
            raise OutputsError(f"{self.folder / name}: is gone; run `make report` again.")
        if hashlib.sha256(data).hexdigest() != self.files[name]:
            raise OutputsError(f"{self.folder / name}: was changed since it was made; run `make report` again.")
        return data


@contextmanager
def published(folder: Path) -> Iterator[Publication]:
    """What stands in a folder with results; no run writes there meanwhile.

    Raises:
        OutputsError: if there are no results, if a run is writing them, or if what a run left word of is damaged.
        ResultError: if the result is none.
    """
    if kind(folder) is None:
        raise OutputsError(f"{folder}: is not there; run `make report` first.")
    held = lock(folder)
    try:
        manifest = read_manifest(folder)
        files = {name: made.sha256 for name, made in manifest.files.items()}
        if FILE not in files:
            why = "the manifest is damaged" if manifest.lost else "there are no results"
            raise OutputsError(f"{folder}: {why}; run `make report` first.")
        publication = Publication(folder, files, (), date.min)
        publication.read(FILE)
        records = manifest.records
        with opened(folder, records.places if records.result == files[FILE] else None) as result:
            by_stem = _by_stem(files)
            yield Publication(
                folder,
                files,
                [_published(publication, result.record(code), by_stem) for code in result.codes],
                result.rest.tariff.valid_from,
            )
    finally:
        with suppress(OSError):  # it ends with this process too
            held.release()


def _published(folder: Publication, text: bytes, by_stem: Mapping[str, Sequence[str]]) -> Published:
    of = _RECORD.decode(text).municipality
    names = by_stem.get(of.file_stem, ())
    wrong = [name for name in names if not _is_whole(folder, name)]
    return Published(of.code, of.name, {name: folder.files[name] for name in names}, wrong, text)


def _is_whole(folder: Publication, name: str) -> bool:
    data = _read(folder.folder / name)
    return data is not None and hashlib.sha256(data).hexdigest() == folder.files[name]


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
