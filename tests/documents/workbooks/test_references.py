"""A workbook of which a cell refers to what is not there, or has no value, is refused by the name of that cell."""

from __future__ import annotations

import re
from operator import itemgetter

import pytest

from pipeline.documents.workbooks.cells import Again, Calculated, Fixed, Given, Input, Rule, chosen_from
from pipeline.documents.workbooks.sheets import Block, Chart, Column, Line, Link, Range, Table
from pipeline.documents.workbooks.writer import write
from pipeline.errors import WorkbookError
from tests.documents.workbooks.small import columns, placed

PM = Line(Fixed("p.m.", name="tekst_pm"))
ROWS = [[Fixed(1), Fixed(2)], [Fixed(3), Fixed(4)]]
TABLE = Table("Tabel", columns("Laag", "Hoog"), ROWS, ranges={"reeks": Range("Laag", 0, 2)})


def formula(text: str) -> Line:
    return Line(Calculated(text, 1))


def chart(categories: str = "reeks", low: str = "reeks") -> Chart:
    return Chart("Titel", "x", "y", categories, "Een grafiek.", low)


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (formula("tekst_pn"), "Blad!A6 refers to tekst_pn"),
        (formula("SUM(reeks)+N(kosten_opleiding_laag)"), "Blad!A6 refers to kosten_opleiding_laag"),
        (formula('IF(tekst_pm="nee",1,)+nergens'), "Blad!A6 refers to nergens"),
        (formula("SUM(Tabel[Middel])"), "Blad!A6 refers to Tabel[Middel]"),
        (formula("Tabel[[#This Row],[Middel]]"), "Blad!A6 refers to Tabel[Middel]"),
        (formula("COUNTIFS(Tafel[[#All],[Laag]],1)"), "Blad!A6 refers to Tafel[Laag]"),
        (Line(Again("nergens")), "Blad!A6 refers to nergens"),
        (
            Line(Input("invoer", Rule({"validate": "list", "source": "=lijst"}, "Titel", "Bericht"), "ja")),
            "Blad!A6 refers to lijst",
        ),
        (
            Table("Ander", [Column("A"), Column("B", rule=chosen_from("lijst", "B"))], [ROWS[0]]),
            "Blad!B6 refers to lijst",
        ),
        (chart(low="nergens"), "Blad!A6 refers to nergens"),
        (chart(categories="nergens"), "Blad!A6 refers to nergens"),
        (Link("Verder", "Elders"), "Blad!A6 leads to the sheet Elders"),
        (Line(Fixed("nog eens", name="tekst_pm")), "Blad!$A$6 has the name tekst_pm, and so has ='Blad'!$A$5"),
        (Table("Ander", columns("A", "B"), [[Fixed(1)]]), "Blad!B7 does not fit: the table Ander has 2 columns"),
        (Table("Ander", columns("A"), [ROWS[0]]), "Blad!B7 does not fit: the table Ander has 1 columns"),
        (Line(Given(itemgetter("nergens"))), "Blad!A6 has no value (KeyError('nergens'))"),
        (Line(Given(lambda about: about.nergens)), "Blad!A6 has no value (AttributeError"),
        (Line(Given(lambda about: about.get("nergens"))), "Blad!A6 has no value"),
        (Line(Calculated("1+1", lambda about: about.get("nergens"))), "Blad!A6 has no value"),
        (
            Table("Ander", [Column("A", cell=Given(str))], [1, 2], of=lambda _: [1]),
            "Blad: the table Ander has 2 rows for 1 things to show",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_not_there_is_refused_by_sheet_and_cell(block: Block, what: str) -> None:
    with pytest.raises(WorkbookError, match=re.escape(what)):
        write(placed(TABLE, PM, block), {})


def test_texts_numbers_functions_and_what_is_there_are_no_reason_to_refuse() -> None:
    rightly = (
        'IF(AND(TRUE,tekst_pm="nergens [A] te(zien)"),ROUND(1.5E3*2,2),SUM(reeks)+N(Tabel[Laag]))',
        'COUNTIFS(Tabel[[#All],[Hoog]],"<>"&tekst_pm)+SUBTOTAL(109,Tabel[[#All],[Laag]])',
    )
    assert write(placed(TABLE, PM, *map(formula, rightly), Line(Again("tekst_pm")), chart(), Link("Hier", "Blad")), {})
