"""From what people write in a field to a choice, a yes or no, a year or a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from rapidfuzz import fuzz, process

from pipeline.choices import Contribution, Guidance, Hosting, InKind, Option, Phase
from pipeline.intake.reading import Unreadable, refuse_hidden, remembered, sentence
from pipeline.limits import YEARS
from pipeline.register import fold
from pipeline.tariffs import SizeClass

TEXT_LIMIT = 500

O = TypeVar("O", bound=Option)  # noqa: E741

SYNONYMS: dict[Option, tuple[str, ...]] = {
    Guidance.SELF: ("zelfstandig", "zelf doen", "eigen beheer", "intern"),
    Guidance.EXTERNAL: ("externe begeleiding", "externe partij", "marktpartij", "uitbesteed"),
    Hosting.IN_HOUSE: ("inhouse", "eigen beheer", "zelf", "on premise", "on premises", "zelf hosten", "eigen hosting"),
    Hosting.HYBRID: ("hybrid", "hybride hosting"),
    Hosting.SAAS: ("signalen as a service", "software as a service", "cloud"),
    Contribution.FINANCIAL: ("financiële bijdrage", "financieel bedrag", "geld"),
    Contribution.ALTERNATIVE: ("alternatieve bijdrage", "anders", "andere vorm"),
    Contribution.NONE: ("geen bijdrage", "niet", "nee", "n"),
    InKind.STEERING_GROUP: ("deelname stuurgroep", "regiegroep"),
    InKind.PRODUCT_STEERING: ("product sturing", "deelname productsturing"),
    Phase.EXPLORATION: ("orientatie", "verkennen", "verkenningsfase"),
    Phase.DEMO: ("demo-omgeving", "demofase"),
    Phase.IMPLEMENTATION: ("implementeren", "implementatiefase"),
    Phase.LIVE: ("in gebruik", "productie", "in productie"),
}
"""Other words for an option; they are compared without case, accents, spaces and punctuation."""

YES = {"ja", "j", "jawel", "yes", "y", "true", "waar", "1", "x", "v", "akkoord"}
TICKS = {"✓", "✔", "✔\ufe0f", "☑", "☑\ufe0f"}
NO = {"nee", "neen", "n", "no", "false", "onwaar", "0", "nogniet"}


@remembered
def option_of(kind: type[O], text: str) -> O:
    """The option that a text means.

    Raises:
        Unreadable: if it means none; the message names the nearest one and all there are.
    """
    known: dict[str, O] = _words_of(kind)
    if (option := known.get(fold(text))) is not None:
        return option
    raise Unreadable(_choose(text, known, [option.dutch for option in kind]))


@cache
def kinds_by_word() -> Mapping[str, set[type[Option]]]:
    """Every folded word for a choice that a row must have, with the kinds of which it is an option."""
    kinds: dict[str, set[type[Option]]] = {}
    for kind in (Guidance, Hosting, Contribution):
        for word in _words_of(kind):
            kinds.setdefault(word, set()).add(kind)
    return kinds


def resembles(kind: type[Option], text: str) -> bool:
    """Whether a text means an option of a kind, or one may have been meant by it; not if it lists what there is."""
    known = _words_of(kind)
    if sum(fold(part) in known for part in re.split(r"[/,;|]|\bof\b", text)) > 1:
        return False
    return fold(text) in known or _nearest(text, known) is not None


@cache
def _words_of(kind: type[O]) -> dict[str, O]:
    """Every folded word for an option of a kind."""
    return {fold(word): option for option in kind for word in (option.dutch, *SYNONYMS.get(option, ()))}


@remembered
def size_class_of(text: str) -> SizeClass:
    """The size class that a text means.

    Raises:
        Unreadable: if it means none.
    """
    known = {fold(size_class.value): size_class for size_class in SizeClass}
    if (size_class := known.get(fold(text))) is not None:
        return size_class
    raise Unreadable(_choose(text, known, [size_class.value for size_class in SizeClass]))


@remembered
def in_kind_of(text: str) -> tuple[InKind, ...]:
    """The kinds of effort that a text lists, with a comma, semicolon, plus or "en" between them, or "beide".

    Raises:
        Unreadable: if a part of it means none.
    """
    if fold(text) in {"beide", "allebei", "beiden"}:
        return tuple(InKind)
    parts = [part for part in re.split(r"[,;+/&|\n]|\ben\b", text) if part.strip()]
    if not parts:
        raise Unreadable("kies stuurgroep, productsturing of beide.")
    chosen = {option_of(InKind, part) for part in parts}
    return tuple(kind for kind in InKind if kind in chosen)


@remembered
def yes_or_no(text: str) -> bool:
    """Whether a text says yes.

    Raises:
        Unreadable: if it says neither yes nor no.
    """
    word = re.sub(r"^([01])[.,]0+$", r"\1", text)  # a spreadsheet may have put ",0" behind it
    word = fold(word)
    if word in YES or text in TICKS:
        return True
    if word in NO:
        return False
    raise Unreadable("kies ja of nee.")


@remembered
def year_of(text: str) -> int:
    """The calendar year that a text means; a spreadsheet may have put ",0" behind it.

    Raises:
        Unreadable: if it is no year within the limits.
    """
    if (found := re.fullmatch(r"([0-9]{4})(?:[.,]0+)?", text)) and int(found[1]) in YEARS:
        return int(found[1])
    wanted = f"vul een jaartal van {YEARS.low} tot en met {YEARS.high} in"
    if (meant := _meant_year(text)) in YEARS:
        raise Unreadable(f"bedoelde u {meant}? {sentence(wanted)}.")
    raise Unreadable(f"{wanted}, bijvoorbeeld 2027.")


def _meant_year(text: str) -> int:
    """The year in a text that says more or less than a year, such as "Q1 2027", "1-7-2027" or "'27"; or 0."""
    if short := re.fullmatch(r"['’]?([0-9]{2})", text):
        return 2000 + int(short[1])
    numbers = re.findall(r"[0-9]+", re.sub(r"^([0-9])[.,]([0-9]{3})$", r"\1\2", text))
    return next((int(number) for number in numbers if len(number) == 4), 0)


def text_of(text: str) -> str:
    r"""A text as it is meant to be shown: literally, with every line break as `\n`.

    Raises:
        Unreadable: if it is too long, or holds characters that hide or reorder what a reader sees.
    """
    if len(text) > TEXT_LIMIT:
        raise Unreadable(f"De tekst heeft {len(text)} tekens; gebruik er hoogstens {TEXT_LIMIT}.")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    refuse_hidden(plain)
    return plain


def either(words: list[str]) -> str:
    """Words as a choice: `a, b of c`."""
    return f"{', '.join(words[:-1])} of {words[-1]}" if len(words) > 1 else words[0]


def both(words: list[str]) -> str:
    """Words together: `a, b en c`."""
    return f"{', '.join(words[:-1])} en {words[-1]}" if len(words) > 1 else words[0]


def _choose(text: str, known: Mapping[str, Option | SizeClass], words: list[str]) -> str:
    """Which words there are to choose from, and which one may have been meant, by the folded words that are known."""
    choose = sentence(f"kies {either(words)}.")
    near = _nearest(text, known)
    if near is None:
        return choose
    meant = known[near]
    return f"Bedoelde u {meant.dutch if isinstance(meant, Option) else meant.value}? {choose}"


def _nearest(text: str, known: Mapping[str, object]) -> str | None:
    """The folded word that is nearest to a text, if one is near."""
    near = process.extractOne(fold(text[:100]), known.keys(), scorer=fuzz.ratio, score_cutoff=70)
    return near[0] if near else None
