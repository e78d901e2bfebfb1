"""What municipalities themselves report: own estimates beside what the tariff says, as evidence for a next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from pipeline.model.amounts import Amount, to_cents
from pipeline.model.choices import Hosting
from pipeline.model.items import GUIDANCE, HOSTING, Item
from pipeline.model.tariffs import Tariff
from pipeline.results.records import Gist


class Reported(Struct, frozen=True):
    """The own estimates of one item, of hosting in one form: how many, and the lowest, median and highest euros.

    The median is of the middles of the estimates, since each runs from low to high. `tariff` is what the tariff says of
    it; None where it says nothing.
    """

    item: Item
    form: Hosting | None
    number: int
    lowest: Decimal
    middle: Decimal
    highest: Decimal
    tariff: Amount | None


def reported(gists: Iterable[Gist], tariff: Tariff) -> tuple[Reported, ...]:
    """The own estimates that count, by item and form of hosting; only of what anybody estimated."""
    own: dict[tuple[str, Hosting | None], list[Amount]] = defaultdict(list)
    for gist in gists:
        for line in gist.lines:
            if line.own:
                own[line.item, gist.choices.hosting if line.item == HOSTING.key else None].append(line.amount.amount)
    return tuple(
        _of(amounts, item, form, tariff)
        for item in tariff.items
        for form in (Hosting if item == HOSTING else (None,))
        if (amounts := own.get((item.key, form)))
    )


def _of(amounts: Sequence[Amount], item: Item, form: Hosting | None, tariff: Tariff) -> Reported:
    return Reported(
        item,
        form,
        len(amounts),
        min(amount.low for amount in amounts),
        to_cents(_median([(amount.low + amount.high) / 2 for amount in amounts])),
        max(amount.high for amount in amounts),
        _of_tariff(item, form, tariff),
    )


def _median(numbers: Sequence[Decimal]) -> Decimal:
    """The middle one, or the middle of the two in the middle; the module `statistics` takes long to load."""
    ordered, last = sorted(numbers), len(numbers) - 1
    return (ordered[last // 2] + ordered[-(-last // 2)]) / 2


def _of_tariff(item: Item, form: Hosting | None, tariff: Tariff) -> Amount | None:
    if item == HOSTING:
        return tariff.saas.amount if form is Hosting.SAAS else None
    if item == GUIDANCE:
        return Amount.exactly(tariff.hourly_rate.value) * tariff.hours.value
    return None if item.amount is None or item.amount.pro_memorie else item.amount
