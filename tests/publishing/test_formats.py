"""A format of document is a module and its line in the list: the run, its workers and the manifest follow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.documents import formats
from pipeline.publishing.manifest import MANIFEST
from pipeline.run import RunReport, Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import HEADER, NAMES, files
from tests.publishing.totals_in_text import Totals

AMSTERDAM, DELFT = "Amsterdam;extern;saas;financieel\n", "Delft;zelf;saas;geen\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inputs").mkdir()
    return Settings(
        *(tmp_path / "inputs", tmp_path / "outputs", REFERENCE, ROOT / "templates"), date(2026, 1, 1), workers=1
    )


@pytest.fixture
def third() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMATS", (*formats.FORMATS, Totals))
        yield


def run(settings: Settings, *rows: str) -> RunReport:
    (settings.inputs / "a.csv").write_text(HEADER + "".join(rows))
    return report(settings)


def texts(settings: Settings) -> dict[str, str]:
    return {name: data.decode() for name, data in files(settings.outputs).items() if name.endswith(".txt")}


@pytest.mark.usefixtures("third")
def test_a_format_in_the_list_is_planned_made_published_left_alone_and_removed(settings: Settings) -> None:
    assert run(settings, AMSTERDAM, DELFT).made == 2
    # once 150 x 100; a year 40.000 and 10.000 to 20.000; five years 15.000 + 5 x 50.000 to 60.000
    assert texts(settings)["gemeenten/GM0363-amsterdam.txt"] == "Amsterdam: 265000 tot 315000\n"
    assert texts(settings)["totalen.txt"].startswith("Amsterdam: 265000\nDelft: ")
    assert set(texts(settings)) <= set(json.loads((settings.outputs / MANIFEST).read_bytes())["files"])
    page = (settings.outputs / "gemeenten" / "README.md").read_text().replace("\\", "")
    assert "[xlsx](GM0363-amsterdam.xlsx), [txt](GM0363-amsterdam.txt) |" in page

    before = {path: path.stat().st_mtime_ns for path in settings.outputs.rglob("*.txt")}
    done = run(settings, AMSTERDAM, DELFT)
    assert (done.made, done.unchanged) == (0, 2)
    assert {path: path.stat().st_mtime_ns for path in settings.outputs.rglob("*.txt")} == before

    text = settings.outputs / "gemeenten" / "GM0363-amsterdam.txt"
    text.write_text("mine")
    done = run(settings, AMSTERDAM, DELFT)
    assert (done.made, done.unchanged) == (1, 1)
    assert done.kept_aside == {"gemeenten/GM0363-amsterdam.txt": "gemeenten/GM0363-amsterdam.gewijzigd-1.txt"}
    assert text.read_text() == "Amsterdam: 265000 tot 315000\n"

    assert "gemeenten/GM0503-delft.txt" in run(settings, AMSTERDAM).removed
    assert texts(settings)["totalen.txt"] == "Amsterdam: 265000\n"


def test_a_format_that_leaves_the_list_takes_its_files_along_and_no_others(settings: Settings) -> None:
    run(settings, AMSTERDAM, DELFT)
    before = files(settings.outputs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMATS", (*formats.FORMATS, Totals))
        run(settings, AMSTERDAM, DELFT)
    assert texts(settings)
    done = run(settings, AMSTERDAM, DELFT)
    assert set(done.removed) == {"gemeenten/GM0363-amsterdam.txt", "gemeenten/GM0503-delft.txt", "totalen.txt"}
    assert files(settings.outputs) == before


@pytest.mark.usefixtures("third")
def test_a_format_is_made_by_worker_processes_too(settings: Settings) -> None:
    rows = [f"{name};extern;saas;geen\n" for name in NAMES]
    run(settings, *rows)
    alone = files(settings.outputs)
    run(replace(settings, outputs=settings.outputs.with_name("by workers"), workers=2), *rows)
    assert files(settings.outputs.with_name("by workers")) == alone
    assert len(texts(settings)) == len(NAMES) + 1
