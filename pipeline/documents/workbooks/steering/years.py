"""What municipalities come to in each calendar year, by formula: in figures, and in words for the first sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from msgspec import Struct

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed
from pipeline.documents.workbooks.formulas import bounded, mark, marked, plus, this_row, unless_pm
from pipeline.documents.workbooks.municipality.wording import Worded
from pipeline.documents.workbooks.sheets import Chart, Column, Table
from pipeline.documents.workbooks.steering.formulas import COUNTED, INCOMPLETE, Criterion, add, count
from pipeline.documents.workbooks.steering.words import ALL, MARK, PARTS, START, YEAR, cell_name
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, HIGH, LOW
from pipeline.model.amounts import Amount
from pipeline.model.tariffs import Tariff
from pipeline.results.overview import Overview, Together
from pipeline.results.years import YearSums

ALL_YEARS = "Alle jaren"
HORIZON, GGU_YEAR = "looptijd_jaren", "tarief_ggu_jaar"


def nths(tariff: Tariff) -> Sequence[int]:
    """The years of a projection that differ in price: all, or only the first if nothing is indexed."""
    return range(int(tariff.horizon.value)) if tariff.indexation.value else (0,)


def of_nth(header: str, nth: int) -> str:
    """The column of municipalities with a yearly amount, in the first or a later year of the projection."""
    return f"{header}, jaar {nth + 1}" if nth else header


class Years(Struct, frozen=True):
    """A table with a row for each calendar year: of those counted, or of everyone.

    `table` is what it is called, as the names of its cells begin with `key`; `met` are the criteria of whom it counts,
    and `of` says what they come to.
    """

    table: str
    key: str
    met: tuple[Criterion, ...]
    of: Callable[[Overview], Together]

    def there(self, year: str) -> tuple[Criterion, ...]:
        """Whose projection holds a year."""
        return *self.met, (START, f'"<="&{year}'), (START, f'">"&{year}-{HORIZON}')

    def starting(self, year: str) -> tuple[Criterion, ...]:
        """Who begins in a year."""
        return *self.met, (START, year)

    def range(self, header: str) -> str:
        """The name over the years of a column."""
        return cell_name(self.key, header)

    def in_all(self, header: str) -> str:
        """The name of the cell with the sum of a column."""
        return cell_name(self.key, ALL, header)

    def subjects(self, overview: Overview) -> list[YearSums]:
        """What each row is about, the sum included."""
        together = self.of(overview)
        return [*together.years.values(), together.all_years]


OWN = Years("Jaren", "jaar", (COUNTED,), attrgetter("counted"))
EVERYONE = Years("JarenIedereen", "iedereen", (), attrgetter("everyone"))

CHART = Chart(
    rows=14,
    title="Kosten per jaar, van laag tot hoog (zonder p.m.)",
    category_title=YEAR,
    value_title="Euro",
    categories=OWN.range(YEAR),
    low=OWN.range(f"{ALL} {LOW}"),
    spread=OWN.range("Verschil"),
    alt="Gestapelde kolommen: per kalenderjaar de lage raming van alle kosten samen en daarboven het verschil met de "
    "hoge. De bedragen staan in de tabel ernaast.",
)


def in_figures(years: Years, window: Sequence[int], tariff: Tariff) -> Table:
    """The table with the amounts of each year, low, high and p.m., on the screen only."""
    year = this_row(years.table, YEAR)
    everyone = count(*(years.met or ((START, '">0"'),)))
    number = attrgetter("municipalities")
    columns = [
        Column(YEAR, 0, lambda each: Fixed(each, Style.YEAR_LEFT), Fixed(ALL_YEARS), years.range(YEAR)),
        Column(
            "Gemeenten",
            0,
            Calculated(count(*years.there(year)), number, Style.INTEGER),
            Calculated(everyone, number, Style.INTEGER, years.in_all("Gemeenten")),
            years.range("Gemeenten"),
        ),
    ]
    for key, header in PARTS.items():
        columns += _amount(years, header, _added(years, key, tariff), _missing(years, key, tariff), attrgetter(key))
    cells = {part: [this_row(years.table, f"{header} {part}") for header in PARTS.values()] for part in (*BOUNDS, MARK)}
    sums = {bound: f"ROUND({plus(cells[bound])},2)" for bound in BOUNDS}
    missing = f"OR({','.join(f'{cell}<>tekst_volledig' for cell in cells[MARK])})"
    columns += _amount(years, ALL, sums, missing, attrgetter("total"))
    low, high = (this_row(years.table, f"{ALL} {bound}") for bound in BOUNDS)
    spread = Calculated(f"N({high})-N({low})", attrgetter("total.spread"))
    columns.append(Column("Verschil", 0, spread, spread, years.range("Verschil")))
    return Table(years.table, columns, list(window), of=years.subjects)


def _added(years: Years, key: str, tariff: Tariff) -> Mapping[str, str]:
    """The formulas for both ends of a part of a year's costs."""
    year, header = this_row(years.table, YEAR), PARTS[key]

    def formula(bound: str) -> str:
        if key == "once":
            return add(f"{header} {bound}", *years.starting(year))
        if not tariff.indexation.value:
            return add(f"{header} {bound}", *years.there(year))
        each = (
            add(of_nth(f"{header} {bound}", nth), *years.met, (START, f"{year}-{nth}" if nth else year))
            for nth in nths(tariff)
        )
        return f"ROUND({'+'.join(each)},2)"

    return {bound: _if_asked(year, formula(bound)) if key == "contribution" else formula(bound) for bound in BOUNDS}


def _if_asked(year: str, formula: str) -> str:
    """What counts as long as the contribution is asked."""
    return f"IF(OR(N({GGU_YEAR})=0,{year}<N({GGU_YEAR})),{formula},0)"


def _missing(years: Years, key: str, _tariff: Tariff) -> str:
    """The condition that a part of a year's costs misses something."""
    year = this_row(years.table, YEAR)
    there = years.starting(year) if key == "once" else years.there(year)
    number = count(*there, (f"{PARTS[key]} {MARK}", INCOMPLETE))
    return f"{_if_asked(year, number) if key == 'contribution' else number}>0"


def _amount(
    years: Years, header: str, formulas: Mapping[str, str], missing: str, amount: Callable[[Any], Amount]
) -> list[Column]:
    """The low, high and p.m. column of an amount, with their sums over the years."""
    name, total_name = years.range(header), years.in_all(header)
    marker, sum_ = this_row(years.table, f"{header} {MARK}"), f"ROUND(SUM({name}_@),2)"
    in_all = mark(f"SUMPRODUCT(1*({name}_pm<>tekst_volledig))>0", sum_.replace("@", HIGH))  # also of one year
    low_high = bounded(
        header,
        0,
        lambda _, bound: unless_pm(marker, formulas[bound]),
        amount,
        name=name,
        total=unless_pm(f"{total_name}_pm", sum_),
        total_name=total_name,
    )
    said = f"IF({missing},IF({formulas[HIGH]}=0,tekst_pm,tekst_plus_pm),tekst_volledig)"
    return [
        *low_high,
        Column(f"{header} {MARK}", 0, marked(said, amount), marked(in_all, amount, total_name), f"{name}_pm"),
    ]


# --- In words ---------------------------------------------------------------------------------------------------------


def worded(years: Years, window: Sequence[int]) -> Iterator[Worded]:
    """The amounts of each year and of all, in words."""
    for key, header in {**PARTS, "total": ALL}.items():
        for place, year in enumerate(window, 1):
            low, high, marks = (_nth(f"{years.range(header)}_{end}", place, window) for end in (LOW, HIGH, "pm"))
            yield Worded(_said(years, key, year), f"{header} {year}", _in(years, key, year), low, high, marks)
        low, high, marks = (f"{years.in_all(header)}_{end}" for end in (LOW, HIGH, "pm"))
        yield Worded(_said(years, key), f"{header}, alle jaren", _in(years, key), low, high, marks)


def _nth(name: str, place: int, window: Sequence[int]) -> str:
    """The cell at a place (from 1) of a name over the years; not every program takes one cell for a range of one."""
    return f"INDEX({name},{place})" if len(window) > 1 else name


def zin(years: Years, key: str, year: int | None = None) -> str:
    """The name of the cell with an amount in words."""
    return f"zin_{_said(years, key, year)}"


def _said(years: Years, key: str, year: int | None = None) -> str:
    return f"{years.key}_{key}_{year or 'alle'}"


def _in(years: Years, key: str, year: int | None = None) -> Callable[[Any], Amount]:
    def amount(overview: Overview) -> Amount:
        together = years.of(overview)
        found: Amount = getattr(together.all_years if year is None else together.years[year], key)
        return found

    return amount


def number_of(years: Years, window: Sequence[int], year: int | None = None) -> Cell:
    """How many municipalities count in a year, or in all."""
    if year is None:
        return Calculated(years.in_all("Gemeenten"), lambda of: years.of(of).all_years.municipalities, Style.INTEGER)
    formula = _nth(years.range("Gemeenten"), window.index(year) + 1, window)
    return Calculated(formula, lambda of: years.of(of).years[year].municipalities, Style.INTEGER)
