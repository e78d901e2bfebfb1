"""The zip that a workbook is: refused before anything reads it, if it is not what an office program would write.

What is declared is checked first, for all entries; that no entry holds more than it declares is checked while it is
inflated, in small pieces.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from msgspec import Struct

from pipeline import dutch
from pipeline.intake.findings import Refused
from pipeline.intake.readers.file_access import Limits

MOST_ENTRIES = 2_000
"""How many parts a workbook may have; one with a sheet for each municipality stays far below it."""
TIMES_LARGER = 5
"""How many times as large as a delivery may be all parts together may be, inflated."""
MOST_RATIO = 200
"""How many times smaller than its content a part may be; the repetition in tables of a million rows stays below it."""
_RATIO_FROM = 1_000_000
TAGS_A_ROW = 100
"""How many tags a sheet may have, taken over as many rows as there may be: those of 22 cells, or of 50 empty ones."""
_TAGS_AT_LEAST = 1_000_000
_PIECE = 65_536
_ENCRYPTED = 0x1


class Container(Struct, frozen=True):
    """A zip of which the entries may be read, within the limits of a delivery."""

    file: zipfile.ZipFile
    limits: Limits

    @property
    def tags(self) -> int:
        """How many tags a part may have that holds rows."""
        return max(TAGS_A_ROW * self.limits.rows, _TAGS_AT_LEAST)

    def __contains__(self, name: str) -> bool:
        return name in self.file.NameToInfo

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of an entry, in small pieces.

        Raises:
            Refused: if it is not there, or is damaged.
        """
        try:
            with self.file.open(name) as entry:
                while piece := entry.read(_PIECE):
                    yield piece
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
            raise damaged() from None

    def held(self, name: str) -> Iterator[bytes]:
        """The content of an entry of which all is held in memory, in small pieces.

        Raises:
            Refused: if it is not there, is damaged or too large.
        """
        if name in self and self.file.getinfo(name).file_size > self.limits.file_bytes:
            raise _too_large(self.limits.file_bytes)
        yield from self.pieces(name)


def open_container(data: bytes, limits: Limits) -> Container:
    """The zip in some bytes, if it may be read.

    Raises:
        Refused: if it is damaged, encrypted, or would become too large.
    """
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, OverflowError):
        raise damaged() from None
    entries = file.infolist()
    if len(entries) > MOST_ENTRIES:
        message = f"De werkmap bestaat uit meer dan {dutch.number(MOST_ENTRIES)} delen; bewaar haar opnieuw in Excel."
        raise Refused("werkmap_te_groot", message)
    if len(file.NameToInfo) < len(entries):
        raise Refused("werkmap_beschadigd", "In de werkmap staat een deel twee keer; bewaar haar opnieuw in Excel.")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise encrypted()
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise damaged()
    if sum(entry.file_size for entry in entries) > (most := TIMES_LARGER * limits.file_bytes):
        raise _too_large(most)
    if any(e.file_size > max(_RATIO_FROM, MOST_RATIO * e.compress_size) for e in entries):
        message = (
            f"Een deel van de werkmap is meer dan {MOST_RATIO} keer zo groot als het is ingepakt; haal rijen weg die "
            "alleen opmaak hebben, en bewaar haar opnieuw."
        )
        raise Refused("werkmap_te_groot", message)
    return Container(file, limits)


def damaged() -> Refused:
    """What is said of a workbook that cannot be read to its end."""
    message = "De werkmap is beschadigd of niet compleet; open haar in Excel of LibreOffice en bewaar haar opnieuw."
    return Refused("werkmap_beschadigd", message)


def encrypted() -> Refused:
    """What is said of a workbook that asks for a password."""
    return Refused("werkmap_versleuteld", "De werkmap is met een wachtwoord beveiligd; bewaar haar zonder wachtwoord.")


def _too_large(most: int) -> Refused:
    message = (
        f"De werkmap is uitgepakt groter dan {dutch.number(most)} bytes; haal weg wat niet nodig is, ook rijen die "
        "alleen opmaak hebben, of splits haar."
    )
    return Refused("werkmap_te_groot", message)
