"""What is given back to be mended, and the CSVs that we write: that, and the template of a delivery."""

from __future__ import annotations

import codecs
import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from pipeline.intake.fields.characters import bare
from pipeline.intake.fields.columns import ADDED, Columns
from pipeline.intake.findings import Finding, Intake, Severity
from pipeline.intake.rejects.csv_injection import guarded
from pipeline.model.choices import E_MAIL, Origin
from pipeline.model.items import Item
from pipeline.model.municipality import Municipality

_PIECE = 100_000


def template_csv(municipalities: Iterable[Municipality], items: Iterable[Item] = ()) -> bytes:
    """An empty delivery, or one with a row for each of these municipalities.

    `items` are those of the tariff; one that is there by choice has a column of its own.
    """
    rows = [{"gemeente": of.name, "gemeentecode": of.code} for of in municipalities]
    return b"".join(csv_pieces([column.name for column in Columns.of(items).every], rows))


class GivenBack(Struct, frozen=True):
    """A row of what is given back: its texts by column, and the columns in which something is wrong."""

    texts: Mapping[str, str]
    wrong: Collection[str] = ()


def rejected_columns(intake: Intake) -> list[str]:
    """The columns of what is given back: those of a delivery, and behind them those that we add.

    Where to mail to is not among them: what the row said of that counts, also when it comes back without.
    """
    return [*(column.name for column in intake.columns.every if column != E_MAIL), *ADDED]


def rejected_rows(intake: Intake) -> Iterator[GivenBack]:
    """The rejected rows with their original values, and where they stand and what is wrong; as they were delivered.

    Files that were refused as a whole come behind them, each as a row without values.
    """
    places = set()
    for row in intake.rejected:
        places.add(row.origin)
        where = row.original
        said = _said([*row.findings, *row.warnings], with_place=not row.stands_for)
        added = (where.origin.file, str(where.origin.line), where.checksum, said)
        wrong = frozenset(finding.column for finding in row.findings if finding.column)
        yield GivenBack(dict(row.values) | dict(zip(ADDED[1:], added, strict=True)), wrong)
    whole: dict[Origin, list[Finding]] = defaultdict(list)
    for finding in intake.errors:
        if (place := Origin(finding.file, finding.line or 0)) not in places:
            whole[place].append(finding)
    for place, findings in whole.items():
        added = (place.file, str(place.line or ""), "", _said(findings, with_place=True))
        yield GivenBack(dict(zip(ADDED[1:], added, strict=True)))


def _said(findings: Iterable[Finding], *, with_place: bool) -> str:
    """What is wrong, and of a spreadsheet in which cell; a row that came back stands in another file by now."""
    said = []
    for finding in findings:
        about = ", ".join(filter(None, [finding.place if with_place else "", finding.column]))
        sentence = f"{about}: {finding.message}" if about else finding.message
        said.append(sentence if finding.severity is Severity.ERROR else f"Let op, {sentence}")
    return " ".join(said)


def rejected_pieces(intake: Intake) -> Iterator[bytes]:
    """All of that as a CSV, in pieces."""
    yield from csv_pieces(rejected_columns(intake), (row.texts for row in rejected_rows(intake)))


def csv_pieces(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
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
