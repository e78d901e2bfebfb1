"""The workbook of the steering group: what all municipalities come to, by formula over one table of them.

The values of the formulas come from the overview, which adds up amounts and not cells; the formulas count and add over
the table. The two compute independently.
"""

from __future__ import annotations

from pipeline.documents.workbooks.literals import changed, name_words
from pipeline.documents.workbooks.sheets import Book
from pipeline.documents.workbooks.steering.attention import attention
from pipeline.documents.workbooks.steering.changes import changes
from pipeline.documents.workbooks.steering.contributions import contributions
from pipeline.documents.workbooks.steering.costs import costs
from pipeline.documents.workbooks.steering.municipalities import municipalities
from pipeline.documents.workbooks.steering.overview import first_sheet
from pipeline.documents.workbooks.steering.premises import steering_premises
from pipeline.documents.workbooks.steering.provinces import provinces, valued
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview


def describe(overview: Overview, basis: ReferenceData, texts: Texts, rows_in: str = "") -> Book:
    """The workbook of the steering group, about this overview: the municipalities and points are in its sheets.

    If there are too many municipalities, `rows_in` is the file that has them instead.
    """
    others = (
        costs(overview, basis, texts),
        contributions(overview, basis.tariff, texts),
        provinces(overview, texts, rows_in) if rows_in else municipalities(overview, basis.tariff, texts),
        attention(overview, basis.tariff, texts),
        *([changes(overview, overview.changes, texts)] if overview.changes else []),
        steering_premises(overview, basis, texts),
    )
    sheets = (first_sheet(overview, basis, texts, others), *others)
    book = Book(
        [changed(sheet, valued) for sheet in sheets] if rows_in else sheets,
        title=f"Signalen: overzicht voor de {texts.steering_group}",
        subject=texts.say("stuurgroep.titel"),
        author=texts.organisation,
        keywords="Signalen, kostenindicatie, gemeenten, overzicht",
        created=basis.tariff.valid_from,
    )
    return name_words(book, texts.say("gedeeld.teksten"))
