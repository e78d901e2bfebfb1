"""The CSVs that we write: the template of a delivery, and the rejected rows, to be mended and dropped back in."""

from __future__ import annotations

import codecs
import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.intake.fields.characters import bare
from pipeline.intake.fields.columns import ADDED, Columns
from pipeline.intake.findings import Finding, Intake
from pipeline.intake.rejects.csv_injection import guarded
from pipeline.model.choices import Origin
from pipeline.model.items import Item
from pipeline.model.municipality import Municipality

_PIECE = 100_000


def template_csv(municipalities: Iterable[Municipality], items: Iterable[Item] = ()) -> bytes:
    """An empty delivery, or one with a row for each of these municipalities.

    `items` are those of the tariff; one that is there by choice has a column of its own.
    """
    rows = [{"gemeente": of.name, "gemeentecode": of.code} for of in municipalities]
    return b"".join(_pieces([column.name for column in Columns.of(items).every], rows))


def rejected_pieces(intake: Intake) -> Iterator[bytes]:
    """The rejected rows with their original values, and behind them where they stand and what is wrong, in pieces.

    Files that were refused as a whole have a row without values.
    """
    yield from _pieces([*(column.name for column in intake.columns.every), *ADDED], _rejected(intake))


def _rejected(intake: Intake) -> Iterator[dict[str, str]]:
    """The rejected rows, and behind them what was refused as a whole."""
    places = set()
    for row in intake.rejected:
        places.add(row.origin)
        where = row.original
        added = (where.origin.file, str(where.origin.line), where.checksum, _said(row.findings))
        yield dict(row.values) | dict(zip(ADDED[1:], added, strict=True))
    whole: dict[Origin, list[Finding]] = defaultdict(list)
    for finding in intake.errors:
        if (place := Origin(finding.file, finding.line or 0)) not in places:
            whole[place].append(finding)
    for place, findings in whole.items():
        yield dict(zip(ADDED[1:], (place.file, str(place.line or ""), "", _said(findings)), strict=True))


def _said(findings: Iterable[Finding]) -> str:
    return " ".join(f"{f.column}: {f.message}" if f.column else f.message for f in findings)


def _pieces(header: Sequence[str], rows: Iterable[dict[str, str]]) -> Iterator[bytes]:
    """A CSV that a Dutch Excel opens as a table, and in which nothing becomes a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(header)
    yield codecs.BOM_UTF8
    for row in rows:
        writer.writerow([guarded(bare(value)) if (value := row.get(name)) else "" for name in header])
        if text.tell() > _PIECE:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")
