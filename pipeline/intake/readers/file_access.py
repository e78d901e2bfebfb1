"""From the path of a delivery to its bytes, if it may be read, is not too large, and is not still being written."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pipeline import dutch
from pipeline.intake.fields.characters import HIDDEN
from pipeline.intake.findings import Refused
from pipeline.model.limits import MOST_MEGABYTES, MOST_ROWS

STILL_FOR = 1.0
"""For how many seconds a file must not have changed before it counts as written to its end."""


class Limits(Struct, frozen=True):
    """How large a delivery may be, in bytes and in rows."""

    file_bytes: int = MOST_MEGABYTES * 1_000_000
    rows: int = MOST_ROWS


class Stamp(Struct, frozen=True):
    """By which one sees that a file is not what it was: its size, and when it was written, in nanoseconds."""

    size: int
    written: int


def read_bytes(path: Path, most: int) -> tuple[bytes, Stamp]:
    """The bytes of a file, and its stamp before they were read.

    Raises:
        Refused: if it is no file that may be read, is too large, or changed meanwhile.
    """
    if HIDDEN.search(path.name) or any(mark in path.name for mark in "\n\t"):
        raise Refused("bestandsnaam", "De naam van het bestand bevat onleesbare tekens; geef het een andere naam.")
    try:
        if not path.is_file():
            raise Refused("geen_bestand", "Dit is geen bestand; zet een CSV-bestand of een werkmap in de map.")
        if not path.resolve().is_relative_to(path.parent.resolve()):
            raise Refused("koppeling", "Dit is een koppeling naar buiten de map; zet het bestand zelf in de map.")
        before = path.stat()
        if before.st_size > most:
            raise Refused("te_groot", f"Het bestand is groter dan {dutch.number(most)} bytes; splits het.")
        with path.open("rb") as file:
            data = file.read(before.st_size + 1)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise Refused("onleesbaar", f"Het bestand kan niet worden gelezen: {_reason(error)}.") from None
    if _stamp(before) != _stamp(after) or len(data) != after.st_size or not stat.S_ISREG(after.st_mode):
        raise still_written()
    return data, _stamp(before)


def changed(read: Mapping[Path, Stamp]) -> set[Path]:
    """Of the files that were read those that are another one now; waits for the youngest, if it is very young.

    Who copies a large file writes it in pieces, and between two of them it looks whole: hence one wait for all
    files together, of at most `STILL_FOR` seconds, and none where nobody wrote in that time.
    """
    found = {path for path, stamp in read.items() if _now(path) != stamp}
    youngest = max((stamp.written for path, stamp in read.items() if path not in found), default=0) / 1e9
    wait = min(youngest + STILL_FOR - time.time(), STILL_FOR)
    if wait > 0:
        time.sleep(wait)
        found |= {path for path, stamp in read.items() if _now(path) != stamp}
    return found


def still_written() -> Refused:
    """What is said of a file that changed while it was read."""
    return Refused("nog_bezig", "Het bestand wordt nog geschreven; probeer het opnieuw als dat klaar is.")


def _now(path: Path) -> Stamp | None:
    try:
        return _stamp(path.stat())
    except OSError:
        return None


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns)


_REASONS = {
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM), "u mag het niet lezen; geef leesrechten, of vraag de beheerder van de map erom"
    ),
    errno.ENOENT: "het is intussen weg; zet het opnieuw in de map",
    errno.EIO: "de schijf geeft een fout; kopieer het bestand opnieuw",
    **dict.fromkeys((errno.ESTALE, errno.ETIMEDOUT), "de netwerkschijf is niet bereikbaar; probeer het opnieuw"),
    errno.EBUSY: "een ander programma houdt het vast; sluit dat programma",
    errno.ENAMETOOLONG: "de naam is te lang; geef het een kortere naam",
    errno.EMFILE: "er staan te veel bestanden open; probeer het opnieuw",
    errno.EISDIR: "het is een map; zet een CSV-bestand of een werkmap neer",
}


def _reason(error: OSError) -> str:
    """What the system says of a file, in Dutch, and what can be done."""
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    return f"het systeem meldt fout {error.errno}; kopieer het bestand opnieuw, of vraag de beheerder van de map"
