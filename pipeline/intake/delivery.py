"""One delivery: from its path to accepted choices, rejected rows and findings; whatever is wrong is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import dutch
from pipeline.intake.across_files.duplicates import Checked, find_doubles
from pipeline.intake.fields.characters import in_a_line, shown, visible
from pipeline.intake.fields.columns import Columns
from pipeline.intake.findings import Addressed, Finding, Refused, RejectedRow, Severity, Shown
from pipeline.intake.municipalities.matching import Owners
from pipeline.intake.readers import READERS
from pipeline.intake.readers.dialect import Row, Table
from pipeline.intake.readers.file_access import Limits, Stamp, read_bytes
from pipeline.intake.rejects.originals import Original
from pipeline.intake.rows.above_header import row_in_header, rows_above
from pipeline.intake.rows.checks import RowCheck
from pipeline.intake.rows.headers import find_header, read_header
from pipeline.intake.rows.row_structure import MENTIONED
from pipeline.model.choices import Choices, Origin

MOST_FINDINGS = 100_000
MOST_REJECTED = 25_000
"""How much may be wrong in a file, and in how many rows; beyond that nobody reads it, and saying it takes too long."""


@dataclass(slots=True)
class File:
    """What one delivery gave: accepted choices and rejected rows, each in order, and findings.

    `repeated` is how many rows say the same again. `mends` says for which rejected row an accepted one stands, in a
    file with rejected rows that came back mended. `stamp` tells whether it is still the
    file that was read (None if it was not read). `made_from` is the delivery that a workbook which came back was made
    from, and `mark` that of what stood there; of one that cannot be read it is not known, so that it is `unplaced`.
    `shown` are the totals in the former. `addresses` are the e-mail addresses of municipalities, row by row.
    """

    name: str
    rows: int = 0
    repeated: int = 0
    accepted: list[Choices] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    mends: dict[Original, Choices] = field(default_factory=dict)
    stamp: Stamp | None = None
    made_from: str = ""
    mark: str = ""
    unplaced: bool = False
    shown: Mapping[str, Shown] = field(default_factory=dict)
    addresses: list[Addressed] = field(default_factory=list)

    def warn(self, code: str, message: str, row: Row | None = None, at: int | None = None, value: str = "") -> None:
        """Add a warning on the whole of it, on one row, or on the field that stands there `at` a place."""
        line, place = (row.line, row.place(at)) if row else (None, "")
        self.findings.append(Finding(Severity.WARNING, code, self.name, line, None, value, message, "", place))


def read_file(path: Path, owners: Owners, limits: Limits, columns: Columns, year: int) -> File:
    """Read one delivery, for the year of a reference date; one that cannot be used is one error, and gives no rows."""
    name = file_name(path)
    stamp = None
    try:
        data, stamp = read_bytes(path, limits.file_bytes)
        table = READERS[path.suffix.lower()](data, columns, limits)
        file = _read_table(table, name, owners, columns, year)
        file.made_from, file.mark, file.shown = table.made_from, table.mark, table.shown
    except Refused as why:
        file = refused(name, why)
        file.unplaced = path.suffix.lower() != ".csv"
    file.stamp = stamp
    return file


def refused(name: str, why: Refused) -> File:
    """A delivery that cannot be used."""
    return File(
        name, findings=[Finding(Severity.ERROR, why.code, name, why.line, None, "", why.message, "", why.place)]
    )


def file_name(path: Path) -> str:
    """The name of a delivery as findings show it."""
    return in_a_line(visible(path.name))


def _read_table(table: Table, name: str, owners: Owners, columns: Columns, year: int) -> File:
    """Read a delivery from its table.

    Raises:
        Refused: if it proves to be no table, or has too much wrong with it.
    """
    top, above, rows = find_header(table, columns)
    header, findings = read_header(top, table.delimiter, name, columns)
    findings += row_in_header(header, name, owners)
    file = File(name, findings=findings)
    if table.guessed:
        message = (
            f"De codering is niet zeker; gelezen als {table.guessed}. Controleer letters met een accent, "
            "en bewaar het bestand als CSV UTF-8."
        )
        file.warn("codering_geraden", message)
    if any(finding.severity is Severity.ERROR for finding in findings):
        for _ in rows:
            pass  # to the end, because what is wrong there makes it no table at all
        file.findings += _said_of_the_whole(table, name)
        return file
    checked: list[Checked] = []
    for found in rows_above(above, header, name, owners, year):
        if isinstance(found, Finding):
            file.findings.append(found)
        else:
            checked.append((found, None))
    number, wrong = 0, 0
    unnamed = frozenset(place for place, text in enumerate(header.row.fields) if not text.strip())
    for row in rows:
        if header.repeated_in(row):
            file.warn("kopregel_herhaald", "De kopregel staat er nog een keer; deze regel telt niet mee.", row)
            continue
        if header.only_added(row):
            continue
        if unnamed:
            unnamed = _report_unnamed(unnamed, row, file)
        check = RowCheck(row, header, name, owners, year)
        checked.append((check, check.choices()))
        number += len(check.findings)
        wrong += check.failed
        if number > MOST_FINDINGS or wrong > MOST_REJECTED:
            raise _too_much(row)
    if not checked:
        file.warn("geen_regels", "Onder de kopregel staat niets; vul de regels in.", top)
    file.findings += _said_of_the_whole(table, name)
    _sort_out(checked, file)
    return file


def _said_of_the_whole(table: Table, name: str) -> Iterator[Finding]:
    """What the reader has to say of a delivery, of which all rows were read."""
    for remark in table.remarks:
        yield Finding(remark.severity, remark.code, name, None, None, "", remark.message)


def _too_much(row: Row) -> Refused:
    message = (
        f"Tot hier zijn er al meer dan {dutch.number(MOST_REJECTED)} regels fout, of meer dan "
        f"{dutch.number(MOST_FINDINGS)} bevindingen; verbeter eerst wat in elke regel terugkomt, of splits het bestand."
    )
    return Refused("te_veel_bevindingen", message, row.line, row.place())


def _report_unnamed(unnamed: frozenset[int], row: Row, file: File) -> frozenset[int]:
    """Say once for each column without a name that something stands in it; gives those that stayed empty so far."""
    filled = {place for place in unnamed if place < len(row.fields) and row.fields[place].strip()}
    for place in sorted(filled):
        message = f"Kolom {place + 1} heeft geen naam en telt niet mee; geef haar een naam of maak haar leeg."
        file.warn("kolom_zonder_naam", message, row, place, shown(row.fields[place].strip()))
    return unnamed - filled


def _sort_out(checked: list[Checked], file: File) -> None:
    """Which rows are accepted and which are rejected, now that all of them are known."""
    file.rows = len(checked)
    again = find_doubles(checked)
    for place, (check, choices) in enumerate(checked):
        file.findings += check.findings
        if check.addresses and check.municipality:
            file.addresses.append(Addressed(check.municipality, check.addresses, check.origin))
        if check.failed:
            file.rejected.append(check.rejected())
        elif choices is not None:
            if place in again:
                file.repeated += 1
            else:
                file.accepted.append(choices)
            if check.mends:
                file.mends[check.mends] = choices
    have_a_row = {check.municipality.code for check, _ in checked if check.municipality}
    file.findings = [f for f in file.findings if f.code != MENTIONED or f.municipality not in have_a_row]


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
