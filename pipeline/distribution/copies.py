"""A copy of each message as it was sent, kept beside the journal, for who wants to see what a municipality got.

It is there from the moment when the message may arrive, whole or not at all, and goes again if the server refuses it.
Its name holds a digest of the Message-ID, by which it is found in the journal.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from pipeline.distribution.journal import FILE, Entry, Journal, State, read_journal
from pipeline.distribution.messages import Message
from pipeline.distribution.outgoing import Outgoing
from pipeline.errors import OutputsError
from pipeline.publishing.durable import explained, sync, sync_folder

COPIES = "berichten"
"""The folder with copies, within the one for what holds addresses."""
_UNFINISHED = ".unfinished"
_NAME = re.compile(r".+\.([0-9a-f]{16})\.eml")


def read_whole_journal(folder: Path) -> Sequence[Entry]:
    """All that was noted, by a journal that knows of each message of which there is a copy; also while it grows.

    Raises:
        OutputsError: as `read_journal` does, or if there is a message that it does not know: it is gone, or is an older
            one, and would have everyone mailed again.
    """
    with explained(folder / COPIES, "read"):
        names = sorted(path.name for path in (folder / COPIES).glob("*.eml"))
    entries = read_journal(folder)
    known = {_digest(entry.identity) for entry in entries}
    unknown = [name for name in names if (found := _NAME.fullmatch(name)) and found[1] not in known]
    if unknown:
        number = "1 message" if len(unknown) == 1 else f"{len(unknown)} messages"
        raise OutputsError(
            f"{folder / FILE}: does not know of {number} of which {folder / COPIES} has a copy ({unknown[0]}), so that "
            "nobody knows what was sent; nothing was. Put back the journal, or move those copies away if they are to "
            "go again."
        )
    return entries


class KeepingJournal(Journal):
    """The journal while messages are sent, which keeps a copy of each message that may have arrived.

    Raises:
        OutputsError: by any method, also if there are copies of which it does not know.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder / COPIES
        self._message = Message("", b"")
        self._path = self._folder
        self._is_new = False

    def __enter__(self) -> Self:
        read_whole_journal(self._folder.parent)
        return super().__enter__()

    def keeping(self, compose: Callable[[Outgoing], Message]) -> Callable[[Outgoing], Message]:
        """The same; of the message that it made last a copy is kept, once it may have arrived."""

        def composed(one: Outgoing) -> Message:
            self._message, self._is_new = compose(one), False
            self._path = self._folder / f"{one.stem}.{_digest(self._message.identity)}.eml"
            return self._message

        return composed

    def note(self, entry: Entry) -> None:
        """Note what becomes of a message, and keep or drop its copy.

        The copy is written before the note, for the disk may be full, and gets its name after it: so there is never
        one of which the journal does not know.
        """
        if entry.state is State.SENDING and not self._path.exists():  # or else it went to another address already
            with self._written() as unfinished:
                super().note(entry)
                with explained(self._path):
                    unfinished.replace(self._path)
                    sync_folder(self._folder)
            self._is_new = True
            return
        super().note(entry)
        if entry.state in (State.REFUSED, State.DEFERRED) and self._is_new:
            with explained(self._path):
                self._path.unlink()
            self._is_new = False

    @contextmanager
    def _written(self) -> Iterator[Path]:
        """The copy on the disk, without its name; it is gone again if anything fails."""
        path = self._folder / _UNFINISHED
        try:
            with explained(self._path):
                self._folder.mkdir(exist_ok=True)
                with path.open("wb") as file:
                    file.write(self._message.data)
                    file.flush()
                    sync(file.fileno())
            yield path
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:16]
