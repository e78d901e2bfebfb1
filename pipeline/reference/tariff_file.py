"""The tariff file (`inputs/reference/tarieven.toml`), checked against the model; and what is wrong with it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import TariffError
from pipeline.model.codes import CBS, CodeForm
from pipeline.model.quantities import Block
from pipeline.model.tariffs import Tariff


class _TariffFile(Block):
    tariffs: list[Tariff] = Field(alias="tarieven")


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
        context = {"is_column": is_column, "codes": codes}
        tariffs = sorted(_TariffFile.model_validate(data, context=context).tariffs, key=lambda t: t.valid_from)
    except ValidationError as error:
        raise TariffError(*(f"{path}: {_sentence(e)}" for e in error.errors())) from error
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


def _sentence(error: ErrorDetails) -> str:
    """One validation error as: key, what is wrong, what would be right."""
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"]) or "tarieven"
    match error["type"]:
        case "missing":
            return f"{key}: is missing; add it."
        case "extra_forbidden":
            known = _known_keys(error["loc"][:-1])
            near = difflib.get_close_matches(str(error["loc"][-1]), known, 1)
            meant = f"did you mean {near[0]}? " if near else ""
            return f"{key}: is not a known key; {meant}Known here: {', '.join(known)}."
        case "value_error":
            return f"{key}: {error['msg'].removeprefix('Value error, ')}."
        case _:
            found = repr(error["input"])
            shown = found if len(found) <= 60 else f"{found[:60]}..."
            return f"{key}: {error['msg'].replace('Input should', 'should')} (it is {shown})."


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at a location of the file accepts, by walking the models along it."""
    model: type[BaseModel] = _TariffFile
    for part in location:
        if isinstance(part, str):
            by_key = {field.alias or name: field for name, field in model.model_fields.items()}
            model = _model_in(by_key[part].annotation)
    return [f.alias or name for name, f in model.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel]:
    """The model within an annotation such as `tuple[Tariff, ...]` or `CalendarYear | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments: tuple[object, ...] = getattr(annotation, "__args__", ())
    return next(_model_in(a) for a in arguments if a is not None and a is not Ellipsis and a is not type(None))
