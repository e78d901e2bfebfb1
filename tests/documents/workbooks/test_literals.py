"""No formula in a cell holds a word: words are cells, so that none can come from a delivery."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from click.testing import CliRunner

from pipeline.cli import main
from pipeline.documents.workbooks.cells import Calculated, Fixed
from pipeline.documents.workbooks.literals import TABLE, name_words
from pipeline.documents.workbooks.placed import place
from pipeline.documents.workbooks.sheets import Block, Book, Column, Line, Sheet, Table
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.writer import write
from tests.conftest import REFERENCE
from tests.documents.workbooks.engine import Parts, recalculate

LITERAL, WORD = re.compile(r'"((?:[^"]|"")*)"'), re.compile(r"[^\W\d_]{2}")


def book(*blocks: Block) -> Book:
    return Book([Sheet("Blad", blocks)], "titel", "onderwerp", "auteur", "woorden", date(2026, 1, 1))


def worded(parts: Parts) -> list[str]:
    """The formulas in which a word stands."""
    return [formula for formula in parts.formulas.values() if any(map(WORD.search, LITERAL.findall(formula)))]


def calculated(formula: str) -> Calculated:
    return Calculated(formula, "x", Style.TEXT)


def test_a_formula_gives_the_same_with_its_words_in_cells(tmp_path: Path) -> None:
    rows = [[calculated('IF(keuze="extern","een ""woord""","")'), calculated('"€ "&REPT("Extern",2)&keuze&"–"')]]
    table = Table("Tabel", [Column("A", 20), Column("B", 20)], rows)
    described = name_words(book(Line(Fixed("extern", name="keuze")), table), "Woorden")
    parts = Parts(write(place(described), None))
    assert worded(parts) == []
    computed = recalculate(parts, tmp_path, {})
    assert [computed["Blad", cell] for cell in ("A4", "B4")] == ['een "woord"', "€ ExternExternextern–"]


def test_a_name_is_unlike_any_other_and_holds_no_whole_long_word() -> None:
    named = Line(Fixed("x", name="tekst_financ"))
    formulas = [calculated(f'"{text}"') for text in ("financieel", "Financieel", "financieel!", "een twee drie vier")]
    described = name_words(book(named, *map(Line, formulas)), "Woorden")
    table = described.sheets[-1].blocks[-1]
    assert isinstance(table, Table)
    assert table.name == TABLE
    names = [cell.name for (cell,) in table.cells if isinstance(cell, Fixed)]
    assert names == ["tekst_financ_2", "tekst_financ_3", "tekst_financ_4", "tekst_een_twee_drie"]


def test_no_formula_of_a_report_holds_a_word(tmp_path: Path) -> None:
    (tmp_path / "inputs").mkdir()
    rows = "Zeist;extern;saas;financieel;demo\nEde;zelf;hybride;alternatief;live\n"
    (tmp_path / "inputs" / "a.csv").write_text(f"gemeente;begeleiding;hosting;bijdrage;fase\n{rows}", encoding="utf-8")
    folders = ("--inputs", tmp_path / "inputs", "--reference", REFERENCE, "--outputs", tmp_path / "outputs")
    assert CliRunner().invoke(main, ["report", *map(str, folders)]).exit_code == 0
    found = list((tmp_path / "outputs").rglob("*.xlsx"))
    assert len(found) == 3
    for path in found:
        parts = Parts(path.read_bytes())
        assert len(parts.formulas) > 100
        assert worded(parts) == []
