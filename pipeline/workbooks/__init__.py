"""Workbooks: the municipality's calculator and the steering group's overview, as bytes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.indication import Indication
from pipeline.results import Basis
from pipeline.texts import Texts
from pipeline.workbooks import municipality
from pipeline.workbooks.filling import Filling, Unfillable, lay_out
from pipeline.workbooks.steering import render_overview
from pipeline.workbooks.writer import write

__all__ = ["Workbooks", "render_indication", "render_overview"]

WORTH_A_LAYOUT = 8
"""From how many workbooks on laying one out first takes less time than it saves."""

_log = logging.getLogger(__name__)


def render_indication(indication: Indication, basis: Basis, texts: Texts) -> bytes:
    """The workbook of one municipality, as the bytes of an .xlsx file; the same indication gives the same bytes."""
    return write(
        municipality.describe(basis, texts),
        municipality.name_values(indication, basis, texts),
        municipality.properties(indication, basis, texts),
    )


@dataclass(frozen=True, slots=True)
class Workbooks:
    """Renders the workbooks of many municipalities, the same bytes as `render_indication`; plain data, to be sent."""

    basis: Basis
    texts: Texts
    filling: Filling | None

    @classmethod
    def prepare(cls, basis: Basis, texts: Texts, samples: Iterable[Indication], number: int) -> Workbooks:
        """Get ready for so many workbooks; `samples` are some of their indications, of which as few are taken as do."""
        filling = None
        if number >= WORTH_A_LAYOUT:
            contents = (
                (municipality.name_values(one, basis, texts), municipality.properties(one, basis, texts))
                for one in samples
            )
            try:
                filling = lay_out(municipality.describe(basis, texts), *next(contents), write, contents)
            except Unfillable as why:
                _log.warning("Each workbook is built on its own, which takes longer: %s.", why)
        return cls(basis, texts, filling)

    def render(self, indication: Indication) -> bytes:
        """The workbook of one municipality."""
        if self.filling:
            values = municipality.name_values(indication, self.basis, self.texts)
            try:
                return self.filling.fill(values, municipality.properties(indication, self.basis, self.texts))
            except Unfillable:
                pass  # a value that only the ordinary builder can write
        return render_indication(indication, self.basis, self.texts)
