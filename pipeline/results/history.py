"""The results that were kept, side by side: what they came to, and since when a question is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from pipeline import dutch
from pipeline.model.amounts import Amount
from pipeline.model.choices import Contribution, Provenance
from pipeline.model.items import CONTRIBUTION
from pipeline.model.tariffs import Tariff
from pipeline.results.questions import Open, questions_in
from pipeline.results.reading import Earlier
from pipeline.results.records import Gist
from pipeline.results.rows import add_up

MOST, MOST_RECORDS = 24, 20_000
"""How many earlier results are looked at, the newest; and fewer when they have more records together than this."""


class Line(Struct, frozen=True):
    """What one result came to, of the municipalities that delivered themselves.

    `day` is the reference date of the run that made it, None if nobody knows; `until` that of the run that replaced it.
    `participants` delivered themselves, `examples` stand in an illustrative delivery. `contributions` are euros per
    year, `yearly` is what recurs in the first year of each.
    """

    number: int
    day: date | None
    until: date
    participants: int
    examples: int
    contributions: Decimal
    yearly: Amount
    open: frozenset[Open] = frozenset()


class Since(Struct, frozen=True):
    """Since when a question is open: since a day, or longer than that; without a day since the first result."""

    day: date | None = None
    longer: bool = False

    @property
    def in_words(self) -> str:
        """In Dutch."""
        if self.day is None:
            return "eerste resultaat"
        return f"{'voor ' if self.longer else ''}{dutch.day(self.day)}"


class History(Struct, frozen=True):
    """Earlier results, oldest first; whether these are all of them, or before them there were more."""

    lines: Sequence[Line] = ()
    whole: bool = True

    def since(self, question: Open) -> Since:
        """Since when a question that is open now has been open without a break."""
        first = None
        for line in reversed(self.lines):
            if question not in line.open:
                break
            first = line
        if first is None:
            return Since(self.lines[-1].until) if self.lines else Since()
        if first is self.lines[0] and not self.whole:
            return Since(first.day or first.until, longer=True)
        return Since(first.day) if first.day else Since(first.until, longer=True)


def line_of(number: int, day: date | None, until: date, result: Earlier, tariff: Tariff) -> Line:
    """What an earlier result came to; what is doubted in it is doubted by the tariff of now."""
    yearly: list[Amount] = []
    contributions = Decimal(0)

    def counted() -> Iterator[Gist]:
        nonlocal contributions
        for code in result.codes:
            gist = result.gist(code)
            if gist.choices.provenance is Provenance.DELIVERED:
                yearly.append(gist.totals.yearly.amount)
                if gist.choices.contribution is Contribution.FINANCIAL:
                    contributions += gist.amount_of(CONTRIBUTION.key).low
            yield gist

    open_ = questions_in(result.rest, counted(), tariff)
    examples = len(result.codes) - len(yearly)
    return Line(number, day, until, len(yearly), examples, contributions, add_up(yearly), open_)
