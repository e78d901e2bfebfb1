"""No cell of a CSV that we write begins a formula, whatever separates its cells; and a text comes back as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.intake import read_deliveries
from pipeline.intake.fields.characters import HIDDEN
from pipeline.intake.rejects.csv_injection import guarded, literal, unguarded
from pipeline.reference.register import Register
from tests.intake.conftest import Reader
from tests.intake.rejects.given_back import rejected_csv
from tests.intake.rejects.test_writing import rows_of

HEADER = "gemeente;begeleiding;hosting;bijdrage;bijdrage_toelichting;backlog;contact\n"
SEPARATORS = [";", ",", "\t", "|", ":", " ", "^", "~"]
ACTING = tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r")
HOSTILE = [
    *("x,=1+cmd|' /C calc'!A0", 'x,"=1+1"', 'x,""=1+1', '"=1+1', 'a","=1', "x|=1", "x\t=1", "x =1", "x:=1", "x\n=1"),
    *("x,'=1", "x,''=1", "x, =1", "x,\t=1", "x;@SUM(A1)", "x,\uff1d1", "=1", "'=1", " -1", "\t+1", "\r=1", "'s-a,-b"),
]
TEXT = st.text("=+-@\uff1d',;|\t \n\r\":^~ax1é\u200b", max_size=12) | st.text(max_size=12) | st.sampled_from(HOSTILE)


def normalised(text: str) -> str:
    """What is not kept exactly: the kind of line break, and characters that hide."""
    return HIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def live(data: bytes, separator: str) -> list[str]:
    """The cells that a program calculates which takes this for the separator; our own line ends are no text."""
    lines = io.StringIO(data.decode("utf-8-sig").replace("\r\n", "\n"), newline="")
    cells = (cell for row in csv.reader(lines, delimiter=separator) for cell in row)
    return [cell for cell in cells if cell.lstrip(" \n").startswith(ACTING)]


@given(TEXT)
@example("x,''=1")
@example("x,\t=1")
def test_a_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == normalised(text)


@given(TEXT)
@example("'=1")
@example("x,''=1")
def test_a_literal_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(literal(text)) == normalised(text)


@given(st.lists(TEXT, min_size=1, max_size=4), st.sampled_from(SEPARATORS))
@example(['x,"=1+1"'], ",")
@example(['"', "=1"], ",")
@example(["x\n=1"], "|")
def test_no_cell_acts_whatever_separates_it(texts: list[str], separator: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerow([guarded(text) for text in texts])
    assert live(written.getvalue().encode("utf-8", "replace"), separator) == []


@pytest.mark.parametrize("separator", SEPARATORS)
def test_nothing_in_the_rejected_rows_acts_whatever_separates_it(read: Reader, separator: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows(["Zeist", "zelf", "sas", "geen", text, text, text] for text in HOSTILE)
    data = rejected_csv(read(**{"a, =1 -b": HEADER + written.getvalue()}))
    assert len(rows_of(data)) >= len(HOSTILE)
    assert live(data, separator) == []


@pytest.mark.parametrize("text", ["x,=1+1", 'x,"=1+1"', "x,''=1", "Jan, +31 6 12 - @x", "x\n=1", "a\t=b"])
def test_a_mended_row_is_read_as_it_was_delivered(read: Reader, tmp_path: Path, register: Register, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    intake = read(**{"a, -b": HEADER + f"Zeist;zelf;sas;geen;{quoted};{quoted};{quoted}\n"})
    (tmp_path / "b.csv").write_bytes(rejected_csv(intake).replace(b";sas;", b";saas;"))
    again = read_deliveries(tmp_path, register)
    assert again.errors == ()
    assert [(c.contact, c.backlog, c.contribution_note) for c in again.choices] == [(text, text, text)]
