"""A run that is told to end, by each signal that does so, at each moment."""

from __future__ import annotations

import os
import pty
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import Files, files, finish, hears, members, start, until

ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
SAID = "Interrupted; every file that was made is whole. Run the same again to finish.\n"


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_signal_that_ends_a_run_leaves_whole_files_and_says_how_to_go_on(
    inputs: Path, undisturbed: Files, tmp_path: Path, ending: signal.Signals
) -> None:
    outputs = tmp_path / "outputs"
    run = start(inputs, outputs, "--workers", "2")
    until((outputs / "gemeenten").exists)
    run.send_signal(ending)
    said = run.communicate(timeout=30)[1]
    assert (run.returncode, said.lstrip()) == (1, SAID)
    until(lambda: not members(run.pid))
    assert all(data == undisturbed[name] for name, data in files(outputs).items())
    assert not (outputs / ".unfinished").exists()
    assert finish(inputs, outputs) == undisturbed


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files whose name is short enough for the sockets of processes in it."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_signal_to_all_processes_of_a_run_leaves_nothing_in_shared_memory_or_among_temporary_files(
    inputs: Path, tmp_path: Path, temporary: Path, ending: signal.Signals
) -> None:
    # A shared memory of its own, and a shell that tells afterwards what is left there.
    script = (
        'mount -t tmpfs none /dev/shm; trap : INT TERM HUP; "$@"; code=$?; ls -A /dev/shm $TMPDIR >$LEFT; exit $code'
    )
    command: list[object] = [sys.executable, "-m", "pipeline", "report"]
    command += ["--inputs", inputs, "--outputs", tmp_path / "outputs"]
    command += ["--reference", REFERENCE, "--templates", ROOT / "templates", "--workers", "2"]
    run = subprocess.Popen(
        ["unshare", "--mount", "bash", "-c", script, "-", *map(str, command)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), "LEFT": str(tmp_path / "left")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until((tmp_path / "outputs" / "gemeenten").exists)
    os.killpg(run.pid, ending)
    said = run.communicate(timeout=30)[1]
    assert (run.returncode, said.lstrip()) == (1, SAID)
    assert (tmp_path / "left").read_text().split() == ["/dev/shm:", f"{temporary}:"]


@pytest.mark.parametrize(
    ("ending", "after"),
    [(ENDINGS[n % 3], after) for n, after in enumerate([0, 0, 0, 0.05, 0.2, 0.5])],
)
def test_a_run_listens_before_it_has_loaded_anything_large(
    inputs: Path, tmp_path: Path, ending: signal.Signals, after: float
) -> None:
    run = start(inputs, tmp_path / "outputs", "--workers", "2")
    until(lambda: hears(run))
    time.sleep(after)
    run.send_signal(ending)
    said = run.communicate(timeout=30)[1]
    assert (run.returncode, said.lstrip()) in ((1, SAID), (0, ""))
    assert after or run.returncode


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_signal_that_comes_where_nothing_can_be_raised_ends_the_run_a_moment_later(ending: signal.Signals) -> None:
    program = f"""
import os, time
from pipeline.console import signals

class TidiedUp:
    def __del__(self):
        os.kill(os.getpid(), {ending.value})

signals.heed()
TidiedUp()
time.sleep(20)
"""
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert said.stderr.endswith("\nKeyboardInterrupt\n")
    assert "Exception ignored" not in said.stderr


EARLY = """
import signal, sys
class Early:
    def find_spec(self, name, *_):
        if name == "pipeline.console":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Early())
"""


def test_ctrl_c_while_the_first_line_of_the_run_is_loaded_is_heard_too(inputs: Path, tmp_path: Path) -> None:
    run = start(inputs, tmp_path / "outputs", before=EARLY)
    said = run.communicate(timeout=30)[1]
    assert (run.returncode, said) == (1, SAID)
    assert not (tmp_path / "outputs").exists()


def test_a_run_that_must_outlive_its_terminal_does(inputs: Path, tmp_path: Path) -> None:
    run = start(inputs, tmp_path / "outputs", before="import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); ")
    until((tmp_path / "outputs" / "gemeenten").exists)
    os.killpg(run.pid, signal.SIGHUP)
    assert run.communicate(timeout=60)[1] == ""
    assert run.returncode == 0


def in_a_terminal(inputs: Path, outputs: Path) -> tuple[int, int]:
    """Start a run in a terminal of its own; its process, and the other end of the terminal."""
    command: list[object] = [sys.executable, "-m", "pipeline", "report", "--inputs", inputs, "--outputs", outputs]
    command += ["--reference", REFERENCE, "--templates", ROOT / "templates", "--workers", "2"]
    # By a shell that becomes the run: nothing else of this process may go on in the new one.
    process, terminal = pty.fork()
    if process == 0:
        os.execv("/bin/sh", ["sh", "-c", f"cd {ROOT}; exec {shlex.join(map(str, command))}"])
    return process, terminal


def read_all(terminal: int) -> str:
    said = b""
    while True:
        try:
            said += os.read(terminal, 65536)
        except OSError:  # the other side is closed
            return said.decode()


def test_after_a_request_to_end_the_cursor_is_shown_again(inputs: Path, tmp_path: Path) -> None:
    process, terminal = in_a_terminal(inputs, tmp_path / "outputs")
    until((tmp_path / "outputs" / "gemeenten").exists)
    os.kill(process, signal.SIGTERM)
    said = read_all(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 1
    assert said.rindex("\x1b[?25h") > said.rindex("\x1b[?25l")
    assert said.endswith(SAID.replace("\n", "\r\n"))
    os.close(terminal)


def test_a_terminal_that_is_closed_ends_the_run_in_order(inputs: Path, undisturbed: Files, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    process, terminal = in_a_terminal(inputs, outputs)
    until((outputs / "gemeenten").exists)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 1
    until(lambda: not members(process))
    assert not (outputs / ".unfinished").exists()
    assert finish(inputs, outputs) == undisturbed
