"""The papers beside the code: what they point to exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PAPERS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_link_to_a_file_of_ours_leads_somewhere(paper: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", paper.read_text(encoding="utf-8"))
    assert [target for target in targets if not (paper.parent / target).exists()] == []


def test_each_decision_has_a_number_of_its_own_and_bears_it() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in records]
    assert len(numbers) == len(set(numbers)) >= 4
    for number, path in zip(numbers, records, strict=True):
        assert path.read_text(encoding="utf-8").startswith(f"# {number}. ")


def test_what_the_workflow_runs_exists_and_includes_the_tests() -> None:
    targets = re.findall(r"run: make (\S+)", WORKFLOW.read_text(encoding="utf-8"))
    assert "test" in targets
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
