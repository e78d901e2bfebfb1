"""Each combination against the chosen one, and what it would cost without the GGU."""

from __future__ import annotations

from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated
from pipeline.documents.workbooks.formulas import bounded, mark, marked, this_row, unless_pm
from pipeline.documents.workbooks.municipality.lines import line_name, missing_in, option_in
from pipeline.documents.workbooks.municipality.scenarios import Place, of_combinations, same_row
from pipeline.documents.workbooks.municipality.sorting import FIRST_YEAR, HEADERS
from pipeline.documents.workbooks.sheets import Block, Column, Line, heading, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import LOW, YES
from pipeline.model.indication import Indication
from pipeline.model.items import CONTRIBUTION, Period
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts
from pipeline.results.cost_sharing import WRITTEN_OUT

TABLE = "Vergelijking"
TOTALS = {"Zonder GGU": "P.m. zonder GGU"}


def comparison(tariff: Tariff, texts: Texts) -> list[Block]:
    """Each combination against the chosen one, and without the GGU."""
    known, unknown = texts.say("scenarios.ggu_bekend"), texts.say("scenarios.ggu_onbekend")

    def said(indication: Indication) -> str:
        return unknown if indication.assumptions.ggu_year is None else known

    return [
        heading(texts.say("scenarios.vergelijking"), new_page=True),
        note(texts.say("scenarios.vergelijking_uitleg", ggu=WRITTEN_OUT)),
        Line(Calculated(f'IF(ISNUMBER(ggu_jaar),"{known}","{unknown}")', said, Style.NOTE)),
        of_combinations(TABLE, (13, 15, 12, 9), [*_differences(), *_without_ggu(tariff)], TOTALS, "P.m. zonder GGU"),
    ]


def _differences() -> list[Column]:
    """What each combination costs more or less than the chosen one; p.m. if an option that differs is."""
    unknown = ",".join(
        f"AND({this_row(TABLE, header)}<>{item.word},"
        f"OR(ISTEXT({option_in(TABLE, item, 'laag')}),ISTEXT({line_name(item)}_laag)))"
        for item, header in HEADERS.items()
    )

    first = f"Verschil {FIRST_YEAR} {LOW}"

    def above(column: str, total: str, difference: str) -> list[Column]:
        header = f"Verschil {column.lower()}"

        def formula(row: Place, bound: str) -> str:
            # what is p.m. in both alike does not matter; if one difference is unknown, so are the others
            missing = f"OR({unknown})" if f"{header} {bound}" == first else f"ISTEXT({this_row(TABLE, first)})"
            return f"IF({missing},tekst_pm,ROUND(N({same_row(f'{column} {bound}', row)})-N({total}_@),2))"

        return bounded(header, 0, formula, attrgetter(difference), Style.DIFFERENCE)

    return [
        *above("Eerste jaar", "eerste_jaar", "first_year_difference"),
        *above("Alle jaren", "looptijd", "horizon_difference"),
    ]


def _without_ggu(tariff: Tariff) -> list[Column]:
    """What each combination would cost if the contribution never lapsed, and what its lapsing changes."""
    with_it, without_it = (option_in(TABLE, CONTRIBUTION, f"{part}_@") for part in ("looptijd", "zonder_ggu"))
    asked = f'bijdrage_gevraagd_{int(tariff.horizon.value)}="{YES}"'
    lapse = f"IF({asked},0,IF(ISTEXT({without_it}),tekst_pm,ROUND({with_it}-{without_it},2)))"
    once = missing_in(TABLE, Period.ONCE)
    yearly = missing_in(TABLE, Period.YEARLY, "zonder_ggu_laag")
    missing, amount = f"OR({once},{yearly})", attrgetter("without_ggu")
    marks = TOTALS["Zonder GGU"]

    def without(row: Place) -> str:
        return f"ROUND(N({same_row('Alle jaren @', row)})-N({this_row(TABLE, 'GGU scheelt @')}),2)"

    return [
        *bounded("Zonder GGU", 0, lambda row, _: unless_pm(this_row(TABLE, marks), without(row)), amount),
        Column(marks, 0, lambda row: marked(mark(missing, without(row)), amount)),
        *bounded("GGU scheelt", 0, lapse, attrgetter("ggu_difference"), Style.DIFFERENCE),
    ]
