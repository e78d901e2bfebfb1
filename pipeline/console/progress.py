"""The progress bar of a run, on a terminal."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

LABEL = "Municipalities"
WIDEST = 36
"""Of how many characters the bar itself is at most."""
AROUND = len("  [") + len("]  100%  00:00:00") + 1
"""How many characters stand around it; a last one stays free, because some terminals begin a new line after it."""


@contextmanager
def progress_bar(*, hidden: bool, of: str = LABEL) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, which fits the terminal; call what it gives with how many of how many are done."""
    columns = _columns()
    label = of if columns >= len(of) + AROUND + 10 else ""
    width = min(WIDEST, columns - len(label) - AROUND)
    bar = click.progressbar(
        length=0, label=label, file=sys.stderr, hidden=hidden or not sys.stderr.isatty() or width < 1, width=width
    )
    with bar:

        def progress(made: int, total: int) -> None:
            if not bar.pos:
                # How long the rest takes is told by what was made, not by what it took to begin.
                bar.start = bar.last_eta = time.time()
            bar.length = total
            bar.update(made - bar.pos)

        yield progress


def _columns() -> int:
    """How wide the terminal of standard error is; some say 0, and mean that they do not know."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80
