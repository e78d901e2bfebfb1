"""The words that the sheets share: what columns are called, and how an amount stands in cells."""

from __future__ import annotations

from pipeline.amounts import Amount
from pipeline.changes import Missing
from pipeline.choices import Contribution, Guidance, Hosting, Phase
from pipeline.workbooks.municipality.names import NO, NOT_APPLICABLE, NOT_GIVEN, YES, bounds, status
from pipeline.workbooks.sheets import Cell, Fixed, Value
from pipeline.workbooks.styles import Style

ONCE, YEARLY, FIRST_YEAR, HORIZON = "Eenmalig", "Jaarlijks", "Eerste jaar", "Looptijd"
FIGURES = {"once": ONCE, "yearly": YEARLY, "first_year": FIRST_YEAR, "horizon": HORIZON}
"""What the key figures are called at the head of their columns."""

LOW, HIGH, MARK = "laag", "hoog", "p.m."
HOSTING, HOURS, CONTRIBUTION = "Hosting", "Uren begeleiding", "Bijdrage per jaar"
LAPSES, LAPSES_IN_HORIZON = "Vervalt per jaar", "Vervalt in looptijd"

MISSING = {
    Missing.ADDED: "tekst_pm_erbij",
    Missing.REMOVED: "tekst_pm_vervalt",
    Missing.STAYS: "tekst_pm_blijft",
    Missing.NOTHING: "tekst_volledig",
}
"""The names of the cells with what happens to p.m."""

WORDS: tuple[tuple[str, str, str], ...] = (
    ("Begeleiding", Guidance.SELF.dutch, ""),
    ("Begeleiding", Guidance.EXTERNAL.dutch, "woord_extern"),
    ("Hosting", Hosting.IN_HOUSE.dutch, ""),
    ("Hosting", Hosting.HYBRID.dutch, ""),
    ("Hosting", Hosting.SAAS.dutch, "woord_saas"),
    ("Bijdrage", Contribution.FINANCIAL.dutch, "woord_fin"),
    ("Bijdrage", Contribution.ALTERNATIVE.dutch, "woord_alt"),
    ("Bijdrage", Contribution.NONE.dutch, ""),
    ("Afgestemd", YES, "woord_ja"),
    ("Afgestemd", NO, "woord_nee"),
    ("Afgestemd", NOT_GIVEN, ""),
    ("Afgestemd", NOT_APPLICABLE, ""),
    ("Fase", Phase.LIVE.dutch, "woord_live"),
    *(
        ("Verschil p.m.", missing.value, name)
        for missing, name in MISSING.items()
        if missing is not Missing.NOTHING  # stands in the key of the first sheet
    ),
)
"""The words that formulas look for or give, or drop-downs offer: their column, and their name."""


def columns(figure: str) -> tuple[str, str, str]:
    """The headers of the low, high and p.m. column of a key figure."""
    return (f"{figure} {LOW}", f"{figure} {HIGH}", f"{figure} {MARK}")


def cell_name(*parts: str) -> str:
    """The name of a cell or range, from what its row and column are called."""
    return "_".join(parts).lower().replace(" ", "_").replace(".", "")


def amount_cells(amount: Amount) -> tuple[Cell, Cell, Cell]:
    """The low, high and p.m. cell of an amount, as data."""
    low, high = bounds(amount)
    return Fixed(low, Style.EURO), Fixed(high, Style.EURO), Fixed(status(amount), Style.STATUS)


def amount_values(name: str, amount: Amount) -> dict[str, Value]:
    """The values of the calculated low, high and p.m. cell under a name."""
    low, high = bounds(amount)
    return {cell_name(name, LOW): low, cell_name(name, HIGH): high, cell_name(name, MARK): status(amount)}


def lapse_name(code: str, header: str) -> str:
    """The name of a municipality's cell with what lapses."""
    return cell_name(header, code)
