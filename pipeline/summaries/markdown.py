"""Markdown as we write it: literal text, Dutch amounts, numbers and dates, links."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from textwrap import wrap

from pipeline.amounts import Amount
from pipeline.intake.characters import HIDDEN
from pipeline.texts import day_in_words

HARD_SPACE = "\N{NO-BREAK SPACE}"
"""Keeps the unit and the sign on the line of their number."""


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
    """An amount as Dutch readers write it: `EUR 10.000 – 20.000 + p.m.`; wholly unquantified it is `p.m.`."""
    if amount.unquantified:
        return Markdown("p.m.")
    whole = all(bound == bound.to_integral_value() for bound in (amount.low, amount.high))
    bounds = [_number(bound, 0 if whole else 2) for bound in dict.fromkeys((amount.low, amount.high))]
    return Markdown(f"EUR{HARD_SPACE}{' – '.join(bounds)}{' + p.m.' if amount.pro_memorie else ''}")


def difference(low: Decimal, high: Decimal) -> Markdown:
    """How much more or less, from the low to the high end: `+ EUR 10.000`, `− EUR 5.000 tot + EUR 2.500`, `EUR 0`."""
    decimals = 0 if all(bound == bound.to_integral_value() for bound in (low, high)) else 2
    return Markdown(" tot ".join(_signed(bound, decimals) for bound in dict.fromkeys((low, high))))


def _signed(value: Decimal, decimals: int) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{HARD_SPACE if sign else ''}EUR{HARD_SPACE}{_number(abs(value), decimals)}"


def number(value: Decimal | int) -> Markdown:
    """A number as Dutch readers write it, without decimals that say nothing."""
    decimals = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    return Markdown(_number(Decimal(value), decimals))


def _number(value: Decimal, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def day(value: date) -> Markdown:
    """A date in Dutch: `22 juli 2024`."""
    return Markdown(day_in_words(value))


def link(text: str, target: str) -> Markdown:
    """A link to one of our own files, whose names are plain ASCII."""
    return Markdown(f"[{escape(text)}]({target})")
