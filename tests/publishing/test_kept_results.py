"""What is kept of earlier results when something goes wrong with the folder."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from dataclasses import replace
from datetime import date
from itertools import repeat
from pathlib import Path

import pytest

from pipeline.errors import OutputsError
from pipeline.publishing import kept_results
from pipeline.publishing.kept_results import is_kept
from pipeline.publishing.manifest import COPY, MANIFEST
from pipeline.publishing.outputs import Outputs
from pipeline.results import history
from pipeline.run import RunReport, Settings, report
from tests.conftest import REFERENCE, ROOT, within
from tests.publishing.runs import anyone

HEADER = "gemeente;begeleiding;hosting;bijdrage\n"
RESULT = "kostenindicaties.json"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inputs").mkdir()
    return Settings(
        *(tmp_path / "inputs", tmp_path / "outputs", REFERENCE, ROOT / "templates"), date(2026, 1, 1), workers=1
    )


def run(settings: Settings, contribution: str) -> RunReport:
    (settings.inputs / "a.csv").write_text(HEADER + f"Zeist;extern;saas;{contribution}\nDelft;zelf;saas;geen\n")
    return report(settings)


def kept(settings: Settings) -> list[str]:
    """The numbers of what is kept, in order."""
    return sorted(path.name[:4] for path in (settings.outputs / "historie").iterdir())


def test_a_run_that_fails_does_not_wait_for_what_is_packed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(settings, "geen")
    monkeypatch.setattr(kept_results, "_standing", lambda *_: repeat(b"without end"))
    with Outputs(settings.outputs) as outputs:
        with pytest.raises(ValueError, match="fails"), kept_results.packing(outputs, RESULT, likely=True):
            raise ValueError("fails")
        outputs.keep([RESULT])


def test_a_number_is_not_given_again_when_what_had_it_is_gone(settings: Settings) -> None:
    for contribution in ("geen", "financieel", "alternatief"):
        run(settings, contribution)
    assert kept(settings) == ["0001", "0002"]
    (path,) = (settings.outputs / "historie").glob("0002-*")
    path.unlink()
    assert run(settings, "alternatief").remarks == (
        f"historie/{path.name} is gone, and cannot be made again; no run compares with it any more.",
    )
    page = (settings.outputs / "stuurgroep.md").read_text(encoding="utf-8")
    assert "historie/0001-" in page
    assert path.name not in page
    assert run(settings, "alternatief").remarks == ()
    run(settings, "geen")
    assert kept(settings) == ["0001", "0003"]


def test_of_large_results_only_the_newest_are_looked_at_for_since_when_a_question_is_open(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delft does not pledge in any of them; of two municipalities each."""

    def since() -> str:
        page = (settings.outputs / "stuurgroep.md").read_text(encoding="utf-8")
        return next(line for line in page.splitlines() if line.startswith("- **Delft**")).rpartition("sinds: ")[2]

    for month, contribution in enumerate(("geen", "financieel", "alternatief", "geen"), 1):
        run(replace(settings, day=date(2026, month, 1)), contribution)
    assert since() == "voor 1 februari 2026)"  # when the first result was replaced
    monkeypatch.setattr(history, "MOST_RECORDS", 3)
    run(replace(settings, day=date(2026, 5, 1)), "financieel")
    assert since() == "voor 1 april 2026)"  # when the newest that was kept was made


def test_a_number_is_not_given_again_when_what_has_it_was_changed(settings: Settings) -> None:
    run(settings, "geen")
    run(settings, "financieel")
    (path,) = (settings.outputs / "historie").iterdir()
    path.write_bytes(path.read_bytes() + b"changed")
    run(settings, "alternatief")
    assert kept(settings) == ["0001", "0002"]


@pytest.mark.parametrize("damage", [b"", b"\x1f\x8b\x08", b"mine"])
def test_a_damaged_kept_result_is_left_as_it_is_and_said_once(settings: Settings, damage: bytes) -> None:
    run(settings, "geen")
    run(settings, "financieel")
    (path,) = (settings.outputs / "historie").iterdir()
    path.write_bytes(damage)
    done = run(settings, "alternatief")
    (said,) = done.remarks
    assert said.startswith(f"historie/{path.name} is damaged or changed, and cannot be made again")
    assert (done.kept_aside, done.damaged, done.removed) == ({}, (), ())
    assert (path.read_bytes(), kept(settings)) == (damage, ["0001", "0002"])
    assert run(settings, "alternatief").remarks == ()
    assert (path.read_bytes(), kept(settings)) == (damage, ["0001", "0002"])


def test_what_is_kept_is_known_by_its_name_and_checksum_without_a_manifest(settings: Settings) -> None:
    for contribution in ("geen", "financieel", "alternatief"):
        run(settings, contribution)
    before = {path.name: path.read_bytes() for path in (settings.outputs / "historie").iterdir()}
    for name in (MANIFEST, COPY):
        (settings.outputs / name).unlink()
    done = run(settings, "alternatief")
    assert done.kept_aside == {}
    assert {path.name: path.read_bytes() for path in (settings.outputs / "historie").iterdir()} == before
    page = (settings.outputs / "stuurgroep.md").read_text()
    assert "resultaat nr. 2" in page
    run(settings, "geen")
    assert kept(settings) == ["0001", "0002", "0003"]


def test_a_file_of_somebody_with_such_a_name_is_no_kept_result(tmp_path: Path) -> None:
    (tmp_path / "historie").mkdir()

    def stands(name: str, data: bytes) -> bool:
        (tmp_path / "historie" / name).write_bytes(data)
        return is_kept(tmp_path, f"historie/{name}")

    result = b'{"schema": "3"}'
    right = f"0001-2026-01-01-{hashlib.sha256(result).hexdigest()[:8]}.json.gz"
    assert stands(right, gzip.compress(result))
    assert not stands(right, gzip.compress(b"[]"))
    assert not stands(right, gzip.compress(result)[:-3])
    assert not stands(right, result)
    assert not stands("notes.json.gz", gzip.compress(result))


def test_a_bomb_or_a_pipe_among_the_kept_results_neither_fills_the_memory_nor_waits(tmp_path: Path) -> None:
    (tmp_path / "historie").mkdir()
    os.mkfifo(tmp_path / "historie" / "0001-2026-01-01-12345678.json.gz")
    gigabytes = gzip.compress(bytes(1 << 24)) * 256
    (tmp_path / "historie" / "0002-2026-01-01-12345678.json.gz").write_bytes(gigabytes)
    with within(1):
        assert not is_kept(tmp_path, "historie/0001-2026-01-01-12345678.json.gz")
        assert not is_kept(tmp_path, "historie/0002-2026-01-01-12345678.json.gz")


def test_a_bomb_that_begins_like_a_result_is_unpacked_no_further_than_any_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.results.reading.MOST_BYTES", 50_000_000)
    (tmp_path / "historie").mkdir()
    bomb = gzip.compress(b'{"schema": "3"}') + gzip.compress(bytes(1 << 24)) * 256
    (tmp_path / "historie" / "0001-2026-01-01-12345678.json.gz").write_bytes(bomb)
    with within(5):
        assert not is_kept(tmp_path, "historie/0001-2026-01-01-12345678.json.gz")


def test_a_result_that_cannot_be_kept_is_not_replaced_and_the_run_says_why(plain: Settings) -> None:
    plain.outputs.mkdir(mode=0o777)
    with anyone():
        run(plain, "geen")
        before = (plain.outputs / RESULT).read_bytes()
        (plain.outputs / "historie").mkdir(mode=0o555)
        said = r"earlier result cannot be kept, and is therefore not replaced.*historie/0001-.*\(Permission denied\)"
        with pytest.raises(OutputsError, match=said) as error:
            run(plain, "financieel")
        assert "another program" not in str(error.value)
        assert (plain.outputs / RESULT).read_bytes() == before
        (plain.outputs / "historie").chmod(0o755)
        run(plain, "financieel")
    (one,) = (plain.outputs / "historie").iterdir()
    assert gzip.decompress(one.read_bytes()) == before


def test_a_result_is_not_replaced_where_a_file_stands_in_the_place_of_the_history(settings: Settings) -> None:
    run(settings, "geen")
    before = (settings.outputs / RESULT).read_bytes()
    (settings.outputs / "historie").write_text("mine")
    with pytest.raises(OutputsError, match="earlier result cannot be kept"):
        run(settings, "financieel")
    assert (settings.outputs / RESULT).read_bytes() == before
    assert (settings.outputs / "historie").read_text() == "mine"


def test_after_a_failure_to_keep_the_next_run_gives_the_same_as_an_undisturbed_one(settings: Settings) -> None:
    run(settings, "geen")
    shutil.copytree(settings.outputs, settings.outputs.with_name("undisturbed"))
    (settings.outputs / "historie").write_text("mine")
    with pytest.raises(OutputsError):
        run(settings, "financieel")
    (settings.outputs / "historie").unlink()
    run(settings, "financieel")
    other = replace(settings, outputs=settings.outputs.with_name("undisturbed"))
    run(other, "financieel")
    for path in other.outputs.rglob("*"):
        if path.is_file() and path.name != ".seen.json":
            assert (settings.outputs / path.relative_to(other.outputs)).read_bytes() == path.read_bytes()
