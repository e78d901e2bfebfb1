"""The wheel: built without a network from a source distribution, installed in an empty environment, run in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT

DELIVERY = "gemeente;begeleiding;hosting;bijdrage\nBaarn;extern;saas;financieel\n"
OFFLINE = ("--quiet", "--no-index", "--no-deps")

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def pip(*arguments: str | Path, cwd: Path) -> None:
    done = run(sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as others build it, by way of the source distribution; a copy of the tree, which stays as it is."""
    folder = tmp_path_factory.mktemp("build")
    left_out = shutil.ignore_patterns(".*", "build", "dist", "outputs", "tests", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, folder / "tree", ignore=left_out)
    (folder / "tree" / "inputs" / "reference" / "contacten.csv").write_text("gemeente;e_mail\nZeist;info@zeist.nl\n")
    build = "from setuptools.build_meta import build_sdist; build_sdist('..')"
    done = run(sys.executable, "-c", build, cwd=folder / "tree")
    assert done.returncode == 0, done.stderr
    (source,) = folder.glob("*.tar.gz")
    pip("wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", folder, source, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel: Path) -> Command:
    """The command of the wheel in an environment of its own, which borrows only the libraries of this one."""
    environment = wheel.parent / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=wheel.parent)
    pip("--python", environment / "bin" / "python", "install", *OFFLINE, wheel, cwd=wheel.parent)
    (packages,) = environment.glob("lib/python*/site-packages")
    borrowed = [path for path in sys.path if path.endswith("-packages")]
    (packages / "libraries.pth").write_text("\n".join(borrowed))
    return lambda *arguments, cwd: run(environment / "bin" / "kostenindicatie", *arguments, cwd=cwd)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder but for one delivery."""
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "baarn.csv").write_text(DELIVERY)
    return tmp_path


def amounts(folder: Path, *names: str) -> list[object]:
    """The values of named cells in the workbook of Baarn."""
    book = openpyxl.load_workbook(folder / "outputs" / "gemeenten" / "GM0308-baarn.xlsx", data_only=True)
    places = [next(book.defined_names[name].destinations) for name in names]
    return [book[sheet][cell].value for sheet, cell in places]


def contents(folder: Path) -> dict[str, bytes]:
    """All files but for what a run saw of them, which is another in each folder."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != ".seen.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_the_wheel_holds_the_package_whole_and_nothing_beside_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    package = {path for path in (ROOT / "pipeline").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    shipped = [
        path
        for f in (ROOT / "templates", REFERENCE)
        for path in f.rglob("*")
        if path.is_file() and path.name != "contacten.csv"
    ]
    assert names == {
        *(str(path.relative_to(ROOT)) for path in package),
        *(f"pipeline/shipped/{path.relative_to(ROOT)}" for path in shipped),
    }


def test_the_wheel_makes_in_an_empty_folder_what_a_checkout_makes(command: Command, folder: Path) -> None:
    done = command("report", "--date", "2026-01-01", "--workers", "1", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")

    # Once 150 hours at EUR 100; each year EUR 10,000 to 20,000 for SaaS and a contribution of EUR 2,500.
    assert amounts(folder, "eenmalig_laag", "jaarlijks_laag", "jaarlijks_hoog") == [15_000, 12_500, 22_500]
    again = folder / "checkout"
    report(Settings(folder / "inputs", again, REFERENCE, ROOT / "templates", date(2026, 1, 1), workers=1))
    assert contents(folder / "outputs") == contents(again)


def test_the_wheel_writes_the_messages_to_municipalities(command: Command, folder: Path) -> None:
    (folder / "inputs" / "baarn.csv").write_text(
        DELIVERY.replace("\n", ";e_mail\n", 1).rstrip() + ";post@baarn.example\n"
    )
    assert command("report", "--workers", "1", cwd=folder).returncode == 0
    done = command("send", cwd=folder)
    assert (done.returncode, done.stderr.startswith("1 message written: ")) == (0, True)
    assert (folder / "outputs" / "verzending" / "concepten" / "GM0308-baarn.eml").is_file()


def test_files_beside_the_inputs_win_one_by_one_over_those_of_the_wheel(command: Command, folder: Path) -> None:
    own = folder / "inputs" / "reference" / "tarieven.toml"
    own.parent.mkdir()
    tariffs = (REFERENCE / "tarieven.toml").read_text(encoding="utf-8")
    rate = "[tarieven.uurtarief]\nwaarde = "
    own.write_text(tariffs.replace(f"{rate}100", f"{rate}120"), encoding="utf-8")
    (folder / "templates").mkdir()
    (folder / "templates" / "gemeente.md.j2").write_text("# Van onszelf\n", encoding="utf-8")

    done = command("report", "--date", "2026-01-01", "--workers", "1", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert amounts(folder, "eenmalig_laag") == [18_000]  # 150 hours at EUR 120
    summary = folder / "outputs" / "gemeenten" / "GM0308-baarn.md"
    assert summary.read_text(encoding="utf-8") == "# Van onszelf\n"

    own.write_text("[tarieven]", encoding="utf-8")
    broken = command("report", cwd=folder)
    assert (broken.returncode, str(own.relative_to(folder)) in broken.stderr) == (1, True)


def test_a_folder_that_is_given_holds_everything_itself(command: Command, folder: Path) -> None:
    done = command("check", "--reference", "inputs/referentie", cwd=folder)
    assert done.returncode == 1
    assert "inputs/referentie/gemeenten.csv: cannot be read" in done.stderr
