"""The workbook of the steering group: what all municipalities come to, by formula over one table of them.

The values of the formulas come from the overview, which adds up amounts and not cells; the formulas count and add over
the table. The two compute independently.
"""

from __future__ import annotations

from pipeline.documents.workbooks.literals import name_words
from pipeline.documents.workbooks.sheets import Book
from pipeline.documents.workbooks.steering.action_points import action_points
from pipeline.documents.workbooks.steering.changes import changes
from pipeline.documents.workbooks.steering.contributions import contributions
from pipeline.documents.workbooks.steering.cost_sharing import ggu
from pipeline.documents.workbooks.steering.data_quality import data_quality
from pipeline.documents.workbooks.steering.market import market
from pipeline.documents.workbooks.steering.municipalities import municipalities
from pipeline.documents.workbooks.steering.overview import first_sheet
from pipeline.documents.workbooks.steering.premises import steering_premises
from pipeline.documents.workbooks.steering.totals import totals
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview


def describe(overview: Overview, basis: ReferenceData, texts: Texts) -> Book:
    """The workbook of the steering group, about this overview: the municipalities and points are in its sheets."""
    others = (
        totals(overview),
        contributions(),
        market(overview, basis.tariff),
        ggu(overview, basis.tariff),
        municipalities(overview),
        action_points(overview, basis.tariff, texts),
        changes(overview),
        data_quality(overview),
        steering_premises(basis, texts),
    )
    book = Book(
        (first_sheet(overview, basis, texts, others), *others),
        title=f"Signalen: overzicht voor de {texts.steering_group}",
        subject="Wat de gemeenten samen kosten, wie bijdraagt en wat aandacht vraagt",
        author=texts.organisation,
        keywords="Signalen, kostenindicatie, gemeenten, overzicht",
        created=basis.tariff.valid_from,
    )
    return name_words(book, texts.say("gedeeld.teksten"))
