from __future__ import annotations

import pytest

from pipeline.model.items import HOSTING
from tests.intake.conftest import Reader

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"


def said(read: Reader, text: str) -> list[str]:
    return [f.message for f in read(a=text).findings]


@pytest.mark.parametrize(
    "header",
    [
        "Gemeente (naam);Begeleiding (zelf/extern);Hosting [in huis, hybride, saas];Bijdrage: vorm\n",
        "gemeente *;begeleiding = wie;hosting (€);bijdrage:\n",
        "gemeente - naam;begeleiding zelf/extern;hosting - keuze;bijdrage financieel, alternatief of geen\n",
        "gemeente – officieel;begeleiding zelf of extern;hosting in huis/hybride/saas;bijdrage – vorm\n",
    ],
)
def test_what_stands_beside_the_name_of_a_column_does_not_matter(read: Reader, header: str) -> None:
    intake = read(a=header + "Zeist;zelf;saas;geen\n")
    assert (len(intake.choices), intake.findings) == (1, ())


def test_words_behind_a_name_that_are_none_of_its_options_make_another_name(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;hosting wens/eis\nZeist;zelf;saas;geen;x\n")
    assert [f.code for f in intake.findings] == ["kolom_onbekend"]


def test_a_name_with_brackets_of_its_own_goes_before_one_without_them(read: Reader) -> None:
    intake = read(
        a="gemeente;gemeente (code);begeleiding;hosting;hosting (laag);hosting (hoog);bijdrage\n"
        "Zeist;GM0355;zelf;saas;1000;2000;geen\n"
    )
    assert intake.errors == ()
    assert str(intake.choices[0].estimate_of(HOSTING)) == str(
        read(b="gemeente;begeleiding;hosting;laag;hoog;bijdrage\nZeist;zelf;saas;1000;2000;geen\n")
        .choices[0]
        .estimate_of(HOSTING)
    )


def test_the_line_that_comes_nearest_is_named_with_what_to_do_about_each_column(read: Reader) -> None:
    assert said(read, "Opgave\nNaam vd gemeente;begeleidng;hostng;contributie\nZeist;zelf;saas;geen\n") == [
        (
            "Er is geen regel met de namen van de kolommen; nodig zijn gemeente of gemeentecode, begeleiding, hosting, "
            "bijdrage. Regel 2 komt er het dichtst bij: geef “Naam vd gemeente” de naam gemeente, “begeleidng” de naam "
            "begeleiding en “hostng” de naam hosting en voeg bijdrage toe."
        )
    ]


def test_english_names_are_named_as_such(read: Reader) -> None:
    assert said(read, "municipality;guidance;hosting;contribution\nZeist;self;saas;none\n") == [
        (
            "De namen van de kolommen zijn Engels; geef “municipality” de naam gemeente, “guidance” de naam "
            "begeleiding en “contribution” de naam bijdrage, en schrijf ook de keuzes in het Nederlands."
        )
    ]


def test_while_a_column_is_missing_nothing_is_said_of_unknown_ones_but_which_may_be_meant(read: Reader) -> None:
    assert said(read, "gemeente;guidance;hosting;bijdrge;k1;k2\nZeist;zelf;saas;geen;1;2\n") == [
        "De verplichte kolom begeleiding ontbreekt; geef “guidance” de naam begeleiding.",
        "De verplichte kolom bijdrage ontbreekt; geef “bijdrge” de naam bijdrage.",
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_rows_above_the_header_are_rejected_with_what_stands_in_them(read: Reader, ends: str) -> None:
    intake = read(a=("Opgave 2026\nAssen;zelf;saas;geen\n" + HEADER + "Zeist;zelf;saas;geen\n").replace("\n", ends))
    assert [c.municipality.name for c in intake.choices] == ["Zeist"]
    assert [(f.code, f.line, f.value, f.municipality) for f in intake.findings] == [
        ("rij_boven_kopregel", 2, "Assen;zelf;saas;geen", "GM0106")
    ]
    assert [dict(row.values) for row in intake.rejected] == [
        {"gemeente": "Assen", "begeleiding": "zelf", "hosting": "saas", "bijdrage": "geen"}
    ]


def test_a_row_above_the_header_puts_an_earlier_delivery_aside(read: Reader) -> None:
    intake = read(a=HEADER + "Assen;zelf;saas;geen\n", b="Assen;extern;saas;geen\n" + HEADER + "Zeist;zelf;saas;geen\n")
    assert [c.municipality.name for c in intake.choices] == ["Zeist"]


def test_a_table_above_is_read_by_its_own_header(read: Reader) -> None:
    intake = read(a="hosting;gemeente;begeleiding\nsaas;Assen;zelf\n\n" + HEADER + "Zeist;zelf;saas;geen\n")
    (row,) = intake.rejected
    assert dict(row.values) == {"hosting": "saas", "gemeente": "Assen", "begeleiding": "zelf"}


@pytest.mark.parametrize(
    "above",
    [
        "Kostenindicatie;;;\n\n",
        "Gemeente;Zeist;;\nDatum;1 mei 2026;;\n",
        "Uitleg: kies zelf of extern;;;\n",
        "Zeist, mei 2026\nversie 2; concept\n",
        '"Opgave\nvan ons, voor u"\n',
        "gemeente;contact\nZie de kolommen hosting;hosting;contact\n",
    ],
)
def test_a_title_is_no_row(read: Reader, above: str) -> None:
    intake = read(a=above + HEADER + "Zeist;zelf;saas;geen\n")
    assert (len(intake.choices), intake.findings) == (1, ())


@pytest.mark.parametrize(
    "text",
    [
        "bereikbaar ma, di\nen do, ook 's avonds",
        "saas, hybride\nof zelf, dat weten wij nog niet",
        "1, 2, 3\n4, 5, 6, 7",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_free_text_with_a_line_break_and_a_comma_is_no_row(read: Reader, text: str, delimiter: str) -> None:
    table = f'gemeente,begeleiding,hosting,bijdrage,contact\nZeist,zelf,saas,geen,"{text}"\n'
    intake = read(a=table if delimiter == "," else table.replace("\n", "\0").replace(",", ";", 8).replace("\0", "\n"))
    assert (len(intake.choices), intake.findings) == (1, ())
