"""From the bytes of a delivery to rows of fields, each with its line as an editor shows it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

DELIMITERS = ";,\t|"
FIELD_LIMIT = 32_000


class Undecodable(Exception):
    """The bytes are no text, or no table; the message says so in Dutch."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a delivery: the line it begins on (from 1) and its fields."""

    line: int
    fields: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in."""
        return not any(field.strip() for field in self.fields)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 and UTF-16 by their mark, UTF-8 without, and else Windows-1252 or what is detected.

    Raises:
        Undecodable: if it is no text.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return _checked(data.decode(encoding))
            except UnicodeDecodeError:
                raise Undecodable("het bestand is beschadigd: de tekens kloppen niet met zijn codering") from None
    for encoding in ("utf-8", "cp1252"):
        try:
            return _checked(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=["cp850", "mac_roman", "iso8859_15"]).best()
    if best is None:
        raise Undecodable("de codering is niet te herkennen; sla het op als CSV UTF-8")
    return _checked(str(best))


def _checked(text: str) -> str:
    if "\0" in text:
        raise Undecodable("het bestand bevat NUL-tekens en is geen tekst; sla het op als CSV UTF-8")
    return text


def read_rows(text: str) -> Iterator[Row]:
    """The rows of a table in text: delimited by ; , tab or |, quoted or not, with any line ending.

    Raises:
        Undecodable: if a field is too long to be one, as when a quote is never closed.
    """
    delimiter, skipped = _delimiter(text)
    lines = io.StringIO(text, newline="")
    for _ in range(skipped):
        lines.readline()
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(lines, delimiter=delimiter)
    line = 0
    try:
        for fields in reader:
            yield Row(line + 1 + skipped, tuple(fields))
            line = reader.line_num
    except csv.Error:
        raise Undecodable(
            f"vanaf regel {line + 1 + skipped} is een veld langer dan {FIELD_LIMIT} tekens; sluit het aanhalingsteken"
        ) from None


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter, and how many lines to skip: one if the first says `sep=`."""
    first = text[:10_000].splitlines()[:12] or [""]
    if said := re.fullmatch(r'"?sep=(.)"?', first[0].strip("\ufeff \t"), re.IGNORECASE):
        return said[1], 1
    # The header is the line with most columns; quoted text does not count.
    bare = [re.sub(r'"[^"]*"', "", line) for line in first]
    return max(DELIMITERS, key=lambda d: max(line.count(d) for line in bare)), 0
