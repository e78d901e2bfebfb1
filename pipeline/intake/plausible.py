"""Choices that can be, but are not likely: what was expected instead, for a warning."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.choices import Choices, Guidance
from pipeline.intake.numbers import dutch, plain

LEAST_EUROS = 500
"""Euros per year below which an own estimate is doubted."""
IN_THOUSANDS = 100
"""Below so many euros it may have been thousands of euros."""
YEARS_AWAY = 10
"""How many years from the reference date a start is not doubted."""
PERCENT_APART = 25
"""By how many percent of the register the inhabitants may differ without doubt."""

Doubt = tuple[str, str, str]
"""The code of a warning, the column, and a Dutch sentence."""


def doubts(choices: Choices, year: int) -> Iterator[Doubt]:
    """What is not likely about choices, in the year of the reference date."""
    if choices.hosting_estimate is not None:
        yield from _estimate(choices.hosting_estimate.low, choices.hosting_estimate.high)
    if choices.guidance is Guidance.EXTERNAL and choices.hours == 0:
        message = "0 uren betekent: externe begeleiding kost niets; laat het veld leeg voor de uren van het tarief."
        yield "uren_nul", "begeleidingsuren", message
    if choices.start_year is not None and abs(choices.start_year - year) > YEARS_AWAY:
        expected = f"{year - YEARS_AWAY} tot en met {year + YEARS_AWAY}"
        yield (
            "startjaar_ver",
            "startjaar",
            f"Dit is meer dan tien jaar van {year}; verwacht is een jaar van {expected}.",
        )
    registered = choices.municipality.inhabitants
    if choices.inhabitants is not None and 100 * abs(choices.inhabitants - registered) > PERCENT_APART * registered:
        message = (
            f"Het register heeft {dutch(Decimal(registered))} inwoners; dit wijkt meer dan {PERCENT_APART}% af. "
            "Laat het veld leeg voor het register."
        )
        yield "inwoners_anders", "inwoners", message


def _estimate(low: Decimal, high: Decimal) -> Iterator[Doubt]:
    """What is not likely about an own estimate in euros per year."""
    if low == 0:
        message = "0 betekent: kost niets; laat hosting_laag en hosting_hoog leeg voor p.m."
        yield "raming_nul", "hosting_laag", message
    for column, euros in (("hosting_laag", low), ("hosting_hoog", high)):
        if 0 < euros < LEAST_EUROS:
            message = f"Dit is minder dan € {LEAST_EUROS}; verwacht is een bedrag per jaar in hele euro's."
            if euros < IN_THOUSANDS:
                message += f" Bedoelde u {plain(euros * 1000)}?"
            yield "raming_laag", column, message
