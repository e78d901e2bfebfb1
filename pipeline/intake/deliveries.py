"""The deliveries of a folder, read in order of name: a later one replaces the rows of an earlier one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

from msgspec import structs

from pipeline import dutch
from pipeline.errors import InputsError
from pipeline.intake.across_files.addressing import latest_addresses
from pipeline.intake.across_files.order import by_name, in_order
from pipeline.intake.across_files.reconciling import in_turns, settle
from pipeline.intake.across_files.returns import doubted
from pipeline.intake.delivery import file_name, read_file, refused, without
from pipeline.intake.fields.columns import Columns
from pipeline.intake.findings import Delivery, Finding, Intake, RejectedRow, Severity
from pipeline.intake.municipalities.matching import Owners
from pipeline.intake.plain_words import in_plain_words
from pipeline.intake.readers import READERS
from pipeline.intake.readers.file_access import Limits, changed, still_written
from pipeline.model.choices import E_MAIL, Choices, Origin, Provenance
from pipeline.model.items import Item
from pipeline.model.municipality import Municipality
from pipeline.packed import packed
from pipeline.reference.register import Register

REFERENCE = "reference"
"""The folder within the deliveries that holds the register and the tariffs, and no deliveries."""


def read_deliveries(
    folder: Path, register: Register, limits: Limits | None = None, items: Iterable[Item] = (), year: int | None = None
) -> Intake:
    """Read every delivery in a folder: the files directly in it that there is a reader for, in order of name.

    The case of letters does not matter for that order, and numbers are compared as numbers: 2 comes before 10. A
    workbook that came back comes behind the delivery that it was made from.
    `items` are those of the tariff; one that is there by choice has a column of its own. `year` is that of the
    reference date, from which a start year may be too far away to be meant (None: that of the register).

    A municipality that appears in a later delivery replaces its row of the earlier one. If its newest row is
    rejected it has no choices at all: what is outdated must not silently stand in for what is wrong. A rejected row
    counts no more when a later delivery, or the mended row in a returned afgekeurd.csv, is accepted for it.
    What it says on where to mail to, counts until a later delivery says something else.

    Raises:
        InputsError: if the folder cannot be read.
    """
    try:
        everything = sorted(folder.iterdir(), key=lambda path: by_name(path.name))
        others = [finding for path in everything for finding in _beside(path)]
    except OSError as error:
        raise InputsError(
            f"{folder}: cannot be read ({error.strerror}); it must be the folder with deliveries."
        ) from error
    paths = [path for path in everything if _is_delivery(path)]
    owners, columns = Owners(register), Columns.of(items)
    year = year or register.reference_date.year
    files = [read_file(path, owners, limits or Limits(), columns, year) for path in paths]
    moving = changed({path: file.stamp for path, file in zip(paths, files, strict=True) if file.stamp})
    files = [refused(f.name, still_written()) if p in moving else f for p, f in zip(paths, files, strict=True)]
    files = in_order(files)
    turns = in_turns(files)
    settled = settle(files, turns)
    files = [without(file, settled[file.name]) for file in files]

    returned = {file.name: file for file in files if file.made_from}
    latest: dict[str, Choices] = {}
    replaced: Counter[str] = Counter()
    addressed, moved = latest_addresses(one for file in files for one in file.addresses)
    findings = [*others, *(finding for file in files for finding in file.findings), *moved]
    for turn in turns:
        for choices in turn.accepted:
            code = choices.municipality.code
            if (earlier := latest.get(code)) is not None:
                if _only_illustrates(choices, earlier):
                    replaced[choices.origin.file] += 1
                    findings.append(_no_replacement(choices, earlier))
                    continue
                replaced[earlier.origin.file] += 1
                findings += doubted(choices, earlier, returned)
                choices = choices.replacing(earlier)  # noqa: PLW2901
            latest[code] = choices
        for row in turn.rejected:
            if row.origin in settled[row.origin.file]:
                continue
            if row.municipality and (earlier := latest.pop(row.municipality.code, None)) is not None:
                replaced[earlier.origin.file] += 1
                findings.append(_stands_back(row, row.municipality, earlier))
    warned = _warnings_by_row(findings, {choices.origin for choices in latest.values()}, columns)
    return Intake(
        choices=packed(
            Choices,
            (
                structs.replace(choices, warnings=tuple(warned[choices.origin]))
                if choices.origin in warned
                else choices
                for _, choices in sorted(latest.items())
            ),
        ),
        findings=tuple(findings),
        rejected=tuple(row for file in files for row in file.rejected),
        deliveries=tuple(
            Delivery(
                file.name,
                file.rows,
                len(file.accepted),
                replaced[file.name],
                len(file.rejected),
                file.repeated,
                len(settled[file.name]),
            )
            for file in files
        ),
        columns=columns,
        shown={choices.origin: file.shown for file in files if file.shown for choices in file.accepted},
        addressed=addressed,
    )


def _warnings_by_row(
    findings: Iterable[Finding], rows: Set[Origin], columns: Columns
) -> Mapping[Origin, Sequence[str]]:
    """What is doubted in each of some rows, in sentences that its own municipality reads, and that may be published.

    What is doubted of where to mail to is no part of what is made.
    """
    named = columns.by_name
    warned: dict[Origin, list[str]] = {}
    for finding in findings:
        if finding.column == E_MAIL.name:
            continue
        if finding.severity is Severity.WARNING and finding.line is not None:
            place = Origin(finding.file, finding.line)
            if place in rows:
                warned.setdefault(place, []).append(in_plain_words(finding, named))
    return warned


def _only_illustrates(choices: Choices, earlier: Choices) -> bool:
    """Whether choices that a municipality did not make itself would take the place of those that it did."""
    return choices.provenance is Provenance.ILLUSTRATIVE and earlier.provenance is Provenance.DELIVERED


def _no_replacement(choices: Choices, earlier: Choices) -> Finding:
    message = (
        f"Dit voorbeeld telt niet: {earlier.origin.in_words} is een opgave van de gemeente zelf. Haal deze regel weg."
    )
    of = choices.municipality.code
    return Finding.warning(choices.origin, "voorbeeld_telt_niet", message, of, "herkomst", "voorbeeld")


def _stands_back(row: RejectedRow, municipality: Municipality, earlier: Choices) -> Finding:
    message = (
        f"De eerdere aanlevering ({earlier.origin.in_words}) telt niet meer, omdat deze nieuwere regel is afgekeurd; "
        "verbeter deze regel."
    )
    return Finding.warning(row.origin, "eerdere_telt_niet", message, municipality.code, value=municipality.name)


# --- What is in the folder --------------------------------------------------------------------------------------------


def _is_delivery(path: Path) -> bool:
    return path.suffix.lower() in READERS and not path.name.startswith((".", "~$"))


def _beside(path: Path) -> Iterator[Finding]:
    """What there is to say about something in the folder that is no delivery."""
    name = path.name
    if locked := re.fullmatch(r"(?:\.~lock\.(.+)#|~\$(.+))", name, re.DOTALL):
        of = path.with_name(locked[1] or locked[2])
        if _is_delivery(of) and of.exists():
            message = (
                "Het bestand is nog geopend in een rekenprogramma. Sluit het daar; gelezen is wat er het laatst in is "
                "bewaard."
            )
            yield Finding(Severity.WARNING, "nog_geopend", file_name(of), None, None, "", message)
    elif name.startswith((".", "~$")) or _is_delivery(path) or name.casefold().startswith("readme"):
        return
    elif not path.is_dir():
        message = f"Alleen bestanden die eindigen op {dutch.either([*READERS])} worden gelezen; bewaar het als zo een."
        yield Finding(Severity.WARNING, "geen_csv", file_name(path), None, None, "", message)
    elif name != REFERENCE and (number := _deliveries_in(path)):
        what = "staat een aanlevering" if number == 1 else f"staan {dutch.number(number)} aanleveringen"
        message = f"In deze map {what}; zet wat moet meetellen in de map erboven, want hierin wordt niet gelezen."
        yield Finding(Severity.WARNING, "in_map", file_name(path), None, None, "", message)


def _deliveries_in(folder: Path) -> int:
    try:
        return sum(_is_delivery(path) for path in folder.iterdir())
    except OSError:
        return 0  # nobody expects that of a folder which even we cannot see into
