"""Texts as a workbook holds them: as what they say, whatever they look like; and whether that is what came of it.

XlsxWriter takes a text between `<r>` and `</r>` for markup that it made itself, and writes it as it is. Here every text
is escaped: `literal_book.py` writes the shared strings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from xml.etree import ElementTree
from xml.parsers import expat

from pipeline.errors import WorkbookError

STRINGS = "xl/sharedStrings.xml"
"""The part of a workbook that holds each text once."""
MOST = 32_767
"""How many characters a cell holds; those beyond the basic plane count double."""

FOOTER = 80
"""How many characters of a title stand at the foot of a page; each may count double."""

_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_HELD = re.compile("_x([0-9a-fA-F]{4})_")


def escape(text: str) -> str:
    """A text as XML holds it; the function of the standard library takes a network library with it.

    >>> escape("a < b & c")
    'a &lt; b &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def held(text: str) -> str:
    r"""A text in which what XML cannot hold is written by its number, as the format does; not yet escaped.

    >>> held("a\x07b"), held("_x0041_")
    ('a_x0007_b', '_x005F_x0041_')
    """
    if text.isprintable() and "_x" not in text:  # as nearly all are, which is seen sooner than it is looked for
        return text
    return _NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def element(text: str) -> str:
    """The shared string that shows a text literally."""
    preserve = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    return f"<si><t{preserve}>{escape(held(text))}</t></si>"


def fitting(text: str) -> str:
    """A text that a cell can hold: one that is too long ends in an ellipsis."""
    if len(text) <= MOST // 2 or len(units := text.encode("utf-16-le", "surrogatepass")) <= 2 * MOST:
        return text
    return units[: 2 * (MOST - 1)].decode("utf-16-le", "ignore") + "…"


def footer(title: str) -> str:
    """What stands at the foot of every page of the workbook with this title: that, and which page of how many it is.

    A program takes `&` for the begin of a code unless it is doubled, and no more than 255 characters.
    """
    name = title if len(title) <= FOOTER else f"{title[:FOOTER]}…"
    return f'&L&"Arial,Regular"&9 {name.replace("&", "&&")}&R&"Arial,Regular"&9 Pagina &P van &N'


# --- Whether it came out as it should ---------------------------------------------------------------------------------


def check_part(title: str, name: str, data: bytes | str) -> None:
    """Nothing, if a part of the workbook with this title is well-formed XML.

    Raises:
        WorkbookError: if it is not.
    """
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        raise wrong(title, f"its part {name} cannot be read ({error})") from error


def check_strings(title: str, data: bytes | str, given: Set[str]) -> None:
    """Nothing, if the shared strings of the workbook with this title are just the texts that were given.

    Raises:
        WorkbookError: if they are anything else.
    """
    try:
        strings = ElementTree.XML(data)
    except ElementTree.ParseError as error:
        raise wrong(title, f"its part {STRINGS} cannot be read ({error})") from error
    if [len(string) for string in strings.iter()] != [len(strings), *(1, 0) * len(strings)]:
        raise wrong(title, f"its part {STRINGS} holds more than plain text")
    if {_shown(string[0].text or "") for string in strings} != given:
        raise wrong(title, f"its part {STRINGS} holds other texts than were given")


def _shown(text: str) -> str:
    """The text that is held so."""
    return _HELD.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def check_written(title: str, written: Mapping[str, str]) -> None:
    """Nothing, if each text, as it is written between tags, says what was given.

    A layout was checked when it was built; what is filled into it then keeps it whole.

    Raises:
        WorkbookError: if one says anything else.
    """
    check_strings(
        title, f"<sst>{''.join(f'<si><t>{text}</t></si>' for text in written.values())}</sst>", written.keys()
    )


def wrong(title: str, what: str) -> WorkbookError:
    """The error that says what is wrong with the workbook with this title."""
    return WorkbookError(
        f"The workbook “{title}” came out wrong: {what}. This is a fault of this program, not of a delivery; please "
        "report it."
    )
