"""Worker processes in surroundings that are not as usual: hostile folders, and machines that lack something."""

from __future__ import annotations

import multiprocessing
import shlex
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from pipeline.__main__ import NO_THREAD, _first
from pipeline.publishing.executors import CHUNK
from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import Files, deliver, files, finish

COMMAND = Path(sys.executable).with_name("kostenindicatie")
SPAWNING = """
import multiprocessing
multiprocessing.get_all_start_methods = lambda: ["spawn"]
if __name__ == "__main__":
    from pipeline.__main__ import main
    main()
"""
# What the run, its workers and what starts them load after they began.
HOSTILE = ("json", "jinja2", "pandas", "xlsxwriter", "multiprocessing", "socket", "pickle", "signal", "tempfile")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a delivery of just so many municipalities that two processes share the work."""
    folder = tmp_path_factory.mktemp("inputs")
    deliver(folder, "financieel", CHUNK + 1)
    return folder


@pytest.fixture(scope="module")
def undisturbed(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    return finish(inputs, tmp_path_factory.mktemp("undisturbed"), "--workers", "1")


def report(
    inputs: Path, outputs: Path, *, before: str = "", command: Sequence[object] = (COMMAND,), cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """A run with two worker processes, by a shell that first does something else."""
    arguments = [*command, "report", "--inputs", inputs, "--outputs", outputs, "--workers", 2]
    arguments += ["--reference", REFERENCE, "--templates", ROOT / "templates"]
    return subprocess.run(
        ["/bin/bash", "-c", f"{before}\nexec {shlex.join(map(str, arguments))}"],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("way", ["the command", "python -m", "spawned processes"])
def test_no_process_runs_a_module_from_where_the_user_stands(
    inputs: Path, undisturbed: Files, tmp_path: Path, way: str
) -> None:
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    for module in HOSTILE:
        (hostile / f"{module}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write('{module} ')\n")
    (tmp_path / "spawning.py").write_text(SPAWNING)
    command: dict[str, list[object]] = {
        "the command": [COMMAND],
        "python -m": [sys.executable, "-m", "pipeline"],
        "spawned processes": [sys.executable, tmp_path / "spawning.py"],
    }
    done = report(inputs, tmp_path / "outputs", command=command[way], cwd=hostile)
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
    assert (done.returncode, done.stderr) == (0, "")
    assert files(tmp_path / "outputs") == undisturbed


FULL = "unshare --mount bash -c 'mount -t tmpfs -o size=4k none /dev/shm; printf x >/dev/shm/full; exec \"$@\"' -"


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("export TMPDIR=$(mktemp -d)/$(printf 'x%.0s' {1..120}); mkdir $TMPDIR", "AF_UNIX path too long"),
        ("cd $(mktemp -d); rmdir $PWD", "the folder where you stand is gone"),
    ],
)
def test_where_no_process_can_be_started_one_does_the_work_and_that_is_said(
    inputs: Path, undisturbed: Files, tmp_path: Path, before: str, why: str
) -> None:
    done = report(inputs, tmp_path / "outputs", before=before)
    assert done.stderr == f"One process did the work, because no others could be started ({why}).\n"
    assert done.returncode == 0
    assert files(tmp_path / "outputs") == undisturbed


def test_a_full_shared_memory_is_named_and_one_process_does_the_work(
    inputs: Path, undisturbed: Files, tmp_path: Path
) -> None:
    done = report(inputs, tmp_path / "outputs", command=[*shlex.split(FULL), COMMAND])
    why = "No space left on device"
    assert done.stderr == f"One process did the work, because no others could be started ({why}).\n"
    assert done.returncode == 0
    assert files(tmp_path / "outputs") == undisturbed


def test_too_few_files_are_said_and_the_next_run_goes_on(inputs: Path, undisturbed: Files, tmp_path: Path) -> None:
    done = report(inputs, tmp_path / "outputs", before="ulimit -n 16")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "Too many open files" in done.stderr
    assert finish(inputs, tmp_path / "outputs") == undisturbed


@pytest.mark.parametrize("kilobytes", [50_000, 80_000, 100_000, 150_000])
def test_too_little_memory_is_said_and_the_next_run_goes_on(
    inputs: Path, undisturbed: Files, tmp_path: Path, kilobytes: int
) -> None:
    done = report(inputs, tmp_path / "outputs", before=f"ulimit -v {kilobytes}")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert "memory" in done.stderr
    assert done.stderr.count("\n") == 1
    assert finish(inputs, tmp_path / "outputs") == undisturbed


@pytest.mark.thorough
def test_with_however_few_files_a_run_succeeds_or_says_so(inputs: Path, undisturbed: Files, tmp_path: Path) -> None:
    for number in range(5, 32):
        outputs = tmp_path / f"outputs-{number}"
        done = report(inputs, outputs, before=f"ulimit -n {number}")
        assert done.stderr.count("\n") <= 1, done.stderr
        if done.returncode:
            assert done.stderr.startswith("Error: ")
            assert "files" in done.stderr
        else:
            assert files(outputs) == undisturbed


def no_thread() -> None:
    """What Python says in a process that has no memory for another thread."""
    raise RuntimeError(NO_THREAD)


def test_what_ended_the_work_of_a_process_is_known_here() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        error = pool.submit(no_thread).exception()
    assert isinstance(error, RuntimeError)
    assert _first(error) == NO_THREAD
