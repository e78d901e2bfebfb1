"""The rules for an item that is only data, on the worked example of the source: 65.000 to 75.000 in the first year."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.model.amounts import Amount
from pipeline.model.indication import Totals
from pipeline.model.tariffs import Tariff
from tests.conftest import Indicator
from tests.posten import BY_CHOICE, ONCE, WITHOUT_AMOUNT, with_training

AMSTERDAM = ("Amsterdam", "extern", "SaaS", "financieel")


def ranges(totals: Totals) -> list[tuple[int, int, bool]]:
    """Low, high and p.m. of once, yearly, the first year and the horizon."""
    return [
        (int(a.low), int(a.high), a.pro_memorie)
        for a in (totals.once, totals.yearly, totals.first_year, totals.horizon)
    ]


def test_a_yearly_item_is_in_the_totals_of_every_year(indicated: Indicator, tariff: Tariff) -> None:
    totals = indicated(*AMSTERDAM, by=with_training(tariff)).totals
    # yearly: 10.000 - 20.000 + 40.000 + 2.000 - 3.000; once 150 x 100; over five years: 15.000 + 5 x yearly
    assert ranges(totals) == [
        (15_000, 15_000, False),
        (52_000, 63_000, False),
        (67_000, 78_000, False),
        (275_000, 330_000, False),
    ]


def test_an_item_that_is_paid_once_is_in_the_first_year_alone(indicated: Indicator, tariff: Tariff) -> None:
    indication = indicated(*AMSTERDAM, by=with_training(tariff, *ONCE))
    # once: 15.000 + 2.000 - 3.000; yearly 50.000 - 60.000; over five years: once + 5 x yearly
    assert ranges(indication.totals) == [
        (17_000, 18_000, False),
        (50_000, 60_000, False),
        (67_000, 78_000, False),
        (267_000, 318_000, False),
    ]
    assert [year.once for year in indication.years[1:]] == [Amount()] * 4


def test_a_yearly_item_rises_with_the_index_as_other_running_costs_do(indicated: Indicator, tariff: Tariff) -> None:
    indexed = replace(tariff, indexation=replace(tariff.indexation, value=Decimal(10)))
    before = indicated(*AMSTERDAM, by=indexed).years
    after = indicated(*AMSTERDAM, by=with_training(indexed)).years
    # 2.000 - 3.000 x 1,1 x 1,1 in the third year
    assert after[2].running.low - before[2].running.low == 2_420
    assert after[2].running.high - before[2].running.high == 3_630


def test_an_item_by_choice_is_there_for_who_says_yes(indicated: Indicator, tariff: Tariff) -> None:
    by_choice = with_training(tariff, BY_CHOICE)
    lines = {
        said: indicated(*AMSTERDAM, by=by_choice, answers=answers).lines[-1]
        for said, answers in (("ja", (("opleiding", True),)), ("nee", (("opleiding", False),)), ("", ()))
    }
    assert (lines["ja"].applies, lines["ja"].amount) == (True, Amount.between(2_000, 3_000))
    assert (lines["nee"].applies, lines["nee"].amount) == (False, Amount())
    assert (lines[""].applies, lines[""].amount) == (False, Amount())


def test_an_item_without_amount_marks_every_total_it_is_missing_from(indicated: Indicator, tariff: Tariff) -> None:
    indication = indicated(*AMSTERDAM, by=with_training(tariff, WITHOUT_AMOUNT))
    assert indication.pro_memorie == ("opleiding",)
    assert [pm for _, _, pm in ranges(indication.totals)] == [False, True, True, True]
    assert all(scenario.totals.yearly.pro_memorie for scenario in indication.scenarios)
    assert all(sensitivity.totals.first_year.pro_memorie for sensitivity in indication.sensitivities)


def test_items_stand_where_their_period_comes(tariff: Tariff) -> None:
    once, yearly = with_training(tariff, *ONCE), with_training(tariff)
    assert [item.word for item in once.items] == [
        *("software", "begeleiding", "demo", "backlog", "opleiding"),
        *("hosting", "bijdrage", "in_natura"),
    ]
    assert [item.word for item in yearly.items][-2:] == ["in_natura", "opleiding"]
