"""The commands about what goes out: send and pack."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pipeline.cli.options import outputs_option, reference_option, source_options, templates_option
from pipeline.cli.printing import REJECTED, explained, say, show_findings
from pipeline.reference.places import Folder


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


class _Seconds(click.FloatRange):
    """A number of seconds; no end of them is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail("it is a number of seconds.", param, ctx)
        return seconds


_OF_SENDING = (
    *("dry_run", "everything", "resend", "user", "password_file", "insecure_plain"),
    *("per_minute", "per_connection", "tries", "wait", "timeout", "end_timeout"),
)
"""The options that say how is sent, and go with --smtp."""


def _see_what_goes_together(context: click.Context, chosen: int, smtp: object, user: object) -> None:
    """Nothing, if the options of `send` do; one of the environment may stand there for another time."""
    if chosen > 1:
        raise click.UsageError("Choose one of --draft, --smtp and --status.")
    given = [
        option.opts[0]
        for option in context.command.params
        if option.name in _OF_SENDING and context.get_parameter_source(option.name) is ParameterSource.COMMANDLINE
    ]
    if smtp is None and given:
        raise click.UsageError(f"{given[0]} goes with --smtp HOST:PORT.")
    if "--password-file" in given and not user:
        raise click.UsageError("--password-file goes with --user NAME.")


@click.command()
@source_options
@click.option("--draft", is_flag=True, help="Write a file for each message, to look at or to send by hand (default).")
@click.option("--smtp", metavar="HOST:PORT", callback=_server, help="Send by this mail server, over TLS.")
@click.option("--dry-run", is_flag=True, help="With --smtp: log in, say what would be sent, and send nothing.")
@click.option("--status", is_flag=True, help="Show what was sent to each municipality, and what came back.")
@click.option("--all", "everything", is_flag=True, help="Send to all municipalities, not to one only.")
@click.option("--resend", metavar="NAME", multiple=True, help="Send again what may not have arrived there.")
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
    "--wait", type=_Seconds(0, 3600), default=30, show_default=True, help="Seconds until the second try; then longer."
)
@click.option(
    "--timeout", type=_Seconds(0.1, 3600), default=60, show_default=True, help="Seconds to wait for an answer."
)
@click.option(
    "--end-timeout", type=_Seconds(0.1, 3600), default=600, show_default=True, help="The same, to a whole message."
)
@click.option("--insecure-plain", is_flag=True, help="Without TLS: only to a server on this machine itself.")
@click.option("-q", "--quiet", is_flag=True, help="Show errors only.")
@click.pass_context
def send(
    context: click.Context,
    /,
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
    end_timeout: float,
    insecure_plain: bool,
    quiet: bool,
    **sources: Any,
) -> None:
    """Send what stands in the folder with results to the municipalities by mail, or write drafts of that."""
    _see_what_goes_together(context, draft + bool(smtp) + status, smtp, user)
    with explained():
        from pipeline.console.progress import progress_bar
        from pipeline.distribution import gathering, rounds, telling
        from pipeline.distribution.messages import Sender
        from pipeline.distribution.sender import Pace
        from pipeline.distribution.server import Server, read_password

        material = gathering.mail(**sources, sender=Sender.of(sender) if sender else None)
        show_findings(material.findings, None)
        lines: Iterable[str]
        if status:
            found = rounds.status(material)
            say(*telling.of_status(found))
            whole = True
        elif smtp is None:
            with progress_bar(hidden=quiet, of="Messages") as progress:
                drafted = rounds.draft(material, progress)
            lines, whole = telling.of_drafts(drafted), drafted.whole
        else:
            password = read_password(password_file) if user else ""
            server = Server(*smtp, insecure_plain, user or "", password, timeout, end_timeout)
            if dry_run:
                sent = rounds.rehearse(material, server, everything=everything, resend=resend)
                lines, whole = telling.of_rehearsal(sent), sent.whole
            else:
                pace = Pace(per_minute, per_connection, tries, wait)
                begun: list[rounds.Sent] = []
                try:
                    with progress_bar(hidden=quiet, of="Messages") as progress:
                        sent = rounds.send_round(
                            *(material, server, pace),
                            everything=everything,
                            resend=resend,
                            progress=progress,
                            begun=begun.append,
                        )
                except BaseException:
                    for one in begun:
                        say(*telling.of_what_stopped(one), err=True)
                    raise
                lines, whole = telling.of_sending(sent), sent.whole
        if not status and not (quiet and whole):
            say(*lines, err=True)
    sys.exit(0 if whole else REJECTED)


@click.command()
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
    with explained():
        from pipeline.console.progress import progress_bar
        from pipeline.distribution import gathering
        from pipeline.distribution.packing import told

        with progress_bar(hidden=quiet, of="Documents") as progress:
            packed = gathering.pack(outputs, reference, templates, municipalities, provinces, everything, progress)
        say(*told(packed), err=True)
        if not quiet:
            say(f"{packed.made} made, {packed.unchanged} unchanged, {len(packed.refused)} refused: {packed.folder}")
    sys.exit(REJECTED if packed.refused else 0)
