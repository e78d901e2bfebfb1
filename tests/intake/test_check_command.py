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

from pipeline.cli import main
from tests.conftest import REFERENCE
from tests.intake.test_any_dialect import BYTES

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
