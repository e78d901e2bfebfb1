"""From the text of a delivery to rows of fields, each with its line as an editor shows it.

However many bytes there are and whatever they hold, the work is in proportion to them: how many lines, fields and
characters in a row there may be is told from the text, before the reader of CSV sees it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern

from msgspec import Struct

from pipeline import dutch
from pipeline.intake.findings import Refused, Severity, Shown
from pipeline.intake.readers.decoding import line_ends
from pipeline.intake.readers.file_access import Limits

DELIMITERS = ";,\t|"
FIELD_LIMIT = 32_000
"""How long a field may be; a longer one is no text that anybody typed."""
ROW_LIMIT = 100_000
"""How long a row may be. The csv module refuses fields from 131,072 characters, for the whole process; this stays
below it, so that we need not change that."""
FIELDS_A_ROW = 30
"""How many fields a row may have, taken over as many rows as there may be."""
HEADER_WITHIN = 20
"""Among how many filled rows from the top the header is looked for."""

_SAID = re.compile(r'(?i)\ufeff?"?sep=([^\w\s"]|\t)"?[;,\t ]*(\r\n|\r|\n)')
_END = "\x00einde\x00"
"""A line that no delivery has (NUL is refused before); if it does not come back as a row, a quote is still open."""
_LINE_END = re.compile(r"\r\n|\r|\n")
_HEAD = 100_000
_PIECE = 1_000_000


Places = Callable[[int, int | None], str]
"""Says in Dutch where a row is, or one of its fields: "blad Opgave, rij 7" or "blad Opgave, cel D7"."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader says of a field (by its place in the row), or of a whole delivery (None).

    Of an error the field cannot be used.
    """

    field: int | None
    severity: Severity
    code: str
    message: str


class Row(Struct, frozen=True):
    """One row of a delivery: the line it begins on (from 1) and its fields.

    `loose` is the place of a field in which something stands behind its closing quote, if there is one. Of a row that
    is not one of lines of text, `places` says in Dutch where it is, and where each of its fields; `remarks` are what
    its reader has to say of fields.
    """

    line: int
    fields: tuple[str, ...]
    loose: int | None = None
    places: Places | None = None
    remarks: tuple[Remark, ...] = ()

    def place(self, field: int | None = None) -> str:
        """Where it is, or one of its fields, in Dutch; empty if it is a line of text."""
        return self.places(self.line, field) if self.places else ""

    @property
    def in_words(self) -> str:
        """Where it is, in Dutch."""
        return self.place() or f"regel {self.line}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the delimiter of its fields, and its filled rows, which can be gone through once.

    A field in which that stands may be a whole row. `guessed` is the encoding that had to be guessed, if one had to be;
    `remarks` are what else its reader has to say of the whole. One that was made from a delivery comes behind that:
    `made_from` is its name, and `mark` that of what stood there. `shown` are totals that it was calculated to with the
    same choices, by their words.
    """

    delimiter: str
    rows: Iterator[Row]
    guessed: str = ""
    remarks: Sequence[Remark] = ()
    made_from: str = ""
    mark: str = ""
    shown: Mapping[str, Shown] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        return self.rows


def read_rows(text: str, known: Callable[[str], bool], most: int = Limits().rows) -> Table:
    """The filled rows of a table in text: delimited by ; , tab or |, quoted or not, with any line ending.

    The delimiter is the one with which the top of the file has most headers that are `known`, whatever else stands
    above them; a first line such as `sep=;` is skipped, and its delimiter tried too. There may be so many lines below
    the first as there may be rows at `most`: those that are empty, and those within a text, are lines too.

    Raises:
        Refused: if there are too many lines or fields, a row is endless, or a quote is never closed.
    """
    said = _SAID.match(text)
    begin = said.end() if said else 0
    before = 1 if said else 0
    delimiter = _delimiter(text[begin : begin + _HEAD], said[1] if said else "", known)
    _refuse_endless(text, delimiter, before, most)
    return Table(delimiter, _rows(text, begin, delimiter, before))


def _refuse_endless(text: str, delimiter: str, before: int, most: int) -> None:
    """Nothing, if a text may be read as a table; it is only counted, because what is endless must not be read first.

    Raises:
        Refused: if there are too many lines or fields.
    """
    lines = line_ends(text) + (text[-1:] not in "\r\n")
    if lines > before + 1 + most:
        below = f"meer dan {dutch.number(most)} regels onder de eerste"
        message = f"Het bestand heeft {below}; splits het, of haal weg wat leeg is."
        raise Refused("te_veel_regels", message, before + most + 2)
    if text.count(delimiter) > FIELDS_A_ROW * most:
        message = f"Het bestand heeft meer dan {dutch.number(FIELDS_A_ROW * most)} velden; haal lege kolommen weg."
        raise Refused("te_veel_kolommen", message)


def _rows(text: str, begin: int, delimiter: str, before: int) -> Iterator[Row]:
    """The filled rows of a text from a place on, before which stand so many lines."""
    read: list[str] = []  # the lines of the row at hand
    length = 0

    def lines() -> Iterator[str]:
        nonlocal length
        for line in _lines(text, begin):
            length += len(line)
            if length > ROW_LIMIT:
                raise _open_quote(begins) if read else _endless(begins)
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
        if any(map(str.strip, fields)):
            raw = read[0] if len(read) == 1 else "".join(read)
            yield Row(begins, tuple(map(intern, fields)), _loose(raw, delimiter) if '"' in raw else None)
        read.clear()
        length = 0
        begins = ends + 1


def _lines(text: str, begin: int) -> Iterator[str]:
    """The lines of a text from a place on, with their line ends; read in pieces, because each is copied.

    A line that is longer than a row may be is cut, still too long.
    """
    while begin < len(text):
        most = begin + _PIECE + ROW_LIMIT + 1
        found = _LINE_END.search(text, begin + _PIECE, most)
        end = found.end() if found else most
        yield from io.StringIO(text[begin:end], newline="")
        begin = end


def _loose(raw: str, delimiter: str) -> int | None:
    """The place of the first field in which something other than white space stands behind its closing quote."""
    try:
        for _ in csv.reader([raw], delimiter=delimiter, strict=True):
            return None
    except csv.Error:
        pass
    place, at = 0, 0
    other = f"[^{re.escape(delimiter)}\r\n]*"
    field = re.compile(rf'"(?:[^"]++|"")*+"({other})|{other}')
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


def _endless(line: int) -> Refused:
    message = f"Deze regel is langer dan {dutch.number(ROW_LIMIT)} tekens; zet elke rij op een eigen regel."
    return Refused("regel_te_lang", message, line)


def _delimiter(head: str, said: str, known: Callable[[str], bool]) -> str:
    """The delimiter with which the head of a file has most known headers; where none has, the one with most columns."""

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
