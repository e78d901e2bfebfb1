"""From what people write in a field to a value; `Unreadable` says in Dutch what would be right."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import process

from pipeline.choices import Contribution, Guidance, Hosting, InKind, Option, Phase
from pipeline.register import fold
from pipeline.tariffs import SizeClass

TEXT_LIMIT = 500

O = TypeVar("O", bound=Option)  # noqa: E741

SYNONYMS: dict[Option, tuple[str, ...]] = {
    Guidance.SELF: ("zelfstandig", "eigen beheer", "intern"),
    Guidance.EXTERNAL: ("externe begeleiding", "marktpartij"),
    Hosting.IN_HOUSE: ("inhouse", "eigen beheer", "zelf", "on premise"),
    Hosting.HYBRID: ("hybrid",),
    Hosting.SAAS: ("signalen as a service", "software as a service"),
    Contribution.FINANCIAL: ("geld",),
    Contribution.ALTERNATIVE: ("alternatieve bijdrage", "anders"),
    Contribution.NONE: ("niet", "nee"),
    Phase.EXPLORATION: ("orientatie", "verkennen"),
    Phase.DEMO: ("demo-omgeving",),
    Phase.IMPLEMENTATION: ("implementeren",),
    Phase.LIVE: ("in gebruik", "productie"),
}
YES = {"ja", "j", "yes", "y", "true", "waar", "1", "x"}
NO = {"nee", "n", "no", "false", "onwaar", "0"}


class Unreadable(Exception):
    """A field cannot be understood; the message is a Dutch sentence on what would be right."""


@lru_cache(maxsize=4096)
def option_of(kind: type[O], text: str) -> O:
    """The option that a text means.

    Raises:
        Unreadable: if it means none; the message names the nearest one and all there are.
    """
    known = {fold(word): option for option in kind for word in (option.dutch, *SYNONYMS.get(option, ()))}
    if (option := known.get(fold(text))) is not None:
        return option
    words = [option.dutch for option in kind]
    raise Unreadable(f"{_meant(text, words)}kies {_or(words)}.")


@lru_cache(maxsize=4096)
def size_class_of(text: str) -> SizeClass:
    """The size class that a text means.

    Raises:
        Unreadable: if it means none.
    """
    for size_class in SizeClass:
        if fold(size_class.value) == fold(text):
            return size_class
    words = [size_class.value for size_class in SizeClass]
    raise Unreadable(f"{_meant(text, words)}kies {_or(words)}.")


@lru_cache(maxsize=4096)
def in_kind_of(text: str) -> tuple[InKind, ...]:
    """The kinds of effort that a text lists, with a comma, semicolon, plus or "en" between them, or "beide".

    Raises:
        Unreadable: if a part of it means none.
    """
    if fold(text) in {"beide", "allebei"}:
        return tuple(InKind)
    if fold(text) in {"nee", "geen", "n"}:
        return ()
    chosen = {option_of(InKind, part) for part in re.split(r"[,;+/&]|\ben\b", text) if part.strip()}
    return tuple(kind for kind in InKind if kind in chosen)


@lru_cache(maxsize=4096)
def yes_or_no(text: str) -> bool:
    """Whether a text says yes.

    Raises:
        Unreadable: if it says neither yes nor no.
    """
    word = fold(text)
    if word in YES or word in NO:
        return word in YES
    raise Unreadable("kies ja of nee.")


@lru_cache(maxsize=65_536)
def number_of(text: str, decimals: int) -> tuple[Decimal, bool]:
    """The number that a text means in Dutch or English style, and whether that had to be chosen.

    Currency signs, spaces, ",-" and a k for thousands are understood. "1.234" is read as thousands, as the Dutch
    write them, and "1,234" too; that had to be chosen where so many `decimals` could be meant.

    Raises:
        Unreadable: if it is no number from 0 up, or has too many decimals.
    """
    bare = re.sub(r"(?i)€|eur(o)?|[\s_']", "", unicodedata.normalize("NFKC", text))
    bare = re.sub(r"[.,](-+|–)$", "", bare)
    thousands = 1000 if re.fullmatch(r"[\d.,]+[kK]", bare) else 1
    bare = bare.rstrip("kK") if thousands > 1 else bare
    if not re.fullmatch(r"\d+([.,]\d+)*", bare):
        raise Unreadable("vul een getal in dat niet negatief is, bijvoorbeeld 12500 of 12.500,50.")
    groups = re.split(r"[.,]", bare)
    marks = re.sub(r"\d", "", bare)
    grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    doubt = False
    if len(set(marks)) == 2 and marks.count(marks[-1]) == 1:
        number = "".join(groups[:-1]) + "." + groups[-1]
    elif len(marks) == 1 and grouped and thousands == 1 and groups[0] != "0":
        doubt = decimals > 2 or (decimals == 2 and marks == ",")
        number = "".join(groups)
    elif len(marks) == 1:
        number = ".".join(groups)
    elif len(set(marks)) == 1 and grouped:
        number = "".join(groups)
    elif not marks:
        number = bare
    else:
        raise Unreadable("schrijf het getal zonder scheidingstekens, bijvoorbeeld 12500.")
    value = Decimal(number) * thousands
    if value != round(value, decimals) or value > 10**9:
        raise Unreadable(
            f"vul een getal van 0 tot 1.000.000.000 in met hoogstens {decimals} cijfers achter de komma."
            if decimals
            else "vul een geheel getal in."
        )
    return value, doubt


def year_of(text: str) -> int:
    """The calendar year that a text means.

    Raises:
        Unreadable: if it is no year from 2000 to 2100.
    """
    if re.fullmatch(r"20\d\d|2100", text.strip()):
        return int(text)
    raise Unreadable("vul een jaartal van 2000 tot en met 2100 in.")


def text_of(text: str) -> str:
    """A text as it is meant to be shown, literally.

    Raises:
        Unreadable: if it is too long, or holds characters that hide or reorder what a reader sees.
    """
    if len(text) > TEXT_LIMIT:
        raise Unreadable(f"de tekst heeft {len(text)} tekens; gebruik er hoogstens {TEXT_LIMIT}.")
    for character in text:
        if character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"}:
            raise Unreadable(f"de tekst bevat een onzichtbaar teken (U+{ord(character):04X}); haal het weg.")
    return text


def _meant(text: str, words: list[str]) -> str:
    """A question whether the nearest word was meant, if one is near."""
    near = process.extractOne(fold(text), [fold(word) for word in words], score_cutoff=70)
    return f"bedoelde u {words[near[2]]}? " if near else ""


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} of {words[-1]}"
