from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.intake.values import Unreadable, number_of


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
    ],
)
def test_euros_are_read_as_people_write_them(written: str, means: str) -> None:
    assert number_of(written, 2)[0] == Decimal(means)


@pytest.mark.parametrize("written", ["", "-1", "1e3", "1.2.3", "12.34.567", "een", "1,2,3", "NaN", "inf", "0x10", "½"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(Unreadable):
        number_of(written, 2)


@given(st.decimals(min_value=0, max_value=999_999_999, places=2), st.sampled_from([",.", ".,", ", ", ". ", ",", "."]))
def test_an_amount_in_any_style_means_the_same(value: Decimal, style: str) -> None:
    decimal_mark, thousands_mark = style[0], style[1:]
    whole, cents = f"{value:,.2f}".split(".")
    written = whole.replace(",", thousands_mark) + decimal_mark + cents
    assert number_of(written, 2) == (value, False)
