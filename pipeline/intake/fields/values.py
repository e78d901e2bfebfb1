"""From what people write in a field to a choice, a yes or no, a year or a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TypeVar

from rapidfuzz import fuzz, process

from pipeline import dutch
from pipeline.intake.fields.parsing import Unreadable, refuse_hidden, sentence
from pipeline.model.choices import REQUIRED_OPTIONS, Contribution, Guidance, Hosting, InKind, Phase
from pipeline.model.columns import Option
from pipeline.model.limits import Bounds
from pipeline.model.municipality import fold

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

_DENIALS = {"niet", "geen", "nee", "zonder"}
_MOST_LIKE = 60
"""How many characters a text may have that is compared with each word for an option; they have fewer than 25."""

YES = {"ja", "j", "jawel", "yes", "y", "true", "waar", "1", "x", "v", "akkoord"}
TICKS = {"✓", "✔", "✔\ufe0f", "☑", "☑\ufe0f"}
NO = {"nee", "neen", "n", "no", "false", "onwaar", "0", "nogniet"}


def option_of(kind: type[O], text: str) -> O:
    """The option that a text means.

    Raises:
        Unreadable: if it means none; the message names the nearest one and all there are.
    """
    known: dict[str, O] = _words_of(kind)
    if (option := known.get(fold(text))) is not None:
        return option
    choose = sentence(f"kies {dutch.either([option.dutch for option in kind])}.")
    near = None if _lists(kind, text) else _nearest(kind, text)
    if near and (denials := _DENIALS & {*map(fold, text.split())}) and not any(map(near.startswith, denials)):
        near = None
    raise Unreadable(f"Bedoelde u {known[near].dutch}? {choose}" if near else choose)


@cache
def kinds_by_word() -> Mapping[str, set[type[Option]]]:
    """Every folded word for a choice that a row must have, with the kinds of which it is an option."""
    kinds: dict[str, set[type[Option]]] = {}
    for kind in REQUIRED_OPTIONS.values():
        for word in _words_of(kind):
            kinds.setdefault(word, set()).add(kind)
    return kinds


def resembles(kind: type[Option], text: str) -> bool:
    """Whether a text means an option of a kind, or one may have been meant by it; not if it lists what there is."""
    return not _lists(kind, text) and (fold(text) in _words_of(kind) or _nearest(kind, text) is not None)


def _lists(kind: type[Option], text: str) -> bool:
    """Whether a text has more than one option of a kind, as where it lists what there is."""
    known = _words_of(kind)
    return sum(fold(part) in known for part in re.split(r"[/,;|]|\bof\b", text)) > 1


@cache
def _words_of(kind: type[O]) -> dict[str, O]:
    """Every folded word for an option of a kind."""
    return {fold(word): option for option in kind for word in (option.dutch, *SYNONYMS.get(option, ()))}


def parts_of(text: str) -> list[str]:
    """What a text lists."""
    return [part for part in re.split(r"[,;+/&|\n]|\ben\b", text) if part.strip()]


def any_of(kind: type[O], text: str) -> tuple[O, ...]:
    """The options that a text lists, with a comma, semicolon, plus or "en" between them, or "beide".

    Raises:
        Unreadable: if a part of it means none.
    """
    if fold(text) in {"beide", "allebei", "beiden"}:
        return tuple(kind)
    parts = parts_of(text)
    if not parts:
        raise Unreadable(f"kies {', '.join(option.dutch for option in kind)} of beide.")
    chosen = {option_of(kind, part) for part in parts}
    return tuple(option for option in kind if option in chosen)


def answer_of(text: str) -> bool | None:
    """Whether a text says yes; None if it says neither yes nor no."""
    word = re.sub(r"^([01])[.,]0+$", r"\1", text)  # a spreadsheet may have put ",0" behind it
    word = fold(word)
    if word in YES or text in TICKS:
        return True
    return False if word in NO else None


def yes_or_no(text: str) -> bool:
    """Whether a text says yes.

    Raises:
        Unreadable: if it says neither yes nor no.
    """
    if (answer := answer_of(text)) is None:
        raise Unreadable("kies ja of nee.")
    return answer


def year_of(text: str, bounds: Bounds) -> int:
    """The calendar year that a text means; a spreadsheet may have put ",0" behind it.

    Raises:
        Unreadable: if it is no year within the limits.
    """
    if (found := re.fullmatch(r"([0-9]{4})(?:[.,]0+)?", text)) and int(found[1]) in bounds:
        return int(found[1])
    wanted = f"vul een jaartal van {bounds.low} tot en met {bounds.high} in"
    if (meant := _meant_year(text)) in bounds:
        raise Unreadable(f"bedoelde u {meant}? {sentence(wanted)}.")
    raise Unreadable(f"{wanted}, bijvoorbeeld 2027.")


def _meant_year(text: str) -> int:
    """The year in a text that says more or less than a year, such as "Q1 2027", "1-7-2027" or "'27"; or 0."""
    if short := re.fullmatch(r"['’]?([0-9]{2})", text):
        return 2000 + int(short[1])
    numbers = re.findall(r"[0-9]+", re.sub(r"^([0-9])[.,]([0-9]{3})$", r"\1\2", text))
    return next((int(number) for number in numbers if len(number) == 4), 0)


def text_of(text: str, longest: int) -> str:
    r"""A text as it is meant to be shown: literally, with every line break as `\n`.

    Raises:
        Unreadable: if it is too long, or holds characters that hide or reorder what a reader sees.
    """
    if len(text) > longest:
        raise Unreadable(f"De tekst heeft {len(text)} tekens; gebruik er hoogstens {longest}.")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    refuse_hidden(plain)
    return plain


@lru_cache(maxsize=16_384)
def _nearest(kind: type[Option], text: str) -> str | None:
    """The folded word for an option of a kind that is nearest to a text, if one is near."""
    if len(text) > _MOST_LIKE:
        return None
    near = process.extractOne(fold(text), _words_of(kind).keys(), scorer=fuzz.ratio, score_cutoff=75)
    return near[0] if near else None
