from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import OutputsError
from pipeline.publishing.durable import UNFINISHED
from pipeline.publishing.locking import LOCK
from pipeline.publishing.manifest import COPY, JOURNAL, MANIFEST
from pipeline.publishing.outputs import Outputs
from pipeline.publishing.seen import FILE as SEEN
from tests.conftest import within


def made(folder: Path, **files: str) -> None:
    with Outputs(folder) as outputs:
        for name, text in files.items():
            outputs.write(f"{name}.txt", [text.encode()])


def visible(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
    }


def test_the_folder_holds_what_the_last_run_made(tmp_path: Path) -> None:
    made(tmp_path / "out", a="1", b="2")
    made(tmp_path / "out", b="3", c="4")
    assert visible(tmp_path / "out") == {"b.txt", "c.txt"}
    assert (tmp_path / "out" / "b.txt").read_text() == "3"
    assert sorted(json.loads((tmp_path / "out" / MANIFEST).read_bytes())["files"]) == ["b.txt", "c.txt"]


def test_a_file_that_no_run_made_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    made(tmp_path, a="1")
    made(tmp_path, b="1")
    assert visible(tmp_path) == {"notes.txt", "b.txt"}


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    made(tmp_path, a="1", b="2")
    with pytest.raises(OutputsError), Outputs(tmp_path) as outputs:
        outputs.write("../c.txt", [b"new"])
    assert visible(tmp_path) == {"a.txt", "b.txt"}
    made(tmp_path, b="3")
    assert visible(tmp_path) == {"b.txt"}


def test_what_a_crash_left_half_written_is_cleared(tmp_path: Path) -> None:
    (tmp_path / UNFINISHED / "run").mkdir(parents=True)
    (tmp_path / UNFINISHED / "run" / "a.txt").write_text("hal")
    made(tmp_path, b="1")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", COPY, MANIFEST, SEEN, "b.txt"]


def test_a_write_that_cannot_be_finished_leaves_the_old_file(tmp_path: Path) -> None:
    made(tmp_path, a="old")
    with Outputs(tmp_path) as outputs:
        outputs.unfinished.rmdir()
        with pytest.raises(OutputsError, match=r"a\.txt: cannot be written"):
            outputs.write("a.txt", [b"new"])
        assert outputs.is_current("a.txt", "")
    assert (tmp_path / "a.txt").read_text() == "old"


def test_only_what_was_made_from_the_same_is_current(tmp_path: Path) -> None:
    with Outputs(tmp_path) as outputs:
        outputs.write("a.txt", [b"1"], "from x")
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
            outputs.write("a.txt", [b"1"])
        assert outputs.places.kept_aside == {"a.txt": f"a.gewijzigd-{number}.txt"}
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
        outputs.write("a.txt", [b"2"])
        outputs.write("b.txt", [b"2"])
    assert outputs.places.left == {"a.txt": "Access is denied"}
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
        outputs.write("a.txt", [b"2"], "from x")
        raise RuntimeError("the end of a run that fails")
    with Outputs(tmp_path) as outputs:
        assert outputs.is_current("a.txt", "from x")


def test_what_was_made_before_a_failure_is_known_to_be_ours(tmp_path: Path) -> None:
    made(tmp_path, a="1")
    with suppress(OutputsError), Outputs(tmp_path) as outputs:
        outputs.write("a.txt", [b"2"], "from x")
        outputs.write("../b.txt", [b"2"])
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(b'["a.txt", "cut sh')
    with Outputs(tmp_path) as outputs:
        assert outputs.is_current("a.txt", "from x")
        outputs.write("a.txt", [b"3"])
    assert (outputs.places.kept_aside, visible(tmp_path)) == ({}, {"a.txt"})
    assert not (tmp_path / JOURNAL).exists()


def test_a_second_run_is_refused_while_one_is_writing(tmp_path: Path) -> None:
    with Outputs(tmp_path), pytest.raises(OutputsError, match="another run is writing here"), Outputs(tmp_path):
        pass
    made(tmp_path, a="1")


def test_what_keeps_a_run_from_beginning_is_said_also_when_the_lock_cannot_be_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fcntl.flock

    def failing(descriptor: int, operation: int) -> None:
        real(descriptor, operation)
        if operation == fcntl.LOCK_UN:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    (tmp_path / UNFINISHED).write_text("mine")
    monkeypatch.setattr(fcntl, "flock", failing)
    with pytest.raises(OutputsError, match=f"{UNFINISHED}: is no folder"):
        made(tmp_path, a="1")


def test_a_place_where_no_folder_can_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputsError, match="cannot be written"):
        made(tmp_path / "file", a="1")


def test_nothing_is_written_or_removed_outside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(OutputsError, match="outside"), Outputs(folder) as outputs:
        outputs.write("../precious.txt", [b"gone"])
    (folder / MANIFEST).write_text('{"../precious.txt": {"sha256": "", "fingerprint": ""}}')
    made(folder, b="1")
    assert (tmp_path / "precious.txt").read_text() == "mine"


@pytest.mark.parametrize("damage", ["", "{", "[]", "null"])
def test_a_damaged_manifest_does_not_stop_a_run(tmp_path: Path, damage: str) -> None:
    (tmp_path / MANIFEST).write_text(damage)
    made(tmp_path, a="1")
    assert visible(tmp_path) == {"a.txt"}


# --- What is no plain file --------------------------------------------------------------------------------------------


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a device")
    os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero, which never ends


def link(path: Path) -> None:
    precious(path).write_text("mine")
    path.symlink_to(precious(path))


def link_to_nothing(path: Path) -> None:
    path.symlink_to(path.parent.parent / "nothing")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def plug(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket is short
        try:
            one.bind(path.name)
        finally:
            os.chdir(here)


def folder(path: Path) -> None:
    path.mkdir()
    (path / "inside.txt").write_text("mine")


def precious(path: Path) -> Path:
    return path.parent.parent / "precious.txt"


ODD = [pipe, device, link, link_to_nothing, link_to_itself, plug, folder]


@pytest.mark.parametrize("put", ODD)
@pytest.mark.parametrize("name", [MANIFEST, COPY, JOURNAL, LOCK, UNFINISHED])
def test_no_plain_file_where_a_run_keeps_its_own_is_a_sentence_and_nothing_is_made(
    tmp_path: Path, name: str, put: Callable[[Path], None]
) -> None:
    if (name, put) == (UNFINISHED, folder):
        return  # a folder is what belongs there
    out = tmp_path / "out"
    made(out, a="1")
    (out / name).unlink(missing_ok=True)
    put(out / name)
    with within(10), pytest.raises(OutputsError, match=f"{name}: is .*move it away"):
        made(out, a="2")
    assert (out / "a.txt").read_text() == "1"
    assert not precious(out / name).exists() or precious(out / name).read_text() == "mine"
    if put is folder:
        (out / name / "inside.txt").unlink()
        (out / name).rmdir()
    else:
        (out / name).unlink()
    made(out, a="2")
    assert (out / "a.txt").read_text() == "2"


@pytest.mark.parametrize("put", ODD)
def test_no_plain_file_in_the_place_of_a_document_is_kept_aside(tmp_path: Path, put: Callable[[Path], None]) -> None:
    out = tmp_path / "out"
    made(out, a="1")
    (out / "a.txt").unlink()
    put(out / "a.txt")
    before = (out / "a.txt").lstat()
    with within(10), Outputs(out) as outputs:
        assert not outputs.is_current("a.txt", "")
        outputs.write("a.txt", [b"1"])
    assert outputs.places.kept_aside == {"a.txt": "a.gewijzigd-1.txt"}
    assert (out / "a.gewijzigd-1.txt").lstat().st_ino == before.st_ino
    assert (out / "a.txt").read_text() == "1"
    assert not (out / "a.txt").is_symlink()
    assert put is not link or precious(out / "a.txt").read_text() == "mine"


@pytest.mark.parametrize("put", ODD)
def test_no_plain_file_in_the_place_of_a_document_that_does_not_belong_any_more_stays(
    tmp_path: Path, put: Callable[[Path], None]
) -> None:
    out = tmp_path / "out"
    made(out, a="1")
    (out / "a.txt").unlink()
    put(out / "a.txt")
    before = (out / "a.txt").lstat()
    with within(10):
        made(out, b="1")
    assert (out / "a.txt").lstat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "name", ["a.txt/b", "loop/b", "notes/b/c", "x" * 300, "a\0b", "..", "../a", "/etc/passwd", ".", "\ud800"]
)
@pytest.mark.parametrize("where", [JOURNAL, MANIFEST])
def test_names_that_no_file_of_ours_can_have_are_passed_over(tmp_path: Path, where: str, name: str) -> None:
    made(tmp_path, a="1")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "notes").write_text("mine")
    if where == JOURNAL:
        (tmp_path / JOURNAL).write_text(json.dumps([name, "b", "c"]) + "\n")
    else:
        (tmp_path / COPY).unlink()
        (tmp_path / MANIFEST).write_text(json.dumps({name: {"sha256": "b", "fingerprint": "c"}}))
    with within(10):
        made(tmp_path, b="2")
    assert (tmp_path / "b.txt").read_text() == "2"
    assert (tmp_path / "notes").read_text() == "mine"


# --- What a disk or a machine that stopped left -----------------------------------------------------------------------


def workbook(text: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr(zipfile.ZipInfo("sheet.xml"), text * 500)  # of no moment, so that it has the same bytes later
    return data.getvalue()


@pytest.mark.parametrize("new", ["the same", "another"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"\0" * len(data),
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data[:600] + b"\0" * (len(data) - 600),
    ],
    ids=["empty", "zeros", "half", "but for a byte", "zeros from somewhere"],
)
@pytest.mark.parametrize("content", [workbook, lambda text: text.encode() * 500], ids=["workbook", "text"])
def test_a_file_that_is_empty_or_broken_off_is_made_again_and_is_nobodys_change(
    tmp_path: Path, content: Callable[[str], bytes], damage: Callable[[bytes], bytes], new: str
) -> None:
    with Outputs(tmp_path) as outputs:
        outputs.write("a", [content("the same")])
    hurt = damage(content("the same"))
    (tmp_path / "a").write_bytes(hurt)
    with Outputs(tmp_path) as outputs:
        assert not outputs.is_current("a", "")
        outputs.write("a", [content(new)])
    assert (tmp_path / "a").read_bytes() == content(new)
    if hurt.strip(b"\0") and not hurt.startswith(b"PK") and new == "another":
        assert outputs.places.kept_aside  # a text that breaks off may be what somebody made of it
    else:
        assert (outputs.places.damaged, outputs.places.kept_aside) == (["a"], {})


def test_a_damaged_file_that_does_not_belong_any_more_is_removed(tmp_path: Path) -> None:
    made(tmp_path, a="1")
    (tmp_path / "a.txt").write_bytes(b"")
    made(tmp_path, b="1")
    assert visible(tmp_path) == {"b.txt"}


@pytest.mark.parametrize("change", [b"mine", b"1 and more", b"PK, I wrote"])
def test_what_somebody_wrote_is_never_taken_for_damage(tmp_path: Path, change: bytes) -> None:
    made(tmp_path, a="1")
    (tmp_path / "a.txt").write_bytes(change)
    made(tmp_path, a="1")
    assert (tmp_path / "a.gewijzigd-1.txt").read_bytes() == change
