"""The words that the sheets share: what columns are called, and those that formulas look for."""

from __future__ import annotations

from pipeline.documents.workbooks.words import NO, NOT_APPLICABLE, NOT_GIVEN, YES
from pipeline.model.choices import Contribution, Guidance, Hosting, Phase
from pipeline.results.changes import Missing

FIRST_YEAR, HORIZON = "Eerste jaar", "Looptijd"
FIGURES = {"once": "Eenmalig", "yearly": "Jaarlijks", "first_year": FIRST_YEAR, "horizon": HORIZON}
"""What the key figures are called at the head of their columns."""

MARK = "p.m."
HOSTING, HOURS, CONTRIBUTION = "Hosting", "Uren begeleiding", "Bijdrage per jaar"
LAPSES, LAPSES_IN_HORIZON = "Vervalt per jaar", "Vervalt in looptijd"

MISSING = {
    Missing.ADDED: "tekst_pm_erbij",
    Missing.REMOVED: "tekst_pm_vervalt",
    Missing.STAYS: "tekst_pm_blijft",
    Missing.NOTHING: "tekst_volledig",
}
"""The names of the cells with what happens to p.m."""

NAMED = {
    Guidance.EXTERNAL: "woord_extern",
    Hosting.SAAS: "woord_saas",
    Contribution.FINANCIAL: "woord_fin",
    Contribution.ALTERNATIVE: "woord_alt",
}
"""The names of the cells with the options that formulas look for."""

WORDS: tuple[tuple[str, str, str], ...] = (
    *(
        (column, option.dutch, NAMED.get(option, ""))
        for column, options in (("Begeleiding", Guidance), ("Hosting", Hosting), ("Bijdrage", Contribution))
        for option in options
    ),
    ("Afgestemd", YES, "woord_ja"),
    ("Afgestemd", NO, "woord_nee"),
    ("Afgestemd", NOT_GIVEN, ""),
    ("Afgestemd", NOT_APPLICABLE, ""),
    ("Fase", Phase.LIVE.dutch, "woord_live"),
    *(("Verschil p.m.", missing.value, name) for missing, name in MISSING.items() if missing is not Missing.NOTHING),
)
"""The words that formulas look for or give, or drop-downs offer: their column, and their name."""


def cell_name(*parts: str) -> str:
    """The name of a cell or range, from what its row and column are called."""
    return "_".join(parts).lower().replace(" ", "_").replace(".", "")
