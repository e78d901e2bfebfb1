"""Standard output and standard error as a run needs them: there, and never a reason to fail.

A run whose messages cannot be shown has made its documents all the same. So what cannot be written is lost, and why
is kept: a command that is all about what it prints asks `lost`.
"""

from __future__ import annotations

import errno
import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import Any, TextIO


class _Forgiving(FileIO):
    """A file that takes everything, and remembers why it lost something, unless nobody wants to read on."""

    problem: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write it all, or lose it."""
        try:
            return super().write(data)
        except OSError as error:
            if error.errno != errno.EPIPE:
                self.problem = error
            return len(data)


def prepare() -> None:
    """Make standard output and error forgiving; where one is closed, nothing else may come in its place."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest one that is free, which is this one
    sys.stdout = _forgiving(sys.stdout, 1)
    sys.stderr = _forgiving(sys.stderr, 2)


def _forgiving(stream: TextIO | None, descriptor: int) -> TextIO:
    if stream is None:  # it was closed when Python began
        nowhere = _Forgiving(os.devnull, "w")
        nowhere.problem = OSError(errno.EBADF, os.strerror(errno.EBADF))
        return TextIOWrapper(BufferedWriter(nowhere), encoding="utf-8")
    if not isinstance(stream, TextIOWrapper) or not isinstance(_raw(stream), FileIO):
        return stream  # the console of Windows, or what a test reads
    return TextIOWrapper(
        BufferedWriter(_Forgiving(descriptor, "w", closefd=False)),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering or stream.write_through,
    )


def lost_output() -> str:
    """Why what was printed is lost, in a sentence, if it is and somebody would have wanted it."""
    raw = _raw(sys.stdout)
    problem = raw.problem if isinstance(raw, _Forgiving) else None
    return f"standard output: cannot be written ({problem.strerror})." if problem else ""


def _raw(stream: TextIO) -> object:
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)  # with PYTHONUNBUFFERED there is nothing between
