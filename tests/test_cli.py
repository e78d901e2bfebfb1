"""The command as people use it: real folders, what it prints where, and its exit code."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from pipeline.cli import main
from tests.conftest import ROOT

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """A folder with reference data, templates, and a delivery of two municipalities."""
    shutil.copytree(ROOT / "inputs" / "reference", tmp_path / "inputs" / "reference")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "inputs" / "a.csv").write_text(HEADER + "Amsterdam;extern;saas;financieel\nBaarn;zelf;in huis;geen\n")
    return tmp_path


def with_places(arguments: tuple[str, ...]) -> list[str]:
    """The arguments, and where everything stands in the folder."""
    where = {
        "report": ["--inputs", "inputs", "--outputs", "outputs", "--templates", "templates"],
        "check": ["--inputs", "inputs"],
    }.get(arguments[0], [])
    if arguments[0] in ("report", "check", "template"):
        where += ["--reference", "inputs/reference"]
    return [*arguments, *where]


@pytest.fixture
def run(folders: Path) -> Command:
    """Run the command in the folder, as a process of its own."""

    def runner(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        code = "from pipeline.__main__ import main; main()"
        return subprocess.run(
            [sys.executable, "-c", code, *with_places(arguments)],
            cwd=folders,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return runner


@pytest.fixture
def run_here(folders: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the command in the folder and in this process, where that it is one of its own is not what is tested."""
    monkeypatch.chdir(folders)

    def runner(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = CliRunner().invoke(main, with_places(arguments), catch_exceptions=False)
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return runner


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


MADE = {
    "gemeenten/GM0308-baarn.md",
    "gemeenten/GM0308-baarn.xlsx",
    "gemeenten/GM0363-amsterdam.md",
    "gemeenten/GM0363-amsterdam.xlsx",
    "SUMMARY.md",
    "gemeenten/README.md",
    "kostenindicaties.csv",
    "kostenindicaties.json",
    "stuurgroep.md",
    "stuurgroep.xlsx",
    "stuurgroep/bijdragen.svg",
    "stuurgroep/fasen.svg",
    "stuurgroep/jaren.svg",
    "uitgangspunten.md",
}


def test_a_report_makes_everything_and_closes_with_one_plain_line(run: Command, folders: Path) -> None:
    done = run("report")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"2 made, 0 unchanged, 0 replaced, 0 rejected in \d+\.\d s: outputs\n", done.stdout)
    assert set(files(folders / "outputs")) == MADE


def test_amsterdam_costs_what_was_worked_out_by_hand_in_every_form(run_here: Command, folders: Path) -> None:
    # once 150 x 100; a year 40.000 and 10.000 to 20.000; five years 15.000 + 5 x 50.000 to 60.000
    run_here("report")
    book = openpyxl.load_workbook(folders / "outputs/gemeenten/GM0363-amsterdam.xlsx", data_only=True)
    figures = {row[0]: row[3:5] for row in book["Berekening"].iter_rows(values_only=True)}
    assert figures["Totaal eenmalig"] == (15_000, 15_000)
    assert figures["Totaal jaarlijks"] == (50_000, 60_000)
    assert figures["Totaal looptijd"] == (265_000, 315_000)
    summary = (folders / "outputs/gemeenten/GM0363-amsterdam.md").read_text()
    assert "€\u00a065.000–&NoBreak;75.000" in summary
    assert "€\u00a0265.000–&NoBreak;315.000" in summary
    result = json.loads((folders / "outputs/kostenindicaties.json").read_bytes())
    amsterdam = next(i for i in result["indications"] if "GM0363" in json.dumps(i))
    assert amsterdam["totals"]["first_year"] == {"low": 65000, "high": 75000, "pro_memorie": False}


def test_two_runs_give_the_same_bytes(run: Command, folders: Path) -> None:
    run("report", "--date", "2026-03-01", PYTHONHASHSEED="1", TZ="UTC")
    first = files(folders / "outputs")
    shutil.rmtree(folders / "outputs")
    run("report", "--date", "2026-03-01", PYTHONHASHSEED="2", TZ="Pacific/Kiritimati")
    assert files(folders / "outputs") == first


def test_every_document_of_people_says_for_which_date_it_is(run: Command, folders: Path) -> None:
    run("report", "--date", "2026-03-01")
    for path in (folders / "outputs").rglob("*"):
        if path.suffix == ".xlsx":
            rows = [row for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True)]
            assert any("1 maart 2026" in str(value) for row in rows for value in row), path
        elif path.suffix == ".md" and path.name != "SUMMARY.md":
            assert "peildatum 1 maart 2026" in path.read_text(encoding="utf-8"), path


def test_the_reference_date_gives_the_default_start_year(run_here: Command, folders: Path) -> None:
    run_here("report", "--date", "2028-06-01")
    assert "| 2028 |" in (folders / "outputs/gemeenten/GM0363-amsterdam.md").read_text()


def test_a_rejected_row_is_named_and_all_others_are_made(run: Command, folders: Path) -> None:
    (folders / "inputs" / "b.csv").write_text(HEADER + "Delft;zelf;saas;geen\nZeist;zelf;sas;geen\n")
    done = run("report")
    assert done.returncode == 3
    assert "3 made, 0 unchanged, 0 replaced, 1 rejected" in done.stdout
    assert "b.csv: 1 fout, 0 waarschuwingen" in done.stderr
    assert "regel 3, GM0355, hosting (“sas”): Bedoelde u SaaS?" in done.stderr
    assert set(files(folders / "outputs")) == MADE | {
        "afgekeurd.csv",
        "afgekeurd.xlsx",
        "gemeenten/GM0503-delft.md",
        "gemeenten/GM0503-delft.xlsx",
    }
    assert "Zeist" in (folders / "outputs/stuurgroep.md").read_text()


def test_when_the_row_is_mended_nothing_is_left_of_the_rejection(run_here: Command, folders: Path) -> None:
    (folders / "inputs" / "b.csv").write_text(HEADER + "Zeist;zelf;sas;geen\n")
    run_here("report")
    (folders / "inputs" / "b.csv").write_text(HEADER + "Zeist;zelf;saas;geen\n")
    assert run_here("report").returncode == 0
    assert {"afgekeurd.csv", "afgekeurd.xlsx"}.isdisjoint(files(folders / "outputs"))
    (folders / "inputs" / "b.csv").unlink()
    run_here("report")
    made = set(files(folders / "outputs"))
    assert {name for name in made if not name.startswith("historie/")} == MADE


def test_a_strict_report_makes_nothing_when_a_row_is_rejected(run: Command, folders: Path) -> None:
    (folders / "inputs" / "b.csv").write_text(HEADER + "Zeist;zelf;sas;geen\n")
    done = run("report", "--strict")
    assert done.returncode == 1
    assert "nothing was made" in done.stderr
    assert not (folders / "outputs").exists()


def test_a_later_delivery_replaces_and_the_report_says_so(run_here: Command, folders: Path) -> None:
    (folders / "inputs" / "b.csv").write_text(HEADER + "Baarn;extern;saas;geen\n")
    assert "2 made, 0 unchanged, 1 replaced, 0 rejected" in run_here("report").stdout
    summary = (folders / "outputs/gemeenten/GM0308-baarn.md").read_text()
    assert "a.csv" in summary.replace("\\", "")


def test_check_says_the_same_and_writes_nothing(run_here: Command, folders: Path) -> None:
    assert run_here("check").stdout == "2 municipalities, 0 rows rejected.\n"
    (folders / "inputs" / "b.csv").write_text(HEADER + "Zeist;zelf;sas;geen\n")
    before = files(folders)
    done = run_here("check")
    assert (done.returncode, done.stdout) == (3, "2 municipalities, 1 row rejected.\n")
    assert "Bedoelde u SaaS?" in done.stderr
    data = json.loads(run_here("check", "--format", "json").stdout)
    assert data["municipalities"] == 2
    (finding,) = data["findings"]
    place = (finding["file"], finding["lines"], finding["column"], finding["value"], finding["municipalities"])
    assert place == ("b.csv", [2], "hosting", "sas", ["GM0355"])
    assert files(folders) == before


def test_findings_that_say_the_same_are_said_once_unless_all_are_asked_for(run_here: Command, folders: Path) -> None:
    (folders / "inputs" / "b.csv").write_text(HEADER + "Atlantis;zelf;saas;geen\n" * 30)
    heading, sentence = run_here("check").stderr.splitlines()
    assert heading == "b.csv: 30 fouten, 0 waarschuwingen"
    assert sentence.startswith("  fout: regels 2, 3, 4, 5, 6 en nog 25, gemeente (“Atlantis”): Deze gemeente")
    assert run_here("check", "-v").stderr.count("Atlantis") == 30


def test_at_most_twenty_findings_are_shown_unless_all_are_asked_for(run_here: Command, folders: Path) -> None:
    (folders / "inputs" / "b.csv").write_text(HEADER + "".join(f"Atlantis {n};zelf;saas;geen\n" for n in range(30)))
    done = run_here("check")
    assert done.stderr.count("Atlantis") == 20
    assert done.stderr.splitlines()[-1] == "... en nog 10 bevindingen; alle met --verbose"
    assert "alle fouten in outputs/afgekeurd.csv" in run_here("report").stderr
    assert run_here("check", "-v").stderr.count("Atlantis") == 30


def test_how_large_a_delivery_may_be_can_be_chosen(run_here: Command, folders: Path) -> None:
    done = run_here("check", "--max-rows", "1")
    assert (done.returncode, "meer dan 1 regels" in done.stderr) == (3, True)
    (folders / "inputs" / "b.csv").write_text(HEADER + "\n" * 1_000_001)
    done = run_here("check", "--max-size", "1")
    assert (done.returncode, "groter dan 1.000.000 bytes" in done.stderr) == (3, True)


def test_a_template_is_a_delivery(run: Command, folders: Path) -> None:
    done = run("template", "Den Haag", "GM0355")
    lines = done.stdout.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("gemeente;gemeentecode;begeleiding;")
    assert lines[1].startswith("'s-Gravenhage;GM0518;")
    assert run("template", "Bergen").returncode == 1


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_a_form_is_written_to_a_file_that_is_not_there_yet(run: Command, folders: Path, form: str) -> None:
    done = run("template", f"--{form}", "-o", f"opgave.{form}", "Den Haag", PYTHONHASHSEED="1", TZ="Pacific/Apia")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    data = (folders / f"opgave.{form}").read_bytes()
    assert run("template", f"--{form}", "-o", "again", "Den Haag", PYTHONHASHSEED="2").returncode == 0
    assert (folders / "again").read_bytes() == data

    (folders / f"opgave.{form}").write_text("ingevuld")
    again = run("template", f"--{form}", "-o", f"opgave.{form}")
    assert (again.returncode, f"opgave.{form}: is there already" in again.stderr) == (2, True)
    assert (folders / f"opgave.{form}").read_text() == "ingevuld"
    nowhere = run("template", f"--{form}", "-o", "nergens/opgave")
    assert (nowhere.returncode, "nergens/opgave: cannot be written" in nowhere.stderr) == (1, True)


def test_a_form_can_be_piped_and_has_the_columns_of_the_tariff(folders: Path) -> None:
    code = "from pipeline.__main__ import main; main()"
    command = [sys.executable, "-c", code, *with_places(("template", "--xlsx", "Zeist"))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folders, env=environment, capture_output=True, timeout=60, check=True)
    sheet = openpyxl.load_workbook(io.BytesIO(done.stdout))["Opgave"]
    header = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "gemeente")
    assert {"begeleiding (verplicht)", "demo_laag"} <= set(header)


def test_a_form_does_not_go_to_a_terminal(folders: Path) -> None:
    code = "from pipeline.__main__ import main; main()"
    command = [sys.executable, "-c", code, *with_places(("template", "--ods"))]
    ours, theirs = os.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=folders, env=environment, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    os.close(theirs)
    os.close(ours)
    assert (done.returncode, "give a file with --output" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("break_it", "complaint"),
    [
        (lambda f: (f / "inputs/reference/tarieven.toml").write_text("x"), "tarieven.toml: is not valid TOML"),
        (lambda f: (f / "inputs/reference/gemeenten.csv").unlink(), "gemeenten.csv: cannot be read"),
        (lambda f: (f / "templates/teksten.toml").write_text("[algemeen]"), "algemeen.doel is missing"),
        (lambda f: (f / "templates/gemeente.md.j2").write_text("{{ x"), "gemeente.md.j2"),
        (lambda f: (f / "templates/gemeente.md.j2").write_text("{{ nothing.here }}"), "gemeente.md.j2"),
        (
            lambda f: [(f / "outputs").mkdir(), (f / "outputs/gemeenten").write_text("")],
            "outputs/gemeenten: cannot be written (File exists)",
        ),
    ],
)
def test_what_stops_a_run_is_said_in_one_message_without_a_traceback(
    run_here: Command, folders: Path, break_it: Callable[[Path], object], complaint: str
) -> None:
    break_it(folders)
    done = run_here("report")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ")
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "wrong", [["report", "--date", "gisteren"], ["report", "-q", "-v"], ["report", "--nonsense"], ["reprot"]]
)
def test_wrong_use_is_exit_code_two(run: Command, wrong: list[str]) -> None:
    done = run(*wrong)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_empty_folder_gives_an_overview_of_nothing(run_here: Command, folders: Path) -> None:
    (folders / "inputs" / "a.csv").unlink()
    done = run_here("report")
    assert done.returncode == 0
    assert set(files(folders / "outputs")) == {
        *("SUMMARY.md", "gemeenten/README.md", "kostenindicaties.csv", "kostenindicaties.json"),
        *("stuurgroep.md", "stuurgroep.xlsx", "uitgangspunten.md"),
    }


def test_quiet_prints_nothing_when_all_is_well(run: Command) -> None:
    done = run("report", "-q")
    assert (done.stdout, done.stderr) == ("", "")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pipeline.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('pandas', 'xlsxwriter', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert "Usage:" in done.stdout
    assert done.stdout.endswith("[]\n")


def test_a_template_that_reaches_for_the_system_ends_in_a_sentence(run_here: Command, folders: Path) -> None:
    template = folders / "templates" / "gemeente.md.j2"
    template.write_text("# Kop\n{{ cycler.__init__.__globals__.os.popen('touch bereikt').read() }}\n")
    done = run_here("report")
    assert (done.returncode, done.stdout) == (1, "")
    assert "gemeente.md.j2: line 2: access to attribute '__init__'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folders / "bereikt").exists()
