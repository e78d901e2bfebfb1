"""The steering group's workbook: its formulas against the overview, by another engine; its rows; its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import cycle, product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.workbooks import render_overview
from pipeline.documents.workbooks.words import COMPLETE
from pipeline.intake import Delivery, Finding, RejectedRow, Severity
from pipeline.model.amounts import Amount
from pipeline.model.choices import Contribution, Guidance, Hosting, InKind, Origin, Phase, Provenance
from pipeline.model.indication import Indication, indicate
from pipeline.results.overview import PHASES, SIZE_CLASSES, TOTAL
from tests.documents.workbooks.engine import Parts, differences, recalculate
from tests.results.samples import (
    AMSTERDAM,
    BASIS,
    REGISTER,
    SCHIERMONNIKOOG,
    START,
    TEXTS,
    ZEIST,
    Results,
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

SHEETS = ["Overzicht", "Kosten", "Bijdragen", "Gemeenten", "Aandacht", "Uitgangspunten"]


def varied() -> Results:
    """Sixty municipalities, in which every combination of choices occurs, with every phase and form of effort."""
    combinations = cycle(product(Guidance, Hosting, Contribution))
    phases = cycle((*Phase, None))
    kinds = cycle(((), (InKind.STEERING_GROUP,), tuple(InKind)))
    return results(
        *(
            indication(
                municipality.code,
                *combination,
                origin=Origin("a.csv", line),
                phase=next(phases),
                in_kind=next(kinds),
                agreed=line % 2 == 0,
                provenance=Provenance.ILLUSTRATIVE if line % 3 == 0 else Provenance.DELIVERED,
                start_year=2026 + line % 4,
            )
            for line, (municipality, combination) in enumerate(zip(list(REGISTER)[::6], combinations, strict=False), 2)
        )
    )


def examples() -> Results:
    """Two municipalities, of which only an example is known."""
    example = {"provenance": Provenance.ILLUSTRATIVE}
    return results(amsterdam(**example), schiermonnikoog(**example))


SHAPES: Mapping[str, Callable[[], Results]] = {
    "rich": rich_results,
    "examples": examples,
    "varied": varied,
    "one": lambda: results(schiermonnikoog()),
    "none": results,
}


def render(result: Results) -> bytes:
    return render_overview(overview_of(result, START), BASIS, TEXTS)


def sheet(workbook: bytes, name: str) -> Worksheet:
    found = openpyxl.load_workbook(BytesIO(workbook), data_only=True)[name]
    assert isinstance(found, Worksheet)
    return found


def table(workbook: bytes, sheet_name: str, name: str) -> list[dict[str, Any]]:
    """The rows of an Excel table by header, as cached."""
    page = sheet(workbook, sheet_name)
    headers, *rows = [[cell.value for cell in row] for row in page[page.tables[name].ref]]
    return [dict(zip(map(str, headers), row, strict=True)) for row in rows]


# --- Formulas ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_every_cached_value_is_what_another_engine_computes(shape: str, tmp_path: Path) -> None:
    parts = Parts(render(SHAPES[shape]()))
    assert len(parts.formulas) > 250
    assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []


def test_with_indexation_and_a_ggu_year_another_engine_computes_the_same(tmp_path: Path) -> None:
    """Each year of each projection has a price of its own then, rounded to cents."""
    basis = with_ggu(with_indexation(BASIS, "2.5"), 2028)
    offer = (("hosting", Amount.between(Decimal("7777.77"), Decimal("8888.88"))),)
    chosen = (
        choices(AMSTERDAM, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL),
        choices(ZEIST, Guidance.EXTERNAL, Hosting.HYBRID, Contribution.FINANCIAL, estimates=offer, start_year=2027),
        choices(SCHIERMONNIKOOG, Guidance.SELF, Hosting.IN_HOUSE, Contribution.ALTERNATIVE),
    )
    result = replace(results(*(indicate(one, basis.tariff, START) for one in chosen)), basis=basis)
    overview = overview_of(result, START)
    workbook = render_overview(overview, basis, TEXTS)
    parts = Parts(workbook)
    assert differences(parts.formulas, parts.values, recalculate(parts, tmp_path, {})) == []
    years = {row["Jaar"]: row for row in table(workbook, "Kosten", "Jaren")}
    # 2027: Amsterdam 10.000 x 1,025 and Zeist 7.777,77; 2028: 10.506,25 and 7.972,21.
    assert (years[2027]["SaaS laag"], years[2027]["Overig per jaar laag"]) == (10_250, 7_777.77)
    assert (years[2028]["SaaS laag"], years[2028]["Overig per jaar laag"]) == (10_506.25, 7_972.21)
    assert (years[2027]["Bijdrage laag"], years[2028]["Bijdrage laag"]) == (53_500, 0)  # 40.000 x 1,025 + 12.500


def test_calendar_years_are_worked_out_by_hand() -> None:
    workbook = render(rich_results())
    rows = {row["Jaar"]: row for row in table(workbook, "Kosten", "Jaren")}
    assert list(rows) == [*range(2026, 2032), "Alle jaren"]  # Zeist begins in 2027
    first, last = rows[2026], rows[2031]
    assert (first["Gemeenten"], last["Gemeenten"], rows["Alle jaren"]["Gemeenten"]) == (3, 1, 4)
    # Utrecht 80 x 100, with its demo p.m.; Amsterdam's SaaS; Utrecht's own estimate; Amsterdam's contribution.
    assert [first[f"{part} laag"] for part in ("Eenmalig", "SaaS", "Overig per jaar", "Bijdrage")] == [
        *(8_000, 10_000, 7_500, 40_000),
    ]
    assert (first["Totaal laag"], first["Totaal hoog"], first["Totaal p.m."]) == (65_500, 77_000, "+ p.m.")
    assert (last["Totaal laag"], last["Totaal hoog"]) == (10_000, 20_000)  # Zeist's SaaS
    assert (last["Eenmalig p.m."], last["Bijdrage laag"]) == (COMPLETE, "p.m.")


def test_the_first_sheet_is_about_who_delivered_and_shows_all_as_an_example() -> None:
    example = indication(
        ZEIST, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, provenance=Provenance.ILLUSTRATIVE
    )
    workbook = render(results(amsterdam(), example))
    own = {row["Jaar"]: row for row in table(workbook, "Overzicht", "PerJaar")}
    assert own[2026]["Totaal"].replace("\N{NO-BREAK SPACE}", " ") == "€ 65.000–75.000"  # Amsterdam
    both = {row["Jaar"]: row for row in table(workbook, "Overzicht", "PerJaarIedereen")}
    # Zeist 15.000 + 10.000 - 20.000 + 12.500 besides.
    assert both[2026]["Totaal"].replace("\N{NO-BREAK SPACE}", " ") == "€ 102.500–122.500"
    assert "Rekenvoorbeeld: als alle 2 gemeenten meedoen" in texts(workbook, "Overzicht")
    only = texts(render(examples()), "Overzicht")
    assert only[1].startswith("Voorbeeld: geen gemeente heeft deze keuzes zelf opgegeven.")


def test_totals_per_size_class_are_worked_out_by_hand() -> None:
    rows = {row["Grootteklasse"]: row for row in table(render(rich_results()), "Kosten", "Klassen")}
    assert list(rows) == [*SIZE_CLASSES, TOTAL]
    g4 = rows["G4"]  # Amsterdam and Utrecht
    assert (g4["Gemeenten"], g4["Met p.m."]) == (2, 1)
    assert g4["Eenmalig laag"] == 8_000  # Utrecht 80 x 100; Amsterdam is live
    assert g4["Eenmalig p.m."] == "+ p.m."  # the demo of Utrecht
    assert (g4["Jaarlijks laag"], g4["Jaarlijks hoog"]) == (57_500, 69_000)  # 50.000 - 60.000 and 7.500 - 9.000
    klein = rows["Klein"]  # Schiermonnikoog: nothing is quantified
    assert {klein[f"{figure} {end}"] for figure in ("Eenmalig", "Alle jaren") for end in ("laag", "hoog")} == {"p.m."}
    total = rows[TOTAL]
    assert (total["Alle jaren laag"], total["Alle jaren hoog"]) == (345_500, 453_000)
    assert total["Alle jaren p.m."] == "+ p.m."


def test_without_anything_missing_a_total_is_complete() -> None:
    rows = {row["Fase"]: row for row in table(render(results(amsterdam(phase=Phase.LIVE))), "Kosten", "Fasen")}
    assert list(rows) == [*PHASES, TOTAL]
    assert (rows["live"]["Alle jaren laag"], rows["live"]["Alle jaren hoog"]) == (250_000, 300_000)
    assert rows["live"]["Alle jaren p.m."] == rows[TOTAL]["Alle jaren p.m."] == COMPLETE


def test_contributions_are_counted_by_form_beside_what_is_asked() -> None:
    workbook = render(rich_results())
    rows = {row["Grootteklasse"]: row for row in table(workbook, "Bijdragen", "Bijdragen")}
    # municipalities; asked 2 x 40.000 + 12.500 + 2.500; pledged (Amsterdam), of whom live; financial, agreed
    # (Utrecht), to be agreed (Zeist), none, in kind (Utrecht)
    assert list(rows[TOTAL].values()) == [TOTAL, 4, 95_000, 40_000, 40_000, 1, 1, 1, 1, 1]
    assert rows["Middelgroot"]["Alternatief af te stemmen"] == 1


def test_the_coverage_follows_once_the_shared_costs_are_filled_in(tmp_path: Path) -> None:
    parts = Parts(workbook := render(rich_results()))
    rows = table(workbook, "Bijdragen", "Dekking")
    assert [row["Euro per jaar"] for row in rows] == ["p.m.", 95_000, 40_000, 40_000, 40_000, "p.m."]
    assert [row["Deel van de kosten"] for row in rows] == [1, *["p.m."] * 5]
    top = next(int(place[1][1:]) for place, value in parts.values.items() if value == "Gedeelde kosten")
    computed = recalculate(parts, tmp_path, {"gedeelde_kosten": 160_000})
    # 95.000, 40.000 and what is left of 160.000.
    assert [computed.get(("Bijdragen", f"C{top + n}")) for n in (1, 2, 5)] == [0.594, 0.25, 0.75]
    assert computed["Bijdragen", f"B{top + 5}"] == 120_000
    assert computed[parts.names["ggu_kosten"]] == 160_000


def test_what_asks_for_attention_is_counted_by_kind() -> None:
    workbook = render(rich_results())
    counts = {row["Soort"]: row["Aantal"] for row in table(workbook, "Aandacht", "Aandacht")}
    assert list(counts.values()) == [1, 1, 1, 0, 1, 8]
    items = {row["Post zonder bedrag"]: row["Gemeenten"] for row in table(workbook, "Aandacht", "PostenZonderBedrag")}
    assert (items["Projectbegeleiding"], items["Hosting en beheer"]) == (2, 1)


def alternative(line: int, code: str, note: str = "") -> Indication:
    return indication(
        code,
        Guidance.EXTERNAL,
        Hosting.SAAS,
        Contribution.ALTERNATIVE,
        origin=Origin("a.csv", line),
        contribution_note=note,
    )


def test_decisions_stand_on_the_first_sheet_with_whose_they_are() -> None:
    rows = table(render(rich_results()), "Overzicht", "Besluiten")
    assert [(row["Gemeente"], row["Besluit"], row["Wie"]) for row in rows] == [
        ("Zeist", "Afstemmen", "Stuurgroep en gemeente"),
        ("Schiermonnikoog", "Toezegging", "gemeente"),
        ("c.csv", "Aanlevering", "gemeente"),
        ("Texel", "Aanlevering", "gemeente"),
    ]
    assert rows[0]["Vraag"] == "Voorstel: Vertaling van de handleiding. Akkoord?"
    assert {row["Sinds"] for row in rows} == {"eerste resultaat"}
    assert "Er is nu niets om over te besluiten." in texts(render(results(amsterdam())), "Overzicht")


def test_of_each_kind_four_decisions_are_named_and_the_others_counted() -> None:
    codes = [code for code, of in REGISTER.municipalities.items() if 60_000 < of.inhabitants < 90_000][:7]
    rows = table(render(results(*(alternative(n, code) for n, code in enumerate(codes, 2)))), "Overzicht", "Besluiten")
    names = sorted(REGISTER.municipalities[code].name for code in codes)
    assert [row["Gemeente"] for row in rows] == [*names[:4], "nog 3 andere"]


def test_the_first_sheet_says_on_what_it_rests() -> None:
    found = texts(render(results(amsterdam())), "Overzicht")
    assert "Indicatie, geen offerte · prijspeil 2024, tarief van 22 juli 2024 · peildatum 25 november 2026" in found


def test_without_municipalities_a_sentence_says_so_and_nothing_is_drawn() -> None:
    workbook = render(results())
    assert "Er zijn nog geen kostenindicaties." in texts(workbook, "Overzicht")
    assert not [name for name in Parts(workbook).parts if name.startswith("xl/charts/")]


def texts(workbook: bytes, name: str) -> list[str]:
    """The texts in the first column of a sheet."""
    return [cell.value for cell in sheet(workbook, name)["A"] if isinstance(cell.value, str)]


# --- Changed by who reads it ------------------------------------------------------------------------------------------


def row_of(parts: Parts, name: str) -> str:
    """The row of a municipality in the sheet Gemeenten."""
    return next(place[1][1:] for place, value in parts.values.items() if place[0] == "Gemeenten" and value == name)


def test_an_example_that_turns_out_to_be_delivered_counts_on_all_sheets(tmp_path: Path) -> None:
    """What stands in the cells is then what the rules give for it."""

    def made(provenance: Provenance) -> Parts:
        one = schiermonnikoog(provenance=provenance)
        other = indication(ZEIST, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, start_year=2027)
        example = amsterdam(provenance=Provenance.ILLUSTRATIVE, phase=Phase.LIVE)
        return Parts(render(results(one, other, example)))

    old, new = made(Provenance.ILLUSTRATIVE), made(Provenance.DELIVERED)
    edited = {("Gemeenten", f"B{row_of(old, 'Schiermonnikoog')}"): "opgave"}
    computed = recalculate(old, tmp_path, {}, edited)
    follows = ("klasse_", "fase_", "bijdrage_", "markt_totaal", "jaar_totaal", "iedereen_totaal", "zin_", "ggu_kosten")
    names = [name for name in old.names if name.startswith(follows) and name in new.names]
    assert len(names) > 150
    assert {name: computed[old.names[name]] for name in names} == {name: new.named(name) for name in names}
    assert old.named("jaar_totaal_gemeenten") == 1
    assert computed[old.names["jaar_totaal_gemeenten"]] == 2


def test_an_example_counts_as_soon_as_nobody_delivered(tmp_path: Path) -> None:
    parts = Parts(render(results(amsterdam(), schiermonnikoog(provenance=Provenance.ILLUSTRATIVE))))
    computed = recalculate(parts, tmp_path, {}, {("Gemeenten", f"B{row_of(parts, 'Amsterdam')}"): "voorbeeld"})
    assert (parts.named("gaat_over"), computed[parts.names["gaat_over"]]) == ("opgave", "voorbeeld")
    assert computed[parts.names["jaar_totaal_gemeenten"]] == 2


def test_an_alternative_that_is_agreed_counts_as_agreed(tmp_path: Path) -> None:
    parts = Parts(render(rich_results()))
    row = row_of(parts, "Zeist")
    agreed = next(p for p, v in parts.values.items() if p[0] == "Gemeenten" and p[1][1:] == row and v == "geen opgave")
    computed = recalculate(parts, tmp_path, {}, {agreed: "ja"})
    name = "bijdrage_totaal_anders_open"
    assert (parts.named(name), computed[parts.names[name]]) == (1, 0)


def test_another_ggu_year_and_other_shared_costs_are_worked_out_by_hand(tmp_path: Path) -> None:
    workbook = render(results(amsterdam()))
    parts = Parts(workbook)
    computed = recalculate(parts, tmp_path, {"ggu_vanaf": 2028, "gedeelde_kosten": 342_000})
    # Amsterdam pays 40.000 a year, from 2026 for five years, of which 2028, 2029 and 2030 lapse.
    assert computed[parts.names["vervalt_totaal_euro"]] == 120_000
    shares = {row["Grootteklasse"]: row for row in table(workbook, "Bijdragen", "Verdeling")}
    # 4 x 40.000 + 28 x 20.000 + 65 x 12.500 + 245 x 2.500, and what the whole country would bring in.
    assert [shares[label]["Gemeenten"] for label in (*SIZE_CLASSES, TOTAL)] == [4, 28, 65, 245, 342]
    assert shares[TOTAL]["Als allen betalen"] == 160_000 + 560_000 + 812_500 + 612_500
    # 40.000 shared: G4 by class 40.000 x 40.000 / 2.145.000 = 745,92; equal shares 40.000 / 342 = 116,96.
    assert shares["G4"]["Naar grootteklasse"] == 746
    assert {shares[label]["Gelijke delen"] for label in SIZE_CLASSES} == {117}
    assert shares[TOTAL]["Gelijke delen"] == "n.v.t."
    header = next(place[1] for place, value in parts.values.items() if value == "Gelijke delen")
    assert computed["Bijdragen", f"{header[0]}{int(header[1:]) + 1}"] == 1_000  # 342.000 / 342


def test_what_the_market_must_deliver_is_worked_out_by_hand() -> None:
    rows = {row["Jaar"]: row for row in table(render(rich_results()), "Kosten", "Markt")}
    assert list(rows) == [*range(2026, 2032), "Alle jaren"]
    # Amsterdam is live; Utrecht asks 80 hours at EUR 100. Amsterdam has SaaS until 2030, Zeist from 2027 to 2031.
    assert list(rows[2026].values()) == [2026, 3, 1, 80, 8_000, 1]
    assert [row["Met SaaS"] for row in rows.values()] == [1, 2, 2, 2, 2, 1, 2]
    assert list(rows["Alle jaren"].values()) == ["Alle jaren", 4, 1, 80, 8_000, 2]


def test_own_estimates_stand_beside_the_tariff_without_names() -> None:
    (row,) = table(render(rich_results()), "Kosten", "EigenRamingen")
    assert list(row.values()) == ["Hosting en beheer: hybride", 1, 7_500, 8_250, 9_000, "geen tarief"]


def test_what_may_be_changed_is_yellow_and_nothing_leads_outside() -> None:
    book = openpyxl.load_workbook(BytesIO(render(rich_results())))
    assert all(page.protection.sheet for page in book)
    page = book["Gemeenten"]
    headers, *rows = page[page.tables["Gemeenten"].ref]
    free = {
        header.value for row in rows for header, cell in zip(headers, row, strict=True) if not cell.protection.locked
    }
    assert free == {"Herkomst", "Afgestemd"}
    assert not any(cell.hyperlink for row in page.iter_rows() for cell in row)
    assert len(page.data_validations.dataValidation) == 2


def test_a_delivery_with_very_many_wrong_rows_is_cut_and_counted() -> None:
    error = Finding(Severity.ERROR, "waarde", "a.csv", 2, "hosting", "sas", "Bedoelde u SaaS?", "")
    rejected = tuple(RejectedRow(Origin("a.csv", n), (), (error,), None) for n in range(2, 20_002))
    result = results(amsterdam(), rejected=rejected, deliveries=(Delivery("a.csv", 20_000, 0, 0, 20_000),))
    workbook = render(result)
    assert len(workbook) < 100_000
    points = table(workbook, "Aandacht", "Actiepunten")
    assert (len(points), points[-1]["Aantal"]) == (101, 19_900)
    assert points[-1]["Waar het om gaat"] == "Nog 19.900 in dit bestand; alle staan in afgekeurd.csv."
    counts = {row["Soort"]: row["Aantal"] for row in table(workbook, "Aandacht", "Aandacht")}
    assert counts["Regel afgekeurd"] == 20_000


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_a_municipality_has_its_amounts_and_files_in_a_row() -> None:
    (row,) = table(render(results(amsterdam())), "Gemeenten", "Gemeenten")
    assert (row["Eenmalig laag"], row["Jaarlijks laag"], row["Jaarlijks hoog"]) == (15_000, 50_000, 60_000)
    assert (row["Alle jaren laag"], row["Alle jaren hoog"], row["Alle jaren p.m."]) == (265_000, 315_000, COMPLETE)
    assert (row["SaaS hoog"], row["Overig per jaar hoog"], row["Gevraagde bijdrage"]) == (20_000, 0, 40_000)
    assert [row[key].replace("\N{NO-BREAK SPACE}", " ") for key in ("Eenmalig", "Jaarlijks")] == [
        *("€ 15.000", "€ 50.000–60.000"),
    ]
    assert (row["Werkboek"], row["Samenvatting"]) == ("GM0363-amsterdam.xlsx", "GM0363-amsterdam.md")


def test_who_delivered_stands_above_the_examples() -> None:
    first = indication(AMSTERDAM, Guidance.SELF, Hosting.SAAS, Contribution.NONE, provenance=Provenance.ILLUSTRATIVE)
    rows = table(render(results(first, schiermonnikoog())), "Gemeenten", "Gemeenten")
    assert [(row["Gemeente"], row["Herkomst"]) for row in rows] == [
        *(("Schiermonnikoog", "opgave"), ("Amsterdam", "voorbeeld")),
    ]


def test_the_visible_rows_add_up_above_the_table() -> None:
    workbook = render(rich_results())
    (row,) = table(workbook, "Gemeenten", "ZichtbareRegels")
    # Once: Utrecht 80 x 100; Amsterdam is live. Yearly: 50.000 - 60.000, 7.500 - 9.000, Zeist 10.000 - 20.000.
    assert list(row.values()) == [4, 8_000, 8_000, 67_500, 89_000]
    formulas = [formula for place, formula in Parts(workbook).formulas.items() if place[0] == "Gemeenten"]
    assert sum("SUBTOTAL(109," in formula for formula in formulas) == 4


def test_points_say_where_they_come_from() -> None:
    workbook = render(rich_results())
    points = table(workbook, "Aandacht", "Actiepunten")
    assert [points[0][key] for key in ("Soort", "Aantal", "Gemeente", "Bestand", "Regel", "Waar het om gaat")] == [
        *("Alternatief af te stemmen", 1, "Zeist", "a.csv", 4, "Vertaling van de handleiding"),
    ]
    assert all(point["Wie"] and point["Gevraagd"] for point in points)
    found = [(p["Bestand"], p["Regel"]) for p in points if p["Soort"] in ("Regel afgekeurd", "Bestand onbruikbaar")]
    assert found == [("b.csv", 5), ("c.csv", "hele bestand")]
    deliveries = table(workbook, "Aandacht", "Aanleveringen")
    assert list(deliveries[0].values()) == ["a.csv", 5, 4, 1, 1, 0]
    # A row that was replaced asks nothing of anybody: it is one line with a number.
    assert any("vervangen: 1." in text for text in texts(workbook, "Aandacht"))


# --- Form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_every_cell_of_every_table_is_filled_and_no_cells_are_merged(shape: str) -> None:
    book = openpyxl.load_workbook(BytesIO(render(SHAPES[shape]())), data_only=True)
    assert book.sheetnames == SHEETS
    for page in book.worksheets:
        assert isinstance(page["A1"].value, str)
        assert not page.merged_cells.ranges
        for found in page.tables.values():
            assert all(cell.value not in (None, "") for row in page[found.ref] for cell in row), found.name


def test_user_text_stays_text() -> None:
    hostile = '=HYPERLINK("http://x","y")'
    one = amsterdam(origin=Origin(hostile, 2), backlog=hostile)
    workbook = render(results(one))
    (row,) = table(workbook, "Gemeenten", "Gemeenten")
    assert row["Bestand"] == hostile
    assert not any("HYPERLINK" in formula for formula in Parts(workbook).formulas.values())


def test_the_same_overview_gives_the_same_bytes() -> None:
    assert render(rich_results()) == render(rich_results())
