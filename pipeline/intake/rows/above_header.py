"""What stands above the rows of a delivery: rows that lost their header are rejected, titles only looked at for names.

Nobody reads back whether a line above the header counted, so what may be a row is never passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.intake.findings import Finding, Severity
from pipeline.intake.municipalities.matching import Owners
from pipeline.intake.readers.dialect import Row
from pipeline.intake.rows.checks import RowCheck
from pipeline.intake.rows.headers import Header, names_columns, read_header
from pipeline.intake.rows.row_likeness import coded_alone, is_row_above, named_in
from pipeline.intake.rows.row_structure import mentioned


def rows_above(
    rows: Sequence[Row], header: Header, file: str, owners: Owners, year: int
) -> Iterator[RowCheck | Finding]:
    """The rows of a table among those above the header, each with its error, and a finding for each name in a title.

    A row is read by the names of columns above it, if there are any there, because that is how it was meant;
    `year` is that of the run's date.
    """
    by = header
    for row in rows:
        own = by is not header
        if is_row_above(row, by, owners, own=own):
            check = RowCheck(row, by, file, owners, year)
            message = (
                f"Deze regel staat boven de kopregel ({header.row.in_words}) en telt daarom niet mee; "
                f"{'geef elke tabel een eigen bestand' if own else 'zet de kopregel bovenaan'}."
            )
            check.find(Severity.ERROR, "rij_boven_kopregel", None, header.delimiter.join(row.fields), message)
            check.choices()
            yield check
            continue
        if names_columns(row, header.known):
            by, _ = read_header(row, header.delimiter, file, header.known)
        alone = coded_alone(row, header, owners)
        lines = [line for text in row.fields for line in text.splitlines()]
        for of in [alone] if alone else (m for line in lines for m in named_in(line, header.delimiter, owners)):
            said = mentioned(of)
            where = (file, row.line, None, said.value, said.message, of.code, row.place())
            yield Finding(said.severity, said.code, *where)


def row_in_header(header: Header, file: str, owners: Owners) -> Iterator[Finding]:
    """An error for a row among the names of the columns, in one of them or on their line."""
    if is_row_above(header.row, header, owners, own=False):
        message = (
            'Tussen de namen van de kolommen staat een rij; sluit een aanhalingsteken (") dat open staat, en zet de '
            "rij op een eigen regel onder de kopregel."
        )
        where = (file, header.row.line, None, "", message, "", header.row.place())
        yield Finding(Severity.ERROR, "rij_in_kopregel", *where)
