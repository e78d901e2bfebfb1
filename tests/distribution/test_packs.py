"""Packs hold what a run made and nothing else, can be checked, and are the same bytes wherever they are made."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from pipeline.distribution.gathering import pack
from pipeline.distribution.packing import Packed
from pipeline.errors import InputsError, OutputsError
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.distribution.conftest import DAY

TEMPLATES = ROOT / "templates"


def packed(outputs: Path, *municipalities: str, provinces: tuple[str, ...] = (), everything: bool = False) -> Packed:
    return pack(outputs, REFERENCE, TEMPLATES, municipalities, provinces, everything)


def packs(outputs: Path) -> list[str]:
    return sorted(path.name for path in (outputs / "pakketten").glob("*.zip"))


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {member.filename: archive.read(member) for member in archive.infolist()}


def test_without_names_each_municipality_gets_one(outputs: Path) -> None:
    done = packed(outputs)
    assert (done.made, done.unchanged, done.refused) == (3, 0, {})
    assert packs(outputs) == ["GM0355-zeist.zip", "GM0363-amsterdam.zip", "GM0503-delft.zip"]
    assert [*contents(outputs / "pakketten" / "GM0355-zeist.zip")] == [
        "LEESMIJ.txt",
        "SHA256SUMS",
        "gemeenten/GM0355-zeist.md",
        "gemeenten/GM0355-zeist.xlsx",
        "uitgangspunten.md",
    ]


def test_a_province_has_its_municipalities_and_no_others(outputs: Path) -> None:
    packed(outputs, provinces=("zuid holland", "Utrecht"))
    assert packs(outputs) == ["provincie-utrecht.zip", "provincie-zuid-holland.zip"]
    there = contents(outputs / "pakketten" / "provincie-zuid-holland.zip")
    assert {name for name in there if name.startswith("gemeenten/")} == {
        "gemeenten/GM0503-delft.md",
        "gemeenten/GM0503-delft.xlsx",
    }


def test_everything_is_all_that_a_run_made_but_for_rejected_rows(outputs: Path, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.csv").write_text("gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;geen\nDelft;zelf;sas;geen\n")
    report(Settings(inputs, outputs, REFERENCE, TEMPLATES, DAY, workers=1, allow_removals=True))
    packed(outputs, everything=True)
    assert packs(outputs) == ["alle-gemeenten.zip"]
    there = contents(outputs / "pakketten" / "alle-gemeenten.zip")
    for name in ("stuurgroep.xlsx", "stuurgroep.md", "kostenindicaties.json", "gemeenten/GM0355-zeist.xlsx"):
        assert there[name] == (outputs / name).read_bytes()
    assert (outputs / "afgekeurd.csv").exists()
    assert not [name for name in there if "afgekeurd" in name]
    assert any(name.startswith("historie/") for name in there)


@pytest.mark.parametrize("tool", [("unzip", "-q"), ("bsdtar", "-xf"), (sys.executable, "-m", "zipfile", "-e")])
def test_what_is_unpacked_can_be_checked(outputs: Path, tmp_path: Path, tool: tuple[str, ...]) -> None:
    if not shutil.which(tool[0]):
        pytest.skip(f"no {tool[0]}")
    packed(outputs, everything=True)
    unpacked = tmp_path / "uitgepakt"
    unpacked.mkdir()
    behind = ["."] if tool[0] == sys.executable else []
    subprocess.run([*tool, outputs / "pakketten" / "alle-gemeenten.zip", *behind], cwd=unpacked, check=True)
    check = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=unpacked, capture_output=True, text=True, check=False)
    files = [path for path in unpacked.rglob("*") if path.is_file()]
    assert (check.returncode, check.stderr, check.stdout.count(": OK\n")) == (0, "", len(files) - 1)
    with (unpacked / "stuurgroep.md").open("a") as file:
        file.write("x")
    assert subprocess.run(["sha256sum", "--status", "-c", "SHA256SUMS"], cwd=unpacked, check=False).returncode == 1


def test_who_gets_a_province_is_told_that_contacts_are_in_it(outputs: Path, tmp_path: Path) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.csv").write_text("gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;geen\nSoest;zelf;saas;geen\n")
    report(Settings(inputs, outputs, REFERENCE, TEMPLATES, DAY, workers=1, allow_removals=True))
    packed(outputs, provinces=("Utrecht",))
    text = contents(outputs / "pakketten" / "provincie-utrecht.zip")["LEESMIJ.txt"].decode("utf-8-sig")
    assert "LET OP: CONTACTPERSONEN\r\n" in text
    assert "Geef dit pakket daarom alleen aan wie dat mag zien." in text


def test_the_leaflet_is_dutch_that_notepad_shows(outputs: Path) -> None:
    packed(outputs, "Zeist", provinces=("Utrecht",), everything=True)
    for name, said in (
        ("GM0355-zeist.zip", "KOSTENINDICATIE SIGNALEN: Zeist\r\n"),
        ("provincie-utrecht.zip", "KOSTENINDICATIE SIGNALEN: provincie Utrecht\r\n"),
        ("alle-gemeenten.zip", "voor 3 gemeenten en voor de Stuurgroep"),
    ):
        data = contents(outputs / "pakketten" / name)["LEESMIJ.txt"]
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n")
        text = data.decode("utf-8-sig")
        assert said in text
        assert "22 juli 2024" in text
        assert ("kan een contactpersoon staan" in text) == (name != "GM0355-zeist.zip")
        assert "{" not in text


COMMAND = "import sys; from pipeline.__main__ import main; sys.argv[0] = 'kostenindicatie'; main()"


def run(outputs: Path, *arguments: str, umask: int = 0o022, **environment: str) -> subprocess.CompletedProcess[str]:
    folders = ("--outputs", str(outputs), "--reference", str(REFERENCE), "--templates", str(TEMPLATES))
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "pack", *folders, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_same_documents_give_the_same_bytes_wherever_and_whenever(results: Path, tmp_path: Path) -> None:
    made = []
    for place, (umask, zone, seed) in enumerate(((0o022, "Pacific/Auckland", "1"), (0o077, "America/Adak", "2"))):
        outputs = shutil.copytree(results, tmp_path / f"{place}", copy_function=shutil.copyfile)
        done = run(outputs, "Zeist", "--all", umask=umask, TZ=zone, PYTHONHASHSEED=seed)
        assert (done.returncode, done.stderr) == (0, "")
        made.append([(outputs / "pakketten" / name).read_bytes() for name in packs(outputs)])
    assert len(made[0]) == 2
    assert [hashlib.sha256(data).hexdigest() for data in made[0]] == [hashlib.sha256(d).hexdigest() for d in made[1]]


def test_nothing_of_the_machine_is_in_a_member(outputs: Path) -> None:
    packed(outputs, "Zeist")
    with zipfile.ZipFile(outputs / "pakketten" / "GM0355-zeist.zip") as archive:
        for member in archive.infolist():
            assert (member.date_time, member.create_system) == ((2024, 7, 22, 0, 0, 0), 3)
            assert (member.external_attr >> 16, member.extra) == (0o100644, b"")
            assert not member.flag_bits & 0x08, "the sizes stand before the data, so that it can be read in one go"


def test_a_pack_that_stands_there_is_left_and_the_folder_holds_what_was_asked(outputs: Path) -> None:
    packed(outputs, "Zeist", "GM0503")
    before = (outputs / "pakketten" / "GM0355-zeist.zip").stat().st_mtime_ns
    done = packed(outputs, "zeist", provinces=("Utrecht",))
    assert (done.made, done.unchanged, done.removed) == (1, 1, ("GM0503-delft.zip",))
    assert (outputs / "pakketten" / "GM0355-zeist.zip").stat().st_mtime_ns == before
    assert packs(outputs) == ["GM0355-zeist.zip", "provincie-utrecht.zip"]


def test_a_document_that_somebody_changed_is_in_no_pack(outputs: Path) -> None:
    packed(outputs)
    with (outputs / "gemeenten" / "GM0503-delft.md").open("a") as file:
        file.write("x")
    (outputs / "pakketten" / "GM0503-delft.zip").unlink()
    done = packed(outputs)
    assert (done.made, done.unchanged) == (0, 2)
    assert [*done.refused] == ["GM0503-delft.zip"]
    assert packs(outputs) == ["GM0355-zeist.zip", "GM0363-amsterdam.zip"]
    command = run(outputs)
    assert command.returncode == 3
    assert "GM0503-delft.zip" in command.stderr
    assert "GM0503-delft.md: was changed since it was made; run `make report` again." in command.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Utrecht",), "GM0344: no documents were made"),
        (("Ziest",), "'Ziest' is not a municipality"),
        (("--province", "Friesland"), "There are: Noord-Holland, Utrecht, Zuid-Holland"),
    ],
)
def test_who_is_not_there_is_said_in_a_sentence(outputs: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(outputs, *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (outputs / "pakketten").exists()


def test_without_results_there_is_nothing_to_pack(tmp_path: Path) -> None:
    with pytest.raises(OutputsError, match="run `make report` first"):
        packed(tmp_path)
    with pytest.raises(InputsError):
        packed(tmp_path, "Nergens")


@pytest.mark.thorough
def test_a_packer_that_is_killed_leaves_whole_packs_old_or_new(outputs: Path, tmp_path: Path) -> None:
    packed(outputs, everything=True)
    whole = {"old": (outputs / "pakketten" / "alle-gemeenten.zip").read_bytes()}
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "a.csv").write_text("gemeente;begeleiding;hosting;bijdrage\nZeist;zelf;saas;geen\n")
    report(Settings(inputs, outputs, REFERENCE, TEMPLATES, DAY, workers=1, allow_removals=True))
    dice, seen = random.Random(19), set()
    folders = ("--outputs", str(outputs), "--reference", str(REFERENCE), "--templates", str(TEMPLATES))
    command = [sys.executable, "-c", COMMAND, "pack", *folders, "--all"]
    for _ in range(25):
        shutil.rmtree(outputs / "pakketten" / ".unfinished", ignore_errors=True)
        (outputs / "pakketten" / "alle-gemeenten.zip").write_bytes(whole["old"])
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        time.sleep(dice.uniform(0.2, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        data = (outputs / "pakketten" / "alle-gemeenten.zip").read_bytes()
        if data != whole["old"]:
            contents(outputs / "pakketten" / "alle-gemeenten.zip")
        seen.add(hashlib.sha256(data).hexdigest())
    assert len(seen) <= 2
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0
    assert "gemeenten/GM0503-delft.md" not in contents(outputs / "pakketten" / "alle-gemeenten.zip")


@pytest.mark.thorough
def test_the_packs_of_all_municipalities_take_few_seconds(tmp_path: Path) -> None:
    report(Settings(ROOT / "inputs", tmp_path / "outputs", REFERENCE, TEMPLATES, DAY))
    began = time.process_time()
    done = packed(tmp_path / "outputs")
    assert done.made == 342
    assert time.process_time() - began < 3
