"""Which file of a name is used: the user's own, or the one that comes with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.documents.summaries import MUNICIPALITY, Summaries
from pipeline.errors import TextsError
from pipeline.reference.places import Completed, at_home, completed
from pipeline.reference.texts import Texts
from tests.conftest import REFERENCE, ROOT

SHIPPED = ROOT / "templates"


def test_in_a_checkout_all_comes_from_the_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert at_home("inputs") == ROOT / "inputs"
    assert completed("inputs/reference") / "gemeenten.csv" == REFERENCE / "gemeenten.csv"


def test_the_users_own_file_is_used_and_all_others_come_with_the_program(tmp_path: Path) -> None:
    (tmp_path / MUNICIPALITY).write_text("own")
    (tmp_path / "more.md.j2").write_text("own")
    folder = Completed(tmp_path, SHIPPED)
    shipped = [path for path in SHIPPED.glob("*.md.j2") if path.name != MUNICIPALITY]
    assert sorted(folder.glob("*.md.j2")) == sorted([tmp_path / MUNICIPALITY, tmp_path / "more.md.j2", *shipped])


def test_a_file_that_exists_nowhere_is_missed_in_the_users_folder(tmp_path: Path) -> None:
    assert Completed(tmp_path / "own", tmp_path / "shipped") / "a.toml" == tmp_path / "own" / "a.toml"


def test_an_own_file_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "teksten.toml").symlink_to("gone")
    assert Completed(tmp_path, SHIPPED) / "teksten.toml" == tmp_path / "teksten.toml"


def test_an_error_in_a_template_names_the_file_it_stands_in(tmp_path: Path, texts: Texts) -> None:
    (tmp_path / "own.md.j2").write_text("{{ broken")
    with pytest.raises(TextsError, match=f"^{tmp_path}/own.md.j2: line 1: "):
        Summaries.read(Completed(tmp_path, SHIPPED), texts)
