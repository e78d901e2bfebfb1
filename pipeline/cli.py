"""The command `kostenindicatie`: parse, call, print, exit code.

Results go to standard output, everything else to standard error. Exit codes: 0 all made, 1 the run failed, 2 wrong
use of the command, 3 made, with rejected rows.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pipeline import __version__
from pipeline.console.streams import lost_output
from pipeline.errors import KostenindicatieError, OutputsError, SettingsError
from pipeline.model.limits import MOST_MEGABYTES, MOST_ROWS, YEARS
from pipeline.reference.places import Folder, at_home, completed

if TYPE_CHECKING:
    from pipeline.intake import Finding
    from pipeline.run import RunReport

F = TypeVar("F", bound=Callable[..., Any])

SHOWN = 20
"""How many sentences on findings the terminal shows; all are in afgekeurd.csv and in the overview."""
FAILED, REJECTED = 1, 3
"""The last is also that of a message that did not go, and of a municipality that was left out."""


def _folder(name: str, usual: str, holds: str, find: Callable[[str], Folder]) -> Callable[[F], F]:
    """An option for a folder; one that is not given is found by its usual name."""
    return click.option(
        name,
        type=click.Path(file_okay=False, path_type=Path),
        callback=lambda _context, _parameter, given: given or find(usual),
        show_default=f"{usual}/ of the checkout, or else here",
        help=holds,
    )


inputs_option = _folder("--inputs", "inputs", "Folder with deliveries: the CSV files of municipalities.", at_home)
reference_option = _folder("--reference", "inputs/reference", "Folder with the register and the tariffs.", completed)
outputs_option = _folder("--outputs", "outputs", "Folder for the results.", at_home)
templates_option = _folder("--templates", "templates", "Folder with the texts and templates.", completed)


def _within_years(_: click.Context, __: click.Parameter, day: datetime) -> date:
    """The reference date, if it lies in the years that a workbook takes."""
    if day.year not in YEARS:
        raise click.BadParameter(f"a reference date lies in the years from {YEARS.low} to {YEARS.high}.")
    return day.date()


date_option = click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: date.today().isoformat(),
    callback=_within_years,
    show_default="today",
    help="Reference date: chooses the tariff and the default start year.",
)


def _limit_options(command: F) -> F:
    """The options for how large a delivery may be."""
    for name, usual, most, what in (
        ("--max-rows", MOST_ROWS, 10_000_000, "rows"),
        ("--max-size", MOST_MEGABYTES, 2_000, "megabytes"),
    ):
        command = click.option(
            name,
            type=click.IntRange(1, most),
            default=usual,
            show_default=True,
            help=f"Refuse a delivery with more {what}.",
        )(command)
    return command


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse what cannot be the address of a scheduler."""
    from pipeline.publishing.cluster import ADDRESS

    if value is not None and not ADDRESS.fullmatch(value):
        raise click.BadParameter("it is written like tcp://10.0.0.1:8786, or with tls://.")
    return value


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kostenindicatie")
def main() -> None:
    """What Signalen would cost a Dutch municipality: from dropped CSV files to workbooks and summaries."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a character shows its code
            stream.reconfigure(errors="backslashreplace")


@main.command()
@inputs_option
@outputs_option
@reference_option
@templates_option
@date_option
@_limit_options
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
def report(
    inputs: Path,
    outputs: Path,
    reference: Folder,
    templates: Folder,
    day: date,
    max_size: int,
    max_rows: int,
    strict: bool,
    force: bool,
    allow_removals: bool,
    workers: int | None,
    scheduler: str | None,
    worker_timeout: int,
    quiet: bool,
    verbose: bool,
) -> None:
    """Make a workbook and a summary for every municipality, and the overview."""
    if quiet and verbose:
        raise click.UsageError("Choose one of --quiet and --verbose.")
    with _explained():
        from pipeline import run
        from pipeline.console.progress import progress_bar
        from pipeline.intake import Limits

        limits = Limits(max_size * 1_000_000, max_rows)
        settings = run.Settings(
            *(inputs, outputs, reference, templates, day, limits, strict, force, workers, scheduler),
            allow_removals=allow_removals,
            worker_timeout=worker_timeout,
        )

        with progress_bar(hidden=quiet) as progress:
            done = run.report(settings, progress)
        if not quiet or done.intake.errors:
            _show_findings(done.intake.findings, None if verbose else SHOWN, outputs / "afgekeurd.csv")
        for sentence in _what_is_no_more(done):
            _say(sentence, err=True)
        if done.remarks:
            _say(*done.remarks, err=True)
        if not quiet:
            _say(
                f"{done.made} made, {done.unchanged} unchanged, {done.replaced} replaced, {done.rejected} rejected "
                f"in {done.seconds:.1f} s: {outputs}"
            )
    sys.exit(REJECTED if done.intake.errors else 0)


@main.command()
@inputs_option
@reference_option
@date_option
@_limit_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Show every finding.")
def check(inputs: Path, reference: Folder, day: date, max_size: int, max_rows: int, form: str, verbose: bool) -> None:
    """Read the deliveries and say what is wrong with them; write nothing."""
    with _explained():
        from pipeline import run
        from pipeline.intake import Limits
        from pipeline.results.writing import checked_as_json

        intake = run.check(inputs, reference, Limits(max_size * 1_000_000, max_rows), day)
        if form == "json":
            _write(piece.decode() for piece in checked_as_json(intake))
        else:
            _show_findings(intake.findings, None if verbose else SHOWN)
            municipalities = _count(len(intake.choices), "municipality", "municipalities")
            _say(f"{municipalities}, {_count(len(intake.rejected), 'row', 'rows')} rejected.")
        if why := lost_output():  # before it ends; of all others whose print is the point, `__main__` asks this
            raise KostenindicatieError(why)
    sys.exit(REJECTED if intake.errors else 0)


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: Path, new: Path, form: str) -> None:
    """Say what changed from result OLD to NEW: folders with results, or (kept) kostenindicaties.json files."""
    with _explained():
        from pipeline.documents.summaries.changes import as_data, in_lines
        from pipeline.results.comparison import compare
        from pipeline.results.reading import opened

        with opened(old) as was, opened(new) as is_:
            changes = compare(was, is_)
        if form == "json":
            _write([json.dumps(as_data(changes), ensure_ascii=False, indent=1), "\n"])
        else:
            _say(*in_lines(changes))


@main.command()
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
    with _explained():
        from pipeline.intake import template_csv
        from pipeline.reference.register import read_register
        from pipeline.run import REGISTER, read_tariff

        register = read_register(reference / REGISTER)
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


def _server(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, int] | None:
    """Where a mail server is: `mail.example.nl:587`, or `[::1]:25`."""
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not re.fullmatch(r"[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}", host) or ".." in host or not port.isdecimal():
        raise click.BadParameter("it is written like mail.example.nl:587.")
    if not 0 < int(port) < 65536:
        raise click.BadParameter("a port is a number from 1 to 65535.")
    return host, int(port)


@main.command()
@inputs_option
@outputs_option
@reference_option
@templates_option
@date_option
@_limit_options
@click.option("--draft", is_flag=True, help="Write a file for each message, to look at or to send by hand (default).")
@click.option("--smtp", metavar="HOST:PORT", callback=_server, help="Send by this mail server, over TLS.")
@click.option("--dry-run", is_flag=True, help="With --smtp: log in, say what would be sent, and send nothing.")
@click.option("--status", is_flag=True, help="Show what was sent to each municipality, and what came back.")
@click.option("--all", "everything", is_flag=True, help="Send to all municipalities, not to the first one only.")
@click.option("--resend", metavar="CODE", multiple=True, help="Send again what may not have arrived at this one.")
@click.option("--from", "sender", envvar="KOSTENINDICATIE_FROM", show_envvar=True, help="The address of the sender.")
@click.option("--user", envvar="KOSTENINDICATIE_SMTP_USER", show_envvar=True, help="The name to log in by.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the password, if that is not in KOSTENINDICATIE_SMTP_PASSWORD.",
)
@click.option("--per-minute", type=click.IntRange(1), default=30, show_default=True, help="Messages a minute at most.")
@click.option(
    "--per-connection", type=click.IntRange(1), default=50, show_default=True, help="Messages over one connection."
)
@click.option("--tries", type=click.IntRange(1), default=5, show_default=True, help="How often to try each message.")
@click.option(
    "--wait", type=click.FloatRange(0), default=30, show_default=True, help="Seconds until the second try; then longer."
)
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=60, show_default=True, help="Seconds to wait for an answer."
)
@click.option("--insecure-plain", is_flag=True, help="Without TLS: only to a server on this machine itself.")
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
def send(
    inputs: Path,
    outputs: Path,
    reference: Folder,
    templates: Folder,
    day: date,
    max_size: int,
    max_rows: int,
    draft: bool,
    smtp: tuple[str, int] | None,
    dry_run: bool,
    status: bool,
    everything: bool,
    resend: tuple[str, ...],
    sender: str | None,
    user: str | None,
    password_file: Path | None,
    per_minute: int,
    per_connection: int,
    tries: int,
    wait: float,
    timeout: float,
    insecure_plain: bool,
    quiet: bool,
) -> None:
    """Send what stands in the folder with results to the municipalities by mail, or write drafts of that."""
    if draft + bool(smtp) + status > 1:
        raise click.UsageError("Choose one of --draft, --smtp and --status.")
    if smtp is None and (dry_run or everything or resend):
        raise click.UsageError("--dry-run, --all and --resend go with --smtp HOST:PORT.")
    with _explained():
        from pipeline import run
        from pipeline.console.progress import progress_bar
        from pipeline.distribution import rounds, telling
        from pipeline.distribution.messages import Sender
        from pipeline.distribution.sender import Pace
        from pipeline.distribution.server import Server, read_password
        from pipeline.intake import Limits

        material = run.to_mail(
            *(inputs, outputs, reference, templates, day, Limits(max_size * 1_000_000, max_rows)),
            Sender.of(sender) if sender else None,
        )
        _show_findings(material.findings, None)
        lines: Iterable[str]
        if status:
            found = rounds.status(material)
            _say(*telling.of_status(found))
            whole = True
        elif smtp is None:
            with progress_bar(hidden=quiet, of="Messages") as progress:
                drafted = rounds.draft(material, progress)
            lines, whole = telling.of_drafts(drafted), not drafted.left_out
        else:
            server = Server(*smtp, insecure_plain, user or "", read_password(password_file) if user else "", timeout)
            if dry_run:
                sent = rounds.rehearse(material, server, resend)
                lines, whole = telling.of_rehearsal(sent), sent.whole
            else:
                pace = Pace(per_minute, per_connection, tries, wait)
                with progress_bar(hidden=quiet, of="Messages") as progress:
                    sent = rounds.send_round(
                        material, server, pace, everything=everything, resend=resend, progress=progress
                    )
                lines, whole = telling.of_sending(sent), sent.whole
        if not status and not (quiet and whole):
            _say(*lines, err=True)
    sys.exit(0 if whole else REJECTED)


@main.command()
@outputs_option
@reference_option
@templates_option
@click.option("--province", "provinces", metavar="NAME", multiple=True, help="Make one pack of a whole province.")
@click.option("--all", "everything", is_flag=True, help="Make one pack of everything, also for the Stuurgroep.")
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
@click.argument("municipalities", nargs=-1)
def pack(
    outputs: Path,
    reference: Folder,
    templates: Folder,
    provinces: tuple[str, ...],
    everything: bool,
    quiet: bool,
    municipalities: tuple[str, ...],
) -> None:
    """Put what stands in the folder with results in zips: for each of the MUNICIPALITIES (names or codes), or of all.

    The packs are in pakketten/ in that folder, which holds exactly those of the last time.
    """
    with _explained():
        from pipeline import run
        from pipeline.console.progress import progress_bar
        from pipeline.distribution.packing import told

        with progress_bar(hidden=quiet, of="Documents") as progress:
            packed = run.pack(outputs, reference, templates, municipalities, provinces, everything, progress)
        _say(*told(packed), err=True)
        if not quiet:
            _say(f"{packed.made} made, {packed.unchanged} unchanged, {len(packed.refused)} refused: {packed.folder}")
    sys.exit(REJECTED if packed.refused else 0)


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


@contextmanager
def _explained() -> Iterator[None]:
    """Turn an error that ends the run into its sentence and exit code 1."""
    try:
        yield
    except SettingsError as error:
        from pipeline.intake.fields.characters import in_a_line

        raise click.UsageError(in_a_line(str(error))) from error
    except KostenindicatieError as error:
        first, *others = error.args
        _say(f"Error: {first}", *others, err=True, fg="red")
        sys.exit(FAILED)


def _what_is_no_more(done: RunReport) -> Iterator[str]:
    """What is not as it was, of the deliveries and in the folder with results: always said, also with --quiet."""
    from pipeline.publishing.last_time import listed

    if done.lost:
        yield "The manifest and its copy are gone or damaged: whatever differs may be somebody's, and is kept."
    if done.missing:
        yield f"Deliveries since last time: {listed(done.missing, SHOWN)}."
    why = "is not known to be of an earlier run" if done.lost else "was changed by hand"
    for name, aside in done.kept_aside.items():
        yield f"{name} {why}; it is kept as {aside}, and made again."
    if done.damaged:
        were = _count(len(done.damaged), "file was", "files were")
        yield f"{were} damaged, and made again: {listed(done.damaged, SHOWN)}."
    if done.removed:
        yield f"{_count(len(done.removed), 'file', 'files')} removed: {listed(done.removed, SHOWN)}."


def _say(*lines: str, err: bool = False, **look: Any) -> None:
    """Print lines of text; what they hold from outside cannot act on the terminal, nor begin a line of its own."""
    from pipeline.intake.fields.characters import in_a_line

    for line in lines:
        click.secho(in_a_line(line), err=err, **look)


def _write(pieces: Iterable[str]) -> None:
    """Write JSON to standard output in UTF-8, whatever the terminal takes; what could act on it stands as a number."""
    from pipeline.intake.fields.characters import HIDDEN

    rest = iter(pieces)
    while some := "".join(islice(rest, 1_000)):
        click.echo(HIDDEN.sub(lambda hidden: json.dumps(hidden[0])[1:-1], some).encode(), nl=False)


def _show_findings(findings: Sequence[Finding], most: int | None, rest: Path | None = None) -> None:
    """Print the findings by file to standard error, at most so many sentences, with counts."""
    from pipeline.intake.reporting import told

    wrong = any(finding.severity.value == "fout" for finding in findings)
    where = f"alle fouten in {rest}" if rest and wrong else "alle met --verbose"
    for heading, sentences in told(findings, most, where):
        _say(heading, err=True, bold=True)
        _say(*(f"  {sentence}" for sentence in sentences), err=True)


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
