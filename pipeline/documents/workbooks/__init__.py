"""Workbooks: the municipality's calculator and the steering group's overview, as bytes."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from msgspec import msgpack

from pipeline.documents import Format, Render
from pipeline.intake import Intake
from pipeline.model.indication import Indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview

if TYPE_CHECKING:
    from pipeline.documents.workbooks.layouts import Filling
    from pipeline.documents.workbooks.placed import Placed

MOST_ROWS = 10_000
"""How many municipalities have a row each in the steering group's workbook, at most: nobody could open a larger one."""
ROWS = "stuurgroep/gemeenten.csv"
"""Where those rows stand if there are more."""

_log = logging.getLogger(__name__)


def render_indication(indication: Indication, basis: ReferenceData, texts: Texts) -> bytes:
    """The workbook of one municipality, as the bytes of an .xlsx file; the same indication gives the same bytes."""
    return Workbooks(texts, _pickled(basis, texts)).render(indication, basis)


def render_overview(overview: Overview, basis: ReferenceData, texts: Texts) -> bytes:
    """The workbook of the steering group, as the bytes of an .xlsx file; the same overview gives the same bytes."""
    from pipeline.documents.workbooks import steering
    from pipeline.documents.workbooks.placed import place
    from pipeline.documents.workbooks.writer import write

    rows_in = ROWS if len(overview.municipalities) > MOST_ROWS else ""
    return write(place(steering.describe(overview, basis, texts, rows_in)), overview)


@dataclass(frozen=True, slots=True)
class Workbooks(Format):
    """The texts in workbooks, and a layout to fill in: the bytes are those of `render_indication`.

    `rests_on` is what their description follows from, pickled: each process describes them once.
    """

    suffix: ClassVar[str] = ".xlsx"
    libraries: ClassVar[Sequence[str]] = ("xlsxwriter", "deflate")
    modules: ClassVar[Sequence[str]] = (
        "pipeline.documents.workbooks.municipality",
        "pipeline.documents.workbooks.layouts",
    )
    aside: ClassVar[bool] = True
    modules_together: ClassVar[Sequence[str]] = (
        "pipeline.documents.workbooks.steering",
        "pipeline.documents.workbooks.writer",
    )

    texts: Texts
    rests_on: bytes = b""
    filling: Filling | None = None

    @classmethod
    def read(cls, _templates: Folder, texts: Texts, _others: Sequence[str]) -> Workbooks:
        """All that is needed are the texts."""
        return cls(texts)

    def prepare(
        self, basis: ReferenceData, samples: Iterable[Indication], ready: MutableMapping[str, bytes]
    ) -> Workbooks:
        """Take the layout that is ready, or lay out a workbook."""
        from pipeline.documents.workbooks.layouts import Filling, Unfillable, lay_out

        rests_on, filling = _pickled(basis, self.texts), None
        if self.suffix in ready:
            filling = msgpack.decode(ready[self.suffix], type=Filling)
        else:
            from pipeline.documents.workbooks.writer import write_values

            try:
                filling = lay_out(_placed(rests_on), samples, write_values)
                ready[self.suffix] = msgpack.encode(filling)
            except Unfillable as why:
                _log.warning("Each workbook is built on its own, which takes longer: %s.", why)
        return replace(self, rests_on=rests_on, filling=filling)

    def render(self, indication: Indication, _basis: ReferenceData) -> bytes:
        """The workbook of one municipality."""
        from pipeline.documents.workbooks.layouts import Unfillable

        placed = _placed(self.rests_on)
        if self.filling:
            # not of a value that only the ordinary builder can write
            with suppress(Unfillable):
                return self.filling.fill(placed.titled(indication), placed.values(indication))
        from pipeline.documents.workbooks.writer import write

        return write(placed, indication)

    def together(self, intake: Intake) -> Mapping[str, Render]:
        """The workbook of the steering group, and the rows that are too many for it."""
        rows = {ROWS: _rows} if len(intake.choices) > MOST_ROWS else {}
        return {"stuurgroep.xlsx": self._together, **rows}

    def _together(self, overview: Overview, data: ReferenceData) -> Iterator[bytes]:
        yield render_overview(overview, data, self.texts)


def _rows(overview: Overview, data: ReferenceData) -> Iterator[bytes]:
    from pipeline.documents.workbooks.steering.municipalities import as_csv

    return as_csv(overview, data.tariff)


def _pickled(basis: ReferenceData, texts: Texts) -> bytes:
    return pickle.dumps((basis, texts))


@lru_cache(maxsize=1)
def _placed(rests_on: bytes) -> Placed:
    """The workbook of municipalities; the same for all that a process makes."""
    from pipeline.documents.workbooks import municipality
    from pipeline.documents.workbooks.placed import place

    return place(municipality.describe(*pickle.loads(rests_on)))
