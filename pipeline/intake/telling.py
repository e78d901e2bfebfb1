"""What an intake says to people and to machines: findings by file, those that say the same in one line, and counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from pipeline.intake.findings import Finding, Intake, Severity, dutch_count, lines_in_words


def told(intake: Intake, most: int | None, rest: str) -> Iterator[tuple[str, Sequence[str]]]:
    """By file its heading, with counts, and what was found in it, in Dutch sentences.

    With `most`, findings that say the same share a sentence, and there are so many sentences over all files; behind
    them stands how many more there are, and where the `rest` can be read. Without, every finding has its own.
    """
    left, over = most, 0
    for file, of_file in groupby(sorted(intake.findings, key=lambda f: f.file), key=lambda f: f.file):
        findings = list(of_file)
        errors = sum(f.severity is Severity.ERROR for f in findings)
        sentences = list(_sentences(findings, together=most is not None))
        said = sentences[:left]
        if left is not None:
            left -= len(said)
        over += len(sentences) - len(said)
        warnings = _count(len(findings) - errors, "waarschuwing", "waarschuwingen")
        yield f"{file}: {_count(errors, 'fout', 'fouten')}, {warnings}", said
    if over:
        yield f"... en nog {_count(over, 'bevinding', 'bevindingen')}; {rest}", ()


def as_data(intake: Intake) -> dict[str, Any]:
    """The findings and counts, for machines: plain data, ready for JSON."""
    return {
        "municipalities": len(intake.choices),
        "rejected": len(intake.rejected),
        "deliveries": [
            {"file": d.name, "rows": d.rows, "accepted": d.accepted, "replaced": d.replaced, "rejected": d.rejected}
            for d in intake.deliveries
        ],
        "findings": [
            {
                "severity": "error" if f.severity is Severity.ERROR else "warning",
                "code": f.code,
                "file": f.file,
                "line": f.line,
                "column": f.column,
                "value": f.value,
                "message": f.message,
                "municipality": f.municipality,
            }
            for f in intake.findings
        ],
    }


def _sentences(findings: Iterable[Finding], *, together: bool) -> Iterator[str]:
    """What was found in one file, in order of first appearance."""
    alike: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for number, finding in enumerate(findings):
        what = (finding.severity, finding.column, finding.value, finding.message)
        alike[what if together else (number,)].append(finding)
    for same in alike.values():
        severity, column, value, message = same[0].severity, same[0].column, same[0].value, same[0].message
        lines = [finding.line for finding in same if finding.line]
        owner = same[0].municipality if len(same) == 1 else ""
        place = ", ".join(part for part in (lines_in_words(lines) if lines else "", column, owner) if part)
        quoted = f" ({value[:80]!r})" if value else ""
        yield f"{severity.value}: {place}{quoted}: {message}"


def _count(number: int, one: str, more: str) -> str:
    return f"{dutch_count(number)} {one if number == 1 else more}"
