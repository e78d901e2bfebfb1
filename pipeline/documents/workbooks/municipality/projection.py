"""Meerjarenraming: every year of the horizon, with a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from pipeline.documents.workbooks.cells import Calculated, Fixed, Value
from pipeline.documents.workbooks.formulas import bounded, mark, marked, plus, status, this_row, unless_pm
from pipeline.documents.workbooks.municipality.budget import budget
from pipeline.documents.workbooks.municipality.lines import incomplete, line_names
from pipeline.documents.workbooks.sheets import Chart, Column, Line, Range, Sheet, Table, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, COMPLETE, NO, NOT_APPLICABLE, PLUS_PM, PM, YES, yes_no
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
    """The sheet with a row for each year of the horizon, and its chart."""
    years, columns = range(1, int(tariff.horizon.value) + 1), [*_facts(), *_amounts(tariff)]
    return Sheet(
        "Meerjarenraming",
        [
            note(texts.say("raming.uitleg", ggu=WRITTEN_OUT)),
            Table(TABLE, columns, years, of=_shown, ranges=_later(years), totals=_unknown(tariff)),
            _check(texts),
            *budget(tariff, texts),
            note(texts.say("raming.btw")),
            *chart_of_years(texts),
        ],
        pages=(1, 1),
        purpose="elk jaar, en hoe het in de begroting staat",
    )


def chart_of_years(texts: Texts, rows: int = 11) -> tuple[Line, Chart]:
    """The chart of what each year costs, from low to high, under a line that says what is not in it."""
    empty, partly = texts.say("raming.grafiek_leeg"), texts.say("raming.grafiek_deels")
    formula = f'IF(looptijd_pm=tekst_pm,"{empty}",IF(looptijd_pm=tekst_plus_pm,"{partly}",tekst_volledig))'
    said = {PM: empty, PLUS_PM: partly, COMPLETE: COMPLETE}
    line = Line(Calculated(formula, lambda indication: said[status(indication.totals.horizon)], Style.NOTE))
    return line, Chart(
        title="Kosten per jaar, van laag tot hoog",
        category_title="Jaar",
        value_title="Euro per jaar",
        categories="jaren_jaar",
        low="jaren_laag",
        spread="jaren_spreiding",
        alt="Gestapelde kolommen: per jaar de lage raming en daarboven het verschil met de hoge.",
        rows=rows,
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
    return [Shown(year, indication.assumptions) for year in (*years, Year(0, *sums))]


def _facts() -> list[Column]:
    def year(n: int) -> Calculated:
        return Calculated(f"startjaar+{n - 1}", attrgetter("year.year"), Style.YEAR)

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
        Column("Index", 0, index, Fixed(NOT_APPLICABLE)),
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
    marks, spread = this_row(TABLE, "P.m."), f"{this_row(TABLE, 'Totaal hoog')}-{this_row(TABLE, 'Totaal laag')}"
    all_marks, all_spread = "looptijd_pm", "looptijd_hoog-looptijd_laag"
    amount = attrgetter("year.total")
    return [
        *_part("Eenmalig", "eenmalig", f"IF({first},eenmalig_@,0)", "once"),
        *_part("Overig jaarlijks", "overig", f"IF({nothing},tekst_pm,{indexed})", "running"),
        *_part("Bijdrage", "bijdrage", contribution, "contribution"),
        *bounded("Totaal", 0, unless_pm(marks, summed), amount, name="jaren", total="looptijd_@"),
        Column("P.m.", 0, marked(mark(missing, summed), amount), marked(all_marks, amount), "jaren_pm"),
        Column(
            "Van laag tot hoog",
            0,
            Calculated(_if_known(marks, spread), _spread),
            Calculated(_if_known(all_marks, all_spread), _spread),
            "jaren_spreiding",
        ),
    ]


def _part(header: str, name: str, formula: str | Callable[[int, str], str], amount: str) -> list[Column]:
    """A part of each year, and of all together: p.m. if it has no other amount."""
    column = f"jaren_{name}_@"
    total = f"IF(AND(COUNTIF({column},tekst_pm)>0,SUM({column})=0),tekst_pm,SUM({column}))"
    return bounded(header, 0, formula, attrgetter(f"year.{amount}"), name=f"jaren_{name}", total=total)


def _spread(shown: Shown) -> Value:
    amount = shown.year.total
    return PM if amount.pro_memorie else amount.spread


def _if_known(marked: str, formula: str) -> str:
    """A formula for what only a complete amount has; the chart leaves the end open of what misses something."""
    return f"IF({marked}=tekst_volledig,{formula},tekst_pm)"
