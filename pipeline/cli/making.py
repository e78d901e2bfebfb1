"""The commands about deliveries and what is made of them: report, check, diff, template."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import (
    date_option,
    inputs_option,
    limit_options,
    reference_option,
    source_options,
    templates_option,
)
from pipeline.cli.printing import REJECTED, SHOWN, count, explained, say, show_findings, write
from pipeline.console.streams import lost_output
from pipeline.errors import KostenindicatieError, OutputsError, SettingsError
from pipeline.reference.places import Folder

if TYPE_CHECKING:
    from pipeline.intake import Limits
    from pipeline.run import RunReport


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse what cannot be the address of a scheduler."""
    from pipeline.publishing.cluster import ADDRESS

    if value is not None and not ADDRESS.fullmatch(value):
        raise click.BadParameter("it is written like tcp://10.0.0.1:8786, or with tls://.")
    return value


@click.command()
@source_options
@click.option("--strict", is_flag=True, help="Make nothing when a row is rejected.")
@click.option("--force", is_flag=True, help="Make everything anew, also what stands there already.")
@click.option(
    "--allow-removals", is_flag=True, help="Also remove very many municipalities, when they are in no delivery now."
)
@click.option("--workers", type=click.IntRange(1), show_default="one a core", help="The most processes to start.")
@click.option(
    "--scheduler", metavar="ADDRESS", callback=_address, help="Let the workers of this Dask scheduler do the work."
)
@click.option(
    "--worker-timeout",
    metavar="SECONDS",
    type=click.IntRange(1),
    default=60,
    show_default=True,
    help="Give up a worker of the scheduler that brings nothing for so long.",
)
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Show every finding.")
def report(quiet: bool, verbose: bool, **settings: Any) -> None:
    """Make a workbook and a summary for every municipality, and the overview."""
    if quiet and verbose:
        raise click.UsageError("Choose one of --quiet and --verbose.")
    with explained():
        from pipeline import run
        from pipeline.console.progress import progress_bar

        with progress_bar(hidden=quiet) as progress:
            done = run.report(run.Settings(**settings), progress)
        if not quiet or done.intake.errors:
            show_findings(done.intake.findings, None if verbose else SHOWN, settings["outputs"] / "afgekeurd.csv")
        for sentence in _what_is_no_more(done):
            say(sentence, err=True)
        if done.remarks:
            say(*done.remarks, err=True)
        if not quiet:
            say(
                f"{done.made} made, {done.unchanged} unchanged, {done.replaced} replaced, {done.rejected} rejected "
                f"in {done.seconds:.1f} s: {settings['outputs']}"
            )
    sys.exit(REJECTED if done.intake.errors else 0)


@click.command()
@inputs_option
@reference_option
@date_option
@limit_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Show every finding.")
def check(inputs: Path, reference: Folder, day: date, limits: Limits, form: str, verbose: bool) -> None:
    """Read the deliveries and say what is wrong with them; write nothing."""
    with explained():
        from pipeline import run
        from pipeline.results.writing import checked_as_json

        intake = run.check(inputs, reference, limits, day)
        if form == "json":
            write(piece.decode() for piece in checked_as_json(intake))
        else:
            show_findings(intake.findings, None if verbose else SHOWN)
            municipalities = count(len(intake.choices), "municipality", "municipalities")
            say(f"{municipalities}, {count(len(intake.rejected), 'row', 'rows')} rejected.")
        if why := lost_output():  # before it ends; of all others whose print is the point, `__main__` asks this
            raise KostenindicatieError(why)
    sys.exit(REJECTED if intake.errors else 0)


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: Path, new: Path, form: str) -> None:
    """Say what changed from result OLD to NEW: folders with results, or (kept) kostenindicaties.json files."""
    with explained():
        from pipeline.documents.summaries.changes import as_data, in_lines
        from pipeline.results.comparison import compare
        from pipeline.results.reading import opened

        with opened(old) as was, opened(new) as is_:
            changes = compare(was, is_)
        if form == "json":
            write([json.dumps(as_data(changes), ensure_ascii=False, indent=1), "\n"])
        else:
            say(*in_lines(changes))


@click.command()
@reference_option
@templates_option
@date_option
@click.option("--xlsx", "form", flag_value="xlsx", help="Write a form with drop-downs, as an Excel workbook.")
@click.option("--ods", "form", flag_value="ods", help="Write that form as an OpenDocument spreadsheet.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file, which must be new.")
@click.argument("municipalities", nargs=-1)
def template(
    reference: Folder, templates: Folder, day: date, form: str | None, output: Path | None, municipalities: tuple[str]
) -> None:
    """Write an empty delivery, or one with the given MUNICIPALITIES (names or codes): a CSV, or a form to fill in."""
    if form and not output and sys.stdout.isatty():
        raise click.UsageError("A spreadsheet cannot be shown; give a file with --output.")
    with explained():
        from pipeline.intake import template_csv
        from pipeline.intake.tariffs import read_tariff
        from pipeline.reference.register import FILE, read_register

        register = read_register(reference / FILE)
        tariff = read_tariff(reference, day, register.codes)
        asked = [register.only(name) for name in municipalities]
        if form:
            from pipeline.documents import forms
            from pipeline.reference.texts import read_texts

            render = {"xlsx": forms.render_xlsx, "ods": forms.render_ods}[form]
            data = render(tariff, asked, read_texts(templates))
        else:
            data = template_csv(asked, tariff.items)
        if output:
            _create(output, data)
        else:
            click.echo(data, nl=False)


def _create(file: Path, data: bytes) -> None:
    """Write a file that is not there yet: what somebody filled in is never overwritten."""
    try:
        with file.open("xb") as new:
            new.write(data)
    except FileExistsError as error:
        raise SettingsError(f"{file}: is there already; give another name, or remove it.") from error
    except OSError as error:
        file.unlink(missing_ok=True)
        raise OutputsError(f"{file}: cannot be written ({error.strerror}).") from error


def _what_is_no_more(done: RunReport) -> Iterator[str]:
    """What is not as it was, of the deliveries and in the folder with results: always said, also with --quiet."""
    from pipeline.publishing.last_time import listed
    from pipeline.publishing.placing import kept

    if done.lost:
        yield "The manifest and its copy are gone or damaged: whatever differs may be somebody's, and is kept."
    if done.missing:
        yield f"Deliveries since last time: {listed(done.missing, SHOWN)}."
    why = "is not known to be of an earlier run" if done.lost else "was changed by hand"
    for name, aside in done.kept_aside.items():
        yield kept(name, aside, why)
    if done.damaged:
        were = count(len(done.damaged), "file was", "files were")
        yield f"{were} damaged, and made again: {listed(done.damaged, SHOWN)}."
    if done.removed:
        yield f"{count(len(done.removed), 'file', 'files')} removed: {listed(done.removed, SHOWN)}."
