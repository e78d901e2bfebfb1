"""One batch run: read everything, work everything out, and only then publish."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from pipeline.errors import RejectedRows
from pipeline.indication import Indication, indicate
from pipeline.intake import Intake, Limits, read_deliveries, rejected_csv
from pipeline.outputs import Outputs
from pipeline.overview import oversee
from pipeline.register import read_register
from pipeline.results import Basis, Results, to_json
from pipeline.summaries import Summaries, read_templates
from pipeline.tariffs import read_tariffs, tariff_on
from pipeline.texts import read_texts
from pipeline.workbooks import render_indication, render_overview

REGISTER, TARIFFS = "gemeenten.csv", "tarieven.toml"
WORTH_A_POOL = 24
"""From how many municipalities on starting worker processes takes less time than it saves."""

Progress = Callable[[int, int], None]
"""Is told how many of how many municipalities are made."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a run reads and writes, and the reference date that chooses the tariff and the default start year."""

    inputs: Path
    outputs: Path
    reference: Path
    templates: Path
    day: date
    limits: Limits = field(default_factory=Limits)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: how many municipalities were made, rows replaced and rejected; in how many seconds; where."""

    intake: Intake
    made: int
    seconds: float
    folder: Path

    @property
    def replaced(self) -> int:
        """How many rows a later delivery replaced."""
        return sum(delivery.replaced for delivery in self.intake.deliveries)

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return len(self.intake.rejected)


def check(inputs: Path, reference: Path, limits: Limits) -> Intake:
    """Read the register and all deliveries, and write nothing.

    Raises:
        RegisterError: if the register is broken.
        InputsError: if the deliveries cannot be read at all.
    """
    return read_deliveries(inputs, read_register(reference / REGISTER), limits)


def report(settings: Settings, progress: Progress | None = None) -> RunReport:
    """Make every indication and publish it: a workbook and a summary each, the overview, and the result as JSON.

    Everything is read and worked out before anything is written; the same inputs give the same bytes.

    Raises:
        KostenindicatieError: if the register, tariffs, texts or templates are broken, if the outputs cannot be
            written, or if rows were rejected and the settings are strict.
    """
    began = time.monotonic()
    register = read_register(settings.reference / REGISTER)
    tariff = tariff_on(read_tariffs(settings.reference / TARIFFS), settings.day)
    texts = read_texts(settings.templates)
    summaries = read_templates(settings.templates, texts)
    intake = read_deliveries(settings.inputs, register, settings.limits)
    if settings.strict and intake.errors:
        raise RejectedRows(f"{len(intake.errors)} errors in the deliveries, and --strict: nothing was made.")
    basis = Basis(tariff, register.reference_date, register.source)
    indications = tuple(indicate(choices, tariff, settings.day.year) for choices in intake.choices)
    results = Results(basis, indications, intake.findings, intake.rejected, intake.deliveries)
    overview = oversee(results)
    with Outputs(settings.outputs) as outputs:
        made = _render(indications, partial(_documents, basis=basis, summaries=summaries))
        for count, (stem, workbook, summary) in enumerate(made, 1):
            outputs.write(f"gemeenten/{stem}.xlsx", workbook)
            outputs.write(f"gemeenten/{stem}.md", summary)
            if progress:
                progress(count, len(indications))
        outputs.write("stuurgroep.xlsx", render_overview(overview, basis, texts))
        outputs.write("stuurgroep.md", summaries.overview(overview, basis).encode())
        outputs.write("kostenindicaties.json", to_json(results))
        if intake.errors:
            outputs.write("afgekeurd.csv", rejected_csv(intake))
    return RunReport(intake, len(indications), time.monotonic() - began, settings.outputs)


Document = tuple[str, bytes, bytes]
"""The stem of a municipality's files, its workbook and its summary."""


def _documents(indications: Sequence[Indication], basis: Basis, summaries: Summaries) -> list[Document]:
    """Render some municipalities; runs in a worker process when there are many."""
    return [
        (
            indication.choices.municipality.stem,
            render_indication(indication, basis, summaries.texts),
            summaries.indication(indication, basis).encode(),
        )
        for indication in indications
    ]


def _render(
    indications: Sequence[Indication], documents: Callable[[Sequence[Indication]], list[Document]]
) -> Iterator[Document]:
    """Render all municipalities, in order: by worker processes when there are many."""
    size = 8
    chunks = [indications[start : start + size] for start in range(0, len(indications), size)]
    if len(indications) < WORTH_A_POOL:
        for chunk in chunks:
            yield from documents(chunk)
        return
    with _pool() as pool:
        rendered: Iterable[list[Document]] = pool.map(documents, chunks)
        for some in rendered:
            yield from some


@contextmanager
def _pool() -> Iterator[Executor]:
    """Worker processes, one a core; on any exception what has not begun is dropped."""
    pool = ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
