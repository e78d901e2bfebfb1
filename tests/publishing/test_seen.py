"""A file that keeps its size, time and inode is not read again; any other one is, and what is known may be lost."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path

import pytest

from pipeline.publishing import seen, standing
from pipeline.publishing.durable import open_plain
from pipeline.publishing.outputs import Outputs
from pipeline.publishing.seen import FILE, read_seen

FROM = "0" * 64


@pytest.fixture(autouse=True)
def no_file_is_too_young(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "YOUNG", -(10**12))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read to know what is in them."""
    names: list[str] = []

    def noted(path: Path) -> BufferedReader:
        names.append(path.name)
        return open_plain(path)

    monkeypatch.setattr(standing, "open_plain", noted)
    return names


def run(folder: Path, text: str = "some text") -> Outputs:
    with Outputs(folder) as outputs:
        if not outputs.is_current("a.txt", FROM):
            outputs.write("a.txt", [text.encode()], FROM)
    return outputs


def test_what_a_run_wrote_the_next_one_does_not_read(tmp_path: Path, opened: list[str]) -> None:
    for _ in range(3):
        run(tmp_path)
    assert opened == []


def rewritten(path: Path) -> None:
    path.write_text("other txt")


def renamed(path: Path) -> None:
    """With the size and the time of the one that it takes the place of."""
    status = path.stat()
    other = path.with_name("b.txt")
    other.write_text("other txt")
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


def longer(path: Path) -> None:
    status = path.stat()
    path.write_text("some more text")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", [rewritten, renamed, longer])
def test_a_file_that_somebody_changed_is_read_and_kept_aside(tmp_path: Path, change: Callable[[Path], None]) -> None:
    run(tmp_path)
    change(tmp_path / "a.txt")
    changed = (tmp_path / "a.txt").read_text()
    assert run(tmp_path).places.kept_aside == {"a.txt": "a.gewijzigd-1.txt"}
    assert (tmp_path / "a.gewijzigd-1.txt").read_text() == changed
    assert (tmp_path / "a.txt").read_text() == "some text"


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"a.txt", b"b.txt")),
        lambda path: path.write_bytes(hashlib.sha256(b"[1]").hexdigest().encode() + b"\n[1]"),
        lambda path: path.rename(path.with_name("b.txt")) and path.mkdir(),
    ],
)
def test_where_what_is_known_is_lost_files_are_read(
    tmp_path: Path, opened: list[str], damage: Callable[[Path], None]
) -> None:
    run(tmp_path)
    damage(tmp_path / FILE)
    assert list(read_seen(tmp_path)) == []
    assert run(tmp_path).places.kept_aside == {}
    assert opened == ["a.txt"]


def test_nothing_is_known_of_a_file_that_is_as_young_as_the_run(
    tmp_path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "YOUNG", 10**12)
    run(tmp_path)
    run(tmp_path)
    assert opened == ["a.txt"]
