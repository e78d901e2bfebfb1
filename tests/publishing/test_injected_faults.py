"""One error of the system at each kind of call that a run makes in `outputs/`.

strace counts the calls of an undisturbed run, and gives the same run an error at one of them. Whatever the call:
every file is the old or the new one, whole; the run ends well, or with one sentence; the next one makes it right.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.publishing.seen import FILE as SEEN
from tests.conftest import REFERENCE, ROOT
from tests.publishing import runs
from tests.publishing.forked import Ended, Forked
from tests.publishing.runs import HEADER, Files, files, finish, start

pytestmark = pytest.mark.thorough

ERRORS = {
    "openat": ("EIO", "EACCES", "EMFILE"),
    "mkdir": ("ENOSPC", "EIO", "EACCES"),
    "rename": ("ENOSPC", "EIO", "EACCES"),
    "link": ("ENOSPC", "EIO", "EACCES"),
    "unlink": ("EIO", "EACCES"),
    "unlinkat": ("EIO", "EACCES"),
    "rmdir": ("EIO", "EACCES"),
    "write": ("ENOSPC", "EIO"),
    "pwrite64": ("ENOSPC", "EIO"),
    "ftruncate": ("ENOSPC", "EIO"),
    "fsync": ("ENOSPC", "EIO"),
    "fdatasync": ("ENOSPC", "EIO"),
    "read": ("EIO",),
    "getdents64": ("EIO",),
    "flock": ("EIO",),
    "close": ("EIO",),
}
"""The calls that concern files, each with the errors that the system may give there."""
MAKING = "making "
"""How a call that opens a file to write begins; it may find the disk full besides."""

OLD = "Zeist;extern;saas;geen\nDelft;zelf;saas;geen\nBaarn;zelf;in huis;geen\n"
NEW = OLD.replace("Zeist;extern;saas;geen", "Zeist;extern;saas;financieel").replace("Baarn;zelf;in huis;geen\n", "")
BEFORE = {"from nothing": None, "over an earlier run": OLD}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a run: the number of its name, and what it is about."""

    name: str
    number: int
    about: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A run that is to be disturbed: the folder before it, and undisturbed after it; what it says, and its calls."""

    forked: Forked
    folder: Path
    before: Files
    after: Files
    said: frozenset[str]
    calls: tuple[Call, ...]

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    def set_up(self) -> None:
        """Put the folder back as it was before the run."""
        shutil.rmtree(self.outputs, ignore_errors=True)
        if self.before:
            shutil.copytree(self.folder / "before", self.outputs)

    def run(self, *injected: str) -> tuple[Ended, list[str]]:
        """Run, with these options of strace; gives the calls that it saw too."""
        return run(self.forked, self.folder, *injected)


def run(forked: Forked, folder: Path, *options: str) -> tuple[Ended, list[str]]:
    log = folder / "calls"
    log.write_text("")
    tracing: list[subprocess.Popen[str]] = []

    def attach(pid: int) -> None:
        command = ["strace", "-p", str(pid), "-y", "-o", str(log), *options]
        tracing.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        stderr = tracing[0].stderr
        assert stderr
        assert "attached" in (line := stderr.readline()), line

    where: list[str | Path] = ["--inputs", folder / "inputs", "--outputs", folder / "outputs"]
    where += ["--reference", REFERENCE, "--templates", ROOT / "templates"]
    ended = forked.run("report", "--quiet", *where, "--workers", "1", "--date", "2026-01-01", attach=attach)
    tracing[0].communicate(timeout=30)
    return ended, log.read_text().splitlines()


def deliver(folder: Path, rows: str) -> None:
    (folder / "inputs").mkdir(exist_ok=True)
    file = folder / "inputs" / "a.csv"
    file.write_text(HEADER + rows)
    os.utime(file, (0, 0))  # long enough ago to be read at once


@pytest.fixture(scope="module")
def forked() -> Iterator[Forked]:
    with Forked() as command:
        yield command


@pytest.fixture(scope="module", params=BEFORE)
def stage(request: pytest.FixtureRequest, forked: Forked, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("stage")
    before: Files = {}
    every = f"trace={','.join(f'?{name}' for name in ERRORS)}"
    if rows := BEFORE[request.param]:
        deliver(folder, rows)
        assert run(forked, folder, "-e", "trace=none")[0] == Ended(0, "")
        (folder / "outputs" / SEEN).unlink()  # or which files are read would differ each time
        before = files(folder / "outputs")
        shutil.copytree(folder / "outputs", folder / "before")
    deliver(folder, NEW)
    ended, lines = run(forked, folder, "-e", every)
    assert ended.code == 0
    outputs = folder / "outputs"
    said = frozenset(ended.said.splitlines())
    return Stage(forked, folder, before, files(outputs), said, tuple(calls(lines, outputs)))


def calls(lines: list[str], outputs: Path) -> Iterator[Call]:
    """The calls that concern the folder, each with its number among all of its name."""
    numbers: Counter[str] = Counter()
    for line in lines:
        if match := re.match(r"(\w+)\(", line):
            numbers[match[1]] += 1
            if str(outputs) in line:
                yield Call(match[1], numbers[match[1]], about(line, outputs))


def about(line: str, outputs: Path) -> str:
    """What a call is about: the kinds of places in the folder, and whether something is made there."""
    asked, _, _ = line.rpartition(" = ")
    places = re.findall(rf'["<]{re.escape(str(outputs))}/?([^">]*)[">]', asked)
    making = MAKING if re.search("O_CREAT|O_WRONLY|O_RDWR", line) else ""
    return making + " to ".join(map(kind, places))


def kind(name: str) -> str:
    """What kind of place a name is."""
    if name.startswith(".unfinished/"):
        return "an unfinished file" if name.count("/") > 1 else "the folder for unfinished files"
    if name.startswith(".") or name in ("", "kostenindicaties.json"):
        return name or "the folder"
    return f"{Path(name).parent}/*" if "." in name else name


def disturbed(stage: Stage, call: Call, error: str) -> str:
    """What is not as it should be after a run with this error at this call; empty if nothing."""
    stage.set_up()
    ended, lines = stage.run("-e", f"trace={call.name}", "-e", f"inject={call.name}:error={error}:when={call.number}")
    hit = [line for line in lines if line.endswith("(INJECTED)")]
    if len(hit) != 1 or about(hit[0], stage.outputs) != call.about:
        return f"another call was hit: {hit}"
    left = files(stage.outputs)
    wrong = neither(left, stage.before, stage.after)
    gone = [name for name in stage.before.keys() & stage.after.keys() if name not in left]
    again, _ = stage.run("-e", "trace=none")
    healed = files(stage.outputs)
    problems = {
        f"exit code {ended.code}: {ended.said}": not well(ended, stage.said),
        f"ended well, but not as undisturbed: {differing(left, stage.after)}": ended.code == 0 and left != stage.after,
        f"neither old nor new: {wrong}": bool(wrong),
        f"gone: {gone}": bool(gone),
        f"the next run: {again}": again.code != 0,
        f"the next run leaves: {differing(healed, stage.after)}": healed != stage.after,
    }
    return "; ".join(problem for problem, there in problems.items() if there)


def neither(left: Files, before: Files, after: Files) -> list[str]:
    """The files that are neither as they were nor as they become.

    The manifest lists what stands there, which may be some of each; it must be whole.
    """
    return [
        name
        for name, data in left.items()
        if data not in (before.get(name), after.get(name))
        and not (name.startswith(".manifest") and isinstance(json.loads(data), dict))
    ]


def well(ended: Ended, usual: frozenset[str]) -> bool:
    """Whether a run ended with one sentence, or right: with nothing else than what it says undisturbed."""
    sentences = [line for line in ended.said.splitlines() if line not in usual]
    if ended.code == 0:
        return sentences == []
    return ended.code == 1 and len(sentences) == 1 and sentences[0].startswith("Error: ")


def differing(one: Files, other: Files) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def errors_of(call: Call, number: int | None) -> tuple[str, ...]:
    """All errors that a call may give, or one of them."""
    errors = (*ERRORS[call.name], *(["ENOSPC"] if call.about.startswith(MAKING) else []))
    return errors if number is None else (errors[number % len(errors)],)


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_at_a_call_leaves_whole_files_and_the_next_run_makes_it_right(stage: Stage, name: str) -> None:
    """At the first call of each kind over an earlier run, with each error; else at the last, with each in turn."""
    calls = [call for call in stage.calls if call.name == name]
    kinds = {call.about: call for call in (reversed(calls) if stage.before else calls)}
    problems = [
        f"{name} {kind}, {error}: {problem}"
        for number, (kind, call) in enumerate(kinds.items())
        for error in errors_of(call, None if stage.before else number)
        if (problem := disturbed(stage, call, error))
    ]
    assert not problems, "\n\n".join(problems)


@pytest.mark.parametrize(("name", "error"), [("rename", "ENOSPC"), ("fsync", "EIO")])
def test_an_error_while_others_do_the_work_leaves_whole_files_too(tmp_path: Path, name: str, error: str) -> None:
    """At the ninth such call of each process, if it makes as many."""
    inputs, outputs = tmp_path / "inputs", tmp_path / "outputs"
    inputs.mkdir()
    runs.deliver(inputs, "geen")
    before = finish(inputs, outputs, "--workers", "2")
    shutil.copytree(outputs, tmp_path / "undisturbed")
    runs.deliver(inputs, "financieel")
    after = finish(inputs, tmp_path / "undisturbed", "--workers", "2")
    tracer = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", os.devnull]
    tracer += ["-e", f"trace={name}", "-e", f"inject={name}:error={error}:when=9"]
    run = start(inputs, outputs, "--workers", "2", under=tracer)
    said = run.communicate(timeout=60)[1]
    assert well(Ended(run.returncode, said), frozenset()), said
    assert neither(files(outputs), before, after) == []
    assert finish(inputs, outputs) == after
