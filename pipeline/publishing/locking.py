"""One at a time in a folder, by a lock that a crash does not leave behind."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import OutputsError
from pipeline.publishing.durable import explained, must_be_plain

LOCK = ".lock"


def lock(folder: Path) -> FileLock:
    """The lock of a folder that is there, as whoever has it now; `release` gives it up.

    Raises:
        OutputsError: if somebody else has it, or it cannot be had.
    """
    taken = FileLock(folder / LOCK, blocking=False)
    with explained(folder):
        must_be_plain(folder / LOCK)
        try:
            taken.acquire()
        except Timeout:
            raise OutputsError(f"{folder}: another run is writing here; wait until it is done.") from None
    return taken
