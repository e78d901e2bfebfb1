"""Texts that stand ready but are not published, together in one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OutputsError
from pipeline.publishing.unfinished import store_together


def test_texts_that_stand_together_are_read_back_one_by_one(tmp_path: Path) -> None:
    texts = [b"een", b"", "twee €".encode(), b"x" * 300_000]
    stretches = store_together(tmp_path, "records.jsonl", texts)
    assert len(list(tmp_path.iterdir())) == 1
    assert [each.read() for each in reversed(stretches)] == texts[::-1]


def test_a_text_that_is_gone_is_an_error_of_our_own(tmp_path: Path) -> None:
    (stretch,) = store_together(tmp_path, "records.jsonl", [b"een"])
    stretch.path.unlink()
    with pytest.raises(OutputsError, match="cannot be read"):
        stretch.read()
