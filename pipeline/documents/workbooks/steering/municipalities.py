"""Gemeenten: a row per municipality, over which all other sheets count and add.

The amounts are those of the municipality's own workbook, and stand fixed: another choice is worked out there. What the
steering group itself may find out, whether choices are the municipality's own and an alternative is agreed, can be
changed here, and all sheets follow.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from io import StringIO
from operator import attrgetter, itemgetter
from typing import Any

from pipeline.documents.workbooks.cells import Calculated, Fixed, Value, chosen_from
from pipeline.documents.workbooks.formulas import ended, status
from pipeline.documents.workbooks.municipality.wording import in_words
from pipeline.documents.workbooks.sheets import Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.steering.formulas import column
from pipeline.documents.workbooks.steering.tables import listed
from pipeline.documents.workbooks.steering.words import FIGURES, HOSTING, HOURS, MARK, PARTS, PROVENANCE, START
from pipeline.documents.workbooks.steering.years import nths, of_nth
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, COMPLETE, NO, NOT_APPLICABLE, PLUS_PM, PM, yes_no
from pipeline.intake.rejects.csv_injection import guarded
from pipeline.model.amounts import Amount
from pipeline.model.choices import Contribution
from pipeline.model.municipality import fold
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview, Row

PRINTED = 8
"""How many columns are printed: what a meeting needs."""
ON_PAPER = 80
"""How many municipalities are printed at most, on two pages, of those that delivered themselves; they come first."""


def municipalities(overview: Overview, tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with all municipalities, to be sorted and filtered."""
    anybody = bool(overview.municipalities)
    printed = 0 if overview.example else min(len(overview.counted.municipalities), ON_PAPER)
    return Sheet(
        "Gemeenten",
        [
            note(
                texts.say("stuurgroep_gemeenten.uitleg", aantal=ON_PAPER)
                if anybody
                else texts.say("stuurgroep.niemand")
            ),
            heading(texts.say("stuurgroep_gemeenten.zichtbaar")),
            _visible(overview),
            heading(texts.say("stuurgroep_gemeenten.alle")),
            listed(
                "Gemeenten",
                _columns(tariff),
                _rows(overview),
                {"Gemeente": Fixed("geen gemeenten")},
                printed,
            ),
        ],
        landscape=False,
        purpose=texts.say("stuurgroep_bladen.gemeenten"),
        printed=PRINTED,
    )


_in_words = lru_cache(maxsize=16_384)(in_words)  # few of very many differ
_IN_CSV = {COMPLETE: "", PLUS_PM: PM}
"""What stands in the p.m. column of an amount, in a form that no program takes for a formula."""


def as_csv(overview: Overview, tariff: Tariff) -> Iterator[bytes]:
    """The same rows as a CSV, in pieces: commas, points, UTF-8, and nothing that a spreadsheet would calculate."""
    columns = _columns(tariff)
    yield ",".join(f'"{column.header}"' for column in columns).encode() + b"\n"
    for row in _rows(overview):
        text = StringIO()
        values = (column.taken(row) for column in columns)
        said = [guarded(_IN_CSV.get(value, value)) if isinstance(value, str) else value for value in values]
        csv.writer(text, lineterminator="\n").writerow(said)
        yield text.getvalue().encode()


def _rows(overview: Overview) -> list[Row]:
    """All municipalities by name; first those that delivered themselves."""
    own = {row.code for row in overview.counted.municipalities}
    return sorted(overview.municipalities, key=lambda row: (row.code not in own, fold(row.name)))


def _visible(overview: Overview) -> Table:
    """What the rows come to that a filter leaves visible: all, as long as nobody filters."""
    rows = overview.municipalities

    def total(end: str, key: str) -> Decimal:
        return sum((getattr(getattr(row, key), end) for row in rows), Decimal(0))

    amounts: dict[str, Value] = {
        f"{figure} {bound}": total(end, key)
        for key, figure in (("once", "Eenmalig"), ("yearly", "Jaarlijks"))
        for bound, end in zip(BOUNDS, ("low", "high"), strict=True)
    }
    cells = {
        "Gemeenten": Calculated(f"SUBTOTAL(102,{column(START)})", len(rows), Style.INTEGER),
        **{header: Calculated(f"ROUND(SUBTOTAL(109,{column(header)}),2)", value) for header, value in amounts.items()},
    }
    return Table("ZichtbareRegels", list(map(Column, cells)), [list(cells.values())])


def _columns(tariff: Tariff) -> list[Column]:
    asked = {each.dutch: tariff.contribution.of(each).amount.low for each in SizeClass}

    def agrees(row: Row) -> bool:
        return row.contribution == Contribution.ALTERNATIVE.dutch

    return [
        Column("Gemeente", 22, take=attrgetter("name")),
        Column(
            PROVENANCE,
            12,
            take=attrgetter("provenance.dutch"),
            style=Style.CHANGEABLE,
            rule=chosen_from("lijst_herkomst", PROVENANCE),
        ),
        Column("Grootteklasse", 14, take=attrgetter("size_class")),
        Column("Fase", 14, take=attrgetter("phase")),
        Column(HOSTING, 9, take=attrgetter("hosting")),
        Column("Bijdrage", 12, take=attrgetter("contribution")),
        Column("Eenmalig", 14, of=attrgetter("once"), take=_in_words, style=Style.AMOUNT),
        Column("Jaarlijks", 17, of=attrgetter("yearly"), take=_in_words, style=Style.AMOUNT),
        Column("Gemeentecode", 15, take=attrgetter("code")),
        Column(START, 10, take=attrgetter("start_year"), style=Style.YEAR),
        Column("Inwoners", 12, take=attrgetter("inhabitants"), style=Style.INTEGER),
        Column("Begeleiding", 13, take=attrgetter("guidance")),
        Column(HOURS, 12, take=attrgetter("guidance_hours"), style=Style.HOURS),
        Column(
            "Afgestemd",
            14,
            take=lambda row: yes_no(row.agreed) if agrees(row) else NOT_APPLICABLE,
            style=lambda row: Style.CHANGEABLE if agrees(row) else Style.TEXT,
            rule=chosen_from("lijst_afgestemd", "Afgestemd"),
        ),
        Column("In natura", 16, take=lambda row: ", ".join(row.in_kind) or NO),
        *(each for key, figure in FIGURES.items() for each in _amount(figure, key)),
        *_yearly(tariff),
        Column("Gevraagde bijdrage", 13, take=lambda row: asked[row.size_class], style=Style.EURO),
        Column("Bestand", 30, take=attrgetter("file")),
        Column("Regel", 8, take=attrgetter("line"), style=Style.YEAR),
        # As text: a link to another file makes spreadsheet programs warn that this one is not safe.
        Column("Werkboek", 34, take=lambda row: f"{row.stem}.xlsx"),
        Column("Samenvatting", 34, take=lambda row: f"{row.stem}.md"),
    ]


def _yearly(tariff: Tariff) -> Iterator[Column]:
    """What recurs, in each year of the projection that differs in price; the contribution as if it did not lapse."""
    for key, header in (("saas", PARTS["saas"]), ("other", PARTS["other"]), ("contributed", PARTS["contribution"])):
        of = attrgetter(key)
        for nth in nths(tariff):
            yield from _ends(of_nth(f"{header} {{}}", nth), of, itemgetter(nth))
        yield _marks(header, of, itemgetter(0))


def _itself(amount: Amount) -> Amount:
    return amount


def _amount(figure: str, key: str) -> list[Column]:
    of = attrgetter(key)
    return [*_ends(f"{figure} {{}}", of), _marks(figure, of)]


def _marks(header: str, of: Callable[[Row], Any], amount: Callable[[Any], Amount] = _itself) -> Column:
    return Column(f"{header} {MARK}", 9, of=of, take=lambda about: status(amount(about)), style=Style.STATUS)


def _ends(header: str, of: Callable[[Row], Any], amount: Callable[[Any], Amount] = _itself) -> list[Column]:
    """The low and high end of an amount; `{}` in the header stands for which of them."""
    takes = {bound: ended(amount, bound) for bound in BOUNDS}
    return [Column(header.format(bound), 13, of=of, take=take, style=Style.EURO) for bound, take in takes.items()]
