"""Reading of XML that may be hostile, in one pass: time and memory stay in proportion to what office programs write.

Entities and document types are refused, and with them all that refers to anything outside. What expat would hold in
memory (open elements, names, an endless tag) is bounded by what can be counted without asking about each element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from pipeline.intake.findings import Refused
from pipeline.intake.readers.spreadsheets.containers import damaged

MOST_TAGS = 10_000_000
"""How many tags a part may have that does not hold rows; shared texts have at most two and a text."""
_MOST_OPEN = 100_000
_MOST_NAMES = 20_000
_LONGEST_TAG = 1_000_000

Start = Callable[[str, Mapping[str, str]], None]


def elements(
    pieces: Iterable[bytes],
    start: Start,
    text: Callable[[str], None],
    end: Callable[[str], None] | None = None,
    *,
    tags: int = MOST_TAGS,
) -> Iterator[None]:
    """Go through XML: `start` is called with each element and its attributes, `text` with what stands between tags.

    It stops after each piece, so that what was read so far can be used. `end` is called with each element that ends.
    There may be so many `tags`.

    Raises:
        Refused: if it is no well-formed XML, or has a document type, or far more in it than any program writes.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 65_536
    parser.StartDoctypeDeclHandler = refuse_document_type
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    ended: list[str] = []

    def ends(tag: str) -> None:
        ended.append(tag)
        end(tag)  # type: ignore[misc]

    parser.EndElementHandler = ends if end else ended.append
    found = opened = fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece)
            fed += len(piece)
            found += piece.count(b"<")
            opened += piece.count(b"<") - piece.count(b"</") - len(ended)
            ended.clear()
            if found > tags:
                raise too_many_cells()
            too_long = fed - parser.CurrentByteIndex > _LONGEST_TAG
            if opened > _MOST_OPEN or too_long or len(parser.intern) > _MOST_NAMES:
                raise damaged()
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, LookupError, ValueError):  # also an encoding that is none
        raise damaged() from None


def read_all(
    pieces: Iterable[bytes],
    start: Start,
    text: Callable[[str], None] = lambda _: None,
    end: Callable[[str], None] | None = None,
) -> None:
    """Go through XML to its end, as `elements` does."""
    for _ in elements(pieces, start, text, end):
        pass


def too_many_names() -> Refused:
    """What is said of a workbook with too many defined names."""
    return Refused("werkmap_te_groot", "De werkmap heeft te veel namen voor cellen; haal weg wat niet nodig is.")


def too_many_cells() -> Refused:
    """What is said of a workbook with too many cells."""
    message = "De werkmap heeft te veel cellen, ook lege; haal weg wat alleen opmaak heeft, of splits haar."
    return Refused("werkmap_te_groot", message)


def refuse_document_type(*_: object) -> NoReturn:
    """Refuse XML with a document type, in which entities could be declared."""
    message = "In de werkmap staat een documenttype, dat Excel en LibreOffice nooit schrijven; bewaar haar opnieuw."
    raise Refused("werkmap_beschadigd", message)
