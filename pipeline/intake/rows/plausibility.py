"""Choices that can be, but are not likely: what was expected instead, for a warning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline import dutch
from pipeline.intake.fields.numbers import plain
from pipeline.model.amounts import NOTHING, Amount
from pipeline.model.choices import COLUMNS, Choices, Contribution, Guidance, Hosting
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period

LEAST_EUROS = 500
"""Euros per year below which an own estimate is doubted."""
IN_THOUSANDS = 100
"""Below so many euros it may have been thousands of euros."""
YEARS_AWAY = 10
"""How many years from the reference date a start is not doubted."""
PERCENT_APART = 25
"""By how many percent of the register the inhabitants may differ without doubt."""
MOST_HOURS = 500
"""Above so many hours of external guidance there is doubt; experience says about 150."""
TIMES_APART = 3
"""How many times the tariff's high end, or what part of its low end, an own estimate may be without doubt."""

Doubt = tuple[str, str, str]
"""The code of a warning, the column, and a Dutch sentence."""


def without_effect(given: Mapping[str, Any], estimates: Mapping[str, Amount]) -> Iterator[Doubt]:
    """Which of the values of a row, by column, or of its estimates, by item, do not count because of another one."""
    if given.get("begeleiding") is Guidance.SELF and "begeleidingsuren" in given:
        message = (
            "Deze uren tellen alleen bij extern: bij zelf zijn het eigen uren. Geef daarvoor een eigen raming "
            "(begeleiding_laag en begeleiding_hoog)."
        )
        yield "uren_tellen_niet", "begeleidingsuren", message
    if "afgestemd" in given and given.get("bijdrage") not in (Contribution.ALTERNATIVE, None):
        message = "Dit telt niet mee: afstemmen hoort bij een alternatieve bijdrage."
        yield "afgestemd_telt_niet", "afgestemd", message
    if GUIDANCE.word in estimates and given.get("begeleiding") is Guidance.EXTERNAL:
        message = "Deze raming telt niet mee: zij is voor eigen uren; bij extern telt begeleidingsuren."
        yield "raming_telt_niet", GUIDANCE.estimated_in[0], message
    if CONTRIBUTION.word in estimates and given.get("bijdrage") in (Contribution.FINANCIAL, Contribution.NONE):
        message = "Deze raming telt niet mee: zij is voor een alternatieve bijdrage."
        yield "raming_telt_niet", CONTRIBUTION.estimated_in[0], message


def doubts(choices: Choices, items: Iterable[Item], year: int) -> Iterator[Doubt]:
    """What is not likely about choices, in the year of the reference date; `items` are those that can be estimated."""
    estimates = dict(choices.estimates)
    if not estimates:
        items = ()
    for item in items:
        if (estimate := estimates.get(item.word)) is not None:
            yield from _estimate(item, estimate)
            if choices.already_has(item) or (item.by_choice and not choices.includes(item)):
                yield "raming_telt_niet", item.estimated_in[0], _not_there(item, choices)
    if choices.guidance is Guidance.EXTERNAL and choices.hours == 0:
        message = "0 uren betekent: externe begeleiding kost niets; laat het veld leeg voor de uren van het tarief."
        yield "uren_nul", "begeleidingsuren", message
    if choices.guidance is Guidance.EXTERNAL and choices.hours is not None and choices.hours > MOST_HOURS:
        message = f"Dit is meer dan {MOST_HOURS} uur; volgens de bron zijn het er ongeveer 150."
        yield "uren_veel", "begeleidingsuren", message
    if choices.start_year is not None and abs(choices.start_year - year) > YEARS_AWAY:
        expected = f"{year - YEARS_AWAY} tot en met {year + YEARS_AWAY}"
        message = f"Dit is meer dan tien jaar voor of na {year}; verwacht is een jaar van {expected}."
        yield "startjaar_ver", "startjaar", message
    registered = choices.municipality.inhabitants
    if choices.inhabitants is not None and 100 * abs(choices.inhabitants - registered) > PERCENT_APART * registered:
        message = (
            f"Het register heeft {dutch.number(Decimal(registered))} inwoners; dit wijkt meer dan {PERCENT_APART}% af. "
            "Laat het veld leeg voor het register."
        )
        yield "inwoners_anders", "inwoners", message


def _not_there(item: Item, choices: Choices) -> str:
    """Why an estimate of an item does not count."""
    if choices.already_has(item):
        return "Deze raming telt niet mee: de gemeente is al live, en deze eenmalige post hoort bij de inrichting."
    columns = (column.name for column, field in COLUMNS.items() if item.elsewhere and field == item.elsewhere.field)
    column = next(columns, item.word)
    return f"Deze raming telt niet mee: de post zelf is niet gekozen (kolom {column})."


def _estimate(item: Item, estimate: Amount) -> Iterator[Doubt]:
    """What is not likely about an own estimate in euros: nothing, very little, or far from what the tariff states."""
    columns, ends = item.estimated_in, (estimate.low, estimate.high)
    per_year = " per jaar" if item.period is Period.YEARLY else ""
    if estimate.low == 0:
        message = f"0 betekent: kost niets; laat {' en '.join(columns)} leeg als het bedrag niet bekend is."
        yield "raming_nul", columns[0], message
    for column, euros in zip(columns, ends, strict=True):
        if 0 < euros < LEAST_EUROS:
            message = f"Dit is minder dan € {LEAST_EUROS}; verwacht is een bedrag{per_year} in hele euro's."
            if euros < IN_THOUSANDS:
                message += f" Bedoelde u {plain(euros * 1000)}?"
            yield "raming_laag", column, message
    if item.usual is not None:
        if estimate.high > TIMES_APART * item.usual.high:
            yield "raming_ver", columns[1], f"Dit is meer dan drie keer {_usual(item)}. Klopt het bedrag?"
        elif LEAST_EUROS <= estimate.low < item.usual.low / TIMES_APART:
            yield "raming_ver", columns[0], f"Dit is minder dan een derde van {_usual(item)}. Klopt het bedrag?"


def _usual(item: Item) -> str:
    """What the tariff states of an item, in a sentence."""
    usual, what = item.usual or NOTHING, f"voor {Hosting.SAAS.dutch}" if item == HOSTING else "voor deze post"
    per_year = " per jaar" if item.period is Period.YEARLY else ""
    return f"het tarief {what} ({dutch.euros(usual.low, usual.high)}{per_year})"
