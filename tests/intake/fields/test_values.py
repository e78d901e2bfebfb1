from __future__ import annotations

import re
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import dutch
from pipeline.intake.fields.columns import ORDINARY
from pipeline.intake.fields.numbers import number_of
from pipeline.intake.fields.parsing import Unreadable
from pipeline.intake.fields.values import option_of, text_of, yes_or_no
from pipeline.model.choices import HOURS, INHABITANTS, Contribution, Guidance
from pipeline.model.columns import Number, Option

EUROS = cast(Number, ORDINARY.readers["hosting_laag"].kind)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("12500", "12500"),
        ("12.500", "12500"),
        ("12,500", "12500"),
        ("12.500,50", "12500.50"),
        ("12,500.50", "12500.50"),
        ("€ 12.500,-", "12500"),
        ("€12.500,--", "12500"),
        ("EUR 12 500", "12500"),
        ("12\u00a0500", "12500"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("0,50", "0.50"),
        ("1.234.567", "1234567"),
        ("12k", "12000"),
        ("12,5k", "12500"),
        ("0", "0"),
        ("12 500 euro", "12500"),
        ("12_500", "12500"),
        ("1’234’567,5", "1234567.5"),
        ("12.500,- euro per jaar", "12500"),
        ("€ 12k", "12000"),
    ],
)
def test_euros_are_read_as_people_write_them(written: str, means: str) -> None:
    assert number_of(written, EUROS)[0] == Decimal(means)


@pytest.mark.parametrize("written", ["", "-1", "1e3", "1.2.3", "12.34.567", "een", "1,2,3", "NaN", "inf", "0x10", "½"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        number_of(written, EUROS)


@pytest.mark.parametrize(
    "written",
    [
        *("12 euro 50", "2 30", "12€50", "12 50", "1 2 3", "1 23,5", "100\n200", "1'23", "1 234_567", "1234 567"),
        *("12 .5", "1,5 000", "€", "5 €6", "0\n000"),
    ],
)
def test_a_number_is_never_guessed_from_pieces(written: str) -> None:
    with pytest.raises(Unreadable):
        number_of(written, EUROS)


@given(st.lists(st.integers(0, 9999).map(str), min_size=2, max_size=4), st.sampled_from([" ", "'", "_", "\u00a0"]))
def test_pieces_are_one_number_only_in_proper_thousands(pieces: list[str], mark: str) -> None:
    proper = len(pieces[0]) <= 3 and all(len(piece) == 3 for piece in pieces[1:])
    try:
        assert number_of(mark.join(pieces), INHABITANTS) == (Decimal("".join(pieces)), False)
    except Unreadable:
        assert not proper or int("".join(pieces)) > 10**9
    else:
        assert proper


@given(st.decimals(min_value=0, max_value=999_999_999, places=2), st.sampled_from([",.", ".,", ", ", ". ", ",", "."]))
def test_an_amount_in_any_style_means_the_same(value: Decimal, style: str) -> None:
    decimal_mark, thousands_mark = style[0], style[1:]
    whole, cents = f"{value:,.2f}".split(".")
    written = whole.replace(",", thousands_mark) + decimal_mark + cents
    assert number_of(written, EUROS) == (value, False)


@pytest.mark.parametrize(
    ("written", "measure", "read"),
    [
        ("1.234", HOURS, ("1234", True)),
        ("1,234", HOURS, ("1234", True)),
        ("1.234", EUROS, ("1234", False)),
        ("1,234", EUROS, ("1234", True)),
        ("1,234", INHABITANTS, ("1234", False)),
        ("0.125k", HOURS, ("125", False)),
        ("120,5 uur", HOURS, ("120.5", False)),
        ("10.000 per jaar", EUROS, ("10000", False)),
        ("12.500,=", EUROS, ("12500", False)),
        ("12'500", EUROS, ("12500", False)),
        ("12.500,-", HOURS, ("12500", False)),
        ("1.500k", EUROS, ("1500", True)),
        ("1.5k", EUROS, ("1500", False)),
    ],
)
def test_three_digits_behind_one_mark_are_thousands_and_may_be_doubtful(
    written: str, measure: Number, read: tuple[str, bool]
) -> None:
    assert number_of(written, measure) == (Decimal(read[0]), read[1])


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("-5", "Een negatief getal kan hier niet"),
        ("€ -5", "Een negatief getal kan hier niet"),
        ("€ -", "Vul een getal in, of 0, of laat het veld leeg."),
        ("12 euro 50", "Dit getal is niet te begrijpen"),
        ("1\u202e2", "Teken 2 van de tekst is een teken dat de leesrichting omkeert"),
        ("#WAARDE!", "Dit is een foutmelding van Excel"),
        ("#N/B", "Dit is een foutmelding van Excel"),
        ("10.000 - 20.000", "Vul 10000 in bij hosting_laag en 20000 bij hosting_hoog."),
        ("1.2.3", "De punten en komma's zijn niet te begrijpen"),
        ("12,345678", "Vul hoogstens 2 cijfers achter de komma in."),
        ("2.000.000.000", "Dit getal is te groot"),
    ],
)
def test_a_refused_number_says_what_would_be_right_every_time(written: str, message: str) -> None:
    reader = ORDINARY.readers["hosting_laag"]
    for _ in range(2):  # the second time it is remembered
        assert re.match(re.escape(message), reader.read(written).message)


@pytest.mark.parametrize(("number", "shown"), [("1234", "1.234"), ("1234567.50", "1.234.567,5"), ("0", "0")])
def test_a_number_in_a_message_is_in_dutch_style(number: str, shown: str) -> None:
    assert dutch.number(Decimal(number)) == shown


def test_a_text_keeps_everything_but_the_kind_of_its_line_breaks() -> None:
    written = "=1+1\r\n**vet** <b>\t👩\u200d💻 te\u00adrug\r"
    assert text_of(written, 500) == "=1+1\n**vet** <b>\t👩\u200d💻 te\u00adrug\n"


def test_a_refused_text_says_which_character_it_is() -> None:
    with pytest.raises(Unreadable, match=re.escape("Teken 3 van de tekst is een teken dat de leesrichting omkeert")):
        text_of("ab\u202ec", 500)


@pytest.mark.parametrize("written", ["ja", "✓", "✔", "✔\ufe0f", "v", "1.0", "1,0", "X"])
def test_a_tick_and_a_one_say_yes(written: str) -> None:
    assert yes_or_no(written)


@pytest.mark.parametrize("written", ["nee", "0", "0.0", "N"])
def test_a_nought_says_no(written: str) -> None:
    assert not yes_or_no(written)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Guidance, "niet extern"),
        (Guidance, "geen extern"),
        (Guidance, "zelf/extern"),
        (Guidance, "zelf of extern"),
        (Guidance, "niet zelf"),
        (Contribution, "geen alternatief"),
        (Contribution, "niet financieel"),
        (Contribution, "zonder financieel"),
    ],
)
def test_no_option_is_suggested_where_a_text_denies_it_or_has_more_of_them(kind: type[Option], text: str) -> None:
    with pytest.raises(Unreadable, match=r"^Kies "):
        option_of(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"), [(Guidance, "extrn"), (Contribution, "geen bijdrge"), (Contribution, "geeen")]
)
def test_an_option_that_is_near_is_suggested(kind: type[Option], text: str) -> None:
    with pytest.raises(Unreadable, match=r"^Bedoelde u "):
        option_of(kind, text)
