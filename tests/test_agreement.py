"""The summary and the workbook of a municipality say the same: every amount in the one stands in the other."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from typing import Any

import openpyxl
import pytest

from pipeline.indication import Indication
from pipeline.results import Basis
from pipeline.summaries import read_templates
from pipeline.texts import Texts
from pipeline.workbooks import render_indication
from tests.conftest import ROOT, Indicator
from tests.workbooks.shapes import SHAPES

Said = tuple[float, float, str] | str
"""Low, high and whether it is complete; or a word."""


def read_amount(text: str) -> Said:
    """What a cell of a Markdown table says, in the words of the workbook."""
    text = text.replace("\\", "").replace("*", "").strip()
    if not re.match(r"EUR\s\d", text):
        return text
    numbers = [float(n.replace(".", "").replace(",", ".")) for n in re.findall(r"\d[\d.]*(?:,\d+)?", text)]
    return (numbers[0], numbers[-1], "+ p.m." if text.endswith("+ p.m.") else "volledig")


def tables_of(markdown: str) -> dict[str, list[list[Said]]]:
    """The body rows of each table, by the heading above it."""
    tables: dict[str, list[list[Said]]] = {}
    heading = ""
    for line, after in pairwise([*markdown.split("\n"), ""]):
        if line.startswith("#"):
            heading = line.strip("# ")
        elif line.startswith("|") and not line.startswith("| ---") and not after.startswith("| ---"):
            cells = re.split(r"(?<!\\)\|", line.strip("|"))
            tables.setdefault(heading, []).append([read_amount(cell) for cell in cells])
    return tables


def rows_of(book: Any, sheet: str, first: str) -> list[tuple[Any, ...]]:
    """The rows of a sheet's table, below the header that begins with a word."""
    rows = list(book[sheet].iter_rows(values_only=True))
    start = next(n for n, row in enumerate(rows) if row[0] == first) + 1
    end = next((n for n in range(start, len(rows)) if rows[n][1] is None), len(rows))
    return rows[start:end]


def amount(low: Any, high: Any, status: str) -> Said:
    return "p.m." if low == "p.m." else (float(low), float(high), status)


@pytest.fixture(params=SHAPES)
def said(request: pytest.FixtureRequest, indicated: Indicator, basis: Basis, texts: Texts) -> tuple[Any, Any]:
    words, more = SHAPES[request.param]
    indication: Indication = indicated(*words, **more)
    markdown = read_templates(ROOT / "templates", texts).indication(indication, basis)
    book = openpyxl.load_workbook(BytesIO(render_indication(indication, basis, texts)), data_only=True)
    return tables_of(markdown), book


def test_the_key_figures_agree(said: tuple[Any, Any]) -> None:
    tables, book = said
    in_workbook = [(row[0], amount(*row[1:4])) for row in rows_of(book, "Overzicht", "Kengetal")]
    assert [(row[0], row[1]) for row in tables["Kengetallen"]] == in_workbook
    assert len(in_workbook) == 5


def test_the_cost_lines_agree(said: tuple[Any, Any]) -> None:
    tables, book = said
    lines = rows_of(book, "Kosten", "Kostenpost")[:7]
    for (name, when, stated, explained), row in zip(tables["Kosten per post"], lines, strict=True):
        assert (name, when, str(explained)) == (row[0], row[2], row[6])
        # what was not chosen is 0 in the workbook, and shown there as n.v.t.
        assert amount(*row[3:6]) == ((0.0, 0.0, "volledig") if stated == "n.v.t." else stated)


def test_the_projection_agrees(said: tuple[Any, Any]) -> None:
    tables, book = said
    *years, totals = tables["Meerjarenraming"]
    *in_workbook, below = rows_of(book, "Meerjarenraming", "Jaar")
    for (year, *_, in_total), row in zip(years, in_workbook, strict=True):
        assert (str(year), in_total) == (str(row[0]), amount(row[9], row[10], row[11]))
    assert totals[-1] == amount(below[9], below[10], below[11])
    for part, low in zip(totals[1:-1], (3, 5, 7), strict=True):
        assert below[low : low + 2] == (("p.m.", "p.m.") if part == "p.m." else part[:2])


def test_the_scenarios_agree(said: tuple[Any, Any]) -> None:
    tables, book = said
    in_workbook = rows_of(book, "Scenario’s", "Begeleiding")
    assert len(in_workbook) == 18
    for stated, row in zip(tables["Scenario’s"], in_workbook, strict=True):
        assert stated == [
            *row[:3],
            amount(*row[4:7]),
            amount(*row[7:10]),
            amount(row[10], row[11], row[14]),
            amount(row[12], row[13], row[14]),
            "gekozen" if row[3] == "ja" else "nee",
        ]


def test_the_premises_agree(said: tuple[Any, Any]) -> None:
    tables, book = said
    numbers = {str(row[0]).split(",")[0] for row in rows_of(book, "Uitgangspunten", "Uitgangspunt")}
    assert {str(row[0]) for row in tables["Uitgangspunten"]} == numbers
