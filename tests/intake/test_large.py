"""Very large deliveries, in a process of their own: how much time and memory they may take."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.reference.register import Register
from tests.conftest import REFERENCE, ROOT
from tests.intake.readers.returning import make

ROWS = 99_000
WRONG = 25_000
"""How many rows of a delivery may be wrong."""
HEADER = (
    "gemeente;begeleiding;begeleidingsuren;hosting;hosting_laag;hosting_hoog;bijdrage;"
    "bijdrage_toelichting;afgestemd;in_natura;backlog;fase;startjaar;grootteklasse;inwoners;contact\n"
)
REST = "Voorbeeld;{};beide;koppeling;live;2027;Groot;70.000;functioneel beheer\n"
# The peak of this process alone (Linux): getrusage also tells of the one that started it.
MEASURE = """
import sys
from pathlib import Path
import pipeline.run
from pipeline.cli import main
from tests.intake.pace import Pace
pace = Pace()
try:
    with pace:
        main()
finally:
    said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(pace.least, int(said["VmHWM"].split()[0]) // 1024, file=sys.stderr)
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


def deliver(folder: Path, register: Register, row: Callable[[str, int], str], number: int) -> Path:
    names = [municipality.name for municipality in register]
    folder.mkdir()
    rows = "".join(row(names[n % len(names)], n) for n in range(number))
    (folder / "a.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("row", "number", "errors"),
    # The last one has 100,000 different wrong words, and each gets the word that may have been meant.
    [(right, ROWS, 0), (wrong, WRONG, 4 * WRONG), (differently_wrong, WRONG, 4 * WRONG)],
)
def test_a_very_large_delivery(
    tmp_path: Path, register: Register, row: Callable[[str, int], str], number: int, errors: int
) -> None:
    inputs = deliver(tmp_path / "inputs", register, row, number)
    done = run_command("check", "--inputs", inputs, "--reference", REFERENCE)
    *said, measured = done.stderr.splitlines()
    used, mebibytes = map(float, measured.split())
    assert done.returncode == (3 if errors else 0)
    assert said[0].startswith("a.csv: 100.000 fouten" if errors else "a.csv: 0 fouten")
    assert len(said) <= 22
    assert (used < 15, mebibytes < 600) == (True, True), measured


@pytest.mark.parametrize("row", [wrong, differently_wrong])
def test_a_report_on_as_many_wrong_rows_as_may_be(
    tmp_path: Path, register: Register, row: Callable[[str, int], str]
) -> None:
    inputs, outputs = deliver(tmp_path / "inputs", register, row, WRONG), tmp_path / "outputs"
    done = run_command("report", "--inputs", inputs, "--reference", REFERENCE, "--outputs", outputs)
    *said, measured = done.stderr.splitlines()
    used, mebibytes = map(float, measured.split())
    assert done.returncode == 3
    assert len(said) <= 22
    assert (outputs / "kostenindicaties.json").stat().st_size < 10_000_000
    with (outputs / "afgekeurd.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _ in csv.reader(file, delimiter=";")) == WRONG + 1
    assert (used < 30, mebibytes < 600) == (True, True), measured


def test_a_delivery_with_as_many_wrong_rows_as_may_be_is_counted_whole(tmp_path: Path, register: Register) -> None:
    inputs = deliver(tmp_path / "inputs", register, wrong, WRONG)
    done = run_command("check", "--inputs", inputs, "--reference", REFERENCE, "--format", "json")
    data = json.loads(done.stdout)
    assert (data["rejected"], len(data["findings"])) == (WRONG, 4 * WRONG)
    assert float(done.stderr.split()[-1]) < 600


def test_a_workbook_that_came_back_from_every_municipality(tmp_path: Path, register: Register) -> None:
    rows = "".join(f"{municipality.code};extern;saas;financieel\n" for municipality in register)
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "a.csv").write_text(f"gemeentecode;begeleiding;hosting;bijdrage\n{rows}", encoding="utf-8")
    make(tmp_path)
    for path in (tmp_path / "outputs" / "gemeenten").glob("*.xlsx"):
        path.rename(tmp_path / "inputs" / path.name)
    done = run_command("check", "--inputs", tmp_path / "inputs", "--reference", REFERENCE)
    used, mebibytes = map(float, done.stderr.split()[-2:])
    assert done.returncode == 0
    assert done.stdout == "342 municipalities, 0 rows rejected.\n"
    # A machine at rest takes 1.0 s, and one that others use up to 1.6.
    assert (used < 2.5, mebibytes < 200) == (True, True), done.stderr
