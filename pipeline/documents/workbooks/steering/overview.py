"""Overzicht: the key figures, what changed and what asks for a decision, a chart for each question, where to go on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from pipeline import dutch
from pipeline.documents.workbooks.cells import Again, Calculated, Cell, Fixed
from pipeline.documents.workbooks.formulas import again, legend
from pipeline.documents.workbooks.sheets import (
    Block,
    Chart,
    Charts,
    Column,
    Line,
    Link,
    Row,
    Sheet,
    Table,
    heading,
    note,
)
from pipeline.documents.workbooks.steering.changes import in_a_sentence
from pipeline.documents.workbooks.steering.contributions import EUROS_CHART, FORMS_CHART
from pipeline.documents.workbooks.steering.cost_sharing import KEYS_CHART
from pipeline.documents.workbooks.steering.formulas import ALTERNATIVE, NOT_AGREED, add, count, own
from pipeline.documents.workbooks.steering.market import HOURS_CHART, SAAS_CHART
from pipeline.documents.workbooks.steering.words import FIGURES, FIRST_YEAR, HORIZON, cell_name
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, NOT_APPLICABLE, YES
from pipeline.model.municipality import fold
from pipeline.model.tariffs import Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, Point
from pipeline.results.overview import TOTAL, Overview

LISTED = 10
"""How many alternatives to be agreed are named; the others are counted."""
TO_AGREE = "bijdrage_klasse_totaal_anders_open"
COLUMNS = (Column("Kengetal", 62), Column("Laag", 27), Column("Hoog", 27), Column("P.m.", 30))
"""Of the key figures, by which the sheet is as wide as it is, also if there are none."""

PARTICIPANTS = Chart(
    rows=14,
    title="Wie doet mee: gemeenten per fase",
    category_title="Fase",
    value_title="Gemeenten",
    categories="fase_fase",
    low="fase_gemeenten",
    alt="Kolommen: het aantal gemeenten met een kostenindicatie per fase.",
    in_euros=False,
)


def first_sheet(overview: Overview, basis: ReferenceData, texts: Texts, others: Sequence[Sheet]) -> Sheet:
    """The first sheet: what all municipalities come to together, and where to go on."""
    tariff, register = dutch.day(basis.tariff.valid_from), dutch.day(basis.register_date)
    return Sheet(
        "Overzicht",
        [
            Line(Fixed("Wat de gemeenten samen kosten, wie bijdraagt en wat aandacht vraagt", Style.SUBTITLE), 20),
            *([Line(Fixed(examples, Style.EXAMPLE), 20)] if (examples := overview.said_of_examples(texts)) else []),
            note(
                f"Peildatum {dutch.day(basis.day)}; tarief sinds {tariff}; inwoners op {register} "
                f"({basis.register_source}); versie {basis.version}."
            ),
            note(
                "Bedragen lopen van laag tot hoog. Wat niemand heeft begroot staat er als p.m. (pro memorie) en "
                "ontbreekt in de som; dan staat er + p.m. naast."
            ),
            *_rest(overview, basis.tariff, others),
            heading("Legenda"),
            legend(plus_pm="p.m. komt erbij"),
        ],
        title=Fixed(f"Signalen: overzicht voor de {texts.steering_group}", Style.TITLE),
        columns=COLUMNS,
        pages=(1, 1),
        landscape=False,
    )


def _rest(overview: Overview, tariff: Tariff, others: Sequence[Sheet]) -> Iterable[Block]:
    """What there is to show of the municipalities, if there are any, and where to go on."""
    anybody = bool(overview.municipalities)
    if anybody:
        first_year = cell_name("klasse", TOTAL, FIRST_YEAR)
        bounds = [Again(f"{first_year}_{bound}", Style.CONCLUSION_EURO) for bound in BOUNDS]
        label, marks = Fixed("Samen in het eerste jaar", Style.CONCLUSION), Again(f"{first_year}_pm", Style.CONCLUSION)
        yield Row([label, *bounds, marks], 30)
        yield _key_figures(tariff)
        yield heading("Kerncijfers")
        yield _numbers()
    else:
        yield note("Er zijn nog geen kostenindicaties.")
    yield heading("Wat er veranderde")
    yield note(in_a_sentence(overview.changes))
    yield heading("Wat om een besluit vraagt")
    yield _decisions(overview)
    yield heading("Ter informatie")
    yield _attention(overview)
    yield heading("Verder in dit werkboek")
    yield from (Link(f"{sheet.name}: {sheet.purpose}", sheet.name) for sheet in others)
    if anybody:
        yield heading("In beeld")
        yield Charts((PARTICIPANTS, FORMS_CHART, EUROS_CHART))
        yield Charts((HOURS_CHART, SAAS_CHART, KEYS_CHART))


def _key_figures(tariff: Tariff) -> Table:
    horizon = f"Looptijd van {int(tariff.horizon.value)} jaar"
    rows = [
        (Fixed(horizon if figure == HORIZON else figure), *again(cell_name("klasse", TOTAL, figure)))
        for figure in FIGURES.values()
    ]
    return Table("Kengetallen", COLUMNS, rows, strong={2})


def _numbers() -> Table:
    numbers = [
        ("Gemeenten met een kostenindicatie", "klasse_totaal_gemeenten", Style.INTEGER),
        ("Gemeenten met een post zonder bedrag", "klasse_totaal_met_pm", Style.INTEGER),
        ("Gemeenten met een financiële bijdrage", "bijdrage_klasse_totaal_geld", Style.INTEGER),
        ("Alternatieve bijdragen af te stemmen", TO_AGREE, Style.INTEGER),
        ("Uren begeleiding die de markt moet leveren", "markt_totaal_uren", Style.HOURS),
        ("Bijdragen per jaar", "bijdrage_klasse_totaal_bedrag", Style.EURO),
        ("Bijdragen per jaar van wie live is", "bijdrage_klasse_totaal_bedrag_live", Style.EURO),
        ("Bijdragen die per jaar vervallen als de GGU betaalt", "vervalt_totaal_jaar", Style.EURO),
    ]
    rows = [(Fixed(label), Again(name, style)) for label, name, style in numbers]
    return Table("Aantallen", [Column("Wat"), Column("Aantal of euro")], rows)


def _decisions(overview: Overview) -> Block:
    """The alternatives to be agreed by name, and whether they still are after a row was corrected."""
    points = sorted(overview.about(Attention.NOT_AGREED), key=lambda point: fold(point.municipality))
    if not points:
        return note("Er zijn geen alternatieve bijdragen af te stemmen.")
    classes = {row.code: row.size_class for row in overview.municipalities}
    of_row = count(own("Besluiten", "Gemeentecode"), ALTERNATIVE, NOT_AGREED)
    is_open = Calculated(f"IF({of_row}>0,woord_ja,woord_nee)", YES, Style.STATUS)
    named, others = points[:LISTED], len(points[LISTED:])
    rows: list[tuple[Cell, ...]] = [
        (Fixed(_proposed(point)), Fixed(point.code), Fixed(classes[point.code]), is_open) for point in named
    ]
    if others:
        rest = Calculated(f"{TO_AGREE}-COUNTIF(besluit_open,woord_ja)", others, Style.INTEGER)
        rows.append((Fixed("andere gemeenten; zie Actiepunten"), Fixed(NOT_APPLICABLE), Fixed(NOT_APPLICABLE), rest))
    columns = [
        *(Column("Alternatieve bijdrage af te stemmen"), Column("Gemeentecode"), Column("Grootteklasse")),
        Column("Nog open", name="besluit_open"),
    ]
    return Table("Besluiten", columns, rows, named=len(named))


def _proposed(point: Point) -> str:
    """A municipality with what it proposes; the sheet with points has the whole text."""
    about = f"{point.municipality}: {point.about}" if point.about else point.municipality
    return textwrap.shorten(about, 150, placeholder=" …")


def _attention(overview: Overview) -> Table:
    """How many points there are of each kind; replaced deliveries stand on a sheet of their own."""

    def kind(attention: Attention) -> Fixed:
        return Fixed(attention.value, name="soort_pm" if attention is Attention.PRO_MEMORIE else "")

    def number(attention: Attention) -> Calculated:
        table = "Bevindingen" if attention is Attention.REPLACED else "Actiepunten"
        return Calculated(
            add("Aantal", own("Aandacht", "Soort"), table=table), overview.number_about(attention), Style.INTEGER
        )

    def sheet(attention: Attention) -> Fixed:
        return Fixed("Datakwaliteit" if attention is Attention.REPLACED else "Actiepunten")

    columns = [Column("Soort", cell=kind), Column("Aantal", cell=number), Column("Zie blad", cell=sheet)]
    return Table("Aandacht", columns, [each for each in Attention if each is not Attention.NOT_AGREED])
