"""The rules against amounts worked out by hand from the source.

150 hours x EUR 100; SaaS EUR 10.000 - 20.000 a year; contribution G4 40.000, Groot 20.000, Middelgroot 12.500 and
Klein 2.500 a year; all else p.m.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount, total
from pipeline.model.choices import Contribution, Guidance, Hosting, InKind, Phase
from pipeline.model.indication import Difference, Indication, Remark, RemarkCode, add_up, indicate
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING
from pipeline.model.quantities import CalendarYear
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.texts import Texts
from tests.conftest import Chooser, Indicator

PM = "p.m."


def euros(low: float | str, high: float | str | None = None, pm: bool = False) -> Amount:
    high = low if high is None else high
    return Amount(Decimal(str(low)), Decimal(str(high)), pm)


def with_tariff(tariff: Tariff, indexation: int = 0, ggu_year: int | None = None) -> Tariff:
    """The tariff with another indexation (percent per year) or a GGU year."""
    ggu = (
        CalendarYear.read(
            {"waarde": ggu_year, "eenheid": "jaartal", "herkomst": "aanname", "datum": date(2026, 1, 1), "bron": "test"}
        )
        if ggu_year
        else None
    )
    return replace(tariff, indexation=replace(tariff.indexation, value=Decimal(indexation)), ggu_year=ggu)


def figures(indication: Indication) -> tuple[Amount, Amount, Amount, Amount]:
    totals = indication.totals
    return totals.once, totals.yearly, totals.first_year, totals.horizon


def test_amsterdam_with_external_guidance_saas_and_a_financial_contribution(indicated: Indicator) -> None:
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel")
    assert indication.assumptions.size_class is SizeClass.G4
    assert figures(indication) == (
        euros(15_000),  # 150 x 100
        euros(50_000, 60_000),  # 10.000 to 20.000, and 40.000
        euros(65_000, 75_000),
        euros(265_000, 315_000),  # 15.000 + 5 x 50.000 to 5 x 60.000
    )
    assert indication.pro_memorie == ()


def test_schiermonnikoog_by_itself_in_house_without_contribution_is_wholly_unquantified(indicated: Indicator) -> None:
    indication = indicated("Schiermonnikoog", "zelf", "in huis", "geen")
    assert all(amount.unquantified for amount in figures(indication))
    assert indication.totals.per_inhabitant.unquantified
    assert indication.pro_memorie == (GUIDANCE.key, HOSTING.key)


def test_eindhoven_is_large_and_guides_itself(indicated: Indicator) -> None:
    indication = indicated("Eindhoven", "zelf", "SaaS", "financieel")
    assert indication.assumptions.size_class is SizeClass.LARGE
    assert figures(indication) == (
        PRO_MEMORIE,
        euros(30_000, 40_000),  # 10.000 to 20.000, and 20.000
        euros(30_000, 40_000, pm=True),
        euros(150_000, 200_000, pm=True),
    )


def test_zeist_is_middle_sized_and_hosts_hybrid(indicated: Indicator) -> None:
    indication = indicated("Zeist", "extern", "hybride", "financieel")
    assert indication.assumptions.size_class is SizeClass.MEDIUM
    assert figures(indication) == (
        euros(15_000),
        euros(12_500, pm=True),
        euros(27_500, pm=True),
        euros(77_500, pm=True),  # 15.000 + 5 x 12.500
    )


def test_baarn_is_small_with_its_own_hours_offer_and_alternative(indicated: Indicator) -> None:
    indication = indicated(
        "Baarn",
        "extern",
        "in huis",
        "alternatief",
        hours=Decimal(80),
        estimates=(("hosting", Amount.between(5_000, 8_000)),),
    )
    assert indication.assumptions.size_class is SizeClass.SMALL
    assert figures(indication) == (
        euros(8_000),  # 80 x 100
        euros(5_000, 8_000, pm=True),
        euros(13_000, 16_000, pm=True),
        euros(33_000, 48_000, pm=True),  # 8.000 + 5 x 5.000 to 5 x 8.000
    )


def test_baarn_pays_the_contribution_of_a_small_municipality(indicated: Indicator) -> None:
    # 2.500 a year shared by 25.435 inhabitants is 0,098...
    indication = indicated("Baarn", "zelf", "in huis", "financieel")
    assert indication.line(CONTRIBUTION).amount == euros(2_500)
    assert indication.totals.per_inhabitant == euros("0.10", pm=True)


def test_without_contribution_it_costs_nothing_and_is_not_unquantified(indicated: Indicator) -> None:
    indication = indicated("Zeist", "extern", "SaaS", "geen")
    assert indication.line(CONTRIBUTION).amount == NOTHING
    assert figures(indication)[1] == euros(10_000, 20_000)


def test_an_own_estimate_of_zero_is_stated_and_so_not_pro_memorie(indicated: Indicator) -> None:
    indication = indicated("Zeist", "extern", "in huis", "geen", estimates=(("hosting", NOTHING),))
    assert figures(indication)[1] == NOTHING


def test_when_the_ggu_pays_from_the_third_year_utrecht_contributes_twice(indicated: Indicator, tariff: Tariff) -> None:
    indication = indicated("Utrecht", "extern", "SaaS", "financieel", by=with_tariff(tariff, ggu_year=2028))
    assert [year.contribution for year in indication.years] == [euros(40_000)] * 2 + [NOTHING] * 3
    assert indication.totals.horizon == euros(145_000, 195_000)  # 15.000 + 2 x 40.000 + 5 x 10.000 to 5 x 20.000
    assert Remark(RemarkCode.CONTRIBUTION_LAPSES, {"jaar": "2028"}) in indication.remarks


def test_when_the_ggu_pays_from_the_start_there_is_no_contribution_at_all(indicated: Indicator, tariff: Tariff) -> None:
    indication = indicated("Utrecht", "extern", "SaaS", "alternatief", by=with_tariff(tariff, ggu_year=2026))
    assert figures(indication) == (euros(15_000), euros(10_000, 20_000), euros(25_000, 35_000), euros(65_000, 115_000))


def test_indexation_raises_yearly_amounts_from_the_second_year(indicated: Indicator, tariff: Tariff) -> None:
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel", by=with_tariff(tariff, indexation=2))
    # low: 10.000,00  10.200,00  10.404,00  10.612,08  10.824,32 (10.824,3216)
    # and  40.000,00  40.800,00  41.616,00  42.448,32  43.297,29 (43.297,2864)
    assert [year.total.low for year in indication.years] == [
        Decimal("65000.00"),
        Decimal("51000.00"),
        Decimal("52020.00"),
        Decimal("53060.40"),
        Decimal("54121.61"),
    ]
    assert indication.totals.horizon.low == Decimal("275202.01")


@pytest.mark.parametrize(
    ("more", "item"),
    [
        ({"phase": Phase.DEMO}, "demo"),
        ({"backlog": "koppeling"}, "backlog"),
        ({"in_kind": (InKind.STEERING_GROUP,)}, "in_kind"),
    ],
)
def test_effort_that_nobody_quantified_marks_the_totals(indicated: Indicator, more: dict[str, Any], item: str) -> None:
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel", **more)
    assert indication.pro_memorie == (item,)
    assert indication.totals.first_year == euros(65_000, 75_000, pm=True)


def test_there_is_a_scenario_for_each_combination_and_one_is_chosen(indicated: Indicator) -> None:
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel")
    assert len({(s.guidance, s.hosting, s.contribution) for s in indication.scenarios}) == 18
    (chosen,) = (s for s in indication.scenarios if s.chosen)
    assert (chosen.guidance, chosen.hosting) == (Guidance.EXTERNAL, Hosting.SAAS)
    assert chosen.totals == indication.totals
    (other,) = (
        s
        for s in indication.scenarios
        if (s.guidance, s.hosting, s.contribution) == (Guidance.SELF, Hosting.IN_HOUSE, Contribution.FINANCIAL)
    )
    assert other.totals.horizon == euros(200_000, pm=True)  # 5 x 40.000


def test_a_scenario_says_what_it_costs_more_than_what_was_chosen(indicated: Indicator) -> None:
    indication = indicated("Zeist", "extern", "SaaS", "financieel")
    by_choice = {(s.guidance, s.hosting, s.contribution): s for s in indication.scenarios}
    without = by_choice[Guidance.EXTERNAL, Hosting.SAAS, Contribution.NONE]
    # without the contribution of 12.500 a year, five years long
    assert without.first_year_difference == Difference(Decimal(-12_500), Decimal(-12_500))
    assert without.horizon_difference == Difference(Decimal(-62_500), Decimal(-62_500))


def test_what_nobody_quantified_cannot_be_compared_unless_both_miss_it(indicated: Indicator) -> None:
    indication = indicated("Zeist", "zelf", "hybride", "geen")
    by_choice = {(s.guidance, s.hosting, s.contribution): s for s in indication.scenarios}
    same_gaps = by_choice[Guidance.SELF, Hosting.HYBRID, Contribution.FINANCIAL]
    assert same_gaps.first_year_difference == Difference(Decimal(12_500), Decimal(12_500))
    for other_gaps in (
        (Guidance.EXTERNAL, Hosting.HYBRID, Contribution.NONE),
        (Guidance.SELF, Hosting.IN_HOUSE, Contribution.NONE),
        (Guidance.SELF, Hosting.SAAS, Contribution.NONE),
        (Guidance.SELF, Hosting.HYBRID, Contribution.ALTERNATIVE),
    ):
        assert by_choice[other_gaps].first_year_difference is None
        assert by_choice[other_gaps].horizon_difference is None


def test_a_scenario_is_also_shown_without_the_ggu(indicated: Indicator, tariff: Tariff) -> None:
    indication = indicated("Utrecht", "extern", "SaaS", "financieel", by=with_tariff(tariff, ggu_year=2028))
    (chosen,) = (s for s in indication.scenarios if s.chosen)
    assert chosen.totals.horizon == euros(145_000, 195_000)  # 15.000 + 2 x 40.000 + 5 x 10.000 to 20.000
    assert chosen.without_ggu == euros(265_000, 315_000)  # 15.000 + 5 x 50.000 to 60.000


def test_the_totals_move_with_the_hours_of_guidance(indicated: Indicator) -> None:
    indication = indicated("Amsterdam", "zelf", "SaaS", "financieel")
    by_hours = {int(each.hours): each.totals for each in indication.sensitivities}
    assert list(by_hours) == [50, 75, 100, 125, 150, 175, 200, 225, 250, 275]
    assert by_hours[50].first_year == euros(55_000, 65_000)  # 5.000 + 50.000 to 60.000
    assert by_hours[250].horizon == euros(275_000, 325_000)  # 25.000 + 5 x 50.000 to 60.000


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        ("37.5", ["37.5", *map(str, range(50, 251, 25))]),
        ("110", ["50", "75", "100", "110", "125", "150", "175", "200", "225", "250"]),
        ("700", [*map(str, range(50, 251, 25)), "700"]),
    ],
)
def test_the_chosen_hours_are_among_those_that_the_totals_are_shown_for(
    indicated: Indicator, hours: str, shown: list[str]
) -> None:
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel", hours=Decimal(hours))
    totals = {str(each.hours): each.totals for each in indication.sensitivities}
    assert list(totals) == shown
    assert totals[hours].first_year == indication.totals.first_year


def test_an_own_estimate_counts_only_for_the_hosting_it_was_made_for(indicated: Indicator) -> None:
    indication = indicated("Zeist", "extern", "hybride", "geen", estimates=(("hosting", Amount.between(3_000, 4_000)),))
    by_hosting = {s.hosting: s.totals.yearly for s in indication.scenarios if s.contribution is Contribution.NONE}
    assert by_hosting == {
        Hosting.IN_HOUSE: PRO_MEMORIE,
        Hosting.HYBRID: euros(3_000, 4_000),
        Hosting.SAAS: euros(10_000, 20_000),
    }


def test_a_municipality_may_state_its_own_class_and_inhabitants(indicated: Indicator) -> None:
    indication = indicated("Zeist", "extern", "SaaS", "financieel", inhabitants=120_000, size_class=SizeClass.SMALL)
    assert indication.line(CONTRIBUTION).amount == euros(2_500)
    assert indication.remarks == (
        Remark(RemarkCode.INHABITANTS_OVERRIDDEN, {"aantal": "120.000", "register": "66.648"}),
        Remark(
            RemarkCode.CLASS_BY_REGISTER,
            {"klasse": "Middelgroot", "bij": "", "bedrag": "€\xa02.500", "anders": "€\xa012.500"},
        ),
        Remark(
            RemarkCode.CLASS_OVERRIDDEN,
            {"eigen": "Klein", "klasse": "Groot", "bij": "", "bedrag": "€\xa02.500", "anders": "€\xa020.000"},
        ),
    )


def test_what_the_register_makes_of_it_is_said_also_where_class_and_inhabitants_agree(indicated: Indicator) -> None:
    delft = indicated("Delft", "extern", "SaaS", "financieel", inhabitants=48_000, size_class=SizeClass.SMALL)
    about = {"klasse": "Groot", "bij": "", "bedrag": "€\xa02.500", "anders": "€\xa020.000"}  # it has 110.089
    assert Remark(RemarkCode.CLASS_BY_REGISTER, about) in delft.remarks
    once = indicated("Delft", "extern", "SaaS", "financieel", inhabitants=120_000, size_class=SizeClass.SMALL)
    assert [each.code for each in once.remarks] == [RemarkCode.INHABITANTS_OVERRIDDEN, RemarkCode.CLASS_OVERRIDDEN]


def test_a_municipality_near_a_bound_reads_both_amounts(indicated: Indicator, texts: Texts) -> None:
    (remark,) = indicated("Harderwijk", "extern", "SaaS", "financieel").remarks
    assert remark.code is RemarkCode.NEAR_BOUND
    said = "655 inwoners boven de grens (aanname) van 50.000. "  # the register has 50.655
    said += "In de klasse Klein: € 2.500 in plaats van € 12.500 per jaar"
    assert texts.remark(remark).replace("\xa0", " ") == f"{said}."
    (remark,) = indicated("Harderwijk", "extern", "SaaS", "geen").remarks
    assert texts.remark(remark).replace("\xa0", " ") == f"{said} (bij een financiële bijdrage)."
    assert indicated("Zeist", "extern", "SaaS", "geen").remarks == ()


def test_an_alternative_that_is_not_agreed_gets_a_remark(indicated: Indicator) -> None:
    not_agreed = Remark(RemarkCode.NOT_AGREED)
    assert not_agreed in indicated("Zeist", "extern", "SaaS", "alternatief").remarks
    assert not_agreed in indicated("Zeist", "extern", "SaaS", "alternatief", agreed=False).remarks
    assert not_agreed not in indicated("Zeist", "extern", "SaaS", "alternatief", agreed=True).remarks


def words(kind: type[Guidance] | type[Hosting] | type[Contribution]) -> st.SearchStrategy[str]:
    return st.sampled_from([option.dutch for option in kind])


@given(
    st.sampled_from(["Amsterdam", "Eindhoven", "Zeist", "Schiermonnikoog"]),
    words(Guidance),
    words(Hosting),
    words(Contribution),
    st.decimals(min_value=0, max_value=500, places=2),
    st.integers(min_value=0, max_value=10),
    st.none() | st.integers(min_value=2024, max_value=2034),
)
def test_totals_are_the_sums_of_what_they_total(
    indicated: Indicator,
    tariff: Tariff,
    name: str,
    guidance: str,
    hosting: str,
    contribution: str,
    hours: Decimal,
    indexation: int,
    ggu_year: int | None,
) -> None:
    by = with_tariff(tariff, indexation, ggu_year)
    indication = indicated(name, guidance, hosting, contribution, hours=hours, by=by)
    totals = indication.totals
    assert totals.first_year == totals.once + totals.yearly == indication.years[0].total
    assert totals.horizon == total(year.total for year in indication.years)
    assert totals.first_year.pro_memorie == bool(indication.pro_memorie)
    assert [s.totals for s in indication.scenarios if s.chosen] == [totals]


# --- Live, own estimates, what intake doubted -------------------------------------------------------------------------


def test_amsterdam_that_is_live_pays_no_set_up_again(indicated: Indicator) -> None:
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel", phase=Phase.LIVE)
    assert indication.totals.once == NOTHING
    assert not indication.line(GUIDANCE).applies
    # 10.000 to 20.000 for SaaS and 40.000 of a G4 municipality; five years of that
    assert indication.totals.first_year == indication.totals.yearly == euros(50_000, 60_000)
    assert indication.totals.horizon == euros(250_000, 300_000)
    assert {each.totals.once for each in indication.scenarios} == {NOTHING}
    assert {each.totals.once for each in indication.sensitivities} == {NOTHING}
    assert [remark.code for remark in indication.remarks] == [RemarkCode.ALREADY_LIVE]


def test_who_is_live_can_still_realise_something_of_the_backlog(indicated: Indicator) -> None:
    indication = indicated("Utrecht", "zelf", "SaaS", "financieel", phase=Phase.LIVE, backlog="Koppeling")
    assert indication.pro_memorie == ("backlog",)
    assert indication.totals.once == PRO_MEMORIE


def test_rotterdam_with_its_own_estimates_has_nothing_left_without_amount(indicated: Indicator) -> None:
    indication = indicated(
        "Rotterdam", "zelf", "in huis", "alternatief",
        in_kind=(InKind.PRODUCT_STEERING,),
        estimates=(
            ("begeleiding", Amount.between(8_000, 12_000)),
            ("hosting", Amount.between(6_000, 9_000)),
            ("bijdrage", Amount.exactly(10_000)),
            ("in_natura", Amount.exactly(5_000)),
        ),
    )  # fmt: skip
    assert indication.pro_memorie == ()
    assert indication.totals.once == euros(8_000, 12_000)
    assert indication.totals.yearly == euros(21_000, 24_000)  # 6.000 to 9.000, 10.000 and 5.000
    assert [line.item for line in indication.lines if line.own] == ["guidance", "hosting", "contribution", "in_kind"]


def test_an_estimate_counts_only_for_what_was_chosen(indicated: Indicator) -> None:
    estimates = (("begeleiding", euros(9_000)), ("bijdrage", euros(7_000)), ("in_natura", euros(5_000)))
    indication = indicated("Zeist", "extern", "SaaS", "financieel", estimates=estimates)
    assert indication.totals.once == euros(15_000)
    assert indication.totals.yearly == euros(22_500, 32_500)  # 10.000 to 20.000 and 12.500
    assert not any(line.own for line in indication.lines)
    other = next(s for s in indication.scenarios if s.guidance is Guidance.SELF and s.hosting is Hosting.SAAS)
    assert other.totals.once == euros(9_000)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        # 50.439 in the register; 100.500 inhabitants of its own make it Groot
        (
            {"inhabitants": 100_500},
            (
                "Ingevuld: 100.500 inwoners; het register heeft er 50.439. "
                "Volgens het register is de grootteklasse Middelgroot: € 12.500 in plaats van € 20.000 per jaar. "
                "500 inwoners boven de grens (aanname) van 100.000. "
                "In de klasse Middelgroot: € 12.500 in plaats van € 20.000 per jaar."
            ),
        ),
        (
            {"size_class": SizeClass.SMALL},
            (
                "Ingevuld: grootteklasse Klein. Volgens het tarief is het Middelgroot: € 12.500 in "
                "plaats van € 2.500 per jaar."
            ),
        ),
        ({"size_class": SizeClass.MEDIUM}, ""),
    ],
)
def test_another_size_is_explained_in_euros(
    indicated: Indicator, texts: Texts, more: dict[str, Any], said: str
) -> None:
    remarks = indicated("Middelburg", "extern", "SaaS", "financieel", **more).remarks
    assert " ".join(map(texts.remark, remarks)).replace("\xa0", " ") == said


@pytest.mark.parametrize(("guidance", "hosting"), [("extern", "SaaS"), ("zelf", "in huis")])
def test_totals_alone_are_those_of_the_indication(guidance: str, hosting: str, choose: Chooser, tariff: Tariff) -> None:
    choices = choose("Zeist", guidance, hosting, "financieel", backlog="koppeling", phase=Phase.DEMO)
    assert add_up(choices, tariff, 2026) == indicate(choices, tariff, 2026).totals
