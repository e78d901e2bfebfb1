"""Commands whose standard output or standard error is closed, full, or not read."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import HEADER, files

UNREAD = "| true; exit ${PIPESTATUS[0]}"
"""Nobody reads what is written."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a delivery of which a row is rejected, and what was made of it undisturbed."""
    folder = tmp_path_factory.mktemp("streams")
    (folder / "inputs").mkdir()
    (folder / "inputs" / "a.csv").write_text(HEADER + "Zeist;extern;saas;geen\nDelft;zelf;saas;sas\n")
    assert run(folder, "", "report", "--outputs", "undisturbed")[0] == 3
    return folder


def run(folder: Path, redirected: str, *arguments: object) -> tuple[int, str]:
    """The exit code of a command, and what it said on standard error, as far as that is not redirected."""
    where: list[object] = ["--reference", REFERENCE] if arguments[0] in ("report", "check", "template") else []
    where += ["--inputs", "inputs"] if arguments[0] in ("report", "check") else []
    where += ["--templates", ROOT / "templates"] if arguments[0] == "report" else []
    command = shlex.join(map(str, [sys.executable, "-m", "pipeline", *arguments, *where]))
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command} {redirected}"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "redirected",
    [">&-", "2>&-", "<&- >&- 2>&-", "&>/dev/full", f"2>&1 {UNREAD}"],
)
def test_a_report_is_made_wherever_its_messages_go(folder: Path, tmp_path: Path, redirected: str) -> None:
    assert run(folder, redirected, "report", "--outputs", tmp_path / "outputs")[0] == 3
    assert files(tmp_path / "outputs") == files(folder / "undisturbed")


@pytest.mark.parametrize(
    ("redirected", "form"),
    [("2>&-", "text"), ("2>/dev/full", "text"), (UNREAD, "json"), (f"2>&1 {UNREAD}", "text")],
)
def test_a_check_that_nobody_listens_to_ends_with_its_verdict(folder: Path, redirected: str, form: str) -> None:
    assert run(folder, redirected, "check", "--format", form)[0] == 3


@pytest.mark.parametrize("redirected", [">/dev/full", "&>/dev/full", ">&-", "<&- >&- 2>&-", "1</dev/null"])
def test_a_command_that_is_all_about_what_it_prints_fails_when_that_is_lost(folder: Path, redirected: str) -> None:
    commands: list[list[object]] = [["check"], ["check", "--format", "json"], ["template"]]
    commands += [["diff", "undisturbed", "undisturbed"], ["--help"]]
    for command in commands:
        code, said = run(folder, redirected, *command)
        assert code == 1, command
        if why := {">/dev/full": "No space left on device", ">&-": "Bad file descriptor"}.get(redirected):
            assert said.endswith(f"Error: standard output: cannot be written ({why}).\n")


def test_help_that_nobody_reads_to_its_end_is_no_failure(folder: Path) -> None:
    assert run(folder, f"2>&1 {UNREAD}", "--help")[0] == 0


@pytest.mark.parametrize("redirected", [">&- 2>&-", "&>/dev/full", f"2>&1 {UNREAD}"])
def test_wrong_use_keeps_its_exit_code(folder: Path, redirected: str) -> None:
    assert run(folder, redirected, "--nonsense")[0] == 2
    assert run(folder, redirected, "diff", "nowhere", "nowhere")[0] == 1
