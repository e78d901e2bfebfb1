"""All indications together: sums by hand from the source, and each point of attention with its place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount
from pipeline.model.choices import Contribution, Guidance, Hosting, Phase
from pipeline.model.indication import Indication, indicate
from pipeline.model.items import CONTRIBUTION
from pipeline.results.action_points import Attention
from pipeline.results.cost_sharing import Key
from pipeline.results.overview import PHASES, SIZE_CLASSES, TOTAL, Groups, Overview
from tests.results.samples import (
    AMSTERDAM,
    BASIS,
    EINDHOVEN,
    START,
    TEXTS,
    ZEIST,
    amsterdam,
    choices,
    indication,
    overview_of,
    results,
    rich_results,
    schiermonnikoog,
    with_ggu,
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
    words = {"size_class": "G4", "phase": "live", "guidance": "extern", "hosting": "saas", "contribution": "financieel"}
    assert {key: getattr(row, key) for key in words} == words
    assert row.once == NOTHING  # it is live: the set-up was paid before
    assert row.yearly == Amount.between(50_000, 60_000)  # 10.000 - 20.000 + 40.000
    assert row.first_year == Amount.between(50_000, 60_000)
    assert row.horizon == Amount.between(250_000, 300_000)  # 5 x 50.000 - 60.000
    assert row.per_inhabitant == Amount.between(Decimal("0.05"), Decimal("0.06"))
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
    assert list(overview.by_class) == [*SIZE_CLASSES, TOTAL]
    assert cell(overview.by_class, "G4", "yearly") == Amount.between(50_000, 60_000)
    assert cell(overview.by_class, "Groot", "yearly") == Amount.between(30_000, 40_000)  # 10.000 - 20.000 + 20.000
    assert cell(overview.by_class, "Middelgroot", "yearly") == Amount.between(10_000, 20_000)
    assert cell(overview.by_class, "Klein", "yearly") == NOTHING
    assert cell(overview.by_class, TOTAL, "once") == Amount.exactly(45_000)  # 3 x 15.000
    assert cell(overview.by_class, TOTAL, "first_year") == Amount.between(135_000, 165_000)  # + 90.000 - 120.000
    assert cell(overview.by_class, TOTAL, "horizon") == Amount.between(
        495_000, 645_000
    )  # 45.000 + 5 x 90.000 - 120.000
    assert [sums.municipalities for sums in overview.by_class.values()] == [1, 1, 1, 0, 3]


def test_an_unquantified_item_marks_every_total_it_is_missing_from() -> None:
    overview = overview_of(results(amsterdam(phase=Phase.LIVE), schiermonnikoog()), START)
    assert cell(overview.by_class, "Klein", "yearly") == PRO_MEMORIE
    assert cell(overview.by_class, TOTAL, "yearly") == Amount(Decimal(50_000), Decimal(60_000), pro_memorie=True)
    assert [cell(overview.by_class, label, "incomplete") for label in ("G4", TOTAL)] == [0, 1]
    assert not cell(overview.by_phase, "live", "horizon").pro_memorie


def test_who_names_no_phase_is_counted_as_such(rich: Overview) -> None:
    assert list(rich.by_phase) == [*PHASES, TOTAL]
    assert {label: sums.municipalities for label, sums in rich.by_phase.items()} == {
        "verkenning": 0, "demo": 1, "implementatie": 0, "live": 1, "niet opgegeven": 2, TOTAL: 4,
    }  # fmt: skip


def test_a_result_without_indications_has_totals_of_nothing() -> None:
    overview = overview_of(results(), START)
    assert overview.municipalities == ()
    assert cell(overview.by_class, TOTAL, "horizon") == NOTHING
    assert overview.points == ()


# --- Contributions ----------------------------------------------------------------------------------------------------


def test_contributions_are_counted_by_form_and_summed_in_euros(rich: Overview) -> None:
    total = rich.by_class[TOTAL]
    assert total.euros == 40_000  # Amsterdam; Utrecht and Zeist have an alternative
    assert (total.financial, total.agreed, total.not_agreed, total.none, total.in_kind) == (1, 1, 1, 1, 1)
    assert [cell(rich.by_phase, "live", sums) for sums in ("euros", "euros_live")] == [40_000, 40_000]
    assert cell(rich.by_class, "Middelgroot", "not_agreed") == 1


def test_sums_are_exact_to_the_cent() -> None:
    """A hundred offers of 0,10 and more are no fraction of a cent more than ten euros."""
    offer = Amount.between(Decimal("0.10"), Decimal("9999999.99"))
    one = indication(EINDHOVEN, Guidance.SELF, Hosting.SAAS, Contribution.NONE, estimates=(("hosting", offer),))
    total = overview_of(results(*[one] * 100), START).by_class[TOTAL]
    assert (total.saas_cost.low, total.saas_cost.high) == (Decimal(10), Decimal(999_999_999))


# --- The GGU ----------------------------------------------------------------------------------------------------------


def starting(code: str, year: int) -> Indication:
    return indication(code, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, start_year=year)


def test_without_a_year_in_the_tariff_the_ggu_pays_from_the_year_after_the_reference_date() -> None:
    assert overview_of(results(starting(ZEIST, 2022)), START).ggu_year == 2027
    assert overview_of(results(), 2030).ggu_year == 2031


def test_what_lapses_is_added_up_over_the_same_years_for_all() -> None:
    overview = overview_of(results(starting(ZEIST, 2022), starting(EINDHOVEN, 2029), starting(AMSTERDAM, 2032)), START)
    assert overview.years == range(2026, 2031)
    lapses = {row.name: row.lapses_in_horizon for row in overview.municipalities}
    assert lapses["Zeist"] == 4 * 12_500  # 2027 to 2030
    assert lapses["Eindhoven"] == 2 * 20_000  # 2029 and 2030
    assert lapses["Amsterdam"] == 0  # starts after them
    assert cell(overview.by_class, TOTAL, "lapses_in_horizon") == 90_000


def test_a_contribution_that_has_lapsed_is_shown_as_if_it_had_not() -> None:
    basis = with_ggu(BASIS, 2026)
    chosen = choices(AMSTERDAM, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL)
    one = indicate(chosen, basis.tariff, START)
    assert one.line(CONTRIBUTION).amount == NOTHING
    overview = overview_of(replace(results(one), basis=basis), START)
    assert cell(overview.by_class, TOTAL, "euros") == 40_000
    assert cell(overview.by_class, TOTAL, "lapses_in_horizon") == 200_000  # five years


def test_the_same_costs_are_divided_over_the_whole_register() -> None:
    shares = overview_of(results(amsterdam()), START).shares
    # 4 x 40.000 + 28 x 20.000 + 65 x 12.500 + 245 x 2.500
    assert (shares.municipalities, shares.all_pay) == (342, Decimal(2_145_000))
    g4 = shares.parts[0]
    # 40.000 x 40.000 / 2.145.000, and 40.000 / 342
    assert (g4.one[Key.BY_CLASS], g4.one[Key.EQUAL]) == (Decimal("745.92"), Decimal("116.96"))
    assert [shares.together(key) for key in Key] == [40_000] * 3


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
    assert point.about == "hosting (“cloud”): Kies in huis, hybride of saas."


def test_an_error_that_concerns_no_row_is_a_point_of_its_own(rich: Overview) -> None:
    (point,) = rich.about(Attention.UNREADABLE)
    assert (point.municipality, point.file, point.line) == ("", "c.csv", None)


def test_warnings_and_replaced_rows_are_points(rich: Overview) -> None:
    (warning,) = rich.about(Attention.WARNING)
    assert (warning.municipality, warning.file, warning.line) == ("Zeist", "a.csv", 4)
    assert warning.about == "begeleidingsuren (“80”): De uren tellen niet mee."
    (replaced,) = rich.about(Attention.REPLACED)
    assert (replaced.municipality, replaced.line) == ("Amsterdam", 2)
    assert replaced.about == "vervangt a.csv, regel 3"


def test_points_stand_in_the_order_of_their_kinds(rich: Overview) -> None:
    order = list(Attention)
    kinds = [order.index(point.attention) for point in rich.points]
    assert kinds == sorted(kinds)
