"""Real files on disk: write a delivery, read the folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.intake import Intake, read_deliveries
from pipeline.reference.register import Register

Reader = Callable[..., Intake]


@pytest.fixture
def read(tmp_path: Path, register: Register) -> Reader:
    """Read deliveries given as texts or bytes by file name: `read(a="gemeente;...")` is a.csv."""

    def reader(**files: str | bytes) -> Intake:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"{name}.csv").write_bytes(data)
        return read_deliveries(tmp_path, register)

    return reader
