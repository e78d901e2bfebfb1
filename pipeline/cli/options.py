"""The options that commands share: the folders, the reference date, how large a delivery may be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from pipeline.model.limits import MOST_MEGABYTES, MOST_ROWS, YEARS
from pipeline.reference.places import Folder, at_home, completed

F = TypeVar("F", bound=Callable[..., Any])


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


def limit_options(command: F) -> F:
    """The options for how large a delivery may be; the command gets them as its `limits`."""

    @click.option("--max-size", **_most(MOST_MEGABYTES, 2_000, "megabytes"))
    @click.option("--max-rows", **_most(MOST_ROWS, 10_000_000, "rows"))
    @wraps(command)
    def limited(max_size: int, max_rows: int, **others: Any) -> None:
        from pipeline.intake import Limits

        command(limits=Limits(max_size * 1_000_000, max_rows), **others)

    return cast("F", limited)


def source_options(command: F) -> F:
    """All of these options, as the commands have them that read deliveries and the folder with results."""
    every = (inputs_option, outputs_option, reference_option, templates_option, date_option, limit_options)
    for option in reversed(every):
        command = option(command)
    return command


def _most(usual: int, most: int, what: str) -> dict[str, Any]:
    help_ = f"Refuse a delivery with more {what}."
    return {"type": click.IntRange(1, most), "default": usual, "show_default": True, "help": help_}
