"""The earlier results that runs keep in the folder with results: which there are, and what changed since one."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from msgspec import structs
from msgspec.json import Encoder, decode

from pipeline.errors import OutputsError, ResultError
from pipeline.publishing.durable import explained, kind, open_plain
from pipeline.publishing.fingerprints import fingerprint, program
from pipeline.publishing.former_records import FormerRecords, Index
from pipeline.publishing.outputs import Outputs
from pipeline.publishing.savings import read_outcomes, write_outcomes
from pipeline.publishing.unfinished import Stored, store
from pipeline.results.archive import FOLDER, checksum_in, choose, in_order, last_number, small

if TYPE_CHECKING:
    from pipeline.model.tariffs import Tariff
    from pipeline.results.changes import Changes
    from pipeline.results.history import History

READ = ".history"
"""The file with what kept results came to, by their checksums."""
_encode = Encoder(order="deterministic").encode
_PIECE = 1 << 20
_BEGINS = b'"schema"'
"""What stands at the beginning of every result; of a file without it no more is unpacked."""


def find_kept(outputs: Outputs) -> tuple[tuple[str, ...], bool]:
    """The names of what is kept, which belongs to this run too, and of which no number is given again.

    And whether some of what was kept is damaged, changed or gone since the last run: that cannot be made again, which
    this run says, but documents must not tell of it any more.
    """
    there = outputs.standing.entries(FOLDER)
    kept = tuple(name for name in there if outputs.checksum(name) or is_kept(outputs.folder, name))
    outputs.keep(kept)
    outputs.last_kept = max(outputs.last_kept, last_number([*there, *outputs.former.files]))
    forgotten = outputs.standing.forget(FOLDER, kept)
    for name in forgotten:
        if name in there:
            outputs.remarks.append(
                f"{name} is damaged or changed, and cannot be made again; it stays as it is, and counts no more."
            )
        elif name in outputs.former.files:
            outputs.remarks.append(f"{name} is gone, and cannot be made again; no run compares with it any more.")
    return kept, bool(forgotten)


def is_kept(folder: Path, name: str) -> bool:
    """Whether a result that a run kept stands there: its name says with what its checksum begins."""
    from pipeline.results.reading import MOST_BYTES

    begins = checksum_in(name)
    path = folder / name
    try:
        if not begins or kind(path) != "":
            return False
        digest, unpacked = hashlib.sha256(), 0
        with open_plain(path) as file, gzip.open(file) as content:
            while piece := content.read(_PIECE):
                unpacked += len(piece)
                if unpacked > MOST_BYTES or (unpacked == len(piece) and _BEGINS not in piece[:40]):
                    return False
                digest.update(piece)
    except (OSError, EOFError, zlib.error):
        return False
    return digest.hexdigest().startswith(begins)


def read_history(outputs: Outputs, kept: Iterable[str], tariff: Tariff) -> History:
    """What the newest of the kept results came to, oldest first; one of a version that is no longer read is left out.

    The run that replaced one made the next: so its day is known, but for that of the first. However many were kept,
    and however large they are, no more is read than an edit may take.

    Raises:
        OutputsError: if the system cannot read one; without it the page would say something else.
    """
    from pipeline.results.history import MOST, MOST_RECORDS, History, Line

    path, rests_on = outputs.folder / READ, _rests_on(tariff)
    known = read_outcomes(path, rests_on)
    read: dict[str, bytes] = {}
    lines: list[Line] = []
    dated = in_order(kept)
    made = [None, *(day for _, day, _ in dated)]
    records, whole = 0, len(dated) <= MOST
    for (number, until, name), day in reversed(list(zip(dated, made, strict=False))[-MOST:]):
        checksum = checksum_in(name) or ""
        try:
            if checksum not in known:
                known[checksum] = _came_to(outputs.folder / name, tariff)
        except (ResultError, OSError) as error:
            if isinstance(error, OSError) or isinstance(error.__cause__, OSError):
                said = getattr(error, "strerror", None) or error
                raise OutputsError(f"What was kept of an earlier result cannot be read. {name}: {said}") from error
            continue
        read[checksum] = known[checksum]
        line = structs.replace(decode(known[checksum], type=Line), number=number, day=day, until=until)
        records += line.participants + line.examples
        if lines and records > MOST_RECORDS:
            whole = False
            break
        lines.append(line)
    write_outcomes(path, rests_on, read, outputs.unfinished)
    return History(tuple(reversed(lines)), whole)


def note_result(outputs: Outputs, tariff: Tariff, result: Stored, index: Index) -> None:
    """Note what this result comes to, of which `index` has the records, for the run that keeps it."""
    path, rests_on = outputs.folder / READ, _rests_on(tariff)
    own = {result.sha256[:8]: _came_to(result.path, tariff, index)}  # as in its name when it is kept
    write_outcomes(path, rests_on, read_outcomes(path, rests_on) | own, outputs.unfinished)


def _rests_on(tariff: Tariff) -> str:
    return fingerprint(program(), tariff)


def _came_to(path: Path, tariff: Tariff, index: Index | None = None) -> bytes:
    """What a result came to, as a line of the history of which the number and days are still to be filled in."""
    from pipeline.results.history import line_of
    from pipeline.results.reading import opened

    with opened(path, index.places if index else None) as result:
        of = replace(result, known=index.gists) if index else result
        return _encode(line_of(0, None, date.min, of, tariff))


Packed = Callable[[], tuple[Stored, str]]
"""Waits for the result that stands there, packed as it is kept, and the SHA-256 of what is packed."""


@contextmanager
def packing(outputs: Outputs, name: str, *, likely: bool) -> Iterator[Packed]:
    """Have the result that stands there packed; if it is likely to be replaced, while the run makes the next one.

    A thread does for that: what packs does not keep others from going on. Nobody waits for it who did not ask for it.
    """
    ended = Event()

    @cache
    def pack() -> tuple[Stored, str]:
        digest = hashlib.sha256()

        def noted() -> Iterator[bytes]:
            for piece in _standing(outputs, name):
                if ended.is_set():
                    return
                digest.update(piece)
                yield piece

        return store(outputs.unfinished, FOLDER, small(noted())), digest.hexdigest()

    if not likely or outputs.checksum(name) is None:
        yield pack
        return
    with ThreadPoolExecutor(1) as aside:
        try:
            yield aside.submit(pack).result
        finally:
            ended.set()


def _standing(outputs: Outputs, name: str) -> Iterator[bytes]:
    """The result that stands there, without what is published no more."""
    from pipeline.results.reading import without_contacts

    path = outputs.folder / name
    with explained(path, "read"), open_plain(path) as file:
        yield from without_contacts(file)


def compare_and_keep(
    outputs: Outputs,
    result: Stored,
    index: Index,
    former: FormerRecords,
    kept: Sequence[str],
    day: date,
    packed: Packed,
) -> Changes | None:
    """What changed since an earlier result: the one that stands there, if this run changes it, or else a kept one.

    `index` is of this result, `former` of the one that stands there, and `packed` gives that as it is kept first.

    Raises:
        OutputsError: if it cannot be kept, so that it may not be replaced.
    """
    from pipeline.results.changes import Changes
    from pipeline.results.comparison import compare
    from pipeline.results.reading import opened

    def since(name: str) -> Changes:
        try:
            places = former.places if name == result.name else {}
            with opened(outputs.folder / name, places) as old, opened(result.path, index.places) as new:
                return compare(old, replace(new, known=index.gists))
        except ResultError:
            return Changes("", problem="Het eerdere resultaat is onleesbaar of van een andere versie.")

    standing = outputs.checksum(result.name)
    changes = since(result.name) if standing not in (None, result.sha256) else None
    moved = changes is not None and (changes.any or bool(changes.problem))
    try:
        by = packed()[1] if moved else standing
        earlier = choose(kept, by, moved=moved, day=day, last=outputs.last_kept)
        if earlier and earlier not in kept:
            outputs.publish_first(replace(packed()[0], name=earlier))
            outputs.last_kept = last_number([earlier])
    except OutputsError as error:
        raise OutputsError(f"The earlier result cannot be kept, and is therefore not replaced. {error}") from error
    if earlier is None:
        return None
    found = changes if changes and moved else since(earlier)
    return structs.replace(found, against=earlier, made_on=_made_on(earlier, (*kept, earlier)))


def _made_on(name: str, kept: Iterable[str]) -> date | None:
    """The reference date of the run that made a kept result: of the one that replaced the result before it."""
    before = None
    for _, day, found in in_order(kept):
        if found == name:
            break
        before = day
    return before
