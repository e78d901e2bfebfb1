"""Bijdragen: how many municipalities contribute in which form, and what that brings in per year."""

from __future__ import annotations

from operator import attrgetter

from pipeline.documents.workbooks.sheets import Chart, Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import (
    ALTERNATIVE,
    FINANCIAL,
    NOT_AGREED,
    Criterion,
    add,
    count,
    own,
)
from pipeline.documents.workbooks.steering.tables import BY_CLASS, BY_PHASE, Grouping, grouped, summed
from pipeline.documents.workbooks.steering.words import CONTRIBUTION
from pipeline.documents.workbooks.styles import Style

FORMS = {
    "geld": "Financieel",
    "anders_afgestemd": "Alternatief afgestemd",
    "anders_open": "Alternatief af te stemmen",
    "zonder": "Geen bijdrage",
}
"""The forms of contribution, as the names of cells end, and what they are called."""

FORMS_CHART = Chart(
    title="Wie draagt hoe bij: gemeenten per grootteklasse",
    category_title="Grootteklasse",
    value_title="Gemeenten",
    categories="klasse_grootteklasse",
    series={header: f"bijdrage_klasse_{key}" for key, header in FORMS.items()},
    alt="Gestapelde kolommen: per grootteklasse hoeveel gemeenten financieel bijdragen, op een alternatieve manier die "
    "is afgestemd of nog moet worden afgestemd, of niet.",
    in_euros=False,
)
EUROS_CHART = Chart(
    title="Wat de bijdrage per jaar opbrengt",
    category_title="Grootteklasse",
    value_title="Euro per jaar",
    categories="klasse_grootteklasse",
    low="bijdrage_klasse_bedrag",
    alt="Kolommen: per grootteklasse wat de gemeenten met een financiële bijdrage samen per jaar betalen.",
)


def contributions() -> Sheet:
    """The sheet with the contributions per size class and per phase."""
    return Sheet(
        "Bijdragen",
        [
            note(
                "De community bijdrage is vrijwillig. Het bedrag is wat de gemeenten met een financiële bijdrage "
                "samen per jaar betalen volgens het tarief van hun grootteklasse, op het prijspeil van het eerste "
                "jaar, ook als de bijdrage door de GGU vervalt; een alternatieve bijdrage heeft geen bedrag en "
                "telt als p.m."
            ),
            heading("Per grootteklasse"),
            _table("BijdragenPerKlasse", BY_CLASS),
            heading("Per fase"),
            _table("BijdragenPerFase", BY_PHASE),
        ],
        purpose="wie bijdraagt, op welke manier en met hoeveel",
    )


def _table(table: str, by: Grouping) -> Table:
    prefix, group = f"bijdrage_{by.kind}", own(table, by.header)

    def counted(key: str, header: str, width: float, of: str, *criteria: Criterion) -> Column:
        formula = count(group, *criteria)
        return summed(prefix, key, header, width, formula, attrgetter(of), Style.INTEGER, "SUM(@)")

    def in_euros(key: str, header: str, of: str, *criteria: Criterion) -> Column:
        formula = add(CONTRIBUTION, group, FINANCIAL, *criteria)
        return summed(prefix, key, header, 17, formula, attrgetter(of), total="SUM(@)")

    def form(key: str, width: float, of: str, *criteria: Criterion) -> Column:
        return counted(key, FORMS[key], width, of, *criteria)

    neither = (("Bijdrage", f'"<>"&{FINANCIAL[1]}'), ("Bijdrage", f'"<>"&{ALTERNATIVE[1]}'))
    columns = [
        counted("gemeenten", "Gemeenten", 13, "municipalities"),
        form("geld", 13, "financial", FINANCIAL),
        in_euros("bedrag", "Bedrag per jaar", "euros"),
        in_euros("bedrag_live", "Bedrag per jaar, live", "euros_live", ("Fase", "woord_live")),
        form("anders_afgestemd", 16, "agreed", ALTERNATIVE, ("Afgestemd", "woord_ja")),
        form("anders_open", 16, "not_agreed", ALTERNATIVE, NOT_AGREED),
        form("zonder", 14, "none", *neither),
        counted("inzet", "Met inzet in natura", 16, "in_kind", ("In natura", '"<>"&woord_nee')),
    ]
    return grouped(table, by, 22, columns)
