"""The command `kostenindicatie`: parse, call, print, exit code.

Results go to standard output, everything else to standard error. Exit codes: 0 all made, 1 the run failed, 2 wrong
use of the command, 3 made, with rejected rows; or sent, but not all.
"""

from __future__ import annotations

import sys
from io import TextIOWrapper

import click

from pipeline import __version__
from pipeline.cli.making import check, diff, report, template
from pipeline.cli.outward import pack, send


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kostenindicatie")
def main() -> None:
    """What Signalen would cost a Dutch municipality: from dropped CSV files to workbooks and summaries."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a character shows its code
            stream.reconfigure(errors="backslashreplace")


for command in (report, check, diff, template, send, pack):
    main.add_command(command)
