"""Deliveries of 100,000 rows, in a process of their own: how much time and memory they may take."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.register import Register
from tests.conftest import REFERENCE, ROOT

ROWS = 100_000
HEADER = (
    "gemeente;begeleiding;begeleidingsuren;hosting;hosting_laag;hosting_hoog;bijdrage;"
    "bijdrage_toelichting;afgestemd;in_natura;backlog;fase;startjaar;grootteklasse;inwoners;contact\n"
)
REST = "Voorbeeld;{};beide;koppeling;live;2027;Groot;70.000;functioneel beheer\n"
MEASURE = """
import resource, sys
from pipeline.cli import main
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, file=sys.stderr)
"""

pytestmark = pytest.mark.thorough


def right(name: str, number: int) -> str:
    return f'"{name}";extern;120,5;saas;10.000;20.000;alternatief;{REST.format("ja")}'


def wrong(name: str, number: int) -> str:
    return f'"{name}";extren;120,5;sas;10.000;20.000;financeel;{REST.format("misschien")}'


def differently_wrong(name: str, number: int) -> str:
    return f'"{name}";e{number}n;120,5;s{number}s;10.000;20.000;f{number};{REST.format(f"m{number}")}'


@pytest.mark.parametrize(
    ("row", "seconds", "errors"),
    # The last one has 400,000 different wrong words, and each gets the word that may have been meant.
    [(right, 5, 0), (wrong, 10, 4 * ROWS), (differently_wrong, 15, 4 * ROWS)],
)
def test_a_hundred_thousand_rows(
    tmp_path: Path, register: Register, row: Callable[[str, int], str], seconds: int, errors: int
) -> None:
    names = [municipality.name for municipality in register]
    rows = (row(names[number % len(names)], number) for number in range(ROWS))
    (tmp_path / "a.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "check", "--inputs", tmp_path, "--reference", REFERENCE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    *said, measured = done.stderr.splitlines()
    used, mebibytes = map(float, measured.split())
    assert done.returncode == (3 if errors else 0)
    assert said[0].startswith("a.csv: 400.000 fouten" if errors else "a.csv: 0 fouten")
    assert len(said) <= 22
    assert (used < seconds, mebibytes < 600) == (True, True), measured


def test_a_delivery_of_a_hundred_thousand_rows_is_counted_whole(tmp_path: Path, register: Register) -> None:
    names = [municipality.name for municipality in register]
    (tmp_path / "a.csv").write_text(HEADER + "".join(wrong(names[n % 342], n) for n in range(ROWS)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, "check", "--inputs", tmp_path, "--reference", REFERENCE, "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    data = json.loads(done.stdout)
    assert (data["rejected"], len(data["findings"])) == (ROWS, 4 * ROWS)
