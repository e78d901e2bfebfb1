"""Names whose letters were damaged on the way: which one was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.model.municipality import Municipality, fold

_MISREAD = (
    *(("cp1252", "utf-8"), ("latin-1", "utf-8"), ("mac_roman", "utf-8"), ("cp850", "utf-8"), ("cp437", "utf-8")),
    *(("cp1252", "mac_roman"), ("cp1252", "cp850"), ("latin-1", "cp850")),
)
"""As which encoding a name may have been read, and which one it was in."""
_LOST = re.compile("[?\ufffd]+")


def meant_by(name: str, known: Mapping[str, tuple[Municipality, ...]]) -> tuple[Municipality, ...]:
    """Who was meant by a name that was read in a wrong encoding, or in which letters were replaced.

    `known` has who goes by each folded name. Nobody is, if it could have been more than one.
    """
    found = {m.code: m for form in _forms(name) for m in known.get(fold(form), ())}
    if not found and _LOST.search(name) and any(map(str.isalnum, name)):
        # each row of damaged characters stands for one or two letters
        lost = re.compile("[a-z0-9]{1,2}".join(re.escape(fold(part)) for part in _LOST.split(name)))
        found = {m.code: m for key, owners in known.items() if lost.fullmatch(key) for m in owners}
    return tuple(found.values()) if len(found) == 1 else ()


def _forms(name: str) -> Iterator[str]:
    """What a name may have been before it was read in a wrong encoding."""
    if name.isascii():
        return
    for wrong, right in _MISREAD:
        try:
            yield name.encode(wrong).decode(right)
        except UnicodeError:
            continue
