"""The deliveries of a folder, read in order of name: a later one replaces the rows of an earlier one."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.choices import Choices, Origin
from pipeline.errors import InputsError
from pipeline.intake.files import File, Limits, read_file, without
from pipeline.intake.findings import Delivery, Finding, Intake, RejectedRow, Severity, shown
from pipeline.intake.owners import Owners
from pipeline.register import Municipality, Register

SPREADSHEETS = {".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".tsv", ".txt"}
"""Files that someone may have dropped in the belief that they are read."""


def read_deliveries(folder: Path, register: Register, limits: Limits | None = None) -> Intake:
    """Read every delivery in a folder: the CSV files directly in it, in order of name.

    A municipality that appears in a later delivery replaces its row of the earlier one. If its newest row is
    rejected it has no choices at all: what is outdated must not silently stand in for what is wrong. A rejected row
    counts no more when a later delivery, or the mended row in a returned afgekeurd.csv, is accepted for it.

    Raises:
        InputsError: if the folder cannot be read.
    """
    try:
        paths = sorted((p for p in folder.iterdir() if not p.name.startswith((".", "~$"))), key=lambda p: p.name)
    except OSError as error:
        raise InputsError(
            f"{folder}: cannot be read ({error.strerror}); it must be the folder with deliveries."
        ) from error
    owners = Owners(register)
    with _no_collection():
        files = [read_file(path, owners, limits or Limits()) for path in paths if path.suffix.lower() == ".csv"]
    settled = _settle(files)
    files = [without(file, settled[file.name]) for file in files]

    latest: dict[str, Choices] = {}
    replaced: Counter[str] = Counter({name: len(rows) for name, rows in settled.items()})
    findings: list[Finding] = [_no_csv(path.name) for path in paths if path.suffix.lower() in SPREADSHEETS]
    for file in files:
        findings += file.findings
        for choices in file.accepted:
            code = choices.municipality.code
            if (earlier := latest.get(code)) is not None:
                replaced[earlier.origin.file] += 1
                choices = choices.replacing(earlier)  # noqa: PLW2901
            latest[code] = choices
        for row in file.rejected:
            if row.municipality and (earlier := latest.pop(row.municipality.code, None)) is not None:
                replaced[earlier.origin.file] += 1
                findings.append(_stands_back(row, row.municipality, earlier))
    return Intake(
        choices=tuple(latest[code] for code in sorted(latest)),
        findings=tuple(findings),
        rejected=tuple(row for file in files for row in file.rejected),
        deliveries=tuple(Delivery(f.name, f.rows, len(f.accepted), replaced[f.name], len(f.rejected)) for f in files),
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave the cyclic garbage collector out: reading makes no cycles, and a third of its time went into the search."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _settle(files: Sequence[File]) -> dict[str, dict[Origin, Finding]]:
    """By file the rejected rows that no longer matter, each with the warning that says so.

    A row is settled by an accepted one that mends it, wherever that stands, or by one of a later delivery for the
    same municipality. A row never settles one of another municipality.
    """
    mended = {origin: choices for file in files for origin, choices in file.mends.items()}
    mended_in = {(origin.file, choices.municipality.code): choices for origin, choices in mended.items()}
    newer: dict[str, Choices] = {}
    settled: dict[str, dict[Origin, Finding]] = defaultdict(dict)
    for file in reversed(files):
        for row in file.rejected:
            code = row.municipality.code if row.municipality else ""
            by = newer.get(code) or mended_in.get((file.name, code)) or mended.get(row.origin)
            if by and by.origin.file != file.name and code in ("", by.municipality.code):
                settled[file.name][row.origin] = _is_settled(row, by)
        newer |= {choices.municipality.code: choices for choices in file.accepted}
    return settled


def _is_settled(row: RejectedRow, by: Choices) -> Finding:
    value = dict(row.values).get("gemeente", "").strip() or by.municipality.name
    message = (
        f"Deze regel is fout, maar telt niet meer: {by.origin.file}, regel {by.origin.line} vervangt hem. "
        "Haal hem hier weg of verbeter hem."
    )
    return Finding(
        Severity.WARNING,
        "fout_vervangen",
        row.origin.file,
        row.origin.line,
        None,
        shown(value),
        message,
        by.municipality.code,
    )


def _stands_back(row: RejectedRow, municipality: Municipality, earlier: Choices) -> Finding:
    return Finding(
        Severity.WARNING,
        "eerdere_telt_niet",
        row.origin.file,
        row.origin.line,
        None,
        municipality.name,
        f"De eerdere aanlevering ({earlier.origin.file}, regel {earlier.origin.line}) telt niet meer, omdat deze "
        "nieuwere regel is afgekeurd; verbeter deze regel.",
        municipality.code,
    )


def _no_csv(name: str) -> Finding:
    message = "Alleen CSV-bestanden worden gelezen; kies in Excel Opslaan als, CSV UTF-8, en zet dat bestand in de map."
    return Finding(Severity.WARNING, "geen_csv", shown(name), None, None, "", message)
