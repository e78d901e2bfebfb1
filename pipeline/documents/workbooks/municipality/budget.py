"""Begroting: each item in the budget year, the three years after it, and all years, as municipal finance writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Take
from pipeline.documents.workbooks.formulas import ended, plus
from pipeline.documents.workbooks.heights import LINE_HEIGHT
from pipeline.documents.workbooks.municipality.lines import line_name, unless_absent
from pipeline.documents.workbooks.municipality.made_of import made_of
from pipeline.documents.workbooks.sheets import Block, Column, Line, Range, Row, Table, heading, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, HIGH, LOW, NO, NOT_APPLICABLE
from pipeline.model.amounts import Amount, total
from pipeline.model.indication import Indication
from pipeline.model.items import CONTRIBUTION, GUIDANCE, Item, Period
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

TABLE, KIND = "Begroting", "Soort"
LABELS = {"Post": 20, KIND: 12, "Aantal × prijs": 17}
"""The columns before the amounts, and how wide they are."""
AHEAD = 3
"""How many years after the budget year a municipality budgets for (Gemeentewet, article 190)."""
KINDS = {Period.ONCE: "incidenteel", Period.YEARLY: "structureel"}
"""What municipal finance calls what is paid once and what recurs."""


class _Paid(Struct, frozen=True):
    """What a row is about: what is paid for it in each span of years, if it is there."""

    of: Indication
    amounts: Sequence[Amount]
    applies: bool = True


_Span = tuple[str, range]
"""What a pair of columns is called, and the years of the projection that it adds up, from 1."""


def budget(tariff: Tariff, texts: Texts) -> list[Block]:
    """A row for each item and for what is paid once, yearly and in all; and whether they add up."""
    horizon = int(tariff.horizon.value)
    spans: list[_Span] = [(_ahead(n), range(n, n + 1)) for n in range(1, min(1 + AHEAD, horizon) + 1)]
    spans.append(("Alle jaren", range(1, horizon + 1)))
    items = [
        (Fixed(texts.of(item).name), Fixed(KINDS[item.period]), _quantity(item), *_paid(item, spans))
        for item in tariff.items
    ]
    sums: list[tuple[Period | None, str]] = [(period, f"Totaal {kind}") for period, kind in KINDS.items()]
    rows = [
        *items,
        *((Fixed(label), Fixed("alle"), Fixed("–"), *_sums(of, spans)) for of, label in (*sums, (None, "Totaal"))),
    ]
    columns = [Column(label, width) for label, width in LABELS.items()]
    columns += [Column(f"{label} {bound}", 15 if bound == LOW else 12) for label, _ in spans for bound in BOUNDS]
    ranges = {
        _over(number, bound): Range(f"{label} {bound}", 0, len(items))
        for number, (label, _) in enumerate(spans)
        for bound in BOUNDS
    }
    ranges["begroting_soort"] = Range(KIND, 0, len(items))
    sum_rows = {len(items) + n: KINDS[period] if period else "" for n, period in enumerate((*KINDS, None))}
    return [
        heading(texts.say("raming.begroting")),
        note(texts.say("raming.begroting_uitleg")),
        _calendar(spans),
        Table(
            TABLE,
            columns,
            rows,
            of=_shown(tariff, spans),
            ranges=ranges,
            strong=list(sum_rows),
            sums=(KIND, sum_rows),
        ),
        _check(spans, texts),
    ]


def _calendar(spans: Sequence[_Span]) -> Row:
    """Which calendar years the columns are about: a header cannot be calculated."""
    cells: list[Cell] = [Fixed("")] * len(LABELS)

    def year(n: int) -> Calculated:
        return Calculated(f"startjaar+{n - 1}", lambda of: of.years[n - 1].year, Style.YEAR_ABOVE)

    for _, years in spans[:-1]:
        cells += [year(years[0]), Fixed("")]
    last = f'startjaar&" t/m "&startjaar+{spans[-1][1][-1] - 1}'
    every = Calculated(last, lambda of: f"{of.years[0].year} t/m {of.years[-1].year}", Style.YEAR_ABOVE)
    return Row([*cells, every], LINE_HEIGHT)


def _shown(tariff: Tariff, spans: Sequence[_Span]) -> Callable[[Indication], Sequence[_Paid]]:
    """What the rows are about: each item, what is paid once and yearly, and all together."""

    def shown(of: Indication) -> Sequence[_Paid]:
        items = [(item.period, _Paid(of, in_spans(of.paid(item)), of.line(item).applies)) for item in tariff.items]
        kinds = [_Paid(of, _together(paid for period, paid in items if period is kind)) for kind in KINDS]
        return [*(paid for _, paid in items), *kinds, _Paid(of, _together(kinds))]

    def in_spans(years: Sequence[Amount]) -> Sequence[Amount]:
        return [total(years[span[0] - 1 : span[-1]]) for _, span in spans]

    return shown


def _together(parts: Iterable[_Paid]) -> Sequence[Amount]:
    return [total(amounts) for amounts in zip(*(part.amounts for part in parts), strict=True)]


def _ahead(year: int) -> str:
    return "Startjaar" if year == 1 else f"{year}e jaar"


def _over(number: int, bound: str) -> str:
    """The name over the items in a column."""
    return f"begroting_{number}_{bound}"


def _quantity(item: Item) -> Cell:
    """Hours times rate, of the one item that is priced so."""
    formula, said = made_of(item)
    return Calculated(formula, lambda paid: said(paid.of), Style.TEXT) if item == GUIDANCE else Fixed("–")


def _paid(item: Item, spans: list[_Span]) -> Iterator[Cell]:
    """What is paid for an item in each of some spans of years."""
    for number, (_, years) in enumerate(spans):
        for bound in BOUNDS:
            nothing = item.period is Period.ONCE and 1 not in years
            formula = unless_absent(item, "0" if nothing else _formula(item, bound, years), NOT_APPLICABLE)
            yield Calculated(formula, _if_there(ended(_in(number), bound)), Style.EURO)


def _if_there(taken: Take) -> Take:
    return lambda paid: taken(paid) if paid.applies else NOT_APPLICABLE


def _formula(item: Item, bound: str, years: range) -> str:
    name = f"{line_name(item)}_{bound}"
    if item.period is Period.ONCE:
        return name
    each = [f"ROUND({name}*index_{n},2)" for n in years]
    if item == CONTRIBUTION:
        each = [f'IF(bijdrage_gevraagd_{n}="{NO}",0,{amount})' for n, amount in zip(years, each, strict=True)]
        lapsed = ",".join(f'bijdrage_gevraagd_{n}="{NO}"' for n in years)
        return f"IF(AND({lapsed}),0,IF(ISTEXT({name}),tekst_pm,{'+'.join(each)}))"
    return f"IF(ISTEXT({name}),tekst_pm,{'+'.join(each)})"


def _in(number: int) -> Callable[[_Paid], Amount]:
    return lambda paid: paid.amounts[number]


def _sums(period: Period | None, spans: list[_Span]) -> Iterator[Cell]:
    """What is paid once, yearly or in all, in each of some spans of years; from the totals of the years."""
    for number, (_, years) in enumerate(spans):
        for bound in BOUNDS:
            if period is Period.ONCE and 1 not in years:
                yield Fixed(0, Style.EURO)
            else:
                yield Calculated(_summed(period, number, bound, years), ended(_in(number), bound))


def _summed(period: Period | None, number: int, bound: str, years: range) -> str:
    every = len(years) > 1
    if period is Period.ONCE:
        return f"eenmalig_{bound}"
    if period is None:
        return f"looptijd_{bound}" if every else f"INDEX(jaren_{bound},{years[0]})"

    def yearly(end: str) -> str:
        parts = [f"jaren_{part}_{end}" for part in ("overig", "bijdrage")]
        if every:
            return "+".join(f"SUM({part})" for part in parts)
        return plus([f"INDEX({part},{years[0]})" for part in parts])

    missing = f'COUNTIFS(begroting_soort,"{KINDS[Period.YEARLY]}",{_over(number, HIGH)},tekst_pm)>0'
    return f"IF(AND({missing},{yearly(HIGH)}=0),tekst_pm,{yearly(bound)})"


def _check(spans: list[_Span], texts: Texts) -> Line:
    """Whether the items of each column come to the total of the years that it is about, in words."""
    right, wrong = texts.say("raming.begroting_klopt"), texts.say("raming.begroting_klopt_niet")
    sums = []
    for number, (_, years) in enumerate(spans):
        for bound in BOUNDS:
            items, everything = _over(number, bound), _summed(None, number, bound, years)
            sums.append(f"ROUND(SUM({items})-N({everything}),2)=0")
            for period, kind in KINDS.items():
                part = "0" if period is Period.ONCE and 1 not in years else _summed(period, number, bound, years)
                sums.append(f'ROUND(SUMIFS({items},begroting_soort,"{kind}")-N({part}),2)=0')
    return Line(Calculated(f'IF(AND({",".join(sums)}),"{right}","{wrong}")', right, Style.NOTE))
