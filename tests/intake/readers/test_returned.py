"""The workbook that a municipality got, changed and sent back: its choices are those in the input cells."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from pipeline.documents.workbooks import render_indication
from pipeline.intake import Intake, read_deliveries
from pipeline.intake.across_files.order import in_order
from pipeline.intake.delivery import File
from pipeline.intake.findings import Finding
from pipeline.model import form
from pipeline.model.amounts import Amount
from pipeline.model.choices import Choices, Contribution, Guidance, Hosting, InKind, Provenance
from pipeline.model.tariffs import Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import Register
from pipeline.reference.texts import Texts
from pipeline.results.shown_totals import compare_shown
from tests import office
from tests.conftest import Indicator
from tests.documents.workbooks.engine import Parts, variant
from tests.intake.readers.returning import CellValue, change, deliver, edited, entered, make, values, what
from tests.posten import BY_CHOICE, with_training

ROW = (
    "gemeente;begeleiding;begeleidingsuren;hosting;hosting_laag;hosting_hoog;bijdrage;backlog;fase;herkomst;contact\n"
    "Zeist;extern;120;hybride;8000;12500;financieel;koppeling met het zaaksysteem;live;voorbeeld;@beheer\n"
)


@pytest.fixture(scope="module")
def zeist(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook that a run makes for Zeist of `ROW`."""
    folder = tmp_path_factory.mktemp("zeist")
    (folder / "inputs").mkdir()
    (folder / "inputs" / "keuzes.csv").write_text(ROW, encoding="utf-8")
    make(folder)
    return (folder / "outputs" / "gemeenten" / "GM0355-zeist.xlsx").read_bytes()


@dataclass(frozen=True)
class Back:
    """Puts a workbook back beside what it was made from, and reads both."""

    folder: Path
    register: Register
    tariff: Tariff

    def __call__(self, workbook: bytes | None = None, name: str = "GM0355-zeist.xlsx", **files: str) -> Intake:
        for stem, text in {"keuzes": ROW, **files}.items():
            (self.folder / f"{stem}.csv").write_text(text, encoding="utf-8")
        if workbook:
            (self.folder / name).write_bytes(workbook)
        return read_deliveries(self.folder, self.register, items=self.tariff.items, year=2026)


@pytest.fixture
def back(tmp_path: Path, register: Register, tariff: Tariff) -> Back:
    return Back(tmp_path, register, tariff)


def found(intake: Intake, code: str) -> list[Finding]:
    return [finding for finding in intake.findings if finding.code == code]


def only(intake: Intake) -> Choices:
    (choices,) = intake.choices
    return choices


def test_a_workbook_that_nobody_changed_gives_the_choices_that_it_was_made_from(back: Back, zeist: bytes) -> None:
    before = only(back())
    intake = back(zeist)
    choices = only(intake)
    assert what(choices) == what(structs.replace(before, provenance=Provenance.DELIVERED))
    assert (choices.origin.file, choices.origin.in_words) == (
        "GM0355-zeist.xlsx",
        "GM0355-zeist.xlsx, teruggekomen werkboek, blad Keuzes",
    )
    assert [each.in_words for each in choices.replaces] == ["keuzes.csv, regel 2"]
    assert intake.findings == ()


def test_what_was_a_default_and_stays_as_it_is_remains_not_given(back: Back, zeist: bytes) -> None:
    choices = only(back(edited(zeist, entered({"hosting": "saas", "grootteklasse": "Groot", "inwoners": 70_000}))))
    assert (choices.hosting, choices.start_year) == (Hosting.SAAS, None)
    assert (choices.size_class and choices.size_class.dutch, choices.inhabitants) == ("Groot", 70_000)


def test_other_inhabitants_bring_another_size_class_which_is_said_as_the_workbook_does_not(
    back: Back, zeist: bytes
) -> None:
    intake = back(edited(zeist, entered({"inwoners": 300_000})))
    assert (only(intake).inhabitants, only(intake).size_class) == (300_000, None)
    (finding,) = found(intake, "klasse_volgt")
    assert (finding.column, finding.place) == ("inwoners", "blad Keuzes, cel B19")
    assert "in het werkboek bleef zij “Middelgroot”" in finding.message
    assert found(back(edited(zeist, entered({"inwoners": 300_000, "grootteklasse": "Groot"}))), "klasse_volgt") == []


def test_an_own_estimate_of_the_other_form_of_hosting_does_not_go_along(back: Back, zeist: bytes) -> None:
    intake = back(edited(zeist, entered({"hosting": "saas"})))
    assert only(intake).estimates == ()
    assert {(f.column, f.place) for f in found(intake, "raming_andere_hosting")} == {
        ("hosting_laag", "blad Keuzes, cel B15"),
        ("hosting_hoog", "blad Keuzes, cel B16"),
    }


def test_a_cell_that_is_no_choice_of_a_municipality_does_not_count_and_that_is_said(back: Back, zeist: bytes) -> None:
    cells = {"uurtarief": 120, "indexatie": 0.03, "ggu_jaar": 2030, "begeleidingsuren": 100.5}
    intake = back(edited(zeist, entered(cells)))
    assert only(intake).hours == Decimal("100.5")
    said = [finding.message for finding in found(intake, "geen_keuze")]
    behind = "Dit is geen keuze van een gemeente en telt niet mee."
    assert said == [
        f"In blad Keuzes, cel B13 (uurtarief) staat “120” in plaats van “100”. {behind}",
        f"In blad Keuzes, cel B22 (indexatie) staat “3%” in plaats van “0%”. {behind}",
        f"In blad Keuzes, cel B23 (ggu_jaar) staat “2030” in plaats van “geen opgave”. {behind}",
    ]
    assert all(message in "".join(only(intake).warnings) for message in said)


def test_the_order_in_which_scenarios_are_shown_says_nothing_of_the_choices(back: Back, zeist: bytes) -> None:
    assert back(edited(zeist, {"invoer_volgorde": "eerste jaar"})).findings == ()


@pytest.mark.parametrize(
    ("cells", "code", "column", "place"),
    [
        ({"begeleidingsuren": "veel"}, "waarde", "begeleidingsuren", "blad Keuzes, cel B12"),
        ({"inwoners": 0}, "getal", "inwoners", "blad Keuzes, cel B19"),
        ({"startjaar": 26}, "waarde", "startjaar", "blad Keuzes, cel B21"),
        ({"hosting_laag": 20_000}, "raming_omgekeerd", "hosting_laag", "blad Keuzes, cel B15"),
        ({"hosting_laag": None}, "raming_half", "hosting_laag", "blad Keuzes, cel B15"),
        ({"bijdrage": None}, "verplicht", "bijdrage", "blad Keuzes, cel B17"),
        ({"fase": "lvie"}, "waarde", "fase", "blad Keuzes, cel B20"),
        ({"begeleiding": "=1/0"}, "verplicht", "begeleiding", "blad Keuzes, cel B11"),
    ],
)
def test_what_cannot_be_is_found_as_in_a_csv_file_by_its_cell(
    cells: dict[str, str | float | None], code: str, column: str, place: str, back: Back, zeist: bytes
) -> None:
    intake = back(edited(zeist, entered(cells)))
    assert [(f.code, f.column, f.place, f.municipality) for f in intake.errors] == [(code, column, place, "GM0355")]
    assert not intake.choices, "what is outdated does not stand in for what is wrong"
    (row,) = intake.rejected
    assert row.origin.in_words == "GM0355-zeist.xlsx, teruggekomen werkboek, blad Keuzes"


def test_a_date_where_a_year_is_meant_is_its_year(back: Back, zeist: bytes) -> None:
    assert only(back(edited(zeist, entered({"startjaar": date(2028, 7, 1)})))).start_year == 2028  # type: ignore[dict-item]


def test_a_cell_that_was_emptied_is_not_given_and_that_is_said(back: Back, zeist: bytes) -> None:
    cells = {
        "begeleidingsuren": None,
        "backlog": None,
        "fase": "geen opgave",
        "hosting_laag": None,
        "hosting_hoog": None,
    }
    intake = back(edited(zeist, entered(cells)))
    choices = only(intake)
    assert (choices.hours, choices.backlog, choices.phase, choices.estimates) == (None, "", None, ())
    assert {(f.column, f.place) for f in found(intake, "cel_leeg")} == {
        ("begeleidingsuren", "blad Keuzes, cel B12"),
        ("backlog", "blad Keuzes, cel B24"),
    }


def test_totals_that_a_municipality_saw_otherwise_are_told_and_never_count(back: Back, zeist: bytes) -> None:
    intake = back(zeist)
    assert compare_shown(intake, back.tariff, 2026) == intake
    compared = compare_shown(intake, with_training(back.tariff), 2026)
    # Live: hybrid hosting 8,000 to 12,500 and the contribution of 12,500 of a middle size class; in the other tariff
    # the training of 2,000 to 3,000 besides.
    first, _ = found(compared, "uitkomst_anders")
    assert first.message.startswith(
        "Eerste jaar: het werkboek toonde minimaal €\xa020.500, en nu is het minimaal €\xa022.500."
    )
    assert (first.place, first.municipality) == ("blad Keuzes, cel C8", "GM0355")
    assert first.sentence in only(compared).warnings


def test_totals_of_other_choices_or_that_nobody_calculated_are_not_compared(back: Back, zeist: bytes) -> None:
    assert back(edited(zeist, entered({"begeleiding": "zelf"}))).shown == {}
    parts = Parts(zeist)
    assert back(variant(parts, {})).shown == {}
    assert len(back(zeist).shown) == 1


# --- Which form it is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code", "said"),
    [
        ({"formulier_versie": "0"}, "formulier_te_oud", "versie van het formulier (“0”), dat niet wordt gelezen. Neem"),
        ({"formulier_versie": "eerste"}, "formulier_te_oud", "Neem de keuzes over"),
        ({"formulier_naam": "belastingaangifte"}, "formulier_te_oud", "een ander formulier (“belastingaangifte”)"),
        ({"formulier_versie": "2"}, "formulier_te_nieuw", "formulier 2; gelezen wordt tot en met 1"),
        ({"formulier_gemeente": None}, "formulier_onvolledig", "de cel formulier_gemeente ontbreekt"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused_with_what_to_do(
    cells: dict[str, str | None], code: str, said: str, back: Back, zeist: bytes
) -> None:
    intake = back(edited(zeist, cells))
    (finding,) = intake.errors
    assert finding.code == code
    assert said in finding.message
    assert only(intake).origin.file == "keuzes.csv", "the run makes the new workbook of what it has"


def test_an_older_form_that_can_still_be_read_counts_with_a_warning(
    back: Back, zeist: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "VERSION", form.VERSION + 1)
    intake = back(edited(zeist, entered({"begeleiding": "zelf"})))
    assert only(intake).guidance is Guidance.SELF
    (finding,) = found(intake, "formulier_ouder")
    assert "oudere versie (formulier 1)" in finding.message


def test_the_municipality_is_the_one_that_it_was_made_for_if_that_is_still_there(back: Back, zeist: bytes) -> None:
    intake = back(edited(zeist, {"formulier_gemeente": "GM9999"}), name="GM0344-utrecht.xlsx")
    (finding,) = intake.errors
    assert (finding.column, finding.place) == ("gemeentecode", finding.place)
    assert finding.place.startswith("blad Uitgangspunten, cel B")


def test_what_an_office_program_or_a_person_does_besides_does_not_matter(back: Back, zeist: bytes) -> None:
    def edit(book: Workbook) -> None:
        book.move_sheet("Keuzes", 4)
        book["Keuzes"].protection.sheet = False
        book["Uitgangspunten"].sheet_state = "hidden"
        book.create_sheet("Notities", 0)["A1"] = "gemeente"
        book.copy_worksheet(book["Keuzes"])
        for name, refers in (("invoer", "Notities!$A$1"), ("_verborgen", "#REF!"), ("elders", "[1]Blad1!$A$1")):
            book.defined_names[name] = DefinedName(name, attr_text=refers, hidden=True)
        book["Notities"].defined_names["invoer_hosting"] = DefinedName("invoer_hosting", attr_text="Notities!$A$1")

    choices = only(
        back(edited(zeist, entered({"begeleiding": "zelf", "in_natura": "stuurgroep"}), edit), "V2 def.xlsx")
    )
    assert (choices.guidance, choices.in_kind) == (Guidance.SELF, (InKind.STEERING_GROUP,))


@pytest.mark.parametrize("broken", [True, False])
def test_an_input_cell_that_is_gone_is_named(broken: bool, back: Back, zeist: bytes) -> None:
    def edit(book: Workbook) -> None:
        if broken:
            book.defined_names["invoer_startjaar"].attr_text = "Keuzes!#REF!"
        else:
            del book.defined_names["invoer_startjaar"]

    intake = back(edited(zeist, {}, edit))
    (finding,) = intake.errors
    assert (finding.code, finding.column) == ("cel_ontbreekt", "startjaar")
    assert finding.message.startswith("De cel invoer_startjaar ontbreekt in dit werkboek")
    assert not intake.choices


def test_an_item_that_the_tariff_has_no_more_is_unknown_and_one_that_came_later_is_not_given(
    back: Back, zeist: bytes, indicated: Indicator, basis: ReferenceData, texts: Texts
) -> None:
    more = replace(basis, tariff=with_training(basis.tariff, BY_CHOICE))
    was = indicated("Zeist", "zelf", "SaaS", "geen", by=more.tariff, answers=(("opleiding", True),))
    workbook = render_indication(was, more, texts)
    intake = back(workbook)
    assert only(intake).answers == ()
    unknown = [f.column for f in found(intake, "kolom_onbekend")]
    assert sorted(map(str, unknown)) == ["opleiding", "opleiding_hoog", "opleiding_laag"]
    assert only(replace(back, tariff=more.tariff)(workbook)).answers == (("opleiding", True),)
    assert replace(back, tariff=more.tariff)(zeist).findings == ()


def test_a_begin_value_that_is_gone_lets_what_stands_there_count(back: Back, zeist: bytes) -> None:
    def edit(book: Workbook) -> None:
        del book.defined_names["begin_startjaar"]

    intake = back(edited(zeist, {}, edit))
    assert only(intake).start_year == 2026
    assert [f.place for f in found(intake, "beginwaarde_ontbreekt")] == ["blad Keuzes, cel B21"]


def test_one_sheet_of_it_is_not_enough_and_says_so(back: Back, zeist: bytes) -> None:
    def edit(book: Workbook) -> None:
        for name in book.sheetnames:
            if name != "Keuzes":
                del book[name]

    (finding,) = back(edited(zeist, {}, edit)).errors
    assert finding.code == "formulier_onvolledig"
    assert "Stuur het hele werkboek terug" in finding.message


def test_a_workbook_without_the_names_of_its_cells_says_what_it_is(back: Back, zeist: bytes) -> None:
    def edit(book: Workbook) -> None:
        book.defined_names.clear()

    (finding,) = back(edited(zeist, {}, edit)).errors
    assert (finding.code, finding.place) == ("formulier_onvolledig", "blad Keuzes, rij 10")
    assert "Stuur het hele werkboek terug, bewaard als .xlsx of .ods" in finding.message


def test_the_sheet_with_the_cells_saved_as_csv_says_so_too(back: Back, zeist: bytes) -> None:
    sheet = openpyxl.load_workbook(BytesIO(zeist), data_only=True)["Keuzes"]
    rows = [";".join(str(text or "") for text in row) for row in sheet.iter_rows(values_only=True)]
    (finding,) = back(zeist="\n".join(rows)).errors
    assert (finding.code, finding.line) == ("formulier_onvolledig", 10)


def test_the_workbook_of_the_stuurgroep_is_no_delivery_and_says_so(
    back: Back, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("all")
    (folder / "inputs").mkdir(parents=True)
    (folder / "inputs" / "keuzes.csv").write_text(ROW, encoding="utf-8")
    make(folder)
    (finding,) = back((folder / "outputs" / "stuurgroep.xlsx").read_bytes(), "stuurgroep.xlsx").errors
    assert finding.code == "werkboek_stuurgroep"
    assert "Dit is het werkboek van de Stuurgroep" in finding.message


# --- Beside other deliveries ------------------------------------------------------------------------------------------

LATER = "gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;in huis;geen\n"


def test_it_comes_behind_what_it_was_made_from_whatever_their_names(back: Back, zeist: bytes) -> None:
    intake = back(edited(zeist, entered({"bijdrage": "alternatief"})), "00.xlsx")
    choices = only(intake)
    assert (choices.contribution, choices.origin.file) == (Contribution.ALTERNATIVE, "00.xlsx")
    assert [(d.name, d.accepted, d.replaced) for d in intake.deliveries] == [("keuzes.csv", 1, 1), ("00.xlsx", 1, 0)]


def test_a_delivery_with_a_later_name_replaces_it_and_an_example_does_not(back: Back, zeist: bytes) -> None:
    intake = back(zeist, "a.xlsx", b=LATER, z=LATER)
    assert [d.name for d in intake.deliveries] == ["b.csv", "keuzes.csv", "a.xlsx", "z.csv"]
    assert [each.file for each in only(intake).replaces] == ["b.csv", "a.xlsx"], "the example counted for nothing"
    example = LATER.replace("bijdrage\n", "bijdrage;herkomst\n").replace("geen\n", "geen;voorbeeld\n")
    assert only(back(zeist, "a.xlsx", b=LATER, z=example)).origin.file == "a.xlsx"


def test_a_row_that_changed_after_the_workbook_was_made_is_told(back: Back, zeist: bytes) -> None:
    assert found(back(zeist, keuzes=ROW.replace(";120;", ";120,00;")), "gewijzigd_na_werkboek") == []
    intake = back(zeist, keuzes=ROW.replace(";120;", ";130;"))
    (finding,) = found(intake, "gewijzigd_na_werkboek")
    assert (finding.file, finding.line, finding.municipality) == ("keuzes.csv", 2, "GM0355")
    assert "GM0355-zeist.xlsx, teruggekomen werkboek, blad Keuzes" in finding.message
    assert only(intake).hours == 120


def test_a_workbook_that_a_delivery_under_another_name_replaces_is_told(back: Back, zeist: bytes) -> None:
    back(zeist, "a.xlsx", keuzes=LATER)
    (back.folder / "keuzes.csv").rename(back.folder / "opgave.csv")
    intake = read_deliveries(back.folder, back.register, items=back.tariff.items, year=2026)
    assert only(intake).origin.file == "opgave.csv"
    (finding,) = found(intake, "werkboek_vervangen")
    assert (finding.file, finding.municipality) == ("a.xlsx", "GM0355")
    assert "opgave.csv, regel 2 komt er in volgorde van naam achter" in finding.message


def test_a_second_round_under_the_same_name_counts_too(tmp_path: Path, register: Register, tariff: Tariff) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "opgave.csv").write_text(LATER, encoding="utf-8")
    for hours in (200.0, 300.0):  # what it is called sorts before what it was first made from
        make(tmp_path)
        made = (tmp_path / "outputs" / "gemeenten" / "GM0355-zeist.xlsx").read_bytes()
        changed = edited(made, entered({"begeleiding": "extern", "begeleidingsuren": hours}))
        (inputs / "GM0355-zeist.xlsx").write_bytes(changed)
        intake = read_deliveries(inputs, register, items=tariff.items, year=2026)
        assert only(intake).hours == hours
        assert intake.findings == ()
    (inputs / "GM0355-zeist.xlsx").rename(inputs / "a.xlsx")  # and what it was made from is there no more
    assert only(read_deliveries(inputs, register, items=tariff.items, year=2026)).hours == 300


def test_a_name_with_more_behind_it_is_later(back: Back, zeist: bytes) -> None:
    back(edited(zeist, entered({"bijdrage": "geen"})), "zeist (1).xlsx")
    intake = back(edited(zeist, entered({"bijdrage": "alternatief"})), "zeist.xlsx")
    assert only(intake).origin.file == "zeist (1).xlsx"


def test_what_somebody_typed_where_a_number_belongs_is_not_published(back: Back, zeist: bytes) -> None:
    intake = back(edited(zeist, entered({"uurtarief": "Jan Jansen", "fase": None}) | {"begin_fase": "Jan Jansen"}))
    said = [finding.published.sentence for finding in intake.findings] + [*only(intake).warnings]
    assert [each for each in said if "uurtarief" in each]
    assert not [each for each in said if "Jan" in each]


def test_one_end_of_an_estimate_for_other_hosting_may_stay_as_it_was(back: Back, zeist: bytes) -> None:
    choices = only(back(edited(zeist, entered({"hosting": "in huis", "hosting_hoog": 9_500.0}))))
    assert dict(choices.estimates)["hosting"] == Amount.between(8_000, 9_500)


def test_without_its_sheet_of_choices_the_missing_cells_are_named(back: Back, zeist: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(zeist))
    for name in [name for name in book.defined_names if name.startswith(("invoer_", "begin_"))]:
        del book.defined_names[name]
    saved = BytesIO()
    book.save(saved)
    intake = back(saved.getvalue())
    assert intake.choices == (), "what was delivered before does not stand in for it"
    assert {finding.code for finding in intake.errors} == {"cel_ontbreekt"}
    assert {finding.municipality for finding in intake.errors} == {"GM0355"}


def test_that_macros_are_ignored_is_said_of_a_workbook_of_ours_too(back: Back, zeist: bytes) -> None:
    data = BytesIO(zeist)
    with zipfile.ZipFile(data, "a") as package:
        package.writestr("xl/vbaProject.bin", b"x")
    assert len(found(back(data.getvalue(), "zeist.xlsm"), "macros_genegeerd")) == 1


def test_a_workbook_with_more_names_than_anybody_gives_is_refused(back: Back, zeist: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(zeist))
    for number in range(10_000):
        book.defined_names[f"naam_{number}"] = DefinedName(f"naam_{number}", attr_text="Keuzes!$A$1")
    saved = BytesIO()
    book.save(saved)
    assert [finding.code for finding in back(saved.getvalue()).errors] == ["werkmap_te_groot"]


def test_of_two_returns_the_later_name_replaces_the_earlier_one(back: Back, zeist: bytes) -> None:
    back(edited(zeist, entered({"bijdrage": "geen"})), "zeist 10.xlsx")
    intake = back(edited(zeist, entered({"bijdrage": "alternatief"})), "zeist 9.xlsx")
    choices = only(intake)
    assert (choices.contribution, choices.origin.file) == (Contribution.NONE, "zeist 10.xlsx")
    assert [each.in_words for each in choices.replaces] == [
        "keuzes.csv, regel 2",
        "zeist 9.xlsx, teruggekomen werkboek, blad Keuzes",
    ]


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", *"abcdefg"]), st.booleans()), unique_by=lambda f: f[0]
    )
)
def test_each_delivery_stands_behind_what_it_was_made_from_and_else_by_name(
    described: list[tuple[str, str, bool]],
) -> None:
    files = [File(name, made_from=made_from, unplaced=unplaced) for name, made_from, unplaced in described]
    order = in_order(files)
    assert sorted(file.name for file in order) == sorted(file.name for file in files)
    assert order == in_order(order) == in_order(list(reversed(files)))
    place = {file.name: number for number, file in enumerate(order)}
    origins = {file.name: file.made_from for file in files}
    for file in files:
        chain = [file.name]
        while (before := origins.get(chain[-1])) in origins and before not in chain:
            chain.append(str(before))
        if before not in chain:  # what was made from one another is no order
            assert all(place[later] > place[earlier] for later, earlier in pairwise(chain))
    alone = [file.name for file in order if file.made_from not in place and not file.unplaced]
    assert alone == sorted(alone)


def test_a_workbook_of_a_workbook_may_go_on_for_long() -> None:
    names = [f"{number}.xlsx" for number in range(3_000)]
    for each in (names, names[::-1]):
        files = [File(name, made_from=before) for name, before in zip(each, ["", *each], strict=False)]
        assert [file.name for file in in_order(files[::-1])] == each


# --- The circle -------------------------------------------------------------------------------------------------------

Give = Callable[[Mapping[Path, Mapping[str, CellValue]], Path], None]
"""Saves workbooks with other values in their cells in a folder, by some program."""


def by_openpyxl(books: Mapping[Path, Mapping[str, CellValue]], folder: Path) -> None:
    for path, cells in books.items():
        (folder / path.name).write_bytes(edited(path.read_bytes(), cells))


def go_round(folder: Path, register: Register, tariff: Tariff, number: int, give: Give = by_openpyxl) -> None:
    """Make so many workbooks, change and return them, and see what is read and what is made of that."""
    deliver(folder, register, number)
    make(folder)

    def choices() -> dict[str, Choices]:
        intake = read_deliveries(folder / "inputs", register, items=tariff.items, year=2026)
        assert intake.errors == ()
        assert compare_shown(intake, tariff, 2026) == intake
        return {each.municipality.code: each for each in intake.choices}

    before = choices()
    assert len(before) == number
    made = sorted((folder / "outputs" / "gemeenten").glob("*.xlsx"))
    changed = {path: change(path.read_bytes(), path.stem) for path in made}
    give({path: entered(changes.cells) for path, changes in changed.items()}, folder / "inputs")
    expected = {path.name[:6]: what(changes.then(before[path.name[:6]])) for path, changes in changed.items()}
    assert {code: what(each) for code, each in choices().items()} == expected
    make(folder)
    result = json.loads((folder / "outputs" / "kostenindicaties.json").read_text(encoding="utf-8"))
    assert {each["choices"]["provenance"] for each in result["indications"]} == {"delivered"}
    for path in made:
        (came,) = (folder / "inputs").glob(f"{path.stem}.*")
        where = f"{came.name}, teruggekomen werkboek, blad Keuzes"
        book = openpyxl.load_workbook(path, data_only=True)
        facts = {row[0]: row[1] for row in book["Uitgangspunten"].iter_rows(values_only=True, max_col=2)}
        assert (facts["Aangeleverd in"], facts["Herkomst van de keuzes"]) == (where, "opgave")
        assert where in path.with_suffix(".md").read_text(encoding="utf-8").replace("\\", "")
        assert values(book)["formulier_bestand"] == f"{came.name}\nkeuzes.csv"


def test_what_was_changed_is_what_is_read_and_what_the_next_report_is_made_of(
    tmp_path: Path, register: Register, tariff: Tariff
) -> None:
    go_round(tmp_path, register, tariff, 4)


@pytest.mark.thorough
def test_the_same_for_fifty_municipalities(tmp_path: Path, register: Register, tariff: Tariff) -> None:
    go_round(tmp_path, register, tariff, 50)


@pytest.mark.office
@pytest.mark.parametrize(("form_of_file", "number"), [(".xlsx", 50), (".ods", 50), (".xls", 5)])
def test_the_same_when_they_are_changed_and_saved_in_libreoffice(
    form_of_file: str, number: int, tmp_path: Path, register: Register, tariff: Tariff
) -> None:
    def by_libreoffice(books: Mapping[Path, Mapping[str, CellValue]], folder: Path) -> None:
        saved = {path: (cells, [folder / f"{path.stem}{form_of_file}"]) for path, cells in books.items()}
        office.change(saved, tmp_path / "office")

    go_round(tmp_path, register, tariff, number, by_libreoffice)
    intake = read_deliveries(tmp_path / "inputs", register, items=tariff.items, year=2026)
    if form_of_file != ".xls":  # in which it leaves out what many formulas give
        assert len(intake.shown) > number / 2, "it calculates when it saves, and comes to the same totals"
