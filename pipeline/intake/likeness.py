"""Whether something looks like a row of a table where none should be: within a field, or above the header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product

from pipeline.choices import Contribution, Guidance, Hosting, Option
from pipeline.intake.dialect import DELIMITERS, Row
from pipeline.intake.headers import Header
from pipeline.intake.naming import REQUIRED
from pipeline.intake.owners import Owners
from pipeline.intake.reading import LONGEST
from pipeline.intake.values import kinds_by_word
from pipeline.register import Municipality, fold

_OPTIONS: dict[str, type[Option]] = {"begeleiding": Guidance, "hosting": Hosting, "bijdrage": Contribution}
_NEAR_FROM = 4
"""How many letters must be there before a name that is near to them is looked for."""
_NORMALISED = 2_000
"""Up to how many characters a line has its accents taken off."""


def is_row(line: str, header: Header, owners: Owners, place: int = 0) -> bool:
    """Whether a line within a field is a row of such a table, or, if its first field is at a `place`, the rest of one.

    It is, if all three choices are in it, or two of them in as many fields as the header has (whose row it is counts
    as a choice), whatever delimits them; or if, by the delimiter of the table, it has at its place whose row it is, be
    it misspelled, and one right choice or the right number of fields. That number alone says little for a comma.
    """
    folded = _folded(line, header.delimiter)
    marks = dict.fromkeys(header.delimiter + DELIMITERS)
    return any(_is_row(folded.split(mark), mark, header, owners, place) for mark in marks if mark in folded)


def is_row_above(row: Row, header: Header, owners: Owners, *, own: bool) -> bool:
    """Whether a row above the header of a file looks like one of a table, which may have a header of its `own`."""
    if any(is_row(line, header, owners) for text in row.fields for line in text.splitlines()):
        return True
    texts = [fold(text) if len(text) <= LONGEST else "" for text in row.fields]
    chosen, right = _chosen(texts), _right(texts, header)
    if right > 1 or _apart(chosen, len(_OPTIONS)):
        return True
    named = {place for place, text in enumerate(texts) if _names(text, owners)} if any(chosen) else set()
    if named and _apart([named, *chosen], 2):
        return True
    return _has_owner(texts, header, owners) and (own or sum(map(bool, texts)) > len(REQUIRED))


def named_in(texts: Sequence[str], owners: Owners) -> Iterator[Municipality]:
    """The municipalities that fields name, each field exactly one."""
    for text in texts:
        found = owners.register.named(text) if len(text) <= LONGEST else ()
        if len(found) == 1:
            yield found[0]


def _is_row(fields: Sequence[str], mark: str, header: Header, owners: Owners, place: int) -> bool:
    """Whether the folded fields of a line are those of a row."""
    whole = not place and (header.returned or len(fields) == header.width)
    if len(fields) > len(_OPTIONS):
        chosen = _chosen(fields)
        if _apart(chosen, len(_OPTIONS)):
            return True
        if whole and any(chosen):
            named = {at for at, text in enumerate(fields) if text and len(text) <= LONGEST and owners.are_named(text)}
            if _apart([*chosen, named], 2):
                return True
    if header.returned or mark != header.delimiter:
        return False  # the header says nothing on what should stand where
    right = _right(fields, header, place)
    if place:
        return right > (mark == ",")
    return bool(right or (whole and mark != ",")) and _has_owner(fields, header, owners)


def _chosen(fields: Sequence[str]) -> list[set[int]]:
    """For each of the three choices the places where an option of it stands."""
    words = kinds_by_word()
    if words.keys().isdisjoint(fields):  # as in nearly every line
        return [set() for _ in _OPTIONS]
    return [{at for at, text in enumerate(fields) if kind in words.get(text, ())} for kind in _OPTIONS.values()]


def _right(fields: Sequence[str], header: Header, place: int = 0) -> int:
    """How many choices have an option at their place, if the first field is at a place of the header."""
    words = kinds_by_word()
    return sum(
        _OPTIONS[name] in words.get(fields[at - place], ())
        for at, name in header.columns
        if name in _OPTIONS and 0 <= at - place < len(fields)
    )


def _has_owner(fields: Sequence[str], header: Header, owners: Owners) -> bool:
    """Whether the fields have a municipality at its place, exactly or nearly."""
    at = {name: fields[place] for place, name in header.columns if place < len(fields)}
    name, code = (text if len(text) <= LONGEST else "" for text in (at.get("gemeente", ""), at.get("gemeentecode", "")))
    return bool(code and owners.coded(code)) or _names(name, owners)


def _names(text: str, owners: Owners) -> bool:
    """Whether a text is the name of a municipality, exactly or nearly."""
    return bool(text) and (owners.are_named(text) or (len(text) >= _NEAR_FROM and bool(owners.near(text))))


def _apart(found: Sequence[set[int]], number: int) -> bool:
    """Whether so many of these have a place, each another one."""
    some = [places for places in found if places]
    return any(len(set(each)) == number for few in combinations(some, number) for each in product(*few))


def _folded(line: str, delimiter: str) -> str:
    """A line with its fields folded, and what may delimit them left as it is."""
    folded = line.casefold()
    if not folded.isascii() and len(folded) <= _NORMALISED:
        folded = unicodedata.normalize("NFKD", folded)
    return _between(delimiter).sub("", folded)


@lru_cache(maxsize=16)
def _between(delimiter: str) -> re.Pattern[str]:
    """What is neither a letter, nor a digit, nor a delimiter."""
    return re.compile(rf"[^\w{re.escape(delimiter + DELIMITERS)}]+|_+")
