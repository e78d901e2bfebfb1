"""Whether there is memory for what is about to be loaded."""

from __future__ import annotations

from mmap import mmap


def see_that_there_is(number: int) -> None:
    """Nothing, if so many bytes of address space are free: where they are not, some libraries end the process.

    Raises:
        MemoryError: if they are not.
    """
    try:
        mmap(-1, number).close()
    except OSError:
        raise MemoryError from None
