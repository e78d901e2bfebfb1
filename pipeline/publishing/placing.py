"""Files go to their places and from there: renamed, kept aside, removed; and what happened to each is told."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from pipeline.errors import OutputsError
from pipeline.publishing import durable
from pipeline.publishing.durable import explained, kind, sync_folder
from pipeline.publishing.standing import NOT_OURS, Standing
from pipeline.publishing.unfinished import Stored


def kept(name: str, aside: str, why: str = "was changed by hand", *, made_again: bool = True) -> str:
    """A sentence on a file that is kept under another name."""
    return f"{name} {why}; it is kept as {aside}{', and made again' if made_again else ''}."


class Places:
    """Puts files in a folder, and takes away what does not belong there.

    `kept_aside` are the names of files that somebody had changed, with the names under which they are kept; `damaged`
    are files that were empty or broken off, and made again; `removed` those that do not belong any more. `left` are
    files that could not be replaced, with what the system says of it.

    Raises:
        OutputsError: by any method, if the system refuses what it should not.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept_aside: dict[str, str] = {}
        self.damaged: list[str] = []
        self.left: dict[str, str] = {}
        self.removed: list[str] = []
        self._inside: set[Path] = set()
        self._touched: set[Path] = set()

    def check(self, name: str) -> None:
        """Nothing, if a name lies within the folder.

        Raises:
            OutputsError: if it does not.
        """
        parent = (self.folder / name).parent
        if parent not in self._inside:
            if not parent.resolve().is_relative_to(self.folder.resolve()):
                raise OutputsError(f"{name}: lies outside the folder for results.")
            self._inside.add(parent)

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those above it, as far as they are not there."""
        if not folder.is_dir():
            self.make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            self._touched.add(folder.parent)

    def put(self, stored: Stored, standing: Standing) -> bool:
        """Rename a file to its place; whether that succeeded, which it does not where that is not allowed."""
        name, path = stored.name, self.folder / stored.name
        with explained(path):
            self.make_folder(path.parent)
            try:
                if (found := standing.checksum(name)) is not None and standing.made_from(name) is None:
                    if found != NOT_OURS and durable.is_damaged(path, stored.path):
                        self.damaged.append(name)
                    else:
                        self._keep_aside(name)
                stored.path.replace(path)
            except PermissionError as error:
                self._leave(name, error)
                return False
        self._touched.add(path.parent)
        return True

    def remove(self, name: str, standing: Standing) -> None:
        """Remove a file that a run made, where that is allowed; what somebody changed is kept aside."""
        path, found = self.folder / name, standing.checksum(name)
        if found in (None, NOT_OURS):
            return
        try:
            if standing.made_from(name) is not None or durable.is_damaged(path):
                path.unlink()
                self.removed.append(name)
                self._touched.add(path.parent)
            else:
                self._keep_aside(name)
        except PermissionError as error:
            self._leave(name, error)

    def sync(self) -> None:
        """Wait until the disk has what was renamed, made and removed so far."""
        for folder in sorted(self._touched):
            with suppress(PermissionError):  # a folder above ours may be closed to us
                sync_folder(folder)
        self._touched.clear()

    def _leave(self, name: str, error: PermissionError) -> None:
        # Windows says "access denied" of a file that another program has open, too.
        self.left[name] = "open in another program" if os.name == "nt" else str(error.strerror)

    def _keep_aside(self, name: str) -> None:
        path = self.folder / name
        number = 1
        while kind(aside := path.with_name(f"{path.stem}.gewijzigd-{number}{path.suffix}")) is not None:
            number += 1
        path.rename(aside)
        self._touched.add(path.parent)
        self.kept_aside[name] = str(aside.relative_to(self.folder))
