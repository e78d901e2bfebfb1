from __future__ import annotations

import codecs

import pytest

from pipeline.intake.findings import Refused
from pipeline.intake.readers.decoding import decode

DUTCH = "coördinatie, één café, beëindigd, naïef, Súdwest-Fryslân, überhaupt, à la carte\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_unicode_leaves_no_doubt(encoding: str) -> None:
    decoded = decode(DUTCH.encode(encoding))
    assert (decoded.text, decoded.guessed) == (DUTCH, "")


def test_utf32_may_have_its_bytes_in_either_order() -> None:
    assert decode(codecs.BOM_UTF32_BE + DUTCH.encode("utf-32-be")).text == DUTCH


def test_what_dutch_excel_saves_leaves_no_doubt() -> None:
    text = DUTCH + "€ 12.500,- – “ja” … ’s middags; auto’s; m²\n"
    assert decode(text.encode("cp1252")).text == text
    assert decode(text.encode("cp1252")).guessed == ""


@pytest.mark.parametrize(
    "text",
    [
        "één idee, café, categorieën, financiële ideeën, naïef; bereikbaar ma–vr",
        "bereikbaar ma–vr",
        "a\u00a0b",
        "begroot in £",
        "£ 5",
        "10 µm",
        "•punt",
        "x—y",
        "wacht…even",
        "Žagar",
        "10 ‰",
        "2×3, a×b, 10 ÷ 2, ¶ 3, † 2020, 5 ¥, ¿qué?",
        "1ª, 2º, col·lega",
        "CAFÉ, Één, ‹ja›, “ja”, „nee”",
    ],
)
def test_signs_that_people_type_leave_no_doubt_about_windows_1252(text: str) -> None:
    decoded = decode(f"{text}\n".encode("cp1252"))
    assert (decoded.text, decoded.guessed) == (f"{text}\n", "")


def test_one_odd_sign_among_many_that_fit_does_not_make_it_another_encoding() -> None:
    text = DUTCH + "naïef, Miloš en • ¤\n"
    decoded = decode(text.encode("cp1252"))
    assert (decoded.text, decoded.guessed) == (text, "Windows-1252")


@pytest.mark.parametrize("word", ["vóór", "één", "café", "coördinatie", "beëindigd", "naïef", "überhaupt"])
@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
def test_one_word_is_enough_to_tell_another_excel(word: str, encoding: str) -> None:
    decoded = decode(f"{word}\n".encode(encoding))
    assert decoded.text == f"{word}\n"
    assert decoded.guessed


@pytest.mark.parametrize(("encoding", "name"), [("mac_roman", "Mac Roman"), ("cp850", "MS-DOS (850)")])
def test_what_other_excels_save_is_guessed_and_said(encoding: str, name: str) -> None:
    decoded = decode(DUTCH.encode(encoding))
    assert (decoded.text, decoded.guessed) == (DUTCH, name)


def test_what_fits_nothing_is_still_read_and_said() -> None:
    decoded = decode("Łódź, Żory, Kraków – źdźbło\n".encode("cp1250"))
    assert "Krak" in decoded.text
    assert decoded.guessed


def test_a_few_damaged_bytes_do_not_turn_utf8_into_something_else() -> None:
    decoded = decode(DUTCH.encode() + b"co\xf6rdinatie\n")
    assert decoded.text == DUTCH + "co\ufffdrdinatie\n"


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a;b\r\nc;d\re\nf\0g", 4), (b"PK\x03\x04", None), (b"\xff\xfea", None), (b"\x1f\x8b\x08", None)],
)
def test_what_is_no_text_is_refused(data: bytes, line: int | None) -> None:
    with pytest.raises(Refused) as refused:
        decode(data)
    assert (refused.value.code, refused.value.line) == ("geen_tekst", line)
