"""Every total of the steering group is the sum over the municipalities' workbooks, read back from disk by openpyxl."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.read_only import EmptyCell

from pipeline.documents.workbooks.words import COMPLETE
from pipeline.run import Settings, report
from tests.conftest import REFERENCE, ROOT
from tests.documents.test_summaries import plain, rows, section

FIGURES = {"Eenmalig": "eenmalig", "Jaarlijks": "jaarlijks", "Eerste jaar": "eerste_jaar", "Looptijd": "looptijd"}
CLASSES = ["G4", "Groot", "Middelgroot", "Klein"]
PHASES = ["verkenning", "demo", "implementatie", "live", "niet opgegeven"]
GENERATED = 40

Book = Mapping[str, Any]
"""The cells of a municipality's workbook, by defined name, and its facts by what they are called in Verantwoording."""


@dataclass(frozen=True)
class Made:
    """What a run made: the workbooks, and the tables of the steering group's workbook and page."""

    books: tuple[Book, ...]
    tables: Mapping[str, list[dict[str, Any]]]
    page: str

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
    lines = [header + "backlog;fase;startjaar"]
    for row in chance.sample(register, GENERATED):
        low = chance.randint(0, 5_000_000)
        estimate = [low, low + chance.randint(0, 2_000_000)] if chance.random() < 0.4 else []
        lines.append(
            ";".join(
                [
                    row.split(",")[0],
                    chance.choice(["zelf", "extern"]),
                    chance.choice(["", "12,5", "80", "333,25"]),
                    chance.choice(["in huis", "hybride", "saas"]),
                    *([f"{cents // 100},{cents % 100:02d}" for cents in estimate] or ["", ""]),
                    chance.choice(["financieel", "alternatief", "geen"]),
                    chance.choice(["", "ja", "nee"]),
                    chance.choice(["", "stuurgroep", "productsturing"]),
                    chance.choice(["", "", "koppeling"]),
                    chance.choice(["", *PHASES[:-1]]),
                    chance.choice(["", "2027", "2029"]),
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
    book.close()
    return named | facts


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


def in_markdown(books: Iterable[Book], figure: str) -> str:
    books = list(books)
    low, high = (euros(books, f"{figure}_{bound}") for bound in ("laag", "hoog"))
    said = mark(books, figure)
    if said == "p.m.":
        return "onbekend"
    if said == "+ p.m.":
        return f"minimaal {amount(low)}"
    return amount(low, high)


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


# --- The workbook -----------------------------------------------------------------------------------------------------


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


def test_the_first_sheet_repeats_those_sums(made: Made) -> None:
    shown = made.rows("Kengetallen", "Kengetal")
    figures = dict(zip(shown, FIGURES.values(), strict=True))
    for label, figure in figures.items():
        assert shown[label]["P.m."] == mark(made.books, figure)
        for bound in ("Laag", "Hoog"):
            name = f"{figure}_{bound.lower()}"
            same(shown[label][bound], made.books, name, euros(made.books, name))


@pytest.mark.parametrize(("table", "by"), [("BijdragenPerKlasse", "Grootteklasse"), ("BijdragenPerFase", "Fase")])
def test_contributions_are_the_sums_of_the_workbooks(made: Made, table: str, by: str) -> None:
    shown = made.rows(table, by)
    for label, books in groups(made, *BY[by]).items():
        paying = [book for book in books if book["bijdrage"] == "financieel"]
        other = [book for book in books if book["bijdrage"] == "alternatief"]
        agreed = [book for book in other if book["Alternatieve bijdrage afgestemd"] == "ja"]
        live = [book for book in paying if phase(book) == "live"]
        assert list(shown[label].values())[1:] == [
            len(books),
            len(paying),
            euros(paying, "kosten_bijdrage_laag"),
            euros(live, "kosten_bijdrage_laag"),
            len(agreed),
            len(other) - len(agreed),
            len(books) - len(paying) - len(other),
            sum(book["in_natura"] == "ja" for book in books),
        ]


def test_what_the_market_is_asked_for_is_the_sum_of_the_workbooks(made: Made) -> None:
    shown = made.rows("Markt", "Startjaar")
    years = sorted({book["startjaar"] for book in made.books})
    assert list(shown) == [*years, "andere jaren", "Totaal"]
    for year in (*years, "Totaal"):
        books = [book for book in made.books if year in (book["startjaar"], "Totaal")]
        guided = [book for book in books if book["begeleiding"] == "extern" and phase(book) != "live"]
        saas = [book for book in books if book["hosting"] == "saas"]
        low, high = (euros(saas, f"kosten_hosting_{bound}") for bound in ("laag", "hoog"))
        assert [Decimal(str(value)) for value in list(shown[year].values())[1:]] == [
            *(len(books), len(guided), euros(guided, "begeleidingsuren"), euros(guided, "kosten_begeleiding_laag")),
            *(len(saas), low, high, high - low),
        ]


def test_the_visible_rows_come_to_all_workbooks_when_nobody_filters(made: Made) -> None:
    (row,) = made.tables["ZichtbareRegels"]
    assert row["Gemeenten"] == len(made.books)
    for header, figure in FIGURES.items():
        for bound in ("laag", "hoog"):
            assert Decimal(str(row[f"{header} {bound}"])) == euros(made.books, f"{figure}_{bound}")
    assert Decimal(str(row["Bijdrage per jaar"])) == euros(made.books, "kosten_bijdrage_laag")


def test_what_lapses_is_the_sum_of_the_workbooks(made: Made) -> None:
    inputs = [row["Waarde"] for row in made.tables["GGUInvoer"]]
    year, last = inputs[0], inputs[-1]
    assert (year, last) == (2027, 2030)  # the year after the reference date; five years from that of the reference date
    shown = made.rows("Vervalt", "Grootteklasse")
    for label, books in groups(made, *BY["Grootteklasse"]).items():
        paying = [book for book in books if book["bijdrage"] == "financieel"]
        later = [max(0, last - max(book["startjaar"], year) + 1) for book in paying]
        pays = [Decimal(str(book["kosten_bijdrage_laag"])) for book in paying]
        assert list(shown[label].values())[1:] == [
            len(paying),
            sum(pays),
            sum(years * euros for years, euros in zip(later, pays, strict=True)),
        ]


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_the_same_sums(made: Made) -> None:
    figures = rows(section(made.page, "In cijfers"))
    for header, figure in FIGURES.items():
        label = "Totaal over 5 jaar" if header == "Looptijd" else header
        assert figures[label] == [in_markdown(made.books, figure)]
    for by, (labels, of) in BY.items():
        shown = rows(section(made.page, f"Per {by.lower()}"))
        for label, books in groups(made, labels, of).items():
            incomplete = sum(book["looptijd_pm"] != COMPLETE for book in books)
            amounts = [in_markdown(books, figure) if books else "n.v.t." for figure in FIGURES.values()]
            assert shown[label] == [str(len(books)), str(incomplete), *amounts]
    contributions = rows(section(made.page, "Bijdragen"))
    for label, books in groups(made, *BY["Grootteklasse"]).items():
        paying = [book for book in books if book["bijdrage"] == "financieel"]
        brought_in = f"€ {dutch(euros(paying, 'kosten_bijdrage_laag'), 0)}"
        assert contributions[label][:3] == [str(len(books)), str(len(paying)), brought_in]


def test_the_page_and_the_workbook_show_the_same_of_contributions_market_and_ggu(made: Made) -> None:
    contributions = rows(section(made.page, "Bijdragen"))
    for table in ("BijdragenPerFase", "BijdragenPerKlasse"):
        for row in made.tables[table]:
            label, *cells = row.values()
            if label != "Totaal":
                assert contributions[label] == [*map(str, cells[:2]), *map(amount, cells[2:4]), *map(str, cells[4:])]
    market = rows(section(made.page, "Markt"))
    for row in made.tables["Markt"]:
        if row["Startjaar"] != "andere jaren":
            number, guided, hours, value, saas, low, high, _ = list(row.values())[1:]
            assert market[str(row["Startjaar"])] == [
                *(str(number), str(guided), dutch_number(hours), amount(value), str(saas), amount(low, high)),
            ]
    lapsing, sharing = section(made.page, "GGU").split("Dragen alle gemeenten")
    for row in made.tables["Vervalt"]:
        label, number, yearly, in_horizon = row.values()
        assert rows(lapsing)[label] == [str(number), amount(yearly), amount(in_horizon)]
    for row in made.tables["Verdeling"]:
        label, number, inhabitants, *cells = list(row.values())[:8]
        assert rows(sharing)[label] == [str(number), dutch_number(inhabitants), *map(amount, cells)]
    inputs = {row["Uitgangspunt"]: row["Waarde"] for row in made.tables["GGUInvoer"]}
    assert f"De GGU betaalt vanaf {next(iter(inputs.values()))} " in lapsing
    (per_thousand,) = made.tables["PerInwoner"]
    assert f"dan is dat {amount(per_thousand['Euro per jaar'])} per\n1.000 inwoners" in sharing


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
    assert len(shown) == len(made.books)
    for book in made.books:
        row = shown[book["Gemeentecode"]]
        for header, figure in FIGURES.items():
            for part, name in (("laag", "laag"), ("hoog", "hoog"), ("p.m.", "pm")):
                assert row[f"{header} {part}"] == book[f"{figure}_{name}"]
