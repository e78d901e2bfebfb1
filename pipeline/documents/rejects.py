"""The rejected rows as a CSV, to be mended and dropped back in; there is none if all is well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.documents import Format, Render
from pipeline.intake import Intake, rejected_pieces


@dataclass(frozen=True, slots=True)
class Rejects(Format):
    """The rows that were rejected, of all deliveries together."""

    def together(self, intake: Intake) -> Mapping[str, Render]:
        """The file, if there are errors."""
        return {"afgekeurd.csv": lambda *_: rejected_pieces(intake)} if intake.errors else {}
