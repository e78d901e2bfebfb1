"""Fingerprints: what a document was made from, in one short text; equal fingerprints, equal bytes."""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata

from pipeline import __version__, own_files
from pipeline.documents.formats import FORMATS


def fingerprint(*parts: object) -> str:
    """The fingerprint of plain data, by how each part represents itself (SHA-256, as hexadecimal digits).

    A set has no order of its own, and represents itself differently in each process; it is no plain data here.
    """
    return fingerprint_all(parts)


def fingerprint_all(parts: Iterable[object]) -> str:
    """The same for very many parts, which need not be in memory together."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode("utf-8", "backslashreplace") + b"\0")
    return digest.hexdigest()


def fingerprint_on(shared: str, data: bytes) -> str:
    """The fingerprint of what rests on something shared, given as a fingerprint, and on data of its own."""
    return hashlib.sha256(shared.encode() + data).hexdigest()


def program() -> str:
    """The fingerprint of the program itself: its own files, its libraries and its Python."""
    return fingerprint(sorted(versions().items()))


@cache
def versions() -> Mapping[str, str]:
    """What the program consists of, by name: its Python, the libraries that may show in a document, its own files."""
    return {
        "Python": f"{sys.implementation.name} {sys.version.split()[0]}",
        **{library: metadata.version(library) for one in FORMATS for library in one.libraries},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "kostenindicatie": f"{__version__} ({own_files.checksum()[:16]})",
    }
