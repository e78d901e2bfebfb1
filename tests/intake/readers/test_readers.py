"""A reader of deliveries is a function and its line in the list: everything behind it is the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.intake import Limits, Severity, readers
from pipeline.intake.fields.columns import Columns
from pipeline.intake.readers.dialect import Row, Table
from pipeline.model.choices import Guidance, Hosting
from pipeline.run import check
from tests.conftest import REFERENCE


def read_json(data: bytes, _columns: Columns, _limits: Limits) -> Table:
    """Rows as somebody's form might deliver them: a list of lists, the header first."""
    return Table(";", (Row(number, tuple(fields)) for number, fields in enumerate(json.loads(data), 1)))


def test_a_reader_in_the_list_reads_the_deliveries_whose_names_end_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = ["gemeente", "begeleiding", "hosting", "bijdrage"]
    rows = [header, ["Delft", "extern", "SaaS", "geen"], ["Zeist", "anders", "saas", "geen"]]
    (tmp_path / "a.csv").write_text("gemeente;begeleiding;hosting;bijdrage\nDelft;zelf;hybride;geen\n")
    (tmp_path / "b.JSON").write_text(json.dumps(rows))
    without = check(tmp_path, REFERENCE, Limits(), date(2026, 1, 1))
    assert [finding.code for finding in without.findings] == ["geen_csv"]

    monkeypatch.setitem(readers.READERS, ".json", read_json)
    intake = check(tmp_path, REFERENCE, Limits(), date(2026, 1, 1))
    (delft,) = intake.choices
    assert (delft.guidance, delft.hosting, delft.origin.file) == (Guidance.EXTERNAL, Hosting.SAAS, "b.JSON")
    (finding,) = intake.findings
    assert (finding.severity, finding.file, finding.line, finding.column) == (
        Severity.ERROR,
        "b.JSON",
        3,
        "begeleiding",
    )
