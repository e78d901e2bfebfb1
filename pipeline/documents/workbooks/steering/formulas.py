"""The formulas of the steering group's workbook: counts and sums over the table of municipalities.

A criterion is a pair of a column and what it must hold; texts in it are references to cells, never literals. Columns
are taken with their headers (`#All`): a header meets no criterion, and a column of one row stays a range everywhere.
"""

from __future__ import annotations

from pipeline.documents.workbooks.formulas import this_row
from pipeline.documents.workbooks.steering.words import HOSTING, NAMED, PROVENANCE
from pipeline.model.choices import Contribution, Guidance, Hosting, Provenance

Criterion = tuple[str, str]

EXTERNAL: Criterion = ("Begeleiding", NAMED[Guidance.EXTERNAL])
SAAS: Criterion = (HOSTING, NAMED[Hosting.SAAS])
FINANCIAL: Criterion = ("Bijdrage", NAMED[Contribution.FINANCIAL])
ALTERNATIVE: Criterion = ("Bijdrage", NAMED[Contribution.ALTERNATIVE])
NOT_AGREED: Criterion = ("Afgestemd", '"<>"&woord_ja')
NOT_LIVE: Criterion = ("Fase", '"<>"&woord_live')
COUNTED: Criterion = (PROVENANCE, "gaat_over")
"""Those whom all is about: who delivered themselves or, as long as nobody did, the examples."""
INCOMPLETE = '"<>"&tekst_volledig'
"""What holds for the p.m. cell of an amount that misses something."""


def column(name: str, table: str = "Gemeenten") -> str:
    """A column of a table, with its header."""
    return f"{table}[[#All],[{name}]]"


def own(table: str, name: str) -> Criterion:
    """That a column holds what it does in the formula's own row of a table."""
    return (name, this_row(table, name))


def count(*criteria: Criterion, table: str = "Gemeenten") -> str:
    """How many rows of a table meet all criteria; at least one must name a value."""
    return f"COUNTIFS({','.join(f'{column(name, table)},{value}' for name, value in criteria)})"


def add(name: str, *criteria: Criterion, table: str = "Gemeenten") -> str:
    """The sum of a column over the rows of a table that meet all criteria; p.m. does not count."""
    met = ",".join(f"{column(n, table)},{value}" for n, value in criteria)
    return f"ROUND(SUMIFS({column(name, table)},{met}),2)"


WHOM = (
    f"IF({count((PROVENANCE, NAMED[Provenance.DELIVERED]))}>0,"
    f"{NAMED[Provenance.DELIVERED]},{NAMED[Provenance.ILLUSTRATIVE]})"
)
"""The word in the column of provenance of those whom all is about."""
