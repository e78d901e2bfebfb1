"""Every workbook of the corpus gives what `verwachtingen.toml` says, as if it were the only one dropped."""

from __future__ import annotations

import tomllib
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.intake import read_deliveries
from pipeline.model.items import HOSTING
from pipeline.reference.register import Register
from tests.conftest import ROOT
from tests.intake.readers.spreadsheets.made import MADE

CORPUS = ROOT / "tests" / "corpus" / "werkmappen"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "verwachtingen.toml").read_text(encoding="utf-8"))


def content(name: str) -> bytes:
    """The bytes of a workbook of the corpus."""
    return MADE[name]() if name in MADE else (CORPUS / name).read_bytes()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", EXPECTED)
def test_a_workbook_of_the_corpus_gives_its_rows_and_findings(name: str, tmp_path: Path, register: Register) -> None:
    expected = EXPECTED[name]
    (tmp_path / name).write_bytes(content(name))
    intake = read_deliveries(tmp_path, register)
    assert [f"{c.municipality.code} {c.origin.line}" for c in intake.choices] == expected["rows"]
    assert [[f.code, f.line or 0, f.place or f.column or ""] for f in intake.findings] == expected["findings"]
    for attribute, value in expected.get("values", {}).items():
        first = intake.choices[0]
        estimates = SimpleNamespace(estimate=first.estimate_of(HOSTING))
        found = attrgetter(attribute)(estimates if attribute.startswith("estimate") else first)
        assert str(found) == value


def test_the_corpus_of_workbooks_is_whole() -> None:
    kept = {path.name for path in CORPUS.iterdir() if path.suffix != ".toml"}
    assert sorted([*kept, *MADE]) == sorted(EXPECTED)
    assert len(EXPECTED) >= 80
