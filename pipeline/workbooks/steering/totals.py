"""Overzicht: the key figures, the totals per size class and per phase, and what asks for attention."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.overview import PHASES, SIZE_CLASSES, TOTAL, Attention, Overview
from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.names import COMPLETE, PLUS_PM, PM
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
)
from pipeline.workbooks.steering import ggu, market
from pipeline.workbooks.steering.formulas import add, count, group_cells, this_row, total_cells
from pipeline.workbooks.steering.words import FIGURES, FIRST_YEAR, HIGH, HORIZON, LOW, MARK, cell_name, columns
from pipeline.workbooks.styles import Style

GROUPS = {"klasse": ("Klassen", "Grootteklasse", SIZE_CLASSES), "fase": ("Fasen", "Fase", PHASES)}
"""For each kind of group, as the names of cells begin: its table, the column that tells it, and its labels."""

NUMBER, INCOMPLETE, SPREAD = "Gemeenten", "Met p.m.", f"{FIRST_YEAR} verschil"


PARTICIPANTS = Chart(
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
FIRST_YEARS = Chart(
    title="Eerste jaar per grootteklasse, van laag tot hoog (zonder p.m.)",
    category_title="Grootteklasse",
    value_title="Euro",
    categories=cell_name("klasse", "Grootteklasse"),
    low=cell_name("klasse", FIRST_YEAR, LOW),
    spread=cell_name("klasse", SPREAD),
    alt="Gestapelde kolommen: per grootteklasse de lage raming van het eerste jaar en daarboven het "
    "verschil met de hoge.",
)


def totals(overview: Overview, tariff: Tariff, texts: Texts) -> Sheet:
    """The first sheet: what all municipalities come to together, and where to go on."""
    return Sheet(
        "Overzicht",
        (38, 20, 20, *(14 for _ in range(13))),
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
            Line(Fixed("In beeld", Style.HEADING), 24),
            Charts((PARTICIPANTS, BROUGHT_IN)),
            Charts((market.CHART, ggu.CHART) if len(overview.municipalities) else (ggu.CHART,)),
            FIRST_YEARS,
            Line(Fixed("Per grootteklasse", Style.HEADING), 24),
            _groups("klasse"),
            Line(Fixed("Per fase", Style.HEADING), 24),
            _groups("fase"),
            Line(Fixed("Verder in dit werkboek", Style.HEADING), 24),
            *_links(),
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
        landscape=True,
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
        "Uren begeleiding die de markt moet leveren": "markt_totaal_uren",
    }
    euros = {
        "Bijdragen per jaar": "bijdrage_klasse_totaal_bedrag",
        "Bijdragen per jaar van wie live is": "bijdrage_klasse_totaal_bedrag_live",
        "Bijdragen die per jaar vervallen als de GGU betaalt": "vervalt_totaal_jaar",
    }
    rows: list[list[Cell]] = [[Fixed(label), _again(name, Style.INTEGER)] for label, name in numbers.items()]
    rows += [[Fixed(label), _again(name)] for label, name in euros.items()]
    return Table("Aantallen", ["Wat", "Aantal of euro"], rows)


def _groups(kind: str) -> Table:
    """The key figures of each group, and of all together."""
    table, header, labels = GROUPS[kind]
    own = (header, this_row(table, header))
    incomplete = (f"{HORIZON} {MARK}", '"<>"&tekst_volledig')
    rows: list[list[Cell]] = [
        [
            Fixed(label),
            Calculated(cell_name(kind, label, NUMBER), f"={count(own)}", Style.INTEGER, False),
            Calculated(cell_name(kind, label, INCOMPLETE), f"={count(own, incomplete)}", Style.INTEGER, False),
            *(cell for figure in FIGURES.values() for cell in group_cells(table, cell_name(kind, label), figure, own)),
            _spread(table, cell_name(kind, label)),
        ]
        for label in labels
    ]
    name = cell_name(kind, TOTAL)
    rows.append(
        [
            Fixed(TOTAL),
            Calculated(cell_name(name, NUMBER), f"=SUM({cell_name(kind, NUMBER)})", Style.INTEGER),
            Calculated(cell_name(name, INCOMPLETE), f"=SUM({cell_name(kind, INCOMPLETE)})", Style.INTEGER),
            *(cell for figure in FIGURES.values() for cell in total_cells(table, name, figure, kind)),
            _spread(table, name),
        ]
    )
    headers = [header, NUMBER, INCOMPLETE, *(c for figure in FIGURES.values() for c in columns(figure)), SPREAD]
    last = len(labels)
    ranges = {cell_name(kind, of): Range(of, 0, last) for of in headers}
    return Table(table, headers, rows, ranges=ranges, strong=frozenset({last}))


def _spread(table: str, name: str) -> Cell:
    """From low to high in the first year, which the chart puts on top of low."""
    low, high = (this_row(table, f"{FIRST_YEAR} {bound}") for bound in (LOW, HIGH))
    return Calculated(cell_name(name, SPREAD), f"=N({high})-N({low})", defined=False)


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
    yield Link("Bijdragen: wie bijdraagt, op welke manier en met hoeveel", "Bijdragen")
    yield Link("Markt: welke begeleiding en saas gemeenten vragen, per startjaar", "Markt")
    yield Link("GGU: wat vervalt als de GGU betaalt, en verdeelsleutels als rekenvoorbeeld", "GGU")
    yield Link("Gemeenten: een regel per gemeente", "Gemeenten")
    yield Link("Actiepunten: wat van wie wordt gevraagd", "Actiepunten")
    yield Link("Datakwaliteit: aanleveringen en wat eraan opviel", "Datakwaliteit")
    yield Link("Uitgangspunten: elk bedrag met bron en datum", "Uitgangspunten")
