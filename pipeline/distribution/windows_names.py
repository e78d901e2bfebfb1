"""Names of files that Windows takes as well: what it forbids is replaced, and no two differ only in case.

Source: "Naming Files, Paths, and Namespaces", learn.microsoft.com.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from pipeline.intake.fields.characters import HIDDEN

LONGEST = 80
"""How long a name is at most, in what Windows counts, so that a path fits in 260 wherever it is unpacked."""

_FORBIDDEN = re.compile(rf'[<>:"\\|?*\t\n]|{HIDDEN.pattern}')
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)")


def for_windows(paths: Iterable[str]) -> dict[str, str]:
    """For each path, with `/` between folders, the path as Windows takes it: nearly always itself.

    >>> for_windows(["gemeenten/GM0355-zeist.xlsx", "aux.md", "AUX.md"])
    {'gemeenten/GM0355-zeist.xlsx': 'gemeenten/GM0355-zeist.xlsx', 'aux.md': '_aux.md', 'AUX.md': '_AUX-2.md'}
    """
    named: dict[str, str] = {}
    taken: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        folder = ""
        for part in path.split("/"):
            inside, folder = folder, f"{folder}/{part}"
            if folder not in named:
                name = _apart(_allowed(part), taken[inside])
                named[folder] = f"{named[inside]}/{name}" if inside else name
    return {path: named[f"/{path}"] for path in paths}


def _allowed(name: str) -> str:
    """A name without what Windows forbids, and not too long."""
    plain = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", name)).rstrip(". ")
    if not plain or _DEVICE.match(plain):
        plain = f"_{plain}"
    return _cut(plain, "")


def _apart(name: str, taken: set[str]) -> str:
    """The name, or the same with a number behind it if there is one like it already."""
    number, other = 1, name
    while _key(other) in taken:
        number += 1
        other = _cut(name, f"-{number}")
    taken.add(_key(other))
    return other


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name.upper()).casefold()


def _cut(name: str, behind: str) -> str:
    """A name with something behind it, before how it ends, and no longer than it may be."""
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > LONGEST // 4:
        stem, dot, ending = name, "", ""
    room = LONGEST - _length(f"{behind}{dot}{ending}")
    while _length(stem) > room:
        stem = stem[:-1]
    return f"{stem.rstrip('. ') or '_'}{behind}{dot}{ending}"


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
