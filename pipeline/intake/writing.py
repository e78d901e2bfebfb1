"""The CSVs that we write: the template of a delivery, and the rejected rows, to be mended and dropped back in."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.choices import Origin
from pipeline.errors import InputsError
from pipeline.intake.columns import ADDED, COLUMNS
from pipeline.intake.findings import Finding, Intake
from pipeline.intake.formulas import guarded
from pipeline.intake.reading import bare
from pipeline.register import Register


def template_csv(register: Register, names: Sequence[str]) -> bytes:
    """An empty delivery, or one with a row for each named municipality (by name or code).

    Raises:
        InputsError: if a name is unknown or ambiguous.
    """
    rows = []
    for name in names:
        by_code = register.municipalities.get(name.upper())
        found = (by_code,) if by_code else register.named(name)
        if len(found) != 1:
            which = " or ".join(f"{m.code} ({m.name}, {m.province})" for m in found)
            raise InputsError(
                f"{name!r} is {f'ambiguous: {which}' if found else 'not a municipality in the register'}."
            )
        rows.append({"gemeente": found[0].name, "gemeentecode": found[0].code})
    return _csv([column.name for column in COLUMNS], rows)


def rejected_csv(intake: Intake) -> bytes:
    """The rejected rows with their original values, and behind them file, line and what is wrong.

    Files that were refused as a whole have a row without values.
    """
    rows: list[dict[str, str]] = []
    by_place: dict[Origin, list[Finding]] = defaultdict(list)
    for finding in intake.errors:
        by_place[Origin(finding.file, finding.line or 0)].append(finding)
    rejected = {row.origin: row for row in intake.rejected}
    for place, findings in by_place.items():
        values = dict(rejected[place].values) if place in rejected else {}
        said = " ".join(f"{f.column}: {f.message}" if f.column else f.message for f in findings)
        rows.append(values | dict(zip(ADDED, (place.file, str(place.line or ""), said), strict=True)))
    return _csv([*(column.name for column in COLUMNS), *ADDED], rows)


def _csv(header: Sequence[str], rows: Iterable[dict[str, str]]) -> bytes:
    """A CSV that a Dutch Excel opens as a table, and in which nothing becomes a formula."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, delimiter=";", restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: guarded(bare(value)) for name, value in row.items()})
    return text.getvalue().encode("utf-8-sig", "replace")
