"""The records of the result that a former run left: taken over as they are, if what they are made from is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from msgspec import MsgspecError

from pipeline.errors import OutputsError
from pipeline.publishing.durable import explained, open_plain
from pipeline.publishing.outputs import Outputs
from pipeline.publishing.worker import Task
from pipeline.results.reading import Gists, Places, Recorded, as_gist
from pipeline.results.result import FILE

AT_ONCE = 1 << 18
"""How many bytes are read at once: most records are read one after another."""


class Index:
    """The records of a result while that is written: where each stands, and its gist, by the code of the municipality.

    They are in the order of the result.
    """

    def __init__(self) -> None:
        self.places = Places()
        self.gists = Gists()
        self._written = 0

    def noted(self, texts: Iterable[tuple[str, str, bytes]]) -> Iterator[bytes]:
        """The text of each record, of which come its code and the fingerprint of what it was made from too."""
        for code, made_from, text in texts:
            # The next piece is a character that opens or goes on with a list, the end of a line, and the text.
            self.places.add(code, Recorded(made_from, self._written + 2, len(text)))
            try:
                self.gists.add(code, as_gist(text))
            except MsgspecError as error:  # of what was written just now there is none
                raise OutputsError(
                    f"{FILE}: the manifest tells of other records in it ({error}); use --force."
                ) from error
            yield text

    def counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The pieces of the result."""
        for piece in pieces:
            self._written += len(piece)
            yield piece


class FormerRecords:
    """The records in the result that stands there, by the code of the municipality."""

    def __init__(self, path: Path, places: Mapping[str, Recorded]) -> None:
        self._path = path
        self.places = places

    @classmethod
    def in_(cls, outputs: Outputs) -> FormerRecords:
        """Those of the folder; none unless it holds the result that the manifest tells of."""
        former = outputs.former.records
        there = outputs.standing.checksum(FILE) == former.result
        return cls(outputs.folder / FILE, former.places if there else {})

    def has(self, task: Task) -> bool:
        """Whether there is a record of the municipality that was made from the same."""
        place = self.places.get(task.choices.municipality.code)
        return place is not None and place.fingerprint == task.made_from

    @contextmanager
    def opened(self) -> Iterator[Callable[[str], bytes]]:
        """What gives the record of a municipality in the JSON form.

        Raises:
            OutputsError: if the result cannot be read.
        """
        with explained(self._path, "read"):
            file = open_plain(self._path, AT_ONCE) if self.places else BytesIO()

        def text(code: str) -> bytes:
            place = self.places[code]
            try:
                file.seek(place.start)
                return file.read(place.length)
            except OSError:
                with explained(self._path, "read"):  # only then: it takes longer than to read a record
                    raise

        with file:
            yield text
