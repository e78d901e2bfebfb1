"""What tests of what goes out share: results of a few municipalities."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT

DAY = date(2026, 1, 1)
DELIVERED = (
    "gemeente;begeleiding;hosting;bijdrage;herkomst;bijdrage_toelichting\n"
    "Zeist;extern;saas;financieel;;\n"
    "Delft;zelf;in huis;alternatief;;Wij vertalen de handleiding\n"
    "Amsterdam;extern;saas;financieel;voorbeeld;\n"
)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run makes of three municipalities, of which one is only illustrated; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "inputs").mkdir()
    (folder / "inputs" / "a.csv").write_text(DELIVERED, encoding="utf-8")
    report(Settings(folder / "inputs", folder / "outputs", REFERENCE, ROOT / "templates", DAY, workers=1))
    return folder / "outputs"
