"""The workbook of one municipality: a calculator whose every amount follows by formula from its input cells.

`describe` says which sheets, cells and formulas there are, and how each value is taken from the indication. It depends
on what a run shares (tariff, texts) and on nothing else. Formulas and rules compute independently.
"""

from __future__ import annotations

from msgspec.structs import replace

from pipeline import dutch
from pipeline.documents.workbooks.cells import Calculated, Given
from pipeline.documents.workbooks.literals import name_words
from pipeline.documents.workbooks.municipality.calculation import calculation
from pipeline.documents.workbooks.municipality.choices import NOTICE, choices, notices
from pipeline.documents.workbooks.municipality.comparison import comparison
from pipeline.documents.workbooks.municipality.overview import overview
from pipeline.documents.workbooks.municipality.premises import premises
from pipeline.documents.workbooks.municipality.projection import projection
from pipeline.documents.workbooks.municipality.scenarios import scenarios
from pipeline.documents.workbooks.municipality.sensitivity import sensitivity
from pipeline.documents.workbooks.sheets import Block, Book, Line, Link, Sheet, note
from pipeline.documents.workbooks.styles import Style
from pipeline.model.choices import Provenance
from pipeline.model.indication import Indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts

FIRST = "Overzicht"


def describe(basis: ReferenceData, texts: Texts) -> Book:
    """The workbook of a municipality, for all municipalities of a run alike; it is about an `Indication`."""
    tariff = basis.tariff
    others = (
        choices(tariff, texts),
        projection(tariff, texts),
        scenarios(texts, [*comparison(tariff, texts), *sensitivity(texts)]),
        premises(basis, texts),
        calculation(tariff, texts),
    )
    sheets = (overview(basis, texts, others), *others)
    book = Book(
        [_headed(sheet, f"blad {n} van {len(sheets)}", basis, texts) for n, sheet in enumerate(sheets, 1)],
        title=_title,
        subject="Wat Signalen deze gemeente zou kosten: eenmalig, per jaar en over alle jaren",
        author=texts.organisation,
        keywords="Signalen, kostenindicatie, gemeente",
        created=tariff.valid_from,
    )
    return name_words(book, texts.say("gedeeld.teksten"))


def _title(indication: Indication) -> str:
    of, illustrative = indication.choices.municipality, indication.choices.provenance is Provenance.ILLUSTRATIVE
    return f"{'Voorbeeld van een kostenindicatie' if illustrative else 'Kostenindicatie'} Signalen voor {of.name}"


def _headed(sheet: Sheet, number: str, basis: ReferenceData, texts: Texts) -> Sheet:
    """The sheet with a title that marks an example, and lines that also say on paper whose it is and for which date."""
    since, day = basis.tariff.valid_from, dutch.day(basis.day)
    first = sheet.name == FIRST

    def title(indication: Indication) -> str:
        whom = f"Wat kost Signalen {indication.choices.municipality.name}?" if first else sheet.name
        return f"{whom} (voorbeeld)" if indication.choices.provenance is Provenance.ILLUSTRATIVE else whom

    def whose(indication: Indication) -> str:
        whom = indication.choices.municipality
        return f"{whom.name} ({whom.code}), {whom.province} · {number}"

    rests_on = texts.say("gedeeld.peil", prijspeil=since.year, tarief=dutch.day(since), peildatum=day)
    heading: list[Block] = [Line(Given(whose, Style.SUBTITLE), 18), note(rests_on)]
    if not any(isinstance(block, Line) and getattr(block.cell, "name", "") == NOTICE for block in sheet.blocks):
        heading.append(Line(Calculated(NOTICE, notices(texts).at_first, Style.NOTICE)))
    if not first:
        heading.append(Link(f"Terug naar {FIRST}", FIRST))
    return replace(sheet, title=Given(title, Style.TITLE), blocks=[*heading, *sheet.blocks])
