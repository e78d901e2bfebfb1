"""All indications together: sums by hand from the source, and each point of attention with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount
from pipeline.model.choices import Contribution, Guidance, Hosting, Phase, Provenance
from pipeline.model.indication import Indication, indicate
from pipeline.model.items import CONTRIBUTION
from pipeline.model.tariffs import SizeClass
from pipeline.results.action_points import Attention
from pipeline.results.cost_sharing import Key
from pipeline.results.history import History, Line
from pipeline.results.overview import PHASES, SIZE_CLASSES, TOTAL, Groups, Overview
from pipeline.results.questions import Question
from tests.results.samples import (
    AMSTERDAM,
    BASIS,
    EINDHOVEN,
    START,
    TEXTS,
    UTRECHT,
    ZEIST,
    amsterdam,
    choices,
    indication,
    overview_of,
    results,
    rich_results,
    schiermonnikoog,
    with_ggu,
    with_indexation,
)


@pytest.fixture(scope="module")
def rich() -> Overview:
    return overview_of(rich_results(), START)


def cell(groups: Groups, label: str, sums: str) -> Any:
    """One of the sums of a group."""
    return getattr(groups[label], sums)


# --- Municipalities ---------------------------------------------------------------------------------------------------


def test_a_municipality_has_its_choices_and_amounts_in_a_row() -> None:
    (row,) = overview_of(results(amsterdam(phase=Phase.LIVE)), START).municipalities
    words = {"size_class": "G4", "phase": "live", "guidance": "extern", "hosting": "SaaS", "contribution": "financieel"}
    assert {key: getattr(row, key) for key in words} == words
    assert row.once == NOTHING  # it is live: the set-up was paid before
    assert row.yearly == Amount.between(50_000, 60_000)  # 10.000 - 20.000 + 40.000
    assert row.horizon == Amount.between(250_000, 300_000)  # 5 x 50.000 - 60.000
    assert (row.saas, row.other) == ((Amount.between(10_000, 20_000),) * 5, (NOTHING,) * 5)
    assert row.contribution_amount == Amount.exactly(40_000)
    assert row.guidance_hours == 150
    assert row.stem == "GM0363-amsterdam"


def test_municipalities_stand_in_order_of_code(rich: Overview) -> None:
    assert [row.code for row in rich.municipalities] == ["GM0088", "GM0344", "GM0355", "GM0363"]


# --- Totals -----------------------------------------------------------------------------------------------------------


def test_totals_per_size_class_add_up_ranges() -> None:
    overview = overview_of(
        results(
            amsterdam(),
            indication(EINDHOVEN, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL),
            indication(ZEIST, Guidance.EXTERNAL, Hosting.SAAS, Contribution.NONE),
        ),
        START,
    )
    assert list(overview.counted.by_class) == [*SIZE_CLASSES, TOTAL]
    assert cell(overview.counted.by_class, "G4", "yearly") == Amount.between(50_000, 60_000)
    assert cell(overview.counted.by_class, "Groot", "yearly") == Amount.between(
        30_000, 40_000
    )  # 10.000 - 20.000 + 20.000
    assert cell(overview.counted.by_class, "Middelgroot", "yearly") == Amount.between(10_000, 20_000)
    assert cell(overview.counted.by_class, "Klein", "yearly") == NOTHING
    assert cell(overview.counted.by_class, TOTAL, "once") == Amount.exactly(45_000)  # 3 x 15.000
    assert cell(overview.counted.by_class, TOTAL, "horizon") == Amount.between(
        495_000, 645_000
    )  # 45.000 + 5 x 90.000 - 120.000
    assert [sums.municipalities for sums in overview.counted.by_class.values()] == [1, 1, 1, 0, 3]


def test_an_unquantified_item_marks_every_total_it_is_missing_from() -> None:
    overview = overview_of(results(amsterdam(phase=Phase.LIVE), schiermonnikoog()), START)
    assert cell(overview.counted.by_class, "Klein", "yearly") == PRO_MEMORIE
    assert cell(overview.counted.by_class, TOTAL, "yearly") == Amount(
        Decimal(50_000), Decimal(60_000), pro_memorie=True
    )
    assert [cell(overview.counted.by_class, label, "incomplete") for label in ("G4", TOTAL)] == [0, 1]
    assert not cell(overview.counted.by_phase, "live", "horizon").pro_memorie


def test_who_names_no_phase_is_counted_as_such(rich: Overview) -> None:
    assert list(rich.counted.by_phase) == [*PHASES, TOTAL]
    assert {label: sums.municipalities for label, sums in rich.counted.by_phase.items()} == {
        "verkenning": 0, "demo": 1, "implementatie": 0, "live": 1, "niet opgegeven": 2, TOTAL: 4,
    }  # fmt: skip


def test_a_result_without_indications_has_totals_of_nothing() -> None:
    overview = overview_of(results(), START)
    assert overview.municipalities == ()
    assert cell(overview.counted.by_class, TOTAL, "horizon") == NOTHING
    assert overview.points == ()


# --- Contributions ----------------------------------------------------------------------------------------------------


def test_contributions_are_counted_by_form_and_summed_in_euros(rich: Overview) -> None:
    total = rich.counted.by_class[TOTAL]
    assert total.euros == 40_000  # Amsterdam; Utrecht and Zeist have an alternative
    assert (total.financial, total.agreed, total.not_agreed, total.none, total.in_kind) == (1, 1, 1, 1, 1)
    assert [cell(rich.counted.by_phase, "live", sums) for sums in ("euros", "euros_live")] == [40_000, 40_000]
    assert cell(rich.counted.by_class, "Middelgroot", "not_agreed") == 1


def test_sums_are_exact_to_the_cent() -> None:
    """A hundred offers of 0,10 and more are no fraction of a cent more than ten euros."""
    offer = Amount.between(Decimal("0.10"), Decimal("9999999.99"))
    one = indication(EINDHOVEN, Guidance.SELF, Hosting.SAAS, Contribution.NONE, estimates=(("hosting", offer),))
    counted = overview_of(results(*[one] * 100), START).counted
    assert counted.years[START].saas == Amount.between(10, 999_999_999)
    assert counted.by_class[TOTAL].yearly == Amount.between(10, 999_999_999)


def test_an_alternative_contribution_with_an_own_estimate_is_not_pro_memorie() -> None:
    own = (("bijdrage", Amount.between(3_000, 4_000)),)
    one = indication(ZEIST, Guidance.EXTERNAL, Hosting.SAAS, Contribution.ALTERNATIVE, estimates=own)
    (row,) = overview_of(results(one), START).municipalities
    assert row.contribution_amount == Amount.between(3_000, 4_000)


# --- Calendar years ---------------------------------------------------------------------------------------------------


def test_each_calendar_year_holds_what_falls_in_it() -> None:
    """Amsterdam begins in 2026 and Eindhoven in 2028; both have guidance of 15.000, SaaS and a contribution."""
    overview = overview_of(results(starting(AMSTERDAM, 2026), starting(EINDHOVEN, 2028)), START)
    years = overview.counted.years
    assert list(years) == list(overview.window) == list(range(2026, 2033))
    assert [sums.municipalities for sums in years.values()] == [1, 1, 2, 2, 2, 1, 1]
    assert [int(sums.once.low) for sums in years.values()] == [15_000, 0, 15_000, 0, 0, 0, 0]
    assert [int(sums.contribution.low) for sums in years.values()] == [
        *(40_000, 40_000, 60_000, 60_000, 60_000, 20_000, 20_000),
    ]
    assert [int(sums.saas.high) for sums in years.values()] == [20_000, 20_000, 40_000, 40_000, 40_000, 20_000, 20_000]
    assert years[2028].total == Amount.between(95_000, 115_000)  # 15.000 + 20.000 - 40.000 + 60.000
    # All years: of each 15.000, five times 10.000 - 20.000, and five times its contribution.
    assert overview.counted.all_years.total == Amount.between(430_000, 530_000)
    assert overview.counted.all_years.total == cell(overview.counted.by_class, TOTAL, "horizon")


def test_what_recurs_is_indexed_in_each_year_from_its_own_start() -> None:
    basis = with_indexation(BASIS, "10")
    chosen = choices(ZEIST, Guidance.SELF, Hosting.SAAS, Contribution.FINANCIAL, start_year=2027)
    one = indicate(chosen, basis.tariff, START)
    years = overview_of(replace(results(one), basis=basis), START).counted.years
    # 10.000 - 20.000 and 12.500 in 2027; 10 % more in 2028.
    assert (years[2027].saas, years[2028].saas) == (Amount.between(10_000, 20_000), Amount.between(11_000, 22_000))
    assert years[2028].contribution == Amount.exactly(13_750)


def test_a_contribution_that_lapses_is_paid_no_more_from_that_year_on() -> None:
    basis = with_ggu(BASIS, 2028)
    one = indicate(choices(ZEIST, Guidance.SELF, Hosting.SAAS, Contribution.FINANCIAL), basis.tariff, START)
    years = overview_of(replace(results(one), basis=basis), START).counted.years
    assert [int(sums.contribution.low) for sums in years.values()] == [12_500, 12_500, 0, 0, 0]
    assert [int(sums.financial) for sums in years.values()] == [12_500] * 5


# --- Opgave and voorbeeld ---------------------------------------------------------------------------------------------


def test_who_delivered_counts_and_an_example_stands_beside() -> None:
    example = schiermonnikoog(provenance=Provenance.ILLUSTRATIVE)
    overview = overview_of(results(amsterdam(), example), START)
    assert [row.name for row in overview.counted.municipalities] == ["Amsterdam"]
    assert overview.everyone
    assert len(overview.everyone.municipalities) == 2
    assert (overview.delivered, overview.illustrative, overview.example) == (1, 1, False)
    assert not overview.counted.all_years.total.pro_memorie
    assert overview.everyone.all_years.total.pro_memorie
    assert {point.municipality for point in overview.points} == set()  # an example asks nothing of anybody
    assert "1" in overview.said_first(TEXTS)


def test_with_only_examples_all_is_an_example_and_says_so_first() -> None:
    overview = overview_of(results(amsterdam(provenance=Provenance.ILLUSTRATIVE)), START)
    assert overview.example
    assert overview.everyone is None
    assert len(overview.counted.municipalities) == 1
    assert overview.said_first(TEXTS).startswith("Voorbeeld: geen gemeente")


# --- Decisions --------------------------------------------------------------------------------------------------------


def asked(overview: Overview) -> dict[str, list[tuple[str, str, str]]]:
    """The decisions by kind: whose, what is asked, and since when."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in overview.decisions:
        found.setdefault(one.question.name, []).append((one.municipality, one.asked(TEXTS), one.since.in_words))
    return found


def test_a_decision_is_asked_by_its_kind(rich: Overview) -> None:
    found = asked(rich)
    assert list(found) == ["AGREE", "PLEDGE", "DELIVERY"]
    assert found["AGREE"] == [("Zeist", "Voorstel: Vertaling van de handleiding. Akkoord?", "eerste resultaat")]
    ((name, said, _),) = found["PLEDGE"]
    assert name == "Schiermonnikoog"
    assert "€ 2.500" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert [name for name, *_ in found["DELIVERY"]] == ["", "Texel"]  # the file that is no text, and a rejected row


def test_a_size_class_of_its_own_is_doubted_with_both_amounts() -> None:
    one = indication(ZEIST, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, size_class=SizeClass.SMALL)
    overview = overview_of(results(one), START)
    ((_, said, _),) = asked(overview)["DELIVERY"]
    plain = said.replace("\N{NO-BREAK SPACE}", " ")
    assert "grootteklasse Klein" in plain
    assert "€ 12.500 in plaats van € 2.500 per jaar" in plain
    assert overview.other_class == 1


def test_who_is_near_a_bound_delivered_nothing_doubtful() -> None:
    near = indication("GM0243", Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL)  # 50.655 inhabitants
    found = asked(overview_of(results(near), START))
    assert list(found) == ["BOUND"]
    ((name, said, _),) = found["BOUND"]
    assert name == "Harderwijk"
    assert "boven de grens (aanname) van 50.000" in said


def test_a_question_is_open_since_the_result_in_which_it_came() -> None:
    question = (Question.AGREE, ZEIST)
    first, second = date(2026, 3, 1), date(2026, 6, 1)

    def line(number: int, made: date | None, until: date, *open_: tuple[Question, str]) -> Line:
        return Line(number, made, until, 1, 0, Decimal(0), NOTHING, frozenset(open_))

    assert History().since(question).in_words == "eerste resultaat"
    assert History((line(1, None, first),)).since(question).in_words == "1 maart 2026"
    assert History((line(1, None, first, question),)).since(question).in_words == "voor 1 maart 2026"
    rest = (line(2, first, second, question),)  # of which the first is not the first that was kept
    assert History(rest, whole=False).since(question).in_words == "voor 1 maart 2026"
    both = (line(1, None, first), line(2, first, second, question))
    assert History(both).since(question).in_words == "1 maart 2026"
    again = (line(1, None, first, question), line(2, first, second))
    assert History(again).since(question).in_words == "1 juni 2026"


# --- Own estimates ----------------------------------------------------------------------------------------------------


def test_own_estimates_stand_beside_the_tariff_by_form_of_hosting() -> None:
    def estimating(code: str, hosting: Hosting, low: int, high: int) -> Indication:
        own = (("hosting", Amount.between(low, high)),)
        return indication(code, Guidance.EXTERNAL, hosting, Contribution.NONE, estimates=own)

    overview = overview_of(
        results(
            estimating(AMSTERDAM, Hosting.SAAS, 14_000, 16_000),
            estimating(EINDHOVEN, Hosting.SAAS, 20_000, 30_000),
            estimating(ZEIST, Hosting.SAAS, 9_000, 11_000),
            estimating(UTRECHT, Hosting.IN_HOUSE, 5_000, 5_000),
        ),
        START,
    )
    saas = next(each for each in overview.reported if each.form is Hosting.SAAS)
    # The middles are 15.000, 25.000 and 10.000.
    assert saas.number == 3
    assert [int(euros) for euros in (saas.lowest, saas.middle, saas.highest)] == [9_000, 15_000, 30_000]
    assert saas.tariff == Amount.between(10_000, 20_000)
    assert next((each.form, each.tariff) for each in overview.reported) == (Hosting.IN_HOUSE, None)


# --- The GGU ----------------------------------------------------------------------------------------------------------


def starting(code: str, year: int) -> Indication:
    return indication(code, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, start_year=year)


def test_without_a_year_in_the_tariff_the_ggu_pays_from_the_year_after_the_reference_date() -> None:
    assert overview_of(results(starting(ZEIST, 2022)), START).ggu_year == 2027
    assert overview_of(results(), 2030).ggu_year == 2031


def test_a_contribution_that_has_lapsed_is_shown_as_if_it_had_not() -> None:
    basis = with_ggu(BASIS, 2026)
    chosen = choices(AMSTERDAM, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL)
    one = indicate(chosen, basis.tariff, START)
    assert one.line(CONTRIBUTION).amount == NOTHING
    overview = overview_of(replace(results(one), basis=basis), START)
    assert cell(overview.counted.by_class, TOTAL, "euros") == 40_000
    assert overview.counted.all_years.financial == 200_000  # five years


def test_the_same_costs_are_divided_over_the_whole_register() -> None:
    shares = overview_of(results(amsterdam()), START).shares
    # 4 x 40.000 + 28 x 20.000 + 65 x 12.500 + 245 x 2.500
    assert (shares.municipalities, shares.all_pay) == (342, Decimal(2_145_000))
    g4 = shares.parts[0]
    # 40.000 x 40.000 / 2.145.000, and 40.000 / 342
    assert [int(g4.one[key]) for key in (Key.BY_CLASS, Key.EQUAL)] == [746, 117]  # 745,92 and 116,96


# --- Points of attention ----------------------------------------------------------------------------------------------


def test_an_alternative_that_is_not_agreed_asks_for_a_decision(rich: Overview) -> None:
    (point,) = rich.about(Attention.NOT_AGREED)
    assert (point.municipality, point.file, point.line) == ("Zeist", "a.csv", 4)
    assert point.about == "Vertaling van de handleiding"
    assert point.whom(TEXTS) == "gemeente en Stuurgroep"
    assert "afstemmen" in point.asked(TEXTS)


def test_each_unquantified_item_is_a_point_and_is_counted(rich: Overview) -> None:
    assert {item.key: number for item, number in rich.unquantified.items()} == {
        "guidance": 2,  # Zeist, Schiermonnikoog: zelf
        "demo": 1,  # Utrecht
        "backlog": 1,  # Zeist
        "hosting": 1,  # Schiermonnikoog: in huis; Utrecht gave an estimate
        "contribution": 2,  # Utrecht, Zeist: alternatief
        "in_kind": 1,  # Utrecht
    }
    assert len(rich.about(Attention.PRO_MEMORIE)) == 8
    assert all(point.asked(TEXTS) for point in rich.about(Attention.PRO_MEMORIE))


def test_a_rejected_row_is_one_point_with_what_is_wrong(rich: Overview) -> None:
    (point,) = rich.about(Attention.REJECTED)
    assert (point.municipality, point.code, point.file, point.line) == ("Texel", "GM0448", "b.csv", 5)
    assert point.about == "hosting (“cloud”): Kies in huis, hybride of SaaS."


def test_an_error_that_concerns_no_row_is_a_point_of_its_own(rich: Overview) -> None:
    (point,) = rich.about(Attention.UNREADABLE)
    assert (point.municipality, point.file, point.line) == ("", "c.csv", None)


def test_warnings_and_replaced_rows_are_points(rich: Overview) -> None:
    (warning,) = rich.about(Attention.WARNING)
    assert (warning.municipality, warning.file, warning.line) == ("Zeist", "a.csv", 4)
    assert warning.about == "Begeleidingsuren (80): De uren tellen niet mee."
    (replaced,) = rich.about(Attention.REPLACED)
    assert (replaced.municipality, replaced.line) == ("Amsterdam", 2)
    assert replaced.about == "vervangt a.csv, regel 3"


def test_points_stand_in_the_order_of_their_kinds(rich: Overview) -> None:
    order = list(Attention)
    kinds = [order.index(point.attention) for point in rich.points]
    assert kinds == sorted(kinds)
