"""Kosten: per size class and phase, what the market is asked, what municipalities estimate; each year in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from pipeline import dutch
from pipeline.documents.workbooks.cells import Again, Calculated, Cell, Fixed
from pipeline.documents.workbooks.formulas import bounded, mark, marked, this_row, unless_pm
from pipeline.documents.workbooks.municipality.wording import Worded, in_words
from pipeline.documents.workbooks.sheets import Block, Chart, Charts, Column, Range, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering import years
from pipeline.documents.workbooks.steering.formulas import COUNTED, INCOMPLETE, add, count, own
from pipeline.documents.workbooks.steering.market import HOURS_CHART, inputs, market
from pipeline.documents.workbooks.steering.tables import BY_CLASS, BY_PHASE, Grouping, grouped, summed
from pipeline.documents.workbooks.steering.words import FIGURES, HORIZON, MARK, cell_name
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import HIGH, LOW
from pipeline.model.amounts import Amount
from pipeline.model.choices import Phase
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.estimates import Reported
from pipeline.results.overview import NO_PHASE, TOTAL, Overview

FUNNEL = Chart(
    rows=14,
    title="Hoe ver gemeenten zijn, voor zover opgegeven",
    category_title="Fase",
    value_title="Gemeenten",
    categories="trechter_fasen",
    low="trechter_gemeenten",
    alt="Kolommen: het aantal gemeenten in elke fase, in de volgorde van de fasen. De aantallen staan in de tabel per "
    "fase; daar staat ook van hoeveel gemeenten de fase niet is opgegeven.",
    in_euros=False,
)
WIDTHS = (26, 12, 21, 21, 22, 16, *[13] * 13)
"""Of the columns, which all tables on the sheet share."""
PRINTED = 6
"""How many columns are printed."""


def costs(overview: Overview, basis: ReferenceData, texts: Texts) -> Sheet:
    """The sheet with what the municipalities come to, in groups and in each year."""
    tariff, window = basis.tariff, overview.window
    drawn = bool(overview.municipalities)
    blocks: list[Block] = [
        note(texts.say("stuurgroep_kosten.uitleg")),
        heading(texts.say("stuurgroep_kosten.per_klasse")),
        _said(BY_CLASS),
        *([note(texts.say("stuurgroep_kosten.klassen", aantal=overview.other_class))] if overview.other_class else []),
        heading(texts.say("stuurgroep_kosten.per_fase")),
        note(_not_given(overview, texts)),
        _said(BY_PHASE),
        heading(texts.say("stuurgroep_kosten.markt")),
        note(texts.say("stuurgroep_kosten.markt_uitleg")),
        inputs(tariff),
        market(window),
        heading(texts.say("stuurgroep_kosten.ramingen")),
        note(
            texts.say("stuurgroep_kosten.ramingen_uitleg" if overview.reported else "stuurgroep_kosten.geen_ramingen")
        ),
        *([_reported(overview, texts)] if overview.reported else []),
        *([Charts((FUNNEL, HOURS_CHART))] if drawn else []),
        heading(texts.say("stuurgroep_kosten.jaren")),
        replace(years.in_figures(years.OWN, window, tariff), on_paper=0),
        *([years.CHART] if drawn else []),
    ]
    if overview.everyone:
        blocks += [
            heading(texts.say("stuurgroep.rekenvoorbeeld", aantal=dutch.number(len(overview.municipalities)))),
            years.in_figures(years.EVERYONE, window, tariff),
        ]
    blocks += [
        heading(texts.say("stuurgroep_kosten.groepen")),
        _groups("Klassen", BY_CLASS),
        _groups("Fasen", BY_PHASE),
    ]
    return Sheet(
        "Kosten",
        blocks,
        columns=[Column("", width) for width in WIDTHS],
        landscape=False,
        printed=PRINTED,
        purpose=texts.say("stuurgroep_bladen.kosten"),
    )


def _not_given(overview: Overview, texts: Texts) -> str:
    """Of how many municipalities the phase is known; the others are no part of the funnel."""
    phases = overview.counted.by_phase
    number, unknown = phases[TOTAL].municipalities, phases[NO_PHASE].municipalities
    values = {"aantal": dutch.number(number - unknown), "onbekend": dutch.number(unknown)}
    return texts.say("stuurgroep_kosten.fase_deels" if unknown else "stuurgroep_kosten.fase_alle", **values)


def _said(by: Grouping) -> Table:
    """The key figures of each group in words, as they are printed."""
    columns = [
        Column(by.header, cell=Fixed, total=Fixed(TOTAL)),
        Column("Gemeenten", cell=lambda label: _number(by, label), total=_number(by, TOTAL)),
        *(
            Column(figure, cell=partial(_in_words, by, key), total=_in_words(by, key, TOTAL))
            for key, figure in FIGURES.items()
        ),
    ]
    return Table(f"Per{by.header}", columns, by.labels)


def _number(by: Grouping, label: str) -> Cell:
    name = cell_name(by.kind, "gemeenten")
    formula = cell_name(by.kind, TOTAL, "gemeenten") if label == TOTAL else f"INDEX({name},{by.place(label)})"
    return Calculated(formula, lambda of: by.sums(of)[label].municipalities, Style.INTEGER)


def _in_words(by: Grouping, key: str, label: str) -> Again:
    return Again(f"zin_{by.kind}_{key}_{by.place(label)}", Style.AMOUNT)


def worded(by: Grouping) -> Iterator[Worded]:
    """The key figures of each group and of all, in words."""
    for key, figure in FIGURES.items():
        for label in (*by.labels, TOTAL):
            name, total_name = cell_name(by.kind, figure), cell_name(by.kind, TOTAL, figure)
            low, high, marks = (
                f"{total_name}_{end}" if label == TOTAL else f"INDEX({name}_{end},{by.place(label)})"
                for end in (LOW, HIGH, "pm")
            )
            said = f"{by.kind}_{key}_{by.place(label)}"
            yield Worded(said, f"{figure} {label}", _of(by, key, label), low, high, marks)


def _of(by: Grouping, key: str, label: str) -> Callable[[Any], Amount]:
    def amount(overview: Overview) -> Amount:
        found: Amount = getattr(by.sums(overview)[label], key)
        return found

    return amount


def _groups(table: str, by: Grouping) -> Table:
    """The key figures of each group, and of all together."""
    group = own(table, by.header)
    incomplete = count(group, COUNTED, (f"{HORIZON} {MARK}", INCOMPLETE))
    columns = [
        _counted(by, "Gemeenten", count(group, COUNTED), "municipalities"),
        _counted(by, "Met p.m.", incomplete, "incomplete"),
        *(column for key, figure in FIGURES.items() for column in _amounts(table, by, key, figure)),
    ]
    phases = len(Phase)
    funnel = {"trechter_fasen": Range(by.header, 0, phases), "trechter_gemeenten": Range("Gemeenten", 0, phases)}
    return grouped(table, by, columns, cell_name(by.kind, by.header), funnel if by is BY_PHASE else None)


def _counted(by: Grouping, header: str, formula: str, key: str) -> Column:
    return summed(by.kind, header, header, formula, attrgetter(key), Style.INTEGER, "SUM(@)")


def _amounts(table: str, by: Grouping, key: str, figure: str) -> list[Column]:
    """A key figure, summed over the municipalities of a group, and over the groups."""
    group, marker = own(table, by.header), this_row(table, f"{figure} {MARK}")
    name, total_name = cell_name(by.kind, figure), cell_name(by.kind, TOTAL, figure)
    amount, sum_ = attrgetter(key), f"ROUND(SUM({name}_@),2)"
    incomplete = count(group, COUNTED, (f"{figure} {MARK}", INCOMPLETE))
    missing = mark(f"{incomplete}>0", add(f"{figure} {HIGH}", group, COUNTED))
    missing_total = mark(f"COUNTIF({name}_pm,{INCOMPLETE})>0", sum_.replace("@", HIGH))
    return [
        *bounded(
            figure,
            0,
            unless_pm(marker, add(f"{figure} @", group, COUNTED)),
            amount,
            name=name,
            total=unless_pm(f"{total_name}_pm", sum_),
            total_name=total_name,
        ),
        Column(f"{figure} {MARK}", 0, marked(missing, amount), marked(missing_total, amount, total_name), f"{name}_pm"),
    ]


def _reported(overview: Overview, texts: Texts) -> Table:
    """The own estimates of municipalities beside what the tariff says."""

    def called(each: Reported) -> Fixed:
        name = texts.of(each.item).name
        form = each.form.dutch if each.form else ""
        return Fixed(f"{name}: {form}" if form else name)

    def tariff(each: Reported) -> Fixed:
        return Fixed(in_words(each.tariff) if each.tariff else texts.say("stuurgroep_kosten.geen_tarief"), Style.AMOUNT)

    columns = [
        Column("Post", cell=called),
        Column("Aantal ramingen", cell=lambda each: Fixed(each.number, Style.INTEGER)),
        Column("Laagste", cell=lambda each: Fixed(each.lowest, Style.EURO)),
        Column("Midden", cell=lambda each: Fixed(each.middle, Style.EURO)),
        Column("Hoogste", cell=lambda each: Fixed(each.highest, Style.EURO)),
        Column("Tarief", cell=tariff),
    ]
    return Table("EigenRamingen", columns, overview.reported)
