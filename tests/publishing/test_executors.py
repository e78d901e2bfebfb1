"""Who does the work: a process beside this one makes what is made of very many municipalities together."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.publishing import executors
from pipeline.publishing.executors import CHUNK, MOST_ASIDE, WORTH_A_POOL, WORTH_ASIDE, Crew
from pipeline.publishing.sending import Left, Work, leave
from pipeline.publishing.unfinished import Stored
from pipeline.publishing.worker import Together
from pipeline.results import overview
from pipeline.results.overview import Overview, summarise
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import HEADER, deliver, files


def who(pieces: Sequence[int]) -> list[int]:
    """The process that does this work, for each piece of it."""
    return [os.getpid()] * len(pieces)


@pytest.mark.parametrize(
    ("most", "pieces", "of", "each", "together"),
    [
        (None, 1, 342, True, True),
        (None, WORTH_A_POOL, 342, False, False),
        (None, 1, WORTH_ASIDE, True, False),
        (None, 0, MOST_ASIDE, True, False),
        (None, 1, MOST_ASIDE + 1, True, True),
        (2, CHUNK + 1, MOST_ASIDE + 1, False, True),
        (1, WORTH_ASIDE, WORTH_ASIDE, True, True),
        (2, 0, 342, True, True),
    ],
)
def test_processes_do_what_is_worth_starting_them(
    most: int | None, pieces: int, of: int, each: bool, together: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    crew = Crew(most, None)
    with crew.hire(pieces, of, ["pipeline.publishing.worker"], [], tmp_path) as hired:
        found = [{*workers.do_all(who, range(3))} == {os.getpid()} for workers in (hired.each, hired.together)]
    assert found == [each, together]
    assert crew.remarks == []


def test_documents_made_aside_are_the_same(inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rejected = "Nergenshuizen;extern;saas;geen;iemand@example.nl\n"
    (inputs / "b.csv").write_text(HEADER.replace("\n", ";e_mail\n") + rejected)
    left: list[Work] = []

    def noted(folder: Path, work: Work) -> Left:
        left.append(work)
        return leave(folder, work)

    monkeypatch.setattr("pipeline.publishing.pool.leave", noted)
    made = []
    for aside in (False, True):
        settings = Settings(inputs, tmp_path / f"{aside}", REFERENCE, ROOT / "templates", date(2026, 7, 1))
        monkeypatch.setattr(executors, "WORTH_ASIDE", WORTH_ASIDE)
        deliver(inputs, "financieel")
        report(replace(settings, workers=1))
        deliver(inputs, "geen", 3)
        if aside:
            monkeypatch.setattr(executors, "WORTH_ASIDE", 1)
            monkeypatch.setattr("os.cpu_count", lambda: 2)
            monkeypatch.setattr(Together, "make", make)
        report(replace(settings, allow_removals=True))
        made.append(files(settings.outputs))
    assert made[0] == made[1]
    assert left
    assert not any(b"example.nl" in pickle.dumps(work) for work in left)
    assert {"stuurgroep.xlsx", "afgekeurd.xlsx", "afgekeurd.csv", "gemeenten/README.md"} <= made[0].keys()


@pytest.mark.parametrize(("most", "alive"), [(MOST_ASIDE, True), (0, False)])
def test_who_has_nothing_more_to_do_takes_no_memory(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, alive: bool
) -> None:
    found = []

    def noting(*what: Any) -> Overview:
        found.append(bool(multiprocessing.active_children()))
        return summarise(*what)

    monkeypatch.setattr(overview, "summarise", noting)
    monkeypatch.setattr(executors, "MOST_ASIDE", most)
    where = (inputs, tmp_path / "outputs", REFERENCE, ROOT / "templates", date(2026, 7, 1))
    report(Settings(*where, workers=2))
    assert found == [alive]


def make(_: Together, _names: Sequence[str]) -> list[Stored]:
    """In the place of what makes documents in this process."""
    raise AssertionError("made here")
