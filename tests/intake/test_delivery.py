from __future__ import annotations

import csv
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.intake import Limits, read_deliveries
from pipeline.intake.fields.characters import shown
from pipeline.intake.readers import file_access as opening
from pipeline.reference.register import Register
from tests.intake.conftest import Reader
from tests.intake.test_deliveries import HEADER, found

ZEIST = HEADER + "Zeist;zelf;saas;geen\n"


def test_a_loop_of_links_a_pipe_and_a_folder_are_no_files(tmp_path: Path, register: Register) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    os.mkfifo(tmp_path / "c.csv")
    (tmp_path / "d.csv").mkdir()
    intake = read_deliveries(tmp_path, register)
    assert found(intake) == [("geen_bestand", f"{name}.csv", None, None) for name in "abcd"]


def test_a_link_within_the_folder_is_read(tmp_path: Path, register: Register) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "echt.txt").write_text(ZEIST)
    (tmp_path / "a.csv").symlink_to(tmp_path / "reference" / "echt.txt")
    intake = read_deliveries(tmp_path, register)
    assert (len(intake.choices), intake.findings) == (1, ())


@contextmanager
def no_privileges() -> Iterator[None]:
    """Without the rights of root, to whom every file is readable."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(was)


def test_a_file_that_may_not_be_read_is_an_error(register: Register) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "a.csv").write_text(ZEIST)
        (Path(folder) / "a.csv").chmod(0)
        with no_privileges():
            intake = read_deliveries(Path(folder), register)
    assert found(intake) == [("onleesbaar", "a.csv", None, None)]
    assert intake.findings[0].message.startswith("Het bestand kan niet worden gelezen: u mag het niet lezen; geef")


def test_a_file_that_grows_while_it_is_read_is_an_error(
    tmp_path: Path, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ZEIST)
    really = Path.open

    def open_and_grow(self: Path, mode: str = "r") -> object:
        file = really(self, mode)
        with really(path, "a") as other:
            other.write("Delft;zelf;")
        return file

    monkeypatch.setattr(Path, "open", open_and_grow)
    assert found(read_deliveries(tmp_path, register)) == [("nog_bezig", "a.csv", None, None)]


WRITE = """
import sys, time
with open(sys.argv[1], "a") as file:
    for line in sys.argv[2:]:
        file.write(line + chr(10))
        file.flush()
        time.sleep(0.05)
"""


@pytest.mark.parametrize("time_of", range(3))
def test_a_file_that_a_program_is_still_writing_is_an_error_and_the_others_are_read(
    tmp_path: Path, register: Register, monkeypatch: pytest.MonkeyPatch, time_of: int
) -> None:
    monkeypatch.setattr(opening, "STILL_FOR", 0.5)
    path = tmp_path / "groeit.csv"
    path.write_text(ZEIST)
    (tmp_path / "af.csv").write_text(HEADER + "Assen;zelf;saas;geen\n")
    names = [m.name for m in register if ";" not in m.name][:40]
    with subprocess.Popen([sys.executable, "-c", WRITE, path, *(f"{name};zelf;saas;geen" for name in names)]) as writer:
        while path.stat().st_size == len(ZEIST):
            time.sleep(0.01)
        intake = read_deliveries(tmp_path, register)
        still = writer.poll() is None
        writer.kill()
    assert still
    assert found(intake) == [("nog_bezig", "groeit.csv", None, None)]
    assert [c.municipality.name for c in intake.choices] == ["Assen"]


def test_only_a_young_file_is_waited_for_and_once(
    tmp_path: Path, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "STILL_FOR", 1.0)
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    for name in "abc":
        (tmp_path / f"{name}.csv").write_text(ZEIST)
        os.utime(tmp_path / f"{name}.csv", (1_700_000_000, 1_700_000_000))
    read_deliveries(tmp_path, register)
    assert waits == []
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(ZEIST)
    read_deliveries(tmp_path, register)
    (wait,) = waits
    assert 0 < wait <= 1
    os.utime(tmp_path / "a.csv", (2**33, 2**33))  # a clock that is ahead does not keep a run waiting
    read_deliveries(tmp_path, register)
    assert waits[1] == 1


@pytest.mark.parametrize("lock", [".~lock.a.csv#", "~$a.csv"])
def test_a_file_that_a_spreadsheet_program_has_open_is_read_with_a_warning(
    tmp_path: Path, register: Register, lock: str
) -> None:
    (tmp_path / "a.csv").write_text(ZEIST)
    (tmp_path / lock).write_text("")
    (tmp_path / lock.replace("a", "weg", 1)).write_text("")
    intake = read_deliveries(tmp_path, register)
    assert (len(intake.choices), found(intake)) == (1, [("nog_geopend", "a.csv", None, None)])


def test_a_file_far_over_the_limit_is_refused_by_its_size(tmp_path: Path, register: Register) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(10**11)  # it has no content; nobody could read it
    assert found(read_deliveries(tmp_path, register)) == [("te_groot", "a.csv", None, None)]


@pytest.mark.parametrize(("name", "seen"), [("a\u202eb.csv", "a[U+202E]b.csv"), ("a\nb.csv", "a[U+000A]b.csv")])
def test_a_name_that_hides_something_is_refused(tmp_path: Path, register: Register, name: str, seen: str) -> None:
    (tmp_path / name).write_text(ZEIST)
    assert found(read_deliveries(tmp_path, register)) == [("bestandsnaam", seen, None, None)]


def test_a_name_that_is_no_utf8_is_refused_and_can_be_shown(tmp_path: Path, register: Register) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.csv")).write_text(ZEIST)
    (finding,) = read_deliveries(tmp_path, register).findings
    assert (finding.code, finding.file.encode()) == ("bestandsnaam", b"[U+DCFF].csv")


def test_the_suffix_may_be_in_capitals_and_hidden_files_and_subfolders_do_not_count(
    tmp_path: Path, register: Register
) -> None:
    (tmp_path / "A.CSV").write_text(ZEIST)
    (tmp_path / ".b.csv").write_text("onzin")
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "c.csv").write_text("onzin")
    intake = read_deliveries(tmp_path, register)
    assert [c.origin.file for c in intake.choices] == ["A.CSV"]
    assert [d.name for d in intake.deliveries] == ["A.CSV"]


def test_what_is_no_delivery_is_a_warning(tmp_path: Path, register: Register) -> None:
    names = ["b.PDF", "opgave.csv (1)", "opgave.csv.part", "opgave.docx", "opgave.zip"]
    for name in (*names, "README.md", "readme", ".verborgen.xlsx", ".DS_Store"):
        (tmp_path / name).write_bytes(b"PK")
    (tmp_path / "Zeist").mkdir()
    (tmp_path / "Zeist" / "a.csv").write_text(ZEIST)
    (tmp_path / "leeg").mkdir()
    intake = read_deliveries(tmp_path, register)
    assert found(intake) == [
        *(("geen_csv", name, None, None) for name in names),
        ("in_map", "Zeist", None, None),
    ]
    assert intake.errors == ()


def test_the_order_of_names_is_that_of_people(tmp_path: Path, register: Register) -> None:
    for name in ("opgave 10", "Opgave 2", "opgave 1", "B", "a", "010", "9"):
        (tmp_path / f"{name}.csv").write_text(ZEIST)
    intake = read_deliveries(tmp_path, register)
    assert [d.name[:-4] for d in intake.deliveries] == ["9", "010", "a", "B", "opgave 1", "Opgave 2", "opgave 10"]
    assert intake.choices[0].origin.file == "opgave 10.csv"


def test_too_many_rows_are_refused_at_the_line_where_they_begin(tmp_path: Path, register: Register) -> None:
    (tmp_path / "a.csv").write_text(ZEIST + "Delft;zelf;saas;geen\nAssen;zelf;saas;geen\n")
    intake = read_deliveries(tmp_path, register, Limits(rows=2))
    assert found(intake) == [("te_veel_regels", "a.csv", 4, None)]
    assert intake.choices == ()


def test_reading_leaves_the_process_as_it_was(tmp_path: Path, register: Register) -> None:
    (tmp_path / "a.csv").write_text(ZEIST + f"Delft;{'x' * 90_000};saas;geen\n" * 20)
    before = csv.field_size_limit(), gc.get_freeze_count(), gc.isenabled()
    assert len(read_deliveries(tmp_path, register).rejected) == 20
    assert (csv.field_size_limit(), gc.get_freeze_count(), gc.isenabled()) == before


def test_an_empty_folder_gives_an_empty_intake(tmp_path: Path, register: Register) -> None:
    intake = read_deliveries(tmp_path, register)
    assert (intake.choices, intake.findings, intake.rejected, intake.deliveries) == ((), (), (), ())


def test_a_value_is_shown_without_what_hides_and_not_endlessly() -> None:
    assert shown("a\x00b\u202ec") == "a[U+0000]b[U+202E]c"
    assert shown("x" * 300) == "x" * 200 + "…"


def test_a_choice_with_a_question_mark_counts_with_a_warning(read: Reader) -> None:
    intake = read(
        a="gemeente;begeleiding;hosting;bijdrage;grootteklasse;afgestemd\nZeist;zelf?;saas ?;alternatief;groot?;ja?\n"
    )
    assert len(intake.choices) == 1
    assert [(f.code, f.column) for f in intake.findings] == [
        ("keuze_onzeker", column) for column in ("begeleiding", "hosting", "afgestemd", "grootteklasse")
    ]
    assert intake.findings[0].message == "Gelezen als “zelf”; haal het vraagteken weg als dat zeker is."


@pytest.mark.parametrize(
    "column", ["begeleiding", "bijdrage", "in_natura", "afgestemd", "startjaar", "inwoners", "fase"]
)
def test_a_person_in_the_column_of_a_choice_or_a_number_is_not_published(read: Reader, column: str) -> None:
    row = {"gemeente": "Zeist", "begeleiding": "zelf", "hosting": "saas", "bijdrage": "geen", column: "Pietje Puk"}
    intake = read(a=f"{';'.join(row)}\n{';'.join(row.values())}\n")
    (finding,) = intake.errors
    assert "Pietje" in finding.sentence
    assert "Pietje" not in finding.published.sentence
    assert finding.published.value == ""
