"""What commands print, so that nothing in it acts on a terminal; and with which code they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import KostenindicatieError, SettingsError

if TYPE_CHECKING:
    from pipeline.intake import Finding

SHOWN = 20
"""How many sentences on findings the terminal shows; all are in afgekeurd.csv and in the overview."""
FAILED, REJECTED = 1, 3
"""The last is also that of a message that did not go, and of a municipality that was left out."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn an error that ends the run into its sentence and exit code 1."""
    try:
        yield
    except SettingsError as error:
        from pipeline.intake.fields.characters import in_a_line

        raise click.UsageError(in_a_line(str(error))) from error
    except KostenindicatieError as error:
        first, *others = error.args
        say(f"Error: {first}", *others, err=True, fg="red")
        sys.exit(FAILED)


def say(*lines: str, err: bool = False, **look: Any) -> None:
    """Print lines of text; what they hold from outside cannot act on the terminal, nor begin a line of its own."""
    from pipeline.intake.fields.characters import in_a_line

    for line in lines:
        click.secho(in_a_line(line), err=err, **look)


def write(pieces: Iterable[str]) -> None:
    """Write JSON to standard output in UTF-8, whatever the terminal takes; what could act on it stands as a number."""
    from pipeline.intake.fields.characters import HIDDEN

    rest = iter(pieces)
    while some := "".join(islice(rest, 1_000)):
        click.echo(HIDDEN.sub(lambda hidden: json.dumps(hidden[0])[1:-1], some).encode(), nl=False)


def show_findings(findings: Sequence[Finding], most: int | None, rest: Path | None = None) -> None:
    """Print the findings by file to standard error, at most so many sentences, with counts."""
    from pipeline.intake.reporting import told

    wrong = any(finding.severity.value == "fout" for finding in findings)
    where = f"alle fouten in {rest}" if rest and wrong else "alle met --verbose"
    for heading, sentences in told(findings, most, where):
        say(heading, err=True, bold=True)
        say(*(f"  {sentence}" for sentence in sentences), err=True)


def count(number: int, one: str, more: str) -> str:
    """So many of something, by what one and more of it are called."""
    return f"{number} {one if number == 1 else more}"
