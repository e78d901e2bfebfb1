"""Whatever is dropped, `kostenindicatie check` ends with 0 or 3 and writes nothing.

The quick one looks at some dozens of folders; the thorough one at thousands, about a minute long.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pipeline.cli import main
from tests.conftest import REFERENCE, ROOT
from tests.intake.readers.test_any_dialect import BYTES

SCHEMA = json.loads((ROOT / "pipeline" / "results" / "kostenindicaties.schema.json").read_bytes())
NAMES = st.sampled_from(["a", "zeist 2026", "=cmd", "-v", "..", "CON", "ë", "x" * 200, "a\nb", "a\u202eb", "'s"])


FILES = st.dictionaries(NAMES, BYTES, max_size=3)
OPTIONS = st.sampled_from([["--format", "json"], ["--verbose"], []])


@settings(max_examples=60, deadline=None)
@given(FILES, OPTIONS)
def test_whatever_is_dropped_check_ends_well_and_writes_nothing(files: dict[str, bytes], more: list[str]) -> None:
    check(files, more)


@pytest.mark.thorough
@settings(max_examples=5_000, deadline=None)
@given(FILES, OPTIONS)
def test_a_minute_of_anything_that_is_dropped(files: dict[str, bytes], more: list[str]) -> None:
    check(files, more)


@settings(max_examples=4, deadline=None)
@given(FILES)
def test_whatever_is_dropped_a_report_ends_well_and_its_rejected_rows_can_come_back(files: dict[str, bytes]) -> None:
    report(files)


@pytest.mark.thorough
@settings(max_examples=150, deadline=None)
@given(FILES)
def test_many_reports_on_anything_that_is_dropped(files: dict[str, bytes]) -> None:
    report(files)


def report(files: dict[str, bytes]) -> None:
    """Make a report, drop what it rejected back in, and make it again."""
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = Path(folder, "inputs"), Path(folder, "outputs")
        inputs.mkdir()
        for name, data in files.items():
            (inputs / f"{name}.csv").write_bytes(data)
        where = ["--inputs", str(inputs), "--outputs", str(outputs), "--reference", str(REFERENCE)]
        rejected: list[int] = []
        for _ in range(2):
            result = CliRunner().invoke(main, ["report", *where, "--workers", "1", "--date", "2026-01-01"])
            assert result.exit_code in (0, 3), result.output
            assert isinstance(result.exception, SystemExit | None)
            assert (result.exit_code == 3) == (outputs / "afgekeurd.csv").exists()
            document = json.loads((outputs / "kostenindicaties.json").read_bytes())
            assert list(Draft202012Validator(SCHEMA).iter_errors(document)) == []
            rejected.append(len(document["rejected"]))
            if result.exit_code == 0:
                break
            (inputs / "afgekeurd.csv").write_bytes((outputs / "afgekeurd.csv").read_bytes())
        assert {path.name for path in Path(folder).iterdir()} == {"inputs", "outputs"}
        # A row that came back takes the place of the one it stands for, unless two rows claim the same.
        assert len(set(rejected)) <= 1


def check(files: dict[str, bytes], more: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, f"{name}.csv").write_bytes(data)
        result = CliRunner().invoke(main, ["check", "--inputs", folder, "--reference", str(REFERENCE), *more])
        assert result.exit_code in (0, 3), result.output
        assert isinstance(result.exception, SystemExit | None)
        assert {path.name: path.read_bytes() for path in Path(folder).iterdir()} == {
            f"{name}.csv": data for name, data in files.items()
        }
        if "json" in more:
            found = json.loads(result.stdout)["findings"]
            assert (result.exit_code == 3) == any(finding["severity"] == "error" for finding in found)
