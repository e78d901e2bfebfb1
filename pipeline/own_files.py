"""The files that the program itself consists of, as one checksum: what was made by another program is made anew."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def checksum() -> str:
    """The SHA-256 of all of them with their names, as hexadecimal digits."""
    folder, digest = Path(__file__).parent, hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".json")):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(data)}\n".encode("utf-8", "surrogateescape") + data)
    return digest.hexdigest()
