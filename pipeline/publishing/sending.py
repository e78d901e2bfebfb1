"""Work that goes to another process or machine: it is unpacked there only by the same program as sent it.

Another version of the program could take the data for something else, or make other documents of it, without a word.
The work itself, with all templates and layouts, is left in a folder that every worker sees, and fetched from there
once; the pieces alone are sent.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.errors import OutputsError, WorkerError
from pipeline.publishing.fingerprints import versions
from pipeline.publishing.unfinished import store

Work = Callable[[Sequence[Any]], list[Any]]
"""Does some pieces of work; plain data, or a method of plain data."""
Outcome = Callable[[], list[Any]]
"""Waits for the outcome of some pieces of work."""
Give = Callable[[Work], Callable[[Sequence[Any]], Outcome]]
"""Takes some work, and returns what gives out pieces of it."""
Tell = Callable[[str], None]
"""Is told, in a sentence, what did not go as usual."""
Left = tuple[Mapping[str, str], str, str]
"""The versions of who sends, where the work is, and the SHA-256 of it; in words that any version understands."""


def here(work: Work) -> Callable[[Sequence[Any]], Outcome]:
    """Do the work at once, in this process."""

    def give(pieces: Sequence[Any]) -> Outcome:
        outcome = work(pieces)
        return lambda: outcome

    return give


def leave(folder: Path, work: Work) -> Left:
    """Leave some work in the folder of unfinished files, to be done by `do` elsewhere.

    Raises:
        OutputsError: if it cannot be written there.
    """
    stored = store(folder, "work", [pickle.dumps(work)], lasting=False)
    return dict(versions()), str(stored.path), stored.sha256


def do(wanted: Mapping[str, str], work: str, sha256: str, pieces: bytes) -> list[Any]:
    """In a worker: do some pieces of the work that was left, if this is the same program.

    Raises:
        OutputsError: if the work is not there, or another one is.
        WorkerError: if this is another program.
    """
    if differences := different(wanted, versions()):
        raise WorkerError(refusal(f"A worker on {socket.gethostname()}", differences))
    return _fetch(Path(work), sha256)(pickle.loads(pieces))


@lru_cache(maxsize=1)
def _fetch(path: Path, sha256: str) -> Work:
    try:
        data = path.read_bytes()
        why = "" if hashlib.sha256(data).hexdigest() == sha256 else "something else stands there"
    except OSError as error:
        why = error.strerror or str(error)
    if why:
        raise OutputsError(_out_of_reach(path.parent, "read", f" ({why})"))
    work: Work = pickle.loads(data)
    return work


def not_writable(unfinished: Path) -> str:
    """In a worker: that it cannot write in the folder of unfinished files, in a sentence; nothing if it can."""
    return "" if os.access(unfinished, os.W_OK | os.X_OK) else _out_of_reach(unfinished, "written")


def _out_of_reach(unfinished: Path, verb: str, why: str = "") -> str:
    outputs = unfinished.parent.parent
    return f"{outputs}: cannot be {verb} from {socket.gethostname()}{why}. Every worker must reach it by this name."


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
