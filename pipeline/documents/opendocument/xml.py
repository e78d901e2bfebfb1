"""XML in the namespaces of OpenDocument, written with their usual prefixes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from xml.etree import ElementTree

VERSION = "1.3"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {
    **{
        prefix: f"{_OASIS}:{prefix}:1.0"
        for prefix in ("office", "table", "text", "style", "meta", "config", "manifest")
    },
    "number": f"{_OASIS}:datastyle:1.0",
    "fo": f"{_OASIS}:xsl-fo-compatible:1.0",
    "svg": f"{_OASIS}:svg-compatible:1.0",
    "of": f"{_OASIS}:of:1.2",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}

Attributes = Mapping[str, object]


def element(tag: str, attributes: Attributes | None = None, *within: ElementTree.Element | str) -> ElementTree.Element:
    """An element with its attributes and what is in it, each name with its prefix; attributes that are None are not."""
    made = ElementTree.Element(tag, {name: f"{v}" for name, v in (attributes or {}).items() if v is not None})
    for each in within:
        if not isinstance(each, str):
            made.append(each)
        elif len(made):
            made[-1].tail = f"{made[-1].tail or ''}{each}"
        else:
            made.text = f"{made.text or ''}{each}"
    return made


def document(tag: str, *within: ElementTree.Element) -> bytes:
    """A part of a document, with the version of the format."""
    prefix = tag.partition(":")[0]
    spaces = {f"xmlns:{name}": space for name, space in _SPACES.items()}
    root = element(tag, {**spaces, f"{prefix}:version": VERSION}, *within)
    written: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return written


def paragraphs(text: str) -> Iterator[ElementTree.Element]:
    """A text as paragraphs, one a line; a blank that would be lost in XML, beside another or an edge, is an element."""
    for line in text.split("\n"):
        parts: list[ElementTree.Element | str] = []
        for before, word in pairwise(["", *line.split(" ")]):
            if parts:
                parts.append(" " if before and word else element("text:s"))
            parts.append(word)
        yield element("text:p", None, *parts)
