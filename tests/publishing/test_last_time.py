"""What is missing since the last run: nothing goes in silence, and nothing outdated stands in for what is hidden."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.errors import SettingsError
from pipeline.publishing.manifest import COPY, MANIFEST
from pipeline.reference.places import Completed, Folder
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import NAMES, anyone

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inputs").mkdir()
    return tmp_path


def deliver(folder: Path, name: str, *municipalities: str, contribution: str = "geen") -> Path:
    path = folder / "inputs" / name
    path.write_text(HEADER + "".join(f"{one};extern;saas;{contribution}\n" for one in municipalities))
    return path


def run(folder: Path, *more: str) -> Result:
    where = {
        "--inputs": folder / "inputs",
        "--outputs": folder / "outputs",
        "--reference": REFERENCE,
        "--templates": ROOT / "templates",
    }
    arguments = [str(part) for pair in where.items() for part in pair]
    return CliRunner().invoke(main, ["report", "--date", "2026-01-01", "--workers", "1", *arguments, *more])


def check(folder: Path) -> Result:
    return CliRunner().invoke(main, ["check", "--inputs", str(folder / "inputs"), "--reference", str(REFERENCE)])


def made(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "outputs" / "gemeenten").glob("*.xlsx")}


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in (folder / "outputs").rglob("*")
        if path.is_file() and path.name not in (".lock", ".seen.json")
    }


# --- Removals ---------------------------------------------------------------------------------------------------------


def test_what_is_removed_is_said_by_name_and_number(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft", "Breda")
    run(folder)
    deliver(folder, "a.csv", "Zeist")
    for done in (run(folder, "--quiet"), run(folder)):
        assert done.exit_code == 0
        if "removed" in done.stderr:
            assert "Deliveries since last time: a.csv has 1 row (had 3)." in done.stderr
            assert "4 files removed: gemeenten/GM0503-delft.md, gemeenten/GM0503-delft.xlsx, " in done.stderr
    assert done.stderr == ""  # it is said once
    assert made(folder) == {"GM0355-zeist"}


def test_a_folder_of_deliveries_that_is_empty_all_at_once_removes_nothing(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft")
    run(folder)
    before = everything(folder)
    (folder / "inputs" / "a.csv").unlink()
    done = run(folder)
    assert done.exit_code == 1
    assert "The documents of 2 of 2 municipalities would be removed (GM0355, GM0503)" in done.stderr
    assert "a.csv (had 2 rows) is gone" in done.stderr
    assert everything(folder) == before
    done = run(folder, "--allow-removals")
    assert done.exit_code == 0
    assert "removed: gemeenten/GM0355-zeist.md" in done.stderr
    assert made(folder) == set()


@pytest.fixture(scope="module")
def of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run makes of all names; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("all")
    (folder / "inputs").mkdir()
    deliver(folder, "a.csv", *NAMES)
    assert run(folder).exit_code == 0
    return folder / "outputs"


@pytest.mark.parametrize(
    ("there", "left", "stops"), [(33, 28, False), (33, 27, True), (7, 2, False), (7, 1, True), (33, 0, True)]
)
def test_more_than_a_tenth_and_more_than_five_are_not_removed_without_being_asked(
    folder: Path, of_all: Path, there: int, left: int, stops: bool
) -> None:
    deliver(folder, "a.csv", *NAMES[:there])
    if there == len(NAMES):
        shutil.copytree(of_all, folder / "outputs")
    else:
        run(folder)
    before = everything(folder)
    deliver(folder, "a.csv", *NAMES[:left])
    done = run(folder)
    assert done.exit_code == (1 if stops else 0)
    assert f"a.csv has {left} row{'s' * (left != 1)} (had {there})" in done.stderr
    assert (everything(folder) == before) == stops


def test_a_tenth_of_many_may_go(folder: Path) -> None:
    register = (REFERENCE / "gemeenten.csv").read_text(encoding="utf-8").splitlines()[1:71]
    codes = [row.split(",")[0] for row in register]
    path = folder / "inputs" / "a.csv"
    for number, code in ((70, 0), (63, 0), (56, 1)):  # 7 of 70, and then 7 of 63
        path.write_text(
            HEADER.replace("gemeente", "gemeentecode") + "".join(f"{c};zelf;saas;geen\n" for c in codes[:number])
        )
        assert run(folder).exit_code == code


def test_municipalities_are_counted_also_when_the_manifest_is_of_the_first_version(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft")
    run(folder)
    manifest = folder / "outputs" / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_bytes())["files"]))
    (folder / "outputs" / COPY).unlink()
    (folder / "inputs" / "a.csv").unlink()
    done = run(folder)
    assert done.exit_code == 1
    assert "2 of 2 municipalities would be removed" in done.stderr


def test_rows_that_are_rejected_do_not_remove_everything_either(folder: Path, of_all: Path) -> None:
    shutil.copytree(of_all, folder / "outputs")
    deliver(folder, "a.csv", *NAMES, contribution="misschien")
    done = run(folder)
    assert done.exit_code == 1
    assert "33 of 33 municipalities would be removed" in done.stderr
    assert "`kostenindicatie check` says which rows are rejected" in done.stderr
    assert len(made(folder)) == 33


def test_a_delivery_that_is_gone_is_named_also_when_an_older_one_stands_in(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft")
    deliver(folder, "b.csv", "Zeist", contribution="financieel")
    run(folder)
    (folder / "inputs" / "b.csv").unlink()
    done = run(folder)
    assert (done.exit_code, "b.csv (had 1 row) is gone" in done.stderr) == (0, True)


# --- Deliveries that cannot be read or used ---------------------------------------------------------------------------


def test_a_delivery_that_may_not_be_read_stops_the_run(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft")
    newer = deliver(folder, "b.csv", "Zeist", contribution="financieel")
    run(folder)
    before = everything(folder)
    newer.chmod(0)
    with anyone():
        done, checked = run(folder), check(folder)
    assert done.exit_code == 1
    assert "an older row must not stand in for what is in it: nothing was made. b.csv: Het bestand kan" in done.stderr
    assert "u mag het niet lezen; geef leesrechten" in done.stderr
    assert everything(folder) == before
    assert (checked.exit_code, "u mag het niet lezen" in checked.stderr) == (3, True)
    newer.chmod(0o644)
    assert run(folder).exit_code == 0
    assert everything(folder) == before


REFUSED = [b"", b"PK\x03\x04", b"naam;iets\nZeist;1\n"]


@pytest.mark.parametrize("content", REFUSED)
def test_an_outdated_row_does_not_stand_in_for_one_in_a_delivery_that_cannot_be_used(
    folder: Path, content: bytes
) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft")
    newer = deliver(folder, "b.csv", "Zeist", contribution="financieel")
    run(folder)
    before = everything(folder)
    mended = newer.read_bytes()
    newer.write_bytes(content)
    for _ in range(2):  # and it stays so in the next run
        done = run(folder)
        assert done.exit_code == 3
        assert made(folder) == {"GM0503-delft"}
        assert "telt niet meer" in done.stderr
        assert "eerdere aanlevering (a.csv, regel 2) telt niet meer" in (
            (folder / "outputs" / "stuurgroep.md").read_text().replace("\\", "")
        )
    newer.write_bytes(mended)
    run(folder)
    after = everything(folder)
    assert made(folder) == {"GM0355-zeist", "GM0503-delft"}
    assert after["outputs/gemeenten/GM0355-zeist.md"] == before["outputs/gemeenten/GM0355-zeist.md"]


def test_a_newer_row_counts_whatever_became_of_an_older_delivery(folder: Path) -> None:
    older = deliver(folder, "a.csv", "Zeist", "Delft")
    run(folder)
    older.write_bytes(b"")
    deliver(folder, "b.csv", "Zeist")
    done = run(folder)
    assert "telt niet meer" not in done.stderr
    assert made(folder) == {"GM0355-zeist"}


def test_without_an_earlier_run_nobody_knows_what_a_delivery_hides(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft")
    (folder / "inputs" / "b.csv").write_bytes(b"\x00\x01\x02" * 200)
    done = run(folder)
    assert (done.exit_code, len(made(folder))) == (3, 2)


def test_without_a_manifest_nothing_is_said_to_be_changed_by_hand(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist", "Delft")
    run(folder)
    for name in (MANIFEST, COPY):
        (folder / "outputs" / name).unlink()
    deliver(folder, "a.csv", "Zeist", "Delft", contribution="financieel")
    said = run(folder).stderr
    assert "The manifest and its copy are gone or damaged" in said
    assert "stuurgroep.md is not known to be of an earlier run; it is kept as stuurgroep.gewijzigd-1.md" in said
    assert "by hand" not in said
    (folder / "outputs" / "stuurgroep.md").write_text("mine")
    said = run(folder, "--force").stderr
    assert "stuurgroep.md was changed by hand; it is kept as stuurgroep.gewijzigd-2.md" in said
    assert "manifest" not in said


# --- Folders ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outputs", ["inputs", "inputs/out", "inputs/../inputs/a/b", "link/out"])
def test_results_do_not_go_among_the_deliveries(folder: Path, outputs: str) -> None:
    deliver(folder, "a.csv", "Zeist")
    (folder / "link").symlink_to("inputs")
    done = run(folder, "--outputs", str(folder / outputs))
    assert done.exit_code == 2
    assert "is the folder with deliveries, or in it" in done.stderr
    assert [path.name for path in (folder / "inputs").iterdir()] == ["a.csv"]


@pytest.mark.parametrize("outputs", ["templates", "templates/out", "reference", "reference/out"])
@pytest.mark.parametrize("kind", [Path, lambda folder: Completed(folder, ROOT / "shipped")])
def test_results_do_not_go_among_what_else_is_read(
    tmp_path: Path, outputs: str, kind: Callable[[Path], Folder]
) -> None:
    places = kind(tmp_path / "reference"), kind(tmp_path / "templates")
    settings = Settings(tmp_path / "inputs", tmp_path / outputs, *places, date(2026, 1, 1))
    with pytest.raises(SettingsError, match=r"is the folder with (templates|reference data), or in it"):
        report(settings)
    assert not list(tmp_path.iterdir())


def test_deliveries_may_be_in_the_folder_with_results(folder: Path) -> None:
    deliver(folder, "a.csv", "Zeist")
    assert run(folder, "--outputs", str(folder)).exit_code == 0
    assert (folder / "inputs" / "a.csv").exists()
