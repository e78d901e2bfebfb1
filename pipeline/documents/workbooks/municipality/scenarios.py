"""Scenario’s: all combinations of guidance, hosting and contribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated
from pipeline.documents.workbooks.formulas import bounded, mark, marked, plus, priced, this_row, unless_pm
from pipeline.documents.workbooks.municipality.lines import LIVE, OPTIONS, missing_in, over_horizon, summed_in
from pipeline.documents.workbooks.municipality.sorting import COMBINATIONS, HEADERS, chosen_order, in_order
from pipeline.documents.workbooks.sheets import Block, Column, Line, Sheet, Table, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import COMPLETE, NO, YES, yes_no
from pipeline.model.choices import Phase
from pipeline.model.columns import Option
from pipeline.model.items import Item, Period
from pipeline.reference.texts import Texts

TABLE = "Scenarios"
PRINTED = 12
"""How many columns are printed: all but what says where an amount is p.m."""
WIDTHS = (16.5, 11)
"""How wide the low and the high end of a total are; the low one may read "minimaal"."""
TOTALS = {
    "Eenmalig": "P.m. eenmalig",
    "Jaarlijks": "P.m. jaarlijks",
    "Eerste jaar": "P.m. totaal",
    "Alle jaren": "P.m. totaal",
}
"""The amounts of which a part may be missing, each with its p.m. column."""


Place = tuple[int, Sequence[Option]]
"""The place of a row, from 1, and a combination that is not always the one which stands there."""


def scenarios(texts: Texts, more: Sequence[Block]) -> Sheet:
    """The sheet with a row for each combination, and `more` on them."""
    return Sheet(
        "Scenario’s",
        [
            note(texts.say("scenarios.uitleg")),
            _of_who_is_live(texts),
            chosen_order(),
            of_combinations(TABLE, (13, 15, 12, 9), _amounts(), TOTALS, "P.m. totaal"),
            *more,
        ],
        printed=PRINTED,
        scale=80,
        purpose="alle combinaties van begeleiding, hosting en bijdrage, en meer of minder uren",
    )


def _of_who_is_live(texts: Texts) -> Line:
    """That combinations which differ in guidance alone cost the same to who is live."""
    said = texts.say("gedeeld.begeleiding_gedaan")
    formula = f'IF({LIVE},"{said}",tekst_volledig)'
    return Line(Calculated(formula, lambda of: said if of.choices.phase is Phase.LIVE else COMPLETE, Style.NOTE))


def of_combinations(
    name: str,
    widths: tuple[float, float, float, float],
    columns: Sequence[Column],
    totals: Mapping[str, str],
    apart: str,
) -> Table:
    """A table with a row for each combination in the chosen order; the chosen one is marked in words and in style.

    Those that miss an amount according to the p.m. column `apart` stand behind a line. The p.m. columns come last, and
    are not printed: the amounts themselves say what is missing.
    """
    same = ",".join(f"{this_row(name, header)}={item.word}" for item, header in HEADERS.items())
    chosen = f'IF(AND({same}),"{YES}","{NO}")'

    def said(row: Place) -> Calculated:
        formula = chosen if name == TABLE else same_row("Gekozen", row)
        return Calculated(formula, lambda scenario: yes_no(scenario.chosen), Style.STATUS)

    return Table(
        name,
        [
            *(_option(name, item, width) for item, width in zip(OPTIONS, widths, strict=False)),
            Column("Gekozen", widths[-1], said),
            *sorted(columns, key=lambda column: column.header in totals.values()),
        ],
        COMBINATIONS,
        of=in_order,
        filters=True,
        chosen="Gekozen",
        totals=totals,
        apart=apart,
    )


def same_row(header: str, row: Place) -> str:
    """What stands in a column of the first of these tables, in which all have the same order."""
    place, _ = row
    return f"INDEX({TABLE}[{header}],{place})"


def _option(name: str, item: Item, width: float) -> Column:
    """The option of an item in the combination that comes at the place of the row."""

    def option(row: Place) -> Calculated:
        place, _ = row
        found = f"INDEX(volgorde_{item.word},MATCH(SMALL(volgorde_sleutel,{place}),volgorde_sleutel,0))"
        formula = found if name == TABLE else same_row(HEADERS[item], row)
        return Calculated(formula, attrgetter(f"{item.key}.dutch"), Style.TEXT)

    return Column(HEADERS[item], width, option)


def _amounts() -> list[Column]:
    once, yearly = (summed_in(TABLE, period) for period in Period)
    first_year = plus([this_row(TABLE, f"{header} @") for header in ("Eenmalig", "Jaarlijks")])
    all_years = over_horizon(TABLE, f"N({this_row(TABLE, 'Eenmalig @')})", "looptijd")
    known = [f"{this_row(TABLE, f'P.m. {period.dutch}')}<>tekst_volledig" for period in Period]
    missing, total = f"OR({','.join(known)})", this_row(TABLE, "P.m. totaal")
    return [
        *_paid("Eenmalig", WIDTHS, once, missing_in(TABLE, Period.ONCE), "totals.once"),
        *_paid("Jaarlijks", WIDTHS, yearly, missing_in(TABLE, Period.YEARLY), "totals.yearly"),
        *bounded("Eerste jaar", WIDTHS, unless_pm(total, first_year), attrgetter("totals.first_year")),
        *bounded("Alle jaren", WIDTHS, unless_pm(total, all_years), attrgetter("totals.horizon")),
        Column("P.m. totaal", 9, marked(mark(missing, first_year), attrgetter("totals.first_year"))),
    ]


def _paid(header: str, widths: tuple[float, float], formula: str, missing: str, amount: str) -> list[Column]:
    return priced(TABLE, header, f"P.m. {header.lower()}", (widths, 9), formula, missing, attrgetter(amount))
