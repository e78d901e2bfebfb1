"""The summary and the workbook of a municipality say the same: every amount in the one stands in the other."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from typing import Any

import openpyxl
import pytest

from pipeline.documents.summaries import Summaries
from pipeline.documents.summaries.premises import premises
from pipeline.documents.workbooks import render_indication
from pipeline.model.indication import Indication
from pipeline.model.items import Period
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.conftest import ROOT, Indicator
from tests.documents.test_summaries import plain
from tests.documents.workbooks.shapes import SHAPES

Said = tuple[float, float] | tuple[str, float] | str
"""Low and high; or the low end of a total that misses something; or a word."""


def read_amount(text: str) -> Said:
    """What a cell of a Markdown table says."""
    text = plain(text).replace("\\", "").replace("*", "").strip()
    if not re.match(r"(minimaal )?€ \d", text):
        return text
    numbers = [float(n.replace(".", "").replace(",", ".")) for n in re.findall(r"\d[\d.]*(?:,\d+)?", text)]
    return ("minimaal", numbers[0]) if text.startswith("minimaal") else (numbers[0], numbers[-1])


def tables_of(markdown: str) -> dict[str, list[list[Said]]]:
    """The body rows of each table, by the heading of level 2 above it."""
    tables: dict[str, list[list[Said]]] = {}
    heading = ""
    for line, after in pairwise([*markdown.split("\n"), ""]):
        if line.startswith("## "):
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


def named(book: Any, name: str) -> list[Any]:
    """The values of the cell or column with a name."""
    sheet, _, area = book.defined_names[name].attr_text.rpartition("!")
    cells = book[sheet.strip("'")][area.replace("$", "")]
    return [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]


def in_total(low: Any, high: Any, missing: Any) -> Said:
    """What the workbook says of a total."""
    if low == "p.m.":
        return "onbekend"
    return ("minimaal", float(low)) if "p.m." in str(missing) else (float(low), float(high))


@pytest.fixture(params=SHAPES)
def said(
    request: pytest.FixtureRequest, indicated: Indicator, basis: ReferenceData, texts: Texts
) -> tuple[Any, Any, Indication]:
    words, more = SHAPES[request.param]
    indication: Indication = indicated(*words, **more)
    markdown = Summaries.read(ROOT / "templates", texts).render(indication, basis).decode()
    book = openpyxl.load_workbook(BytesIO(render_indication(indication, basis, texts)), data_only=True)
    return tables_of(markdown), book, indication


def test_the_totals_agree(said: tuple[Any, Any, Indication]) -> None:
    tables, book, _ = said

    def figure(name: str) -> Said:
        return in_total(*(named(book, f"{name}_{part}")[0] for part in ("laag", "hoog", "pm")))

    on_the_first_page = [cell.value for cell in book["Overzicht"][book["Overzicht"].tables["Opbouw"].ref][-1]]
    once = "n.v.t." if on_the_first_page[2] == "n.v.t." else figure("eenmalig")
    assert tables["Waaruit bestaat dat?"][-1] == ["Totaal", once, figure("jaarlijks"), ""]
    assert tables["Kosten per jaar"][0][-1] == figure("eerste_jaar")
    assert tables["Kosten per jaar"][-1][-1] == figure("looptijd")


def test_the_items_agree(said: tuple[Any, Any, Indication], basis: ReferenceData, texts: Texts) -> None:
    tables, book, indication = said
    in_workbook = []
    for line, item in zip(indication.lines, basis.tariff.items, strict=True):
        ends = [named(book, f"kosten_{item.word}_{bound}")[0] for bound in ("laag", "hoog")]
        if line.applies:
            amount = "p.m." if "p.m." in ends else tuple(map(float, ends))
            cells = [amount, ""] if item.period is Period.ONCE else ["", amount]
            in_workbook.append([texts.of(item).name, *cells])
    stated = [row[:3] for row in tables["Waaruit bestaat dat?"][:-1]]
    assert [row for row in stated if not any("live" in str(cell) for cell in row)] == in_workbook


def test_the_projection_agrees(said: tuple[Any, Any, Indication]) -> None:
    tables, book, indication = said
    *years, totals = tables["Kosten per jaar"]
    # of all four columns; the p.m. of a year stands in the workbook for its total only
    for place, name in enumerate(("jaren_eenmalig", "jaren_overig", "jaren_bijdrage", "jaren"), start=1):
        lows, highs = (named(book, f"{name}_{bound}") for bound in ("laag", "hoog"))
        for (year, *amounts), low, high in zip(years, lows, highs, strict=True):
            amount = amounts[place - 1]
            if amount in ("onbekend", "p.m."):
                assert low == high == "p.m.", (year, name)
            elif amount[0] == "minimaal":
                assert amount[1] == float(low)
            else:
                assert amount == (float(low), float(high))
        known = [float(low) for low in lows if low != "p.m."]
        assert totals[place] in ("onbekend", "p.m.") or sum(known) == pytest.approx(
            float(totals[place][totals[place][0] == "minimaal"])
        )
    assert [row[0] for row in years] == [str(year.year) for year in indication.years]


def test_the_scenarios_agree(said: tuple[Any, Any, Indication]) -> None:
    tables, book, _ = said
    in_workbook = {
        tuple(row[:3]): [
            in_total(row[4], row[5], row[12]),
            in_total(row[6], row[7], row[13]),
            in_total(row[10], row[11], row[14]),
            row[3] == "ja",
        ]
        for row in rows_of(book, "Scenario’s", "Begeleiding")
    }
    assert len(in_workbook) == 18
    stated = {}
    for combination, *amounts in tables["Scenario’s"]:
        words = tuple(combination.removesuffix(" (gekozen)").split(" · "))
        stated[words] = [*amounts, combination.endswith("(gekozen)")]
    assert stated == in_workbook
    missing = ["minimaal" in str(row[-1]) or row[-1] == "onbekend" for row in tables["Scenario’s"]]
    assert missing == sorted(missing)


def test_the_premises_agree(said: tuple[Any, Any, Indication], basis: ReferenceData, texts: Texts) -> None:
    _, book, _ = said
    numbers = {str(row[0]).split(",")[0] for row in rows_of(book, "Uitgangspunten", "Uitgangspunt")}
    in_words = {premise.subject for premise in basis.tariff.premises}
    assert {label for label, *_ in premises(basis, texts)} | in_words == numbers
