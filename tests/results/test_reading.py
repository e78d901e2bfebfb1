"""A result that is read back: right ones as they were written, and anything else refused in a sentence."""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec import MsgspecError, structs
from openpyxl.utils.escape import unescape

from pipeline.cli import main
from pipeline.documents.summaries import Summaries
from pipeline.documents.summaries.changes import as_data, in_lines
from pipeline.documents.summaries.markdown import escape
from pipeline.documents.workbooks import render_overview
from pipeline.errors import ResultError
from pipeline.results.changes import Changes
from pipeline.results.comparison import compare
from pipeline.results.reading import as_gist, opened
from pipeline.results.writing import as_json, record_of
from tests.conftest import ROOT
from tests.results.samples import (
    BASIS,
    START,
    TEMPLATES,
    TEXTS,
    amsterdam,
    overview_of,
    page_of,
    results,
    rich_results,
    schiermonnikoog,
    to_json,
)

GOOD = to_json(rich_results())
OTHER = to_json(results(structs.replace(amsterdam(), lines=schiermonnikoog().lines), schiermonnikoog()))

Step = str | int


def test_lines_of_a_record_are_remembered_only_if_they_are_as_a_run_writes_them() -> None:
    record = as_json(record_of(results(amsterdam()).indications[0]))
    blank = record.replace(b'"lines":[', b'"lines":[' + b" " * 1_000_000)
    assert as_gist(blank) == as_gist(record)
    tracemalloc.start()
    try:
        for number in range(50):
            as_gist(blank.replace(b'"lines":[', b'"lines":[' + b" " * number))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 5_000_000


@pytest.mark.parametrize("lines", [b"null", b"[{}]", b"[" * 100_000, b'["\xff"]', b"[]"])
def test_a_record_with_other_lines_is_refused_as_any_other_is(lines: bytes) -> None:
    record = as_json(record_of(results(amsterdam()).indications[0]))
    begin, _, rest = record.partition(b'"lines":')
    _, end, rest = rest.partition(b',"totals":')
    with pytest.raises(MsgspecError):
        as_gist(begin + b'"lines":' + lines + end + rest)


def changed(path: tuple[Step, ...], change: Callable[[Any, Step], None]) -> bytes:
    """The good result with one thing changed: `change` is told in what, and under which key."""
    document = json.loads(GOOD)
    inside = document
    for step in path[:-1]:
        inside = inside[step]
    change(inside, path[-1])
    return json.dumps(document).encode()


def put(*path: Step, value: Any) -> bytes:
    def change(inside: Any, key: Step) -> None:
        inside[key] = value

    return changed(path, change)


def renamed(*path: Step) -> bytes:
    def change(inside: Any, key: Step) -> None:
        inside[f"{key}s"] = inside.pop(key)

    return changed(path, change)


def written(*path: Step, text: bytes) -> bytes:
    """The good result with this JSON in a place, which Python could not write or hold."""
    return put(*path, value="?!").replace(b'"?!"', text)


DEEP = b"[" * 100_000 + b"]" * 100_000
RECORD = ("indications", 0)
WRONG = {
    "empty": b"",
    "cut short": GOOD[:-500],
    "more behind it": GOOD + GOOD,
    "no UTF-8": GOOD.decode().encode("utf-16"),
    "deep": DEEP,
    "deep where it is compared": written("register", text=DEEP),
    "deep where it is not": written(*RECORD, "years", text=DEEP),
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "of another program": b'{"name": "signalen", "version": "1.0.0", "dependencies": {}}',
    "without its version": renamed("schema"),
    "of a version that is a number": put("schema", value=2),
    "of a version that is long": put("schema", value="9" * 1_000_000),
    "of another version": put("schema", value="9"),
    "a choice without its answer": put(*RECORD, "choices", "answers", value=[{"item": "opleiding"}]),
    "items that are none": put("tariff", "items", value=[{"item": "opleiding"}]),
    "a key renamed": renamed(*RECORD, "totals"),
    "a choice renamed": renamed(*RECORD, "choices", "hosting"),
    "the register renamed": renamed("register"),
    "the rejected rows renamed": renamed("rejected"),
    "null for a record": put(*RECORD, value=None),
    "null for the tariff": put("tariff", value=None),
    "null for a code": put(*RECORD, "municipality", "code", value=None),
    "a number for a list": put(*RECORD, "lines", value=7),
    "a number for the records": put("indications", value=7),
    "a text for an amount": put(*RECORD, "totals", "once", "low", value="15000"),
    "a list for an amount": put(*RECORD, "totals", "once", value=[1, 2]),
    "a fraction of a person": put(*RECORD, "municipality", "inhabitants", value=1.5),
    "NaN": put(*RECORD, "totals", "once", "high", value=float("nan")),
    "NaN as a text": put(*RECORD, "totals", "once", "high", value="NaN"),
    "Infinity": put(*RECORD, "totals", "once", "high", value=float("inf")),
    "an amount of 10,000 digits": written(*RECORD, "totals", "once", "low", text=b"1" * 10_000),
    "inhabitants of 10,000 digits": written(*RECORD, "municipality", "inhabitants", text=b"1" * 10_000),
    "an amount with a large exponent": written(*RECORD, "totals", "once", "high", text=b"1e999999999"),
    "a figure with a large exponent": written("tariff", "figures", 0, "high", text=b"1e300"),
    "an amount below 0": put(*RECORD, "totals", "yearly", "low", value=-1),
    "an amount from high to low": put(*RECORD, "totals", "yearly", value={"low": 2, "high": 1, "pro_memorie": False}),
    "half a pair of a character": put(*RECORD, "municipality", "name", value="Zeist\ud800"),
    "a code that is none": put(*RECORD, "municipality", "code", value="A1:B2"),
    "a code with a line behind it": put(*RECORD, "municipality", "code", value="GM0363\n"),
    "a name without end": put(*RECORD, "municipality", "name", value="Zeist" * 10_000),
    "a choice that is none": put(*RECORD, "choices", "guidance", value="wolk"),
    "a class that is none": put(*RECORD, "assumptions", "size_class", value="reus"),
    "a year that is none": put(*RECORD, "assumptions", "start_year", value=20_260_101),
    "a day that is none": put("register", "date", value="2026-13-40"),
    "no contribution": put(*RECORD, "lines", value=[]),
    "a contribution twice": changed((*RECORD, "lines"), lambda inside, key: inside[key].append(inside[key][-2])),
    "a rejected row without codes": renamed("rejected", 0, "findings", 0, "code"),
    "a rejected row of wrong cells": put("rejected", 0, "values", value=["Zeist"]),
    "cut short, compressed": gzip.compress(GOOD)[:-500],
    "only a beginning, compressed": gzip.compress(GOOD)[:5],
    "damaged, compressed": gzip.compress(GOOD)[:-8] + b"\0" * 8,
    "damaged in the middle, compressed": bytes(
        byte ^ 0xFF if number == 900 else byte for number, byte in enumerate(gzip.compress(GOOD))
    ),
    "wrong inside, compressed": gzip.compress(b"{}"),
}


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.json"
    path.write_bytes(GOOD)
    return path


def refusal(*arguments: Path) -> str:
    """What `diff` says; it must be one sentence, at exit code 1."""
    done = CliRunner().invoke(main, ["diff", *map(str, arguments)])
    assert isinstance(done.exception, SystemExit), done.exception
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr) < 500
    return done.stderr


def refused_apart(*arguments: Path) -> str:
    """What `diff` says in a process of its own, soon, and with 1.2 GB at the most."""
    narrow = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1_200_000_000,) * 2); "
    done = subprocess.run(
        [sys.executable, "-c", f"{narrow}from pipeline.cli import main; main()", "diff", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    return done.stderr


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_result_is_refused_in_a_sentence(good: Path, tmp_path: Path, wrong: bytes) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(wrong)
    assert str(path) in refusal(path, good)
    assert str(path) in refusal(good, path)


def test_the_sentence_says_what_is_wrong_and_where(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(put("indications", 1, "municipality", "inhabitants", value="veel"))
    assert "Expected `int`, got `str` - at `$.indications[1].municipality.inhabitants`" in refusal(path, good)
    path.write_bytes(put("schema", value="9"))
    assert "has version '9' of the result; this is version" in refusal(path, good)
    path.write_bytes(WRONG["deep where it is not"])
    assert "nested too deeply" in refusal(path, good)


@pytest.mark.parametrize("place", ["path", "name in the folder"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "endless device", "link to itself", "nothing"])
def test_what_is_no_file_is_refused_and_not_waited_for(good: Path, tmp_path: Path, place: str, kind: str) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    path = folder / "kostenindicaties.json"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/null")
        case "endless device":
            path.symlink_to("/dev/zero")
        case "link to itself":
            path.symlink_to(path)
    assert f"Error: {path}" in refused_apart(path if place == "path" else folder, good)


def test_what_grows_without_end_when_it_is_unpacked_is_refused(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(b" " * 100_000_000) * 80)  # eight thousand million bytes
    assert f"Error: {path}: is larger than " in refused_apart(path, good)


def test_what_is_too_large_is_refused(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(20_000_000_000)
    assert "is larger than " in refusal(path, good)


# --- Whatever is in it ------------------------------------------------------------------------------------------------

HOSTILE = ["=1+1", "<r>&</r>", "\x1b]0;x\x07", "[x](//y)", "a\r\n# b", "\uffff", "\u202e", ":smile:", "@x"]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**30, -1, 0, 1e300, -0.0, 0.005, float("nan"), float("-inf"), 9_999, 10**9])
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\ud800", "GM0001", "2026-02-30", "none", "saas", *HOSTILE]),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=5), parts, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The path of every part of a document."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))


DOCUMENT = json.loads(GOOD)
HEAVY = {"years", "options", "deliveries", "remarks", "premises", "g4", "per_inhabitant"}
PLACES = [path for path in places(DOCUMENT) if HEAVY.isdisjoint(path)]


GONE = object()


def alike(value: Any) -> st.SearchStrategy[Any]:
    """Other values of the same kind, which may be right."""
    match value:
        case bool():
            return st.just(not value)
        case int() | float():
            return st.integers(0, 10**6) | st.floats(0, 1e9)
        case str():
            return st.text(max_size=30) | st.sampled_from(HOSTILE)
        case list():
            return st.permutations(value)
    return st.none()


def part(path: tuple[Step, ...]) -> Any:
    found: Any = DOCUMENT
    for step in path:
        found = found[step]
    return found


EDITS = st.lists(
    st.sampled_from(PLACES).flatmap(lambda path: st.tuples(st.just(path), alike(part(path)) | JSON | st.just(GONE))),
    min_size=1,
    max_size=3,
)
"""Up to three parts of a result, with what stands there instead, or that it is gone."""


def edited(edits: list[tuple[tuple[Step, ...], Any]]) -> bytes:
    document = copy.deepcopy(DOCUMENT)
    for (*way, key), value in edits:
        inside = document
        with suppress(KeyError, IndexError, TypeError):  # an earlier edit took that part away
            for step in way:
                inside = inside[step]
            if value is GONE:
                del inside[key]
            else:
                inside[key] = copy.deepcopy(value)  # it may hold parts of the document that is edited next
    return json.dumps(document).encode()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    (folder / "good.json").write_bytes(GOOD)
    (folder / "other.json").write_bytes(OTHER)
    return folder


def compared(scratch: Path, data: bytes) -> Iterator[Changes]:
    """What changed from and to a result that may be refused, if it is not."""
    path = scratch / "mutated.json"
    path.write_bytes(data)
    with suppress(ResultError), opened(path) as read:
        for name in ("good.json", "other.json"):
            with opened(scratch / name) as other:
                yield compare(other, read, "historie/x")
                yield compare(read, other, "historie/x")


def hold(changes: Changes) -> None:
    """What is said of the changes is text for a terminal, and data for machines."""
    "\n".join(in_lines(changes)).encode()
    json.dumps(as_data(changes), allow_nan=False).encode()


def documents(changes: Changes) -> tuple[bytes, str]:
    """The workbook and the page of the steering group, with these changes in them."""
    overview = overview_of(rich_results(), START, changes)
    return render_overview(overview, BASIS, TEXTS), page_of(Summaries.read(TEMPLATES, TEXTS), overview, BASIS)


@settings(max_examples=150, deadline=None)
@given(edits=EDITS)
def test_a_result_in_which_anything_is_another_is_compared_or_refused(scratch: Path, edits: list[Any]) -> None:
    for changes in compared(scratch, edited(edits)):
        hold(changes)


@settings(max_examples=15, deadline=None)
@given(edits=EDITS)
def test_what_is_compared_can_be_shown_in_every_document(scratch: Path, edits: list[Any]) -> None:
    for changes in islice(compared(scratch, edited(edits)), 2):
        workbook, page = documents(changes)
        assert page.encode()
        with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
            for name in parts.namelist():
                etree.fromstring(parts.read(name))


@pytest.mark.thorough
@settings(max_examples=2_000, deadline=None)
@given(edits=EDITS)
def test_two_thousand_results_in_which_anything_is_another(scratch: Path, edits: list[Any]) -> None:
    for changes in compared(scratch, edited(edits)):
        hold(changes)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_an_earlier_result_is_only_text(scratch: Path, text: str) -> None:
    document = json.loads(GOOD)
    for record in document["indications"]:
        record["municipality"]["name"] = text
        record["choices"] |= {"backlog": text, "contribution_note": text}
    document["register"]["source"] = text
    document["tariff"]["figures"][0]["figure"] = text
    changes = next(compared(scratch, json.dumps(document).encode()))
    hold(changes)
    workbook, page = documents(changes)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook))["Wijzigingen"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    holding = [cell for cell in cells if text in unescape(str(cell.value))]
    assert len(holding) > 8
    assert {cell.data_type for cell in holding} == {"s"}
    assert [cell for cell in cells if cell.hyperlink] == []
    _, _, section = page.partition("## Wijzigingen")
    assert escape(text) in section
