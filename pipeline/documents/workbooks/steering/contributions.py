"""Bijdragen: what is asked, pledged and paid against the shared costs; how municipalities contribute; and the GGU."""

from __future__ import annotations

from operator import attrgetter

from pipeline.documents.workbooks.cells import Again, Calculated, Fixed, Input, Rule, between
from pipeline.documents.workbooks.sheets import Block, Chart, Charts, Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.cost_sharing import KEYS_CHART, ggu
from pipeline.documents.workbooks.steering.formulas import (
    ALTERNATIVE,
    COUNTED,
    FINANCIAL,
    NOT_AGREED,
    Criterion,
    add,
    count,
    own,
)
from pipeline.documents.workbooks.steering.tables import BY_CLASS, grouped, summed
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import LOW, PM
from pipeline.model.limits import SHARED_COSTS
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview

CONTRIBUTION = f"Bijdrage {LOW}"
SHARED = "gedeelde_kosten"
EUROS_CHART = Chart(
    rows=14,
    title="Bijdragen per jaar, per grootteklasse",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    series={"Toegezegd": "bijdrage_bedrag", "Gevraagd": "bijdrage_gevraagd"},
    stacked=False,
    alt="Kolommen: per grootteklasse wat de gemeenten per jaar hebben toegezegd, en daarnaast wat het tarief van hen "
    "vraagt. De bedragen staan in de tabel erboven.",
)


def contributions(overview: Overview, tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with the contributions per size class, the coverage, and what the GGU changes."""
    blocks: list[Block] = [
        note(texts.say("stuurgroep_bijdragen.uitleg")),
        heading(texts.say("stuurgroep_bijdragen.dekking")),
        note(texts.say("stuurgroep_bijdragen.dekking_uitleg")),
        _coverage(),
        heading(texts.say("stuurgroep_bijdragen.per_klasse")),
        _by_class(),
        *ggu(overview, tariff, texts),
        *([Charts((EUROS_CHART, KEYS_CHART))] if overview.municipalities else []),
    ]
    return Sheet(
        "Bijdragen",
        blocks,
        columns=[Column("", width) for width in (41, *[15] * 9)],
        purpose=texts.say("stuurgroep_bladen.bijdragen"),
    )


def _coverage() -> Table:
    """What the shared costs are, and how much of them is asked, pledged, paid now and bound to lapse."""
    rule = Rule(between(SHARED_COSTS), "Gedeelde kosten", "Vul euro per jaar in, van 0 tot 100 miljoen.")
    pledged = "bijdrage_totaal_bedrag"

    short = f"IF(ISNUMBER({SHARED}),MAX(0,ROUND({SHARED}-{pledged},2)),tekst_pm)"
    rows = [
        (Fixed("Gedeelde kosten"), Input(SHARED, rule, PM, Style.EURO), Fixed(1, Style.PERCENT)),
        (Fixed("Gevraagd volgens het tarief"), Again("bijdrage_totaal_gevraagd"), _part("bijdrage_totaal_gevraagd")),
        (Fixed("Toegezegd: financiële bijdragen"), Again(pledged), _part(pledged)),
        (Fixed("Waarvan van gemeenten die live zijn"), Again("bijdrage_totaal_live"), _part("bijdrage_totaal_live")),
        (Fixed("Vervalt zodra de GGU betaalt"), Again(pledged), _part(pledged)),
        (Fixed("Nog niet gedekt"), Calculated(short, PM, Style.EURO), _part(f"MAX(0,N({SHARED})-{pledged})")),
    ]
    return Table("Dekking", [Column("Onderwerp"), Column("Euro per jaar"), Column("Deel van de kosten")], rows)


def _part(euros: str) -> Calculated:
    """Which part of the shared costs something is; p.m. as long as nobody knows these."""
    return Calculated(f"IF(N({SHARED})=0,tekst_pm,ROUND(({euros})/N({SHARED}),3))", PM, Style.PERCENT)


def _by_class() -> Table:
    """How the municipalities of each size class contribute, and how much that is beside what is asked."""
    group = own("Bijdragen", BY_CLASS.header)
    neither = (("Bijdrage", f'"<>"&{FINANCIAL[1]}'), ("Bijdrage", f'"<>"&{ALTERNATIVE[1]}'))

    def counted(key: str, header: str, of: str, *criteria: Criterion) -> Column:
        formula = count(group, COUNTED, *criteria)
        return summed("bijdrage", key, header, formula, attrgetter(of), Style.INTEGER, "SUM(@)")

    def in_euros(key: str, header: str, of: str, *criteria: Criterion) -> Column:
        formula = add(CONTRIBUTION, group, COUNTED, FINANCIAL, *criteria)
        return summed("bijdrage", key, header, formula, attrgetter(of))

    asked = add("Gevraagde bijdrage", group, COUNTED)
    columns = [
        counted("gemeenten", "Gemeenten", "municipalities"),
        summed("bijdrage", "gevraagd", "Gevraagd per jaar", asked, attrgetter("asked")),
        in_euros("bedrag", "Toegezegd per jaar", "euros"),
        in_euros("live", "Waarvan live", "euros_live", ("Fase", "woord_live")),
        counted("geld", "Financieel", "financial", FINANCIAL),
        counted("anders_afgestemd", "Alternatief afgestemd", "agreed", ALTERNATIVE, ("Afgestemd", "woord_ja")),
        counted("anders_open", "Alternatief af te stemmen", "not_agreed", ALTERNATIVE, NOT_AGREED),
        counted("zonder", "Geen bijdrage", "none", *neither),
        counted("inzet", "Met inzet in natura", "in_kind", ("In natura", '"<>"&woord_nee')),
    ]
    return grouped("Bijdragen", BY_CLASS, columns)
