"""What the process of a run holds of each municipality, which says how many one machine can make."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REFERENCE, ROOT

FEW, MANY = 15_000, 30_000
"""So many that the list of municipalities is no sheet any more, and choices are packed."""
MOST = 2_300
"""How many bytes each may take, at the peak of a run."""

RUN = """
import gc, sys
from datetime import date
from pathlib import Path
from pipeline import run
from pipeline.intake import Limits
from pipeline.publishing import worker
from pipeline.publishing.unfinished import store

gc.set_threshold(250_000, 50, 10)  # as the command does

class Maker(worker.Maker):
    '''Makes the records, and of the documents, which no parent holds, only their names.'''

    def _make(self, task):
        indication = worker.indicate(task.choices, self.data.tariff, self.default_start_year)
        names = worker.names_of(task.choices.municipality.stem, self.formats) if task.documents else ()
        stored = tuple(store(self.unfinished, name, [name.encode()], lasting=False) for name in names)
        return worker.as_json(worker.record_of(indication)), stored

run.Maker = Maker
inputs, outputs, templates = map(Path, sys.argv[1:])
where = (inputs, outputs, inputs / "reference", templates, date(2026, 7, 1))
run.report(run.Settings(*where, Limits(rows=100_000), workers=1))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def deliver(folder: Path, number: int) -> Path:
    """A register of so many municipalities, and a delivery with choices of each."""
    reference = folder / "reference"
    reference.mkdir(parents=True)
    tariffs = (REFERENCE / "tarieven.toml").read_text(encoding="utf-8")
    (reference / "tarieven.toml").write_text(tariffs.replace('"GM0', '"EU00'), encoding="utf-8")
    columns = ("gemeentecode", "gemeente", "provincie", "inwoners", "peildatum", "bron", "ook_bekend_als", "codevorm")
    names = [(f"EU{place:05d}", f"Noordoosterwolde aan de Vecht {place}") for place in range(number)]
    with (reference / "gemeenten.csv").open("w", encoding="utf-8", newline="") as file:
        register = csv.writer(file)
        register.writerow(columns)
        rest = ("2026-01-01", "eigen telling", "", "EU00000")
        register.writerows((*one, f"Provincie {at % 12}", 5_000 + at, *rest) for at, one in enumerate(names))
    with (folder / "a.csv").open("w", encoding="utf-8", newline="") as file:
        delivery = csv.writer(file, delimiter=";")
        delivery.writerow(("gemeentecode", "gemeente", "begeleiding", "hosting", "bijdrage", "herkomst"))
        delivery.writerows((*one, "extern", "saas", "financieel", "voorbeeld") for one in names)
    return folder


def peak(inputs: Path, outputs: Path) -> int:
    """The most memory that a run had resident, in bytes."""
    command: list[str | Path] = [sys.executable, "-c", RUN, inputs, outputs, ROOT / "templates"]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout) * 1024


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not say how much memory it was")
def test_a_run_holds_little_of_each_municipality(tmp_path: Path) -> None:
    folders = {number: (deliver(tmp_path / f"in-{number}", number), tmp_path / str(number)) for number in (FEW, MANY)}
    for what in ("from nothing", "after an edit"):
        peaks = {number: peak(*folder) for number, folder in folders.items()}
        assert (peaks[MANY] - peaks[FEW]) / (MANY - FEW) < MOST, what
        for inputs, _ in folders.values():
            text = (inputs / "a.csv").read_text(encoding="utf-8")
            (inputs / "a.csv").write_text(text.replace(";extern;", ";zelf;", 1), encoding="utf-8")
