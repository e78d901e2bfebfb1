"""What is printed cannot act on a terminal, nor pass for a line of ours, wherever it comes from."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from tests.conftest import ROOT

HEADER = "gemeente;begeleiding;hosting;bijdrage"
EVIL = [
    "\x1b[31mrood",
    "\x1b]0;titel\x07",
    "\x9b2J",
    "a\nError: vervalst",
    "a\rError: vervalst",
    "a\x08b",
    "\u202eom",
    "a\tb",
]
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]")


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "inputs" / "reference", tmp_path / "inputs" / "reference")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    (tmp_path / "inputs" / "a.csv").write_text(f"{HEADER}\nZeist;zelf;saas;geen\n")
    return tmp_path


def run(folders: Path, command: str, *more: str) -> Result:
    where = ["--inputs", str(folders / "inputs"), "--reference", str(folders / "inputs" / "reference")]
    if command == "report":
        where += ["--outputs", str(folders / "outputs"), "--templates", str(folders / "templates")]
    return CliRunner().invoke(main, [command, *(where if command in ("report", "check") else ()), *more])


def printed(result: Result, code: int) -> str:
    assert result.exit_code == code, result.output
    text = result.output
    assert not RAW.search(text), ascii(text)
    assert not re.search("^ *Error: vervalst", text, re.MULTILINE), text
    return text


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_values_headers_and_names_of_files_are_shown_and_do_not_act(folders: Path, evil: str) -> None:
    quoted = f'"{evil}"'
    text = f"{HEADER};{quoted};\n{quoted};zelf;saas;geen;{quoted}\nDelft;{quoted};{quoted};{quoted};x;{quoted}\n"
    (folders / "inputs" / "b.csv").write_text(text, newline="")
    (folders / "inputs" / f"c{evil.replace('/', '')}.csv").write_text("")
    for command in (["check"], ["check", "-v"], ["check", "--format", "json"], ["report", "-v"]):
        assert "b.csv" in printed(run(folders, *command), 3)


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_an_error_that_ends_the_run_does_not_act(folders: Path, evil: str) -> None:
    template = folders / "templates" / "gemeente.md.j2"
    template.write_text(f"{{% include {json.dumps(evil)} %}}", newline="")
    assert printed(run(folders, "report"), 1).startswith("Error: ")
    tariffs = folders / "inputs" / "reference" / "tarieven.toml"
    tariffs.write_text(f"{json.dumps(evil)} = 1\n" + tariffs.read_text())
    assert printed(run(folders, "report"), 1).startswith("Error: ")
    elsewhere = folders / evil.replace("/", "")
    elsewhere.mkdir()
    assert printed(run(folders, "report", "--reference", str(elsewhere)), 1).startswith("Error: ")
    assert printed(run(folders, "diff", str(elsewhere), str(elsewhere)), 1).startswith("Error: ")
    within = folders / "inputs" / elsewhere.name
    assert "Error: " in printed(run(folders, "report", "--outputs", str(within)), 2)


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
def test_an_earlier_result_does_not_act(folders: Path, evil: str) -> None:
    printed(run(folders, "report"), 0)
    result = folders / "outputs" / "kostenindicaties.json"
    earlier = json.loads(result.read_text())
    earlier["indications"][0]["choices"] |= {"backlog": evil, "contribution_note": evil}
    earlier["register"]["source"] = evil
    (folders / "eerder.json.gz").write_bytes(gzip.compress(json.dumps(earlier).encode()))
    for form in ("text", "json"):
        text = printed(run(folders, "diff", str(folders / "eerder.json.gz"), str(result), "--format", form), 0)
        assert "backlog" in text
    assert json.loads(text)["register"][0]["old"] == evil
    printed(run(folders, "diff", str(result), str(folders / "eerder.json.gz")), 0)
    earlier["indications"][0]["choices"]["phase"] = evil
    result.write_text(json.dumps(earlier))
    assert "phase" in printed(run(folders, "diff", str(result), str(result)), 1)


@pytest.mark.parametrize("evil", EVIL, ids=ascii)
@pytest.mark.parametrize("wrong", [["check", "{}"], ["report", "--{}"]], ids=str)
def test_wrong_use_does_not_act(evil: str, wrong: list[str]) -> None:
    command = [sys.executable, "-m", "pipeline", *(part.format(evil) for part in wrong)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 4  # how it is used and where to read more, an empty line, and what is wrong
    assert not RAW.search(done.stderr), ascii(done.stderr)


def test_each_sentence_of_an_error_has_a_line(folders: Path) -> None:
    for name in ("gemeente", "stuurgroep"):
        (folders / "templates" / f"{name}.md.j2").unlink()
    first, second = printed(run(folders, "report"), 1).splitlines()
    assert first.startswith("Error: ")
    assert first.endswith("gemeente.md.j2: is missing; put the template back.")
    assert second.endswith("stuurgroep.md.j2: is missing; put the template back.")
