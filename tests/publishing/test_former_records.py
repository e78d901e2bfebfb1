"""What was worked out before is taken over, and nothing else: any edits end as a run from nothing does."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.workbooks import layouts
from pipeline.errors import OutputsError
from pipeline.publishing import seen
from pipeline.publishing.kept_results import READ
from pipeline.publishing.manifest import COPY, MANIFEST, VERSION
from pipeline.results import history
from pipeline.run import READY, Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import HEADER, NAMES, Files, files


@pytest.fixture(autouse=True, scope="module")
def no_file_is_too_young() -> Iterator[None]:
    """Files count as seen at once: these runs follow each other faster than people can."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "YOUNG", -(10**12))
        yield


CHOICES = ["extern;saas;financieel", "zelf;saas;geen", "extern;in huis;alternatief", "zelf;hybride;financieel"]
Deliveries = dict[str, str]


class Stopped(Exception):
    """What ends a run half-way."""


def run(folder: Path, rows: Deliveries, day: date = date(2026, 7, 1), stop: int | None = None) -> list[tuple[int, int]]:
    """Run on some rows, and give how far it said it was each time; what is removed is meant to be.

    It may be told to stop when it has made so many municipalities.
    """
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "a.csv").write_text(HEADER + "".join(f"{name};{chosen}\n" for name, chosen in rows.items()))
    said: list[tuple[int, int]] = []

    def progress(number: int, of: int) -> None:
        said.append((number, of))
        if len(said) == stop:
            raise Stopped

    with suppress(Stopped):
        report(Settings(*where(folder), day, workers=1, allow_removals=True), progress)
    return said


def where(folder: Path) -> tuple[Path, Path, Path, Path]:
    """Where a run reads and writes."""
    return folder / "in", folder / "out", REFERENCE, ROOT / "templates"


def of_each(folder: Path) -> Files:
    """The result, and the documents of each municipality; the rest tells what changed, and when."""
    made = files(folder / "out")
    return {name: data for name, data in made.items() if name.startswith(("gemeenten/", "kostenindicaties."))}


def test_the_rules_run_for_what_changed_alone(tmp_path: Path) -> None:
    rows = dict.fromkeys(NAMES[:9], CHOICES[0])
    assert run(tmp_path, rows)[0] == (1, 9)
    rows[NAMES[4]] = CHOICES[1]
    assert run(tmp_path, rows) == [(9, 9)]
    assert run(tmp_path, rows) == []
    assert run(tmp_path, rows, date(2027, 7, 1))[0] == (1, 9)


def cut(result: Path) -> None:
    result.write_bytes(result.read_bytes()[:-2000])


def other_amounts(result: Path) -> None:
    result.write_bytes(result.read_bytes().replace(b"15000.0", b"16000.0"))


def swapped(result: Path) -> None:
    lines = result.read_bytes().splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if line.startswith(b'{"municipality"'))
    lines[first : first + 2] = lines[first + 1], lines[first]
    result.write_bytes(b"".join(lines))


@pytest.mark.parametrize("harm", [Path.unlink, cut, other_amounts, swapped])
def test_nothing_is_taken_over_from_a_result_that_somebody_changed(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    rows = dict.fromkeys(NAMES[:3], CHOICES[0])
    run(tmp_path, rows)
    made = of_each(tmp_path)
    harm(tmp_path / "out" / "kostenindicaties.json")
    assert run(tmp_path, rows)[0] == (1, 3)
    again = of_each(tmp_path)
    assert {name: again[name] for name in made} == made


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (rb'"length":\d+', b'"length":7'),
        (rb'"length":\d+', b'"length":9223372036854775807'),
        (b'"start":', b'"start":-'),
    ],
)
def test_a_manifest_that_somebody_wrote_himself_tells_of_no_records(
    tmp_path: Path, said: bytes, instead: bytes
) -> None:
    rows = dict.fromkeys(NAMES[:3], CHOICES[0])
    run(tmp_path, rows)
    for name in (MANIFEST, COPY):
        path = tmp_path / "out" / name
        _, _, content = path.read_bytes().partition(b"\n")
        content = re.sub(said, instead, content)
        head = f'{{"version": {VERSION}, "checksum": "{hashlib.sha256(content).hexdigest()}",\n'
        path.write_bytes(head.encode() + content)
    rows[NAMES[1]] = CHOICES[1]
    with suppress(OutputsError):
        run(tmp_path, rows)
    report(Settings(*where(tmp_path), date(2026, 7, 1), force=True, workers=1))
    (tmp_path / "fresh").mkdir()
    run(tmp_path / "fresh", rows)
    assert of_each(tmp_path) == of_each(tmp_path / "fresh")


EDITS = st.tuples(
    st.dictionaries(st.sampled_from(NAMES[:5]), st.sampled_from(CHOICES), min_size=1),
    st.sampled_from([date(2026, 7, 1), date(2026, 7, 2), date(2027, 7, 1)]),
    st.sampled_from([None, None, Path.unlink, cut, other_amounts]),
    st.sampled_from([None, None, 1, 2]),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(EDITS, min_size=2, max_size=4))
def test_after_any_edits_and_stops_all_is_as_a_run_from_nothing_makes_it(
    edits: list[tuple[Deliveries, date, Callable[[Path], None] | None, int | None]],
) -> None:
    with tempfile.TemporaryDirectory() as edited, tempfile.TemporaryDirectory() as fresh:
        result = Path(edited) / "out" / "kostenindicaties.json"
        for rows, day, harm, stop in edits:
            run(Path(edited), rows, day, stop)
            if harm and result.exists():
                harm(result)
        rows, day, *_ = edits[-1]
        run(Path(edited), rows, day)
        run(Path(fresh), rows, day)
        found = {name: data for name, data in of_each(Path(edited)).items() if "gewijzigd" not in name}
        assert found == of_each(Path(fresh))


# --- What was ready for all ------------------------------------------------------------------------------------------


def lost(path: Path) -> None:
    path.unlink()


def broken_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def of_another_program(path: Path) -> None:
    _, _, said = path.read_bytes().partition(b"\n")
    said = said[:-64] + b"0" * 64  # the fingerprint of what it rests on
    path.write_bytes(hashlib.sha256(said).hexdigest().encode() + b"\n" + said)


def in_the_way(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was worked out again: a layout, or what a kept result came to."""
    done: list[str] = []

    def note(module: ModuleType, name: str) -> None:
        of = getattr(module, name)

        def noted(*given: Any) -> Any:
            done.append(name)
            return of(*given)

        monkeypatch.setattr(module, name, noted)

    note(layouts, "lay_out")
    note(history, "line_of")
    return done


def edited(folder: Path, *numbers: int) -> Files:
    """What stands there after some runs, each on other choices of one municipality."""
    rows = dict.fromkeys(NAMES[:3], CHOICES[0])
    for number in numbers:
        run(folder, rows | {NAMES[0]: CHOICES[number]})
    return files(folder / "out")


def test_a_layout_is_made_once_and_what_a_result_came_to_is_found_out_once(tmp_path: Path, worked: list[str]) -> None:
    edited(tmp_path, 0, 1, 2, 3)
    assert worked == ["lay_out", *["line_of"] * 4]


@pytest.mark.parametrize("harm", [lost, broken_off, of_another_program, in_the_way])
def test_where_what_was_ready_is_lost_it_is_made_again(
    tmp_path: Path, worked: list[str], harm: Callable[[Path], None]
) -> None:
    for folder in ("whole", "harmed"):
        (tmp_path / folder).mkdir()
        edited(tmp_path / folder, 0, 1, 2)
    for name in (READY, READ):
        harm(tmp_path / "harmed" / "out" / name)
    worked.clear()
    found = edited(tmp_path / "harmed", 3)
    assert worked == ["lay_out", *["line_of"] * 4]
    assert found == edited(tmp_path / "whole", 3)
    if harm is not in_the_way:
        for name in (READY, READ):
            assert (tmp_path / "harmed" / "out" / name).read_bytes() == (tmp_path / "whole" / "out" / name).read_bytes()
