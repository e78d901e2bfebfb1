"""Meerjarenraming: every year of the horizon, and what of it stands where in the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from pipeline.documents.workbooks.cells import Calculated, Fixed
from pipeline.documents.workbooks.formulas import bounded, mark, marked, plus, this_row, unless_pm
from pipeline.documents.workbooks.municipality.budget import budget
from pipeline.documents.workbooks.municipality.lines import incomplete, line_names
from pipeline.documents.workbooks.sheets import Column, Line, Range, Sheet, Table, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, NO, NOT_APPLICABLE, YES, yes_no
from pipeline.model.amounts import total
from pipeline.model.indication import Assumptions, Indication, Year
from pipeline.model.items import CONTRIBUTION, Period
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts
from pipeline.results.cost_sharing import WRITTEN_OUT

TABLE = "Jaren"


class Shown(NamedTuple):
    """What a row is about."""

    year: Year
    assumed: Assumptions


def projection(tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with a row for each year of the horizon, and the budget of its first years."""
    years, columns = range(1, int(tariff.horizon.value) + 1), [*_facts(), *_amounts(tariff)]
    return Sheet(
        "Meerjarenraming",
        [
            note(texts.say("raming.uitleg", ggu=WRITTEN_OUT)),
            Table(TABLE, columns, years, of=_shown, ranges=_later(years), totals=_unknown(tariff)),
            _check(texts),
            *budget(tariff, texts),
            note(texts.say("raming.btw")),
        ],
        pages=(1, 1),
        purpose="elk jaar, en hoe het in de begroting staat",
    )


def _unknown(tariff: Tariff) -> Mapping[str, str]:
    """When a part of a year, or all of it, misses an amount."""
    once, running = (incomplete(line_names(tariff, period, but=[CONTRIBUTION])) for period in Period)
    return {
        "Eenmalig": f"AND(@<>0,{once})",
        "Overig jaarlijks": running,
        "Totaal": "P.m.",
    }


def _later(years: Sequence[int]) -> Mapping[str, Range]:
    """Names over the years after the first."""
    if len(years) == 1:
        return {}
    columns = {"latere_laag": "Totaal laag", "latere_hoog": "Totaal hoog", "latere_pm": "P.m."}
    return {name: Range(column, 1, len(years)) for name, column in columns.items()}


def _check(texts: Texts) -> Line:
    """Whether the years and the totals agree, in words."""
    right, wrong = texts.say("raming.jaren_kloppen"), texts.say("raming.jaren_kloppen_niet")
    each = {b: "+".join(f"SUM(jaren_{part}_{b})" for part in ("eenmalig", "overig", "bijdrage")) for b in BOUNDS}
    sums = [f"ROUND({each[bound]}-N(looptijd_{bound}),2)=0" for bound in BOUNDS]
    return Line(Calculated(f'IF(AND({",".join(sums)}),"{right}","{wrong}")', right, Style.NOTE))


def _shown(indication: Indication) -> list[Shown]:
    """What each row is about; the last one is all years together, as if they were one."""
    years = indication.years
    sums = (total(getattr(year, part) for year in years) for part in ("once", "running", "contribution"))
    return [Shown(year, indication.assumptions) for year in (*years, Year.of(0, *sums))]


def _facts() -> list[Column]:
    def year(n: int) -> Calculated:
        return Calculated(f"startjaar+{n - 1}", attrgetter("year.year"), Style.YEAR_LEFT)

    def index(n: int) -> Calculated:
        formula = f"(1+indexatie)^({this_row(TABLE, 'Jaar')}-startjaar)"
        return Calculated(formula, lambda shown: shown.assumed.index_in(shown.year.year), Style.INDEX, f"index_{n}")

    def asked(n: int) -> Calculated:
        return Calculated(
            f'IF(AND(ISNUMBER(ggu_jaar),ggu_jaar<={this_row(TABLE, "Jaar")}),"{NO}","{YES}")',
            lambda shown: yes_no(shown.assumed.contributes_in(shown.year.year)),
            Style.STATUS,
            f"bijdrage_gevraagd_{n}",
        )

    return [
        Column("Jaar", 0, year, Fixed("Totaal"), "jaren_jaar"),
        Column("Index", 0, index, Fixed(NOT_APPLICABLE, Style.AMOUNT)),
        Column("Bijdrage gevraagd", 0, asked, Fixed(NOT_APPLICABLE)),
    ]


def _amounts(tariff: Tariff) -> list[Column]:
    """The parts of each year's amount, and that itself."""
    running = line_names(tariff, Period.YEARLY, but=[CONTRIBUTION])
    first, lacking = f"{this_row(TABLE, 'Jaar')}=startjaar", incomplete(running)
    indexed = "+".join(f"ROUND(N({name}_@)*{this_row(TABLE, 'Index')},2)" for name in running)
    nothing = f"AND({lacking},{plus([f'{name}_hoog' for name in running])}=0)"

    def contribution(n: int, _: str) -> str:
        amount = f"IF(ISTEXT(kosten_bijdrage_@),tekst_pm,ROUND(kosten_bijdrage_@*{this_row(TABLE, 'Index')},2))"
        return f'IF(bijdrage_gevraagd_{n}="{NO}",0,{amount})'

    summed = plus([this_row(TABLE, f"{part} @") for part in ("Eenmalig", "Overig jaarlijks", "Bijdrage")])
    missing = f"OR(AND({first},eenmalig_pm<>tekst_volledig),{lacking},ISTEXT({this_row(TABLE, 'Bijdrage laag')}))"
    marks = this_row(TABLE, "P.m.")
    amount = attrgetter("year.total")
    return [
        *_part("Eenmalig", "eenmalig", f"IF({first},eenmalig_@,0)", "once"),
        *_part("Overig jaarlijks", "overig", f"IF({nothing},tekst_pm,{indexed})", "running"),
        *_part("Bijdrage", "bijdrage", contribution, "contribution"),
        *bounded("Totaal", 0, unless_pm(marks, summed), amount, name="jaren", total="looptijd_@"),
        Column("P.m.", 0, marked(mark(missing, summed), amount), marked("looptijd_pm", amount), "jaren_pm"),
    ]


def _part(header: str, name: str, formula: str | Callable[[int, str], str], amount: str) -> list[Column]:
    """A part of each year, and of all together: p.m. if it has no other amount."""
    column = f"jaren_{name}_@"
    total = f"IF(AND(COUNTIF({column},tekst_pm)>0,SUM({column})=0),tekst_pm,SUM({column}))"
    return bounded(header, 0, formula, attrgetter(f"year.{amount}"), name=f"jaren_{name}", total=total)
