"""Texts that stand ready but are not published, together in one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OutputsError
from pipeline.publishing.unfinished import read_lines, store_lines


def test_texts_that_stand_together_are_read_back_in_their_order(tmp_path: Path) -> None:
    texts = [b"een", b"", "twee €".encode(), b"x" * 300_000], [b"drie"]
    files = [store_lines(tmp_path, "records.jsonl", some) for some in texts]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)
    assert [*read_lines(tmp_path, files)] == [text for some in texts for text in some]


def test_a_file_that_is_gone_is_an_error_of_our_own(tmp_path: Path) -> None:
    name = store_lines(tmp_path, "records.jsonl", [b"een"])
    (tmp_path / name).unlink()
    with pytest.raises(OutputsError, match="cannot be read"):
        next(read_lines(tmp_path, [name]))
