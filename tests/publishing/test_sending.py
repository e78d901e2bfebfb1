"""Work that goes to other processes: what is sent, what is left for them, and what they refuse."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.errors import OutputsError, WorkerError
from pipeline.publishing.executors import Workers
from pipeline.publishing.pool import pool
from pipeline.publishing.sending import do, leave


@dataclass(frozen=True)
class Adding:
    """Work that carries much, as templates and layouts are; whoever fetches it notes so in a file."""

    fetched: Path
    carried: bytes = bytes(500_000)

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        with self.fetched.open("a") as file:
            file.write("fetched\n")

    def add(self, pieces: Sequence[int]) -> list[int]:
        return [piece + 1 for piece in pieces]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of unfinished files, within a folder with results."""
    unfinished = tmp_path / "outputs" / ".unfinished" / "one"
    unfinished.mkdir(parents=True)
    return unfinished


def test_processes_fetch_the_work_once_each_and_are_sent_the_pieces_alone(folder: Path, tmp_path: Path) -> None:
    work = Adding(tmp_path / "fetched")
    said: list[str] = []
    with pool(2, ["pipeline.publishing.worker"], folder, said.append) as give:
        outcome = list(Workers(give, 2, 1).do_all(work.add, range(40)))
    assert outcome == list(range(1, 41))
    assert said == []
    assert 1 <= len(work.fetched.read_text().splitlines()) <= 2


def test_what_is_sent_does_not_hold_what_all_pieces_share(folder: Path, tmp_path: Path) -> None:
    left = leave(folder, Adding(tmp_path / "fetched").add)
    assert len(pickle.dumps(left)) < 1_000


def test_work_that_is_not_there_or_was_changed_is_refused(folder: Path, tmp_path: Path) -> None:
    versions, path, sha256 = leave(folder, Adding(tmp_path / "fetched").add)
    pieces = pickle.dumps([1])
    Path(path).write_bytes(pickle.dumps(Adding(tmp_path / "other").add))
    with pytest.raises(OutputsError, match=r"cannot be read from .* \(something else stands there\)"):
        do(versions, path, sha256, pieces)
    Path(path).unlink()
    with pytest.raises(OutputsError, match="No such file or directory") as refusal:
        do(versions, path, sha256, pieces)
    assert str(refusal.value).startswith(f"{tmp_path / 'outputs'}: ")
    assert str(refusal.value).endswith("Every worker must reach it by this name.")


def test_another_version_of_the_program_does_nothing(folder: Path, tmp_path: Path) -> None:
    versions, path, sha256 = leave(folder, Adding(tmp_path / "fetched").add)
    with pytest.raises(WorkerError, match=r"has another program: zlib .* instead of 0"):
        do({**versions, "zlib": "0"}, path, sha256, pickle.dumps([1]))
    assert not (tmp_path / "fetched").exists()
