"""The cost items that the tariff file declares: blocks `[[tarieven.posten]]`, each checked as far as it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from pipeline.model.amounts import PRO_MEMORIE, Amount
from pipeline.model.items import CHOSEN_ELSEWHERE, HIGH, LOW, RESERVED, RESERVED_BEFORE, RULED, Item, ItemTexts, Period
from pipeline.model.limits import EUROS
from pipeline.model.quantities import Look, Stated

WORD = re.compile(r"[a-z]+(_[a-z]+)*")
"""What the key of an item looks like: it is a part of the names of cells, and may be the name of a column."""
SHORTEST, LONGEST = 3, 30
"""How many letters a key has: fewer may be the address of a cell, and more make formulas too long."""


class DeclaredItem(Stated):
    """A cost item that is only data: what it is called, when it is there and paid, and what it costs then.

    Without amounts it is pro memorie.
    """

    word: str = Field(alias="sleutel")
    name: str = Field(alias="naam", min_length=1)
    paid: Literal["eenmalig", "jaarlijks"] = Field(alias="periode")
    counts: Literal["altijd", "bij keuze"] = Field(alias="telt")
    low: Annotated[Decimal, Field(ge=EUROS.low, le=EUROS.high, decimal_places=2)] | None = Field(
        alias="laag", default=None
    )
    high: Annotated[Decimal, Field(ge=EUROS.low, le=EUROS.high, decimal_places=2)] | None = Field(
        alias="hoog", default=None
    )
    unit: Literal["EUR", "EUR per jaar"] = Field(alias="eenheid")
    source: str = Field(alias="bron", min_length=1)
    explanation: str = Field(alias="uitleg", min_length=1)
    asked: str = Field(alias="gevraagd", min_length=1)
    also_live: bool = Field(alias="ook_live", default=False)

    look: ClassVar[Look] = Look.EURO

    @field_validator("word")
    @classmethod
    def _is_a_word_of_its_own(cls, word: str, info: ValidationInfo) -> str:
        if not (WORD.fullmatch(word) and SHORTEST <= len(word) <= LONGEST):
            raise ValueError(
                f"{word!r:.60} cannot be a key; give {SHORTEST} to {LONGEST} small letters, with underscores between "
                "words, such as opleiding_gebruikers"
            )
        if by := _taken_by(word, info):
            raise ValueError(f"{word!r} is taken by {by}; choose another word")
        return word

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        match self.low, self.high:
            case (None, Decimal()) | (Decimal(), None):
                raise ValueError("laag and hoog belong together; give both, or neither for an item without amount")
            case Decimal() as low, Decimal() as high if low > high:
                raise ValueError("laag must not exceed hoog")
        if self.unit != self.period.unit:
            raise ValueError(f"eenheid {self.unit!r} does not fit periode {self.paid!r}; make it {self.period.unit!r}")
        return self

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


def _taken_by(word: str, info: ValidationInfo) -> str:
    """What goes by a word already, so that no item may; empty if nothing does.

    The context of the validation tells what is a column: the columns are known to who reads deliveries.
    """
    is_column: Callable[[str], bool] | None = (info.context or {}).get("is_column")
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
    return "a column of deliveries" if is_column and is_column(word) else ""
