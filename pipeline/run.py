"""One batch run: read everything, find out what is to be made anew, have it made, and publish it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import import_module
from mmap import mmap
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cluster import PATIENCE
from pipeline.errors import OutputsError, RejectedRows, ResultError, SettingsError
from pipeline.fingerprints import fingerprint, fingerprint_all, program
from pipeline.history import FOLDER, choose, is_kept, last_number, small
from pipeline.indication import Indication, indicate
from pipeline.intake import Intake, Limits, read_deliveries, rejected_pieces
from pipeline.intake.columns import is_taken
from pipeline.lasttime import listed, missing, refuse_removals, refuse_unread, stand_back, to_remember
from pipeline.making import Task, document_names
from pipeline.mergers import FILE as MERGERS
from pipeline.outputs import Outputs, Stored, store, take
from pipeline.reference.places import Folder
from pipeline.register import read_register
from pipeline.results import Basis, Results, json_pieces
from pipeline.summaries import Summaries, read_templates
from pipeline.summaries.charts import FILES, draw, pictures
from pipeline.tariffs import Tariff, read_tariffs, tariff_on
from pipeline.texts import read_texts
from pipeline.workers import Crew, muster

if TYPE_CHECKING:
    from pipeline.changes import Changes

REGISTER, TARIFFS = "gemeenten.csv", "tarieven.toml"
RESULT, WORKBOOK, SUMMARY, REJECTED = "kostenindicaties.json", "stuurgroep.xlsx", "stuurgroep.md", "afgekeurd.csv"

CONTENTS, BOOK = "SUMMARY.md", ".gitbook.yaml"
"""What makes a GitBook of the folder: its table of contents, and where that stands."""

FOR_PANDAS = 150 * 2**20
"""How many bytes of address space loading pandas takes; most of it is never used."""

Progress = Callable[[int, int], None]
"""Is told how many of how many municipalities are done."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a run reads and writes, and the reference date that chooses the tariff and the default start year.

    `strict` makes nothing when a row is rejected; `force` makes everything anew. `workers` is the most processes to
    start (None: one a core); `scheduler` the address of a Dask scheduler that gives out the work instead, and
    `worker_timeout` after how many seconds without an outcome one of its workers is given up. `allow_removals` lets a
    run remove the documents of very many municipalities, or of all.
    """

    inputs: Path
    outputs: Path
    reference: Folder
    templates: Folder
    day: date
    limits: Limits = field(default_factory=Limits)
    strict: bool = False
    force: bool = False
    workers: int | None = None
    scheduler: str | None = None
    allow_removals: bool = False
    worker_timeout: int = PATIENCE


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: how many municipalities were made or left alone, rows replaced and rejected; how long; where.

    `kept_aside` are files that somebody had changed, with the names under which they are kept now; `damaged` are files
    that were empty or broken off, `removed` those that do not belong any more. `missing` says which deliveries are gone
    or shorter since last time; `lost` that what runs made before is not known. `remarks` are sentences on what did not
    go as usual.
    """

    intake: Intake
    made: int
    unchanged: int
    kept_aside: dict[str, str]
    damaged: tuple[str, ...]
    removed: tuple[str, ...]
    missing: tuple[str, ...]
    lost: bool
    seconds: float
    folder: Path
    remarks: tuple[str, ...] = ()

    @property
    def replaced(self) -> int:
        """How many rows a later delivery replaced."""
        return sum(delivery.replaced for delivery in self.intake.deliveries)

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return len(self.intake.rejected)


def check(inputs: Path, reference: Folder, limits: Limits, day: date) -> Intake:
    """Read the register, the tariff of a day and all deliveries, and write nothing.

    Raises:
        RegisterError: if the register is broken.
        TariffError: if the tariffs are.
        TariffGap: if there is none for that day.
        InputsError: if the deliveries cannot be read at all.
    """
    tariff = read_tariff(reference, day)
    return read_deliveries(
        inputs, read_register(reference / REGISTER, reference / MERGERS), limits, tariff.items, day.year
    )


def read_tariff(reference: Folder, day: date) -> Tariff:
    """The tariff of a day, from the folder with reference data; no item in it goes by the name of a column.

    Raises:
        TariffError: if the tariffs are broken.
        TariffGap: if there is none for that day.
    """
    return tariff_on(read_tariffs(reference / TARIFFS, is_taken), day)


def report(settings: Settings, progress: Progress | None = None) -> RunReport:
    """Make every indication and publish it: a workbook and a summary each, the overview, and the result as JSON.

    Everything is read before anything is written; the same inputs give the same bytes. What stands there already, made
    from the same, is left alone.

    Raises:
        KostenindicatieError: if the register, tariffs, texts or templates are broken, if a delivery cannot be read, if
            the outputs cannot be written, if too much would be removed, if a worker ends too early, or if rows were
            rejected and the settings are strict.
    """
    began = time.monotonic()
    if settings.outputs.resolve().is_relative_to(settings.inputs.resolve()):
        raise SettingsError(f"{settings.outputs}: is the folder with deliveries, or in it; results go elsewhere.")
    register = read_register(settings.reference / REGISTER, settings.reference / MERGERS)
    tariff = read_tariff(settings.reference, settings.day)
    texts = read_texts(settings.templates)
    texts.tell_apart(tariff.items)
    summaries = read_templates(settings.templates, texts)
    intake = read_deliveries(settings.inputs, register, settings.limits, tariff.items, settings.day.year)
    refuse_unread(intake)
    if settings.strict and intake.errors:
        raise RejectedRows(f"{len(intake.errors)} errors in the deliveries, and --strict: nothing was made.")
    basis = Basis.of(register, tariff)
    mustering = muster(settings.workers, settings.scheduler, settings.worker_timeout)
    with mustering as crew, Outputs(settings.outputs) as outputs:  # first who works: the folder waits for nobody
        last_time = outputs.former.deliveries
        intake = stand_back(intake, last_time)
        if not settings.allow_removals:
            refuse_removals(outputs.made_before("gemeenten"), intake, last_time)
        outputs.deliveries = to_remember(intake, last_time)
        kept = _kept(outputs)
        plan = _plan(settings, basis, summaries, intake, outputs)
        if not plan.done:
            _carry_out(plan, settings, basis, summaries, intake, outputs, crew, kept, progress)
    if outputs.left:
        raise OutputsError(_what_was_left(outputs))
    return RunReport(
        intake,
        plan.number,
        len(plan.tasks) - plan.number,
        outputs.kept_aside,
        tuple(outputs.damaged),
        tuple(outputs.removed),
        tuple(missing(intake.deliveries, last_time)),
        outputs.former.lost,
        time.monotonic() - began,
        settings.outputs,
        tuple(crew.remarks),
    )


def _kept(outputs: Outputs) -> tuple[str, ...]:
    """The names of the earlier results that are kept; they belong to this run, and no number of them is given again."""
    there = outputs.entries(FOLDER)
    kept = tuple(name for name in there if outputs.checksum(name) or is_kept(outputs.folder, name))
    outputs.keep(kept)
    outputs.last_kept = max(outputs.last_kept, last_number([*there, *outputs.former.files]))
    return kept


def _what_was_left(outputs: Outputs) -> str:
    why = " and ".join(sorted(set(outputs.left.values())))
    removed = f" Removed: {listed(outputs.removed)}." if outputs.removed else ""
    return (
        f"{len(outputs.left)} files could not be replaced ({why}) and hold what they held: {listed(outputs.left)}. "
        f"Mend that, and run the same again.{removed}"
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a run is to make: a task per municipality, their fingerprints and that of what is made of all together."""

    tasks: tuple[Task, ...]
    fingerprints: tuple[str, ...]
    overall: str
    done: bool

    @property
    def number(self) -> int:
        """Of how many municipalities the documents are to be made."""
        return sum(task.documents for task in self.tasks)


def _plan(settings: Settings, basis: Basis, summaries: Summaries, intake: Intake, outputs: Outputs) -> _Plan:
    """Find out what does not stand there yet, or was made from something else."""
    shared = fingerprint(program(), basis, summaries.sources, summaries.texts)
    own = tuple(
        fingerprint(shared, choices, settings.day.year if choices.start_year is None else None)
        for choices in intake.choices
    )
    overall = fingerprint(shared, own, settings.day.year, fingerprint_all(intake.besides_choices()))

    def stand_there(names: Sequence[str], made_from: str) -> bool:
        current = [outputs.is_current(name, made_from) for name in names]
        return all(current) and not settings.force

    tasks = tuple(
        Task(choices, not stand_there(document_names(choices), made_from))
        for choices, made_from in zip(intake.choices, own, strict=True)
    )
    names = [
        RESULT,
        WORKBOOK,
        SUMMARY,
        CONTENTS,
        BOOK,
        *(FILES if tasks else ()),
        *([REJECTED] if intake.errors else []),
    ]
    together = stand_there(names, overall)
    return _Plan(tasks, own, overall, together and not any(task.documents for task in tasks))


def _carry_out(
    plan: _Plan,
    settings: Settings,
    basis: Basis,
    summaries: Summaries,
    intake: Intake,
    outputs: Outputs,
    crew: Crew,
    kept: Sequence[str],
    progress: Progress | None,
) -> None:
    """Make and publish what is to be made: the documents of municipalities first, the result as JSON last."""
    # Here, because a run that finds nothing to do needs none of it.
    from pipeline.making import MODULES, Maker
    from pipeline.overview import oversee
    from pipeline.workbooks import Workbooks, render_overview

    gists: list[Indication] = []

    def records() -> Iterator[str]:
        """Have all made; the record of each in order, its documents published and its gist kept on the way."""
        if not plan.tasks:
            return
        with crew.hire(len(plan.tasks), MODULES) as workers:
            samples = (indicate(task.choices, basis.tariff, settings.day.year) for task in plan.tasks)
            workbooks = Workbooks.prepare(basis, summaries.texts, samples, plan.number)
            maker = Maker(workbooks, summaries, settings.day.year, outputs.unfinished)
            made = workers.do_all(maker.make, plan.tasks)
            _load_pandas()  # while the workers are busy: what puts all side by side takes long to load
            for number, (one, made_from) in enumerate(zip(made, plan.fingerprints, strict=True), 1):
                for document in one.documents:
                    outputs.publish(document, made_from)
                gists.append(one.gist)
                yield take(one.record)
                if progress:
                    progress(number, len(plan.tasks))

    pieces = json_pieces(basis, records(), intake.deliveries, intake.rejected, intake.findings)
    result = store(outputs.unfinished, RESULT, (piece.encode() for piece in pieces))
    changes = _changes(outputs, result, settings.day, kept)
    results = Results(basis, tuple(gists), intake.findings, intake.rejected, intake.deliveries)
    overview = oversee(results, settings.day.year, changes)
    outputs.write(WORKBOOK, render_overview(overview, basis, summaries.texts), plan.overall)
    outputs.write(SUMMARY, summaries.overview(overview, basis).encode(), plan.overall)
    outputs.write(CONTENTS, summaries.contents(overview).encode(), plan.overall)
    outputs.write(BOOK, f"structure:\n  readme: {SUMMARY}\n  summary: {CONTENTS}\n".encode(), plan.overall)
    for picture in pictures(overview):
        outputs.write(picture.name, draw(picture), plan.overall)
    if intake.errors:
        outputs.publish(store(outputs.unfinished, REJECTED, rejected_pieces(intake)), plan.overall)
    outputs.publish(result, plan.overall)


def _load_pandas() -> None:
    """Load it if there is the memory for it: a library that it stands on would otherwise end the process at once."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # it takes memory for each, and has nothing to do here
    try:
        mmap(-1, FOR_PANDAS).close()
    except OSError:
        raise MemoryError from None
    import_module("pandas")


def _changes(outputs: Outputs, result: Stored, day: date, kept: Sequence[str]) -> Changes | None:
    """What changed since an earlier result: the one that stands there, if this run changes it, or else a kept one."""
    from pipeline.changes import Changes, compare
    from pipeline.earlier import Result, read_result

    @cache
    def new() -> Result:
        return read_result(result.path)

    def since(path: Path) -> Changes:
        try:
            return compare(read_result(path), new())
        except ResultError:
            return Changes("", problem="Het eerdere resultaat is onleesbaar of van een andere versie.")

    standing = outputs.checksum(RESULT)
    changes = since(outputs.folder / RESULT) if standing not in (None, result.sha256) else None
    moved = changes is not None and (changes.any or bool(changes.problem))
    content = _as_kept(outputs) if moved else b""
    by = hashlib.sha256(content).hexdigest() if moved else standing
    earlier = choose(kept, by, moved=moved, day=day, last=outputs.last_kept)
    if earlier.name is None:
        return None
    if earlier.to_keep:
        _keep(outputs, earlier.name, content)
    if changes is None or not moved:
        changes = since(outputs.folder / earlier.name)
    return replace(changes, against=earlier.name)


def _as_kept(outputs: Outputs) -> bytes:
    """The result that stands there, without what is published no more."""
    from pipeline.earlier import without_contacts

    with _not_replaced():
        return without_contacts(outputs.read(RESULT))


def _keep(outputs: Outputs, name: str, content: bytes) -> None:
    """Keep the result that stands there, before anything takes its place."""
    with _not_replaced():
        outputs.write_first(name, small(content))
    outputs.last_kept = last_number([name])


@contextmanager
def _not_replaced() -> Iterator[None]:
    try:
        yield
    except OutputsError as error:
        raise OutputsError(f"The earlier result cannot be kept, and is therefore not replaced. {error}") from error
