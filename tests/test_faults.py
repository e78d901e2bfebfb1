"""What may befall a run: a kill, Ctrl-C, a full disk, folders that cannot be written, two runs at once.

Every time `outputs/` holds only whole files, and the next run finishes the work, to the byte.
"""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import OutputsError
from pipeline.run import RunReport, Settings, report
from tests.conftest import REFERENCE, ROOT

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"
NAMES = [
    *("Zeist", "Delft", "Amsterdam", "Utrecht", "Eindhoven", "Baarn", "Assen", "Almere", "Tilburg", "Breda", "Ede"),
    *("Gouda", "Venlo", "Soest", "Texel", "Tholen", "Urk", "Velsen", "Weert", "Zwolle", "Oss", "Borne", "Boxtel"),
    *("Brummen", "Katwijk", "Kampen", "Leiden", "Lisse", "Losser", "Meppel", "Nijmegen", "Noordwijk", "Rheden"),
]
RUN = "from pipeline.__main__ import main; main()"

Files = dict[str, bytes]


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    deliver(folder, "financieel")
    return folder


def deliver(folder: Path, contribution: str) -> None:
    rows = (f"{name};extern;saas;{contribution}\n" for name in NAMES)
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
        if path.is_file() and ".unfinished" not in path.parts and path.name not in (".lock", ".journal")
    }


def settings(inputs: Path, outputs: Path) -> Settings:
    return Settings(inputs, outputs, REFERENCE, ROOT / "templates", date(2026, 1, 1), workers=1)


# --- Killed -----------------------------------------------------------------------------------------------------------


def kill_and_go_on(inputs: Path, folder: Path, moments: int, seed: int) -> None:
    """Kill runs over an older result at random moments; each must leave whole files, and be finished by the next."""
    older = finish(inputs, folder / "older")
    deliver(inputs, "alternatief")
    shutil.copytree(folder / "older", folder / "undisturbed")
    began = time.monotonic()
    undisturbed = finish(inputs, folder / "undisturbed")
    length = time.monotonic() - began
    assert undisturbed != older
    chance = random.Random(seed)
    cut_short = 0
    for number in range(moments):
        outputs = folder / f"killed-{number}"
        shutil.copytree(folder / "older", outputs)
        run = start(inputs, outputs)
        time.sleep(chance.uniform(0.2, 1.0) * length)
        if number % 2:
            os.killpg(run.pid, signal.SIGKILL)
        else:
            run.kill()  # its workers must notice
        run.communicate(timeout=30)
        left = files(outputs)
        cut_short += left != undisturbed
        for name, data in left.items():
            assert data in (older.get(name), undisturbed.get(name)), name
        assert finish(inputs, outputs) == undisturbed
        shutil.rmtree(outputs)
    assert cut_short, "no run was killed before its end"


def test_a_killed_run_leaves_whole_files_and_the_next_one_finishes_it(inputs: Path, tmp_path: Path) -> None:
    kill_and_go_on(inputs, tmp_path, 3, seed=1)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [2, 3])
def test_runs_killed_at_fifty_random_moments(inputs: Path, tmp_path: Path, seed: int) -> None:
    kill_and_go_on(inputs, tmp_path, 25, seed)


def test_workers_do_not_outlive_a_killed_run(inputs: Path, tmp_path: Path) -> None:
    run = start(inputs, tmp_path / "outputs", "--workers", "2")
    until(lambda: len(members(run.pid)) >= 3)
    run.kill()
    run.communicate(timeout=30)
    until(lambda: not members(run.pid))


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


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_ctrl_c_ends_soon_leaves_whole_files_and_says_how_to_go_on(inputs: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    undisturbed = finish(inputs, tmp_path / "undisturbed")
    run = start(inputs, outputs, "--workers", "2")
    until((outputs / "gemeenten").exists)
    began = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    said = run.communicate(timeout=30)[1]
    assert time.monotonic() - began < 1.0
    assert run.returncode == 1
    assert said.strip() == "Interrupted; every file that was made is whole. Run the same again to finish."
    assert all(data == undisturbed[name] for name, data in files(outputs).items())
    assert finish(inputs, outputs) == undisturbed


@pytest.mark.parametrize(("before", "between"), [(0.3, 0.1), (0.5, 0.05), (0.7, 0.2), (0.9, 0.05)])
def test_ctrl_c_twice_ends_soon_too(inputs: Path, tmp_path: Path, before: float, between: float) -> None:
    outputs = tmp_path / "outputs"
    run = start(inputs, outputs, "--workers", "2")
    time.sleep(before)
    os.killpg(run.pid, signal.SIGINT)
    time.sleep(between)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=10)
    until(lambda: not members(run.pid))
    assert set(finish(inputs, outputs)) >= {"kostenindicaties.json", ".manifest.json"}


def test_a_worker_that_is_killed_ends_the_run_with_a_sentence(inputs: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    shutil.copy(ROOT / "inputs" / "000-landelijk-voorbeeld.csv", inputs)
    undisturbed = finish(inputs, tmp_path / "undisturbed")
    run = start(inputs, outputs, "--workers", "2")
    until((outputs / "gemeenten").exists)
    os.kill(run.pid, signal.SIGSTOP)  # so that its workers are handing over, or waiting for work
    time.sleep(0.3)
    youngest = max(members(run.pid))
    os.kill(youngest, signal.SIGKILL)
    os.kill(run.pid, signal.SIGCONT)
    said = run.communicate(timeout=30)[1]
    assert (run.returncode, said.count("\n")) == (1, 1)
    assert "A worker process ended before its work was done" in said
    assert finish(inputs, outputs) == undisturbed


# --- The folder -------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_said_and_leaves_what_was_there(inputs: Path, tmp_path: Path) -> None:
    # No file may grow over 20 kB, which stops a workbook half-way as a full disk does.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    before = finish(inputs, tmp_path / "outputs")
    shutil.copytree(tmp_path / "outputs", tmp_path / "undisturbed")
    deliver(inputs, "alternatief")
    run = start(inputs, tmp_path / "outputs", before=limit)
    said = run.communicate(timeout=60)[1]
    assert run.returncode == 1
    assert said.startswith("Error: ")
    assert "cannot be written (File too large)" in said
    assert said.count("\n") == 1
    assert files(tmp_path / "outputs") == before
    assert finish(inputs, tmp_path / "outputs") == finish(inputs, tmp_path / "undisturbed")


@pytest.fixture
def few(inputs: Path) -> Path:
    (inputs / "a.csv").write_text(HEADER + "Zeist;extern;saas;geen\nDelft;zelf;saas;geen\n")
    return inputs


@pytest.fixture
def plain() -> Iterator[Settings]:
    """Settings in a folder that everyone may use, to be run by `anyone`; all that a run needs is loaded already."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "inputs").mkdir()
        (folder / "inputs" / "a.csv").write_text(HEADER + "Zeist;extern;saas;geen\nDelft;zelf;saas;geen\n")
        shutil.copytree(REFERENCE, folder / "reference")
        shutil.copytree(ROOT / "templates", folder / "templates")
        here = Settings(
            *(folder / "inputs", folder / "outputs", folder / "reference", folder / "templates"),
            date(2026, 1, 1),
            workers=1,
        )
        report(replace(here, outputs=folder / "loaded"))
        yield here


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


def test_a_folder_that_cannot_be_written_is_said(plain: Settings) -> None:
    plain.outputs.mkdir(mode=0o555)
    with anyone(), pytest.raises(OutputsError, match=r"cannot be written \(Permission denied\)"):
        report(plain)
    assert list(plain.outputs.iterdir()) == []


def test_a_file_that_is_in_use_keeps_what_it_held_until_the_next_run(plain: Settings) -> None:
    # On Windows an open workbook cannot be replaced; here, no file can in a folder without the right to write.
    with anyone():
        report(plain)
    before = files(plain.outputs)
    undisturbed = plain.outputs.with_name("undisturbed")
    shutil.copytree(plain.outputs, undisturbed)
    (plain.inputs / "a.csv").write_text(HEADER + "Zeist;extern;saas;financieel\nDelft;zelf;saas;geen\n")
    (plain.outputs / "gemeenten").chmod(0o555)
    with (
        anyone(),
        pytest.raises(OutputsError, match=r"2 files .*\(Permission denied\).*GM0355-zeist\.xlsx.* same again"),
    ):
        report(plain)
    held = files(plain.outputs)
    assert {name for name in held if name.startswith("gemeenten") and held[name] != before[name]} == set()
    (plain.outputs / "gemeenten").chmod(0o755)
    with anyone():
        done = report(plain)
    assert (done.made, done.unchanged) == (1, 1)
    assert files(plain.outputs) == finish(plain.inputs, undisturbed, "--date", "2026-01-01")


def test_a_folder_that_vanishes_is_said(few: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"

    def remove(number: int, of: int) -> None:
        shutil.rmtree(outputs)

    with pytest.raises(OutputsError, match="cannot be read"):
        report(settings(few, outputs), remove)
    report(settings(few, outputs))
    assert len(files(outputs)) > 4


# --- Only what changed ------------------------------------------------------------------------------------------------


def counts(done: RunReport) -> tuple[int, int]:
    return done.made, done.unchanged


def test_only_what_changed_is_made_and_what_no_longer_belongs_is_removed(few: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    assert counts(report(settings(few, outputs))) == (2, 0)
    before = {path: path.stat().st_mtime_ns for path in outputs.rglob("*.*") if path.is_file()}
    assert counts(report(settings(few, outputs))) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in outputs.rglob("*.*") if path.is_file()} == before
    (few / "a.csv").write_text(HEADER + "Zeist;extern;saas;financieel\nDelft;zelf;saas;geen\n")
    assert counts(report(settings(few, outputs))) == (1, 1)
    touched = {path.name for path, moment in before.items() if path.stat().st_mtime_ns != moment}
    assert touched == {
        *("GM0355-zeist.xlsx", "GM0355-zeist.md", "stuurgroep.xlsx", "stuurgroep.md"),
        *("kostenindicaties.json", ".manifest.json", ".manifest.copy.json", "bijdragen.svg", "eerste-jaar.svg"),
    }
    (few / "a.csv").write_text(HEADER + "\nDelft;zelf;saas;geen\n")  # on the line where it was
    assert counts(report(settings(few, outputs))) == (0, 1)
    assert {path.name for path in (outputs / "gemeenten").iterdir()} == {"GM0503-delft.xlsx", "GM0503-delft.md"}


def test_forced_all_is_made_anew_with_the_same_bytes(few: Path, tmp_path: Path) -> None:
    report(settings(few, tmp_path / "outputs"))
    before = files(tmp_path / "outputs")
    assert counts(report(replace(settings(few, tmp_path / "outputs"), force=True))) == (2, 0)
    assert files(tmp_path / "outputs") == before


def test_a_tariff_template_or_year_that_changes_makes_all_anew(few: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    shutil.copytree(REFERENCE, tmp_path / "reference")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")

    def run(day: date = date(2026, 1, 1)) -> tuple[int, int]:
        return counts(report(Settings(few, outputs, tmp_path / "reference", tmp_path / "templates", day)))

    assert (run(), run(), run(date(2026, 5, 1))) == ((2, 0), (0, 2), (0, 2))
    assert (run(date(2027, 1, 1)), run(date(2027, 1, 1))) == ((2, 0), (0, 2))
    tariffs = tmp_path / "reference" / "tarieven.toml"
    tariffs.write_text(tariffs.read_text().replace("waarde = 150", "waarde = 151", 1))
    assert (run(date(2027, 1, 1)), run(date(2027, 1, 1))) == ((2, 0), (0, 2))
    template = tmp_path / "templates" / "gemeente.md.j2"
    template.write_text(template.read_text() + "\nTot slot.\n")
    assert (run(date(2027, 1, 1)), run(date(2027, 1, 1))) == ((2, 0), (0, 2))


def test_a_workbook_that_somebody_changed_is_kept_aside_and_made_again(few: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    report(settings(few, outputs))
    workbook = outputs / "gemeenten" / "GM0355-zeist.xlsx"
    made = workbook.read_bytes()
    workbook.write_bytes(made + b"changed")
    done = report(settings(few, outputs))
    assert done.kept_aside == {"gemeenten/GM0355-zeist.xlsx": "gemeenten/GM0355-zeist.gewijzigd-1.xlsx"}
    assert workbook.read_bytes() == made
    assert (outputs / "gemeenten/GM0355-zeist.gewijzigd-1.xlsx").read_bytes() == made + b"changed"
    assert report(settings(few, outputs)).kept_aside == {}
