"""The workbook of one municipality: a calculator whose every amount follows by formula from its input cells.

`describe` says which sheets, cells and formulas there are; it depends on what a run shares (tariff, texts) and on
nothing else. `name_values` gives each named cell its value from the indication. The two compute independently.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.indication import Indication
from pipeline.results import Basis
from pipeline.texts import Texts
from pipeline.workbooks.municipality.accountability import accountability
from pipeline.workbooks.municipality.choices import choices
from pipeline.workbooks.municipality.costs import costs
from pipeline.workbooks.municipality.options import options
from pipeline.workbooks.municipality.overview import overview
from pipeline.workbooks.municipality.premises import premises
from pipeline.workbooks.municipality.projection import projection
from pipeline.workbooks.municipality.scenarios import comparison, scenarios
from pipeline.workbooks.municipality.sensitivity import sensitivity
from pipeline.workbooks.municipality.values import name_values
from pipeline.workbooks.sheets import Block, Calculated, Given, Line, Properties, Sheet, cells_of
from pipeline.workbooks.styles import Style

__all__ = ["describe", "name_values", "properties"]


def describe(basis: Basis, texts: Texts) -> tuple[Sheet, ...]:
    """The sheets of a municipality's workbook, for all municipalities of a run alike."""
    tariff = basis.tariff
    others = (
        choices(tariff, texts),
        costs(tariff, texts),
        projection(tariff),
        scenarios(tariff),
        comparison(tariff),
        sensitivity(tariff),
        options(tariff, texts),
        premises(tariff),
        accountability(tariff, texts),
    )
    return tuple(_headed(sheet, n) for n, sheet in enumerate((overview(tariff, texts, others), *others), 1))


def _headed(sheet: Sheet, number: int) -> Sheet:
    """The sheet with lines under its title that also say on paper whose it is, which of how many, and as delivered."""
    title, *rest = sheet.blocks
    heading: list[Block] = [title, Line(Given(f"blad_{number}", Style.SUBTITLE), 20)]
    if not any(isinstance(cell, Calculated) and cell.name == "keuzes_gewijzigd" for cell in cells_of(sheet)):
        heading.append(Line(Calculated("gewijzigd", "=keuzes_gewijzigd", Style.NOTICE, defined=False)))
    return replace(sheet, blocks=[*heading, *rest])


def properties(indication: Indication, basis: Basis, texts: Texts) -> Properties:
    """What the workbook says of itself."""
    name = indication.choices.municipality.name
    return Properties(
        title=f"Kostenindicatie Signalen voor {name}",
        subject="Wat Signalen deze gemeente zou kosten: eenmalig, jaarlijks en over de looptijd",
        author=texts.organisation,
        keywords="Signalen, kostenindicatie, gemeente",
        created=basis.tariff.valid_from,
    )
