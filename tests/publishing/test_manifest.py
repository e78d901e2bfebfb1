from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import OutputsError
from pipeline.publishing.manifest import COPY, JOURNAL, MANIFEST, Delivered, Manifest, read_manifest
from pipeline.publishing.outputs import Outputs
from tests.publishing.runs import anyone


def made(folder: Path, text: str, **more: Delivered) -> Outputs:
    with Outputs(folder) as outputs:
        outputs.deliveries, outputs.last_kept = more, 3
        outputs.write("a.txt", [text.encode()], "from x")
    return outputs


def flipped(data: bytes) -> bytes:
    """With another digit in the checksum of a file, which is JSON still."""
    place = data.index(b'"sha256":"') + 20
    return data[:place] + (b"0" if data[place] != ord("0") else b"1") + data[place + 1 :]


DAMAGE: list[Callable[[bytes], bytes]] = [
    lambda data: b"",
    lambda data: b"\0" * len(data),
    lambda data: data[: len(data) // 2],
    lambda data: b"{}",
    lambda data: b"[" * 100_000,
    lambda data: b'{"version": 3}',
    lambda data: b'{"version": "later"}',
    flipped,
]


def test_the_manifest_tells_the_next_run_what_the_last_one_left(tmp_path: Path) -> None:
    made(tmp_path, "1", **{"b.csv": Delivered(2, ("GM0355", "GM0503"))})
    former = read_manifest(tmp_path)
    assert former.deliveries == {"b.csv": Delivered(2, ("GM0355", "GM0503"))}
    assert (list(former.files), former.last_kept, former.lost) == (["a.txt"], 3, False)
    assert (tmp_path / MANIFEST).read_bytes() == (tmp_path / COPY).read_bytes() == former.as_bytes()


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", [MANIFEST, COPY])
def test_of_a_damaged_manifest_the_copy_tells_the_same_and_nothing_of_ours_is_taken_for_anothers(
    tmp_path: Path, name: str, damage: Callable[[bytes], bytes]
) -> None:
    made(tmp_path, "1")
    whole = (tmp_path / MANIFEST).read_bytes()
    (tmp_path / name).write_bytes(damage(whole))
    again = made(tmp_path, "2")
    assert (again.former.lost, again.places.kept_aside) == (False, {})
    assert read_manifest(tmp_path).files["a.txt"].fingerprint == "from x"
    assert (tmp_path / MANIFEST).read_bytes() == (tmp_path / COPY).read_bytes()


@pytest.mark.parametrize("damage", DAMAGE)
def test_when_the_copy_is_damaged_too_the_run_goes_on_and_says_so(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    made(tmp_path, "1")
    for name in (MANIFEST, COPY):
        (tmp_path / name).write_bytes(damage((tmp_path / name).read_bytes()))
    assert made(tmp_path, "1").former.lost
    assert not made(tmp_path, "1").former.lost


@pytest.mark.parametrize("name", [MANIFEST, COPY, JOURNAL])
def test_a_manifest_that_cannot_be_read_stops_the_run_before_anything_is_written(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    made(folder, "1")
    (folder / JOURNAL).write_bytes(b"")
    (folder / name).chmod(0)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    with anyone(), pytest.raises(OutputsError, match=rf"{name}: cannot be read \(Permission denied\)"):
        made(folder, "2")
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    (folder / name).chmod(0o600)
    assert made(folder, "2").places.kept_aside == {}


def test_a_manifest_of_the_first_version_is_read(tmp_path: Path) -> None:
    made(tmp_path, "1")
    first = json.loads((tmp_path / MANIFEST).read_bytes())["files"]
    (tmp_path / MANIFEST).write_text(json.dumps(first))
    (tmp_path / COPY).unlink()
    assert made(tmp_path, "2").places.kept_aside == {}


def test_a_manifest_of_a_later_version_stops_the_run(tmp_path: Path) -> None:
    made(tmp_path, "1")
    (tmp_path / MANIFEST).write_text(json.dumps({"version": 4, "other": []}))
    with pytest.raises(OutputsError, match="was written by a later version"):
        made(tmp_path, "2")
    assert (tmp_path / "a.txt").read_text() == "1"


def test_an_empty_folder_has_no_manifest_and_has_lost_none(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == Manifest()
