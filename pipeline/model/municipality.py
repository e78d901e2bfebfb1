"""A municipality, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct


@lru_cache(maxsize=16_384)  # a field is folded many times on its way
def fold(text: str) -> str:
    """The letters and digits of a text, without case, accents, spaces or punctuation: what makes two names the same.

    >>> fold("Súdwest-Fryslân") == fold(" sudwest fryslan ")
    True
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
    return "".join(filter(str.isalnum, folded))


def slug(text: str) -> str:
    """A text in plain ASCII, as in the name of a file.

    >>> slug("Noardeast-Fryslân"), slug("'s-Gravenhage")
    ('noardeast-fryslan', 's-gravenhage')
    """
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")


class Municipality(Struct, frozen=True):
    """One municipality: CBS code (`GM0363`), official name, province, inhabitants, and other names in use."""

    code: str
    name: str
    province: str
    inhabitants: int
    aliases: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The name of its files, without extension: code and name in plain ASCII (`GM0363-amsterdam`)."""
        return f"{self.code}-{slug(self.name)}"
