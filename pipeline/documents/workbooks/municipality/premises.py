"""Uitgangspunten: every figure of the tariff with its unit, date and source."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.documents.origins import provenance
from pipeline.documents.workbooks.cells import Cell, Fixed
from pipeline.documents.workbooks.municipality.accountability import accountability
from pipeline.documents.workbooks.sheets import Block, Column, Sheet, Table, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import PM
from pipeline.model.figures import shown_figures
from pipeline.model.quantities import Stated
from pipeline.model.tariffs import Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts


def premises(basis: ReferenceData, texts: Texts) -> Sheet:
    """The sheet that shows each figure and each premise, whether the source states it, and where the data come from."""
    return Sheet(
        "Uitgangspunten",
        [*stated(basis.tariff, texts), *accountability(basis, texts)],
        landscape=False,
        purpose="elk bedrag met bron en datum, en waar de gegevens vandaan komen",
        pages=(1, 1),
    )


def stated(tariff: Tariff, texts: Texts) -> list[Block]:
    """Each figure and each premise of the tariff, with its source."""
    columns = [
        *(Column("Uitgangspunt", 25), Column("Bron of uitleg", 50), Column("Waarde", 18), Column("Eenheid", 15)),
        *(Column("Herkomst", 18), Column("Datum", 17)),
    ]
    return [
        note(texts.say("uitgangspunten.doel")),
        note(texts.say("uitgangspunten.link")),
        Table("Uitgangspunten", columns, list(_rows(tariff, texts))),
    ]


def _rows(tariff: Tariff, texts: Texts) -> Iterator[list[Cell]]:
    """A row for a figure, or one for each end of a range; a cell to which formulas refer is named."""

    def row(subject: str, value: Fixed, unit: str, premise: Stated, source: str, said_of: str = "") -> list[Cell]:
        since = Fixed(premise.dated, Style.DATE)
        said = Fixed(source, Style.SOURCE, link=premise.link) if premise.link else Fixed(source)
        return [Fixed(subject), said, value, Fixed(unit), Fixed(said_of or premise.provenance), since]

    for each in shown_figures(tariff):
        figure, label, cell = each.figure, each.named.label, each.named.cell
        for end, value in figure.ends:
            name = f"{cell}_{end}" if cell and end else cell
            shown = Fixed(PM if value is None else value, Style[figure.look.name], name)
            yield row(
                f"{label}, {end}" if end else label,
                shown,
                figure.unit,
                figure,
                figure.source,
                provenance(each, tariff, texts),
            )
    codes = ", ".join(sorted(tariff.g4.codes))
    yield row("G4", Fixed(codes), "gemeentecodes", tariff.g4, tariff.g4.source)
    for premise in tariff.premises:
        yield row(premise.subject, Fixed("in woorden"), "n.v.t.", premise, premise.text)
