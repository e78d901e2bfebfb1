"""One layout, filled many times: what differs between workbooks of one description is only the values of its cells.

A workbook is built once by the ordinary builder, with a mark in place of each value, and cut at the marks. To fill
it takes a seventh of the time of building it, and gives the same bytes; a test holds the two together. What
XlsxWriter treats specially (control characters, edge white space, bool, nan and the like) is refused, to be built.

Strings stand in a workbook once, numbered in the order in which they were written. The marks show that order, so that
the numbers can be worked out anew for every workbook.
"""

from __future__ import annotations

import math
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from pipeline.documents.workbooks.cells import Again, Calculated, Value
from pipeline.documents.workbooks.placed import Placed
from pipeline.documents.workbooks.places import Place, address
from pipeline.documents.workbooks.strings import STRINGS, check_written, element, escape, footer
from pipeline.documents.workbooks.words import COMPLETE

Builder = Callable[[Placed, str, Mapping[Place, Value]], bytes]

_TEXT_MARK, _NUMBER_MARK = "⟦t{}⟧", "⟦n{}:{}⟧"
_TITLE = "⟦title⟧"
_MARK = re.compile(r"⟦[^⟧]*⟧")
_CELLS = re.compile(
    r'(?P<formula>(?P<before><c r="[A-Z]+\d+"(?: s="\d+")?)(?P<type>(?: t="str")?)(?P<f>><f>[^<]*</f><v>)'
    r"⟦(?:n(?P<number>\d+):|t(?P<text>\d+))⟧)"
    r'|(?P<string> t="s"><v>(?P<place>\d+))'
    rf"|(?P<footer>{re.escape(escape(footer(_TITLE)))})"
    r"|(?P<title>⟦title⟧)"
)
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x|^\s|\s$|^#|⟦")
_LONGEST = 16_000
"""Half of what a cell holds, in which characters beyond the basic plane count double."""


class Unfillable(Exception):
    """A layout or a value that has to be built by the ordinary builder; the message says which and why."""


_Packed = tuple[bytes, bytes]
"""The checksum and sizes of a part as a zip file holds them, and its deflated bytes."""


class _Number(float):
    """A number that is written as a mark, whatever the format."""

    place: int

    def __format__(self, spec: str) -> str:
        return _NUMBER_MARK.format(self.place, spec)

    def __str__(self) -> str:
        return format(self)


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of the package: its two zip headers, and its deflated bytes or the pieces between what is filled in.

    The places to fill in are the odd pieces, each the number of a slot.
    """

    name: str
    header: bytes
    entry: bytes
    ready: _Packed | None
    pieces: tuple[str, ...] = ()
    slots: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Filling:
    """A layout that was built once; `fill` gives it the values of one workbook."""

    cells: tuple[str, ...]
    """The address of each cell that varies."""
    parts: tuple[_Part, ...]
    strings: tuple[str | int, ...]
    """Every string in the order of writing: its element, or the place of the value that stands there."""
    references: int
    uses: Mapping[int, int]
    head: str

    def fill(self, title: str, values: Sequence[Value]) -> bytes:
        """The bytes of the workbook with this title and these values, the same as the ordinary builder gives.

        Raises:
            Unfillable: if a value is one that XlsxWriter treats specially.
            WorkbookError: if a text would not be in the workbook as it was given.
        """
        own = [_checked(cell, value) for cell, value in zip(self.cells, values, strict=True)]
        title = str(_checked("title", title))
        written = {text: escape(text) for text in (title, *own) if isinstance(text, str)}
        check_written(title, written)
        numbers, strings = self._number_strings(own, written)
        write: dict[str, Callable[[int], str]] = {
            "type": lambda n: ' t="str"' if own[n] and isinstance(own[n], str) else "",
            "value": lambda n: written[v] if isinstance(v := own[n], str) else f"{v}",
            "given": lambda n: f' t="s"><v>{numbers[n]}' if isinstance(v := own[n], str) else f"><v>{v:.16G}",
            "string": lambda n: f' t="s"><v>{numbers[-1 - n]}',
            "title": lambda _: written[title],
            "footer": lambda _: escape(footer(title)),
        }
        return _zipped(
            (part, part.ready or _packed(strings if part.name == STRINGS else _filled(part, write)))
            for part in self.parts
        )

    def _number_strings(self, own: Sequence[str | float], written: Mapping[str, str]) -> tuple[dict[int, int], str]:
        """The number of each string (of a value by its place, of a fixed one by -1 minus its own), and their part."""
        number_of: dict[str, int] = {}
        numbers: dict[int, int] = {}
        references = self.references
        for order, string in enumerate(self.strings):
            if isinstance(string, str):
                numbers[-1 - order] = number_of.setdefault(string, len(number_of))
            elif isinstance(text := own[string], str):
                numbers[string] = number_of.setdefault(_element(text, written), len(number_of))
            else:
                references -= self.uses[string]
        return numbers, f'{self.head} count="{references}" uniqueCount="{len(number_of)}">{"".join(number_of)}</sst>'


def _element(text: str, written: Mapping[str, str]) -> str:
    """The shared string of a text, which is one hard space or has no white space at its edges."""
    return element(text) if text == COMPLETE else f"<si><t>{written[text]}</t></si>"


def lay_out(placed: Placed, samples: Iterable[object], build: Builder) -> Filling:
    """Build a layout once, to be filled many times; `samples` are what some of the workbooks are about.

    The first of them of which the workbook can be filled is compared with what the ordinary builder makes of it.

    Raises:
        Unfillable: if the layout cannot be cut at the marks, the two workbooks differ, or none can be filled.
    """
    marks = {
        place: _mark(n, isinstance(cell, (Calculated, Again))) for n, (place, cell) in enumerate(placed.varying.items())
    }
    filling = _cut_up(build(placed, _TITLE, marks), tuple(map(address, marks)))
    why = None
    for about in samples:
        title, values = placed.titled(about), placed.values(about)
        try:
            filled = filling.fill(title, values)
        except Unfillable as error:
            why = why or error
            continue
        if filled != build(placed, title, dict(zip(marks, values, strict=True))):
            raise Unfillable("the filled workbook differs from the one that was built")
        return filling
    raise why or Unfillable("there is no workbook to fill")


# --- Cutting at the marks ---------------------------------------------------------------------------------------------


def _cut_up(marked: bytes, cells: tuple[str, ...]) -> Filling:
    """The layout, from the workbook with a mark for each of these cells."""
    with zipfile.ZipFile(BytesIO(marked)) as package:
        contents = {part.filename: package.read(part).decode() for part in package.infolist()}
        head, _, count, elements = _shared_strings(contents[STRINGS])
        order = tuple(_string(element) for element in elements)
        headers = _headers(marked, package.start_dir, len(contents))
        parts = tuple(
            _cut(part.filename, *header, contents[part.filename], order)
            for part, header in zip(package.infolist(), headers, strict=True)
        )
    uses: dict[int, int] = {}
    for part in parts:
        for kind, place in part.slots:
            if kind == "given":
                uses[place] = uses.get(place, 0) + 1
    return Filling(cells, parts, order, count, uses, head)


def _mark(place: int, calculated: bool) -> Value:
    """A number for what is calculated, which stands in its cell; a string for what is given, because it is numbered."""
    if not calculated:
        return _TEXT_MARK.format(place)
    number = _Number()
    number.place = place
    return number


def _shared_strings(xml: str) -> tuple[str, str, int, list[str]]:
    parsed = re.fullmatch(r'(.*<sst xmlns="[^"]*") count="(\d+)" uniqueCount="(\d+)">(.*)</sst>', xml, re.DOTALL)
    if not parsed:
        raise Unfillable("the strings of the layout are not as expected")
    return parsed[1], parsed[3], int(parsed[2]), re.findall(r"<si>.*?</si>", parsed[4], re.DOTALL)


def _string(element: str) -> str | int:
    """The place of the value whose mark it is, or the element itself."""
    mark = re.fullmatch(r"<si><t>⟦t(\d+)⟧</t></si>", element)
    return int(mark[1]) if mark else element


def _cut(name: str, header: bytes, entry: bytes, xml: str, order: Sequence[str | int]) -> _Part:
    """One part of the package, cut at what is to be filled in."""
    if name == STRINGS:
        return _Part(name, header, entry, None)
    pieces: list[str] = []
    slots: list[tuple[str, int]] = []
    at = 0

    def slot(kind: str, place: int, start: int, end: int) -> None:
        nonlocal at
        pieces.append(xml[at:start])
        slots.append((kind, place))
        at = end

    for found in _CELLS.finditer(xml):
        if found["formula"]:
            place = int(found["number"] or found["text"])
            slot("type", place, *found.span("type"))
            slot("value", place, found.end("f"), found.end())
        elif found["string"]:
            number = int(found["place"])
            what = order[number]
            if isinstance(what, int):
                slot("given", what, *found.span())
            else:
                slot("string", number, *found.span())
        else:
            slot("footer" if found["footer"] else "title", 0, *found.span())
    pieces.append(xml[at:])
    if left := [mark[0] for piece in pieces for mark in _MARK.finditer(piece)]:
        raise Unfillable(f"{name}: {left[0]} stands where nothing can be filled in")
    if not slots:
        return _Part(name, header, entry, _packed(xml))
    return _Part(name, header, entry, None, tuple(pieces), tuple(slots))


# --- Filling in -------------------------------------------------------------------------------------------------------


def _checked(name: str, value: Value) -> str | float:
    """The value, if it is an ordinary text or number, or a text of one hard space."""
    match value:
        case str():
            if value == COMPLETE:
                return value
            if len(value) <= _LONGEST and not _SPECIAL.search(value):
                return value
        case Decimal():
            return float(value)
        case float() | int():
            if type(value) in (float, int) and math.isfinite(value):
                return value
    raise Unfillable(f"{name}: {value!r:.60} has to be built")


def _filled(part: _Part, write: Mapping[str, Callable[[int], str]]) -> str:
    filled = [""] * (2 * len(part.slots) + 1)
    filled[::2] = part.pieces
    filled[1::2] = [write[kind](place) for kind, place in part.slots]
    return "".join(filled)


# --- The package: a zip file, of which the parts that stay the same are deflated once ---------------------------------


def _packed(text: str) -> _Packed:
    data = text.encode()
    compressor = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
    deflated = compressor.compress(data) + compressor.flush()
    return struct.pack("<III", zlib.crc32(data), len(deflated), len(data)), deflated


def _headers(package: bytes, directory: int, number: int) -> list[tuple[bytes, bytes]]:
    """Of each part its local header and its entry in the directory; checksum, sizes and offset are filled in later."""
    headers = []
    for _ in range(number):
        name, extra, comment = struct.unpack_from("<HHH", package, directory + 28)
        entry = package[directory : directory + 46 + name + extra + comment]
        (start,) = struct.unpack_from("<I", entry, 42)
        lengths = struct.unpack_from("<HH", package, start + 26)
        headers.append((package[start : start + 30 + sum(lengths)], entry))
        directory += len(entry)
    return headers


def _zipped(parts: Iterable[tuple[_Part, _Packed]]) -> bytes:
    """The package of its parts and what is in them."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for part, (sizes, deflated) in parts:
        body += (part.header[:14], sizes, part.header[26:], deflated)
        entry = part.entry
        directory.append(b"".join((entry[:16], sizes, entry[28:42], struct.pack("<I", offset), entry[46:])))
        offset += len(part.header) + len(deflated)
    listed = b"".join(directory)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(directory), len(directory), len(listed), offset, 0)
    return b"".join((*body, listed, end))
