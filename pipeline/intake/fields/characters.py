"""Characters that a reader does not see, and how a text is shown so that nothing in it hides or goes on without end."""

from __future__ import annotations

import re

HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
"""Characters that hide or reorder what a reader sees, or that no document may hold.

Control characters but tab and line feed, signs that turn the reading direction, invisible spaces, private use, half
pairs, and U+FFFD, which stands for a damaged character. What joins emoji and letters (U+200C, U+200D) is not in it,
nor the soft hyphen.
"""
SHOWN = 200
"""How many characters of a value a finding holds; the whole of it is in the rejected row."""


ADDRESS = "[e-mailadres]"
"""What stands in place of an e-mail address: whose it is may be a person."""
_AT = "@\uff20"
_WORD = re.compile(r"[^\s;,<>()\"“”]+")
_ADDRESS = re.compile(rf"[^{_AT}][{_AT}][^{_AT}]")
_OPENS = "([{"
_NO_PART = rf'\s;,<>()\[\]{{}}"“”{_AT}'
_SPACED = re.compile(
    rf"(?<![^{_NO_PART}])[^{_NO_PART}]+[ \t]{{0,9}}(?:[{_AT}]|[(\[{{][ \t]?at[ \t]?[)\]}}])[ \t]{{0,9}}"
    rf"[^{_NO_PART}]{{1,255}}\.[^\W\d_]{{2,}}",
    re.IGNORECASE,
)


def without_addresses(text: str) -> str:
    """A text with something else in place of each e-mail address, and of what looks like one.

    So is one with spaces around its @, or with (at), if what is behind it looks like a domain.

    >>> without_addresses("Jan <jan@zeist.nl>; 2 @ 5"), without_addresses("piet @ zeist.nl of an (at) zeist.nl")
    ('Jan <[e-mailadres]>; 2 @ 5', '[e-mailadres] of [e-mailadres]')
    """
    if "@" not in text and "\uff20" not in text and not any(map(text.__contains__, _OPENS)):
        return text  # as nearly all are
    words = _WORD.sub(lambda word: ADDRESS if _ADDRESS.search(word[0]) else word[0], text)
    return _SPACED.sub(ADDRESS, words)


def shown(text: str) -> str:
    """A text as a finding may show it: nothing hidden in it, no e-mail address, and not endless.

    >>> shown("a\u202eb"), shown("jan@zeist.nl")
    ('a[U+202E]b', '[e-mailadres]')
    """
    return visible(without_addresses(text))


def visible(text: str) -> str:
    """A text with nothing hidden in it, and not endless."""
    if text.isascii() and text.isprintable() and len(text) <= SHOWN:
        return text  # as nearly all are
    seen = HIDDEN.sub(_by_number, text[:SHOWN])
    return f"{seen}…" if len(text) > SHOWN else seen


def in_a_line(text: str) -> str:
    r"""A text on one line, with nothing hidden in it, as a terminal may show it; however long it is.

    >>> in_a_line("a\n\x1b[31m")
    'a[U+000A][U+001B][31m'
    """
    return _NOT_IN_A_LINE.sub(_by_number, text)


_NOT_IN_A_LINE = re.compile(f"[\t\n]|{HIDDEN.pattern}")


def _by_number(character: re.Match[str]) -> str:
    return f"[U+{ord(character[0]):04X}]"


QUOTED = 80
"""How many characters of a value a sentence quotes."""


def quoted(text: str) -> str:
    r"""A value within a sentence: on one line, between quotation marks, and not endless.

    >>> quoted("in\nhuis")
    '“in huis”'
    """
    line = " ".join(shown(text).split())
    return f"“{line[:QUOTED]}…”" if len(line) > QUOTED else f"“{line}”"


def what_hides(character: str) -> str:
    """What is wrong with a hidden character, in Dutch."""
    code = f"(U+{ord(character):04X})"
    if character == "\ufffd":
        return f"beschadigd {code}"
    if character in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        return f"een teken dat de leesrichting omkeert {code}"
    if ord(character) < 0xA0:
        return f"een besturingsteken {code}"
    return f"een onzichtbaar of onbekend teken {code}"


BLANKS = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"
"""White space, and what looks like it."""


def bare(text: str) -> str:
    """The text without the white space around it, and without what looks like white space."""
    return text.strip(BLANKS)
