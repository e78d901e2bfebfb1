"""Every total of the steering group is the sum over the municipalities' workbooks, read back from disk by openpyxl.

Those of a calendar year are the sums of that year in their projections; those that delivered themselves are counted,
and the illustrative ones only in the example of everyone.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.read_only import EmptyCell

from pipeline.documents.workbooks.words import COMPLETE
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.documents.test_summaries import plain, rows, section

FIGURES = {"Eenmalig": "eenmalig", "Jaarlijks": "jaarlijks", "Alle jaren": "looptijd"}
PARTS = {"Eenmalig": "Eenmalig", "Overig per jaar": "Overig jaarlijks", "Bijdrage": "Bijdrage", "Totaal": "Totaal"}
"""What is paid in a year: as the steering group's columns are called, and as those of a projection are."""
CLASSES = ["G4", "Groot", "Middelgroot", "Klein"]
PHASES = ["verkenning", "demo", "implementatie", "live", "niet opgegeven"]
GENERATED = 40

Book = Mapping[str, Any]
"""The cells of a municipality's workbook, by defined name, and its facts by what they are called in Verantwoording."""


@dataclass(frozen=True)
class Made:
    """What a run made: the workbooks, and the tables of the steering group's workbook and page."""

    every: tuple[Book, ...]
    tables: Mapping[str, list[dict[str, Any]]]
    page: str

    @property
    def books(self) -> tuple[Book, ...]:
        """Those whom all is about: who delivered themselves or, if nobody did, all."""
        return tuple(book for book in self.every if book["herkomst"] == "opgave") or self.every

    def rows(self, table: str, key: str) -> dict[Any, dict[str, Any]]:
        return {row[key]: row for row in self.tables[table]}


@pytest.fixture(scope="module", params=[pytest.param("shipped", marks=pytest.mark.thorough), *range(3)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("totals")
    (folder / "inputs").mkdir()
    if request.param == "shipped":
        for path in (ROOT / "inputs").glob("*.csv"):
            shutil.copy(path, folder / "inputs")
    else:
        (folder / "inputs" / "a.csv").write_text(generate(random.Random(request.param)), encoding="utf-8")
    outputs = folder / "outputs"
    report(Settings(folder / "inputs", outputs, REFERENCE, ROOT / "templates", date(2026, 1, 1), workers=1))
    books = tuple(read(path) for path in sorted((outputs / "gemeenten").glob("*.xlsx")))
    assert len(books) == (342 if request.param == "shipped" else GENERATED)
    steering = openpyxl.load_workbook(outputs / "stuurgroep.xlsx", data_only=True)
    tables: dict[str, list[dict[str, Any]]] = {}
    for sheet in steering.worksheets:
        for table in sheet.tables.values():
            headers, *cells = [[cell.value for cell in row] for row in sheet[table.ref]]
            tables[table.name] = [dict(zip(map(str, headers), row, strict=True)) for row in cells]
    return Made(books, tables, plain((outputs / "stuurgroep.md").read_text(encoding="utf-8")))


def generate(chance: random.Random) -> str:
    """A delivery in which every choice occurs, with amounts to the cent."""
    register = (REFERENCE / "gemeenten.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    header = "gemeentecode;begeleiding;begeleidingsuren;hosting;hosting_laag;hosting_hoog;bijdrage;afgestemd;in_natura;"
    lines = [header + "backlog;fase;startjaar;herkomst"]
    for row in chance.sample(register, GENERATED):
        low = chance.randint(0, 5_000_000)
        estimate = [low, low + chance.randint(0, 2_000_000)] if chance.random() < 0.4 else []
        lines.append(
            ";".join(
                [
                    row.split(",")[0],
                    chance.choice(["zelf", "extern"]),
                    chance.choice(["", "12,5", "80", "333,25"]),
                    chance.choice(["in huis", "hybride", "SaaS"]),
                    *([f"{cents // 100},{cents % 100:02d}" for cents in estimate] or ["", ""]),
                    chance.choice(["financieel", "alternatief", "geen"]),
                    chance.choice(["", "ja", "nee"]),
                    chance.choice(["", "stuurgroep", "productsturing"]),
                    chance.choice(["", "", "koppeling"]),
                    chance.choice(["", *PHASES[:-1]]),
                    chance.choice(["", "2027", "2029"]),
                    chance.choice(["", "opgave", "voorbeeld"]),
                ]
            )
        )
    return "\n".join(lines) + "\n"


def read(path: Path) -> Book:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells = {
        (name, cell.coordinate): cell.value
        for name in ("Keuzes", "Berekening", "Uitgangspunten")
        for row in book[name]
        for cell in row
        if not isinstance(cell, EmptyCell) and cell.value is not None
    }
    named = {}
    for name, defined in book.defined_names.items():
        sheet, _, address = defined.attr_text.rpartition("!")
        named[name] = cells.get((sheet.strip("'"), address.replace("$", "")))
    facts = {cells[where]: value for where, value in after(cells) if where[0] == "Uitgangspunten"}
    projection = list(book["Meerjarenraming"].iter_rows(values_only=True))
    headers = next(row for row in projection if row[0] == "Jaar")
    years = {row[0]: dict(zip(headers, row, strict=True)) for row in projection if isinstance(row[0], (int, float))}
    book.close()
    return named | facts | {"herkomst": facts["Herkomst van de keuzes"], "jaren": years}


def after(cells: Mapping[tuple[str, str], Any]) -> Iterable[tuple[tuple[str, str], Any]]:
    """Each cell of column A with the value to the right of it."""
    for sheet, address in cells:
        right = (sheet, "B" + address[1:])
        if address[0] == "A" and right in cells:
            yield (sheet, address), cells[right]


# --- Sums, as a controller makes them ---------------------------------------------------------------------------------


def euros(books: Iterable[Book], name: str) -> Decimal:
    return sum((Decimal(str(b[name])) for b in books if b[name] != "p.m."), Decimal(0))


def same(cell: Any, books: Iterable[Book], name: str, total: Decimal) -> None:
    """Whether a cell is a total, or p.m. if it misses something and has nothing else."""
    if cell == "p.m.":
        assert total == 0
        assert any(book[name] == "p.m." for book in books)
    else:
        assert Decimal(str(cell)) == total


def mark(books: Iterable[Book], figure: str) -> str:
    books = list(books)
    if all(book[f"{figure}_pm"] == COMPLETE for book in books):
        return COMPLETE
    return "+ p.m." if euros(books, f"{figure}_hoog") else "p.m."


def dutch(amount: Decimal, decimals: int) -> str:
    return f"{amount:,.{decimals}f}".replace(",", "x").replace(".", ",").replace("x", ".")


def phase(book: Book) -> str:
    return "niet opgegeven" if book["Fase"] == "geen opgave" else str(book["Fase"])


def groups(made: Made, labels: Iterable[str], of: Callable[[Book], str]) -> dict[str, list[Book]]:
    """The workbooks of each group, and all of them."""
    found = {label: [book for book in made.books if of(book) == label] for label in labels}
    assert sum(map(len, found.values())) == len(made.books)
    return found | {"Totaal": list(made.books)}


BY = {
    "Grootteklasse": (CLASSES, lambda book: book["grootteklasse"]),
    "Fase": (PHASES, phase),
}


# --- Calendar years ---------------------------------------------------------------------------------------------------


def in_year(books: Iterable[Book], year: int, header: str) -> list[Any]:
    """What stands in a column of the projections, of those that hold the year."""
    return [book["jaren"][year][header] for book in books if year in book["jaren"]]


def known(values: Iterable[Any]) -> Decimal:
    return sum((Decimal(str(value)) for value in values if value != "p.m."), Decimal(0))


@pytest.mark.parametrize("table", ["Jaren", "JarenIedereen"])
def test_each_calendar_year_is_the_sum_of_that_year_in_the_projections(made: Made, table: str) -> None:
    if table == "JarenIedereen" and table not in made.tables:
        assert len(made.books) == len(made.every)
        return
    books = made.books if table == "Jaren" else made.every
    window = sorted({year for book in made.every for year in book["jaren"]})
    shown = made.rows(table, "Jaar")
    assert list(shown) == [*window, "Alle jaren"]
    for year in window:
        assert shown[year]["Gemeenten"] == len(in_year(books, year, "Totaal laag"))
        for bound in ("laag", "hoog"):
            for header, of in PARTS.items():
                total = known(in_year(books, year, f"{of} {bound}"))
                if header == "Overig per jaar":  # in a projection SaaS is part of it
                    total -= known([shown[year][f"SaaS {bound}"]])
                assert known([shown[year][f"{header} {bound}"]]) == total
            saas = [book for book in books if book["hosting"] == "SaaS" and year in book["jaren"]]
            assert known([shown[year][f"SaaS {bound}"]]) == euros(saas, f"kosten_hosting_{bound}")
        missing = any(mark != COMPLETE for mark in in_year(books, year, "P.m."))
        assert (shown[year]["Totaal p.m."] != COMPLETE) == missing
    for bound in ("laag", "hoog"):
        assert known([shown["Alle jaren"][f"Totaal {bound}"]]) == euros(books, f"looptijd_{bound}")
    assert shown["Alle jaren"]["Gemeenten"] == len(books)


@pytest.mark.parametrize(("table", "figures"), [("PerJaar", "Jaren"), ("PerJaarIedereen", "JarenIedereen")])
def test_the_first_sheet_says_those_sums_in_words(made: Made, table: str, figures: str) -> None:
    if figures not in made.tables:
        assert table not in made.tables
        return
    shown, counted = made.rows(table, "Jaar"), made.rows(figures, "Jaar")
    assert list(shown) == list(counted)
    for year, row in shown.items():
        for header in (*PARTS, "SaaS"):
            low, high, said = (counted[year][f"{header} {end}"] for end in ("laag", "hoog", "p.m."))
            assert row[header].replace("\N{NO-BREAK SPACE}", " ") == in_words(low, high, said)


def in_words(low: Any, high: Any, said: str) -> str:
    """An amount as the first sheet says it, in whole euros."""
    if said == "p.m.":
        return "onbekend"
    ends = [dutch(Decimal(str(end)).quantize(Decimal(1), ROUND_HALF_UP), 0) for end in (low, high)]
    return f"minimaal € {ends[0]}" if said == "+ p.m." else f"€ {'–'.join(dict.fromkeys(ends))}"


# --- Groups -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "by"), [("Klassen", "Grootteklasse"), ("Fasen", "Fase")])
def test_the_key_figures_of_each_group_are_the_sums_of_its_workbooks(made: Made, table: str, by: str) -> None:
    shown = made.rows(table, by)
    for label, books in groups(made, *BY[by]).items():
        row = shown[label]
        assert row["Gemeenten"] == len(books)
        assert row["Met p.m."] == sum(book["looptijd_pm"] != COMPLETE for book in books)
        for header, figure in FIGURES.items():
            assert row[f"{header} p.m."] == mark(books, figure)
            for bound in ("laag", "hoog"):
                same(row[f"{header} {bound}"], books, f"{figure}_{bound}", euros(books, f"{figure}_{bound}"))


def test_contributions_are_the_sums_of_the_workbooks(made: Made) -> None:
    shown = made.rows("Bijdragen", "Grootteklasse")
    tariff = {"G4": 40_000, "Groot": 20_000, "Middelgroot": 12_500, "Klein": 2_500}
    for label, books in groups(made, *BY["Grootteklasse"]).items():
        paying = [book for book in books if book["bijdrage"] == "financieel"]
        other = [book for book in books if book["bijdrage"] == "alternatief"]
        agreed = [book for book in other if book["Alternatieve bijdrage afgestemd"] == "ja"]
        live = [book for book in paying if phase(book) == "live"]
        assert list(shown[label].values())[1:] == [
            len(books),
            sum(tariff[book["grootteklasse"]] for book in books),
            euros(paying, "kosten_bijdrage_laag"),
            euros(live, "kosten_bijdrage_laag"),
            len(paying),
            len(agreed),
            len(other) - len(agreed),
            len(books) - len(paying) - len(other),
            sum(book["in_natura"] != "nee" for book in books),
        ]


def test_what_the_market_is_asked_for_is_the_sum_of_the_workbooks(made: Made) -> None:
    shown = made.rows("Markt", "Jaar")
    for year in shown:
        books = [book for book in made.books if year in (book["startjaar"], "Alle jaren")]
        guided = [book for book in books if book["begeleiding"] == "extern" and phase(book) != "live"]
        saas = [b for b in made.books if b["hosting"] == "SaaS" and (year == "Alle jaren" or year in b["jaren"])]
        assert [Decimal(str(value)) for value in list(shown[year].values())[1:]] == [
            *(len(books), len(guided), euros(guided, "begeleidingsuren"), euros(guided, "kosten_begeleiding_laag")),
            len(saas),
        ]


def test_the_visible_rows_come_to_all_workbooks_when_nobody_filters(made: Made) -> None:
    (row,) = made.tables["ZichtbareRegels"]
    assert row["Gemeenten"] == len(made.every)
    for header in ("Eenmalig", "Jaarlijks"):
        for bound in ("laag", "hoog"):
            assert Decimal(str(row[f"{header} {bound}"])) == euros(made.every, f"{FIGURES[header]}_{bound}")


def test_what_lapses_is_the_sum_of_the_workbooks(made: Made) -> None:
    shown = made.rows("Vervalt", "Jaar")
    ggu_year = made.tables["GGUInvoer"][0]["Waarde"]
    assert ggu_year == 2027  # the year after the reference date
    paying = [book for book in made.books if book["bijdrage"] == "financieel"]
    paid = {year: known(in_year(paying, year, "Bijdrage laag")) for year in shown if year != "Alle jaren"}
    lapses = {year: amount if year >= ggu_year else 0 for year, amount in paid.items()}
    assert {year: list(row.values())[1:] for year, row in shown.items()} == {
        **{year: [paid[year], lapses[year]] for year in paid},
        "Alle jaren": [sum(paid.values()), sum(lapses.values())],
    }


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_the_same_sums(made: Made) -> None:
    name = "gemeenten die zelf aanleverden" if len(made.books) < len(made.every) else "Rekenvoorbeeld"
    years, parts = next(s for s in made.page.split("\n## ") if name in s.partition("\n")[0]).split("| Jaar | Eenm")
    totals, split = rows(years), rows("| Jaar | Eenm" + parts)
    for year, row in made.rows("PerJaar", "Jaar").items():
        if row["Gemeenten"]:
            counted = made.rows("Jaren", "Jaar")[year]
            headers = ("Totaal", "Eenmalig", "SaaS", "Overig per jaar", "Bijdrage")
            said = [
                in_markdown(*(counted[f"{header} {end}"] for end in ("laag", "hoog", "p.m."))) for header in headers
            ]
            assert [*totals[str(year)], *split[str(year)]] == [str(row["Gemeenten"]), *said]
    for heading, by in (("Per grootteklasse", "Grootteklasse"), ("Hoe ver gemeenten zijn", "Fase")):
        shown = rows(section(made.page, heading))
        for row in made.tables["Klassen" if by == "Grootteklasse" else "Fasen"]:
            if row[by] in shown and row[by] != by:
                ends = ("laag", "hoog", "p.m.")
                said = [in_markdown(*(row[f"{header} {end}"] for end in ends)) for header in FIGURES]
                amounts = said if row["Gemeenten"] else ["n.v.t."] * len(FIGURES)
                assert shown[row[by]] == [str(row["Gemeenten"]), str(row["Met p.m."]), *amounts]


def in_markdown(low: Any, high: Any, said: str) -> str:
    if said == "p.m.":
        return "onbekend"
    return f"minimaal {amount(low)}" if said == "+ p.m." else amount(low, high)


def test_the_page_and_the_workbook_show_the_same_of_contributions_market_and_ggu(made: Made) -> None:
    contributions = rows(section(made.page, "Hoe gemeenten bijdragen"))
    for row in made.tables["Bijdragen"]:
        label, number, asked, pledged, _, *numbers = row.values()
        assert contributions[label] == [str(number), amount(asked), amount(pledged), *map(str, numbers)]
    market = rows(section(made.page, "Markt"))
    for row in made.tables["Markt"]:
        year, starting, guided, hours, value, saas = row.values()
        if str(year) in market:
            assert market[str(year)] == [
                *(str(starting), str(guided), dutch_number(hours), amount(value), str(saas)),
            ]
    lapsing, sharing = section(made.page, "GGU").split("Dragen alle gemeenten")
    for row in made.tables["Vervalt"]:
        year, paid, lapses = row.values()
        if str(year) in rows(lapsing):
            assert rows(lapsing)[str(year)] == [amount(paid), amount(lapses)]
    for row in made.tables["Verdeling"]:
        label, number, inhabitants, *cells = list(row.values())[:8]
        assert rows(sharing)[label] == [str(number), dutch_number(inhabitants), *map(amount, cells)]
    ggu_year, _, per_thousand = (row["Waarde"] for row in made.tables["GGUInvoer"])
    assert f"De GGU betaalt vanaf {ggu_year} " in lapsing
    assert f"dan is dat {amount(per_thousand)} per 1.000 inwoners" in sharing


def amount(low: Any, high: Any = None) -> str:
    """An amount of the workbook as the page shows it."""
    if low == "n.v.t.":
        return str(low)
    bounds = [Decimal(str(bound)) for bound in (low, low if high is None else high)]
    decimals = 0 if all(bound == int(bound) for bound in bounds) else 2
    return f"€ {'–'.join(dict.fromkeys(dutch(bound, decimals) for bound in bounds))}"


def dutch_number(number: Any) -> str:
    value = Decimal(str(number)).normalize()
    return dutch(value, max(0, -int(value.as_tuple().exponent)))


def test_each_municipality_has_a_row_with_the_amounts_of_its_own_workbook(made: Made) -> None:
    shown = made.rows("Gemeenten", "Gemeentecode")
    assert len(shown) == len(made.every)
    for book in made.every:
        row = shown[book["Gemeentecode"]]
        assert row["Herkomst"] == book["herkomst"]
        for header, figure in FIGURES.items():
            for part, name in (("laag", "laag"), ("hoog", "hoog"), ("p.m.", "pm")):
                assert row[f"{header} {part}"] == book[f"{figure}_{name}"]
