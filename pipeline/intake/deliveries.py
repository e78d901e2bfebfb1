"""The deliveries of a folder, read in order of name: a later one replaces the rows of an earlier one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import process

from pipeline.choices import Choices, Origin
from pipeline.errors import InputsError
from pipeline.intake.checks import RowCheck
from pipeline.intake.columns import ADDED, COLUMNS, HEADERS
from pipeline.intake.decoding import Row, Undecodable, decode, read_rows
from pipeline.intake.findings import Delivery, Finding, Intake, RejectedRow, Severity
from pipeline.register import Municipality, Register, fold


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a delivery may be, in bytes and in rows."""

    file_bytes: int = 50_000_000
    rows: int = 200_000


@dataclass(slots=True)
class _File:
    """What one delivery gave: accepted choices and rejected rows, each in order, and findings."""

    name: str
    rows: int
    accepted: list[Choices]
    rejected: list[RejectedRow]
    findings: list[Finding]


def read_deliveries(folder: Path, register: Register, limits: Limits | None = None) -> Intake:
    """Read every delivery in a folder: the CSV files directly in it, in order of name.

    A municipality that appears in a later delivery replaces its row of the earlier one. If its newest row is
    rejected it has no choices at all: what is outdated must not silently stand in for what is wrong.

    Raises:
        InputsError: if the folder cannot be read.
    """
    try:
        paths = sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv" and not p.name.startswith("."))
    except OSError as error:
        raise InputsError(
            f"{folder}: cannot be read ({error.strerror}); it must be the folder with deliveries."
        ) from error
    files = [_read_file(path, register, limits or Limits()) for path in paths]

    latest: dict[str, Choices] = {}
    outdated: Counter[str] = Counter()
    findings: list[Finding] = []
    for file in files:
        findings += file.findings
        for choices in file.accepted:
            code = choices.municipality.code
            if (earlier := latest.get(code)) is not None:
                outdated[earlier.origin.file] += 1
                choices = choices.replacing(earlier)  # noqa: PLW2901
            latest[code] = choices
        for row in file.rejected:
            if row.municipality and (earlier := latest.pop(row.municipality.code, None)) is not None:
                outdated[earlier.origin.file] += 1
                findings.append(_stands_back(row, row.municipality, earlier))
    return Intake(
        choices=tuple(latest[code] for code in sorted(latest)),
        findings=tuple(findings),
        rejected=tuple(row for file in files for row in file.rejected),
        deliveries=tuple(Delivery(f.name, f.rows, len(f.accepted), outdated[f.name], len(f.rejected)) for f in files),
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


def _read_file(path: Path, register: Register, limits: Limits) -> _File:
    """Read one delivery; whatever is wrong with it becomes a finding."""
    file = _File(path.name, 0, [], [], [])

    def refuse(code: str, message: str, line: int | None = None, column: str | None = None, value: str = "") -> None:
        file.findings.append(Finding(Severity.ERROR, code, path.name, line, column, value, message))

    try:
        if path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve()):
            refuse("koppeling", "Het bestand is een koppeling naar buiten de map; zet het bestand zelf in de map.")
            return file
        if not path.is_file():
            refuse("geen_bestand", "Dit is geen bestand; zet een CSV-bestand in de map.")
            return file
        if path.stat().st_size > limits.file_bytes:
            refuse("te_groot", f"Het bestand is groter dan {limits.file_bytes:,} bytes; splits het.".replace(",", "."))
            return file
        rows = list(read_rows(decode(path.read_bytes())))
    except OSError as error:
        refuse("onleesbaar", f"Het bestand kan niet worden gelezen ({error.strerror}).")
        return file
    except Undecodable as problem:
        refuse("geen_tabel", f"Het bestand kan niet worden gelezen: {problem}.")
        return file

    filled = [row for row in rows if not row.empty]
    if not filled:
        refuse("leeg", "Het bestand is leeg; de eerste regel hoort de namen van de kolommen te bevatten.")
        return file
    header = next((n for n, row in enumerate(filled[:12]) if _known(row) >= 2), None)
    if header is None:
        refuse("geen_kopregel", f"Er is geen regel met kolomnamen; verwacht {', '.join(_REQUIRED)}.", filled[0].line)
        return file
    columns = _columns(filled[header], path.name, file.findings)
    missing = [name for name in _REQUIRED if name not in columns.values()]
    if not {"gemeente", "gemeentecode"} & set(columns.values()):
        missing.insert(0, "gemeente of gemeentecode")
    for name in missing:
        refuse("kolom_ontbreekt", f"De verplichte kolom {name} ontbreekt.", filled[header].line, name)
    body = filled[header + 1 :]
    if len(body) > limits.rows:
        refuse("te_veel_regels", f"Het bestand heeft meer dan {limits.rows:,} regels; splits het.".replace(",", "."))
    if any(finding.severity is Severity.ERROR for finding in file.findings):
        return file
    file.rows = len(body)
    _check_rows(file, body, columns, len(filled[header].fields), register)
    return file


_REQUIRED = tuple(column.name for column in COLUMNS if column.required == "ja")


def _known(row: Row) -> int:
    return sum(fold(field) in HEADERS for field in row.fields)


def _columns(header: Row, file: str, findings: list[Finding]) -> dict[int, str]:
    """Which place holds which column; unknown headers give a warning, a doubled one an error."""
    columns: dict[int, str] = {}
    for place, text in enumerate(header.fields):
        name = HEADERS.get(fold(text))
        if name in columns.values():
            message = f"De kolom {name} staat er meer dan één keer; laat er één staan."
            findings.append(Finding(Severity.ERROR, "kolom_dubbel", file, header.line, name, text, message))
        elif name is not None:
            columns[place] = name
        elif fold(text) and fold(text) not in ADDED:
            near = process.extractOne(fold(text), list(HEADERS), score_cutoff=75)
            meant = f" Bedoelde u {HEADERS[near[0]]}?" if near else ""
            message = f"Deze kolom is onbekend en telt niet mee.{meant}"
            findings.append(Finding(Severity.WARNING, "kolom_onbekend", file, header.line, text.strip(), text, message))
    return columns


def _check_rows(file: _File, body: Sequence[Row], columns: Mapping[int, str], width: int, register: Register) -> None:
    """Check every row, and that no municipality stands in the file twice with different choices."""
    checked: list[tuple[RowCheck, Choices | None, dict[str, str]]] = []
    by_code: dict[str, list[int]] = defaultdict(list)
    for row in body:
        fields = {name: row.fields[place] for place, name in columns.items() if place < len(row.fields)}
        check = RowCheck(Origin(file.name, row.line), fields, row.fields[width:], register)
        choices = check.choices()
        if check.municipality:
            by_code[check.municipality.code].append(len(checked))
        checked.append((check, choices, fields))
    again = _find_doubles(checked, by_code)
    for place, (check, choices, fields) in enumerate(checked):
        file.findings += check.findings
        if check.failed:
            errors = tuple(f for f in check.findings if f.severity is Severity.ERROR)
            file.rejected.append(RejectedRow(check.origin, tuple(fields.items()), errors, check.municipality))
        elif choices is not None and place not in again:
            file.accepted.append(choices)


def _find_doubles(
    checked: Sequence[tuple[RowCheck, Choices | None, dict[str, str]]], by_code: dict[str, list[int]]
) -> set[int]:
    """The places of rows that say the same again; rows of one municipality that differ each get an error."""
    again: set[int] = set()
    for places in by_code.values():
        if len(places) == 1:
            continue
        first = checked[places[0]]
        unplaced = {
            None if choices is None else replace(choices, origin=first[0].origin)
            for _, choices, _ in (checked[place] for place in places)
        }
        lines = ", ".join(str(checked[place][0].origin.line) for place in places)
        for place in places:
            check = checked[place][0]
            code = check.municipality.code if check.municipality else ""
            if len(unplaced) > 1:
                message = f"Deze gemeente staat op de regels {lines} met verschillende keuzes; laat er één staan."
                severity = Severity.ERROR
            elif place == places[0]:
                continue
            else:
                message = f"Deze gemeente staat op de regels {lines} met dezelfde keuzes; zij telt één keer."
                severity = Severity.WARNING
                again.add(place)
            value = check.fields.get("gemeente") or check.fields.get("gemeentecode", "")
            check.findings.append(
                Finding(severity, "dubbel", check.origin.file, check.origin.line, "gemeente", value, message, code)
            )
    return again
