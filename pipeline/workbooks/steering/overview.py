"""Overzicht: the key figures, what changed and what asks for a decision, a chart for each question, where to go on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from pipeline.attention import Attention, Point
from pipeline.overview import TOTAL, Overview
from pipeline.register import fold
from pipeline.results import Basis
from pipeline.tariffs import Tariff
from pipeline.texts import Texts, day_in_words
from pipeline.workbooks.municipality.names import COMPLETE, NOT_APPLICABLE, PLUS_PM, PM, YES
from pipeline.workbooks.sheets import (
    Block,
    Calculated,
    Cell,
    Chart,
    Charts,
    Fixed,
    Line,
    Link,
    Range,
    Row,
    Sheet,
    Table,
    Value,
)
from pipeline.workbooks.steering.changes import in_a_sentence
from pipeline.workbooks.steering.contributions import ALTERNATIVE, HEADERS, NOT_AGREED
from pipeline.workbooks.steering.formulas import add, count, this_row
from pipeline.workbooks.steering.ggu import KEYS_CHART
from pipeline.workbooks.steering.market import HOURS_CHART, SAAS_CHART
from pipeline.workbooks.steering.totals import INCOMPLETE, NUMBER
from pipeline.workbooks.steering.words import FIGURES, FIRST_YEAR, HIGH, HORIZON, LOW, MARK, cell_name
from pipeline.workbooks.styles import Style

LISTED = 10
"""How many alternatives to be agreed are named; the others are counted."""
TO_AGREE = "bijdrage_klasse_totaal_anders_open"
FOR_INFORMATION = tuple(kind for kind in Attention if kind is not Attention.NOT_AGREED)

PARTICIPANTS = Chart(
    rows=14,
    title="Wie doet mee: gemeenten per fase",
    category_title="Fase",
    value_title="Gemeenten",
    categories="fase_fase",
    low="fase_gemeenten",
    spread="",
    alt="Kolommen: het aantal gemeenten met een kostenindicatie per fase.",
    in_euros=False,
)
FORMS = Chart(
    title="Wie draagt hoe bij: gemeenten per grootteklasse",
    category_title="Grootteklasse",
    value_title="Gemeenten",
    categories="klasse_grootteklasse",
    low="",
    spread="",
    series={HEADERS[key]: f"bijdrage_klasse_{key}" for key in ("geld", "anders_afgestemd", "anders_open", "zonder")},
    alt="Gestapelde kolommen: per grootteklasse hoeveel gemeenten financieel bijdragen, op een alternatieve manier die "
    "is afgestemd of nog moet worden afgestemd, of niet.",
    in_euros=False,
)
BROUGHT_IN = Chart(
    title="Wat de bijdrage per jaar opbrengt",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    low="bijdrage_klasse_bedrag",
    spread="",
    alt="Kolommen: per grootteklasse wat de gemeenten met een financiële bijdrage samen per jaar betalen.",
)


def first_sheet(overview: Overview, basis: Basis, texts: Texts) -> Sheet:
    """The first sheet: what all municipalities come to together, and where to go on."""
    return Sheet(
        "Overzicht",
        (62, 27, 27, 30),
        [
            Line(Fixed(f"Signalen: overzicht voor de {texts.steering_group}", Style.TITLE), 30),
            Line(Fixed("Wat de gemeenten samen kosten, wie bijdraagt en wat aandacht vraagt", Style.SUBTITLE), 20),
            Line(
                Fixed(
                    f"Tarief sinds {day_in_words(basis.tariff.valid_from)}; inwoners op "
                    f"{day_in_words(basis.register_date)} ({basis.register_source}); versie {basis.version}.",
                    Style.NOTE,
                )
            ),
            Line(
                Fixed(
                    "Bedragen lopen van laag tot hoog. Wat niemand heeft begroot staat er als p.m. (pro memorie) en "
                    "ontbreekt in de som; dan staat er + p.m. naast.",
                    Style.NOTE,
                )
            ),
            *_rest(overview, basis.tariff),
            Line(Fixed("Legenda", Style.HEADING), 24),
            Table(
                "Legenda",
                ["Teken", "Betekenis"],
                [
                    [Fixed(PM, Style.PM_SAMPLE, "tekst_pm"), Fixed("niet begroot")],
                    [Fixed(PLUS_PM, Style.PM_SAMPLE, "tekst_plus_pm"), Fixed("p.m. komt erbij")],
                    [Fixed(COMPLETE, Style.TEXT, "tekst_volledig"), Fixed("zonder p.m.")],
                ],
            ),
        ],
        pages=(1, 1),
    )


def decision_values(overview: Overview) -> dict[str, Value]:
    """Whether each named alternative is still to be agreed, and how many others are."""
    points = _to_agree(overview)
    values: dict[str, Value] = {f"besluit_{point.code}": YES for point in points[:LISTED]}
    return values | {"besluit_andere": len(points) - len(values)}


def _rest(overview: Overview, tariff: Tariff) -> Iterable[Block]:
    """What there is to show of the municipalities, if there are any, and where to go on."""
    anybody = bool(len(overview.municipalities))
    if anybody:
        yield Row(
            [
                Fixed("Samen in het eerste jaar", Style.CONCLUSION),
                *(
                    _again(cell_name("klasse", TOTAL, FIRST_YEAR, bound), Style.CONCLUSION_EURO)
                    for bound in (LOW, HIGH)
                ),
                _again(cell_name("klasse", TOTAL, FIRST_YEAR, MARK), Style.CONCLUSION),
            ],
            30,
        )
        yield _key_figures(tariff)
        yield Line(Fixed("Kerncijfers", Style.HEADING), 24)
        yield _numbers()
    else:
        yield Line(Fixed("Er zijn nog geen kostenindicaties.", Style.NOTE))
    yield Line(Fixed("Wat er veranderde", Style.HEADING), 24)
    yield Line(Fixed(in_a_sentence(overview.changes), Style.NOTE))
    yield Line(Fixed("Wat om een besluit vraagt", Style.HEADING), 24)
    yield from _decisions(overview)
    yield Line(Fixed("Ter informatie", Style.HEADING), 24)
    yield _attention()
    yield Line(Fixed("Verder in dit werkboek", Style.HEADING), 24)
    yield from _links()
    if anybody:
        yield Line(Fixed("In beeld", Style.HEADING), 24)
        yield Charts((PARTICIPANTS, FORMS, BROUGHT_IN))
        yield Charts((HOURS_CHART, SAAS_CHART, KEYS_CHART))


def _decisions(overview: Overview) -> Iterable[Block]:
    """The alternatives to be agreed by name, and whether they still are after a row was corrected."""
    points = _to_agree(overview)
    if not points:
        yield Line(Fixed("Er zijn geen alternatieve bijdragen af te stemmen.", Style.NOTE))
        return
    classes = dict(overview.municipalities[["code", "size_class"]].itertuples(index=False, name=None))
    named = points[:LISTED]
    rows: list[list[Cell]] = [_decision(point, classes[point.code]) for point in named]
    if len(points) > LISTED:
        rest = f"={TO_AGREE}-COUNTIF(besluit_open,woord_ja)"
        other = Calculated("besluit_andere", rest, Style.INTEGER, False)
        rows.append([Fixed("andere gemeenten; zie Actiepunten"), *(Fixed(NOT_APPLICABLE) for _ in range(2)), other])
    yield Table(
        "Besluiten",
        ["Alternatieve bijdrage af te stemmen", "Gemeentecode", "Grootteklasse", "Nog open"],
        rows,
        ranges={"besluit_open": Range("Nog open", 0, len(named))},
    )


def _to_agree(overview: Overview) -> list[Point]:
    return sorted(overview.about(Attention.NOT_AGREED), key=lambda point: fold(point.municipality))


def _decision(point: Point, size_class: str) -> list[Cell]:
    """A municipality with what it proposes; the sheet with points has the whole text."""
    about = f"{point.municipality}: {point.about}" if point.about else point.municipality
    own = ("Gemeentecode", this_row("Besluiten", "Gemeentecode"))
    formula = f"=IF({count(own, ALTERNATIVE, NOT_AGREED)}>0,woord_ja,woord_nee)"
    return [
        Fixed(textwrap.shorten(about, 150, placeholder=" …")),
        Fixed(point.code),
        Fixed(size_class),
        Calculated(f"besluit_{point.code}", formula, Style.STATUS, False),
    ]


def _key_figures(tariff: Tariff) -> Table:
    labels = {figure: figure for figure in FIGURES.values()} | {
        HORIZON: f"Looptijd van {int(tariff.horizon.value)} jaar"
    }
    rows: list[list[Cell]] = [
        [
            Fixed(label),
            *(_again(cell_name("klasse", TOTAL, figure, bound)) for bound in (LOW, HIGH)),
            _again(cell_name("klasse", TOTAL, figure, MARK), Style.STATUS),
        ]
        for figure, label in labels.items()
    ]
    return Table("Kengetallen", ["Kengetal", "Laag", "Hoog", "P.m."], rows, strong=frozenset({2}))


def _again(name: str, style: Style = Style.EURO) -> Cell:
    """The same value as the cell with a name."""
    return Calculated(name, f"={name}", style, defined=False)


def _numbers() -> Table:
    numbers = {
        "Gemeenten met een kostenindicatie": cell_name("klasse", TOTAL, NUMBER),
        "Gemeenten met een post zonder bedrag": cell_name("klasse", TOTAL, INCOMPLETE),
        "Gemeenten met een financiële bijdrage": "bijdrage_klasse_totaal_geld",
        "Alternatieve bijdragen af te stemmen": TO_AGREE,
    }
    euros = {
        "Bijdragen per jaar": "bijdrage_klasse_totaal_bedrag",
        "Bijdragen per jaar van wie live is": "bijdrage_klasse_totaal_bedrag_live",
        "Bijdragen die per jaar vervallen als de GGU betaalt": "vervalt_totaal_jaar",
    }
    rows: list[list[Cell]] = [[Fixed(label), _again(name, Style.INTEGER)] for label, name in numbers.items()]
    rows.append([Fixed("Uren begeleiding die de markt moet leveren"), _again("markt_totaal_uren", Style.HOURS)])
    rows += [[Fixed(label), _again(name)] for label, name in euros.items()]
    return Table("Aantallen", ["Wat", "Aantal of euro"], rows)


def _attention() -> Table:
    """How many points there are of each kind; replaced deliveries stand on a sheet of their own."""
    table = {kind: "Bevindingen" if kind is Attention.REPLACED else "Actiepunten" for kind in FOR_INFORMATION}
    rows: list[list[Cell]] = [
        [
            Fixed(kind.value, name="soort_pm" if kind is Attention.PRO_MEMORIE else ""),
            Calculated(
                f"aantal_{kind.name}",
                f"={add('Aantal', ('Soort', this_row('Aandacht', 'Soort')), table=where)}",
                Style.INTEGER,
                False,
            ),
            Fixed("Datakwaliteit" if kind is Attention.REPLACED else "Actiepunten"),
        ]
        for kind, where in table.items()
    ]
    return Table("Aandacht", ["Soort", "Aantal", "Zie blad"], rows)


def _links() -> Iterable[Block]:
    yield Link("Totalen: de kengetallen per grootteklasse en per fase", "Totalen")
    yield Link("Bijdragen: wie bijdraagt, op welke manier en met hoeveel", "Bijdragen")
    yield Link("Markt: welke begeleiding en saas gemeenten vragen, per startjaar", "Markt")
    yield Link("GGU: wat vervalt als de GGU betaalt, en verdeelsleutels als rekenvoorbeeld", "GGU")
    yield Link("Gemeenten: een regel per gemeente", "Gemeenten")
    yield Link("Actiepunten: wat van wie wordt gevraagd", "Actiepunten")
    yield Link("Wijzigingen: wat er veranderde sinds het vorige resultaat", "Wijzigingen")
    yield Link("Datakwaliteit: aanleveringen en wat eraan opviel", "Datakwaliteit")
    yield Link("Uitgangspunten: elk bedrag met bron en datum", "Uitgangspunten")
