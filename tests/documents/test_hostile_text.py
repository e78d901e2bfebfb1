"""Hostile text in every column, in rejected rows and in names of files: a whole run, and every document read back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from markdown_it import MarkdownIt

from pipeline.model.choices import COLUMNS
from pipeline.reference.register import read_register
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = [
    *(
        "<r>&</r>",
        "<r></r>",
        "<r><rPr><b/></rPr><t>vet</t></r>",
        "</t></si><si><t>x",
        "]]> <![CDATA[x]]>",
        "&lt; &amp;",
    ),
    *("=1+1", "{=1+1}", "=cmd|' /C calc'!A0", "+31 30 123 45 67", "-2+3", "@SUM(A1)", "\uff1d1+1", "'=1+1", "x,=1+1"),
    *(
        "_x0041_x0042_",
        "_x000D_",
        "#NAAM",
        "internal:Kosten!A1",
        "https://x.nl/?a=1&b=2",
        "mailto:b.nl",
        "[1]x.xls!A1",
    ),
    *("{{ 7 * 7 }} {% raw %}", "*vet* | `x`", ":smile: @naam #1 a5c3785", "⟦t1⟧", "twee\nregels", "%s {0} \\1"),
]
FREE = ("bijdrage_toelichting", "backlog", "contact")


@dataclass(frozen=True)
class Made:
    """What two runs made of the hostile delivery, of which the second one changed every text."""

    folder: Path
    stems: tuple[str, ...]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "inputs").mkdir()
    owners = list(read_register(REFERENCE / "gemeenten.csv"))[: len(HOSTILE)]
    for texts in (HOSTILE[::-1], HOSTILE):
        accepted = [
            {"gemeente": owner.name, "begeleiding": "zelf", "hosting": "saas", "bijdrage": "alternatief"}
            | dict.fromkeys(FREE, text)
            for owner, text in zip(owners, texts, strict=True)
        ]
        rejected = [{column.name: text for column in COLUMNS} for text in texts]
        rejected += [{**accepted[0], "gemeente": "", "gemeentecode": f"GM9{n:03}", column.name: text}
                     for n, text in enumerate(texts) for column in COLUMNS if column.name not in FREE]  # fmt: skip
        deliver(folder / "inputs" / "=1+1 <b> @naam, -x.csv", accepted)
        deliver(folder / "inputs" / "@SUM(A1) `x` {{ 7 }} & '.csv", rejected)
        where = (folder / "inputs", folder / "outputs", REFERENCE, ROOT / "templates")
        report(Settings(*where, date(2026, 1, 1), workers=1))
    return Made(folder / "outputs", tuple(owner.stem for owner in owners))


def deliver(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [column.name for column in COLUMNS], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def texts_of(path: Path, *sheets: str) -> Iterator[set[str]]:
    """The texts of each of these sheets of a workbook, as another library reads them."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    for sheet in sheets:
        yield {str(cell.value) for row in workbook[sheet].iter_rows() for cell in row if cell.data_type == "s"}
    workbook.close()


def parts_of(path: Path) -> dict[str, etree._Element]:
    with zipfile.ZipFile(path) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist()}


def test_every_part_of_every_workbook_can_be_read_and_no_text_is_markup(made: Made) -> None:
    for path in made.folder.rglob("*.xlsx"):
        parts = parts_of(path)
        strings = parts["xl/sharedStrings.xml"]
        assert {element.tag for element in strings.iter()} == {MAIN + tag for tag in ("sst", "si", "t")}
        for name, part in parts.items():
            outside = {target.get("Target") for target in part.iter() if target.get("TargetMode") == "External"}
            assert outside <= {"https://docs.signalen.org"}, f"{name}: not only the source of the tariff"


def test_every_text_is_in_the_workbook_of_its_municipality_as_it_was_written(made: Made) -> None:
    for stem, text in zip(made.stems, HOSTILE, strict=True):
        (texts,) = texts_of(made.folder / "gemeenten" / f"{stem}.xlsx", "Uitgangspunten")
        assert text in texts
        assert any(each.startswith("=1+1 <b> @naam, -x.csv, regel ") for each in texts)


def test_every_text_is_in_the_workbook_of_the_steering_group_as_it_was_written(made: Made) -> None:
    points, changes = texts_of(made.folder / "stuurgroep.xlsx", "Aandacht", "Wijzigingen")
    for text in HOSTILE:
        assert text in points, "as what is to be agreed, and as the municipality of a rejected row"
        assert any(f"backlog: {text} →" in change for change in changes), "as it was"
        assert any(f"→ {text}" in change for change in changes), "as it is"
    assert "@SUM(A1) `x` {{ 7 }} & '.csv" in points


def test_no_formula_comes_from_a_text(made: Made) -> None:
    first, *others = (made.folder / "gemeenten" / f"{stem}.xlsx" for stem in made.stems)
    assert [path for path in others if formulas(path) != formulas(first)] == []
    for formula in formulas(first) | formulas(made.folder / "stuurgroep.xlsx"):
        assert not [text for text in HOSTILE if text.lstrip("'{=+-@").rstrip("}") in formula]


def formulas(path: Path) -> set[str]:
    """All that a spreadsheet calculates: in cells, names, rules and charts."""
    kinds = {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
    every = (element for part in parts_of(path).values() for element in part.iter("*"))
    return {element.text or "" for element in every if etree.QName(element).localname in kinds}


def test_every_text_is_in_the_markdown_as_it_was_written_but_for_the_contact(made: Made) -> None:
    for stem, text in zip(made.stems, HOSTILE, strict=True):
        page = (made.folder / "gemeenten" / f"{stem}.md").read_text()
        tokens = MarkdownIt("gfm-like", {"html": True}).parse(page)
        inline = [part for token in tokens for part in token.children or ()]
        assert not {"html_inline", "html_block"} & {part.type for part in (*tokens, *inline)}
        shown = "".join(part.content for part in inline if part.type == "text").replace("\u200c", "")
        assert shown.count(" ".join(text.split())) >= 2, text


def test_no_cell_of_the_rejected_rows_acts(made: Made) -> None:
    text = (made.folder / "afgekeurd.csv").read_text(encoding="utf-8-sig")
    for separator in ";,\t|":
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\uff1d"))]
