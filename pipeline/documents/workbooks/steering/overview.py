"""Overzicht: whom all is about, what it costs in each year, and what asks for a decision; below that where to go on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter

from msgspec.structs import replace

from pipeline import dutch
from pipeline.documents.workbooks.cells import Again, Cell, Fixed
from pipeline.documents.workbooks.sheets import Block, Column, Line, Link, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.words import PARTS, YEAR
from pipeline.documents.workbooks.steering.years import ALL_YEARS, EVERYONE, OWN, Years, number_of, zin
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import NOT_APPLICABLE
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.decisions import Decision
from pipeline.results.overview import Overview
from pipeline.results.questions import Question

LISTED = 4
"""How many decisions of a kind are named; the others are counted."""
LONGEST = 150
"""How many letters of a question are shown; the sheet with points has the whole."""
BRIEFLY = {
    Question.AGREE: "stuurgroep_besluiten.agree",
    Question.PLEDGE: "stuurgroep_besluiten.pledge",
    Question.DELIVERY: "stuurgroep_besluiten.delivery",
    Question.BOUND: "stuurgroep_besluiten.bound",
}
"""The key of what each kind of question is called in a word."""
WIDTHS = (24, 17, 56, 20, 22, 20, 19)


def first_sheet(overview: Overview, basis: ReferenceData, texts: Texts, others: Sequence[Sheet]) -> Sheet:
    """The first sheet: what is decided on, and on what."""
    return Sheet(
        "Overzicht",
        list(_blocks(overview, basis, texts, others)),
        title=Fixed(texts.say("stuurgroep.titel"), Style.TITLE),
        columns=[Column("", width) for width in WIDTHS],
        purpose=texts.say("stuurgroep_bladen.overzicht"),
    )


def _blocks(overview: Overview, basis: ReferenceData, texts: Texts, others: Sequence[Sheet]) -> Iterator[Block]:
    yield Line(Fixed(overview.said_first(texts), Style.NOTICE), 20)
    since = basis.tariff.valid_from
    dated = {"prijspeil": since.year, "tarief": dutch.day(since), "peildatum": dutch.day(basis.day)}
    yield note(texts.say("gedeeld.peil", **dated))
    yield note(texts.say("gedeeld.niet_meegerekend"))
    if overview.municipalities:
        yield heading(_about(overview, texts))
        yield _per_year(overview, OWN, "PerJaar")
    if overview.changes:
        yield note(overview.changes.sentence)
    yield heading(texts.say("stuurgroep_besluiten.kop"))
    if overview.decisions:
        yield _decisions(overview, texts)
    else:
        yield note(texts.say("stuurgroep_besluiten.geen"))
    if overview.everyone:
        yield heading(texts.say("stuurgroep.rekenvoorbeeld", aantal=dutch.number(len(overview.municipalities))))
        yield note(texts.say("stuurgroep.rekenvoorbeeld_uitleg", aantal=dutch.number(overview.illustrative)))
        example = _per_year(overview, EVERYONE, "PerJaarIedereen")
        yield replace(example, on_paper=len(example.cells))
    yield heading(texts.say("overzicht.verder"))
    yield from (Link(f"{sheet.name}: {sheet.purpose}", sheet.name) for sheet in others)


def _about(overview: Overview, texts: Texts) -> str:
    number = dutch.number(len(overview.counted.municipalities))
    return texts.say("stuurgroep.rekenvoorbeeld" if overview.example else "stuurgroep.per_jaar", aantal=number)


def _per_year(overview: Overview, years: Years, table: str) -> Table:
    """What is paid in each calendar year, in words: a range, at least, or unknown."""
    keys = {"total": "Totaal", **PARTS}
    window = overview.window
    columns = [
        Column(YEAR, cell=lambda year: Fixed(year, Style.YEAR_LEFT), total=Fixed(ALL_YEARS)),
        Column(
            "Gemeenten",
            cell=partial(number_of, years, window),
            total=number_of(years, window),
        ),
        *(
            Column(header, cell=partial(_in_words, years, key), total=_in_words(years, key, None))
            for key, header in keys.items()
        ),
    ]
    return Table(table, columns, list(window))


def _in_words(years: Years, key: str, year: int | None) -> Again:
    return Again(zin(years, key, year), Style.AMOUNT)


def _decisions(overview: Overview, texts: Texts) -> Table:
    """The questions by kind, each with whose it is, who takes it on, and since when it is open."""
    rows: list[tuple[Cell, ...]] = []
    for question, same in groupby(overview.decisions, key=attrgetter("question")):
        of_kind = list(same)
        rows += [_decision(each, texts) for each in of_kind[:LISTED]]
        if (others := len(of_kind) - LISTED) > 0:
            said = texts.say("stuurgroep_besluiten.andere", aantal=dutch.number(others))
            other = Fixed(NOT_APPLICABLE)
            rows.append((Fixed(said), other, other, Fixed(texts.say(BRIEFLY[question])), other))
    columns = [*map(Column, ("Gemeente", "Sinds", "Vraag", "Besluit", "Wie"))]
    return Table("Besluiten", columns, rows, on_paper=None if overview.everyone else len(rows))


def _decision(decision: Decision, texts: Texts) -> tuple[Cell, ...]:
    asked = textwrap.shorten(decision.asked(texts), LONGEST, placeholder=" …")
    return (
        Fixed(decision.whose),
        Fixed(decision.since.in_words),
        Fixed(asked),
        Fixed(texts.say(BRIEFLY[decision.question])),
        Fixed(decision.owner(texts)),
    )
