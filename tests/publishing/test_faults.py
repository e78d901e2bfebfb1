"""What may befall a run: a kill, Ctrl-C, a full disk, folders that cannot be written, two runs at once.

Every time `outputs/` holds only whole files, and the next run finishes the work, to the byte.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import OutputsError
from pipeline.run import RunReport, Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import HEADER, Files, anyone, deliver, files, finish, hears, members, start, until


def settings(inputs: Path, outputs: Path) -> Settings:
    return Settings(inputs, outputs, REFERENCE, ROOT / "templates", date(2026, 1, 1), workers=1)


# --- Killed -----------------------------------------------------------------------------------------------------------


def kill_and_go_on(inputs: Path, made: Path, folder: Path, moments: int, seed: int) -> None:
    """Kill runs over an older result at random moments; each must leave whole files, and be finished by the next."""
    older = files(made)
    deliver(inputs, "alternatief")
    shutil.copytree(made, folder / "undisturbed")
    began = time.monotonic()
    undisturbed = finish(inputs, folder / "undisturbed")
    length = time.monotonic() - began
    assert undisturbed != older
    chance = random.Random(seed)
    cut_short = 0
    for number in range(moments):
        outputs = folder / f"killed-{number}"
        shutil.copytree(made, outputs)
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


def test_a_killed_run_leaves_whole_files_and_the_next_one_finishes_it(inputs: Path, made: Path, tmp_path: Path) -> None:
    kill_and_go_on(inputs, made, tmp_path, 2, seed=1)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [2, 3])
def test_runs_killed_at_thirty_random_moments(inputs: Path, made: Path, tmp_path: Path, seed: int) -> None:
    kill_and_go_on(inputs, made, tmp_path, 15, seed)


def test_workers_do_not_outlive_a_killed_run(inputs: Path, tmp_path: Path) -> None:
    run = start(inputs, tmp_path / "outputs", "--workers", "2")
    until(lambda: len(members(run.pid)) >= 3)
    run.kill()
    run.communicate(timeout=30)
    until(lambda: not members(run.pid))


def test_ctrl_c_ends_soon_leaves_whole_files_and_says_how_to_go_on(
    inputs: Path, undisturbed: Files, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs"
    run = start(inputs, outputs, "--workers", "2")
    until((outputs / "gemeenten").exists)
    began = time.monotonic()
    os.killpg(run.pid, signal.SIGINT)
    said = run.communicate(timeout=30)[1]
    assert time.monotonic() - began < 5.0
    assert run.returncode == 1
    assert said.strip() == "Interrupted; every file that was made is whole. Run the same again to finish."
    assert all(data == undisturbed[name] for name, data in files(outputs).items())
    assert finish(inputs, outputs) == undisturbed


@pytest.mark.parametrize("making", [False, True], ids=["while it loads", "while it makes"])
@pytest.mark.parametrize("between", [0.05, 0.2])
def test_ctrl_c_twice_ends_soon_too(inputs: Path, tmp_path: Path, making: bool, between: float) -> None:
    outputs = tmp_path / "outputs"
    run = start(inputs, outputs, "--workers", "2")
    until((outputs / "gemeenten").exists if making else lambda: hears(run))
    os.killpg(run.pid, signal.SIGINT)
    time.sleep(between)
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGINT)
    run.communicate(timeout=10)
    until(lambda: not members(run.pid))
    if making:
        assert set(finish(inputs, outputs)) >= {"kostenindicaties.json", ".manifest.json"}


def test_a_worker_that_is_killed_ends_the_run_with_a_sentence(inputs: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    # So many that work is left when the first of it is there.
    country = (ROOT / "inputs" / "000-landelijk-voorbeeld.csv").read_text(encoding="utf-8-sig").splitlines(True)
    (inputs / "a.csv").write_text("".join(country[:121]))
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


def test_a_full_disk_is_said_and_leaves_what_was_there(inputs: Path, made: Path, tmp_path: Path) -> None:
    # No file may grow over 20 kB, which stops a workbook half-way as a full disk does.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    for name in ("outputs", "undisturbed"):
        shutil.copytree(made, tmp_path / name)
    before = files(made)
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
        pytest.raises(OutputsError, match=r"3 files .*\(Permission denied\).*GM0355-zeist\.xlsx.* same again"),
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
        shutil.rmtree(outputs, ignore_errors=True)

    with pytest.raises(OutputsError, match="cannot be written"):
        report(settings(few, outputs), remove)
    report(settings(few, outputs))
    assert len(files(outputs)) > 4


# --- Only what changed ------------------------------------------------------------------------------------------------


def counts(done: RunReport) -> tuple[int, int]:
    return done.made, done.unchanged


def test_only_what_changed_is_made_and_what_no_longer_belongs_is_removed(few: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    assert counts(report(settings(few, outputs))) == (2, 0)
    before = {outputs / name: (outputs / name).stat().st_mtime_ns for name in files(outputs)}
    assert counts(report(settings(few, outputs))) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    (few / "a.csv").write_text(HEADER + "Zeist;extern;saas;financieel\nDelft;zelf;saas;geen\n")
    assert counts(report(settings(few, outputs))) == (1, 1)
    touched = {path.name for path, moment in before.items() if path.stat().st_mtime_ns != moment}
    assert touched == {
        *("GM0355-zeist.xlsx", "GM0355-zeist.md", "stuurgroep.xlsx", "stuurgroep.md", "README.md"),
        *("kostenindicaties.csv", "kostenindicaties.json", ".manifest.json", ".manifest.copy.json"),
        *("bijdragen.svg", "jaren.svg"),
    }
    (few / "a.csv").write_text(HEADER + "\nDelft;zelf;saas;geen\n")  # on the line where it was
    assert counts(report(settings(few, outputs))) == (0, 1)
    names = {path.name for path in (outputs / "gemeenten").iterdir()}
    assert names == {"GM0503-delft.xlsx", "GM0503-delft.md", "README.md"}


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

    assert (run(), run(), run(date(2026, 5, 1))) == ((2, 0), (0, 2), (2, 0))
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
