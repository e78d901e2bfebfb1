"""How the steering group's workbook prints, on how many pages and in letters of what size; how long its page is."""

from __future__ import annotations

import math
from io import BytesIO
from itertools import cycle, product
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.summaries import Summaries
from pipeline.documents.workbooks import render_overview
from pipeline.model.choices import Contribution, Guidance, Hosting, Origin, Phase, Provenance
from pipeline.results.changes import Changes
from pipeline.results.comparison import compare
from pipeline.results.reading import opened
from tests.results.samples import (
    BASIS,
    REGISTER,
    START,
    TEMPLATES,
    TEXTS,
    Results,
    indication,
    overview_of,
    page_of,
    results,
    to_json,
)

MOST_PAGES, LEAST_POINTS = 10, 8
MOST_BYTES = 30_000
SUMMARIES = Summaries.read(TEMPLATES, TEXTS, [".xlsx"])
LETTERS = 10
"""How many points the letters of a cell are before the page is made to fit."""
A4 = (8.27, 11.69)


def country(provenance: Provenance, *, shift: int = 0) -> Results:
    """All municipalities, with every combination of choices; `shift` gives most of them other ones."""
    combinations = list(product(Guidance, Hosting, Contribution))
    phases = cycle((*Phase, None))
    return results(
        *(
            indication(
                municipality.code,
                *combinations[(line + shift) % len(combinations)],
                origin=Origin("a.csv", line),
                phase=next(phases),
                start_year=2026 + line % 3,
                provenance=provenance,
            )
            for line, municipality in enumerate(REGISTER, 2)
        )
    )


def changes(folder: Path, old: Results, new: Results) -> Changes:
    """What changed from one result to another."""
    for name, one in (("old", old), ("new", new)):
        (folder / f"{name}.json").write_bytes(to_json(one))
    with opened(folder / "old.json") as before, opened(folder / "new.json") as after:
        return compare(before, after, "historie/0001.json.gz")


def pages_of(page: Worksheet) -> tuple[int, float]:
    """On how many pages a sheet prints that fits the width of one, and how many points its letters are then."""
    area = page.print_area.rpartition("!")[2].replace("$", "") if page.print_area else page.dimensions
    left, top, right, bottom = (n or 0 for n in range_boundaries(area))
    wide, high = A4 if page.page_setup.orientation == "portrait" else A4[::-1]
    inches = wide - page.page_margins.left - page.page_margins.right
    widths = {n: of.width for of in page.column_dimensions.values() for n in range(of.min or 0, 1 + (of.max or 0))}
    pixels = sum(widths[n] * 7 for n in range(left, right + 1))
    scale = min(1.0, inches * 96 / pixels)
    room = (high - page.page_margins.top - page.page_margins.bottom) * 72 / scale
    repeated = page.print_title_rows.rpartition("!")[2].strip("$").partition(":")[0] if page.print_title_rows else ""

    def height(row: int) -> float:
        return float(page.row_dimensions[row].height or 15)

    pages, used = 1, 0.0
    for row in range(top, bottom + 1):
        if used + height(row) > room:
            pages, used = pages + 1, height(int(repeated)) if repeated else 0.0
        used += height(row)
    assert page.page_setup.fitToHeight == 0
    return pages, LETTERS * math.floor(scale * 100) / 100


@pytest.mark.parametrize("provenance", Provenance)
@pytest.mark.parametrize("changed", [False, True])
def test_it_prints_on_ten_pages_at_most_in_letters_of_eight_points_or_more(
    provenance: Provenance, changed: bool, tmp_path: Path
) -> None:
    new = country(provenance)
    found = changes(tmp_path, country(provenance, shift=1), new) if changed else None
    book = openpyxl.load_workbook(BytesIO(render_overview(overview_of(new, START, found), BASIS, TEXTS)))
    assert len(book.sheetnames) == (7 if changed else 6)
    printed = {page.title: pages_of(page) for page in book.worksheets}
    assert min(points for _, points in printed.values()) >= LEAST_POINTS, printed
    assert sum(pages for pages, _ in printed.values()) <= MOST_PAGES, printed
    assert printed["Overzicht"][0] == 1


def test_the_page_of_the_whole_country_stays_short(tmp_path: Path) -> None:
    new = country(Provenance.DELIVERED)
    overview = overview_of(new, START, changes(tmp_path, country(Provenance.DELIVERED, shift=1), new))
    assert len(page_of(SUMMARIES, overview, BASIS).encode()) <= MOST_BYTES
