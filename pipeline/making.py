"""What a worker does: from the choices of some municipalities to their documents, ready to be published."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.choices import Choices
from pipeline.errors import OutputsError
from pipeline.indication import Indication, indicate
from pipeline.outputs import Stored, secure, store
from pipeline.results import record
from pipeline.summaries import Summaries

if TYPE_CHECKING:
    from pipeline.workbooks import Workbooks

RECORD = "record.json"
"""What a record is called until it is read; it is not published."""
MODULES = ("pipeline.cli", "pipeline.making", "pipeline.workbooks", "jinja2")
"""What a worker loads before its first task."""


def document_names(choices: Choices) -> tuple[str, str]:
    """The names of a municipality's workbook and summary in the folder with results."""
    stem = f"gemeenten/{choices.municipality.stem}"
    return f"{stem}.xlsx", f"{stem}.md"


@dataclass(frozen=True, slots=True)
class Task:
    """One municipality: its choices, and whether its documents are to be made, or only its record."""

    choices: Choices
    documents: bool


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a task: the gist of the indication, its record in the JSON form, and its documents, if made.

    Texts go by way of files: what a worker hands over fits in a pipe, so that it never waits half-way.
    """

    gist: Indication
    record: Stored
    documents: tuple[Stored, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """All that a worker needs besides its tasks; plain data, so that it can go to another process or machine.

    `unfinished` is the folder where documents wait to be published; all workers must reach it by this name.
    """

    workbooks: Workbooks
    summaries: Summaries
    default_start_year: int
    unfinished: Path

    def make(self, tasks: Sequence[Task]) -> list[Made]:
        """Work out some municipalities, and write their documents among the unfinished files.

        Raises:
            OutputsError: if a document cannot be written.
            TextsError: if a template is broken.
        """
        if not os.access(self.unfinished, os.W_OK | os.X_OK):
            raise OutputsError(
                f"{self.unfinished.parent.parent}: cannot be written from {socket.gethostname()}. Every worker must "
                "reach it by this name."
            )
        made = [self._make(task) for task in tasks]
        secure(document for one in made for document in one.documents)
        return made

    def _make(self, task: Task) -> Made:
        basis = self.workbooks.basis
        indication = indicate(task.choices, basis.tariff, self.default_start_year)
        documents: tuple[Stored, ...] = ()
        if task.documents:
            workbook, summary = document_names(task.choices)
            documents = (
                store(self.unfinished, workbook, [self.workbooks.render(indication)], lasting=False),
                store(self.unfinished, summary, [self.summaries.indication(indication, basis).encode()], lasting=False),
            )
        # What only its own documents show stays here: ten thousand of them would fill the memory of the parent.
        gist = replace(indication, years=(), options=(), scenarios=(), sensitivities=())
        return Made(gist, store(self.unfinished, RECORD, [record(indication).encode()], lasting=False), documents)
