"""Messages as files to look at, and to send by hand from a mail program; and lists of who gets one and who is left out.

They hold addresses, so that the folder is for its owner only.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.distribution.messages import Message
from pipeline.distribution.outgoing import LeftOut, Outgoing
from pipeline.errors import OutputsError
from pipeline.intake.rejects.writing import csv_pieces
from pipeline.publishing.durable import explained, kind
from pipeline.publishing.outputs import Outputs
from pipeline.publishing.unfinished import secure, store

FOLDER, DRAFTS = "verzending", "concepten"
LEFT_OUT, RECIPIENTS = "overgeslagen.csv", "ontvangers.csv"
_COLUMNS = {LEFT_OUT: ("gemeentecode", "gemeente", "reden"), RECIPIENTS: ("gemeentecode", "gemeente", "e_mail", "bron")}


@contextmanager
def private(folder: Path) -> Iterator[Path]:
    """The folder for what holds addresses, in the one with results; what is made there is for its owner only.

    Raises:
        OutputsError: if it cannot be made, or is no folder.
    """
    path = folder / FOLDER
    if kind(path) not in (None, "a folder"):
        raise OutputsError(f"{path}: is no folder, where messages are kept; move it away.")
    was = os.umask(0o077)
    try:
        with explained(path):
            path.mkdir(exist_ok=True)
            path.chmod(0o700)
        yield path
    finally:
        os.umask(was)


def write_drafts(
    folder: Path,
    going: Sequence[Outgoing],
    left_out: Iterable[LeftOut],
    compose: Callable[[Outgoing], Message],
    progress: Callable[[int, int], None] | None = None,
) -> Outputs:
    """Write a draft for each municipality, and both lists; drafts of earlier times that are none any more are removed.

    Gives what happened to the files. One that somebody changed is kept under another name.

    Raises:
        OutputsError: if they cannot be written.
    """
    with Outputs(folder) as outputs:
        stored = []
        for number, one in enumerate(going, 1):
            data = compose(one).data
            stored.append(store(outputs.unfinished, name_of(one), [data], lasting=False))
            if progress:
                progress(number, len(going))
        secure(stored)
        for each in stored:
            outputs.publish(each)
        _write_list(outputs, LEFT_OUT, ((one.code, one.name, one.why) for one in left_out))
        to = ((one.published.code, one.published.name, ", ".join(one.addresses), one.source) for one in going)
        _write_list(outputs, RECIPIENTS, to)
    return outputs


def name_of(one: Outgoing) -> str:
    """The name of a draft in the folder for what holds addresses."""
    return f"{DRAFTS}/{one.stem}.eml"


def others(folder: Path, drafts: Iterable[str]) -> Sequence[str]:
    """The files that stand beside drafts with these names: those that somebody changed, and what is not known to us.

    Raises:
        OutputsError: if that cannot be seen.
    """
    ours = {*drafts}
    with explained(folder / DRAFTS, "read"):
        names = [f"{DRAFTS}/{path.name}" for path in (folder / DRAFTS).glob("*")]
    return sorted(name for name in names if name not in ours)


def _write_list(outputs: Outputs, name: str, rows: Iterable[Sequence[str]]) -> None:
    header = _COLUMNS[name]
    outputs.write(name, csv_pieces(header, (dict(zip(header, row, strict=True)) for row in rows)))
