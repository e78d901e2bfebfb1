"""The rejected rows as a workbook: each text literally, what is wrong marked, and what to mend in sight."""

from __future__ import annotations

from datetime import date

from pipeline.documents.workbooks.cells import Fixed
from pipeline.documents.workbooks.sheets import Book, Column, Sheet, Table, note
from pipeline.documents.workbooks.styles import Style
from pipeline.intake import Intake
from pipeline.intake.fields.characters import bare
from pipeline.intake.rejects.csv_injection import literal
from pipeline.intake.rejects.writing import GivenBack, rejected_columns, rejected_rows
from pipeline.reference.texts import Texts

SHEET = "Afgekeurd"
IN_FRONT = ("gemeente", "bevinding")
"""The columns that stay in sight."""
_WIDTHS = {"gemeente": 24, "bevinding": 56, "bijdrage_toelichting": 32, "backlog": 32, "contact": 32, "bestand": 32}
_WIDTH, _ROOM = 14, 5
"""How wide any other column is at least, and how much wider than its name."""
_EMPTY = Fixed("", Style.AS_TYPED)


def describe(intake: Intake, texts: Texts, created: date) -> Book:
    """The workbook with the rows that were rejected, of all deliveries together."""
    names = sorted(rejected_columns(intake), key=lambda name: name not in IN_FRONT)
    columns = [Column(name, _WIDTHS.get(name, max(_WIDTH, len(name) + _ROOM))) for name in names]
    rows = [[_cell(row, name) for name in names] for row in rejected_rows(intake)]
    sheet = Sheet(
        SHEET,
        [
            note(texts.say("afgekeurd.uitleg")),
            note(texts.say("afgekeurd.laten_staan")),
            Table("AfgekeurdeRegels", columns, rows, filters=True, in_sight=True, sparse=_EMPTY.style),
        ],
        title=Fixed(texts.say("afgekeurd.titel"), Style.TITLE),
        protected=False,
        pages=(4, 0),
    )
    return Book(
        [sheet],
        title=texts.say("afgekeurd.titel"),
        subject="Regels van aanleveringen die fout zijn, om te verbeteren",
        author=texts.organisation,
        keywords="Signalen, kostenindicatie, aanlevering",
        created=created,
    )


def _cell(row: GivenBack, name: str) -> Fixed:
    text = literal(bare(row.texts.get(name, "")))
    if name == "bevinding":
        return Fixed(text)
    if name in row.wrong:
        return Fixed(text, Style.WRONG)
    return Fixed(text, Style.AS_TYPED) if text else _EMPTY
