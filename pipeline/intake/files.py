"""One delivery: from its path to accepted choices, rejected rows and findings; whatever is wrong is a finding."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.choices import Choices, Origin
from pipeline.intake.checks import RowCheck
from pipeline.intake.decoding import decode
from pipeline.intake.dialect import Row, read_rows
from pipeline.intake.doubles import Checked, find_doubles
from pipeline.intake.findings import HIDDEN, Finding, Refused, RejectedRow, Severity, dutch_count, shown
from pipeline.intake.headers import Header, find_header, known, read_header
from pipeline.intake.owners import Owners


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a delivery may be, in bytes and in rows."""

    file_bytes: int = 50_000_000
    rows: int = 200_000


@dataclass(slots=True)
class File:
    """What one delivery gave: accepted choices and rejected rows, each in order, and findings.

    `mends` says for which rejected row an accepted one stands, in a file with rejected rows that came back mended.
    """

    name: str
    rows: int = 0
    accepted: list[Choices] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    mends: dict[Origin, Choices] = field(default_factory=dict)


def read_file(path: Path, owners: Owners, limits: Limits) -> File:
    """Read one delivery; a file that cannot be used is one error, and gives no rows."""
    name = shown(path.name).replace("\n", "[U+000A]").replace("\t", "[U+0009]")
    try:
        data = _read_bytes(path, limits.file_bytes)
        return _read_table(data, name, owners, limits.rows)
    except Refused as why:
        return File(name, findings=[Finding(Severity.ERROR, why.code, name, why.line, None, "", why.message)])


def _read_bytes(path: Path, most: int) -> bytes:
    """The bytes of a file that may be read, is not too large, and is not being written.

    Raises:
        Refused: if it is something else.
    """
    if HIDDEN.search(path.name) or any(mark in path.name for mark in "\n\t"):
        raise Refused("bestandsnaam", "De naam van het bestand bevat onleesbare tekens; geef het een andere naam.")
    try:
        if not path.is_file():
            raise Refused("geen_bestand", "Dit is geen bestand; zet een CSV-bestand in de map.")
        if not path.resolve().is_relative_to(path.parent.resolve()):
            raise Refused("koppeling", "Dit is een koppeling naar buiten de map; zet het bestand zelf in de map.")
        before = path.stat()
        with path.open("rb") as file:
            data = file.read(most + 1)
        after = path.stat()
    except OSError as error:
        raise Refused("onleesbaar", f"Het bestand kan niet worden gelezen ({error.strerror}).") from None
    if len(data) > most:
        raise Refused("te_groot", f"Het bestand is groter dan {dutch_count(most)} bytes; splits het.")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise Refused("nog_bezig", "Het bestand wordt nog geschreven; probeer het opnieuw als dat klaar is.")
    return data


def _read_table(data: bytes, name: str, owners: Owners, most: int) -> File:
    """Read a delivery from its bytes.

    Raises:
        Refused: if it is no table, or has too many rows.
    """
    decoded = decode(data)
    rows = read_rows(decoded.text, known)
    top, rows = find_header(rows)
    header, findings = read_header(top, name)
    file = File(name, findings=findings)
    if decoded.guessed:
        message = (
            f"De codering is niet zeker; gelezen als {decoded.guessed}. Controleer letters met een accent, "
            "en bewaar het bestand als CSV UTF-8."
        )
        file.findings.append(Finding(Severity.WARNING, "codering_geraden", name, None, None, "", message))
    if any(finding.severity is Severity.ERROR for finding in findings):
        for _ in rows:
            pass  # to the end, because what is wrong there makes it no table at all
        return file
    checked: list[Checked] = []
    unnamed = frozenset(place for place, text in enumerate(header.row.fields) if not text.strip())
    for row in rows:
        if header.repeated_in(row):
            message = "De kopregel staat er nog een keer; deze regel telt niet mee."
            file.findings.append(Finding(Severity.WARNING, "kopregel_herhaald", name, row.line, None, "", message))
            continue
        if unnamed:
            unnamed = _report_unnamed(unnamed, row, file)
        check = RowCheck(row, header, name, owners)
        checked.append((check, check.choices()))
        if len(checked) > most:
            message = f"Het bestand heeft meer dan {dutch_count(most)} regels; splits het."
            raise Refused("te_veel_regels", message, row.line)
    if not checked:
        message = "Onder de kopregel staat niets; vul de regels in."
        file.findings.append(Finding(Severity.WARNING, "geen_regels", name, top.line, None, "", message))
    _sort_out(checked, file, header)
    return file


def _report_unnamed(unnamed: frozenset[int], row: Row, file: File) -> frozenset[int]:
    """Say once for each column without a name that something stands in it; gives those that stayed empty so far."""
    filled = {place for place in unnamed if place < len(row.fields) and row.fields[place].strip()}
    for place in sorted(filled):
        message = f"Kolom {place + 1} heeft geen naam en telt niet mee; geef haar een naam of maak haar leeg."
        value = shown(row.fields[place].strip())
        file.findings.append(Finding(Severity.WARNING, "kolom_zonder_naam", file.name, row.line, None, value, message))
    return unnamed - filled


def _sort_out(checked: list[Checked], file: File, header: Header) -> None:
    """Which rows are accepted and which are rejected, now that all of them are known."""
    file.rows = len(checked)
    again = find_doubles(checked)
    for place, (check, choices) in enumerate(checked):
        file.findings += check.findings
        if check.failed:
            file.rejected.append(check.rejected())
        elif choices is not None and place not in again:
            file.accepted.append(choices)
            if header.returned and check.mends:
                file.mends[check.mends] = choices


def without(file: File, settled: dict[Origin, Finding]) -> File:
    """The file without the rejected rows that another delivery settled; a warning stands for their errors."""
    if not settled:
        return file
    findings: list[Finding] = []
    said: set[Origin] = set()
    for finding in file.findings:
        place = Origin(finding.file, finding.line or 0)
        if place not in settled:
            findings.append(finding)
        elif place not in said:
            said.add(place)
            findings.append(settled[place])
    return replace(file, findings=findings, rejected=[row for row in file.rejected if row.origin not in settled])
