"""Templates as code that was made before: to make it takes a good part of a short run.

It stands where Python keeps the code of this module, in its `__pycache__`, and nowhere else: whoever may write there
can change what the program does anyway. Where Python may not write any, none is kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from pipeline import own_files

_DIGEST = 32
"""How many bytes the checksum is that stands before the code."""


class Compiled(jinja2.BytecodeCache):
    """A file for each name of a template, of use only for one made of the same; else it is made again.

    How a template is compiled is said by the program, so the code rests on all of that besides the template; on its
    path, which stands in it; and on what `printed` its constants, by name: a template may be of two kinds.
    """

    def __init__(self, printed: Callable[[object], str]) -> None:
        self._printed = printed.__qualname__

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The name, and with it the path and how it is printed."""
        return f"{name}\0{filename}\0{self._printed}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code, if it is there and whole."""
        with suppress(OSError):
            data = _place(bucket).read_bytes()
            if data[:_DIGEST] == _digest(bucket, data[_DIGEST:]):
                bucket.bytecode_from_string(data[_DIGEST:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code, where that is possible; what is cut short is made again, by its checksum."""
        if not sys.dont_write_bytecode:
            code = bucket.bytecode_to_string()
            with suppress(OSError):
                _place(bucket).write_bytes(_digest(bucket, code) + code)


def _place(bucket: Bucket) -> Path:
    name, _, _ = bucket.key.partition("\0")
    return Path(cache_from_source(Path(__file__).with_name(f"{name}.py")))  # no module has such a name


def _digest(bucket: Bucket, code: bytes) -> bytes:
    rests_on = f"{own_files.checksum()}\0{jinja2.__version__}\0{bucket.key}\0"
    return hashlib.sha256(os.fsencode(rests_on) + code).digest()
