"""From the text of a delivery to rows of fields, each with its line as an editor shows it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.intake.findings import Refused

DELIMITERS = ";,\t|"
FIELD_LIMIT = 32_000
"""How long a field may be; a longer one is no text that anybody typed."""
HEADER_WITHIN = 20
"""Among how many filled rows from the top the header is looked for."""

_SAID = re.compile(r'(?i)\ufeff?"?sep=([^\w\s"]|\t)"?[;,\t ]*(\r\n|\r|\n)')
_END = "\x00einde\x00"
"""A line that no delivery has (NUL is refused before); if it does not come back as a row, a quote is still open."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a delivery: the line it begins on (from 1) and its fields.

    `loose` is the place of a field in which something stands behind its closing quote, if there is one.
    """

    line: int
    fields: tuple[str, ...]
    loose: int | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in."""
        return not any(field and not field.isspace() for field in self.fields)


def read_rows(text: str, known: Callable[[str], bool]) -> Iterator[Row]:
    """The filled rows of a table in text: delimited by ; , tab or |, quoted or not, with any line ending.

    The delimiter is the one with which the top of the file has most headers that are `known`, whatever else stands
    above them; a first line such as `sep=;` is skipped, and its delimiter tried too.

    Raises:
        Refused: if a quote is never closed.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + len(_END)))  # it holds for the whole process
    said = _SAID.match(text)
    table = text[said.end() :] if said else text
    delimiter = _delimiter(table, said[1] if said else "", known)
    return (row for row in _rows(table, delimiter, 1 if said else 0) if not row.empty)


def _rows(text: str, delimiter: str, before: int) -> Iterator[Row]:
    """All rows of a text, of which so many lines were skipped `before`."""
    read: list[str] = []  # the lines of the row at hand

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            read.append(line)
            yield line
        yield _END

    reader = csv.reader(lines(), delimiter=delimiter)
    begins = before + 1
    for fields in reader:
        ends = before + reader.line_num
        if fields == [_END] and ends == begins:
            return
        if fields and fields[-1].endswith(_END):
            raise _open_quote(begins)
        raw = read[0] if len(read) == 1 else "".join(read)
        read.clear()
        yield Row(begins, tuple(fields), _loose(raw, delimiter) if '"' in raw else None)
        begins = ends + 1


def _loose(raw: str, delimiter: str) -> int | None:
    """The place of the first field in which something other than white space stands behind its closing quote."""
    try:
        for _ in csv.reader([raw], delimiter=delimiter, strict=True):
            return None
    except csv.Error:
        pass
    place, at = 0, 0
    other = f"[^{re.escape(delimiter)}\r\n]*"
    field = re.compile(rf'"(?:[^"]|"")*"({other})|{other}')
    while found := field.match(raw, at):
        if found[1] and not found[1].isspace():
            return place
        at = found.end() + 1
        if at > len(raw):
            break
        place += 1
    return None


def _open_quote(line: int) -> Refused:
    message = (
        f'In de rij die op regel {line} begint, wordt een aanhalingsteken (") niet gesloten; sluit het '
        "aanhalingsteken of haal het weg."
    )
    return Refused("aanhalingsteken_open", message, line)


def _delimiter(text: str, said: str, known: Callable[[str], bool]) -> str:
    """The delimiter that gives most known headers; where none does, the one that gives most columns."""
    head = text[:100_000]

    def merit(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
        headers, width, filled = 0, 0, 0
        try:
            for fields in reader:
                width = max(width, len(fields))
                if any(fields):
                    headers = max(headers, sum(map(known, fields)))
                    filled += 1
                if filled == HEADER_WITHIN:
                    break
        except csv.Error:
            pass  # a quote that is open in this dialect; what came before it counts
        return headers, width

    return max(dict.fromkeys(said + DELIMITERS), key=merit)
