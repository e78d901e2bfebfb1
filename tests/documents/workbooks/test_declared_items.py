"""Items that are only data, in the workbook: formulas over named cells, held to the rules by another engine."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipeline.documents.workbooks import render_indication
from pipeline.model.declared_items import LONGEST
from pipeline.model.tariffs import MOST_AMOUNTS, MOST_ITEMS
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.conftest import Indicator
from tests.documents.workbooks.engine import Parts, differences, recalculate
from tests.documents.workbooks.shapes import SHAPES, combine, expected, follows
from tests.posten import BY_CHOICE, ONCE, WITHOUT_AMOUNT, with_training

VARIANTS: dict[str, tuple[tuple[str, str], ...]] = {
    "yearly": (),
    "once": ONCE,
    "from nothing": (("laag = 2000", "laag = 0"),),
    "with cents": (BY_CHOICE, ("2000", "1999.5"), ("3000", "2999.95")),
    "once, by choice": (*ONCE, BY_CHOICE),
    "without amount": (WITHOUT_AMOUNT,),
    "without amount, by choice": (WITHOUT_AMOUNT, BY_CHOICE),
}
YES = (("opleiding", True),)


def varied(basis: ReferenceData, variant: str) -> ReferenceData:
    return replace(basis, tariff=with_training(basis.tariff, *VARIANTS[variant]))


@pytest.mark.parametrize("variant", VARIANTS)
def test_another_engine_computes_what_the_rules_say(
    variant: str, indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    more = varied(basis, variant)
    words, choices = SHAPES["much besides"]
    indication = indicated(*words, by=more.tariff, answers=YES, **choices)
    parts = Parts(render_indication(indication, more, texts))
    computed = recalculate(parts, tmp_path, {})
    assert differences(parts.formulas, parts.values, computed) == []

    places = [place for place in parts.formulas if follows(place, parts)]
    for seed in range(3):
        combination = combine(random.Random(seed))
        if BY_CHOICE in VARIANTS[variant]:
            said = bool(seed % 2)
            combination = replace(
                combination,
                inputs={**combination.inputs, "invoer_opleiding": "ja" if said else "nee"},
                choices={**combination.choices, "answers": (("opleiding", said),)},
            )
        answers = expected(indication, combination, more, texts)
        assert differences(places, answers.values, recalculate(parts, tmp_path, combination.inputs)) == []


def test_its_amount_is_a_formula_over_the_figure_of_the_tariff(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    more = varied(basis, "with cents")
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel", by=more.tariff, answers=YES)
    parts = Parts(render_indication(indication, more, texts))
    assert parts.formulas[parts.names["kosten_opleiding_laag"]] == (
        "IF(keuze_opleiding=tekst_ja,IF(AND(ISNUMBER(opleiding_laag),ISNUMBER(opleiding_hoog)),"
        "opleiding_laag,tarief_opleiding_laag),0)"
    )
    assert [parts.named(f"tarief_opleiding_{bound}") for bound in ("laag", "hoog")] == [1999.5, 2999.95]
    assert parts.named("invoer_opleiding") == parts.named("keuze_opleiding") == "ja"


def test_uitgangspunten_shows_its_amount_with_date_and_source_or_that_it_has_none(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    rows = {}
    for variant in ("yearly", "without amount, by choice"):
        more = varied(basis, variant)
        indication = indicated("Amsterdam", "extern", "SaaS", "financieel", by=more.tariff)
        book = openpyxl.load_workbook(BytesIO(render_indication(indication, more, texts)))
        for label, source, value, unit, provenance, dated in book["Uitgangspunten"].iter_rows(
            max_col=6, values_only=True
        ):
            if str(label).startswith("Opleiding") and value:
                assert (unit, provenance, source) == ("EUR per jaar", "vermeld", "prijslijst 2026")
                assert f"{dated:%Y-%m-%d}" == "2026-01-01"
                rows[variant, label] = value
    assert rows == {
        ("yearly", "Opleiding gebruikers, laag"): 2_000,
        ("yearly", "Opleiding gebruikers, hoog"): 3_000,
        ("without amount, by choice", "Opleiding gebruikers"): "p.m.",
    }


@pytest.mark.parametrize(("years", "yearly"), [(5, 13), (30, 1)])
def test_as_many_items_as_can_be_with_the_longest_keys_keep_every_formula_within_what_excel_takes(
    years: int, yearly: int, indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    """Besides in_natura, which is a yearly one, and demo and backlog."""
    horizon = replace(basis.tariff.horizon, value=Decimal(years))
    tariff = replace(basis.tariff, horizon=horizon)
    for number in range(MOST_ITEMS - 3):
        word = chr(ord("a") + number % 26) * LONGEST if number < 26 else "ab" * (LONGEST // 2)
        named = (('"opleiding"', f'"{word}"'), ("Opleiding", f"Opleiding {number}"))
        tariff = with_training(tariff, *named, *(() if number < yearly else ONCE))
    assert list(tariff.contradictions()) == []
    assert (yearly + 1) * years <= MOST_AMOUNTS < (yearly + 2) * years
    more = replace(basis, tariff=tariff)
    indication = indicated("Amsterdam", "extern", "SaaS", "financieel", by=tariff)
    parts = Parts(render_indication(indication, more, texts))
    assert max(map(len, parts.formulas.values())) < 8_192
    # 65.000 - 75.000, and 27 times 2.000 - 3.000
    assert [parts.named("eerste_jaar_laag"), parts.named("eerste_jaar_hoog")] == [119_000, 156_000]
    assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []
