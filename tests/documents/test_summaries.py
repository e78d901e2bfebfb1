"""The Markdown summaries: amounts by hand from the source, user text that arrives literally, broken templates."""

from __future__ import annotations

import pickle
import re
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import structs

from pipeline.documents.summaries import (
    BOOK_CONTENTS,
    LIST_PAGE,
    MUNICIPALITY,
    PREMISES_PAGE,
    STEERING_GROUP,
    Summaries,
)
from pipeline.documents.summaries.charts import draw, pictures
from pipeline.documents.summaries.markdown import day, difference, escape, euros, in_all, number, web_link
from pipeline.documents.summaries.markdown import plain as without_joiners
from pipeline.errors import TextsError
from pipeline.intake.fields.characters import HIDDEN
from pipeline.model.amounts import NOTHING, PRO_MEMORIE, Amount
from pipeline.model.choices import Contribution, Guidance, Hosting, Origin, Provenance
from pipeline.model.indication import Indication, indicate
from pipeline.reference.data import ReferenceData
from pipeline.results.overview import Overview
from tests.results.samples import (
    BASIS,
    EINDHOVEN,
    START,
    TEMPLATES,
    TEXTS,
    UTRECHT,
    ZEIST,
    amsterdam,
    choices,
    indication,
    overview_of,
    page_of,
    results,
    rich_results,
    schiermonnikoog,
    with_ggu,
    with_indexation,
)

SUMMARIES = Summaries.read(TEMPLATES, TEXTS, [".xlsx"])
PARSER = MarkdownIt("gfm-like", {"html": True})


def summary(one: Indication, basis: ReferenceData = BASIS) -> str:
    return plain(SUMMARIES.render(one, basis).decode())


def steering(overview: Overview, basis: ReferenceData = BASIS) -> str:
    return plain(page_of(SUMMARIES, overview, basis))


def plain(text: str) -> str:
    """The same text without what keeps an amount together or lets a long word be broken."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("&NoBreak;", "").replace("&shy;", "")


def section(text: str, heading: str) -> str:
    """What stands under a heading of level 2."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0]


def rows(text: str) -> dict[str, list[str]]:
    """The cells of the tables in a piece of Markdown, by their first cell."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


def tokens(text: str) -> Iterator[Token]:
    """All tokens of a parsed text, those within a line included."""
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def shown(text: str) -> str:
    """What a reader sees, on one line."""
    return rendered(text).replace("\N{ZERO WIDTH NON-JOINER}", "")


def rendered(text: str) -> str:
    """The text that GitHub and GitLab look for mentions and emoji in, on one line."""
    return " ".join("".join(t.content for t in tokens(text) if t.type in {"text", "code_inline"}).split())


# --- Amounts ----------------------------------------------------------------------------------------------------------


def test_the_worked_example_of_the_source() -> None:
    text = summary(amsterdam())
    # 150 hours x 100; 10.000 - 20.000 + 40.000
    assert "| **Totaal** | **€ 15.000** | **€ 50.000–60.000** | |" in text
    years = rows(section(text, "Kosten per jaar"))
    assert years["2026"][-1] == "€ 65.000–75.000"
    assert years["**2026 t/m 2030**"][-1] == "**€ 265.000–315.000**"  # 15.000 + 5 x 50.000 - 60.000
    assert "Per inwoner is het € 0,05–0,06 per jaar." in text  # over 941.927 inhabitants


def test_it_opens_with_the_answer_and_what_is_not_counted() -> None:
    title, about, answer, not_counted = summary(amsterdam()).split("\n\n")[:4]
    assert title == "# Wat kost Signalen Amsterdam?"
    assert about.startswith("Indicatie, geen offerte · prijspeil 2024, tarief van 22 juli 2024")
    assert answer == (
        "Signalen kost Amsterdam in het eerste jaar, 2026, **€ 65.000–75.000**. Daarna kost het **€ 50.000–60.000** "
        "per jaar. Het totaal over **2026 t/m 2030** is **€ 265.000–315.000**."
    )
    assert not_counted == TEXTS.say("gedeeld.niet_meegerekend")


def test_what_it_consists_of_and_what_is_noticed_come_before_choices_years_and_scenarios() -> None:
    headings = [line.strip("# ") for line in summary(amsterdam()).splitlines() if line.startswith("#")]
    assert headings == [
        *("Wat kost Signalen Amsterdam?", "Waaruit bestaat dat?", "Goed om te weten", "Keuzes", "Kosten per jaar"),
        *("Scenario’s", "Met een post zonder bedrag (p.m.)", "Verantwoording"),
    ]


def test_where_nothing_is_quantified_no_total_shows_zero() -> None:
    text = summary(schiermonnikoog())
    assert "Wat Signalen Schiermonnikoog kost, is **onbekend**" in text
    assert "| **Totaal** | **onbekend** | **onbekend** | |" in text
    assert rows(section(text, "Kosten per jaar"))["**2026 t/m 2030**"][-1] == "**onbekend**"
    assert "€ 0" not in text.split("## Waaruit")[0]
    assert "Nog zonder bedrag (p.m.): Projectbegeleiding, Hosting en beheer." in text
    assert "Per inwoner" not in text


def test_what_is_known_in_part_is_said_in_part() -> None:
    text = summary(indication(ZEIST, Guidance.EXTERNAL, Hosting.IN_HOUSE, Contribution.NONE))
    # 150 hours x 100, and hosting of which nothing is known
    assert (
        "Signalen kost Zeist in het eerste jaar, 2026, **minimaal € 15.000**. Wat het daarna per jaar kost, is "
        "**onbekend**. Het totaal over **2026 t/m 2030** is **minimaal € 15.000**." in text
    )


def test_without_p_m_nothing_is_said_about_it() -> None:
    assert "Nog zonder bedrag" not in summary(amsterdam())


def test_a_total_that_misses_an_item_says_so() -> None:
    text = summary(indication(EINDHOVEN, Guidance.SELF, Hosting.SAAS, Contribution.FINANCIAL))
    assert "| **Totaal** | **onbekend** | **€ 30.000–40.000** | |" in text  # 10.000 - 20.000 + 20.000 (Groot)
    assert "in het eerste jaar, 2026, **minimaal € 30.000**." in text
    assert rows(section(text, "Waaruit bestaat dat?"))["Projectbegeleiding"] == ["p.m.", "", "geen bedrag bekend"]


def test_each_item_stands_with_its_amount_and_source_and_is_explained_below() -> None:
    text = section(summary(amsterdam()), "Waaruit bestaat dat?")
    lines = rows(text)
    assert lines["Projectbegeleiding"] == ["€ 15.000", "", "vermeld; ervaringscijfer"]
    assert lines["Hosting en beheer"] == ["", "€ 10.000–20.000", "vermeld"]
    assert lines["Communitybijdrage"] == ["", "€ 40.000", "bedrag vermeld, per jaar: aanname"]
    assert "Inzet in natura" not in lines
    below = [line for line in text.splitlines() if line.startswith("- ")]
    assert below[1].startswith("- **Projectbegeleiding** (extern, 150 uur × € 100). Een marktpartij")
    assert below[2].startswith("- **Hosting en beheer** (SaaS). ")
    assert "verwerkersovereenkomst" in below[2]
    assert below[3].startswith("- **Communitybijdrage** (financieel, klasse G4). Vrijwillige")


def test_hours_of_the_source_are_marked_as_a_figure_from_experience() -> None:
    said = "150 uur begeleiding is een ervaringscijfer uit de bron. Het werkelijke aantal verschilt sterk per gemeente."
    assert said in section(summary(amsterdam()), "Goed om te weten")
    assert "ervaringscijfer uit" not in summary(amsterdam(hours=Decimal(80)))


def test_the_projection_shows_each_year_and_their_sum() -> None:
    years = rows(section(summary(amsterdam()), "Kosten per jaar"))
    assert years["Jaar"] == ["Eenmalig", "Overig jaarlijks", "Communitybijdrage", "Totaal"]
    assert years["2026"] == ["€ 15.000", "€ 10.000–20.000", "€ 40.000", "€ 65.000–75.000"]
    assert years["2030"] == ["€ 0", "€ 10.000–20.000", "€ 40.000", "€ 50.000–60.000"]
    assert years["**2026 t/m 2030**"] == [
        "**€ 15.000**", "**€ 50.000–100.000**", "**€ 200.000**", "**€ 265.000–315.000**",
    ]  # fmt: skip


def test_a_contribution_without_amount_is_one_item_and_so_p_m_in_each_year() -> None:
    years = rows(
        section(summary(indication(ZEIST, Guidance.SELF, Hosting.SAAS, Contribution.ALTERNATIVE)), "Kosten per jaar")
    )
    assert years["2026"] == ["onbekend", "€ 10.000–20.000", "p.m.", "minimaal € 10.000"]


def test_a_contribution_that_lapses_makes_later_years_differ() -> None:
    basis = with_ggu(BASIS, 2028)
    one = indicate(choices(UTRECHT, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL), basis.tariff, 2026)
    text = summary(one, basis)
    assert "In 2027 kost het **€ 50.000–60.000**. Daarna is het bedrag anders: zie Kosten per jaar." in text
    assert rows(section(text, "Kosten per jaar"))["**2026 t/m 2030**"][2] == "**€ 80.000**"  # 2 x 40.000
    assert "Aanname: vanaf 2028 vervalt de bijdrage" in section(text, "Goed om te weten")
    assert rows(premises_page(basis))["GGU-jaar"][0] == "2028"


def test_indexation_shows_cents_where_there_are_any() -> None:
    basis = with_indexation(BASIS, "2.5")
    one = indicate(choices(ZEIST, Guidance.EXTERNAL, Hosting.SAAS, Contribution.NONE), basis.tariff, 2026)
    years = rows(section(summary(one, basis), "Kosten per jaar"))
    assert years["2027"][1] == "€ 10.250–20.500"  # x 1,025
    assert years["2028"][1] == "€ 10.506,25–21.012,50"  # x 1,025 x 1,025


def test_all_combinations_stand_in_it_those_with_p_m_apart_and_the_choice_is_marked_in_words() -> None:
    known, unknown = section(summary(amsterdam()), "Scenario’s").split("### Met een post zonder bedrag (p.m.)")
    # Only external, SaaS and either money or nothing are known wholly: 15.000 + 5 x 50.000 - 60.000 or 10.000 - 20.000.
    assert rows(known) == {
        "Combinatie": ["Eenmalig", "Per jaar", "2026 t/m 2030"],
        "---": ["---:"] * 3,
        "**extern · SaaS · financieel** (gekozen)": ["€ 15.000", "€ 50.000–60.000", "€ 265.000–315.000"],
        "extern · SaaS · geen": ["€ 15.000", "€ 10.000–20.000", "€ 65.000–115.000"],
    }
    assert len(rows(unknown)) - 2 == 16  # of 2 x 3 x 3
    assert rows(unknown)["zelf · in huis · geen"] == ["onbekend"] * 3
    assert rows(unknown)["extern · in huis · financieel"] == ["€ 15.000", "minimaal € 40.000", "minimaal € 215.000"]


def test_what_was_said_stands_with_its_column_and_of_the_rest_only_the_column() -> None:
    said = indication(ZEIST, Guidance.SELF, Hosting.SAAS, Contribution.NONE, backlog="Kaart", inhabitants=70_000)
    chosen = section(summary(said), "Keuzes")
    assert rows(chosen)["Functionaliteit van de backlog"] == ["Kaart", "backlog"]
    assert rows(chosen)["Inwoners"] == ["70.000 (ingevuld)", "inwoners"]
    assert "Niet ingevulde kolommen: bijdrage\\_toelichting, in\\_natura, fase." in chosen
    assert "geen opgave" not in chosen


def test_it_accounts_for_where_it_came_from() -> None:
    text = summary(amsterdam(origin=Origin("010-b.csv", 7), replaces=(Origin("000-a.csv", 3),)))
    facts = {label: shown(cells[0]) for label, cells in rows(section(text, "Verantwoording")).items()}
    assert facts["Aangeleverd in"] == "010-b.csv, regel 7"
    assert facts["Vervangt eerdere aanlevering"] == "000-a.csv, regel 3"
    assert facts["Peildatum en bron van de inwoners"] == "1 januari 2026, CBS StatLine, tabel 03759ned"
    assert facts["Tarief geldt sinds"] == "22 juli 2024"


def test_remarks_are_sentences() -> None:
    without = section(summary(amsterdam()), "Goed om te weten")
    assert "- Grootteklasse G4. Inwoners: 941.927, volgens het register (1 januari 2026)." in without
    prices = "- Zonder prijsstijging (aanname). Of en wanneer de bijdrage door de GGU vervalt, is niet bekend."
    assert prices in without
    alternative = indication(ZEIST, Guidance.SELF, Hosting.SAAS, Contribution.ALTERNATIVE)
    remark = (
        "- Een alternatieve bijdrage vraagt afstemming met de Stuurgroep. Die is er nog niet, of is niet opgegeven."
    )
    assert remark not in without
    assert remark in section(summary(alternative), "Goed om te weten")


def test_it_links_to_the_workbook_beside_it_and_to_what_it_rests_on() -> None:
    targets = [t.attrGet("href") for t in tokens(summary(amsterdam())) if t.type == "link_open"]
    assert targets == ["GM0363-amsterdam.xlsx", "../uitgangspunten.md"]


# --- What all rest on -------------------------------------------------------------------------------------------------


def premises_page(basis: ReferenceData = BASIS) -> str:
    """The page with what is the same for every municipality."""
    return plain(page_of(SUMMARIES, overview_of(results(), START), basis, PREMISES_PAGE))


def test_every_premise_has_its_value_with_unit_provenance_date_and_source() -> None:
    page = premises_page()
    premises = rows(section(page, "Bedragen en grenzen"))
    assert premises["Uurtarief"][:2] == ["€ 100 per uur", "vermeld, 22 juli 2024"]
    assert premises["Hosting SaaS"][0] == "€ 10.000–20.000 per jaar"
    assert premises["Bijdrage G4"][1] == "bedrag vermeld, per jaar: aanname, 22 juli 2024"
    assert premises["Groot vanaf"][0] == "100.000 inwoners"
    assert premises["Groot vanaf"][1].startswith("aanname, ")
    assert premises["Looptijd"][0] == "5 jaar"
    assert all(len(cells) == 3 for cells in premises.values())
    assert "- **Btw** (aanname, " in section(page, "Wat verder geldt")


def test_what_is_the_same_for_all_stands_in_no_municipality_s_own_file() -> None:
    page, own = premises_page(), summary(amsterdam())
    for option in Hosting:
        assert TEXTS.options[option] in shown(page)
    assert TEXTS.say("gedeeld.niet_meegerekend") in page
    assert TEXTS.say("leeswijzer.pm") in page
    assert "docs" not in own
    assert TEXTS.options[Hosting.HYBRID] not in shown(own)
    assert "Uurtarief" not in own


def test_the_page_with_premises_is_well_formed_and_in_the_table_of_contents() -> None:
    well_formed(premises_page())
    assert "](uitgangspunten.md)" in page_of(SUMMARIES, overview_of(results(), START), BASIS, BOOK_CONTENTS)


def test_a_source_on_the_web_is_a_link_that_ends_where_it_should() -> None:
    address = "https://x.nl/a_(b)?c=1&copy=2\\d"
    (link,) = [t for t in tokens(f"{web_link('bron [x]', address)}\n") if t.type == "link_open"]
    assert link.attrGet("href") == "https://x.nl/a_(b)?c=1&copy=2%5Cd"
    assert shown(f"{web_link('bron [x]', address)}\n") == "bron [x]"


# --- The steering group -----------------------------------------------------------------------------------------------


def test_the_steering_group_sees_calendar_years_contributions_and_points() -> None:
    text = steering(overview_of(rich_results(), START))
    years, parts = section(text, "Kosten per kalenderjaar van de gemeenten die zelf aanleverden: 4").split(
        "| Jaar | Eenm"
    )
    # 2026: Amsterdam 50.000 - 60.000 and Utrecht 8.000 + 7.500 - 9.000; of Schiermonnikoog nothing is known.
    assert rows(years)["2026"] == ["3", "minimaal € 65.500"]
    assert rows(years)["2027"] == ["4", "minimaal € 67.500"]  # no 8.000, and Zeist begins: 10.000 - 20.000
    assert rows(years)["2031"] == ["1", "minimaal € 10.000"]  # only Zeist
    # Five years of 50.000, 7.500 and 10.000, and 8.000 once.
    assert rows(years)["Alle jaren"] == ["4", "minimaal € 345.500"]
    # Once, SaaS, all else that recurs, and contribution.
    assert rows(parts)["2026"] == ["minimaal € 8.000", "€ 10.000–20.000", "minimaal € 7.500", "minimaal € 40.000"]
    assert rows(section(text, "Per grootteklasse"))["Klein"] == ["1", "1", *["onbekend"] * 3]
    # Asked: Amsterdam and Utrecht 40.000 each, Zeist 12.500 and Schiermonnikoog 2.500.
    contributions = rows(section(text, "Hoe gemeenten bijdragen"))
    assert contributions["Totaal"] == ["4", "€ 95.000", "€ 40.000", "1", "1", "1", "1", "1"]
    coverage = rows(section(text, "Dekking"))
    assert coverage["Gevraagd volgens het tarief"] == ["€ 95.000"]
    assert coverage["Waarvan van gemeenten die live zijn"] == ["€ 40.000"]  # Amsterdam
    points = rows(section(text, "Aandachtspunten"))
    assert points["Projectbegeleiding"][0] == "2"
    assert "Texel" in points
    decisions = section(text, "Wat om een besluit vraagt")
    assert "- **Zeist**. Voorstel: Vertaling van de handleiding. Akkoord? (Stuurgroep en gemeente; sinds" in decisions


def test_the_list_of_municipalities_leads_to_the_files_beside_it() -> None:
    text = page_of(SUMMARIES, overview_of(results(amsterdam()), START), BASIS, LIST_PAGE)
    targets = [t.attrGet("href") for t in tokens(text) if t.type == "link_open"]
    assert targets == ["../stuurgroep.md", "GM0363-amsterdam.md", "GM0363-amsterdam.xlsx"]
    page = steering(overview_of(results(amsterdam()), START))
    assert "gemeenten/README.md" in [t.attrGet("href") for t in tokens(page) if t.type == "link_open"]


def test_with_examples_beside_deliveries_the_page_is_about_the_deliveries() -> None:
    example = indication(
        ZEIST, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, provenance=Provenance.ILLUSTRATIVE
    )
    text = steering(overview_of(results(amsterdam(), example), START))
    own = rows(section(text, "Kosten per kalenderjaar van de gemeenten die zelf aanleverden: 1"))
    assert own["2026"] == ["€ 15.000", "€ 10.000–20.000", "€ 0", "€ 40.000"]
    both = rows(section(text, "Rekenvoorbeeld: als alle 2 gemeenten meedoen"))
    assert both["2026"] == ["€ 30.000", "€ 20.000–40.000", "€ 0", "€ 52.500"]


def test_with_only_examples_the_page_says_so_in_its_first_line() -> None:
    text = steering(overview_of(results(amsterdam(provenance=Provenance.ILLUSTRATIVE)), START))
    _, first = text.split("# Wat Signalen de gemeenten samen kost\n\n")
    assert first.startswith("**Voorbeeld: geen gemeente heeft deze keuzes zelf opgegeven.")


def test_without_points_a_sentence_says_so() -> None:
    text = steering(overview_of(results(amsterdam()), START))
    assert section(text, "Aandachtspunten").strip() == "Geen aandachtspunten."


def test_without_indications_it_still_says_what_there_is() -> None:
    text = steering(overview_of(results(), START))
    assert "Er zijn nog geen kostenindicaties." in text
    assert "Er is nu niets om over te besluiten." in text
    assert "Geen aanleveringen." in text


def test_the_steering_group_reads_what_the_market_is_asked_for() -> None:
    market = rows(section(steering(overview_of(rich_results(), START)), "Markt"))
    # Amsterdam is live; Utrecht asks 80 hours at EUR 100. Amsterdam and Zeist (2027) choose SaaS.
    assert market["2026"] == ["3", "1", "80", "€ 8.000", "1"]
    assert market["2027"] == ["1", "0", "0", "€ 0", "2"]
    assert market["Alle jaren"] == ["4", "1", "80", "€ 8.000", "2"]


def test_the_steering_group_reads_what_the_ggu_would_change() -> None:
    text = section(steering(overview_of(results(amsterdam()), START)), "GGU")
    assert "de GGU (Gemeenschappelijke Gemeentelijke Uitvoering)" in text
    assert "Dit is een rekenvoorbeeld, geen voorstel" in text
    assert "De GGU betaalt vanaf 2027 (aanname: het jaar na de peildatum)" in text
    lapses, shares = text.split("Dragen alle gemeenten")
    assert rows(lapses)["2026"] == ["€ 40.000", "€ 0"]
    assert rows(lapses)["Alle jaren"] == ["€ 200.000", "€ 160.000"]  # 2027 to 2030
    # 40.000 x 1.000 / 18.130.208; 40.000 x 40.000 / 2.145.000; 40.000 / 342: in whole euros.
    assert "dan is dat € 2 per 1.000 inwoners" in shares
    g4 = rows(shares)["G4"]
    assert (g4[0], g4[2:5], g4[6]) == ("4", ["€ 40.000", "€ 160.000", "€ 746"], "€ 117")


def test_municipalities_stand_by_size_class_and_name() -> None:
    text = page_of(SUMMARIES, overview_of(rich_results(), START), BASIS, LIST_PAGE)
    assert re.findall(r"^## (.*)|^\| \[([^\]]*)", text, re.MULTILINE) == [
        *(("G4", ""), ("", "Amsterdam"), ("", "Utrecht")),
        *(("Middelgroot", ""), ("", "Zeist"), ("Klein", ""), ("", "Schiermonnikoog")),
    ]


def test_years_and_decisions_come_first() -> None:
    text = steering(overview_of(rich_results(), START))
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "Kosten per kalenderjaar van de gemeenten die zelf aanleverden: 4",
        *("Wat om een besluit vraagt", "Dekking", "Wijzigingen", "In beeld", "Per grootteklasse"),
        *("Hoe ver gemeenten zijn", "Hoe gemeenten bijdragen", "Markt", "Wat gemeenten zelf ramen", "GGU"),
        *("Aandachtspunten", "Aanleveringen", "Verantwoording"),
    ]


def test_an_amount_stays_on_one_line_with_its_unit_and_sign() -> None:
    assert euros(Amount.exactly(5)) == "€\u00a05"
    assert euros(Amount.between(5, 10)) == "€\u00a05–\u206010"
    assert "€\u00a065.000–&NoBreak;75.000" in SUMMARIES.render(amsterdam(), BASIS).decode()


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (-5, 5, "−€ 5 tot +€ 5"),
        (10_000, 20_000, "+€ 10.000–20.000"),
        (-2_500, -2_500, "−€ 2.500"),
        (-20_000, -10_000, "−€ 20.000 tot −€ 10.000"),
        (0, 0, "€ 0"),
    ],
)
def test_a_difference_bears_its_sign(low: int, high: int, text: str) -> None:
    assert without_joiners(difference(Decimal(low), Decimal(high))) == text


def test_a_column_with_an_open_end_says_so_below_it() -> None:
    years = next(p for p in pictures(overview_of(rich_results(), START)) if p.key == "jaren")
    assert years.labels == [f"{year} (minimaal)" for year in range(2026, 2032)]
    svg = draw(years).decode()
    assert "2027 (minimaal)" in svg
    assert "€\u00a010.000" in svg


def test_a_chart_without_amounts_says_so_instead_of_empty_axes() -> None:
    years = next(p for p in pictures(overview_of(results(schiermonnikoog()), START)) if p.key == "jaren")
    assert years.alt.endswith("Er is nog geen bedrag bekend.")
    svg = draw(years).decode()
    assert "Er is nog geen bedrag bekend." in svg
    assert 'class="guide' not in svg


def test_the_phases_are_drawn_in_their_order_without_those_not_given() -> None:
    phases = next(p for p in pictures(overview_of(rich_results(), START)) if p.key == "fasen")
    assert phases.labels == ["verkenning", "demo", "implementatie", "live"]
    assert phases.series == {"Gemeenten": [0, 1, 0, 1]}
    text = section(steering(overview_of(rich_results(), START)), "Hoe ver gemeenten zijn")
    assert "De fase is bekend van 2 gemeenten. Niet opgegeven: 2." in text


def test_a_chart_holds_no_script_and_its_text_ends_in_one_full_stop() -> None:
    for picture in pictures(overview_of(rich_results(), START)):
        assert b"<script" not in draw(picture)
        assert ".." not in picture.alt


# --- Form -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", rich_results().indications, ids=lambda i: i.choices.municipality.stem)
def test_a_summary_is_well_formed(one: Indication) -> None:
    well_formed(summary(one))


def test_the_overview_is_well_formed() -> None:
    well_formed(steering(overview_of(rich_results(), START)))


def well_formed(text: str) -> None:
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)
    assert "\n\n\n" not in text
    for before, line in pairwise(text.splitlines()):
        begins = line.startswith("#") or (line.startswith("|") and not before.startswith("|"))
        ends = before.startswith("#") or (before.startswith("|") and not line.startswith("|"))
        assert not begins or before == "", line
        assert not ends or line == "", before
    headings = [t.tag for t in tokens(text) if t.type == "heading_open"]
    assert (headings[0], headings.count("h1")) == ("h1", 1)  # front matter is no heading
    lines = sum(bool(re.match(r"\| ", line)) for line in text.splitlines())
    in_tables = sum(t.type == "tr_open" for t in tokens(text)) + sum(t.type == "table_open" for t in tokens(text))
    assert lines == in_tables  # each line with cells is in a table; the rule under the header is no row


def test_the_same_indication_gives_the_same_text() -> None:
    assert summary(amsterdam()) == summary(amsterdam())


def test_summaries_can_go_to_another_process() -> None:
    assert plain(pickle.loads(pickle.dumps(SUMMARIES)).render(amsterdam(), BASIS).decode()) == summary(amsterdam())


# --- User text --------------------------------------------------------------------------------------------------------

HOSTILE = [
    "# kop",
    "- lijst",
    "+ lijst",
    "1. een",
    "12) twaalf",
    "> citaat",
    "===",
    "---",
    "| a | b |",
    r"\| a \\",
    "*nadruk* en _cursief_ en **vet** en ~~weg~~",
    "`code` en ``` hek",
    "[klik](javascript:alert(1))",
    "![beeld](https://x.nl/a.png)",
    "[tekst]: https://x.nl",
    "<script>alert(1)</script>",
    "<b onclick='x'>vet</b> <!-- weg -->",
    "<https://x.nl>",
    "https://x.nl/a?b=c&d=e en http://x.nl",
    "ftp://x.nl/a",
    "www.x.nl en gemeente.nl",
    "&lt; &#60; &copy; R&D",
    "{{ 7 * 7 }} {% raw %} {# weg #}",
    "=1+1",
    "a@b.nl",
    ":smile: @naam #1 GH-1 org/repo#1 a5c3785",
    "$x$ en [^1]",
    "twee\nregels\r\nen een\ttab",
    "10.000,50 (vijftig) – 3 jaar!",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_user_text_arrives_literally_and_does_nothing(text: str) -> None:
    one = indication(
        ZEIST, Guidance.SELF, Hosting.SAAS, Contribution.ALTERNATIVE,
        backlog=text, contribution_note=text, origin=Origin(text, 3),
    )  # fmt: skip
    plain = summary(replace_text(one))
    page = summary(one)
    literal = " ".join(text.split())
    assert shown(page).count(literal) - shown(plain).count(literal) >= 3
    assert kinds(page) == kinds(plain)
    assert literal in shown(steering(overview_of(results(one), START)))


def replace_text(one: Indication) -> Indication:
    """The same indication with harmless texts."""
    harmless = structs.replace(one.choices, backlog="x", contribution_note="x", origin=Origin("x", 3))
    return structs.replace(one, choices=harmless)


def kinds(text: str) -> list[str]:
    """The structure of a page: everything but its words."""
    return [token.type for token in tokens(text) if token.type not in {"text", "softbreak"}]


CALLS = {
    "an emoji": r":[\w+-]+:",
    "a mention": r"(?:^|[^A-Za-z0-9_])@[A-Za-z0-9]",
    "an issue": r"#\d|[Gg][Hh]-\d",
    "a commit": r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b",
}
"""What GitHub and GitLab look for in the text that Markdown gave, where a backslash or an entity is gone already."""


@pytest.mark.parametrize(
    "text",
    [
        *(":smile:", ":+1:", "a:100:b", ":a:b:c:", r"\:smile\:", "&#58;smile:", "12:30:45", "https://x.nl:80:a"),
        *("@naam", "bel @naam", "(@naam)", "é@naam", "@org/team", r"\@naam", "&#64;naam", "@_x", "a @b @c", "-@x"),
        *("#1", "zie #123.", "org/repo#1", "gh-1 en GH-12", "a5c3785ed8d6a35868bc169f07e40e889087fd2e", "a5c3785"),
        *("x@a5c3785ed8d6a35868bc169f07e40e889087fd2e", "!1 %2 ^3 &4 $5 ~6", "bel 0612345678", "jan@x.nl"),
    ],
)
def test_nothing_in_user_text_calls_a_person_an_issue_or_a_picture(text: str) -> None:
    escaped = f"{escape(text)}\n"
    assert shown(escaped) == text
    for what, pattern in CALLS.items():
        assert not re.search(pattern, rendered(escaped)), what
    assert not re.search(r"(?<!\\)(?:\\\\)*[@#!%^&$~](?=\w)", escaped.replace("&zwnj;", "")), escaped  # as GitLab does


@given(st.text("ab1@:#gh-é_f .", max_size=30))
def test_no_text_calls_a_person_an_issue_or_a_picture(text: str) -> None:
    assert not [what for what, pattern in CALLS.items() if re.search(pattern, rendered(f"{escape(text)}\n"))]


@pytest.mark.parametrize("text", ["jan@x.nl", "0612345678", "12:30", "a: b", "50% van 3", "R&D", "nr. 3"])
def test_what_calls_nobody_can_be_copied_as_it_was_written(text: str) -> None:
    assert rendered(f"{escape(text)}\n") == text


@given(st.text(max_size=60))
def test_any_text_is_one_plain_paragraph(text: str) -> None:
    escaped = escape(text)
    found = [t.type for t in tokens(f"{escaped}\n") if t.type not in {"text", "inline"}]
    assert found in ([], ["paragraph_open", "paragraph_close"])


@given(st.text(alphabet="ab .:/@w#*_-+=>|&;()[]<!`~\\1{}\n", max_size=40))
def test_any_markup_reads_as_typed(text: str) -> None:
    assert shown(f"{escape(text)}\n") == " ".join(text.split())


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\u202e", "\u200b", "\ufeff"])
def test_a_character_that_hides_or_turns_text_becomes_visible(character: str) -> None:
    assert escape(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


@given(st.text(max_size=20))
@example("می\u200cخواهم")
@example("te\u00adrug 👩\u200d💻 \u0600")
def test_what_intake_accepts_stands_there_literally(text: str) -> None:
    escaped = escape(text)
    assert ("\N{REPLACEMENT CHARACTER}" in escaped) == bool(HIDDEN.search(" ".join(text.split())))
    for character in text:
        if not character.isspace() and not HIDDEN.match(character):
            assert character in escaped


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (NOTHING, "€ 0"),
        (Amount.exactly(15_000), "€ 15.000"),
        (Amount.between(65_000, 75_000), "€ 65.000–75.000"),
        (Amount.exactly(Decimal("0.05")), "€ 0,05"),
        (Amount.between(Decimal("0.5"), 1), "€ 0,50–1,00"),
        (Amount.exactly(Decimal("1234567.80")), "€ 1.234.567,80"),
        (Amount.between(65_000, 75_000) + PRO_MEMORIE, "minimaal € 65.000"),
    ],
)
def test_amounts_are_written_as_dutch_readers_do(amount: Amount, text: str) -> None:
    assert without_joiners(in_all(amount)) == without_joiners(euros(amount)) == text


def test_an_item_without_amount_is_p_m_and_a_total_of_which_nothing_is_known_is_unknown() -> None:
    assert euros(PRO_MEMORIE) == "p.m."
    assert in_all(PRO_MEMORIE) == "onbekend"


def test_numbers_and_dates_are_written_as_dutch_readers_do() -> None:
    assert number(100_000) == "100.000"
    assert number(Decimal("2.50")) == "2,5"
    assert number(Decimal("1E+3")) == "1.000"
    assert day(date(2024, 7, 22)) == "22 juli 2024"


# --- Templates --------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shipped templates, to break."""
    for template in TEMPLATES.glob("*.md.j2"):
        shutil.copy(template, tmp_path)
    return tmp_path


def test_another_template_gives_another_summary(folder: Path) -> None:
    (folder / MUNICIPALITY).write_text("# Anders: {{ name }}\n", encoding="utf-8")
    assert Summaries.read(folder, TEXTS).render(amsterdam(), BASIS) == b"# Anders: Amsterdam\n"


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("# Kop\n\n{% for x in lines %}\n", 3),
        ("# Kop\n{{ name | nosuchfilter }}\n", 2),
        ("{% endif %}\n", 1),
    ],
)
def test_a_template_that_is_none_is_refused_when_it_is_read(folder: Path, template: str, line: int) -> None:
    (folder / MUNICIPALITY).write_text(template, encoding="utf-8")
    with pytest.raises(TextsError, match=rf"{MUNICIPALITY}: line {line}: ") as error:
        Summaries.read(folder, TEXTS)
    assert str(folder) in str(error.value)


@pytest.mark.parametrize("expression", ["nosuchname", "lines[0].nosuch.more", "name + 1"])
def test_a_template_that_asks_for_what_is_not_there_names_file_and_line(folder: Path, expression: str) -> None:
    (folder / MUNICIPALITY).write_text(f"# Kop\n\n{{{{ {expression} }}}}\n", encoding="utf-8")
    summaries = Summaries.read(folder, TEXTS)
    with pytest.raises(TextsError, match=rf"{MUNICIPALITY}: line 3: "):
        summaries.render(amsterdam(), BASIS)


@pytest.mark.parametrize(
    "expression",
    [
        "cycler.__init__.__globals__.os.popen('id').read()",
        "().__class__.__base__.__subclasses__()",
        "name.__class__.__mro__",
        "self.__init__.__globals__",
        "lipsum.__globals__['os']",
        "'{0.__class__.__mro__}'.format(name)",
        "(lines.append(1))",
        "lines[0].__class__",
        "escape.__globals__",
    ],
)
def test_a_template_cannot_reach_what_is_not_its_own(folder: Path, expression: str) -> None:
    (folder / MUNICIPALITY).write_text(f"# Kop\n\n{{{{ {expression} }}}}\n", encoding="utf-8")
    summaries = Summaries.read(folder, TEXTS)
    with pytest.raises(TextsError, match=rf"{MUNICIPALITY}: line 3: .*; mend the template"):
        summaries.render(amsterdam(), BASIS)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{% macro m() %}{{ m() }}{% endmacro %}\n\n{{ m() }}", "recursion"),
        ("{% include ['weg.md.j2', 'gemeente.md.j2'] %}", "recursion"),
        ("\n{% include 'weg.md.j2' %}", "there is no template weg.md.j2"),
        ("{% import 'weg.md.j2' as weg %}", "there is no template weg.md.j2"),
        ("{% extends 'weg.md.j2' %}", "there is no template weg.md.j2"),
        ("{% include '../../etc/passwd' %}", "there is no template"),
        ("{{ 'x' * 10**10 }}", "too much"),
        ("{{ 2**64 * 'x' }}", "too much"),
        ("{{ [1] * 10**12 }}", "too much"),
        ("{{ 9**99999999 }}", "too much"),
        ("{{ '%1000000000000000d' % 1 }}", "memory|too big|Result"),
        ("{{ 'x'.ljust(10**18) }}", "memory"),
        ("{% for x in range(10**9) %}{% endfor %}", "range"),
        ("{{ name.nosuch() }}", "nosuch"),
        ("{{ 'a'.join(5) }}", "iterable"),
        ("{{ 1 / 0 }}", "zero"),
    ],
)
def test_a_template_that_goes_on_without_end_or_asks_too_much_ends_in_a_sentence(
    folder: Path, template: str, why: str
) -> None:
    (folder / MUNICIPALITY).write_text(template, encoding="utf-8")
    summaries = Summaries.read(folder, TEXTS)
    with pytest.raises(TextsError, match=rf"{MUNICIPALITY}: line \d+: .*({why}).*; mend the template\.$"):
        summaries.render(amsterdam(), BASIS)


@pytest.mark.parametrize(
    "tag",
    ["include '{}'", "extends '{}'", "import '{}' as other", "from '{}' import other", "include '{}' ignore missing"],
)
@pytest.mark.parametrize("between", [STEERING_GROUP, "other.md.j2"])
def test_a_template_that_takes_in_itself_is_refused_when_it_is_read(folder: Path, tag: str, between: str) -> None:
    (folder / STEERING_GROUP).write_text(f"\n{{% {tag.format(between)} %}}", encoding="utf-8")
    if between != STEERING_GROUP:
        (folder / between).write_text(f"\n{{% {tag.format(STEERING_GROUP)} %}}", encoding="utf-8")
    with pytest.raises(TextsError, match=r"\.md\.j2: line 2: takes in .*\.md\.j2, and with it itself without end"):
        Summaries.read(folder, TEXTS)


@pytest.mark.parametrize(
    "template", ["{% for x in lines %}" * 30 + "{% endfor %}" * 30, "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}"]
)
def test_a_template_that_is_nested_too_deeply_is_refused_when_it_is_read(folder: Path, template: str) -> None:
    (folder / MUNICIPALITY).write_text(template, encoding="utf-8")
    with pytest.raises(TextsError, match=rf"{MUNICIPALITY}: line 1: .*; mend the template\.$"):
        Summaries.read(folder, TEXTS)


def test_a_missing_template_is_named(folder: Path) -> None:
    (folder / STEERING_GROUP).unlink()
    with pytest.raises(TextsError, match=rf"{STEERING_GROUP}: is missing"):
        Summaries.read(folder, TEXTS)


def test_a_template_that_is_not_utf_8_is_named(folder: Path) -> None:
    (folder / MUNICIPALITY).write_bytes(b"# Caf\xe9\n")
    with pytest.raises(TextsError, match=rf"{MUNICIPALITY}: cannot be read"):
        Summaries.read(folder, TEXTS)
