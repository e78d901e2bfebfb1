"""A filled layout has the bytes of a built workbook, whatever the municipality chose and wrote."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import product
from operator import itemgetter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from pipeline.documents.workbooks import Workbooks, render_indication
from pipeline.documents.workbooks.cells import Calculated, Fixed, Given, Value
from pipeline.documents.workbooks.layouts import Unfillable, lay_out
from pipeline.documents.workbooks.placed import Placed
from pipeline.documents.workbooks.places import Place
from pipeline.documents.workbooks.sheets import Chart, Line, Range, Table
from pipeline.documents.workbooks.writer import write, write_values
from pipeline.intake import read_deliveries
from pipeline.model.amounts import Amount
from pipeline.model.choices import Choices, Contribution, Guidance, Hosting, InKind, Origin, Phase
from pipeline.model.indication import Indication, indicate
from pipeline.model.municipality import Municipality
from pipeline.model.tariffs import SizeClass, tariff_on
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import read_register
from pipeline.reference.tariff_file import read_tariffs
from pipeline.reference.texts import read_texts
from tests.conftest import REFERENCE, ROOT
from tests.documents.workbooks.small import columns, placed, titled

REGISTER = read_register(REFERENCE / "gemeenten.csv")
TARIFF = tariff_on(read_tariffs(REFERENCE / "tarieven.toml"), date(2026, 1, 1))
TEXTS = read_texts(ROOT / "templates")
BASIS = ReferenceData.of(REGISTER, TARIFF, date(2026, 11, 25))
ALL = tuple(indicate(choices, TARIFF, 2026) for choices in read_deliveries(ROOT / "inputs", REGISTER).choices)
WORKBOOKS = Workbooks(TEXTS).prepare(BASIS, ALL, {})


def test_there_is_one_layout_for_all_and_it_can_be_sent_to_another_process() -> None:
    assert WORKBOOKS.filling is not None
    sent: Workbooks = pickle.loads(pickle.dumps(WORKBOOKS))
    assert sent.render(ALL[1], BASIS) == render_indication(ALL[1], BASIS, TEXTS)


def test_every_combination_of_choices_has_the_bytes_of_a_built_workbook() -> None:
    chosen = {(i.choices.guidance, i.choices.hosting, i.choices.contribution): i for i in ALL}
    assert set(chosen) == set(product(Guidance, Hosting, Contribution))
    for indication in chosen.values():
        assert WORKBOOKS.render(indication, BASIS) == render_indication(indication, BASIS, TEXTS)


@pytest.mark.thorough
def test_every_municipality_has_the_bytes_of_a_built_workbook() -> None:
    assert len(ALL) == 342
    for indication in ALL:
        assert WORKBOOKS.render(indication, BASIS) == render_indication(indication, BASIS, TEXTS)


# --- Hostile ones -----------------------------------------------------------------------------------------------------

SNIPPETS = st.sampled_from(
    [
        *(
            "",
            "\xa0",
            "p.m.",
            "ja",
            "geen opgave",
            "Amsterdam",
            "volledig",
            "12",
            "1e5",
            "nan",
            "inf",
            "#REF!",
            "#N/A",
            "True",
        ),
        *("_x0041_", "_x", "<r>a</r>", "<si><t>x</t></si>", "&amp;", "]]>", '"', "'", "<", "&", "⟦t1⟧", "⟦title⟧"),
        *(" ", "\n", "\t", "\r", "\x00", "\x0b", "\x1f", "\x7f", "\u00a0", "\u2028", "\ufffe", "\U0001f600"),
        *("=1+1", "{=1}", "http://x.nl", "internal:Kosten!A1", "@x", "mailto:a", "{low}", "%s", "\\1"),
    ]
)
TEXT = st.one_of(
    st.just(""),
    st.lists(SNIPPETS | st.text(st.characters(exclude_categories=["Cs"]), max_size=4), max_size=4).map("".join),
    st.integers(1, 40_000).map("x".__mul__),
    st.integers(1, 20_000).map("\U0001f600".__mul__),
)
EUROS = st.decimals(0, 10**9, places=2) | st.sampled_from([Decimal(0), Decimal("0.1"), Decimal(10**9)])


@st.composite
def indications(draw: st.DrawFn) -> Indication:
    name = draw(TEXT) or "x"
    municipality = Municipality("GM0001", name, draw(TEXT), draw(st.integers(1, 10**7)))
    estimate = draw(st.none() | st.tuples(EUROS, EUROS).map(sorted))
    choices = Choices(
        municipality=municipality,
        guidance=draw(st.sampled_from(Guidance)),
        hosting=draw(st.sampled_from(Hosting)),
        contribution=draw(st.sampled_from(Contribution)),
        origin=Origin(draw(TEXT) or "a.csv", draw(st.integers(1, 10**6))),
        hours=draw(st.none() | st.decimals(0, 10**5, places=2)),
        estimates=(("hosting", Amount.between(*estimate)),) if estimate else (),
        contribution_note=draw(TEXT),
        agreed=draw(st.none() | st.booleans()),
        in_kind=draw(st.sampled_from([(), tuple(InKind)])),
        backlog=draw(TEXT),
        phase=draw(st.none() | st.sampled_from(Phase)),
        start_year=draw(st.none() | st.integers(2000, 2100)),
        size_class=draw(st.none() | st.sampled_from(SizeClass)),
        contact=draw(TEXT),
    )
    return indicate(choices, TARIFF, 2026)


def same(indication: Indication) -> None:
    assert WORKBOOKS.render(indication, BASIS) == render_indication(indication, BASIS, TEXTS)


@settings(max_examples=25, deadline=None)
@given(indications())
def test_hostile_municipalities_have_the_bytes_of_a_built_workbook(indication: Indication) -> None:
    same(indication)


@pytest.mark.thorough
@settings(max_examples=500, deadline=None)
@given(indications())
def test_five_hundred_hostile_municipalities_have_the_bytes_of_a_built_workbook(indication: Indication) -> None:
    same(indication)


# --- What cannot be filled --------------------------------------------------------------------------------------------

VALUES: dict[str, Value] = {"kop": "Kop", "tekst": "tekst", "som": 2, "ook": "vast"}
"""In the order in which they are written."""


def small(*more: Chart) -> Placed:
    rows = [
        [Fixed("vast"), Given(itemgetter("tekst")), Calculated("1+1", itemgetter("som"))],
        [Fixed("tekst"), Given(itemgetter("ook")), Fixed(3)],
    ]
    ranges = {"reeks": Range("C", 0, 2), "soort": Range("B", 0, 2)}
    table = Table("Tabel", columns("A", "B", "C"), rows, ranges=ranges)
    return placed(Line(Given(itemgetter("kop"))), Line(Fixed("p.m.", name="tekst_pm")), table, *more)


def filled(about: dict[str, Value]) -> bytes:
    """The small workbook about these values, from a layout."""
    filling = lay_out(small(), [VALUES], write_values)
    return filling.fill(titled(about), [about[name] for name in VALUES])


@pytest.mark.parametrize(
    "value",
    [
        *("x" * 20_000, " a", "a\n", "\x01", "_x0041_", "#N/A"),
        *(True, float("nan"), float("inf"), date(2026, 1, 1)),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_value_that_the_builder_treats_specially_is_refused(value: Value) -> None:
    for name, cell in (("kop", "Blad!A2"), ("som", "Blad!C5")):
        with pytest.raises(Unfillable, match=cell):
            filled(VALUES | {name: value})


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(list(VALUES)), st.sampled_from(["vast", "tekst", "Kop", "B", "p.m.", 7, 0.1])))
def test_strings_that_are_shared_with_each_other_or_with_fixed_ones_are_numbered_as_built(
    other: dict[str, Value],
) -> None:
    assert filled(VALUES | other) == write(small(), VALUES | other)


@settings(deadline=None)
@example("<&>")
@given(st.text("ab<>&\"'é€", min_size=1, max_size=9))
def test_a_title_is_filled_in_too(title: str) -> None:
    about = VALUES | {"titel": title}
    assert filled(about) == write(small(), about)


def test_an_odd_first_one_does_not_keep_the_others_from_being_filled() -> None:
    odd = structs.replace(ALL[0], choices=structs.replace(ALL[0].choices, contribution_note="#1 van de lijst"))
    workbooks = Workbooks(TEXTS).prepare(BASIS, [odd, ALL[1]], {})
    assert workbooks.filling is not None
    assert workbooks.render(odd, BASIS) == render_indication(odd, BASIS, TEXTS)
    assert Workbooks(TEXTS).prepare(BASIS, [odd], {}).filling is None


def test_a_layout_that_cannot_be_cut_is_refused() -> None:
    chart = Chart("Titel", "x", "y", "soort", "Een grafiek over gegeven teksten.", "reeks", "reeks")
    with pytest.raises(Unfillable, match="stands where nothing can be filled in"):
        lay_out(small(chart), [VALUES], write_values)


def test_a_builder_that_gives_something_else_each_time_is_refused() -> None:
    ticks = iter(range(9))

    def restless(described: Placed, title: str, values: Mapping[Place, Value]) -> bytes:
        book = structs.replace(described.book, subject=f"{next(ticks)}")
        return write_values(structs.replace(described, book=book), title, values)

    with pytest.raises(Unfillable, match="differs"):
        lay_out(small(), [VALUES], restless)
