"""What people write where there is nothing to write."""

from __future__ import annotations

import pytest

from pipeline.model.choices import InKind
from pipeline.model.items import HOSTING
from tests.intake.conftest import Reader
from tests.intake.test_deliveries import found

FREE = "gemeente;begeleiding;hosting;bijdrage;bijdrage_toelichting;backlog;contact\n"
DENIED = ["nee", "Geen", "geen.", "niets", "Nihil", "0", "nul", "n", "geen opmerkingen"]
DENIED += [
    "niks",
    "nog geen",
    "Nog niet",
    "geen functionaliteit",
    "geen wensen",
    "vooralsnog geen",
    "Nee, geen",
    "nee hoor",
]
DENIED += [
    "op dit moment niet",
    "0,00",
    "false",
    "onwaar",
    "geen aanvullende wensen",
    "voorlopig nog geen backlog-items",
]
NOTHING = [
    "-",
    "--",
    "–",
    "n.v.t.",
    "NVT",
    "n/a",
    "niet van toepassing",
    ".",
    "...",
    "/",
    "_",
    "\u2003",
    " \u00a0 ",
    "leeg",
    "NULL",
    "nan",
    "NaN",
]
UNKNOWN = [
    "n.n.b.",
    "nnb",
    "N.B.",
    "nog niet bekend",
    "onbekend",
    "weet niet",
    "?",
    "??",
    "tbd",
    "volgt",
    "n.t.b.",
    "later",
    "nog nader te bepalen",
    "moet nog bepaald worden",
    "op dit moment nog onbekend",
]


@pytest.mark.parametrize("text", [*DENIED, *NOTHING])
def test_no_in_a_free_text_is_no_text(read: Reader, text: str) -> None:
    intake = read(a=f"{FREE}Zeist;extern;saas;geen;{text};{text};{text}\n")
    assert intake.findings == ()
    (choices,) = intake.choices
    assert (choices.contribution_note, choices.backlog, choices.contact) == ("", "", "")


@pytest.mark.parametrize("text", UNKNOWN)
def test_an_unknown_backlog_counts_as_none_and_says_so(read: Reader, text: str) -> None:
    intake = read(a=f"{FREE}Zeist;extern;saas;geen;{text};{text};{text}\n")
    assert found(intake) == [("backlog_onbekend", "a.csv", 2, "backlog")]
    (choices,) = intake.choices
    assert (choices.contribution_note, choices.backlog, choices.contact) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "ja",
        "p.m.",
        "✓",
        "👍",
        "nee, tenzij de provincie betaalt",
        "Geen uitzicht",
        "09",
        "wensen",
        "nog",
        "dit moment",
        "niet alleen wensen",
    ],
)
def test_what_says_something_stays_literally(read: Reader, text: str) -> None:
    intake = read(a=f"{FREE}Zeist;extern;saas;geen;;{text};\n")
    assert (intake.findings, intake.choices[0].backlog) == ((), text)


@pytest.mark.parametrize("text", [*UNKNOWN, *NOTHING])
def test_what_is_not_known_is_not_given_in_a_column_that_may_be_empty(read: Reader, text: str) -> None:
    names = "begeleidingsuren;hosting_laag;hosting_hoog;afgestemd;in_natura;fase;startjaar;grootteklasse;inwoners"
    intake = read(a=f"gemeente;begeleiding;hosting;bijdrage;{names}\nZeist;extern;saas;alternatief{f';{text}' * 9}\n")
    assert intake.findings == ()
    (choices,) = intake.choices
    assert (choices.hours, choices.estimate_of(HOSTING), choices.agreed, choices.phase) == (None,) * 4
    assert (choices.start_year, choices.size_class, choices.inhabitants, choices.in_kind) == (None, None, None, ())


@pytest.mark.parametrize("text", [*UNKNOWN, "p.m."])
def test_a_choice_that_is_not_known_is_said_to_be_needed(read: Reader, text: str) -> None:
    intake = read(a=f"gemeente;begeleiding;hosting;bijdrage\nZeist;extern;{text};geen\n")
    assert [(f.code, f.column, f.message) for f in intake.findings] == [
        (
            "verplicht",
            "hosting",
            "Zonder deze keuze is er geen kostenindicatie. Kies in huis, hybride of SaaS.",
        )
    ]


@pytest.mark.parametrize("text", ["geen", "Nee", "niets", "0"])
def test_no_effort_in_kind_is_none(read: Reader, text: str) -> None:
    intake = read(a=f"gemeente;begeleiding;hosting;bijdrage;in_natura\nZeist;zelf;saas;geen;{text}\n")
    assert (intake.findings, intake.choices[0].in_kind) == ((), ())


def test_a_product_sturing_is_still_an_effort(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;in_natura\nZeist;zelf;saas;geen;product sturing\n")
    assert intake.choices[0].in_kind == (InKind.PRODUCT_STEERING,)


@pytest.mark.parametrize("text", ["?", "onbekend", "n.n.b."])
def test_an_unknown_municipality_is_one_that_is_missing(read: Reader, text: str) -> None:
    intake = read(a=f"gemeente;begeleiding;hosting;bijdrage\n{text};zelf;saas;geen\n")
    assert found(intake) == [("gemeente_ontbreekt", "a.csv", 2, "gemeente")]


def test_a_text_of_hidden_characters_is_not_taken_for_none(read: Reader) -> None:
    intake = read(a="gemeente;begeleiding;hosting;bijdrage;fase;contact\nZeist;extern;saas;geen;\u202e;\u202e\n")
    assert found(intake) == [("waarde", "a.csv", 2, "fase"), ("waarde", "a.csv", 2, "contact")]
