"""Which rejected rows no longer matter, because another delivery put them right, and whose turn it is when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.intake.delivery import File
from pipeline.intake.fields.characters import shown
from pipeline.intake.findings import Finding, RejectedRow
from pipeline.intake.rejects.originals import Original
from pipeline.intake.rows.row_structure import SWALLOWED
from pipeline.model.choices import Choices, Origin


@dataclass(slots=True)
class Turn:
    """Rows that count together, after those of all earlier turns."""

    accepted: list[Choices] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)


def in_turns(files: Sequence[File]) -> list[Turn]:
    """All rows in the order in which they count: that of their files, which are in order.

    A row that was to mend another takes its place: it comes right behind the file where that row is still rejected, or
    at its own file if that is later. So an older row never wins from it because of what the files are called. A row
    that changed since is newer than what was to mend it, for all that one can tell.
    """
    mending = any(file.mends or any(row.stands_for for row in file.rejected) for file in files)
    rejected_in = {
        row.original: number
        for number, file in enumerate(files if mending else ())
        for row in file.rejected
        if not row.stands_for
    }
    own, behind = [Turn() for _ in files], [Turn() for _ in files]

    def turn(number: int, mends: Original | None) -> Turn:
        there = rejected_in.get(mends, number) if mends else number
        return behind[there] if there > number else own[number]

    for number, file in enumerate(files):
        originals = {choices.origin: original for original, choices in file.mends.items()}
        for choices in file.accepted:
            turn(number, originals.get(choices.origin)).accepted.append(choices)
        for row in file.rejected:
            turn(number, row.stands_for).rejected.append(row)
    return [each for pair in zip(own, behind, strict=True) for each in pair]


def settle(files: Sequence[File], turns: Sequence[Turn]) -> dict[str, dict[Origin, Finding]]:
    """By file the rejected rows that no longer matter, each with the warning that says so; `turns` is when they count.

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
    for turn in reversed(turns) if any(turn.rejected for turn in turns) else ():
        for row in turn.rejected:
            file = row.origin.file
            code = row.municipality.code if row.municipality else ""
            by = None if _holds_rows(row) else newer.get(code)
            if (mended or still_wrong) and not by:
                by = mended_in.get((row.original.origin.file, code)) or mended.get(row.original)
            if by and by.origin.file != file and code in ("", by.municipality.code):
                settled[file][row.origin] = _put_right(row, by)
            elif (other := still_wrong.get(row.original) if still_wrong else None) and other.origin.file != file:
                settled[file][row.origin] = _still_wrong(row, other)
        newer |= {choices.municipality.code: choices for choices in turn.accepted}
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
    return Finding.warning(row.origin, "fout_vervangen", message, code, value=shown(value))


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
                of = choices.municipality
                file.findings.append(
                    Finding.warning(choices.origin, "verbetering_past_niet", message, of.code, value=of.name)
                )
