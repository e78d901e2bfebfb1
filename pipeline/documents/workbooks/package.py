"""The package that a workbook is: a zip file of its parts, deflated by libdeflate, the same on every machine."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from deflate import crc32, deflate_compress

Packed = tuple[bytes, bytes]
"""The checksum and sizes of a part as a zip file holds them, and its deflated bytes."""

_VARYING = ("xl/worksheets/sheet", "xl/sharedStrings", "docProps/core")
_VARIES, _SAME, _TAKES_LONG = 7, 12, 5
"""How hard to try: with the parts that differ between workbooks of one layout, with the others, and with large ones,
which become a quarter larger so, in a third of the time."""
LARGE = 1 << 20
"""From how many bytes on a part is large."""

_PART = struct.pack("<5H", 20, 0, 8, 0, 1 << 5 | 1)
"""In both headers of a part: version 2.0, no flags, deflated, at midnight of 1 January 1980."""
_MADE_BY, _RIGHTS = b"\x14\x03", 0o600 << 16
"""In the directory: version 2.0 on Unix, and that its owner may read and write it."""


def packed(name: str, data: bytes) -> Packed:
    """A part, deflated."""
    level = _TAKES_LONG if len(data) >= LARGE else _VARIES if name.startswith(_VARYING) else _SAME
    deflated = bytes(deflate_compress(data, level))
    return struct.pack("<III", crc32(data), len(deflated), len(data)), deflated


def zipped(parts: Iterable[tuple[str, Packed]]) -> bytes:
    """The package of these parts by their names, in this order."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, (sizes, deflated) in parts:
        own = name.encode()
        length = struct.pack("<HH", len(own), 0)
        header = b"".join((b"PK\3\4", _PART, sizes, length, own))
        body += (header, deflated)
        where = struct.pack("<3H2I", 0, 0, 0, _RIGHTS, offset)
        directory += (b"PK\1\2", _MADE_BY, _PART, sizes, length, where, own)
        offset += len(header) + len(deflated)
    listed = b"".join(directory)
    number = len(body) // 2
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, number, number, len(listed), offset, 0)
    return b"".join((*body, listed, end))
