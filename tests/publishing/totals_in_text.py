"""A format of document as somebody would add it: the total of each municipality as a text, and a list of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pipeline.documents import Format, Render
from pipeline.intake import Intake
from pipeline.model.indication import Indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview


@dataclass(frozen=True, slots=True)
class Totals(Format):
    """Totals as text."""

    suffix: ClassVar[str] = ".txt"

    purpose: str

    @classmethod
    def read(cls, _templates: Folder, texts: Texts, _others: Sequence[str]) -> Totals:
        return cls(texts.purpose)

    def render(self, indication: Indication, _data: ReferenceData) -> bytes:
        total = indication.totals.horizon
        return f"{indication.choices.municipality.name}: {total.low:.0f} tot {total.high:.0f}\n".encode()

    def together(self, intake: Intake) -> Mapping[str, Render]:
        return {"totalen.txt": _together} if intake.choices else {}


def _together(overview: Overview, _data: ReferenceData) -> Iterator[bytes]:
    for row in overview.municipalities:
        yield f"{row.name}: {row.horizon.low:.0f}\n".encode()
