"""The words that the sheets share: what columns are called, and those that formulas look for."""

from __future__ import annotations

from pipeline.documents.workbooks.words import NO, NOT_APPLICABLE, NOT_GIVEN, YES
from pipeline.model.choices import Contribution, Guidance, Hosting, Phase, Provenance

HORIZON = "Alle jaren"
FIGURES = {"once": "Eenmalig", "yearly": "Jaarlijks", "horizon": HORIZON}
"""What the key figures of groups are called at the head of their columns."""

YEAR = "Jaar"
PARTS = {"once": "Eenmalig", "saas": "SaaS", "other": "Overig per jaar", "contribution": "Bijdrage"}
"""What is paid in a year, as the columns of tables are called; the total is their sum."""
ALL = "Totaal"

MARK = "p.m."
HOSTING, HOURS, START, PROVENANCE = "Hosting", "Uren begeleiding", "Startjaar", "Herkomst"

NAMED = {
    Guidance.EXTERNAL: "woord_extern",
    Hosting.SAAS: "woord_saas",
    Contribution.FINANCIAL: "woord_fin",
    Contribution.ALTERNATIVE: "woord_alt",
    Provenance.DELIVERED: "woord_eigen",
    Provenance.ILLUSTRATIVE: "woord_vb",
}
"""The names of the cells with the options that formulas look for."""

WORDS: tuple[tuple[str, str, str], ...] = (
    *(
        (column, option.dutch, NAMED.get(option, ""))
        for column, options in (
            *(("Begeleiding", Guidance), (HOSTING, Hosting), ("Bijdrage", Contribution)),
            (PROVENANCE, Provenance),
        )
        for option in options
    ),
    ("Afgestemd", YES, "woord_ja"),
    ("Afgestemd", NO, "woord_nee"),
    ("Afgestemd", NOT_GIVEN, ""),
    ("Afgestemd", NOT_APPLICABLE, ""),
    ("Fase", Phase.LIVE.dutch, "woord_live"),
)
"""The words that formulas look for, or drop-downs offer: their column, and their name."""


def cell_name(*parts: str) -> str:
    """The name of a cell or range, from what its row and column are called."""
    return "_".join(parts).lower().replace(" ", "_").replace(".", "")
