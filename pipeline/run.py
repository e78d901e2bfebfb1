"""One batch run: read everything, plan what is to be made anew, have it made, and publish it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from msgspec.json import encode

from pipeline.documents import Format, Render
from pipeline.documents.formats import names_of, read_formats
from pipeline.errors import OutputsError, RejectedRows, SettingsError
from pipeline.intake import Intake, Limits, read_deliveries
from pipeline.intake.tariffs import read_tariff
from pipeline.model.indication import indicate
from pipeline.publishing.cluster import PATIENCE
from pipeline.publishing.executors import Crew, Hired, Workers, muster
from pipeline.publishing.fingerprints import fingerprint, fingerprint_all, fingerprint_on, program
from pipeline.publishing.former_records import FormerRecords, Index
from pipeline.publishing.kept_results import Packed, compare_and_keep, find_kept, note_result, packing, read_history
from pipeline.publishing.last_time import listed, missing, refuse_removals, refuse_unread, stand_back, to_remember
from pipeline.publishing.manifest import Records
from pipeline.publishing.outputs import Outputs
from pipeline.publishing.savings import read_outcomes, write_outcomes
from pipeline.publishing.unfinished import Stored, read_lines, secure, store
from pipeline.publishing.worker import Maker, Task, Tasks, Together
from pipeline.reference.data import ReferenceData
from pipeline.reference.mergers import FILE as MERGERS
from pipeline.reference.places import Folder, users_own
from pipeline.reference.register import FILE as REGISTER
from pipeline.reference.register import read_register
from pipeline.reference.texts import read_texts
from pipeline.results.result import FILE as RESULT
from pipeline.results.shown_totals import compare_shown
from pipeline.results.tidy import FILE as TABLE
from pipeline.results.tidy import tidy
from pipeline.results.writing import json_pieces

READY = ".ready"
"""The file with what formats of document had ready for those of a municipality, such as a layout."""

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
    """What a run did: how many municipalities were made or left alone, rows replaced and rejected; how long.

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
    """Read the register, the tariff of a day, all deliveries and the list of contacts, and write nothing.

    Raises:
        RegisterError: if the register is broken.
        TariffError: if the tariffs are.
        TariffGap: if there is none for that day.
        InputsError: if the deliveries cannot be read at all, or the list of contacts.
    """
    from pipeline.distribution.contacts import read_contacts
    from pipeline.distribution.recipients import told_of_contacts

    register = read_register(reference / REGISTER, reference / MERGERS)
    tariff = read_tariff(reference, day, register.codes)
    intake = compare_shown(read_deliveries(inputs, register, limits, tariff.items, day.year), tariff, day.year)
    return replace(intake, findings=(*intake.findings, *told_of_contacts(intake, read_contacts(reference, register))))


def report(settings: Settings, progress: Progress | None = None) -> RunReport:
    """Make every indication and publish it: the documents of each municipality and of all, and the result as JSON.

    Everything is read before anything is written; the same inputs give the same bytes. What stands there already, made
    from the same, is left alone.

    Raises:
        KostenindicatieError: if the register, tariffs, texts or templates are broken, if a delivery cannot be read, if
            the outputs cannot be written, if too much would be removed, if a worker ends too early, or if rows were
            rejected and the settings are strict.
    """
    began = time.monotonic()
    material = read(settings)
    mustering = muster(settings.workers, settings.scheduler, settings.worker_timeout)
    with mustering as crew, Outputs(settings.outputs) as outputs:  # first who works: the folder waits for nobody
        todo = plan(settings, material, outputs)
        if not todo.done:
            with packing(outputs, RESULT, likely=todo.differs) as packed:
                with hire(crew, material, todo, outputs) as hired:
                    made = make(settings, material, todo, hired.each, outputs, progress)
                    together = partial(put_together, settings, material, todo, made, packed, hired.together, outputs)
                    if hired.together.number:
                        publish(todo, together(), outputs)
                if not hired.together.number:  # who has nothing more to do has ended by then, and takes no memory
                    publish(todo, together(), outputs)
    if outputs.places.left:
        raise OutputsError(_what_was_left(outputs))
    return RunReport(
        todo.intake,
        todo.tasks.documents,
        len(todo.tasks) - todo.tasks.documents,
        outputs.places.kept_aside,
        tuple(outputs.places.damaged),
        tuple(outputs.places.removed),
        tuple(missing(todo.intake.deliveries, outputs.former.deliveries)),
        outputs.lost,
        time.monotonic() - began,
        (*outputs.remarks, *crew.remarks),
    )


@dataclass(frozen=True, slots=True)
class Material:
    """All that a run reads: reference data, the formats of document with their templates, and the deliveries."""

    data: ReferenceData
    formats: tuple[Format, ...]
    intake: Intake


def read(settings: Settings) -> Material:
    """Read and check everything, and write nothing."""
    for folder, holds in (
        (settings.inputs, "deliveries"),
        (users_own(settings.reference), "reference data"),
        (users_own(settings.templates), "templates"),
    ):
        if settings.outputs.resolve().is_relative_to(folder.resolve()):
            raise SettingsError(f"{settings.outputs}: is the folder with {holds}, or in it; results go elsewhere.")
    register = read_register(settings.reference / REGISTER, settings.reference / MERGERS)
    tariff = read_tariff(settings.reference, settings.day, register.codes)
    texts = read_texts(settings.templates)
    texts.tell_apart(tariff.items)
    formats = read_formats(settings.templates, texts)
    intake = read_deliveries(settings.inputs, register, settings.limits, tariff.items, settings.day.year)
    intake = compare_shown(intake, tariff, settings.day.year)
    refuse_unread(intake)
    if settings.strict and intake.errors:
        raise RejectedRows(f"{len(intake.errors)} errors in the deliveries, and --strict: nothing was made.")
    return Material(ReferenceData.of(register, tariff, settings.day), formats, intake)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do: a task per municipality, and `together` the fingerprint of what is made of all of them.

    `shared` is that of what all documents rest on. `intake` are the deliveries as they count beside those of last time,
    `kept` the names of earlier results that are kept. Of each task of which nothing is to be made, the record is among
    `records`. `done` says that there is nothing to do at all.
    """

    intake: Intake
    kept: tuple[str, ...]
    tasks: Tasks
    records: FormerRecords
    shared: str
    together: str
    done: bool

    def work(self) -> Iterator[Task]:
        """The tasks of which something is to be made."""
        return (task for task in self.tasks if not task.nothing)

    @property
    def differs(self) -> bool:
        """Whether there are to be other records than those that stand there."""
        return len(self.tasks) != len(self.records.places) or not all(map(self.records.has, self.work()))


def plan(settings: Settings, material: Material, outputs: Outputs) -> Plan:
    """Find out what does not stand there yet, or was made from something else."""
    last_time, year = outputs.former.deliveries, settings.day.year
    intake = stand_back(material.intake, last_time)
    if not settings.allow_removals:
        refuse_removals(outputs.standing.made_before("gemeenten"), intake, last_time)
    outputs.deliveries, outputs.day = to_remember(intake, last_time), settings.day
    kept, forgotten = find_kept(outputs)

    def stand_there(names: Iterable[str], made_from: str) -> bool:
        current = [outputs.is_current(name, made_from) for name in names]  # each: it belongs to this run then
        return all(current) and not settings.force

    shared = fingerprint(program(), material.data, *material.formats)
    records = FormerRecords.in_(outputs)
    tasks = Tasks(intake.choices)
    for choices in intake.choices:
        made_from = fingerprint_on(shared, encode((choices, year if choices.start_year is None else None)))
        documents = not stand_there(names_of(choices.municipality.stem, material.formats), made_from)
        nothing = not documents and records.has(Task(choices, made_from, documents))
        tasks.add(made_from, documents=documents, nothing=nothing)
    overall = fingerprint(fingerprint_on(shared, tasks.made_from), year, fingerprint_all(intake.besides_choices()))
    done = stand_there([RESULT, TABLE, *(name for one in material.formats for name in one.together(intake))], overall)
    done = done and not (tasks.working or forgotten)
    return Plan(intake, kept, tasks, records, shared, overall, done)


def hire(crew: Crew, material: Material, todo: Plan, outputs: Outputs) -> AbstractContextManager[Hired]:
    """Hire who is to do what was planned."""
    each = [module for one in material.formats for module in one.modules]
    together = [module for one in material.formats for module in one.modules_together]
    return crew.hire(todo.tasks.working, len(todo.tasks), each, together, outputs.unfinished)


def make(
    settings: Settings, material: Material, todo: Plan, workers: Workers, outputs: Outputs, progress: Progress | None
) -> list[str]:
    """Have the documents of municipalities made, and put them in place as they come: a run that ends keeps them.

    Gives the unfinished files that have a line with the record of each of which something was made, in their order.
    """
    made: list[str] = []
    if not todo.tasks.working:
        return made
    data, year, before = material.data, settings.day.year, len(todo.tasks) - todo.tasks.working
    samples = (indicate(task.choices, data.tariff, year) for task in todo.work())
    ready = {} if settings.force else read_outcomes(outputs.folder / READY, todo.shared)
    formats = tuple(one.prepare(data, samples, ready) for one in material.formats)
    write_outcomes(outputs.folder / READY, todo.shared, ready, outputs.unfinished)
    outcomes = workers.do_all(Maker(formats, data, year, outputs.unfinished).make, todo.work())
    for number, (task, one) in enumerate(zip(todo.work(), outcomes, strict=True), before + 1):
        for document in one.documents:
            outputs.publish(document, task.made_from)
        if one.records not in made[-1:]:
            made.append(one.records)
        if progress:
            progress(number, len(todo.tasks))
    return made


@dataclass(frozen=True, slots=True)
class PutTogether:
    """What is made of all municipalities together: the result, its records, and the documents as workers make them."""

    result: Stored
    records: Records
    documents: Iterator[Stored]


def put_together(
    settings: Settings,
    material: Material,
    todo: Plan,
    made: Iterable[str],
    packed: Packed,
    workers: Workers,
    outputs: Outputs,
) -> PutTogether:
    """Make the result, and have made what rests on it; what workers do not make is put in place at once.

    The records that were read for it take no memory any more while workers are waited for.
    """
    from pipeline.results.overview import summarise

    data, intake = material.data, todo.intake
    index = Index()

    def texts(former: Callable[[str], bytes]) -> Iterator[tuple[str, str, bytes]]:
        records = read_lines(outputs.unfinished, made)
        for task in todo.tasks:
            code = task.choices.municipality.code
            yield code, task.made_from, former(code) if task.nothing else next(records)

    with todo.records.opened() as former:
        pieces = json_pieces(data, index.noted(texts(former)), intake)
        result = store(outputs.unfinished, RESULT, index.counted(pieces), lasting=False)
    changes = compare_and_keep(outputs, result, index, todo.records, todo.kept, settings.day, packed)
    gists = index.gists.in_order
    kept = (*todo.kept, changes.against) if changes else todo.kept
    history = read_history(outputs, kept, data.tariff)
    overview = summarise(data, gists, intake, settings.day.year, changes, history)
    renders: dict[bool, dict[str, Render]] = {True: {}, False: {}}
    for one in material.formats:
        renders[one.aside] |= one.together(intake)
    documents = workers.do_all(Together(renders[True], overview, data, outputs.unfinished).make, renders[True])
    outputs.write(TABLE, tidy(gists), todo.together)
    note_result(outputs, data.tariff, result, index)
    for name, render in renders[False].items():
        outputs.write(name, render(overview, data), todo.together)
    secure([result])
    return PutTogether(result, Records(result.sha256, index.places), documents)


def publish(todo: Plan, together: PutTogether, outputs: Outputs) -> None:
    """Publish what is made of all municipalities together: the documents first, the result as JSON last."""
    for document in together.documents:
        outputs.publish(document, todo.together)
    outputs.publish(together.result, todo.together)
    outputs.records = together.records


def _what_was_left(outputs: Outputs) -> str:
    left, removed = outputs.places.left, outputs.places.removed
    why = " and ".join(sorted(set(left.values())))
    gone = f" Removed: {listed(removed)}." if removed else ""
    return (
        f"{len(left)} files could not be replaced ({why}) and hold what they held: {listed(left)}. "
        f"Mend that, and run the same again.{gone}"
    )
