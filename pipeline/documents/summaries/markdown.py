"""Markdown as we write it: literal text, Dutch amounts, numbers and dates, links."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from textwrap import wrap

from pipeline import dutch
from pipeline.intake.fields.characters import HIDDEN
from pipeline.model.amounts import Amount, to_euros
from pipeline.reference.texts import Texts

HARD_SPACE = dutch.HARD_SPACE
WORD_JOINER = "\N{WORD JOINER}"
"""Keeps both ends of a range on one line; no text of a user holds one."""


class Markdown(str):
    """Text that is Markdown already, made by us; a template prints it as it is."""

    __slots__ = ()


@lru_cache(maxsize=10_000)
def escape(text: str) -> Markdown:
    r"""Markdown that shows a text literally, on one line, anywhere in a paragraph or a table.

    Escaped is what could act: markup anywhere, list and heading marks at the start, what GitHub would make a link of,
    and what it and GitLab would make a mention, an issue, a commit or a picture of. Control characters, and those that
    turn or hide text, become a visible mark; intake refuses the same ones.

    >>> escape("*Bel* www.x.nl | <b>"), escape(":smile: @naam")
    ('\\*Bel\\* www\\.x\\.nl \\| \\<b>', ':&zwnj;smile: \\@&zwnj;naam')
    """
    literal = HIDDEN.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))
    parted = _COMMIT.sub(lambda number: _PART.join(wrap(number[0], 6)), _CALLS.sub(_PART, literal))
    escaped = _STARTS_BLOCK.sub(r"\1\\\2", _ACTS.sub(r"\\\g<0>", parted))
    return Markdown(escaped.replace(_PART, "&zwnj;"))


# Mentions, issues and emoji are looked for in the text that Markdown gave, where a backslash or an entity is gone: on
# GitHub, and emoji on GitLab too. There only a character between keeps them apart; this one is seen by nobody.
_PART = "\0"
_CALLS = re.compile(
    r"(?<=:)(?=[\w+-]+:)|(?<=@)(?<![A-Za-z0-9_]@)(?=[A-Za-z0-9_])|(?<=#)(?=[0-9])|(?<=[Gg][Hh]-)(?=[0-9])"
)
_COMMIT = re.compile(r"\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,40}\b")
# Markup anywhere; "&" before what may be an entity; ":" and "." where they would make a link; references on GitLab.
_ACTS = re.compile(
    rf"[\\`*_\[\]{{}}<|~#$]|&(?=[#\w])|(?<=\w):(?=\S)|(?<=[wW]{{3}})\.|(?<=\w)\.(?=[^\W\d_]{{2}})|[@!%^](?=[\w{_PART}])"
)
_STARTS_BLOCK = re.compile(r"^(\d*)([>+=.)-])")


def print_value(value: object) -> str:
    """What a template prints for a value: Markdown as it is, all else literally."""
    return value if isinstance(value, Markdown) else escape(str(value))


def euros(amount: Amount) -> Markdown:
    """The amount of an item: `€ 10.000–20.000`, or `p.m.` if nobody quantified it."""
    return Markdown("p.m.") if amount.unquantified else in_all(amount)


@lru_cache(maxsize=16_384)  # few of very many differ
def in_all(amount: Amount) -> Markdown:
    """A total: `€ 10.000–20.000`; with its low end and `minimaal` if it misses something, `onbekend` if all of it."""
    if amount.unquantified:
        return Markdown(dutch.UNKNOWN)
    if amount.pro_memorie:
        return Markdown(f"{dutch.AT_LEAST} {dutch.euros(amount.low)}")
    return kept_together(dutch.euros(amount.low, amount.high))


def rounded(amount: Amount) -> Amount:
    """The same in whole euros, for who reads it at a glance."""
    return Amount(Decimal(to_euros(amount.low)), Decimal(to_euros(amount.high)), amount.pro_memorie)


def difference(low: Decimal, high: Decimal) -> Markdown:
    """How much more or less, from the low to the high end: `+€ 10.000–20.000`, `−€ 5.000 tot +€ 2.500`, `€ 0`."""
    if 0 < low < high:
        return kept_together(f"+{dutch.euros(low, high)}")
    return Markdown(" tot ".join(f"{'+' if end > 0 else ''}{dutch.euros(end)}" for end in dict.fromkeys((low, high))))


def figures(low: str, high: str) -> Markdown:
    """Two written numbers as one range, or one if they are the same."""
    return kept_together("–".join(dict.fromkeys((low, high))))


def kept_together(text: str) -> Markdown:
    """A text of ours with amounts, of which no range is broken over two lines."""
    return Markdown(text.replace("–", f"–{WORD_JOINER}"))


def finished(text: str) -> str:
    """A whole document as it is written: what keeps a range together is an entity that who edits it can see."""
    return text.replace(WORD_JOINER, "&NoBreak;")


def plain(text: str) -> str:
    """The same text for a terminal, without what keeps an amount together."""
    return text.replace(HARD_SPACE, " ").replace(WORD_JOINER, "")


def sentence(texts: Texts, key: str, **values: object) -> Markdown:
    """A sentence that is Markdown of ours, such as one with bold in it; its values arrive literally."""
    return Markdown(texts.say(key, **{name: print_value(value) for name, value in values.items()}))


def narrow(text: str) -> Markdown:
    """A name that may be broken within its long words, so that a table with it fits on a phone."""
    shown = escape(text)
    for word in _LONG:
        whole = word.replace("|", "")
        shown = Markdown(shown.replace(whole, word.replace("|", "&shy;")))
    return shown


_LONG = ("Project|begeleiding", "Community|bijdrage", "ervarings|cijfer")


def number(value: Decimal | int) -> Markdown:
    """A number as Dutch readers write it, without decimals that say nothing."""
    return Markdown(dutch.number(value))


def day(value: date) -> Markdown:
    """A date in Dutch: `22 juli 2024`."""
    return Markdown(dutch.day(value))


def link(text: str, target: str) -> Markdown:
    """A link to one of our own files, whose names are plain ASCII."""
    return Markdown(f"[{escape(text)}]({target})")


def web_link(text: str, address: str) -> Markdown:
    """A link to a source on the web; nothing in its address ends the link or means something else there."""
    target = address.replace("\\", "%5C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
    return Markdown(f"[{escape(text)}](<{target}>)")
