"""Whether something looks like a row of a table where none should be: within a field, or above the header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product

from pipeline.intake.fields.absence import absence_in
from pipeline.intake.fields.columns import OWNER, REQUIRED
from pipeline.intake.fields.parsing import LONGEST
from pipeline.intake.fields.values import kinds_by_word, resembles
from pipeline.intake.municipalities.matching import Owners
from pipeline.intake.readers.dialect import DELIMITERS, Row
from pipeline.intake.rows.headers import Header
from pipeline.model.choices import REQUIRED_OPTIONS
from pipeline.model.columns import NOT_GIVEN
from pipeline.model.municipality import Municipality, fold

_NEAR_FROM = 4
"""How many letters must be there before a name that is near to them is looked for."""
_NORMALISED = 2_000
"""Up to how many characters a line has its accents taken off."""
_LIST_MARK = re.compile(r"\W*(?:[0-9]{1,2}[.)]\s+)?\W*")
"""What stands before each line of a list."""


def is_row(line: str, header: Header, owners: Owners, place: int = 0) -> bool:
    """Whether a line within a field is a row of such a table, or, if its first field is at a `place`, the rest of one.

    It is, if all three choices are in it, or two of them in as many fields as the header has (whose row it is counts
    as a choice), whatever delimits them; or if, by the delimiter of the table, it has at its place whose row it is, be
    it misspelled, and one right choice, the right number of fields, or choices that are all misspelled or left out.
    That number alone says little for a comma.
    """
    folded = _folded(line, header.delimiter)
    marks = dict.fromkeys(header.delimiter + DELIMITERS)
    return any(_is_row(folded.split(mark), mark, header, owners, place) for mark in marks if mark in folded)


def is_row_above(row: Row, header: Header, owners: Owners, *, own: bool) -> bool:
    """Whether a row above the header of a file looks like one of a table, which may have a header of its `own`."""
    if any(is_row(line, header, owners) for text in row.fields for line in text.splitlines()):
        return True
    # By delimiter also within a field: a quote that is not closed joins what stands beside it.
    parts = (part for text in row.fields for part in text.split(header.delimiter))
    texts = [fold(part) if len(part) <= LONGEST else "" for part in parts]
    chosen, right = _chosen(texts), _right(texts, header)
    if right > 1 or _apart(chosen, len(REQUIRED_OPTIONS)):
        return True
    if _names_and_chooses(texts, chosen, owners):
        return True
    _, meant = _meant(texts, header)
    return bool(own or meant or sum(map(bool, texts)) > len(REQUIRED)) and _has_owner(texts, header, owners)


def holds_row(text: str, header: Header, owners: Owners) -> bool:
    """Whether a text on one line holds a row behind what else is in it, because the end of a line got lost.

    It does, if in different fields of it, by the delimiter of the table, all three choices stand, or whose row it is,
    be it misspelled, and one choice. A few words between commas say little: there it must be as long as a whole row.
    """
    parts = text.split(header.delimiter)
    if len(parts) < (header.width if header.delimiter == "," else len(REQUIRED)):
        return False
    texts = [fold(part) if len(part) <= LONGEST else "" for part in parts]
    chosen = _chosen(texts)
    return _apart(chosen, len(REQUIRED_OPTIONS)) or _names_and_chooses(texts, chosen, owners)


def named_in(line: str, delimiter: str, owners: Owners) -> Iterator[Municipality]:
    """The municipalities that a line names, each by itself between delimiters, colons and dashes, or in a list."""
    parts = line.replace(":", delimiter).replace(" - ", delimiter).replace(" – ", delimiter).split(delimiter)
    for part in map(str.strip, parts):
        found = owners.named(part if part[:1].isalpha() else _LIST_MARK.sub("", part, count=1))
        if len(found) == 1:
            yield found[0]


def coded_alone(row: Row, header: Header, owners: Owners) -> Municipality | None:
    """Whose code, be it without GM, stands where whose row it is should, if nothing else stands in a row."""
    filled = [(place, text.strip()) for place, text in enumerate(row.fields) if text.strip()]
    if len(filled) != 1 or header.columns.get(filled[0][0]) not in OWNER:
        return None
    return owners.coded(filled[0][1])


def _is_row(fields: Sequence[str], mark: str, header: Header, owners: Owners, place: int) -> bool:
    """Whether the folded fields of a line are those of a row."""
    whole = not place and (header.returned or len(fields) == header.width)
    if len(fields) > len(REQUIRED_OPTIONS):
        chosen = _chosen(fields)
        if _apart(chosen, len(REQUIRED_OPTIONS)):
            return True
        if whole and any(chosen):
            named = {at for at, text in enumerate(fields) if text and len(text) <= LONGEST and owners.are_named(text)}
            if _apart([*chosen, named], 2):
                return True
    if header.returned:  # it says nothing on what should stand where
        meant = [{at for at, text in enumerate(fields) if resembles(kind, text)} for kind in REQUIRED_OPTIONS.values()]
        return _apart(meant, 2) and _apart([*meant, {at for at, text in enumerate(fields) if _names(text, owners)}], 3)
    if mark != header.delimiter:
        return False
    right = _right(fields, header, place)
    if place:
        return right > (mark == ",")
    blank, misspelled = _meant(fields, header)
    if misspelled == len(REQUIRED_OPTIONS):
        return True
    return bool(right or (whole and mark != ",") or misspelled or blank > 1) and _has_owner(fields, header, owners)


def _chosen(fields: Sequence[str]) -> list[set[int]]:
    """For each of the three choices the places where an option of it stands."""
    words = kinds_by_word()
    if words.keys().isdisjoint(fields):  # as in nearly every line
        return [set() for _ in REQUIRED_OPTIONS]
    return [{at for at, text in enumerate(fields) if kind in words.get(text, ())} for kind in REQUIRED_OPTIONS.values()]


def _names_and_chooses(fields: Sequence[str], chosen: Sequence[set[int]], owners: Owners) -> bool:
    """Whether a municipality, exactly or nearly, and a choice stand in different ones of some fields."""
    named = {place for place, text in enumerate(fields) if _names(text, owners)} if any(chosen) else set()
    return bool(named) and _apart([named, *chosen], 2)


def _right(fields: Sequence[str], header: Header, place: int = 0) -> int:
    """How many choices have an option at their place, if the first field is at a place of the header."""
    words = kinds_by_word()
    return sum(
        REQUIRED_OPTIONS[name] in words.get(fields[at - place], ())
        for at, name in header.columns.items()
        if name in REQUIRED_OPTIONS and 0 <= at - place < len(fields)
    )


def _meant(fields: Sequence[str], header: Header) -> tuple[int, int]:
    """How many choices are left out at their place, and how many may be meant there; 0 and 0 if anything else is."""
    blank = meant = 0
    for at, name in header.columns.items():
        if name in REQUIRED_OPTIONS and at < len(fields):
            text = fields[at]
            if absence_in(text) in NOT_GIVEN:
                blank += 1
            elif resembles(REQUIRED_OPTIONS[name], text):
                meant += 1
            else:
                return 0, 0
    return blank, meant


def _has_owner(fields: Sequence[str], header: Header, owners: Owners) -> bool:
    """Whether the fields have a municipality at its place, exactly or nearly."""
    at = {name: fields[place] for place, name in header.columns.items() if place < len(fields)}
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
