"""Runs of the command as processes of their own, what they leave in a folder, and who is allowed what."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.publishing.kept_results import READ
from pipeline.run import READY
from tests.conftest import REFERENCE, ROOT

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"
NAMES = [
    *("Zeist", "Delft", "Amsterdam", "Utrecht", "Eindhoven", "Baarn", "Assen", "Almere", "Tilburg", "Breda", "Ede"),
    *("Gouda", "Venlo", "Soest", "Texel", "Tholen", "Urk", "Velsen", "Weert", "Zwolle", "Oss", "Borne", "Boxtel"),
    *("Brummen", "Katwijk", "Kampen", "Leiden", "Lisse", "Losser", "Meppel", "Nijmegen", "Noordwijk", "Rheden"),
]
RUN = "from pipeline.__main__ import main; main()"

SAVINGS = (".seen.json", READY, READ)
"""What is only a saving, and found out again where it is lost."""

Files = dict[str, bytes]


def deliver(folder: Path, contribution: str, number: int = len(NAMES)) -> None:
    rows = (f"{name};extern;saas;{contribution}\n" for name in NAMES[:number])
    (folder / "a.csv").write_text(HEADER + "".join(rows))


def start(
    inputs: Path, outputs: Path, *more: str, before: str = "", under: Sequence[str] = ()
) -> subprocess.Popen[str]:
    """Start a run in a process group of its own; `before` is Python that it runs first, `under` what starts it."""
    where: list[str | Path] = ["--inputs", inputs, "--outputs", outputs]
    where += ["--reference", REFERENCE, "--templates", ROOT / "templates"]
    return subprocess.Popen(
        [*under, sys.executable, "-c", before + RUN, "report", *where, *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(inputs: Path, outputs: Path, *more: str) -> Files:
    """Run to the end, which must go well; gives all files."""
    run = start(inputs, outputs, *more)
    _, said = run.communicate(timeout=120)
    assert (run.returncode, said) == (0, "")
    return files(outputs)


def files(folder: Path) -> Files:
    """Every file that a reader sees, and the manifest, but for what is still being made."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".unfinished" not in path.parts and path.name not in (".lock", ".journal", *SAVINGS)
    }


def members(group: int) -> list[int]:
    """The living processes of a process group (Linux)."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                state, _, its_group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(its_group) == group and state != "Z":
                found.append(int(process.name))
    return found


def hears(run: subprocess.Popen[str]) -> bool:
    """Whether a process listens to SIGTERM already (Linux)."""
    status = Path(f"/proc/{run.pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@contextmanager
def anyone() -> Iterator[None]:
    """Have no more rights than a file or folder gives: root may otherwise write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # the version of the interface, and this process
    was = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, was) == 0
    bounded = type(was).from_buffer_copy(was)
    bounded[0] &= ~(1 << 1 | 1 << 2)  # what now counts, without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH
    assert libc.capset(header, bounded) == 0
    try:
        yield
    finally:
        assert libc.capset(header, was) == 0
