"""What a worker does: documents, ready to be published, of some municipalities from their choices, or of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from msgspec import Struct

from pipeline.documents import Format, Render
from pipeline.documents.formats import names_of
from pipeline.errors import OutputsError
from pipeline.model.choices import Choices
from pipeline.model.indication import indicate
from pipeline.publishing.sending import not_writable
from pipeline.publishing.unfinished import Stored, secure, store, store_lines
from pipeline.reference.data import ReferenceData
from pipeline.results.overview import Overview
from pipeline.results.writing import as_json, record_of

RECORDS = "records.jsonl"
"""What some records together are called until they are read; they are not published."""


class Task(Struct, frozen=True):
    """One municipality: its choices, their fingerprint, and whether documents are to be made, its record, or neither.

    With the documents its record is made too; `nothing` says that both stand there.
    """

    choices: Choices
    made_from: str
    documents: bool
    nothing: bool = False


class Tasks:
    """A task for each of some choices, in their order; what is added to these takes little memory."""

    def __init__(self, choices: Sequence[Choices]) -> None:
        self._choices = choices
        self._made_from = bytearray()
        self._documents = bytearray()
        self._nothing = bytearray()

    def add(self, made_from: str, *, documents: bool, nothing: bool) -> None:
        """Say of the next choices their fingerprint, and whether documents are to be made, or nothing at all."""
        self._made_from += bytes.fromhex(made_from)
        self._documents.append(documents)
        self._nothing.append(nothing)

    def __len__(self) -> int:
        return len(self._documents)

    def __iter__(self) -> Iterator[Task]:
        made_from = (self._made_from[start : start + 32].hex() for start in range(0, len(self._made_from), 32))
        return map(Task, self._choices, made_from, map(bool, self._documents), map(bool, self._nothing))

    @property
    def made_from(self) -> bytes:
        """The fingerprints of all, one behind the other."""
        return bytes(self._made_from)

    @property
    def documents(self) -> int:
        """Of how many municipalities documents are to be made."""
        return sum(self._documents)

    @property
    def working(self) -> int:
        """Of how many something is to be made."""
        return len(self) - sum(self._nothing)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a task: the file in which the record is the next line in the JSON form, and the documents.

    Texts go by way of files: what a worker hands over fits in a pipe, so that it never waits half-way.
    """

    records: str
    documents: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """All that a worker needs besides its tasks; plain data, so that it can go to another process or machine.

    `unfinished` is the folder where documents wait to be published; all workers must reach it by this name.
    """

    formats: tuple[Format, ...]
    data: ReferenceData
    default_start_year: int
    unfinished: Path

    def make(self, tasks: Sequence[Task]) -> list[Made]:
        """Work out some municipalities, and write their documents among the unfinished files.

        Raises:
            OutputsError: if a document cannot be written.
            TextsError: if a template is broken.
        """
        if why := not_writable(self.unfinished):
            raise OutputsError(why)
        texts, documents = zip(*map(self._make, tasks), strict=True)
        records = store_lines(self.unfinished, RECORDS, texts)
        secure(chain(*documents))
        return [Made(records, each) for each in documents]

    def _make(self, task: Task) -> tuple[bytes, tuple[Stored, ...]]:
        """The record and the documents of one municipality."""
        indication = indicate(task.choices, self.data.tariff, self.default_start_year)
        documents = names_of(task.choices.municipality.stem, self.formats) if task.documents else {}
        stored = tuple(
            store(self.unfinished, name, [one.render(indication, self.data)], lasting=False)
            for name, one in documents.items()
        )
        return as_json(record_of(indication)), stored


@dataclass(frozen=True, slots=True)
class Together:
    """The documents of all municipalities together, by name how each is rendered; plain data as a `Maker` is."""

    renders: Mapping[str, Render]
    overview: Overview
    data: ReferenceData
    unfinished: Path

    def make(self, names: Sequence[str]) -> list[Stored]:
        """Write some of them among the unfinished files.

        Raises:
            OutputsError: if one cannot be written.
            TextsError: if a template is broken.
        """
        return [store(self.unfinished, name, self.renders[name](self.overview, self.data)) for name in names]
