"""The tariff file (`inputs/reference/tarieven.toml`), checked against the model; and what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from pipeline.errors import TariffError
from pipeline.model.blocks import Block, Known, Problem, Wrong, each, key
from pipeline.model.codes import CBS, CodeForm
from pipeline.model.tariffs import Tariff

FILE = "tarieven.toml"


@dataclass(frozen=True, kw_only=True)
class _TariffFile(Block):
    tariffs: tuple[Tariff, ...] = key("tarieven", each(Tariff))


def read_tariffs(
    path: Path, is_column: Callable[[str], bool] | None = None, codes: CodeForm = CBS
) -> tuple[Tariff, ...]:
    """Read all dated tariffs, oldest first.

    `is_column` tells what is a column of deliveries, so that no item may be; `codes` how those of the register look.

    Raises:
        TariffError: if the file cannot be read or parsed, a key is missing or unknown, a value is impossible, or
            two tariffs are valid on one day; every problem is named with file, key and what would be right.
    """
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8"), parse_float=Decimal)
    except OSError as error:
        raise TariffError(f"{path}: cannot be read ({error.strerror}); it must hold the tariffs.") from error
    except UnicodeDecodeError as error:
        raise TariffError(f"{path}: is not UTF-8 ({error}); save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise TariffError(f"{path}: is not valid TOML: {error}.") from error
    try:
        tariffs = sorted(_TariffFile.read(data, Known(is_column, codes)).tariffs, key=lambda t: t.valid_from)
    except Wrong as wrong:
        raise TariffError(*(f"{path}: {_sentence(problem)}" for problem in wrong.problems)) from wrong
    if not tariffs:
        raise TariffError(f"{path}: tarieven: there is no tariff; give at least one block [[tarieven]].")
    for earlier, later in pairwise(tariffs):
        last = earlier.valid_to
        if earlier.valid_from == later.valid_from or (last is not None and last >= later.valid_from):
            raise TariffError(
                f"{path}: geldig_vanaf: the tariffs of {earlier.valid_from} and {later.valid_from} overlap; "
                "each day has one tariff, so give the later one another date or end the earlier one."
            )
    return tuple(tariffs)


def _sentence(problem: Problem) -> str:
    """A problem as: key, what is wrong, what would be right."""
    where, what = problem
    return f"{'.'.join(str(part + 1) if isinstance(part, int) else part for part in where) or 'tarieven'}: {what}."
