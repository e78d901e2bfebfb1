"""Berekening: the tables that the other sheets calculate with, for who wants to follow every step."""

from __future__ import annotations

from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated, Fixed, Given
from pipeline.documents.workbooks.formulas import ended, legend, status
from pipeline.documents.workbooks.municipality.besides import others
from pipeline.documents.workbooks.municipality.costs import costs
from pipeline.documents.workbooks.municipality.lines import ESTIMATED_HOSTING, PHASE, PHASES, estimate_name, line_name
from pipeline.documents.workbooks.municipality.options import over_years
from pipeline.documents.workbooks.municipality.sorting import order
from pipeline.documents.workbooks.municipality.wording import Worded, named, words
from pipeline.documents.workbooks.sheets import Column, Sheet, Table, heading, note
from pipeline.documents.workbooks.styles import NIL, Style
from pipeline.documents.workbooks.words import BOUNDS
from pipeline.model.amounts import Amount
from pipeline.model.form import COMPARED
from pipeline.model.indication import Indication
from pipeline.model.items import HOSTING, Item
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

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
            _beginning(),
            Table("Raming", [Column("Gegeven"), Column("Waarde")], [_estimated_hosting()]),
            heading("Bedragen in woorden"),
            words(list(_worded(tariff, texts))),
            heading("Volgorde van de scenario’s"),
            order(),
            heading("Fasen"),
            Table("Fasen", [Column("Fase", cell=Fixed, name=f"lijst_{PHASE}")], PHASES),
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


def _beginning() -> Table:
    """The totals with the choices as they were when the workbook was made, and whose choices those are."""
    columns = [
        Column("Begin", cell=lambda name: Fixed(COMPARED[name][0])),
        *map(_begun, BOUNDS),
        Column(
            "P.m.", cell=lambda name: Given(lambda of: status(compared(of, name)), Style.STATUS, f"begin_{name}_pm")
        ),
        Column(
            "Herkomst van de keuzes",
            cell=lambda name: Given(
                attrgetter("choices.provenance.dutch"), name=PROVENANCE if name == "eerste_jaar" else ""
            ),
        ),
    ]
    return Table("Beginwaarden", columns, list(COMPARED))


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
