"""What is left of a run when the power goes: what the disk has, and nothing that only the memory had.

The one test takes the disk away from under a run: an ext4 image that is copied while it is mounted holds what the disk
had at that moment, and nothing else. It needs the right to mount. The other follows the calls of a run and needs no
right at all: what is not asked of the disk in this order is not sure to be there.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.publishing.seen import FILE as SEEN
from tests.publishing.runs import SAVINGS, deliver, files, finish, start

pytestmark = pytest.mark.thorough


MOMENTS = 15
"""At how many moments of a run the power goes."""


# --- The disk itself --------------------------------------------------------------------------------------------------


class Disk:
    """An ext4 file system in a file, mounted while it is used."""

    def __init__(self, image: Path, at: Path) -> None:
        self.image, self.at = image, at

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        self.at.mkdir(exist_ok=True)
        subprocess.run(["mount", "-o", "loop", self.image, self.at], check=True)
        try:
            yield self.at
        finally:
            subprocess.run(["umount", self.at], check=True)

    def as_it_is(self, copy: Path) -> Disk:
        """The disk as it would be found if the power went now: copied until nothing moved meanwhile."""
        shutil.copyfile(self.image, copy)
        while not filecmp.cmp(self.image, copy, shallow=False):
            shutil.copyfile(self.image, copy)
        filecmp.clear_cache()
        return Disk(copy, self.at.with_name("found"))


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    image = tmp_path / "disk.img"
    with image.open("wb") as file:
        file.truncate(32 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    disk = Disk(image, tmp_path / "disk")
    disk.at.mkdir()
    tried = subprocess.run(["mount", "-o", "loop", image, disk.at], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"nothing may be mounted here, so that only the order of calls is tested ({tried.stderr.strip()})")
    subprocess.run(["umount", disk.at], check=True)
    return disk


def check_whole(outputs: Path) -> None:
    """Each file of the manifest is there, with the checksum that it says."""
    listed = json.loads((outputs / ".manifest.json").read_bytes())["files"]
    assert len(listed) > 60
    for name, file in listed.items():
        assert hashlib.sha256((outputs / name).read_bytes()).hexdigest() == file["sha256"], name


def test_a_run_that_ended_is_on_the_disk_when_the_power_goes(disk: Disk, inputs: Path, tmp_path: Path) -> None:
    with disk.mounted() as folder:
        older = finish(inputs, folder / "outputs")
        found = disk.as_it_is(tmp_path / "1.img")
        with found.mounted() as there:
            assert files(there / "outputs") == older
            check_whole(there / "outputs")
        deliver(inputs, "alternatief")
        newer = finish(inputs, folder / "outputs")
        found = disk.as_it_is(tmp_path / "2.img")
        with found.mounted() as there:
            assert files(there / "outputs") == newer
            check_whole(there / "outputs")
            assert any(name.startswith("historie/0001-") for name in newer)
            assert finish(inputs, there / "outputs") == newer


def test_a_run_whose_power_goes_leaves_whole_files_and_the_next_one_finishes_it(
    disk: Disk, inputs: Path, tmp_path: Path
) -> None:
    with disk.mounted() as folder:
        older = finish(inputs, folder / "outputs")
        shutil.copytree(folder / "outputs", tmp_path / "undisturbed")
        deliver(inputs, "alternatief")
        began = time.monotonic()
        undisturbed = finish(inputs, tmp_path / "undisturbed")
        length = time.monotonic() - began
        run = start(inputs, folder / "outputs", "--workers", "2")
        found = []
        for number in range(MOMENTS):
            time.sleep(length / MOMENTS)
            os.killpg(run.pid, signal.SIGSTOP)  # while the disk is copied
            found.append(disk.as_it_is(tmp_path / f"{number}.img"))
            os.killpg(run.pid, signal.SIGCONT)
        run.communicate(timeout=60)
    cut_short = 0
    for one in found:
        with one.mounted() as there:
            left = files(there / "outputs")
            cut_short += left not in (older, undisturbed)
            for name, data in left.items():
                assert data in (older.get(name), undisturbed.get(name)), name
            assert older["kostenindicaties.json"] in (
                left["kostenindicaties.json"],
                *(subprocess.check_output(["gzip", "-dc"], input=left[name]) for name in left if "historie/" in name),
            )
            assert finish(inputs, there / "outputs") == undisturbed
        one.image.unlink()
    assert cut_short, "the power never went half-way"


# --- The order of calls -----------------------------------------------------------------------------------------------

Call = tuple[str, list[str]]
"""A call that succeeded: its name, and the paths that it was about."""

_TRACED = "fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat"


def calls(trace: Path, folder: Path) -> list[Call]:
    """The calls about a folder, in the order in which they ended, whichever process made them."""
    found = []
    begun: dict[str, str] = {}
    for line in trace.read_text().splitlines():
        process, _, text = line.partition(" ")
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            begun[process] = text.removesuffix("<unfinished ...>")
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
            text = begun.pop(process) + resumed[1]
        if call := re.match(r"(\w+)\((.*)\)\s+= 0$", text):
            paths = re.findall(rf'[<"]({re.escape(str(folder))}[^>"]*)[>"]', call[2])
            if paths:
                found.append((call[1], [path.removeprefix(f"{folder}/") for path in paths]))
    return found


def traced(inputs: Path, outputs: Path, trace: Path) -> list[Call]:
    """The calls of a run that goes well."""
    command = [sys.executable, "-c", "from pipeline.cli import main; main(prog_name='kostenindicatie')", "report"]
    where: list[str | Path] = ["--inputs", inputs, "--outputs", outputs, "--workers", "2"]
    strace: list[str | Path] = ["strace", "-f", "-y", "-qq", "-s", "4096", "-e", f"trace={_TRACED}", "-o", trace]
    done = subprocess.run([*strace, *command, *where], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return calls(trace, outputs)


def check_order(done: list[Call], outputs: Path) -> None:
    """That the disk was asked for everything before something else rested on it."""
    on_disk: set[str] = set()
    touched: dict[str, int] = {}
    placed: dict[str, int] = {}
    for number, (name, paths) in enumerate(done):
        if paths[-1] == SEEN:  # what may be lost need not be waited for
            assert number > max(placed.values()), "what was seen is written last"
            continue
        if paths[-1] in SAVINGS:
            continue
        if name in ("fsync", "fdatasync"):
            on_disk.add(paths[0])
            if touched.pop(paths[0], None) is not None:
                continue
        elif name.startswith("rename"):
            source, target = paths
            assert source in on_disk, f"{target} was placed before the disk had it"
            folder = target.rpartition("/")[0] or str(outputs)
            if not target.startswith("."):
                assert ".journal" in on_disk, f"{target} was placed before it was noted"
            if target in (".manifest.copy.json", ".manifest.json"):
                assert not touched, f"the manifest was placed before the disk had the names in {sorted(touched)}"
            if target == "kostenindicaties.json" and any(one.startswith("historie/") for one in placed):
                assert "historie" not in touched
            touched[folder] = number
            placed[target] = number
        elif name.startswith("unlink") and paths[-1] == ".journal":
            assert ".manifest.json" in placed
            assert not touched, "the journal was removed before the disk had the manifest"
        elif name.startswith("unlink") and not paths[-1].startswith("."):
            assert set(touched) <= {paths[-1].rpartition("/")[0]}, f"{paths[-1]} was removed too early"
            touched[paths[-1].rpartition("/")[0]] = number
    assert list(placed)[-2:] == [".manifest.copy.json", ".manifest.json"]


def test_the_disk_has_each_file_before_its_name_and_all_names_before_the_manifest(inputs: Path, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    first = traced(inputs, outputs, tmp_path / "first")
    assert sum(name.startswith("rename") for name, _ in first) > 70
    check_order(first, outputs)
    deliver(inputs, "alternatief")
    second = traced(inputs, outputs, tmp_path / "second")
    check_order(second, outputs)
    placed = [paths[-1] for name, paths in second if name.startswith("rename")]
    (kept,) = (name for name in placed if name.startswith("historie/"))
    assert placed.index(kept) < placed.index("kostenindicaties.json")
    made = [(name, paths[0]) for name, paths in second if name in ("fsync", "mkdir")]
    assert made.index(("mkdir", "historie")) < made.index(("fsync", "historie")) < len(made)
