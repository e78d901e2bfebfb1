"""Berekening: the tables that the other sheets calculate with, for who wants to follow every step."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated, Fixed, Given
from pipeline.documents.workbooks.formulas import ended, legend, status
from pipeline.documents.workbooks.heights import height
from pipeline.documents.workbooks.municipality.besides import others
from pipeline.documents.workbooks.municipality.costs import costs
from pipeline.documents.workbooks.municipality.lines import (
    ESTIMATED_HOSTING,
    PHASE,
    PHASES,
    chosen_by,
    estimate_name,
    kinds_listed,
    line_name,
)
from pipeline.documents.workbooks.municipality.options import over_years
from pipeline.documents.workbooks.municipality.sorting import order
from pipeline.documents.workbooks.municipality.wording import Worded, named, words
from pipeline.documents.workbooks.sheets import Column, Range, Row, Sheet, Table, heading, note
from pipeline.documents.workbooks.styles import NIL, Style
from pipeline.documents.workbooks.words import BOUNDS, NO, YES
from pipeline.model.amounts import Amount
from pipeline.model.form import BEGIN, CHOSEN, COMPARED
from pipeline.model.indication import Indication
from pipeline.model.items import HOSTING, Item
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

TWO_LINES = height(2)
SPREAD = ("startjaar", "indexatie", "ggu_jaar")
"""The choices by which a yearly amount is another one over all years."""
PROVENANCE = "herkomst_keuzes"
"""What the cell is called that says whether the municipality made the choices itself."""


def calculation(tariff: Tariff, texts: Texts) -> Sheet:
    """The last sheet, with helper tables."""
    return Sheet(
        "Berekening",
        [
            note(texts.say("berekening.doel")),
            *costs(tariff, texts),
            heading("Overige posten, bij elke combinatie gelijk"),
            others(tariff),
            heading("Alle jaren, per optie"),
            over_years(int(tariff.horizon.value)),
            heading("Beginwaarden"),
            _beginning(tariff),
            Row(_estimated_hosting(), TWO_LINES),
            heading("Bedragen in woorden"),
            words(list(_worded(tariff, texts))),
            heading("Volgorde van de scenario’s"),
            order(),
            heading("Keuzelijsten"),
            _lists(tariff, texts),
            heading("Legenda"),
            legend(
                (Fixed("gele cel", Style.INPUT_SAMPLE), Fixed("invoer")),
                (Fixed("witte cel"), Fixed("vast of berekend")),
                (Fixed("blauwe cel", Style.STRONG_SAMPLE), Fixed("totaal of gekozen")),
                (Fixed(NIL), Fixed("niets te betalen: het bedrag is nul, of de post geldt hier niet")),
                plus_pm="er komt een post zonder bedrag bij",
            ),
        ],
        purpose="hoe alles is berekend",
        pages=(1, 1),
    )


def _beginning(tariff: Tariff) -> Table:
    """The totals with the choices as they were when the workbook was made, and whose choices those are.

    A total can be compared with what it was if both miss the same: what is p.m. costs as much as it did.
    """
    comparable = {"eerste_jaar": _misses_the_same(tariff), "looptijd": _misses_the_same(tariff, *SPREAD)}
    columns = [
        Column("Begin", cell=lambda name: Fixed(COMPARED[name][0])),
        *map(_begun, BOUNDS),
        Column(
            "P.m.", cell=lambda name: Given(lambda of: status(compared(of, name)), Style.STATUS, f"begin_{name}_pm")
        ),
        Column(
            "Te vergelijken",
            cell=lambda name: Calculated(
                f'IF({comparable[name]},"{YES}","{NO}")', YES, Style.STATUS, f"{BEGIN}{name}_te_vergelijken"
            ),
        ),
        Column(
            "Herkomst van de keuzes",
            cell=lambda name: Given(
                attrgetter("choices.provenance.dutch"), name=PROVENANCE if name == "eerste_jaar" else ""
            ),
        ),
    ]
    return Table("Beginwaarden", columns, list(COMPARED))


def _lists(tariff: Tariff, texts: Texts) -> Table:
    """The words of each list that is offered in a cell, below each other."""
    lists: dict[str, tuple[str, Sequence[str]]] = {PHASE: ("Fase", PHASES)}
    lists |= {chosen_by(item): (texts.of(item).name, kinds_listed(item)) for item in tariff.items if kinds_listed(item)}
    rows: list[tuple[Fixed, Fixed]] = []
    ranges = {}
    for cell, (label, words_) in lists.items():
        ranges[f"lijst_{cell}"] = Range("Woord", len(rows), len(rows) + len(words_))
        rows += [(Fixed(label), Fixed(word)) for word in words_]
    return Table("Keuzelijsten", [Column("Keuze"), Column("Woord")], rows, ranges=ranges)


def _misses_the_same(tariff: Tariff, *spread: str) -> str:
    """Whether the same items are p.m. as at first, chosen in the same form, and `spread` over the years alike."""
    conditions = []
    for item in tariff.items:
        marks = f"{line_name(item)}_pm"
        conditions.append(f"{marks}={BEGIN}{marks}")
        if chosen := chosen_by(item):
            conditions.append(f"OR({marks}=tekst_volledig,{chosen}={BEGIN}{chosen.removeprefix(CHOSEN)})")
    if spread:
        alike = ",".join(f"{word}={BEGIN}{word}" for word in spread)
        conditions.append(f"OR(jaarlijks_pm=tekst_volledig,AND({alike}))")
    return f"AND({','.join(conditions)})"


def _estimated_hosting() -> tuple[Fixed, Calculated]:
    """The form of hosting that the own estimate for hosting is for."""
    same = ",".join(f"{estimate_name(HOSTING, bound)}=begin_{HOSTING.word}_{bound}" for bound in BOUNDS)
    formula = f"IF(AND({same}),begin_hosting,hosting)"
    return (
        Fixed("Eigen raming hosting geldt bij"),
        Calculated(formula, attrgetter("choices.hosting.dutch"), Style.TEXT, ESTIMATED_HOSTING),
    )


def _begun(bound: str) -> Column:
    def cell(name: str) -> Given:
        return Given(ended(lambda of: compared(of, name), bound), Style.EURO, f"begin_{name}_{bound}")

    return Column(bound.capitalize(), cell=cell)


def compared(indication: Indication, name: str) -> Amount:
    """A total of which the beginning is kept, by what its cells are called."""
    _, total = COMPARED[name]
    amount: Amount = getattr(indication.totals, total)
    return amount


def _worded(tariff: Tariff, texts: Texts) -> list[Worded]:
    """All amounts that other sheets say in words."""
    horizon = int(tariff.horizon.value)
    return [
        named("eenmalig", "Eenmalig", attrgetter("totals.once")),
        named("jaarlijks", "Jaarlijks", attrgetter("totals.yearly")),
        named("eerste_jaar", "Eerste jaar", attrgetter("totals.first_year")),
        named("looptijd", "Alle jaren", attrgetter("totals.horizon")),
        *(
            named(f"begin_{name}", f"{label}, begin", attrgetter(f"totals.{total}"))
            for name, (label, total) in COMPARED.items()
        ),
        *(_line(item, texts) for item in tariff.items),
        *(_year(n) for n in range(1, horizon + 1)),
    ]


def _line(item: Item, texts: Texts) -> Worded:
    return named(line_name(item), texts.of(item).name, lambda of: of.line(item).amount, total=False)


def _year(n: int) -> Worded:
    low, high, marks = (f"INDEX(jaren_{part},{n})" for part in (*BOUNDS, "pm"))
    return Worded(f"jaar_{n}", f"Jaar {n}", lambda of: of.years[n - 1].total, low, high, marks)
