from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount, total

euros = st.decimals(min_value=0, max_value=10_000_000, places=2)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    low, high = sorted((draw(euros), draw(euros)))
    return Amount(low, high, draw(st.booleans()))


def test_a_sum_adds_low_to_low_and_high_to_high() -> None:
    assert Amount.exactly(40_000) + Amount.between(10_000, 20_000) == Amount.between(50_000, 60_000)


@given(st.lists(amounts(), max_size=6), st.integers(min_value=0, max_value=5))
def test_an_unquantified_part_survives_every_sum(parts: list[Amount], place: int) -> None:
    assert total([*parts[:place], PRO_MEMORIE, *parts[place:]]).pro_memorie


@given(st.lists(amounts(), max_size=6))
def test_a_sum_is_pro_memorie_only_if_a_part_is(parts: list[Amount]) -> None:
    assert total(parts).pro_memorie == any(part.pro_memorie for part in parts)


@given(st.lists(amounts(), max_size=6))
def test_the_order_of_a_sum_does_not_matter(parts: list[Amount]) -> None:
    assert total(parts) == total(reversed(parts))


@given(amounts(), st.decimals(min_value=0, max_value=100, places=4))
def test_scaling_keeps_low_below_high_and_what_is_unknown_unknown(amount: Amount, factor: Decimal) -> None:
    scaled = amount * factor
    assert scaled.low <= scaled.high
    assert scaled.pro_memorie == amount.pro_memorie


def test_scaling_rounds_half_a_cent_up() -> None:
    # 0,05 x 0,1 = 0,005
    assert Amount.exactly(Decimal("0.05")) * Decimal("0.1") == Amount.exactly(Decimal("0.01"))


def test_an_amount_is_unquantified_only_if_nothing_of_it_is_known() -> None:
    assert PRO_MEMORIE.unquantified
    assert not (PRO_MEMORIE + Amount.exactly(1)).unquantified
    assert not NOTHING.unquantified


@pytest.mark.parametrize(("low", "high"), [("-1", "1"), ("2", "1"), ("0", "NaN"), ("0", "Infinity")])
def test_an_impossible_amount_is_refused(low: str, high: str) -> None:
    with pytest.raises(ValueError, match="from low to high"):
        Amount(Decimal(low), Decimal(high))
