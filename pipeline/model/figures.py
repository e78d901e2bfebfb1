"""The figures of a tariff, each with the name that its field declares, in the order in which documents show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Generic, TypeVar

from msgspec import Struct

from pipeline.model.blocks import Block
from pipeline.model.declared_items import DeclaredItem
from pipeline.model.quantities import EuroRangePerYear, Figure, Named
from pipeline.model.tariffs import Tariff

Number = Figure | EuroRangePerYear
Shown = Number | DeclaredItem
F_co = TypeVar("F_co", bound=Shown, covariant=True)


class NamedFigure(Struct, Generic[F_co], frozen=True):
    """A figure under its `key` for code and JSON, and as documents call it."""

    key: str
    named: Named
    figure: F_co


def named_figures(tariff: Tariff) -> tuple[NamedFigure[Number], ...]:
    """Every number of a tariff; the G4 list is no number."""
    return tuple(
        NamedFigure(key, named, figure)
        for key, named, path in _declared(type(tariff))
        if (figure := _at(tariff, path)) is not None
    )


def shown_figures(tariff: Tariff) -> tuple[NamedFigure[Shown], ...]:
    """All that documents show: every number, and what each declared item costs.

    One that is chosen elsewhere and has no amount is not among them: the tariff explains it in words.
    """
    return named_figures(tariff) + tuple(
        NamedFigure(item.key, Named(declared.name, cell=item.figure), declared)
        for declared in tariff.declared
        for item in (declared.item,)
        if not (item.elsewhere and declared.amount.pro_memorie)
    )


@cache
def declarations() -> Mapping[str, Named]:
    """What every figure that a tariff may have is called, by its key."""
    return {key: named for key, named, _ in _declared(Tariff)}


def _declared(block: type[Block], *within: str) -> Iterator[tuple[str, Named, tuple[str, ...]]]:
    """The key, name and place of each field that holds a figure, also of those in blocks of their own."""
    for name, key in block.keys().items():
        path = (*within, name)
        if isinstance(key.named, Named):
            yield "_".join(path), key.named, path
        if isinstance(key.kind, type) and issubclass(key.kind, Block):
            yield from _declared(key.kind, *path)


def _at(block: object, path: tuple[str, ...]) -> Number | None:
    for name in path:
        block = getattr(block, name)
    return block if isinstance(block, Number) else None
