"""The municipality's workbook against the rules: two independent computations that must agree, cell by cell."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipeline.documents.workbooks import render_indication
from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed
from pipeline.documents.workbooks.municipality.choices import WRONG, notices
from pipeline.documents.workbooks.municipality.wording import thousands
from pipeline.documents.workbooks.sheets import Row
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import COMPLETE
from pipeline.documents.workbooks.writer import write
from pipeline.model.amounts import Amount
from pipeline.model.choices import Phase, Provenance
from pipeline.model.indication import Indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts, read_texts
from tests.conftest import ROOT, Indicator
from tests.documents.workbooks.engine import CellValue, Parts, differences, recalculate
from tests.documents.workbooks.shapes import COMBINATIONS, MORE, SHAPES, combine, expected, follows
from tests.documents.workbooks.small import placed

SHEETS = ["Overzicht", "Keuzes", "Meerjarenraming", "Scenario’s", "Uitgangspunten", "Berekening"]
SAID = notices(read_texts(ROOT / "templates"))


@dataclass(frozen=True)
class Rendered:
    indication: Indication
    workbook: bytes
    parts: Parts


@pytest.fixture(scope="session", params=SHAPES)
def rendered(request: pytest.FixtureRequest, indicated: Indicator, basis: ReferenceData, texts: Texts) -> Rendered:
    words, more = SHAPES[request.param]
    indication = indicated(*words, **more)
    workbook = render_indication(indication, basis, texts)
    return Rendered(indication, workbook, Parts(workbook))


def test_every_cached_value_is_what_another_engine_computes(rendered: Rendered, tmp_path: Path) -> None:
    assert len(rendered.parts.formulas) > 300
    computed = recalculate(rendered.parts, tmp_path, {})
    assert differences(rendered.parts.formulas, rendered.parts.values, computed) == []


@pytest.mark.parametrize(
    "seed", [*range(COMBINATIONS), *(pytest.param(n, marks=pytest.mark.thorough) for n in range(COMBINATIONS, MORE))]
)
def test_after_any_change_of_the_inputs_every_amount_is_what_the_rules_say(
    rendered: Rendered, basis: ReferenceData, texts: Texts, tmp_path: Path, seed: int
) -> None:
    combination = combine(random.Random(f"{rendered.indication.choices.municipality.name} {seed}"))
    answers = expected(rendered.indication, combination, basis, texts)
    computed = recalculate(rendered.parts, tmp_path, combination.inputs)
    places = [place for place in rendered.parts.formulas if follows(place, rendered.parts)]
    assert len(places) > 300
    assert differences(places, answers.values, computed) == []


def test_a_changed_choice_is_noticed(rendered: Rendered, tmp_path: Path) -> None:
    notice = rendered.parts.names["keuzes_gewijzigd"]
    assert recalculate(rendered.parts, tmp_path, {})[notice] == SAID.delivered
    assert recalculate(rendered.parts, tmp_path, {"invoer_begeleidingsuren": 151})[notice] == SAID.changed


IMPOSSIBLE: dict[str, dict[str, CellValue]] = {
    **{
        f"{name} {value!r}": {f"invoer_{name}": value}
        for name, values in {
            "begeleiding": (None, "half"),
            "begeleidingsuren": (None, -1.0, "veel", 10_001.0),
            "uurtarief": (None, 2_000.0),
            "hosting": (None, "thuis"),
            "bijdrage": (None,),
            "grootteklasse": (None, "G5"),
            "inwoners": (None, 0.0, 10.5),
            "startjaar": (None, "volgend jaar", 26.0, 2026.5),
            "indexatie": (None, 3.0, "2%"),
            "ggu_jaar": (28.0, "ooit"),
            "fase": (None, "misschien"),
            "in_natura": (None,),
        }.items()
        for value in values
    },
    "only low": {"invoer_hosting_laag": 5_000.0, "invoer_hosting_hoog": None},
    "only high": {"invoer_hosting_laag": "geen opgave", "invoer_hosting_hoog": 5_000.0},
    "low above high": {"invoer_hosting_laag": 20_000.0, "invoer_hosting_hoog": 5_000.0},
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_be_changes_no_amount_and_is_said_on_every_sheet(
    rendered: Rendered, tmp_path: Path, case: str
) -> None:
    parts = rendered.parts
    computed = recalculate(parts, tmp_path, IMPOSSIBLE[case])
    places = [place for place in parts.formulas if follows(place, parts)]
    assert differences(places, parts.values, computed) == []
    notices = [place for place, formula in parts.formulas.items() if formula == "keuzes_gewijzigd"]
    assert {sheet for sheet, _ in notices} == set(SHEETS) - {"Keuzes"}
    for place in (parts.names["keuzes_gewijzigd"], *notices):
        assert computed[place] == SAID.wrong
    states = [computed[place] for place in parts.formulas if place[0] == "Keuzes" and place[1].startswith("E")]
    assert states.count(WRONG) == (2 if "only" in case or "above" in case else 1)


def test_an_example_that_is_changed_is_still_said_to_be_one(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    example = indicated("Almelo", "extern", "SaaS", "geen", provenance=Provenance.ILLUSTRATIVE)
    parts = Parts(render_indication(example, basis, texts))
    notice = parts.names["keuzes_gewijzigd"]
    computed = recalculate(parts, tmp_path, {"invoer_begeleidingsuren": 151})
    assert computed[notice] == "Voorbeeld. Let op: de keuzes in dit werkboek zijn gewijzigd."
    assert recalculate(parts, tmp_path, {"invoer_begeleidingsuren": None})[notice] == f"Voorbeeld. {SAID.wrong}"


def test_what_cannot_be_does_not_hide_what_was_changed(rendered: Rendered, tmp_path: Path) -> None:
    computed = recalculate(rendered.parts, tmp_path, {"invoer_begeleidingsuren": None, "invoer_uurtarief": 90.0})
    assert computed[rendered.parts.names["keuzes_gewijzigd"]] == SAID.both
    assert computed[rendered.parts.names["begeleidingsuren"]] == rendered.parts.named("invoer_begeleidingsuren")
    assert computed[rendered.parts.names["uurtarief"]] == 90


def test_an_optional_cell_that_is_emptied_again_is_as_delivered(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Amsterdam", "extern", "SaaS", "financieel"), basis, texts))
    emptied = dict.fromkeys(("invoer_hosting_laag", "invoer_hosting_hoog", "invoer_ggu_jaar"))
    assert recalculate(parts, tmp_path, emptied)[parts.names["keuzes_gewijzigd"]] == SAID.delivered


ORDERED_BY = {
    "eerste jaar laag": "Eerste jaar laag",
    "eerste jaar hoog": "Eerste jaar hoog",
    "alle jaren laag": "Alle jaren laag",
    "alle jaren hoog": "Alle jaren hoog",
}


@pytest.mark.parametrize("order", ORDERED_BY)
def test_scenarios_can_be_sorted_with_what_is_not_quantified_behind(
    rendered: Rendered, tmp_path: Path, order: str
) -> None:
    def rows(inputs: dict[str, CellValue]) -> list[dict[str, CellValue]]:
        computed = parts.values | recalculate(parts, tmp_path, inputs)
        headers = {c.value: c.column_letter for c in sheet[sheet.tables["Scenarios"].ref.split(":")[0][1:]]}
        first, last = (int(corner.lstrip("ABCDEFGHIJKLMNO")) for corner in sheet.tables["Scenarios"].ref.split(":"))
        return [
            {str(h): computed["Scenario’s", f"{letter}{n}"] for h, letter in headers.items()}
            for n in range(first + 1, last + 1)
        ]

    parts = rendered.parts
    sheet = openpyxl.load_workbook(BytesIO(rendered.workbook))["Scenario’s"]
    listed, ordered = rows({}), rows({"invoer_volgorde": order})
    assert sorted(map(repr, ordered)) == sorted(map(repr, listed))
    known = [row for row in ordered if row["P.m. totaal"] == COMPLETE]
    if known:
        assert known == ordered[: len(known)]
    amounts = [row[ORDERED_BY[order]] for row in known]
    assert amounts == sorted(amounts)  # type: ignore[type-var]


def test_the_same_indication_gives_the_same_bytes(rendered: Rendered, basis: ReferenceData, texts: Texts) -> None:
    assert render_indication(rendered.indication, basis, texts) == rendered.workbook


def test_amsterdam_reads_back_as_worked_out_by_hand(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    parts = Parts(render_indication(indicated("Amsterdam", "extern", "SaaS", "financieel"), basis, texts))
    assert [parts.named(f"eenmalig_{p}") for p in ("laag", "hoog", "pm")] == [15_000, 15_000, COMPLETE]
    assert [parts.named(f"jaarlijks_{p}") for p in ("laag", "hoog", "pm")] == [50_000, 60_000, COMPLETE]
    assert [parts.named(f"eerste_jaar_{p}") for p in ("laag", "hoog", "pm")] == [65_000, 75_000, COMPLETE]
    assert [parts.named(f"looptijd_{p}") for p in ("laag", "hoog", "pm")] == [265_000, 315_000, COMPLETE]


def test_amsterdam_that_is_live_reads_back_as_worked_out_by_hand(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    live = indicated("Amsterdam", "extern", "SaaS", "financieel", phase=Phase.LIVE)
    parts = Parts(render_indication(live, basis, texts))
    computed = recalculate(parts, tmp_path, {})
    for total, low, high in (
        ("eenmalig", 0, 0),
        ("jaarlijks", 50_000, 60_000),
        ("eerste_jaar", 50_000, 60_000),
        ("looptijd", 250_000, 300_000),
    ):
        assert [parts.named(f"{total}_{end}") for end in ("laag", "hoog")] == [low, high]
        assert [computed[parts.names[f"{total}_{end}"]] for end in ("laag", "hoog")] == [low, high]
    before = recalculate(parts, tmp_path, {"invoer_fase": "implementatie"})
    assert before[parts.names["eerste_jaar_laag"]] == 65_000  # and 150 x 100 for the set-up


def test_an_example_says_so_in_every_title_and_in_the_properties(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    example = indicated("Zeist", "extern", "SaaS", "financieel", provenance=Provenance.ILLUSTRATIVE)
    workbook = render_indication(example, basis, texts)
    book = openpyxl.load_workbook(BytesIO(workbook), data_only=True)
    assert str(book.properties.title).startswith("Voorbeeld van een kostenindicatie")
    for sheet in book:
        assert str(sheet["A1"].value).endswith("(voorbeeld)")
        said = {cell.value for (cell,) in sheet["A1:A8"]}
        assert "Voorbeeld: deze keuzes zijn niet door de gemeente opgegeven." in said


def on_sheet(name: str, values: dict[tuple[str, str], CellValue]) -> set[CellValue]:
    """What stands on one sheet."""
    return {value for (sheet, _), value in values.items() if sheet == name}


def first_page(parts: Parts) -> dict[str, tuple[CellValue, ...]]:
    """What the overview says each item consists of, costs and rests on."""
    sheet = openpyxl.load_workbook(BytesIO(parts.workbook), data_only=True)["Overzicht"]
    rows = sheet[sheet.tables["Opbouw"].ref]
    return {row[0].value: tuple(str(cell.value).replace("\xa0", " ") for cell in row[1:]) for row in rows}


def test_the_first_page_says_what_it_consists_of(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    almelo = indicated("Almelo", "extern", "SaaS", "financieel")
    parts = Parts(render_indication(almelo, basis, texts))
    found = first_page(parts)
    assert found["Projectbegeleiding"] == ("150 uur × € 100", "€ 15.000", "–", "vermeld; ervaringscijfer")
    assert found["Hosting en beheer"] == ("SaaS", "–", "€ 10.000–20.000", "vermeld")
    assert found[texts.items["contribution"].name] == (
        "Middelgroot", "–", "€ 12.500", "bedrag vermeld, per jaar: aanname",
    )  # fmt: skip
    assert found["Totaal"] == ("alle posten", "€ 15.000", "€ 22.500–32.500", "zie de posten")
    answers = [str(parts.named(f"zin_{name}")).replace("\xa0", " ") for name in ("eerste_jaar", "jaar_2", "looptijd")]
    # 15.000 + 22.500 to 32.500; five years: 15.000 + 5 x 22.500 to 5 x 32.500
    assert answers == ["€ 37.500–47.500", "€ 22.500–32.500", "€ 127.500–177.500"]


def test_the_first_page_says_whose_hours_are_counted(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    own = indicated("Almelo", "extern", "SaaS", "financieel", hours=Decimal(200))
    found = first_page(Parts(render_indication(own, basis, texts)))
    assert found["Projectbegeleiding"] == ("200 uur × € 100", "€ 20.000", "–", "ingevulde uren")


def test_the_first_page_says_of_who_is_live_that_nothing_is_paid_once(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    live = indicated("Amsterdam", "extern", "SaaS", "financieel", phase=Phase.LIVE)
    found = first_page(Parts(render_indication(live, basis, texts)))
    assert found["Totaal"] == ("alle posten", "n.v.t.", "€ 50.000–60.000", "zie de posten")


def test_the_first_page_says_that_a_contribution_has_lapsed(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Almelo", "extern", "SaaS", "financieel"), basis, texts))
    computed = recalculate(parts, tmp_path, {"invoer_startjaar": 2026, "invoer_ggu_jaar": 2026})
    assert "vervallen (GGU)" in {value for (sheet, _), value in computed.items() if sheet == "Overzicht"}


def test_the_bar_of_a_year_from_which_an_amount_is_missing_is_open(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    parts = Parts(render_indication(indicated("Zeist", "extern", "SaaS", "alternatief"), basis, texts))
    bars = [v for (s, _), v in parts.values.items() if s == "Overzicht" and str(v).startswith("█")]
    # at the most 15.000 + 20.000 in the first year, at the least 15.000 + 10.000: 36 x 25 / 35, and 36 x 10 / 35
    assert bars == ["█" * 26 + " en meer", *["█" * 10 + " en meer"] * 4]


def test_the_budget_shows_each_item_in_the_first_years_and_what_they_add_up_to(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    """Almelo with 2% more each year, and without contribution from 2028 on."""
    workbook = render_indication(indicated("Almelo", "extern", "SaaS", "financieel"), basis, texts)
    parts = Parts(workbook)
    inputs = {"invoer_startjaar": 2026, "invoer_indexatie": 0.02, "invoer_ggu_jaar": 2028}
    computed = parts.values | recalculate(parts, tmp_path, inputs)
    sheet = openpyxl.load_workbook(BytesIO(workbook))["Meerjarenraming"]
    found = {
        str(row[0].value): [computed["Meerjarenraming", cell.coordinate] for cell in row[1:]]
        for row in sheet[sheet.tables["Begroting"].ref][1:]
    }
    once = [15_000, 15_000, 0, 0, 0, 0, 0, 0, 15_000, 15_000]
    # 10.000 x 1,02 = 10.200; x 1,02 = 10.404; x 1,02 = 10.612,08; a fifth year of 10.824,32 makes 52.040,40
    hosting = [10_000, 20_000, 10_200, 20_400, 10_404, 20_808, 10_612.08, 21_224.16, 52_040.40, 104_080.80]
    # 12.500, and 12.500 x 1,02
    contribution = [12_500, 12_500, 12_750, 12_750, 0, 0, 0, 0, 25_250, 25_250]
    assert found["Projectbegeleiding"] == ["incidenteel", "150 uur × €\xa0100", *once]
    assert found["Hosting en beheer"] == ["structureel", "–", *hosting]
    assert found["Communitybijdrage"] == ["structureel", "–", *contribution]
    yearly = [22_500, 32_500, 22_950, 33_150, 10_404, 20_808, 10_612.08, 21_224.16, 77_290.40, 129_330.80]
    assert found["Totaal incidenteel"] == ["alle", "–", *once]
    assert found["Totaal structureel"] == ["alle", "–", *yearly]
    both = [37_500, 47_500, 22_950, 33_150, 10_404, 20_808, 10_612.08, 21_224.16, 92_290.40, 144_330.80]
    assert found["Totaal"] == ["alle", "–", *both]
    said = {value for (name, _), value in computed.items() if name == "Meerjarenraming"}
    assert {texts.say("raming.begroting_klopt"), texts.say("raming.jaren_kloppen")} <= said


def test_an_estimate_stays_with_the_hosting_that_it_was_made_for_until_it_is_changed(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    own = indicated("Almelo", "extern", "in huis", "geen", estimates=(("hosting", Amount.between(6_000, 9_000)),))
    parts = Parts(render_indication(own, basis, texts))

    def hosting(inputs: dict[str, CellValue]) -> list[CellValue]:
        computed = recalculate(parts, tmp_path, inputs)
        return [computed[parts.names[f"kosten_hosting_{bound}"]] for bound in ("laag", "hoog")]

    assert hosting({}) == [6_000, 9_000]
    assert hosting({"invoer_hosting": "SaaS"}) == [10_000, 20_000]  # of the tariff
    changed: dict[str, CellValue] = {"invoer_hosting_laag": 7_000, "invoer_hosting_hoog": 9_000}
    assert hosting({"invoer_hosting": "SaaS", **changed}) == [7_000, 9_000]
    assert hosting({"invoer_hosting": "hybride", "invoer_hosting_laag": None, "invoer_hosting_hoog": None}) == [
        "p.m.",
        "p.m.",
    ]


def test_what_is_good_to_know_says_that_it_is_about_the_choices_as_they_were(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Harderwijk", "extern", "SaaS", "financieel"), basis, texts))
    said = texts.say("overzicht.bij_deze_keuzes"), texts.say("overzicht.bij_de_beginwaarden")
    for inputs, expected_one in (({}, said[0]), ({"invoer_grootteklasse": "Klein"}, said[1])):
        computed = recalculate(parts, tmp_path, inputs)
        assert [value for value in computed.values() if value in said] == [expected_one]


def test_years_that_cost_nothing_are_no_unknown_ones(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    free = indicated("Almelo", "extern", "SaaS", "geen", phase=Phase.LIVE, estimates=(("hosting", Amount.exactly(0)),))
    parts = Parts(render_indication(free, basis, texts))
    overview = [value for (sheet, _), value in parts.values.items() if sheet == "Overzicht"]
    assert "onbekend" not in overview
    assert overview.count("€\xa00") >= 7  # the first year, later, all years, and each of five


def test_later_years_that_differ_are_not_put_together_as_if_they_were_a_range(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    """In house without an estimate, and a contribution that lapses in the second year after the first."""
    parts = Parts(render_indication(indicated("Almelo", "extern", "in huis", "financieel"), basis, texts))
    computed = recalculate(parts, tmp_path, {"invoer_startjaar": 2026, "invoer_ggu_jaar": 2028})
    assert "IN 2027 (DAARNA ANDERS)" in computed.values()
    assert str(computed[parts.names["zin_jaar_2"]]).replace("\xa0", " ") == "minimaal € 12.500"
    said = "Zonder prijsstijging (aanname). Aanname: vanaf 2028 vervalt de bijdrage, omdat de GGU dan betaalt."
    assert said in computed.values()
    rising = recalculate(parts, tmp_path, {"invoer_indexatie": 0.025, "invoer_bijdrage": "geen"})
    assert "Prijzen stijgen 2,5% per jaar." in rising.values()


def test_remarks_hold_as_long_as_nothing_that_can_be_was_changed(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Almelo", "extern", "SaaS", "financieel"), basis, texts))
    wrong = recalculate(parts, tmp_path, {"invoer_uurtarief": 5_000})
    assert texts.say("overzicht.bij_deze_keuzes") in on_sheet("Overzicht", wrong)
    changed = recalculate(parts, tmp_path, {"invoer_uurtarief": 5_000, "invoer_bijdrage": "geen"})
    assert texts.say("overzicht.bij_de_beginwaarden") in on_sheet("Overzicht", changed)


def test_scenarios_of_who_is_live_say_that_guidance_makes_no_difference(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Almelo", "extern", "SaaS", "financieel"), basis, texts))
    said = texts.say("gedeeld.begeleiding_gedaan")
    assert said not in on_sheet("Scenario’s", parts.values)
    assert said in on_sheet("Scenario’s", recalculate(parts, tmp_path, {"invoer_fase": "live"}))


@pytest.mark.parametrize("word", ["s*", "z*", "?aas", "*"])
def test_a_pattern_is_no_choice(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path, word: str
) -> None:
    parts = Parts(render_indication(indicated("Almelo", "extern", "SaaS", "financieel"), basis, texts))
    computed = recalculate(parts, tmp_path, {"invoer_hosting": word, "invoer_begeleiding": word})
    assert computed[parts.names["keuzes_gewijzigd"]] == SAID.wrong
    assert computed[parts.names["hosting"]] == "SaaS"


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1.999, "2"), (99.999, "100"), (150.004, "150"), (37.5, "37,5"), (1234.05, "1.234,05"), (0.1, "0,1")],
)
def test_hours_are_written_with_two_decimals_at_most(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path, hours: float, said: str
) -> None:
    parts = Parts(render_indication(indicated("Almelo", "extern", "SaaS", "financieel"), basis, texts))
    computed = recalculate(parts, tmp_path, {"invoer_begeleidingsuren": hours})
    assert f"{said} uur × €\xa0100" in computed.values()


@pytest.mark.parametrize(
    "euros", [0, 7, 999, 1_000, 10_007, 999_999, 1_000_000, 1_002_003, 1_644_981_477, 30_000_000_000]
)
def test_a_formula_writes_a_number_as_dutch_readers_do(tmp_path: Path, euros: int) -> None:
    cells: list[Cell] = [Fixed(euros, name="bedrag"), Calculated(thousands("bedrag"), "x", Style.TEXT, "tekst")]
    parts = Parts(write(placed(Row(cells)), {}))
    assert recalculate(parts, tmp_path, {})[parts.names["tekst"]] == f"{euros:,}".replace(",", ".")


def test_hours_that_cost_nothing_are_no_hours_that_do_not_apply(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    workbook = render_indication(indicated("Almelo", "extern", "SaaS", "geen", hours=Decimal(0)), basis, texts)
    sheet = openpyxl.load_workbook(BytesIO(workbook), data_only=True)["Meerjarenraming"]
    found = {row[0].value: [cell.value for cell in row[3:5]] for row in sheet[sheet.tables["Begroting"].ref][1:]}
    assert found["Projectbegeleiding"] == [0, 0]
    assert found["Demo-omgeving"] == ["n.v.t.", "n.v.t."]
    sheet = openpyxl.load_workbook(BytesIO(workbook))["Berekening"]
    looks = {row[0].value: row[3].number_format for row in sheet[sheet.tables["Kosten"].ref][1:]}
    assert looks["Demo-omgeving"] == '"€ "#,##0;;"–"'
    assert not [name for name, look in looks.items() if "n.v.t." in look]


def test_no_sheet_is_frozen_below_its_beginning(rendered: Rendered) -> None:
    book = openpyxl.load_workbook(BytesIO(rendered.workbook))
    assert not [sheet.title for sheet in book if sheet.freeze_panes]


def test_a_total_that_misses_something_never_looks_cheap(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    parts = Parts(render_indication(indicated("Zeist", "extern", "hybride", "financieel"), basis, texts))
    assert str(parts.named("zin_jaarlijks")).replace("\xa0", " ") == "minimaal € 12.500"
    nothing = Parts(render_indication(indicated("Zeist", "zelf", "hybride", "geen"), basis, texts))
    assert nothing.named("zin_eerste_jaar") == "onbekend"


def test_totals_in_tables_of_which_nothing_is_known_read_unknown(
    indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    """In a table of costs the items are p.m. and the totals unknown; elsewhere every row is a total."""
    workbook = render_indication(indicated("Zeist", "zelf", "hybride", "geen"), basis, texts)
    book = openpyxl.load_workbook(BytesIO(workbook))
    values = openpyxl.load_workbook(BytesIO(workbook), data_only=True)
    for name, table, column, totals in (
        ("Scenario’s", "Scenarios", "Eerste jaar laag", None),
        ("Meerjarenraming", "Jaren", "Totaal laag", None),
        ("Meerjarenraming", "Jaren", "Eenmalig laag", None),
        ("Meerjarenraming", "Jaren", "Overig jaarlijks laag", None),
        ("Berekening", "Kosten", "Laag", "Totaal"),
    ):
        sheet = book[name]
        header, *rows = sheet[sheet.tables[table].ref]
        place = [cell.value for cell in header].index(column)
        shown = [
            (cells, rule.formula[0])
            for cells in sheet.conditional_formatting
            for rule in cells.rules
            if rule.dxf.numFmt and rule.dxf.numFmt.formatCode.endswith(';;;"onbekend"')
        ]
        for row in rows:
            of = [formula for cells, formula in shown if row[place].coordinate in cells.sqref]
            assert bool(of) == (totals is None or str(row[0].value).startswith((totals, "Per inwoner")))
            assert all("<>tekst_volledig" in formula for formula in of)
        assert "p.m." in [values[name][row[place].coordinate].value for row in rows]


def test_the_outcome_shows_no_saving_that_rests_on_an_unknown(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    parts = Parts(render_indication(indicated("Zeist", "extern", "SaaS", "financieel"), basis, texts))
    place = next(place for place, formula in parts.formulas.items() if "eerste_jaar_laag)-N(begin_" in formula)
    assert recalculate(parts, tmp_path, {"invoer_begeleidingsuren": 100})[place] == -5_000  # 50 x 100 less
    assert recalculate(parts, tmp_path, {"invoer_begeleiding": "zelf"})[place] == "onbekend"


def test_the_outcome_shows_what_changed_beside_what_stayed_unknown(
    indicated: Indicator, basis: ReferenceData, texts: Texts, tmp_path: Path
) -> None:
    """In house without an estimate; a change of something else shows, a change of what is unknown does not."""
    parts = Parts(render_indication(indicated("Zeist", "extern", "in huis", "financieel"), basis, texts))
    first_year, horizon = (
        next(place for place, formula in parts.formulas.items() if f"N({name}_laag)-N(begin_" in formula)
        for name in ("eerste_jaar", "looptijd")
    )
    assert (parts.values[first_year], parts.values[horizon]) == (0, 0)

    def shown(inputs: dict[str, CellValue]) -> tuple[CellValue, CellValue]:
        computed = recalculate(parts, tmp_path, inputs)
        return computed[first_year], computed[horizon]

    # Zeist is Middelgroot: 12.500 less each year, over five years 62.500
    assert shown({"invoer_bijdrage": "geen"}) == (-12_500, -62_500)
    assert shown({"invoer_hosting": "hybride"}) == ("onbekend", "onbekend")
    assert shown({"invoer_hosting": "SaaS"}) == ("onbekend", "onbekend")
    # over the years what is p.m. rises too, and by how much nobody knows
    assert shown({"invoer_indexatie": 0.02}) == (0, "onbekend")


def test_what_nobody_quantified_is_never_zero(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    parts = Parts(render_indication(indicated("Schiermonnikoog", "zelf", "in huis", "geen"), basis, texts))
    for total in ("eenmalig", "jaarlijks", "eerste_jaar", "looptijd", "per_inwoner"):
        assert [parts.named(f"{total}_{p}") for p in ("laag", "hoog", "pm")] == ["p.m."] * 3


def test_a_total_that_misses_a_part_says_so(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    parts = Parts(render_indication(indicated("Zeist", "extern", "hybride", "financieel"), basis, texts))
    assert [parts.named(f"jaarlijks_{p}") for p in ("laag", "hoog", "pm")] == [12_500, 12_500, "+ p.m."]


def test_no_two_names_are_the_same_to_a_spreadsheet_program(rendered: Rendered) -> None:
    # A table and a cell of the same name, whatever its capitals, make Excel repair the file.
    book = openpyxl.load_workbook(BytesIO(rendered.workbook))
    names = [*book.defined_names, *(table.name for sheet in book for table in sheet.tables.values())]
    assert len({name.casefold() for name in names}) == len(names)


def test_the_sheets_stand_in_their_order_with_a_title_first(rendered: Rendered) -> None:
    book = openpyxl.load_workbook(BytesIO(rendered.workbook))
    assert book.sheetnames == SHEETS
    assert all(isinstance(sheet["A1"].value, str) for sheet in book)
    assert book.properties.title == f"Kostenindicatie Signalen voor {rendered.indication.choices.municipality.name}"
    assert book.properties.language == "nl-NL"


def test_only_the_inputs_can_be_changed(rendered: Rendered) -> None:
    book = openpyxl.load_workbook(BytesIO(rendered.workbook))
    unlocked = {
        (sheet.title, cell.coordinate) for sheet in book for row in sheet for cell in row if not cell.protection.locked
    }
    names = (
        "begeleiding begeleidingsuren uurtarief hosting hosting_laag hosting_hoog bijdrage grootteklasse "
        "inwoners fase startjaar indexatie ggu_jaar backlog in_natura begeleiding_laag begeleiding_hoog bijdrage_laag "
        "bijdrage_hoog demo_laag demo_hoog backlog_laag backlog_hoog in_natura_laag in_natura_hoog"
    )
    assert unlocked == {rendered.parts.names[f"invoer_{name}"] for name in (*names.split(), "volgorde")}
    assert all(sheet.protection.sheet and sheet.protection.password is None for sheet in book)
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    assert len(rules) == len(unlocked)
    assert all(rule.prompt and rule.error for rule in rules)


def test_every_cost_line_explains_itself(rendered: Rendered) -> None:
    rows = list(openpyxl.load_workbook(BytesIO(rendered.workbook), data_only=True)["Berekening"].values)
    header = next(row for row in rows if row[0] == "Kostenpost")
    lines = rows[rows.index(header) + 1 :][:12]
    said = [str(line[header.index("Uitleg")]) for line in lines]
    assert len(said) == 12
    assert all(text.endswith(".") and len(text) > 20 for text in said)


def test_saas_says_what_it_includes(indicated: Indicator, basis: ReferenceData, texts: Texts) -> None:
    parts = Parts(render_indication(indicated("Amsterdam", "extern", "SaaS", "financieel"), basis, texts))
    said = " ".join(str(value) for (sheet, _), value in parts.values.items() if sheet == "Keuzes")
    for word in ("SLA", "verwerkersovereenkomst", "ISO 27001", "Vrijwillige", "moreel appel"):
        assert word in said


def test_user_text_arrives_literally_and_is_never_a_formula(rendered: Rendered) -> None:
    choices = rendered.indication.choices
    told = {value for (sheet, _), value in rendered.parts.values.items() if sheet == "Uitgangspunten"}
    for text in filter(None, (choices.contribution_note, choices.backlog, choices.contact)):
        assert text in told
    formulas = {text for (sheet, _), text in rendered.parts.formulas.items() if sheet == "Uitgangspunten"}
    assert formulas == {"keuzes_gewijzigd"}


def test_the_premises_say_of_each_amount_where_it_comes_from(rendered: Rendered) -> None:
    book = openpyxl.load_workbook(BytesIO(rendered.workbook), data_only=True)
    rows = [row for row in book["Uitgangspunten"].iter_rows(min_row=1, values_only=True) if row[3] is not None]
    header, *premises = rows
    assert header == ("Uitgangspunt", "Bron of uitleg", "Waarde", "Eenheid", "Herkomst", "Datum")
    assert all(all(value not in (None, "") for value in row) for row in premises)
    yearly = "bedrag vermeld, per jaar: aanname"
    assert {row[4] for row in premises} == {"vermeld", "aanname", yearly}
    by_name = {row[0]: row for row in premises}
    assert by_name["Bijdrage Middelgroot"][2:5] == (12_500, "EUR per jaar", yearly)
    assert by_name["Groot vanaf"][2:5] == (100_000, "inwoners", "aanname")
