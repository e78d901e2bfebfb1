"""A run on a real Dask cluster: a scheduler and two workers on this machine, of which one is killed half-way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REFERENCE, ROOT
from tests.test_faults import RUN, files, until

pytestmark = pytest.mark.thorough

Processes = list[subprocess.Popen[bytes]]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    country = (ROOT / "inputs" / "000-landelijk-voorbeeld.csv").read_text(encoding="utf-8-sig").splitlines(True)
    (folder / "a.csv").write_text("".join(country[:161]), encoding="utf-8")
    return folder


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, Processes]]:
    """The address of a scheduler, and its two workers."""
    where = tmp_path / "scheduler.json"
    started: Processes = []

    def start(*arguments: str) -> None:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", *arguments, "--scheduler-file", str(where), "--no-dashboard"],
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0")
    until(lambda: where.exists() and where.stat().st_size > 0)
    for _ in range(2):
        start("distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny")
    try:
        yield json.loads(where.read_text())["address"], started[1:]
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def run(inputs: Path, outputs: Path, *more: str) -> subprocess.Popen[str]:
    where: list[str | Path] = ["--inputs", inputs, "--outputs", outputs]
    where += ["--reference", REFERENCE, "--templates", ROOT / "templates"]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "report", *where, *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_cluster_of_which_a_worker_is_killed_makes_the_same_bytes(
    inputs: Path, tmp_path: Path, cluster: tuple[str, Processes]
) -> None:
    alone = run(inputs, tmp_path / "alone", "--workers", "1")
    alone.communicate(timeout=120)
    assert alone.returncode == 0
    address, workers = cluster
    outputs = tmp_path / "outputs"
    together = run(inputs, outputs, "--scheduler", address)
    until((outputs / "gemeenten").exists, 60)
    workers[0].kill()
    published = len(list((outputs / "gemeenten").iterdir()))
    said, complaint = together.communicate(timeout=120)
    assert (together.returncode, complaint) == (0, "")
    assert said.startswith("160 made")
    assert published < 320, "the worker was killed too late"
    assert files(outputs) == files(tmp_path / "alone")


def test_an_address_where_no_scheduler_is_is_said(inputs: Path, tmp_path: Path) -> None:
    done = run(inputs, tmp_path / "outputs", "--scheduler", "tcp://127.0.0.1:9")
    complaint = done.communicate(timeout=60)[1]
    assert done.returncode == 1
    assert complaint.startswith("Error: tcp://127.0.0.1:9: no Dask scheduler answers there")
