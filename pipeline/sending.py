"""Work that goes to another process or machine: it is unpacked there only by the same program as sent it.

Another version of the program could take the data for something else, or make other documents of it, without a word.
"""

from __future__ import annotations

import pickle
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.errors import WorkerError
from pipeline.fingerprints import versions

Work = Callable[[Sequence[Any]], list[Any]]
"""Does some pieces of work; plain data, or a method of plain data."""
Give = Callable[[Work, Sequence[Any]], Callable[[], list[Any]]]
"""Gives out some work, and returns what to call for its outcome."""
Tell = Callable[[str], None]
"""Is told, in a sentence, what did not go as usual."""
Parcel = tuple[Mapping[str, str], bytes, bytes]
"""The versions of who sends, the work, and the pieces to do it with; in words that any version understands."""


def here(work: Work, pieces: Sequence[Any]) -> Callable[[], list[Any]]:
    """Do the work at once, in this process."""
    outcome = work(pieces)
    return lambda: outcome


def pack(work: Work, pieces: Sequence[Any]) -> Parcel:
    """Pack some work, to be done by `do` elsewhere."""
    return dict(versions()), pickle.dumps(work), pickle.dumps(pieces)


def do(wanted: Mapping[str, str], work: bytes, pieces: bytes) -> list[Any]:
    """In a worker: do the work that was packed, if this is the same program.

    Raises:
        WorkerError: if it is another one.
    """
    if differences := different(wanted, versions()):
        raise WorkerError(refusal(f"A worker on {socket.gethostname()}", differences))
    outcome: list[Any] = pickle.loads(work)(pickle.loads(pieces))
    return outcome


def different(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """In which versions two programs differ, in words; nothing if they are the same."""
    return ", ".join(
        f"{name} {found.get(name, 'none')} instead of {wanted.get(name, 'none')}"
        for name in {**wanted, **found}
        if found.get(name) != wanted.get(name)
    )


def refusal(who: str, differences: str) -> str:
    """Why a worker may not take part, and what would be right."""
    return f"{who} has another program: {differences}. Give it the same checkout and libraries, and start it again."
