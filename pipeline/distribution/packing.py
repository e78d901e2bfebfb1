"""Makes packs: zips that can be checked, and that are the same bytes whoever makes them of the same documents.

With its documents each has `LEESMIJ.txt`, which says what they are, and `SHA256SUMS`, by which `sha256sum -c` tells
whether they are as they were made.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.distribution.leaflets import SUMS, Leaflets
from pipeline.distribution.packs import Pack
from pipeline.distribution.published import Publication
from pipeline.distribution.windows_names import for_windows
from pipeline.errors import OutputsError
from pipeline.publishing.fingerprints import fingerprint, program
from pipeline.publishing.last_time import listed
from pipeline.publishing.outputs import Outputs
from pipeline.publishing.placing import kept
from pipeline.publishing.unfinished import Stored, secure, store

FOLDER = "pakketten"
"""The folder with packs, within the one with results."""
LEAFLET = "LEESMIJ.txt"

_COMPRESSED = (".xlsx", ".gz")
"""How the names end of documents that are stored as they are: they are compressed, and hardly get smaller."""
_UNIX, _MODE = 3, 0o100644
_PIECE = 1_000_000


@dataclass(frozen=True, slots=True)
class Packed:
    """What became of packs: how many were made, and stood there already; those refused, each with why.

    `removed` are packs of earlier times that were not asked for now, and `kept_aside` those that somebody changed, with
    the names under which they are kept.
    """

    folder: Path
    made: int
    unchanged: int
    refused: Mapping[str, str]
    removed: Sequence[str]
    kept_aside: Mapping[str, str]


class _Refused(Exception):
    """A document is not as the run made it; the message says which."""


def write_packs(
    publication: Publication,
    packs: Sequence[Pack],
    leaflets: Leaflets,
    progress: Callable[[int, int], None] | None = None,
) -> Packed:
    """Make packs, each whole or not at all; their folder then holds exactly these. One that stands there is left.

    A pack is refused if one of its documents is gone, or was changed since it was made.

    Raises:
        OutputsError: if they cannot be written.
        TextsError: if the template of the leaflet is broken.
    """
    ready: list[tuple[Stored, str]] = []
    refused: dict[str, str] = {}
    unchanged, done, total = 0, 0, sum(len(pack.documents) for pack in packs)
    with Outputs(publication.folder / FOLDER) as outputs:
        for pack in packs:
            ours, documents = _contents(pack, publication, leaflets)
            made_from = fingerprint(program(), publication.tariff.valid_from, ours[SUMS])
            if outputs.is_current(pack.name, made_from):
                unchanged += 1
            else:
                try:
                    pieces = _zipped(ours, documents, publication, outputs.unfinished)
                    ready.append((store(outputs.unfinished, pack.name, pieces, lasting=False), made_from))
                except _Refused as why:
                    refused[pack.name] = str(why)
            done += len(pack.documents)
            if progress:
                progress(done, total)
        secure(stored for stored, _ in ready)
        for stored, made_from in ready:
            outputs.publish(stored, made_from)
    places = outputs.places
    return Packed(outputs.folder, len(ready), unchanged, refused, tuple(places.removed), places.kept_aside)


def told(packed: Packed) -> Iterator[str]:
    """What did not go as usual, in sentences for who gave the command."""
    by_why: dict[str, list[str]] = defaultdict(list)
    for name, why in packed.refused.items():
        by_why[why].append(name)
    for why, names in by_why.items():
        yield f"Not made: {listed(names)}. {why}"
    for name, aside in packed.kept_aside.items():
        yield kept(name, aside)
    if packed.removed:
        yield f"Removed, because they are packs of before that were not made now: {listed(packed.removed)}."


def _contents(
    pack: Pack, publication: Publication, leaflets: Leaflets
) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
    """What is to be in a pack: its leaflet and its checksums, and each document by what it is called there."""
    called = for_windows([LEAFLET, SUMS, *pack.documents])
    documents = {called[name]: name for name in sorted(pack.documents)}
    leaflet = leaflets.write(pack, list(documents), publication.tariff.valid_from)
    sums = {LEAFLET: hashlib.sha256(leaflet).hexdigest()}
    sums |= {name: publication.files[of] for name, of in documents.items()}
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in sums.items())
    return {LEAFLET: leaflet, SUMS: lines.encode()}, documents


def _zipped(
    ours: Mapping[str, bytes], documents: Mapping[str, str], publication: Publication, folder: Path
) -> Iterator[bytes]:
    """All of it as a zip, in pieces; it is put together in a file in this folder, which is gone when it is done.

    Nothing in it is of this machine or this moment: each member is dated by the tariff.
    """
    day = publication.tariff.valid_from
    with tempfile.TemporaryFile(dir=folder) as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name in (*ours, *documents):
                member = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
                member.create_system, member.external_attr = _UNIX, _MODE << 16
                member.compress_type = zipfile.ZIP_STORED if name.endswith(_COMPRESSED) else zipfile.ZIP_DEFLATED
                archive.writestr(member, ours[name] if name in ours else _read(publication, documents[name]))
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _read(publication: Publication, name: str) -> bytes:
    try:
        return publication.read(name)
    except OutputsError as why:
        raise _Refused(str(why)) from None
