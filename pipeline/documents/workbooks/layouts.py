"""One layout, filled many times: what differs between workbooks of one description is only the values of its cells.

A workbook is built once by the ordinary builder, with a mark in place of each value, and cut at the marks. To fill
it takes a small part of the time of building it, and gives the same bytes; a test holds the two together. What
XlsxWriter treats specially (control characters, edge white space, bool, nan and the like) is refused, to be built.

Strings stand in a workbook once, numbered: first those that are the same in every workbook, then the others in the
order in which they are written, which is that of their cells.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import count

from msgspec import Struct

from pipeline.documents.workbooks.cells import Again, Calculated, Value
from pipeline.documents.workbooks.package import Packed, packed, zipped
from pipeline.documents.workbooks.placed import Placed
from pipeline.documents.workbooks.places import Place, address
from pipeline.documents.workbooks.strings import STRINGS, check_written, element, escape, footer
from pipeline.documents.workbooks.words import COMPLETE

Builder = Callable[[Placed, str, Mapping[Place, Value]], bytes]

_TEXT_MARK, _NUMBER_MARK = "⟦t{}⟧", "⟦n{}:{}⟧"
_TITLE = "⟦title⟧"
_MARK = re.compile(r"⟦[^⟧]*⟧")
_CELLS = re.compile(
    r'(?P<calculated><c r="[A-Z]+\d+"(?: s="\d+")?(?P<type>(?: t="str")?)'
    r"(?P<formula>><f>[^<]*</f><v>)⟦n(?P<cell>\d+):⟧)"
    r'|(?P<given> t="s"><v>(?P<string>\d+))'
    rf"|(?P<footer>{re.escape(escape(footer(_TITLE)))})"
    r"|(?P<title>⟦title⟧)"
)
_SPECIAL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_x|^\s|\s$|^#|⟦")
_LONGEST = 16_000
"""Half of what a cell holds, in which characters beyond the basic plane count double."""


class Unfillable(Exception):
    """A layout or a value that has to be built by the ordinary builder; the message says which and why."""


class _Number(float):
    """A number that is written as a mark, whatever the format."""

    place: int

    def __format__(self, spec: str) -> str:
        return _NUMBER_MARK.format(self.place, spec)

    def __str__(self) -> str:
        return format(self)


class _Part(Struct, frozen=True):
    """One part of the package: deflated, or the pieces between what is filled in, with what that is.

    Of each cell two texts can be filled in, in the order of the cells: what its type is, and what it holds; behind
    those of all cells come the title and the footer.
    """

    name: str
    ready: Packed | None
    pieces: tuple[str, ...] = ()
    fills: tuple[int, ...] = ()

    def filled(self, texts: Sequence[str]) -> str:
        """The part with these texts in it."""
        whole = [""] * (2 * len(self.fills) + 1)
        whole[::2] = self.pieces
        whole[1::2] = [texts[place] for place in self.fills]
        return "".join(whole)


class Filling(Struct, frozen=True):
    """A layout that was built once; `fill` gives it the values of one workbook."""

    cells: tuple[tuple[str, bool], ...]
    """The address of each cell that varies, and whether what it holds is calculated."""
    parts: tuple[_Part, ...]
    strings: tuple[str, ...]
    """The texts that are shared strings in every workbook, which come first, by their elements."""
    references: int
    """How often any of them stands somewhere."""
    head: str

    def fill(self, title: str, values: Sequence[Value]) -> bytes:
        """The bytes of the workbook with this title and these values, the same as the ordinary builder gives.

        Raises:
            Unfillable: if a value is one that XlsxWriter treats specially.
            WorkbookError: if a text would not be in the workbook as it was given.
        """
        written = {title: escape(_text("title", title))}
        numbers = dict(zip(self.strings, count()))
        references = self.references
        texts: list[str] = []
        for (cell, calculated), given in zip(self.cells, values, strict=True):
            if not isinstance(given, str):
                number = _number(cell, given)
                texts += ("", f"{number}") if calculated else ("", f"><v>{number:.16G}")
                continue
            if given not in written:
                written[given] = escape(_text(cell, given))
            if calculated:
                texts += (' t="str"' if given else "", written[given])
            else:
                place = numbers.setdefault(_element(given, written[given]), len(numbers))
                references += 1
                texts += ("", f' t="s"><v>{place}')
        texts += (written[title], escape(footer(title)))
        check_written(title, written)
        strings = f'{self.head} count="{references}" uniqueCount="{len(numbers)}">{"".join(numbers)}</sst>'

        def pack(part: _Part) -> Packed:
            text = strings if part.name == STRINGS else part.filled(texts)
            return packed(part.name, text.encode())

        return zipped((part.name, part.ready or pack(part)) for part in self.parts)


def _element(text: str, written: str) -> str:
    """The shared string of a text, which is one hard space or has no white space at its edges."""
    return element(text) if text == COMPLETE else f"<si><t>{written}</t></si>"


def lay_out(placed: Placed, samples: Iterable[object], build: Builder) -> Filling:
    """Build a layout once, to be filled many times; `samples` are what some of the workbooks are about.

    The first of them of which the workbook can be filled is compared with what the ordinary builder makes of it.

    Raises:
        Unfillable: if the layout cannot be cut at the marks, the two workbooks differ, or none can be filled.
    """
    cells = {place: isinstance(cell, (Calculated, Again)) for place, cell in placed.varying.items()}
    marks = {place: _mark(n, calculated) for n, (place, calculated) in enumerate(cells.items())}
    named = tuple((address(place), calculated) for place, calculated in cells.items())
    filling = _cut_up(build(placed, _TITLE, marks), named)
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


def _cut_up(marked: bytes, cells: tuple[tuple[str, bool], ...]) -> Filling:
    """The layout, from the workbook with a mark for each of these cells."""
    with zipfile.ZipFile(BytesIO(marked)) as package:
        contents = {name: package.read(name).decode() for name in package.namelist()}
    head, references, elements = _shared_strings(contents[STRINGS])
    given = [n for n, (_, calculated) in enumerate(cells) if not calculated]
    fixed = elements[: len(elements) - len(given)]
    if elements != [*fixed, *(element(_TEXT_MARK.format(n)) for n in given)]:
        raise Unfillable("the strings of the layout are not numbered as expected")
    parts = tuple(_cut(name, xml, len(cells), dict(enumerate(given, len(fixed)))) for name, xml in contents.items())
    return Filling(cells, parts, tuple(fixed), references - len(given), head)


def _mark(place: int, calculated: bool) -> Value:
    """A number for what is calculated, which stands in its cell; a string for what is given, because it is numbered."""
    if not calculated:
        return _TEXT_MARK.format(place)
    number = _Number()
    number.place = place
    return number


def _shared_strings(xml: str) -> tuple[str, int, list[str]]:
    """What the part begins with, how many cells refer to it, and its elements."""
    parsed = re.fullmatch(r'(.*<sst xmlns="[^"]*") count="(\d+)" uniqueCount="\d+">(.*)</sst>', xml, re.DOTALL)
    if not parsed:
        raise Unfillable("the strings of the layout are not as expected")
    return parsed[1], int(parsed[2]), re.findall(r"<si>.*?</si>", parsed[3], re.DOTALL)


def _cut(name: str, xml: str, cells: int, given: Mapping[int, int]) -> _Part:
    """One part of the package, cut at what is to be filled in; `given` are the cells with a text, by its number."""
    if name == STRINGS:
        return _Part(name, None)
    pieces: list[str] = []
    fills: list[int] = []
    at = 0

    def cut(start: int, end: int, fill: int) -> None:
        nonlocal at
        pieces.append(xml[at:start])
        fills.append(fill)
        at = end

    for found in _CELLS.finditer(xml):
        if found["calculated"]:
            cut(*found.span("type"), 2 * int(found["cell"]))
            cut(found.end("formula"), found.end(), 2 * int(found["cell"]) + 1)
        elif not found["given"]:
            cut(*found.span(), 2 * cells + bool(found["footer"]))
        elif (number := int(found["string"])) in given:
            cut(*found.span(), 2 * given[number] + 1)
    pieces.append(xml[at:])
    if left := [mark[0] for piece in pieces for mark in _MARK.finditer(piece)]:
        raise Unfillable(f"{name}: {left[0]} stands where nothing can be filled in")
    return _Part(name, None, tuple(pieces), tuple(fills)) if fills else _Part(name, packed(name, xml.encode()))


# --- Filling in -------------------------------------------------------------------------------------------------------


def _text(name: str, value: str) -> str:
    """A text, if it is an ordinary one, or one hard space."""
    if value == COMPLETE or (len(value) <= _LONGEST and not _SPECIAL.search(value)):
        return value
    raise Unfillable(f"{name}: {value!r:.60} has to be built")


def _number(name: str, value: Value) -> float:
    """A number, if it is an ordinary one."""
    if type(value) is Decimal:
        return float(value)
    if (type(value) is float or type(value) is int) and math.isfinite(value):
        return value
    raise Unfillable(f"{name}: {value!r:.60} has to be built")
