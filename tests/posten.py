"""A cost item that is only data: the block of the tariff file that declares it, and tariffs and files with it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pipeline.model.declared_items import DeclaredItem
from pipeline.model.tariffs import Tariff
from tests.conftest import REFERENCE, ROOT

_RECIPE = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8"), re.DOTALL)
assert _RECIPE
TRAINING = "\n" + _RECIPE[1]
"""The block that docs/recipes.md shows."""
BY_CHOICE = ('telt = "altijd"', 'telt = "bij keuze"')
ONCE = ('periode = "jaarlijks"', 'periode = "eenmalig"'), ('"EUR per jaar"', '"EUR"')
WITHOUT_AMOUNT = ("laag = 2000\nhoog = 3000\n", "")


def block(*changes: tuple[str, str]) -> str:
    """The block, with each text in it replaced by another."""
    text = TRAINING
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def with_training(tariff: Tariff, *changes: tuple[str, str]) -> Tariff:
    """The tariff with that item besides."""
    (data,) = tomllib.loads(block(*changes), parse_float=Decimal)["tarieven"]["posten"]
    return replace(tariff, declared=(*tariff.declared, DeclaredItem.read(data)))


def add_to(file: Path, *changes: tuple[str, str]) -> None:
    """Write the shipped tariffs to a file, with that block behind the last one."""
    file.write_text((REFERENCE / "tarieven.toml").read_text(encoding="utf-8") + block(*changes), encoding="utf-8")
