"""The memory of a process: whether there is any for what is about to be loaded, and how often it is searched."""

from __future__ import annotations

import gc
from mmap import mmap


def search_rarely() -> None:
    """Have Python search rarely for cycles: neither what is loaded nor what is read holds any worth the time."""
    gc.set_threshold(1_000_000, 50, 10)


def search_no_more() -> None:
    """Have Python leave all as it is from now on: as it ends it would search everything once more, for nothing."""
    gc.freeze()


def see_that_there_is(number: int) -> None:
    """Nothing, if so many bytes of address space are free: where they are not, some libraries end the process.

    Raises:
        MemoryError: if they are not.
    """
    try:
        mmap(-1, number).close()
    except OSError:
        raise MemoryError from None
