"""Overzicht: the key figures, what asks for a decision, a chart for each question, and where to go on."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.overview import TOTAL, Attention, Overview
from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.names import COMPLETE, PLUS_PM, PM
from pipeline.workbooks.sheets import Block, Calculated, Cell, Chart, Charts, Fixed, Line, Link, Row, Sheet, Table
from pipeline.workbooks.steering.formulas import add, this_row
from pipeline.workbooks.steering.ggu import LAPSE_CHART
from pipeline.workbooks.steering.market import SAAS_CHART
from pipeline.workbooks.steering.totals import INCOMPLETE, NUMBER
from pipeline.workbooks.steering.words import FIGURES, FIRST_YEAR, HIGH, HORIZON, LOW, MARK, cell_name
from pipeline.workbooks.styles import Style

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
BROUGHT_IN = Chart(
    title="Wat de bijdrage per jaar opbrengt",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    low="bijdrage_klasse_bedrag",
    spread="",
    alt="Kolommen: per grootteklasse wat de gemeenten met een financiële bijdrage samen per jaar betalen.",
)


def first_sheet(overview: Overview, tariff: Tariff, texts: Texts) -> Sheet:
    """The first sheet: what all municipalities come to together, and where to go on."""
    return Sheet(
        "Overzicht",
        (50, 18, 18, 20),
        [
            Line(Fixed(f"Signalen: overzicht voor de {texts.steering_group}", Style.TITLE), 30),
            Line(Fixed("Wat de gemeenten samen kosten, wie bijdraagt en wat aandacht vraagt", Style.SUBTITLE), 20),
            Line(
                Fixed(
                    "Bedragen lopen van laag tot hoog. Wat niemand heeft begroot staat er als p.m. (pro memorie) en "
                    "ontbreekt in de som; dan staat er + p.m. naast.",
                    Style.NOTE,
                )
            ),
            Row(
                [
                    Fixed("Samen in het eerste jaar", Style.CONCLUSION),
                    *(
                        _again(cell_name("klasse", TOTAL, FIRST_YEAR, bound), Style.CONCLUSION_EURO)
                        for bound in (LOW, HIGH)
                    ),
                    _again(cell_name("klasse", TOTAL, FIRST_YEAR, MARK), Style.CONCLUSION),
                ],
                30,
            ),
            _key_figures(tariff),
            Line(Fixed("Kerncijfers", Style.HEADING), 24),
            _numbers(),
            Line(Fixed("Wat om een besluit vraagt", Style.HEADING), 24),
            _attention(),
            Line(Fixed("Verder in dit werkboek", Style.HEADING), 24),
            *_links(),
            Line(Fixed("In beeld", Style.HEADING), 24),
            Charts((PARTICIPANTS, BROUGHT_IN)),
            Charts((SAAS_CHART, LAPSE_CHART) if len(overview.municipalities) else (LAPSE_CHART,)),
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
        "Alternatieve bijdragen af te stemmen": "bijdrage_klasse_totaal_anders_open",
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
    table = {kind: "Bevindingen" if kind is Attention.REPLACED else "Actiepunten" for kind in Attention}
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
