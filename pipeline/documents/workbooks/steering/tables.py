"""Tables with a row for each group of municipalities and one for all, by formula, or for whatever there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from msgspec import Struct

from pipeline.documents.workbooks.cells import Calculated, Fixed, Take
from pipeline.documents.workbooks.sheets import Column, Range, Table
from pipeline.documents.workbooks.steering.words import cell_name
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import NOT_APPLICABLE
from pipeline.results.overview import PHASES, SIZE_CLASSES, TOTAL, Groups, Overview


class Grouping(Struct, frozen=True):
    """By what municipalities are grouped: as names of cells begin, the column that tells it, its labels and sums."""

    kind: str
    header: str
    labels: Sequence[str]
    sums: Callable[[Overview], Groups]

    def place(self, label: str) -> int:
        """The place of a group in its table, from 1; that of all together is the last."""
        return [*self.labels, TOTAL].index(label) + 1


BY_CLASS = Grouping("klasse", "Grootteklasse", SIZE_CLASSES, attrgetter("counted.by_class"))
BY_PHASE = Grouping("fase", "Fase", PHASES, attrgetter("counted.by_phase"))


def grouped(
    table: str, by: Grouping, columns: Sequence[Column], name: str = "", ranges: Mapping[str, Range] | None = None
) -> Table:
    """A table with a row for each group, and its totals; `name` is that of the labels."""
    labels = Column(by.header, 0, Fixed, Fixed(TOTAL), name)
    return Table(
        table,
        [labels, *columns],
        by.labels,
        of=lambda overview: list(by.sums(overview).values()),
        ranges=ranges or {},
    )


def summed(
    prefix: str,
    key: str,
    header: str,
    formula: str,
    value: Take,
    style: Style = Style.EURO,
    total: str = "ROUND(SUM(@),2)",
) -> Column:
    """A column with its sum; the names of the column (`@`), and of the sum, are made of a prefix and a key."""
    name = cell_name(prefix, key)
    sum_ = Calculated(total.replace("@", name), value, style, cell_name(prefix, TOTAL, key))
    return Column(header, 0, Calculated(formula, value, style), sum_, name)


def listed(
    table: str,
    columns: Sequence[Column],
    rows: Sequence[Any],
    nothing: Mapping[str, Fixed],
    on_paper: int | None = None,
) -> Table:
    """A table to be filtered; without rows it has one that says so: its cells by their headers, elsewhere n.v.t."""
    if not rows:
        unsaid = Fixed(NOT_APPLICABLE)
        columns = [Column(each.header, each.width, nothing.get(each.header, unsaid)) for each in columns]
    return Table(table, columns, rows or [None], filters=True, on_paper=on_paper)
