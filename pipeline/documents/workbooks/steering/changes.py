"""Wijzigingen: what changed since the earlier result, what the difference came of, and results one after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline import dutch
from pipeline.documents.workbooks.cells import Calculated, Fixed
from pipeline.documents.workbooks.municipality.wording import in_words
from pipeline.documents.workbooks.sheets import Block, Chart, Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, NOT_APPLICABLE
from pipeline.model.amounts import Amount
from pipeline.model.municipality import fold
from pipeline.reference.texts import Texts
from pipeline.results.changes import FIGURES, SHOWN, Change, Changes, Pair
from pipeline.results.history import Line
from pipeline.results.overview import TOTAL, Overview

WAS, IS, DIFFERENCE = "Was", "Is", "Verschil"
WIDTHS = (28, 22, 22, 30, 30, 22, 22)
FOR_A_CHART = 3
"""From how many results on there is a chart of them."""

OVER_TIME = Chart(
    rows=14,
    title="Bijdragen per jaar, per resultaat",
    category_title="Resultaat",
    value_title="Euro per jaar",
    categories="verloop_resultaat",
    low="verloop_bijdragen",
    alt="Kolommen: per resultaat de financiële bijdragen per jaar van wie zelf heeft aangeleverd. De bedragen staan in "
    "de tabel erboven.",
)


def changes(overview: Overview, found: Changes, texts: Texts) -> Sheet:
    """The sheet with what changed; there is none as long as there is no earlier result."""
    return Sheet(
        "Wijzigingen",
        list(_blocks(overview, found, texts)),
        columns=[Column("", width) for width in WIDTHS],
        printed=len(WIDTHS),
        purpose=texts.say("stuurgroep_bladen.wijzigingen"),
    )


def _blocks(overview: Overview, found: Changes, texts: Texts) -> Iterator[Block]:
    yield note(found.sentence)
    if overview.history:
        yield heading(texts.say("stuurgroep_wijzigingen.verloop"))
        yield note(texts.say("stuurgroep_wijzigingen.verloop_uitleg"))
        yield _over_time(overview.history)
    if len(overview.history) >= FOR_A_CHART:
        yield OVER_TIME
    if found.totals is None:
        return
    for name, fields in (("Tarief", found.tariff), ("Register", found.register)):
        if fields:
            yield heading(name)
            rows = [tuple(map(Fixed, (field.name, field.old, field.new))) for field in fields]
            yield Table(f"Wijzigingen{name}", [*map(Column, ("Wat", WAS, IS))], rows)
    yield heading(texts.say("stuurgroep_wijzigingen.samen"))
    yield note(texts.say("stuurgroep_wijzigingen.onbekend"))
    yield Table("WijzigingenTotaal", [*map(Column, ("Kengetal", WAS, IS, DIFFERENCE))], _totals(found))
    if found.parts:
        yield heading(texts.say("stuurgroep_wijzigingen.oorzaken"))
        yield note(texts.say("stuurgroep_wijzigingen.oorzaken_uitleg"))
        yield _parts(found)
    if found.municipalities:
        yield heading(texts.say("stuurgroep_wijzigingen.per_gemeente"))
        by_name = sorted(found.municipalities, key=lambda change: fold(change.name))
        yield Table("WijzigingenGemeenten", _of_municipality(), by_name, filters=True, on_paper=0)


def _over_time(lines: Sequence[Line]) -> Table:
    """A row for each result that was kept, and for this one."""

    def called(line: Line) -> Fixed:
        number = f"nr. {line.number}"
        return Fixed(f"{number}, {dutch.day(line.day)}" if line.day else f"{number}, voor {dutch.day(line.until)}")

    columns = [
        Column("Resultaat", cell=called, name="verloop_resultaat"),
        Column("Zelf aangeleverd", cell=lambda line: Fixed(line.participants, Style.INTEGER)),
        Column("Voorbeelden", cell=lambda line: Fixed(line.examples, Style.INTEGER)),
        Column("Bijdragen per jaar", cell=lambda line: Fixed(line.contributions, Style.EURO), name="verloop_bijdragen"),
        Column("Jaarlijks", cell=lambda line: Fixed(in_words(line.yearly), Style.AMOUNT)),
    ]
    return Table("Verloop", columns, lines)


def _totals(found: Changes) -> list[tuple[Fixed, ...]]:
    return [
        (Fixed(FIGURES[figure]), *_sides(pair), Fixed(pair.in_words))
        for figure, pair in (found.totals or {}).items()
        if figure in SHOWN
    ]


def _sides(pair: Pair) -> tuple[Fixed, ...]:
    def side(amount: Amount | None) -> Fixed:
        return Fixed(NOT_APPLICABLE if amount is None else in_words(amount), Style.AMOUNT)

    return side(pair.old), side(pair.new)


def _parts(found: Changes) -> Table:
    """The difference by what it came of; the parts add up to that of all together."""

    def column(key: str, header: str, place: int) -> Column:
        name = f"oorzaak_{key}_{BOUNDS[place]}"
        total = sum((getattr(part, key)[place] for part in found.parts), Decimal(0))
        return Column(
            f"{header} {BOUNDS[place]}",
            cell=lambda part: Fixed(getattr(part, key)[place], Style.DIFFERENCE),
            total=Calculated(f"ROUND(SUM({name}),2)", total, Style.DIFFERENCE),
            name=name,
        )

    nobody = Fixed(NOT_APPLICABLE, Style.INTEGER)  # somebody may change for two reasons
    columns = [
        Column("Oorzaak", cell=lambda part: Fixed(part.reason.value), total=Fixed(TOTAL)),
        Column("Gemeenten", cell=lambda part: Fixed(part.municipalities, Style.INTEGER), total=nobody),
        *(
            column(key, header, place)
            for key, header in (("once", "Eenmalig"), ("yearly", "Jaarlijks"))
            for place in (0, 1)
        ),
    ]
    return Table("Oorzaken", columns, found.parts)


def _of_municipality() -> list[Column]:
    def causes(change: Change) -> Fixed:
        return Fixed(", ".join(cause.value for cause in change.causes))

    def figure(key: str) -> Column:
        return Column(FIGURES[key], 22, lambda change: Fixed(change.amounts[key].in_words))

    return [
        Column("Gemeente", WIDTHS[0], lambda change: Fixed(change.name)),
        Column("Wat", WIDTHS[1], lambda change: Fixed(change.what)),
        Column("Oorzaak", WIDTHS[2], causes),
        *map(figure, SHOWN),
        Column("Wijziging", 60, lambda change: Fixed(change.in_words)),
        Column("Gemeentecode", 15, lambda change: Fixed(change.code)),
    ]
