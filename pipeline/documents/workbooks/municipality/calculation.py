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
    chosen_by,
    estimate_name,
    line_name,
)
from pipeline.documents.workbooks.municipality.options import over_years
from pipeline.documents.workbooks.municipality.sorting import order
from pipeline.documents.workbooks.municipality.wording import Worded, named, words
from pipeline.documents.workbooks.sheets import Row, Sheet, heading, note
from pipeline.documents.workbooks.styles import NIL, Style
from pipeline.documents.workbooks.words import BOUNDS, NO, YES
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


def calculation(tariff: Tariff, texts: Texts) -> Sheet:
    """The last sheet, with helper tables."""
    return Sheet(
        "Berekening",
        [
            note(texts.say("berekening.doel")),
            *costs(tariff, texts, [*others(tariff), *map(_begun, COMPARED)]),
            heading("Alle jaren, per optie"),
            over_years(int(tariff.horizon.value)),
            heading("Beginwaarden"),
            *_of_the_beginning(tariff),
            Row(_estimated_hosting(), TWO_LINES),
            heading("Bedragen in woorden"),
            words(list(_worded(tariff, texts))),
            heading("Volgorde van de scenario’s"),
            order(),
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


def _begun(name: str) -> Sequence[Cell]:
    """A total with the choices as they were when the workbook was made."""

    def amount(indication: Indication) -> Amount:
        return compared(indication, name)

    ends = [Given(ended(amount, bound), Style.EURO, f"begin_{name}_{bound}") for bound in BOUNDS]
    marks = Given(lambda of: status(amount(of)), Style.STATUS, f"begin_{name}_pm")
    return (Fixed(FIRST), Fixed(NIL), Fixed(COMPARED[name][0].lower()), *ends, marks, Fixed(NIL), Fixed(NIL))


def _of_the_beginning(tariff: Tariff) -> Iterator[Row]:
    """Whether each total can be compared with what it was at first, and whose choices those were.

    It can if both miss the same: what is p.m. costs as much as it did.
    """
    comparable = {"eerste_jaar": _misses_the_same(tariff), "looptijd": _misses_the_same(tariff, *SPREAD)}
    for name, formula in comparable.items():
        said = Calculated(f'IF({formula},"{YES}","{NO}")', YES, Style.TEXT, f"{BEGIN}{name}_te_vergelijken")
        yield Row([Fixed(f"{COMPARED[name][0]} te vergelijken"), said])
    whose = Given(attrgetter("choices.provenance.dutch"), name=PROVENANCE)
    yield Row([Fixed("Herkomst van de keuzes"), whose])


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
