"""Berekening: the tables that the other sheets calculate with, for who wants to follow every step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Given
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
from pipeline.documents.workbooks.sheets import Line, Row, Sheet, heading, note
from pipeline.documents.workbooks.styles import NIL, Style
from pipeline.documents.workbooks.words import BOUNDS
from pipeline.model.amounts import Amount
from pipeline.model.form import BEGIN, CHOSEN, COMPARED, FIRST
from pipeline.model.indication import Indication
from pipeline.model.items import HOSTING, Item
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

TWO_LINES = height(2)
SPREAD = ("startjaar", "indexatie", "ggu_jaar")
"""The choices by which a yearly amount is another one over all years."""
PROVENANCE = "herkomst_keuzes"
"""What the cell is called that says whether the municipality made the choices itself."""
ALIKE, UNLIKE = "te vergelijken met nu", "niet te vergelijken met nu"
"""Whether a total at first misses the same as now."""


def calculation(tariff: Tariff, texts: Texts) -> Sheet:
    """The last sheet, with helper tables."""
    return Sheet(
        "Berekening",
        [
            note(texts.say("berekening.doel")),
            *costs(tariff, texts, [*others(tariff), *_at_first(tariff)]),
            heading("Alle jaren, per optie"),
            over_years(int(tariff.horizon.value)),
            heading("Eigen raming"),
            Row(_estimated_hosting(), TWO_LINES),
            heading("Bedragen in woorden"),
            words(list(_worded(tariff, texts))),
            *_list(PHASE, "Fase", PHASES),
            heading("Volgorde van de scenario’s"),
            order(),
            *(
                block
                for item in tariff.items
                if kinds_listed(item)
                for block in _list(chosen_by(item), texts.of(item).name, kinds_listed(item))
            ),
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


def _at_first(tariff: Tariff) -> Iterator[Sequence[Cell]]:
    """The totals with the choices as they were when the workbook was made, and whose choices those were.

    A total can be compared with what it was if both miss the same: what is p.m. costs as much as it did.
    """
    yield _begun("eerste_jaar", _misses_the_same(tariff), PROVENANCE)
    yield _begun("looptijd", _misses_the_same(tariff, *SPREAD))


def _begun(name: str, comparable: str, whose: str = "") -> Sequence[Cell]:
    def amount(indication: Indication) -> Amount:
        return compared(indication, name)

    return (
        Fixed(FIRST),
        Given(attrgetter("choices.provenance.dutch"), name=whose),
        Fixed(COMPARED[name][0].lower()),
        *(Given(ended(amount, bound), Style.EURO, f"{BEGIN}{name}_{bound}") for bound in BOUNDS),
        Given(lambda of: status(amount(of)), Style.STATUS, f"{BEGIN}{name}_pm"),
        Calculated(f'IF({comparable},"{ALIKE}","{UNLIKE}")', ALIKE, Style.TEXT, f"{BEGIN}{name}_te_vergelijken"),
        Fixed(NIL),
    )


def _list(cell: str, label: str, offered: Sequence[str]) -> list[Line | Row]:
    """The words that are offered in a cell, side by side; between two tables, or they would read as part of one."""
    return [heading(f"Keuzelijst {label}"), Row([*map(Fixed, offered)], name=f"lijst_{cell}")]


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
