"""The command with all that it needs loaded already, so that a test can have it run hundreds of times.

Run as a program it reads a list of arguments a line (JSON; first the file for what the run says), and forks for each
a process that stops itself before it runs the command: who asked may attach to it, and then lets it go on.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.conftest import ROOT

PR_SET_PTRACER, ANY = 0x59616D61, -1


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit code, and what it said on both streams."""

    code: int
    said: str


class Forked:
    """The loaded command; used as a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.publishing.forked"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, *arguments: str | Path, attach: Callable[[int], None] = lambda pid: None) -> Ended:
        """Have the command run; `attach` is told its process while that stands still."""
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as said:
            self._send(json.dumps([said.name, *map(str, arguments)]))
            pid = self._receive()
            attach(pid)
            self._send("")
            return Ended(self._receive(), said.read())

    def _send(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _receive(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


def serve() -> None:
    """Load everything by a first run, and fork one for each line."""
    from pipeline.cli import main

    with tempfile.TemporaryDirectory() as name:
        inputs = Path(name) / "inputs"
        inputs.mkdir()
        (inputs / "a.csv").write_text("gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;geen\n")
        for contribution in ("geen", "financieel"):  # the second run compares
            (inputs / "a.csv").write_text(f"gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;{contribution}\n")
            where = ["--inputs", str(inputs), "--outputs", f"{name}/outputs", "--workers", "1"]
            with suppress(SystemExit):
                main(["report", "--quiet", *where])
    while line := sys.stdin.readline():
        said, *arguments = json.loads(line)
        pid = os.fork()
        if not pid:
            file = os.open(said, os.O_WRONLY)
            os.dup2(file, 1)
            os.dup2(file, 2)
            os.close(file)
            ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY, 0, 0, 0)  # where only a parent may attach
            os.kill(os.getpid(), signal.SIGSTOP)
            main(arguments, prog_name="kostenindicatie")
        os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)  # noqa: T201
        sys.stdin.readline()
        os.kill(pid, signal.SIGCONT)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    serve()
