"""What an intake says to people: findings by file, those that say the same in one line, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from pipeline import dutch
from pipeline.intake.findings import Finding, Severity, places_in_words
from pipeline.model.choices import Origin

COLUMNS_COUNTED = 6
"""How many columns of a file are counted in its heading."""


def told(findings: Iterable[Finding], most: int | None, rest: str) -> Iterator[tuple[str, Sequence[str]]]:
    """By file its heading, with counts, and what was found in it, in Dutch sentences.

    With `most`, findings that say the same share a sentence, and there are so many sentences over all files, those on
    errors first; behind them stands how many more there are, and where the `rest` can be read. A file of which not
    all is told has counts by column in its heading. Without `most`, every finding has its own sentence.
    """
    by_file = groupby(sorted(findings, key=lambda f: f.file), key=lambda f: f.file)
    files = [_File.of(file, list(some), together=most is not None) for file, some in by_file]
    if most is None:
        yield from ((file.heading, _sentences([*file.errors, *file.warnings])) for file in files)
        return
    errors = _shares([len(file.errors) for file in files], most)
    warnings = _shares([len(file.warnings) for file in files], most - sum(errors))
    silent, over = 0, 0
    for file, some, more in zip(files, errors, warnings, strict=True):
        cut = len(file.errors) - some + len(file.warnings) - more
        over += cut
        if some or more:
            counted = f"{file.heading}{file.by_column if cut else ''}"
            yield counted, _sentences([*file.errors[:some], *file.warnings[:more]])
        else:
            silent += 1
    if over:
        elsewhere = f", ook in {_count(silent, 'ander bestand', 'andere bestanden')}" if silent else ""
        yield f"... en nog {_count(over, 'bevinding', 'bevindingen')}{elsewhere}; {rest}", ()


class _File(Struct, frozen=True):
    """What is told of one file: its heading, counts by column, and findings, those that say the same together."""

    heading: str
    by_column: str
    errors: Sequence[Sequence[Finding]]
    warnings: Sequence[Sequence[Finding]]

    @classmethod
    def of(cls, name: str, findings: Sequence[Finding], *, together: bool) -> _File:
        """What there is to tell of a file."""
        errors, warnings = ([finding for finding in findings if finding.severity is kind] for kind in Severity)
        heading = f"{name}: {_count(len(errors), 'fout', 'fouten')}"
        heading += f", {_count(len(warnings), 'waarschuwing', 'waarschuwingen')}"
        counts = [
            _by_column(kind, found) for kind, found in (("fouten", errors), ("waarschuwingen", warnings)) if found
        ]
        alike = (_alike(found, together=together) for found in (errors, warnings))
        return cls(heading, f" ({'; '.join(counts)})", *alike)


def _by_column(kind: str, findings: Iterable[Finding]) -> str:
    """How many findings each column has, most first, in words."""
    columns = Counter(finding.column or "zonder kolom" for finding in findings)
    listed = [f"{column} {dutch.number(number)}" for column, number in columns.most_common(COLUMNS_COUNTED)]
    others = len(columns) - len(listed)
    return f"{kind}: {', '.join(listed)}{f' en nog {others} kolommen' if others else ''}"


def _shares(numbers: Sequence[int], most: int) -> list[int]:
    """Of each number how much there is room for, the first ones first."""
    shares = []
    for number in numbers:
        shares.append(min(number, most))
        most -= shares[-1]
    return shares


def _alike(findings: Iterable[Finding], *, together: bool) -> list[Sequence[Finding]]:
    """Findings of one file that say the same, in order of first appearance; each alone if not `together`."""
    if not together:
        return [(finding,) for finding in findings]
    alike: dict[tuple[str | None, str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.column, finding.value, finding.message), []).append(finding)
    return list(alike.values())


def _sentences(alike: Iterable[Sequence[Finding]]) -> list[str]:
    """A sentence for each group of findings that say the same."""
    said = []
    for same in alike:
        first = same[0]
        lines = [Origin(finding.file, finding.line, finding.place) for finding in same if finding.line]
        owner = first.municipality if len(same) == 1 else ""
        place = ", ".join(part for part in (places_in_words(lines) if lines else "", owner) if part)
        said.append(f"{first.severity.value}: {f'{place}, ' if place else ''}{first.sentence}")
    return said


def _count(number: int, one: str, more: str) -> str:
    return f"{dutch.number(number)} {one if number == 1 else more}"
