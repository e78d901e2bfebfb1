"""What tests of whole runs share: a folder with deliveries, and what is made of it when nothing happens."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import HEADER, Files, deliver, files


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder with a delivery of many municipalities."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    deliver(folder, "financieel")
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run makes of `inputs` when nothing happens; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "inputs").mkdir()
    deliver(folder / "inputs", "financieel")
    outputs = folder / "outputs"
    report(Settings(folder / "inputs", outputs, REFERENCE, ROOT / "templates", date.today(), workers=1))
    return outputs


@pytest.fixture(scope="session")
def undisturbed(made: Path) -> Files:
    return files(made)


@pytest.fixture
def plain() -> Iterator[Settings]:
    """Settings in a folder that everyone may use, to be run by `anyone`; all that a run needs is loaded already."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "inputs").mkdir()
        (folder / "inputs" / "a.csv").write_text(HEADER + "Zeist;extern;saas;geen\nDelft;zelf;saas;geen\n")
        shutil.copytree(REFERENCE, folder / "reference")
        shutil.copytree(ROOT / "templates", folder / "templates")
        here = Settings(
            *(folder / "inputs", folder / "outputs", folder / "reference", folder / "templates"),
            date(2026, 1, 1),
            workers=1,
        )
        report(replace(here, outputs=folder / "loaded"))
        yield here
