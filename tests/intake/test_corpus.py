"""Every file of `tests/corpus/` gives what `verwachtingen.toml` says, as if it were the only one dropped."""

from __future__ import annotations

import shutil
import tomllib
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipeline.intake import read_deliveries
from pipeline.model.items import HOSTING
from pipeline.reference.register import Register

CORPUS = Path(__file__).parent.parent / "corpus"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((CORPUS / "verwachtingen.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_of_the_corpus_gives_its_rows_and_findings(name: str, tmp_path: Path, register: Register) -> None:
    expected = EXPECTED[name]
    shutil.copy(CORPUS / name, tmp_path)
    intake = read_deliveries(tmp_path, register)
    assert [f"{c.municipality.code} {c.origin.line}" for c in intake.choices] == expected["rows"]
    assert [[f.code, f.line or 0, f.column or ""] for f in intake.findings] == expected["findings"]
    for attribute, value in expected.get("values", {}).items():
        first = intake.choices[0]
        estimates = SimpleNamespace(estimate=first.estimate_of(HOSTING))
        found = attrgetter(attribute)(estimates if attribute.startswith("estimate") else first)
        assert str(found) == value


def test_the_corpus_is_whole() -> None:
    assert {path.name for path in CORPUS.glob("*.csv")} == set(EXPECTED)
    assert len(EXPECTED) >= 60
