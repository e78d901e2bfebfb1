"""The steering group's workbook: its formulas against the overview, by another engine; its rows; its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from itertools import cycle, product
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.workbooks import render_overview
from pipeline.documents.workbooks.steering.cost_sharing import KEYS
from pipeline.documents.workbooks.words import COMPLETE
from pipeline.intake import Delivery, Finding, RejectedRow, Severity
from pipeline.model.choices import Choices, Contribution, Guidance, Hosting, InKind, Origin, Phase
from pipeline.model.indication import Indication, indicate
from pipeline.results.overview import PHASES, SIZE_CLASSES, TOTAL
from tests.documents.workbooks.engine import Parts, differences, recalculate
from tests.results.samples import (
    BASIS,
    REGISTER,
    SCHIERMONNIKOOG,
    START,
    TARIFF,
    TEXTS,
    Results,
    amsterdam,
    indication,
    overview_of,
    results,
    rich_results,
    schiermonnikoog,
)

SHEETS = [
    *("Overzicht", "Totalen", "Bijdragen", "Markt", "GGU", "Gemeenten"),
    *("Actiepunten", "Wijzigingen", "Datakwaliteit", "Uitgangspunten"),
]


def varied() -> Results:
    """Sixty municipalities, in which every combination of choices occurs, with every phase and form of effort."""
    combinations = cycle(product(Guidance, Hosting, Contribution))
    phases = cycle((*Phase, None))
    kinds = cycle(((), (InKind.STEERING_GROUP,), tuple(InKind)))
    return results(
        *(
            indicate(
                Choices(
                    municipality=municipality,
                    guidance=guidance,
                    hosting=hosting,
                    contribution=contribution,
                    origin=Origin("a.csv", line),
                    phase=next(phases),
                    in_kind=next(kinds),
                    agreed=line % 2 == 0,
                ),
                TARIFF,
                2026,
            )
            for line, (municipality, (guidance, hosting, contribution)) in enumerate(
                zip(list(REGISTER)[::6], combinations, strict=False), 2
            )
        )
    )


SHAPES: Mapping[str, Callable[[], Results]] = {
    "rich": rich_results,
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


def test_totals_per_size_class_are_worked_out_by_hand() -> None:
    rows = {row["Grootteklasse"]: row for row in table(render(rich_results()), "Totalen", "Klassen")}
    assert list(rows) == [*SIZE_CLASSES, TOTAL]
    g4 = rows["G4"]  # Amsterdam and Utrecht
    assert (g4["Gemeenten"], g4["Met p.m."]) == (2, 1)
    assert g4["Eenmalig laag"] == 8_000  # Utrecht 80 x 100; Amsterdam is live
    assert g4["Eenmalig p.m."] == "+ p.m."  # the demo of Utrecht
    assert (g4["Jaarlijks laag"], g4["Jaarlijks hoog"]) == (57_500, 69_000)  # 50.000 - 60.000 and 7.500 - 9.000
    klein = rows["Klein"]  # Schiermonnikoog: nothing is quantified
    assert {klein[f"{figure} {bound}"] for figure in ("Eenmalig", "Looptijd") for bound in ("laag", "hoog")} == {"p.m."}
    total = rows[TOTAL]
    assert (total["Eerste jaar laag"], total["Eerste jaar hoog"]) == (75_500, 97_000)
    assert total["Eerste jaar p.m."] == "+ p.m."


def test_without_anything_missing_a_total_is_complete() -> None:
    rows = {row["Fase"]: row for row in table(render(results(amsterdam(phase=Phase.LIVE))), "Totalen", "Fasen")}
    assert list(rows) == [*PHASES, TOTAL]
    assert (rows["live"]["Looptijd laag"], rows["live"]["Looptijd hoog"]) == (250_000, 300_000)  # 5 x 50.000 - 60.000
    assert rows["live"]["Looptijd p.m."] == rows[TOTAL]["Looptijd p.m."] == COMPLETE


def test_contributions_are_counted_by_form() -> None:
    rows = {row["Grootteklasse"]: row for row in table(render(rich_results()), "Bijdragen", "BijdragenPerKlasse")}
    total = list(rows[TOTAL].values())
    # municipalities, financial, euros (Amsterdam), of whom live (Amsterdam), agreed (Utrecht), to be agreed (Zeist),
    # none, in kind (Utrecht)
    assert total == [TOTAL, 4, 1, 40_000, 40_000, 1, 1, 1, 1]
    assert rows["Middelgroot"]["Alternatief af te stemmen"] == 1


def test_what_asks_for_attention_is_counted_by_kind() -> None:
    workbook = render(rich_results())
    counts = {row["Soort"]: row["Aantal"] for row in table(workbook, "Overzicht", "Aandacht")}
    assert list(counts.values()) == [1, 1, 1, 8, 1]  # all but the alternative, which is named
    items = {
        row["Post zonder bedrag"]: row["Gemeenten"] for row in table(workbook, "Actiepunten", "PostenZonderBedrag")
    }
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


def test_alternatives_to_be_agreed_are_named_with_what_is_proposed() -> None:
    (row,) = table(render(rich_results()), "Overzicht", "Besluiten")
    assert list(row.values()) == ["Zeist: Vertaling van de handleiding", "GM0355", "Middelgroot", "ja"]
    assert "Er zijn geen alternatieve bijdragen af te stemmen." in texts(render(results(amsterdam())), "Overzicht")


def test_beyond_ten_alternatives_the_others_are_counted(tmp_path: Path) -> None:
    codes = list(REGISTER.municipalities)[:13]
    parts = Parts(workbook := render(results(*(alternative(n, code) for n, code in enumerate(codes, 2)))))
    rows = table(workbook, "Overzicht", "Besluiten")
    names = [REGISTER.municipalities[code].name for code in codes]
    assert [row["Alternatieve bijdrage af te stemmen"] for row in rows[:-1]] == sorted(names)[:10]
    assert list(rows[-1].values()) == ["andere gemeenten; zie Actiepunten", "n.v.t.", "n.v.t.", 3]
    # Somebody notes in the sheet Gemeenten that the first named one is agreed.
    row = next(p[1][1:] for p, v in parts.values.items() if p[0] == "Gemeenten" and v == min(names))
    agreed = next(p for p, v in parts.values.items() if p[0] == "Gemeenten" and p[1][1:] == row and v == "geen opgave")
    computed = recalculate(parts, tmp_path, {}, {agreed: "ja"})
    own = next(p for p, v in parts.values.items() if p[0] == "Overzicht" and v == min(names))[1][1:]
    assert (parts.values["Overzicht", f"D{own}"], computed["Overzicht", f"D{own}"]) == ("ja", "nee")
    assert computed["Overzicht", f"D{int(own) + 10}"] == 3
    assert computed[parts.names["bijdrage_klasse_totaal_anders_open"]] == 12


def test_the_first_sheet_says_on_what_it_rests_and_what_changed() -> None:
    found = texts(render(results(amsterdam())), "Overzicht")
    assert (
        "Peildatum 25 november 2026; tarief sinds 22 juli 2024; inwoners op 1 januari 2026 "
        "(CBS StatLine, tabel 03759ned); versie 0.1.0."
    ) in found
    assert "Er is nog geen eerder resultaat om mee te vergelijken." in found


def test_without_municipalities_a_sentence_says_so_and_nothing_is_drawn() -> None:
    workbook = render(results())
    assert "Er zijn nog geen kostenindicaties." in texts(workbook, "Overzicht")
    assert not [name for name in Parts(workbook).parts if name.startswith("xl/charts/")]


def texts(workbook: bytes, name: str) -> list[str]:
    """The texts in the first column of a sheet."""
    return [cell.value for cell in sheet(workbook, name)["A"] if isinstance(cell.value, str)]


# --- Changed by who reads it ------------------------------------------------------------------------------------------


def test_after_a_row_is_corrected_the_formulas_give_what_the_rules_give(tmp_path: Path) -> None:
    """Schiermonnikoog turns out to choose otherwise: its row is overwritten by hand, all sheets follow."""
    before, after = (
        results(amsterdam(phase=Phase.LIVE), one)
        for one in (
            schiermonnikoog(),
            indication(
                SCHIERMONNIKOOG, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, phase=Phase.DEMO, backlog=""
            ),
        )
    )
    old, new = Parts(render(before)), Parts(render(after))
    row = next(place[1][1:] for place, value in old.values.items() if value == "Schiermonnikoog")
    edited = {
        place: value
        for place, value in new.values.items()
        if place[0] == "Gemeenten" and place[1].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == row and place not in new.formulas
    }
    assert 25 < len(edited) < 40
    # p.m. items are listed on Actiepunten from the deliveries, and the shared costs are an input: both stay.
    computed = recalculate(old, tmp_path, {"ggu_kosten": new.named("ggu_kosten")}, edited)
    follows = [p for p in old.formulas if p in new.formulas and p[0] in ("Totalen", "Bijdragen", "Markt", "GGU")]
    assert len(follows) > 300
    assert differences(follows, new.values, computed) == []
    assert computed["Totalen", "B9"] != 0
    assert differences(follows, old.values, computed) != []


def test_another_ggu_year_and_other_shared_costs_are_worked_out_by_hand(tmp_path: Path) -> None:
    parts = Parts(render(results(amsterdam())))
    computed = recalculate(parts, tmp_path, {"ggu_vanaf": 2028, "ggu_kosten": 342_000})
    by_name = {name: computed[place] for name, place in parts.names.items() if place in computed}
    # Amsterdam pays 40.000 a year, from 2026 for five years, of which 2028, 2029 and 2030 lapse.
    assert (by_name["vervalt_totaal_jaar"], by_name["vervalt_totaal_looptijd"]) == (40_000, 120_000)
    shares = {row["Grootteklasse"]: row for row in table(render(results(amsterdam())), "GGU", "Verdeling")}
    # 4 x 40.000 + 28 x 20.000 + 65 x 12.500 + 245 x 2.500, and what the whole country would bring in.
    assert [shares[label]["Gemeenten"] for label in (*SIZE_CLASSES, TOTAL)] == [4, 28, 65, 245, 342]
    assert shares[TOTAL]["Als allen betalen"] == 160_000 + 560_000 + 812_500 + 612_500
    # 40.000 shared: G4 by class 40.000 x 40.000 / 2.145.000; equal shares 40.000 / 342.
    assert shares["G4"]["Naar grootteklasse"] == 745.92
    assert {shares[label]["Gelijke delen"] for label in SIZE_CLASSES} == {116.96}
    assert shares[TOTAL]["Gelijke delen"] == "n.v.t."
    assert computed["GGU", address(parts, "Gelijke delen")] == 1_000
    # 342.000 over 18.130.900 or so inhabitants of the register.
    inhabitants = shares[TOTAL]["Inwoners"]
    assert inhabitants > 18_000_000
    rows = table(render(results(amsterdam())), "GGU", "PerInwoner")
    assert [row["Euro per jaar"] for row in rows] == [round(40_000 * 1_000 / inhabitants, 2)]


def test_the_parts_of_the_shared_costs_add_up_to_them(tmp_path: Path) -> None:
    """Rounded to cents, a third of 100 euros leaves a cent; here no key loses or makes one."""
    parts = Parts(render(results(amsterdam())))
    for costs in (252_500, 100, 0.01):
        computed = recalculate(parts, tmp_path, {"ggu_kosten": costs})
        totals = [computed[parts.names[f"verdeling_totaal_{key}_samen"]] for key in KEYS]
        assert totals == [costs] * 3


def test_the_contributions_of_now_stand_beside_the_shared_costs(tmp_path: Path) -> None:
    parts = Parts(render(results(amsterdam(), schiermonnikoog())))
    row = next(
        place[1][1:] for place, value in parts.values.items() if value == "Amsterdam" and place[0] == "Gemeenten"
    )
    chosen = next(p for p, v in parts.values.items() if p[0] == "Gemeenten" and p[1][1:] == row and v == "financieel")
    computed = recalculate(parts, tmp_path, {}, {chosen: "geen"})
    now = next(place for place, formula in parts.formulas.items() if formula == "vervalt_totaal_jaar")
    assert (parts.values[now], computed[now]) == (40_000, 0)
    assert parts.named("ggu_kosten") == 40_000


def address(parts: Parts, header: str) -> str:
    """The address of the first cell under a header of the sheet GGU."""
    cell = next(place[1] for place, value in parts.values.items() if place[0] == "GGU" and value == header)
    letters, number = cell.rstrip("0123456789"), cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f"{letters}{int(number) + 1}"


def test_what_the_market_must_deliver_is_worked_out_by_hand() -> None:
    rows = {row["Startjaar"]: row for row in table(render(rich_results()), "Markt", "Markt")}
    assert list(rows) == [2026, 2027, "andere jaren", TOTAL]
    # Amsterdam is live; Utrecht asks 80 hours at EUR 100. Amsterdam and Zeist (2027) choose SaaS: 10.000 to 20.000.
    of_2026 = list(rows[2026].values())
    assert of_2026 == [2026, 3, 1, 80, 8_000, 1, 10_000, 20_000, 10_000]
    assert (rows[2027]["Met saas"], rows[2027]["Saas per jaar hoog"]) == (1, 20_000)
    assert list(rows[TOTAL].values()) == [TOTAL, 4, 1, 80, 8_000, 2, 20_000, 40_000, 20_000]


def test_only_the_sheet_with_municipalities_can_be_changed_and_nothing_leads_outside() -> None:
    book = openpyxl.load_workbook(BytesIO(render(results(amsterdam()))))
    assert [page.title for page in book if not page.protection.sheet] == ["Gemeenten"]
    page = book["Gemeenten"]
    assert not any(cell.hyperlink for row in page.iter_rows() for cell in row)
    assert len(page.data_validations.dataValidation) == 6


def test_a_delivery_with_very_many_wrong_rows_is_cut_and_counted() -> None:
    error = Finding(Severity.ERROR, "waarde", "a.csv", 2, "hosting", "sas", "Bedoelde u saas?", "")
    rejected = tuple(RejectedRow(Origin("a.csv", n), (), (error,), None) for n in range(2, 20_002))
    result = results(amsterdam(), rejected=rejected, deliveries=(Delivery("a.csv", 20_000, 0, 0, 20_000),))
    workbook = render(result)
    assert len(workbook) < 100_000
    points = table(workbook, "Actiepunten", "Actiepunten")
    assert (len(points), points[-1]["Aantal"]) == (101, 19_900)
    assert points[-1]["Waar het om gaat"] == "Nog 19.900 in dit bestand; alle staan in afgekeurd.csv."
    counts = {row["Soort"]: row["Aantal"] for row in table(workbook, "Overzicht", "Aandacht")}
    assert counts["Regel afgekeurd"] == 20_000


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_a_municipality_has_its_amounts_and_files_in_a_row() -> None:
    (row,) = table(render(results(amsterdam())), "Gemeenten", "Gemeenten")
    assert (row["Eenmalig laag"], row["Jaarlijks laag"], row["Jaarlijks hoog"]) == (15_000, 50_000, 60_000)
    assert (row["Looptijd laag"], row["Looptijd hoog"], row["Looptijd p.m."]) == (265_000, 315_000, COMPLETE)
    assert (row["Per inwoner laag"], row["Per inwoner hoog"]) == (0.05, 0.06)
    assert (row["Werkboek"], row["Samenvatting"]) == ("GM0363-amsterdam.xlsx", "GM0363-amsterdam.md")


def test_the_visible_rows_add_up_above_the_table(tmp_path: Path) -> None:
    workbook = render(rich_results())
    (row,) = table(workbook, "Gemeenten", "ZichtbareRegels")
    # Once: Utrecht 80 x 100; Amsterdam is live. Yearly: 50.000 - 60.000, 7.500 - 9.000, Zeist 10.000 - 20.000.
    assert list(row.values()) == [4, 8_000, 8_000, 67_500, 89_000, 75_500, 97_000, 345_500, 453_000, 40_000]
    assert list(row)[:3] == ["Gemeenten", "Eenmalig laag", "Eenmalig hoog"]
    formulas = [formula for place, formula in Parts(workbook).formulas.items() if place[0] == "Gemeenten"]
    assert sum("SUBTOTAL(109," in formula for formula in formulas) == 9


def test_points_and_findings_say_where_they_come_from() -> None:
    workbook = render(rich_results())
    points = table(workbook, "Actiepunten", "Actiepunten")
    first = points[0]
    assert list(first.values())[:6] == [
        "Alternatief af te stemmen", 1, "Zeist", "a.csv", 4, "Vertaling van de handleiding",
    ]  # fmt: skip
    assert all(point["Wie"] and point["Gevraagd"] for point in points)
    findings = table(workbook, "Datakwaliteit", "Bevindingen")
    assert [(f["Bestand"], f["Regel"]) for f in findings] == [
        ("b.csv", 5), ("c.csv", "hele bestand"), ("a.csv", 4), ("b.csv", 2),
    ]  # fmt: skip
    deliveries = table(workbook, "Datakwaliteit", "Aanleveringen")
    assert list(deliveries[0].values()) == ["a.csv", 5, 4, 1, 1, 0]


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


def test_each_chart_says_in_words_what_it_shows() -> None:
    parts = Parts(render(rich_results())).parts
    drawings = b"".join(data for name, data in parts.items() if name.startswith("xl/drawings/drawing"))
    charts = [name for name in parts if name.startswith("xl/charts/chart")]
    assert len(charts) == 6 + 1 + 2 + 1
    assert drawings.count(b'descr="Kolommen: ') + drawings.count(b'descr="Gestapelde kolommen: ') == len(charts)


def test_user_text_stays_text() -> None:
    hostile = '=HYPERLINK("http://x","y")'
    one = amsterdam(origin=Origin(hostile, 2), backlog=hostile)
    workbook = render(results(one))
    (row,) = table(workbook, "Gemeenten", "Gemeenten")
    assert row["Bestand"] == hostile
    assert not any("HYPERLINK" in formula for formula in Parts(workbook).formulas.values())


def test_the_same_overview_gives_the_same_bytes() -> None:
    assert render(rich_results()) == render(rich_results())
