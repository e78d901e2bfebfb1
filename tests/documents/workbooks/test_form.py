"""The workbook as a form: by which of its cells it is known when it comes back, and what they hold."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from pipeline.documents.workbooks import render_indication
from pipeline.intake.fields.columns import Columns
from pipeline.model.amounts import Amount
from pipeline.model.choices import InKind, Phase
from pipeline.model.form import NO_CHOICES
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.conftest import Indicator
from tests.documents.workbooks.engine import Parts
from tests.posten import BY_CHOICE, ONCE, with_training


@pytest.mark.parametrize("changes", [None, (), (BY_CHOICE,), (*ONCE, BY_CHOICE)])
def test_every_input_cell_is_a_column_of_a_delivery_or_said_to_be_no_choice_and_has_its_begin(
    changes: tuple[tuple[str, str], ...] | None, indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    tariff = basis.tariff if changes is None else with_training(basis.tariff, *changes)
    more = replace(basis, tariff=tariff)
    parts = Parts(render_indication(indicated("Zeist", "zelf", "SaaS", "geen", by=tariff), more, texts))
    words = {name.removeprefix("invoer_") for name in parts.names if name.startswith("invoer_")}
    words.remove("volgorde")  # in which order the scenarios are shown
    without = {"gemeente", "gemeentecode", "herkomst", "bijdrage_toelichting", "afgestemd", "contact", "e_mail"}
    assert {column.name for column in Columns.of(tariff.items).every} == words - {*NO_CHOICES} | without
    assert words > {*NO_CHOICES}
    for word in words:
        (sheet, entered), (other, begun) = (parts.names[f"{prefix}_{word}"] for prefix in ("invoer", "begin"))
        assert sheet == other == "Keuzes"
        assert begun == f"C{entered.removeprefix('B')}"
    columns = {name.removeprefix("opgave_") for name in parts.names if name.startswith("opgave_")}
    asked = {"opleiding"} if "opleiding" in words else set()
    assert columns == {*("bijdrage_toelichting", "afgestemd", "in_natura", "backlog", "contact"), *asked}


def test_it_says_which_form_it_is_whose_and_what_was_given(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    indication = indicated(
        *("Zeist", "extern", "hybride", "alternatief"),
        hours=Decimal("37.5"),
        estimates=(("hosting", Amount.between(8_000, 12_500)),),
        in_kind=tuple(InKind),
        phase=Phase.DEMO,
        agreed=False,
        backlog="koppeling",
    )
    workbook = render_indication(indication, basis, texts)
    parts = Parts(workbook)
    assert [parts.named(f"formulier_{word}") for word in ("naam", "versie", "gemeente", "bestand", "opgegeven")] == [
        *("kostenindicatie-keuzes", "1", "GM0355", "voorbeeld.csv"),
        (
            "begeleiding, begeleidingsuren, hosting, bijdrage, afgestemd, in_natura, backlog, fase, hosting_laag, "
            "hosting_hoog"
        ),
    ]
    assert [parts.named(f"opgave_{word}") for word in ("in_natura", "backlog", "afgestemd", "contact")] == [
        *("stuurgroep, productsturing", "koppeling", "nee", "geen opgave")
    ]
    assert [parts.named(f"begin_{word}") for word in ("begeleidingsuren", "in_natura", "backlog", "uurtarief")] == [
        *(37.5, "beide", "ja", 100),
    ]
    book = openpyxl.load_workbook(BytesIO(workbook))
    for name, (sheet, address) in parts.names.items():
        if name.startswith(("formulier_", "begin_", "opgave_")):
            assert book[sheet][address].protection.locked


@pytest.mark.parametrize(
    ("in_kind", "shown"), [((), "nee"), ((InKind.PRODUCT_STEERING,), "productsturing"), (tuple(InKind), "beide")]
)
def test_effort_in_kind_is_chosen_by_its_kinds(
    in_kind: tuple[InKind, ...], shown: str, indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    parts = Parts(render_indication(indicated("Zeist", "zelf", "SaaS", "geen", in_kind=in_kind), basis, texts))
    assert parts.named("invoer_in_natura") == parts.named("in_natura") == shown
    assert parts.named("kosten_in_natura_laag") == ("p.m." if in_kind else 0)
