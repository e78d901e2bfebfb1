"""From the bytes of a delivery to its text: which encoding it is in, and whether that had to be guessed."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

from pipeline.intake.findings import Refused

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; that of UTF-32 stands before that of UTF-16, with which it may begin."""

SIGNATURES = (
    (b"PK\x03\x04", "een Excel-werkmap of zipbestand", "laat de naam eindigen op .xlsx of .ods, of "),
    (b"\xd0\xcf\x11\xe0", "een oude Excel-werkmap", "laat de naam eindigen op .xls, of "),
    (b"%PDF", "een PDF", ""),
    (b"\x1f\x8b", "een gzipbestand", ""),
)
"""How files begin that people rename to .csv, what they are, and what to do besides saving them as a CSV."""
_SAVE_AS = "kies in Excel Opslaan als, CSV UTF-8."

CANDIDATES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp858": "MS-DOS (850)"}
"""Encodings in which Excel saves a "CSV", the likeliest first, with what people call them."""

_SMALL = "áéíóúàèìòùäëïöüâêîôûãñõåæøœçÿýß"
_WITHIN_WORDS = frozenset(_SMALL + "’´\xad–—…\xa0·×")
_BESIDE_WORDS = _WITHIN_WORDS | frozenset("ÁÉÍÓÚÀÈÄËÏÖÜÂÊÎÔÛÑÇÅØ‘“”„«»‹›•€£µ°²³¹ªº®©™¿¡")
_ELSEWHERE = _BESIDE_WORDS | frozenset("½¼¾±÷§¥¶†‡‰")
_BEGIN_WORDS = frozenset("ŠŽ")
_COMMON = "éëïöüèáóíúêç"
_DOUBLED = re.compile("(?<=[a-z])([–—…\xa0])\\1(?=[a-z])")
_SAMPLE = 200_000


class Decoded(Struct, frozen=True):
    """A text, and the encoding that was guessed for it (empty if the bytes left no doubt)."""

    text: str
    guessed: str = ""


def decode(data: bytes) -> Decoded:
    """The text of a file: UTF-8, UTF-16 and UTF-32 by their mark, UTF-8 and UTF-16 without, else what Excel saves.

    Where only a few bytes of UTF-8 are damaged they become U+FFFD, so that the fields in which they stand are
    found; the rest of the file is read.

    Raises:
        Refused: if it is no text.
    """
    for signature, kind, advice in SIGNATURES:
        if data.startswith(signature):
            raise Refused("geen_tekst", f"Dit is {kind}, geen CSV; {advice}{_SAVE_AS}")
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return Decoded(_without_null(_by_mark(data, encoding)))
    if encoding := _unmarked_utf16(data):
        return Decoded(_without_null(_by_mark(data, encoding)))
    try:
        return Decoded(_without_null(data.decode("utf-8")))
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", "replace")
    bad = damaged.count("\ufffd")
    if len(damaged) - len(damaged.encode("ascii", "ignore")) > 2 * bad:
        return Decoded(_without_null(damaged))
    encoding, doubt = _likeliest(data)
    # By a table that knows every byte: the codec itself calls for help at each byte that it does not know.
    letters = bytes(range(256)).decode(encoding, "replace")
    text = _without_null(codecs.charmap_decode(data, "strict", letters)[0])
    return Decoded(text, CANDIDATES.get(encoding, encoding) if doubt else "")


def line_ends(text: str) -> int:
    """How many line ends of any kind a text has."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _by_mark(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            "geen_tekst", f"Het bestand is beschadigd: byte {error.start + 1} past niet bij zijn codering ({encoding})."
        ) from None


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without a mark, told by a NUL in every other byte of its beginning; empty if it is not."""
    head = data[:2000]
    if len(data) % 2 or b"\0" not in head:
        return ""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half, other = head[start::2], head[1 - start :: 2]
        if half.count(0) > 0.6 * len(half) and not other.count(0):
            return encoding
    return ""


def _without_null(text: str) -> str:
    if "\0" in text:
        line = line_ends(text[: text.index("\0")]) + 1
        message = (
            f"Regel {line} bevat een NUL-teken; dit is geen tekst, of het is beschadigd. Bewaar het als CSV UTF-8."
        )
        raise Refused("geen_tekst", message, line)
    return text


def _likeliest(data: bytes) -> tuple[str, bool]:
    """The encoding of a text that is not Unicode, and whether that is a guess.

    Windows-1252 is no guess when it gives letters within words and signs outside them, as Dutch texts have. Another
    one is only believed where at least half of what Windows-1252 gives is odd: a single strange sign proves nothing.
    """
    sample = data[:_SAMPLE]
    odd = {encoding: _oddities(sample, encoding) for encoding in CANDIDATES}
    special = sum(byte > 0x7F for byte in sample)
    if 2 * odd["cp1252"] < special or not special:
        return "cp1252", odd["cp1252"] > 0
    best = min(CANDIDATES, key=lambda encoding: (odd[encoding], -_common(sample, encoding)))
    if odd[best]:
        from charset_normalizer import from_bytes

        found = from_bytes(sample, cp_isolation=list(CANDIDATES)).best()
        detected = found.encoding if found else best
        best = detected if odd.get(detected, odd["cp1252"]) < odd["cp1252"] else "cp1252"
    return best, True


def _common(data: bytes, encoding: str) -> int:
    """How many letters there are that Dutch words have, where more than one encoding gives nothing odd."""
    return sum(map(data.decode(encoding, "replace").count, _COMMON))


def _oddities(data: bytes, encoding: str) -> int:
    """How many characters stand where a Dutch text would not have them."""
    text = data.decode(encoding, "replace")
    odd = 2 * len(_DOUBLED.findall(text))  # not a dash but "vóór", in another encoding
    for match in re.finditer(r"[^\x00-\x7f]", text):
        before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
        if match[0] in _BEGIN_WORDS:
            odd += before.isalpha() or not (after.isascii() and after.islower())
            continue
        beside = sum(c.isascii() and c.islower() for c in (before, after))
        odd += match[0] not in (_ELSEWHERE, _BESIDE_WORDS, _WITHIN_WORDS)[beside]
    return odd
