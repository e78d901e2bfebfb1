"""From what people write in a field to e-mail addresses: by themselves, or as a mail program lists them."""

from __future__ import annotations

import re

from pipeline import dutch
from pipeline.model.limits import MOST_ADDRESSES

_BETWEEN = re.compile(r"[\s,;]+")
_LONGEST = 254  # of an address, by RFC 5321


def addresses_in(text: str) -> tuple[tuple[str, ...], str]:
    """The right addresses in a text, none twice, and what is wrong with the others in Dutch; empty if nothing is.

    Between them stands a comma, a semicolon or white space; names beside addresses in angle brackets are passed over.
    Of lines that are not all addresses none counts. What is said never repeats an address. A domain comes as ASCII, as
    mail is addressed; whether it exists nobody asks.
    """
    words = [word for word in _BETWEEN.split(text) if word]
    if "<" in text:
        words = [word for word in words if "@" in word]
    if (number := sum("@" in word for word in words)) > MOST_ADDRESSES:
        return (), f"Hier staan {dutch.number(number)} adressen; geef er hoogstens {MOST_ADDRESSES}."
    right: dict[str, str] = {}
    wrong = []
    for place, word in enumerate(words, 1):
        if address := mailed_to(word.removeprefix("<").removesuffix(">").removeprefix("mailto:")):
            right.setdefault(address.casefold(), address)
        else:
            wrong.append(f"{place}")
    if not wrong and right:
        return tuple(right.values()), ""
    if "\n" in text or "\r" in text:
        right = {}  # a quote that is not closed joins what others said to it
    if not right:
        said = "Dit is geen e-mailadres"
    elif len(words) > MOST_ADDRESSES:
        said = "Niet alles hier is een e-mailadres"
    else:
        said = f"Adres {dutch.both(wrong)} van {len(words)} is geen e-mailadres"
    return tuple(right.values()), f"{said}; schrijf het zoals info@zeist.nl, met een komma tussen twee adressen."


def mailed_to(word: str) -> str | None:
    """An address as mail is sent to it, in ASCII; None if it is none."""
    if len(word) > _LONGEST or "@" not in word:
        return None
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(word, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        return None
