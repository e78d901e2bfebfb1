from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import OutputsError
from pipeline.outputs import JOURNAL, MANIFEST, UNFINISHED, Outputs


def made(folder: Path, **files: str) -> None:
    with Outputs(folder) as outputs:
        for name, text in files.items():
            outputs.write(f"{name}.txt", text.encode())


def visible(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
    }


def test_the_folder_holds_what_the_last_run_made(tmp_path: Path) -> None:
    made(tmp_path / "out", a="1", b="2")
    made(tmp_path / "out", b="3", c="4")
    assert visible(tmp_path / "out") == {"b.txt", "c.txt"}
    assert (tmp_path / "out" / "b.txt").read_text() == "3"
    assert sorted(json.loads((tmp_path / "out" / MANIFEST).read_bytes())) == ["b.txt", "c.txt"]


def test_a_file_that_no_run_made_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    made(tmp_path, a="1")
    made(tmp_path, b="1")
    assert visible(tmp_path) == {"notes.txt", "b.txt"}


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    made(tmp_path, a="1", b="2")
    with pytest.raises(OutputsError), Outputs(tmp_path) as outputs:
        outputs.write("../c.txt", b"new")
    assert visible(tmp_path) == {"a.txt", "b.txt"}
    made(tmp_path, b="3")
    assert visible(tmp_path) == {"b.txt"}


def test_what_a_crash_left_half_written_is_cleared(tmp_path: Path) -> None:
    (tmp_path / UNFINISHED / "run").mkdir(parents=True)
    (tmp_path / UNFINISHED / "run" / "a.txt").write_text("hal")
    made(tmp_path, b="1")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", MANIFEST, "b.txt"]


def test_a_write_that_cannot_be_finished_leaves_the_old_file(tmp_path: Path) -> None:
    made(tmp_path, a="old")
    with Outputs(tmp_path) as outputs:
        outputs.unfinished.rmdir()
        with pytest.raises(OutputsError, match=r"a\.txt: cannot be written"):
            outputs.write("a.txt", b"new")
        assert outputs.is_current("a.txt", "")
    assert (tmp_path / "a.txt").read_text() == "old"


def test_only_what_was_made_from_the_same_is_current(tmp_path: Path) -> None:
    with Outputs(tmp_path) as outputs:
        outputs.write("a.txt", b"1", "from x")
    with Outputs(tmp_path) as outputs:
        assert outputs.is_current("a.txt", "from x")
        assert not outputs.is_current("a.txt", "from y")
        assert not outputs.is_current("b.txt", "from x")
    assert visible(tmp_path) == {"a.txt"}


def test_a_file_that_somebody_changed_is_kept_aside(tmp_path: Path) -> None:
    made(tmp_path, a="1")
    for number in (1, 2):
        (tmp_path / "a.txt").write_text(f"mine {number}")
        with Outputs(tmp_path) as outputs:
            assert not outputs.is_current("a.txt", "")
            outputs.write("a.txt", b"1")
        assert outputs.kept_aside == {"a.txt": f"a.gewijzigd-{number}.txt"}
        assert (tmp_path / f"a.gewijzigd-{number}.txt").read_text() == f"mine {number}"
    assert visible(tmp_path) == {"a.txt", "a.gewijzigd-1.txt", "a.gewijzigd-2.txt"}
    assert (tmp_path / "a.txt").read_text() == "1"


def test_a_file_that_somebody_changed_is_kept_aside_when_it_does_not_belong_any_more(tmp_path: Path) -> None:
    made(tmp_path, a="1", b="1")
    (tmp_path / "a.txt").write_text("mine")
    made(tmp_path, c="1")
    assert visible(tmp_path) == {"a.gewijzigd-1.txt", "c.txt"}
    assert (tmp_path / "a.gewijzigd-1.txt").read_text() == "mine"


class InUse:
    """A folder in which a program has `a.txt` open: on Windows it can be read, and not renamed, replaced or removed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("rename", "replace", "unlink"):
            monkeypatch.setattr(Path, name, self.refusing(getattr(Path, name)))

    @staticmethod
    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def refuse(path: Path, *others: Any, **more: Any) -> Any:
            if "a.txt" in (path.name, *(Path(other).name for other in others)):
                raise PermissionError(13, "Access is denied", str(path))
            return real(path, *others, **more)

        return refuse


def test_a_file_that_was_changed_and_is_open_still_is_left_until_the_next_run(tmp_path: Path) -> None:
    made(tmp_path, a="1", b="1")
    (tmp_path / "a.txt").write_text("mine")
    with pytest.MonkeyPatch.context() as patch, Outputs(tmp_path) as outputs:
        InUse(patch)
        outputs.write("a.txt", b"2")
        outputs.write("b.txt", b"2")
    assert outputs.in_use == ["a.txt"]
    assert [(tmp_path / name).read_text() for name in ("a.txt", "b.txt")] == ["mine", "2"]
    made(tmp_path, a="2", b="2")
    assert visible(tmp_path) == {"a.txt", "a.gewijzigd-1.txt", "b.txt"}


def test_a_file_that_does_not_belong_any_more_and_is_open_is_removed_later(tmp_path: Path) -> None:
    made(tmp_path, a="1", b="1")
    with pytest.MonkeyPatch.context() as patch:
        InUse(patch)
        made(tmp_path, b="2")
    assert visible(tmp_path) == {"a.txt", "b.txt"}
    made(tmp_path, b="2")
    assert visible(tmp_path) == {"b.txt"}


@pytest.mark.parametrize(
    "damage",
    [
        *(b"null", b"123", b"[1, 2, 3]", b'["a.txt", ["x"], "y"]', b'["\\u0000", "b", "c"]', b'["", "b", "c"]'),
        *(b'["x", "b", "c"]', b'["../a", "b", "c"]', b"[" * 100_000, b"\xff\xfe"),
    ],
    ids=lambda damage: repr(damage[:20]),
)
def test_a_damaged_journal_or_manifest_stops_nothing(tmp_path: Path, damage: bytes) -> None:
    made(tmp_path, a="1")
    (tmp_path / "x").mkdir()
    (tmp_path / JOURNAL).write_bytes(damage + b"\n")
    made(tmp_path, a="2")
    (tmp_path / MANIFEST).write_bytes(damage)
    made(tmp_path, a="3")
    assert (tmp_path / "a.txt").read_text() == "3"


def test_what_a_cut_short_journal_notes_next_is_known(tmp_path: Path) -> None:
    made(tmp_path, a="1")
    (tmp_path / JOURNAL).write_bytes(b'["a.txt", "cut sh')
    with suppress(RuntimeError), Outputs(tmp_path) as outputs:
        outputs.write("a.txt", b"2", "from x")
        raise RuntimeError("the end of a run that fails")
    with Outputs(tmp_path) as outputs:
        assert outputs.is_current("a.txt", "from x")


def test_what_was_made_before_a_failure_is_known_to_be_ours(tmp_path: Path) -> None:
    made(tmp_path, a="1")
    with suppress(OutputsError), Outputs(tmp_path) as outputs:
        outputs.write("a.txt", b"2", "from x")
        outputs.write("../b.txt", b"2")
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b'["a.txt", "cut sh')
    with Outputs(tmp_path) as outputs:
        assert outputs.is_current("a.txt", "from x")
        outputs.write("a.txt", b"3")
    assert (outputs.kept_aside, visible(tmp_path)) == ({}, {"a.txt"})
    assert not (tmp_path / JOURNAL).exists()


def test_a_second_run_is_refused_while_one_is_writing(tmp_path: Path) -> None:
    with Outputs(tmp_path), pytest.raises(OutputsError, match="another run is writing here"), Outputs(tmp_path):
        pass
    made(tmp_path, a="1")


def test_a_place_where_no_folder_can_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputsError, match="cannot be written"):
        made(tmp_path / "file", a="1")


def test_nothing_is_written_or_removed_outside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(OutputsError, match="outside"), Outputs(folder) as outputs:
        outputs.write("../precious.txt", b"gone")
    (folder / MANIFEST).write_text('{"../precious.txt": {"sha256": "", "fingerprint": ""}}')
    made(folder, b="1")
    assert (tmp_path / "precious.txt").read_text() == "mine"


@pytest.mark.parametrize("damage", ["", "{", "[]", "null"])
def test_a_damaged_manifest_does_not_stop_a_run(tmp_path: Path, damage: str) -> None:
    (tmp_path / MANIFEST).write_text(damage)
    made(tmp_path, a="1")
    assert visible(tmp_path) == {"a.txt"}
