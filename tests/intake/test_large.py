"""Deliveries of 100,000 rows, in a process of their own: how much time and memory they may take."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.register import Register
from tests.conftest import REFERENCE, ROOT

ROWS = 100_000
# The bounds are for a slow machine: it took the code before plausibility was checked 7 to 10 s for the good rows.
HEADER = (
    "gemeente;begeleiding;begeleidingsuren;hosting;hosting_laag;hosting_hoog;bijdrage;"
    "bijdrage_toelichting;afgestemd;in_natura;backlog;fase;startjaar;grootteklasse;inwoners;contact\n"
)
REST = "Voorbeeld;{};beide;koppeling;live;2027;Groot;70.000;functioneel beheer\n"
# The peak of this process alone (Linux): getrusage also tells of the one that started it.
MEASURE = """
import sys, time
from pathlib import Path
from pipeline.cli import main
try:
    main()
finally:
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(time.process_time(), int(said["VmHWM"].split()[0]) // 1024, file=sys.stderr)
"""

pytestmark = pytest.mark.thorough


def right(name: str, number: int) -> str:
    return f'"{name}";extern;120,5;saas;10.000;20.000;alternatief;{REST.format("ja")}'


def wrong(name: str, number: int) -> str:
    return f'"{name}";extren;120,5;sas;10.000;20.000;financeel;{REST.format("misschien")}'


def differently_wrong(name: str, number: int) -> str:
    return f'"{name}";e{number}n;120,5;s{number}s;10.000;20.000;f{number};{REST.format(f"m{number}")}'


def run_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", MEASURE, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def deliver(folder: Path, register: Register, row: Callable[[str, int], str]) -> Path:
    names = [municipality.name for municipality in register]
    folder.mkdir()
    rows = "".join(row(names[number % len(names)], number) for number in range(ROWS))
    (folder / "a.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("row", "seconds", "errors"),
    # The last one has 400,000 different wrong words, and each gets the word that may have been meant.
    [(right, 15, 0), (wrong, 25, 4 * ROWS), (differently_wrong, 30, 4 * ROWS)],
)
def test_a_hundred_thousand_rows(
    tmp_path: Path, register: Register, row: Callable[[str, int], str], seconds: int, errors: int
) -> None:
    inputs = deliver(tmp_path / "inputs", register, row)
    done = run_command("check", "--inputs", inputs, "--reference", REFERENCE)
    *said, measured = done.stderr.splitlines()
    used, mebibytes = map(float, measured.split())
    assert done.returncode == (3 if errors else 0)
    assert said[0].startswith("a.csv: 400.000 fouten" if errors else "a.csv: 0 fouten")
    assert len(said) <= 22
    assert (used < seconds, mebibytes < 600) == (True, True), measured


@pytest.mark.parametrize(("row", "seconds"), [(wrong, 30), (differently_wrong, 40)])
def test_a_report_on_a_hundred_thousand_wrong_rows(
    tmp_path: Path, register: Register, row: Callable[[str, int], str], seconds: int
) -> None:
    inputs, outputs = deliver(tmp_path / "inputs", register, row), tmp_path / "outputs"
    done = run_command("report", "--inputs", inputs, "--reference", REFERENCE, "--outputs", outputs)
    *said, measured = done.stderr.splitlines()
    used, mebibytes = map(float, measured.split())
    assert done.returncode == 3
    assert len(said) <= 22
    assert (outputs / "kostenindicaties.json").stat().st_size < 10_000_000
    with (outputs / "afgekeurd.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _ in csv.reader(file, delimiter=";")) == ROWS + 1
    assert (used < seconds, mebibytes < 600) == (True, True), measured


def test_a_delivery_of_a_hundred_thousand_rows_is_counted_whole(tmp_path: Path, register: Register) -> None:
    inputs = deliver(tmp_path / "inputs", register, wrong)
    done = run_command("check", "--inputs", inputs, "--reference", REFERENCE, "--format", "json")
    data = json.loads(done.stdout)
    assert (data["rejected"], len(data["findings"])) == (ROWS, 4 * ROWS)
    assert float(done.stderr.split()[-1]) < 600
