"""Which rejected rows no longer matter, because another delivery put them right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.intake.delivery import File
from pipeline.intake.fields.characters import shown
from pipeline.intake.findings import Finding, RejectedRow, Severity
from pipeline.intake.rows.row_structure import SWALLOWED
from pipeline.model.choices import Choices, Origin


def settle(files: Sequence[File]) -> dict[str, dict[Origin, Finding]]:
    """By file the rejected rows that no longer matter, each with the warning that says so.

    A row is settled by an accepted one that mends it, wherever that stands, or by one of a later delivery for the
    same municipality; a row never settles one of another municipality. A row that was to mend it and is still wrong
    takes its place, so that the next round is about that one. A row that changed since is settled by none of these:
    the checksum shows it. A mended row that stands for such a row gets a warning.
    """
    mended = {original: choices for file in files for original, choices in file.mends.items()}
    still_wrong = {row.stands_for: row for file in files for row in file.rejected if row.stands_for}
    there = {row.original for file in files for row in file.rejected} if mended or still_wrong else set()
    # Of a municipality that stands in a file twice, one mended row puts both right.
    mended_in = {(o.origin.file, choices.municipality.code): choices for o, choices in mended.items() if o in there}
    newer: dict[str, Choices] = {}
    settled: dict[str, dict[Origin, Finding]] = defaultdict(dict)
    for file in reversed(files):
        for row in file.rejected:
            code = row.municipality.code if row.municipality else ""
            by = None if _holds_rows(row) else newer.get(code)
            if (mended or still_wrong) and not by:
                by = mended_in.get((row.original.origin.file, code)) or mended.get(row.original)
            if by and by.origin.file != file.name and code in ("", by.municipality.code):
                settled[file.name][row.origin] = _put_right(row, by)
            elif (other := still_wrong.get(row.original) if still_wrong else None) and other.origin.file != file.name:
                settled[file.name][row.origin] = _still_wrong(row, other)
        newer |= {choices.municipality.code: choices for choices in file.accepted}
    _say_what_changed(files)
    return settled


def _put_right(row: RejectedRow, by: Choices) -> Finding:
    message = (
        f"Deze regel is fout, maar telt niet meer: {by.origin.in_words} vervangt hem. "
        f"Haal hem hier weg of verbeter hem. {_what_is_wrong(row)}"
    )
    return _replaced(row, by.municipality.name, message, by.municipality.code)


def _still_wrong(row: RejectedRow, other: RejectedRow) -> Finding:
    message = (
        f"Deze regel is fout, en de verbetering in {other.origin.in_words} is dat ook nog; "
        f"verbeter die. {_what_is_wrong(row)}"
    )
    return _replaced(row, "", message, row.municipality.code if row.municipality else "")


def _replaced(row: RejectedRow, name: str, message: str, code: str) -> Finding:
    value = dict(row.values).get("gemeente", "").strip() or name
    place = row.origin
    return Finding(
        Severity.WARNING, "fout_vervangen", place.file, place.line, None, shown(value), message, code, place.place
    )


def _holds_rows(row: RejectedRow) -> bool:
    """Whether rows of others are lost with it, so that a newer one of its own municipality does not put it right."""
    return any(finding.code == SWALLOWED for finding in row.findings)


def _what_is_wrong(row: RejectedRow) -> str:
    return f"De fout: {row.findings[0].published.sentence}"


def _say_what_changed(files: Sequence[File]) -> None:
    """Warn at each mended row whose original is rejected and is not what it was."""
    now = {row.origin: row for file in files for row in file.rejected if not row.stands_for}
    for file in files:
        for original, choices in file.mends.items():
            if (row := now.get(original.origin)) and row.original != original:
                message = (
                    f"Deze regel verbetert {row.origin.in_words}, maar daar staat nu "
                    "iets anders. Die regel blijft daarom afgekeurd; verbeter of verwijder hem daar."
                )
                name, code = choices.municipality.name, choices.municipality.code
                at = choices.origin
                where = ("verbetering_past_niet", file.name, at.line, None, name, message, code, at.place)
                file.findings.append(Finding(Severity.WARNING, *where))
