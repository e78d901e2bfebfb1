"""The cost items that the tariff file declares: blocks `[[tarieven.posten]]`, each checked as far as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from pipeline.model.amounts import PRO_MEMORIE, Amount
from pipeline.model.blocks import Known, Wrong, key, number, one_of, text, truth
from pipeline.model.items import CHOSEN_ELSEWHERE, HIGH, LOW, RESERVED, RESERVED_BEFORE, RULED, Item, ItemTexts, Period
from pipeline.model.limits import EUROS
from pipeline.model.quantities import Look, Stated

WORD = re.compile(r"[a-z]+(_[a-z]+)*")
"""What the key of an item looks like: it is a part of the names of cells, and may be the name of a column."""
SHORTEST, LONGEST = 3, 30
"""How many letters a key has: fewer may be the address of a cell, and more make formulas too long."""


def _word_of_its_own(value: object, known: Known) -> str:
    """The key of an item, which nothing else goes by."""
    found = text(value, known)
    if not (WORD.fullmatch(found) and SHORTEST <= len(found) <= LONGEST):
        raise Wrong.saying(
            f"{found!r:.60} cannot be a key; give {SHORTEST} to {LONGEST} small letters, with underscores between "
            "words, such as opleiding_gebruikers"
        )
    if by := _taken_by(found, known):
        raise Wrong.saying(f"{found!r} is taken by {by}; choose another word")
    return found


def _taken_by(word: str, known: Known) -> str:
    """What goes by a word already, so that no item may; empty if nothing does."""
    if any(word in (item.key, item.word) for item in RULED):
        return "an item with a rule of its own"
    if word in CHOSEN_ELSEWHERE:
        return ""
    if word.endswith((LOW, HIGH)):
        return "a column of an own estimate"
    if word in RESERVED or word.startswith(RESERVED_BEFORE):
        return "a cell of the workbook"
    if any(word in (other.key, other.cell) for other in CHOSEN_ELSEWHERE.values()):
        return "a cell of the workbook"
    return "a column of deliveries" if known.is_column and known.is_column(word) else ""


@dataclass(frozen=True, kw_only=True)
class DeclaredItem(Stated):
    """A cost item that is only data: what it is called, when it is there and paid, and what it costs then.

    Without amounts it is pro memorie.
    """

    word: str = key("sleutel", _word_of_its_own)
    name: str = key("naam", text)
    paid: str = key("periode", one_of(*(period.dutch for period in Period)))
    counts: str = key("telt", one_of("altijd", "bij keuze"))
    low: Decimal | None = key("laag", number(EUROS, places=2), default=None)
    high: Decimal | None = key("hoog", number(EUROS, places=2), default=None)
    unit: str = key("eenheid", one_of(*(period.unit for period in Period)))
    source: str = key("bron", text)
    explanation: str = key("uitleg", text)
    asked: str = key("gevraagd", text)
    also_live: bool = key("ook_live", truth, default=False)

    look: ClassVar[Look] = Look.EURO

    def contradictions(self) -> Iterator[str]:
        """Amounts that are no range, or a unit that does not fit."""
        match self.low, self.high:
            case (None, Decimal()) | (Decimal(), None):
                yield "laag and hoog belong together; give both, or neither for an item without amount"
            case Decimal() as low, Decimal() as high if low > high:
                yield "laag must not exceed hoog"
        if self.unit != self.period.unit:
            yield f"eenheid {self.unit!r} does not fit periode {self.paid!r}; make it {self.period.unit!r}"

    @property
    def ends(self) -> tuple[tuple[str, Decimal | None], ...]:
        """Both ends, or one without a number if it is pro memorie."""
        return (("", None),) if self.low is None else (("laag", self.low), ("hoog", self.high))

    @cached_property
    def item(self) -> Item:
        """The item that it declares."""
        elsewhere = CHOSEN_ELSEWHERE.get(self.word)
        return Item(
            key=elsewhere.key if elsewhere else self.word,
            word=self.word,
            period=self.period,
            by_choice=self.counts == "bij keuze",
            amount=self.amount,
            texts=ItemTexts(self.name, self.explanation, self.asked),
            also_live=self.also_live,
            usual=None if self.amount.pro_memorie else self.amount,
        )

    @property
    def amount(self) -> Amount:
        """What it costs when it is there."""
        return PRO_MEMORIE if self.low is None or self.high is None else Amount.between(self.low, self.high)

    @property
    def period(self) -> Period:
        """When it is paid."""
        return next(period for period in Period if period.dutch == self.paid)
