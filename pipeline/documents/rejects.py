"""The rejected rows as a CSV and as a workbook, to be mended and dropped back in; there are none if all is well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from pipeline.documents import Format, Render
from pipeline.intake import Intake, rejected_pieces
from pipeline.intake.delivery import MOST_REJECTED
from pipeline.reference.data import ReferenceData
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview

FILES = ("afgekeurd.csv", "afgekeurd.xlsx")
"""What they are called; they hold what rows hold, and are for who mends these."""


@dataclass(frozen=True, slots=True)
class Rejects(Format):
    """The rows that were rejected, of all deliveries together; `texts` are those of the workbook."""

    libraries: ClassVar[Sequence[str]] = ("xlsxwriter",)
    aside: ClassVar[bool] = False  # what rows hold, addresses too, is left in no file on the way to a worker

    texts: Texts

    @classmethod
    def read(cls, _templates: Folder, texts: Texts, _others: Sequence[str]) -> Rejects:
        """All that is needed are the texts."""
        return cls(texts)

    def together(self, intake: Intake) -> Mapping[str, Render]:
        """The files, if there are errors; no workbook with more wrong rows than a delivery may have."""
        if not intake.errors:
            return {}

        def workbook(_: Overview, data: ReferenceData) -> Iterator[bytes]:
            from pipeline.documents.workbooks.placed import place
            from pipeline.documents.workbooks.rejects import describe
            from pipeline.documents.workbooks.writer import write

            yield write(place(describe(intake, self.texts, data.tariff.valid_from)), None)

        table, book = FILES
        files: dict[str, Render] = {table: lambda *_: rejected_pieces(intake)}
        return files | ({book: workbook} if len(intake.rejected) <= MOST_REJECTED else {})
