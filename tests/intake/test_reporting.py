"""What the terminal and other programs are told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.intake.reporting import told
from tests.conftest import REFERENCE, ROOT
from tests.intake.conftest import Reader
from tests.intake.test_deliveries import HEADER


def command(*arguments: str | Path, encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_json_is_utf8_and_no_terminal_is_too_old_for_a_finding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_text(HEADER + "Zeist;zelf;漢字 ✓;geen\n", encoding="utf-8")
    where = ("--inputs", tmp_path, "--reference", REFERENCE)
    done = command("check", *where, "--format", "json", encoding=encoding)
    assert (done.returncode, json.loads(done.stdout)["findings"][0]["value"]) == (3, "漢字 ✓")
    done = command("check", *where, encoding=encoding)
    assert done.returncode == 3
    assert b"Kies in huis" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_limit_beyond_all_memory_is_wrong_use(tmp_path: Path) -> None:
    assert command("check", "--inputs", tmp_path, "--max-size", "100000").returncode == 2


def test_errors_are_told_before_warnings_whatever_file_they_are_in(read: Reader) -> None:
    header = "gemeente;begeleiding;hosting;bijdrage;uren\n"
    intake = read(
        a=header + "".join(f"{name};zelf;saas;geen;{n}\n" for n, name in enumerate(["Zeist", "Delft", "Assen"])),
        b=header + "Utrecht;zelf;sas;geen;\n",
    )
    heading_a, heading_b, rest = told(intake.findings, 2, "alle met --verbose")
    assert heading_a[0] == "a.csv: 0 fouten, 3 waarschuwingen (waarschuwingen: begeleidingsuren 3)"
    assert heading_a[1][0].startswith(
        "waarschuwing: regel 2, GM0355, begeleidingsuren (“0”): Deze uren tellen alleen bij extern"
    )
    assert heading_b[0] == "b.csv: 1 fout, 0 waarschuwingen"
    assert heading_b[1][0].startswith("fout: regel 2, GM0344, hosting (“sas”): Bedoelde u SaaS?")
    assert rest == ("... en nog 2 bevindingen; alle met --verbose", ())


def test_very_many_files_with_errors_have_no_heading_each(read: Reader) -> None:
    intake = read(**{f"f{number}": "" for number in range(300)})
    said = list(told(intake.findings, 20, "alle met --verbose"))
    assert len(said) == 21
    assert said[0] == (
        "f0.csv: 1 fout, 0 waarschuwingen",
        ["fout: Het bestand is leeg; de eerste regel hoort de namen van de kolommen te bevatten."],
    )
    assert said[-1] == ("... en nog 280 bevindingen, ook in 280 andere bestanden; alle met --verbose", ())


def test_a_long_value_is_cut_and_seen_to_be(read: Reader) -> None:
    intake = read(a=HEADER + f"Zeist;zelf;{'x' * 100};geen\n" + 'Delft;zelf;"hal\nf";geen\n')
    ((_, sentences),) = told(intake.findings, 20, "")
    assert f"hosting (“{'x' * 80}…”): Kies in huis" in sentences[0]
    assert "hosting (“hal f”): Kies in huis" in sentences[1]
