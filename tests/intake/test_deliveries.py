from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import InputsError
from pipeline.intake import Intake, Limits, read_deliveries
from pipeline.model.amounts import Amount
from pipeline.model.choices import Contribution, Guidance, Hosting, InKind, Origin, Phase
from pipeline.model.items import HOSTING
from pipeline.model.tariffs import SizeClass
from pipeline.reference.register import Register
from tests.conftest import ROOT
from tests.intake.conftest import Reader

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"
FULL = (
    "gemeente;gemeentecode;begeleiding;begeleidingsuren;hosting;hosting_laag;hosting_hoog;bijdrage;bijdrage_toelichting;"
    "afgestemd;in_natura;backlog;fase;startjaar;grootteklasse;inwoners;contact\n"
)


def found(intake: Intake) -> list[tuple[str, str, int | None, str | None]]:
    """The findings as code, file, line and column."""
    return [(f.code, f.file, f.line, f.column) for f in intake.findings]


def test_every_column_becomes_a_choice(read: Reader) -> None:
    intake = read(
        a=FULL + "Zeist;GM0355;extern;120,5;hybride;€ 12.500,-;20.000;alternatief;levert capaciteit;ja;"
        "stuurgroep, productsturing;koppeling;demo;2027;Groot;70.000;beheer@zeist.example\n"
    )
    assert intake.findings == ()
    (choices,) = intake.choices
    assert choices.municipality.code == "GM0355"
    assert (choices.guidance, choices.hosting, choices.contribution) == (
        Guidance.EXTERNAL,
        Hosting.HYBRID,
        Contribution.ALTERNATIVE,
    )
    assert choices.hours == Decimal("120.5")
    assert choices.estimate_of(HOSTING) == Amount.between(12_500, 20_000)
    assert (choices.contribution_note, choices.agreed) == ("levert capaciteit", True)
    assert choices.in_kind == (InKind.STEERING_GROUP, InKind.PRODUCT_STEERING)
    assert (choices.backlog, choices.phase, choices.start_year) == ("koppeling", Phase.DEMO, 2027)
    assert (choices.size_class, choices.inhabitants) == (SizeClass.LARGE, 70_000)
    assert (choices.contact, choices.origin) == ("beheer@zeist.example", Origin("a.csv", 2))


def test_only_a_municipality_and_three_choices_are_required(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelf;saas;geen\n")
    assert intake.findings == ()
    assert intake.choices[0].hours is None
    assert intake.choices[0].estimate_of(HOSTING) is None


def test_a_later_delivery_replaces_a_municipality_and_says_so(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelf;saas;geen\nDelft;zelf;saas;geen\n", b=HEADER + "Zeist;extern;saas;geen\n")
    assert [(c.municipality.name, c.guidance) for c in intake.choices] == [
        ("Zeist", Guidance.EXTERNAL),
        ("Delft", Guidance.SELF),
    ]
    assert intake.choices[0].replaces == (Origin("a.csv", 2),)
    assert [(d.name, d.rows, d.accepted, d.replaced, d.rejected) for d in intake.deliveries] == [
        ("a.csv", 2, 2, 1, 0),
        ("b.csv", 1, 1, 0, 0),
    ]


def test_an_outdated_row_does_not_stand_in_for_a_rejected_one(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelf;saas;geen\n", b=HEADER + "Zeist;extern;sas;geen\n")
    assert intake.choices == ()
    assert found(intake) == [("waarde", "b.csv", 2, "hosting"), ("eerdere_telt_niet", "b.csv", 2, None)]


def test_twice_in_one_file_with_different_choices_is_an_error_on_both_lines(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelf;saas;geen\nDelft;zelf;saas;geen\nzeist;extern;saas;geen\n")
    assert [c.municipality.name for c in intake.choices] == ["Delft"]
    assert found(intake) == [("dubbel", "a.csv", 2, "gemeente"), ("dubbel", "a.csv", 4, "gemeente")]


def test_twice_in_one_file_with_the_same_choices_counts_once(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelf;saas;geen\nZeist;zelf;saas;geen\n")
    assert len(intake.choices) == 1
    assert intake.errors == ()
    assert found(intake) == [("dubbel", "a.csv", 3, "gemeente")]


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ("Den Bsch;zelf;saas;geen", ("gemeente_onbekend", "a.csv", 2, "gemeente")),
        ("Bergen;zelf;saas;geen", ("gemeente_dubbelzinnig", "a.csv", 2, "gemeente")),
        (";zelf;saas;geen", ("gemeente_ontbreekt", "a.csv", 2, "gemeente")),
        ("Zeist;;saas;geen", ("verplicht", "a.csv", 2, "begeleiding")),
        ("Zeist;zelf;;geen", ("verplicht", "a.csv", 2, "hosting")),
        ("Zeist;zelf;saas;", ("verplicht", "a.csv", 2, "bijdrage")),
        ("Zeist;zelf;sas;geen", ("waarde", "a.csv", 2, "hosting")),
        ("Zeist;zelf;saas;geen;meer", ("te_veel_velden", "a.csv", 2, None)),
    ],
)
def test_a_wrong_field_is_an_error_at_its_place(
    read: Reader, row: str, finding: tuple[str, str, int | None, str | None]
) -> None:
    intake = read(a=HEADER + row + "\nDelft;zelf;saas;geen\n")
    assert [c.municipality.name for c in intake.choices] == ["Delft"]
    assert found(intake) == [finding]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("begeleidingsuren", "veel", "waarde"),
        ("begeleidingsuren", "-5", "waarde"),
        ("begeleidingsuren", "200001", "getal"),
        ("hosting_laag", "100", "raming_half"),
        ("afgestemd", "misschien", "waarde"),
        ("in_natura", "bestuur", "waarde"),
        ("fase", "klaar", "waarde"),
        ("startjaar", "27", "waarde"),
        ("grootteklasse", "Reus", "waarde"),
        ("inwoners", "0", "getal"),
        ("inwoners", "1,5", "waarde"),
        ("contact", "x" * 501, "waarde"),
        ("backlog", "a\u202eb", "waarde"),
        ("backlog", "a\x07b", "waarde"),
        ("fase", "de\u200bmo", "waarde"),
        ("begeleidingsuren", "1\u202e2", "waarde"),
    ],
)
def test_a_wrong_optional_field_is_an_error_too(read: Reader, column: str, value: str, code: str) -> None:
    intake = read(a=f"gemeente;begeleiding;hosting;bijdrage;{column}\nZeist;extern;saas;geen;{value}\n")
    assert intake.choices == ()
    assert [(f.code, f.line) for f in intake.findings] == [(code, 2)]
    assert [row.origin for row in intake.rejected] == [Origin("a.csv", 2)]


def test_all_problems_of_a_row_are_said_at_once(read: Reader) -> None:
    intake = read(a=HEADER + "Zeist;zelff;sas;gen\n")
    assert [f.column for f in intake.errors] == ["begeleiding", "hosting", "bijdrage"]


def test_a_finding_says_what_would_be_right(read: Reader) -> None:
    intake = read(a=HEADER + "hertogenbosch;zelf;saas;geen\nZeist;zelf;sas;geen\nBergen;zelf;saas;geen\n")
    first, second, third = (f.message for f in intake.errors)
    assert first.startswith("Bedoelde u 's-Hertogenbosch?")
    assert second == "Bedoelde u SaaS? Kies in huis, hybride of SaaS."
    assert "Bergen (NH.) in Noord-Holland (GM0373) of Bergen (L.) in Limburg (GM0893)" in third


@pytest.mark.parametrize("code", ["GM0355", "gm0355", "355", "0355"])
def test_a_code_alone_is_enough(read: Reader, code: str) -> None:
    intake = read(a=f"gemeentecode;begeleiding;hosting;bijdrage\n{code};zelf;saas;geen\n")
    assert [c.municipality.name for c in intake.choices] == ["Zeist"]


def test_code_and_name_must_agree(read: Reader) -> None:
    intake = read(a="gemeente;gemeentecode;begeleiding;hosting;bijdrage\nDelft;GM0355;zelf;saas;geen\n")
    assert found(intake) == [("code_en_naam", "a.csv", 2, "gemeente")]
    intake = read(a="gemeente;gemeentecode;begeleiding;hosting;bijdrage\nBergen;GM0893;zelf;saas;geen\n")
    assert [c.municipality.name for c in intake.choices] == ["Bergen (L.)"]


def test_hours_of_the_municipality_itself_do_not_count_and_give_a_warning(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;uren\nZeist;zelf;saas;geen;80\n")
    assert len(intake.choices) == 1
    assert found(intake) == [("uren_tellen_niet", "a.csv", 2, "begeleidingsuren")]


def test_an_ambiguous_number_is_a_warning_that_says_how_it_was_read(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;uren\nZeist;extern;saas;geen;1.234\n")
    assert intake.choices[0].hours == 1234
    warning, many = intake.warnings
    assert many.code == "uren_veel"
    assert (warning.code, warning.message) == (
        "getal_dubbelzinnig",
        "Gelezen als 1234 (een duizendtal); schrijf 1234 als u dat bedoelt, of anders 1,23.",
    )


def test_a_thousandth_of_thousands_says_what_else_it_may_be(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;laag;hoog\nZeist;extern;saas;geen;1.500k;€ 2.500,-\n")
    assert [(f.column, f.message) for f in intake.findings] == [
        ("hosting_laag", "Gelezen als 1500 (een komma); schrijf 1500 als u dat bedoelt, of anders 1500000.")
    ]


@pytest.mark.parametrize(
    "text", ["N.v.t.", "Nvt", "n/A", "niet van toepassing", "p.m.", "PM", "n.t.b.", "Onbekend", "-"]
)
def test_a_number_that_is_not_given_is_no_number(read: Reader, text: str) -> None:
    intake = read(
        a="gemeente;begeleiding;hosting;bijdrage;uren;laag;hoog;startjaar;inwoners\n"
        f"Zeist;extern;saas;geen;{text};{text};{text};{text};{text}\n"
    )
    assert intake.findings == ()
    (choices,) = intake.choices
    assert (choices.hours, choices.estimate_of(HOSTING), choices.start_year, choices.inhabitants) == (None,) * 4


def test_an_unknown_column_is_a_warning_with_the_nearest_name(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;inwonrs\nZeist;zelf;saas;geen;5\n")
    assert len(intake.choices) == 1
    assert found(intake) == [("kolom_onbekend", "a.csv", 1, "inwonrs")]
    assert "Bedoelde u inwoners?" in intake.findings[0].message


def test_a_missing_required_column_is_one_error_for_the_file(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting\nZeist;zelf;saas\nDelft;zelf;saas\n")
    assert found(intake) == [("kolom_ontbreekt", "a.csv", 1, "bijdrage")]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\ufeff" + HEADER + "Súdwest-Fryslân;zelf;saas;geen\n", id="UTF-8 with a mark"),
        pytest.param((HEADER + "Súdwest-Fryslân;zelf;saas;geen\n").encode("cp1252"), id="Windows-1252"),
        pytest.param((HEADER + "Súdwest-Fryslân;zelf;saas;geen\n").replace(";", "\t").encode("utf-16"), id="UTF-16"),
        pytest.param((HEADER + "Súdwest-Fryslân;zelf;saas;geen\n").replace(";", ","), id="commas"),
        pytest.param((HEADER + "Súdwest-Fryslân;zelf;saas;geen\n").replace("\n", "\r\n"), id="CRLF"),
        pytest.param((HEADER + "Súdwest-Fryslân;zelf;saas;geen\n").replace("\n", "\r"), id="CR"),
        pytest.param("sep=;\n" + HEADER + "Súdwest-Fryslân;zelf;saas;geen\n", id="sep"),
        pytest.param("Opgave 2026;;;\n;;;\n" + HEADER + "Súdwest-Fryslân;zelf;saas;geen\n;;;\n\n", id="title and tail"),
        pytest.param("BIJDRAGE;Hosting;Gemeente-naam;Begeleiding\ngeen;SaaS;sudwest fryslan ;Zelf\n", id="other order"),
    ],
)
def test_what_people_drop_is_understood(read: Reader, content: str | bytes) -> None:
    intake = read(a=content)
    assert intake.findings == ()
    assert [c.municipality.code for c in intake.choices] == ["GM1900"]


def test_lines_are_those_of_an_editor_also_behind_a_quoted_line_break(read: Reader) -> None:
    intake = read(
        a="sep=;\nOpgave\ngemeente;begeleiding;hosting;bijdrage;contact\n"
        'Zeist;zelf;saas;geen;"een\ntwee\ndrie"\n\nDelft;zelf;sas;geen;x\n'
    )
    assert intake.choices[0].origin.line == 4
    assert [f.line for f in intake.errors] == [8]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "leeg"),
        (b"\n\n;;\n", "leeg"),
        (b"zomaar wat tekst\nen nog iets\n", "geen_kopregel"),
        (b"gemeente;begeleiding\0", "geen_tekst"),
        (b"\xff\xfea", "geen_tekst"),
        (HEADER.encode() + b'"' + b"x" * 40_000, "aanhalingsteken_open"),
        (b"gemeente;gemeente;begeleiding;hosting;bijdrage\n", "kolom_dubbel"),
    ],
)
def test_a_file_that_is_no_delivery_is_one_error(read: Reader, content: bytes, code: str) -> None:
    intake = read(a=content, b=HEADER + "Zeist;zelf;saas;geen\n")
    assert [(f.code, f.file) for f in intake.findings] == [(code, "a.csv")]
    assert len(intake.choices) == 1


def test_a_folder_a_dead_link_and_a_link_out_are_refused(tmp_path: Path, register: Register) -> None:
    folder = tmp_path / "inputs"
    (folder / "map.csv").mkdir(parents=True)
    (folder / "dood.csv").symlink_to(folder / "weg")
    outside = tmp_path / "buiten.csv"
    outside.write_text(HEADER + "Zeist;zelf;saas;geen\n")
    (folder / "link.csv").symlink_to(outside)
    intake = read_deliveries(folder, register)
    assert [(f.code, f.file) for f in intake.findings] == [
        ("geen_bestand", "dood.csv"),
        ("koppeling", "link.csv"),
        ("geen_bestand", "map.csv"),
    ]


def test_a_file_or_table_that_is_too_large_is_refused(tmp_path: Path, register: Register) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "Zeist;zelf;saas;geen\n" * 3)
    assert [f.code for f in read_deliveries(tmp_path, register, Limits(file_bytes=50)).findings] == ["te_groot"]
    assert [f.code for f in read_deliveries(tmp_path, register, Limits(rows=2)).findings] == ["te_veel_regels"]


def test_an_absent_folder_ends_the_run(tmp_path: Path, register: Register) -> None:
    with pytest.raises(InputsError, match="cannot be read"):
        read_deliveries(tmp_path / "weg", register)


def test_the_shipped_examples_are_clean_and_complete(register: Register) -> None:
    intake = read_deliveries(ROOT / "inputs", register)
    assert intake.findings == ()
    assert len(intake.choices) == 342
    varied = [c for c in intake.choices if c.origin.file.startswith("010")]
    assert len({(c.guidance, c.hosting, c.contribution) for c in varied}) == 18
    assert {c.phase for c in varied} >= set(Phase)
    assert {kind for c in varied for kind in c.in_kind} == set(InKind)
    assert {c.agreed for c in varied} == {True, False, None}
    assert all(any(getattr(c, name) for c in varied) for name in ("hours", "estimates", "size_class"))
