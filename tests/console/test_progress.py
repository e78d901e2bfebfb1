"""The progress bar, in real terminals of several widths."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from tests.conftest import ROOT

SLOW_TO_BEGIN = """
import time
from pipeline.console.progress import progress_bar
with progress_bar(hidden=False) as progress:
    time.sleep(1.2)
    progress(8, 342)
    time.sleep(0.2)
    progress(40, 342)
    time.sleep(1.0)
    progress(240, 342)
    time.sleep(0.1)
    progress(342, 342)
"""


@pytest.fixture(scope="module", autouse=True)
def shown_everywhere() -> None:
    """Have the bars shown at the same time: most of it is waiting."""
    with ThreadPoolExecutor() as threads:
        list(threads.map(shown, (15, 22, 40, 50, 80)))


@cache
def shown(columns: int) -> list[str]:
    """The lines that the bar shows one after the other, in a terminal so wide."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    # Standard output goes elsewhere, as in `report >log`: the width is that of the terminal all the same.
    run = subprocess.Popen([sys.executable, "-c", SLOW_TO_BEGIN], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65536):
            said += piece
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    assert run.wait(timeout=30) == 0
    return [line.rstrip() for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[\?25.", "", said.decode())) if line.strip()]


@pytest.mark.parametrize(("columns", "label"), [(22, ""), (40, ""), (50, "Municipalities"), (80, "Municipalities")])
def test_the_bar_fits_the_terminal(columns: int, label: str) -> None:
    lines = shown(columns)
    assert max(map(len, lines)) < columns
    assert all(line.startswith(label) for line in lines)
    assert "[" in lines[0]
    assert lines[-1].endswith("100%")


def test_a_terminal_that_is_too_narrow_gets_no_bar() -> None:
    assert shown(15) == []


def test_a_slow_beginning_gives_no_alarming_estimate() -> None:
    # 240 of 342 took 1.2 s after the first were there: about half a second is left; counted from the start, 1.0 s.
    lines = shown(80)
    assert [line for line in lines if re.search(r"\d\d:\d\d:\d\d", line)] == [
        line for line in lines if line.endswith("70%  00:00:00")
    ]
