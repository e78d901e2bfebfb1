"""Workbooks: the municipality's calculator and the steering group's overview, as bytes."""

from __future__ import annotations

from pipeline.indication import Indication
from pipeline.results import Basis
from pipeline.texts import Texts
from pipeline.workbooks import municipality
from pipeline.workbooks.steering import render_overview
from pipeline.workbooks.writer import write

__all__ = ["render_indication", "render_overview"]


def render_indication(indication: Indication, basis: Basis, texts: Texts) -> bytes:
    """The workbook of one municipality, as the bytes of an .xlsx file; the same indication gives the same bytes."""
    return write(
        municipality.describe(basis, texts),
        municipality.name_values(indication, basis, texts),
        municipality.properties(indication, basis, texts),
    )
