"""The workbook of the steering group: what all municipalities come to, by formula over one table of them.

`render_overview` takes the values of the formulas from the overview, which adds up amounts and not cells; the
formulas count and add over the table. The two compute independently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.overview import Overview
from pipeline.results import Basis
from pipeline.texts import Texts
from pipeline.workbooks.sheets import Properties, Sheet, Value
from pipeline.workbooks.steering.changes import change_values, changes
from pipeline.workbooks.steering.contributions import COLUMNS, EUROS, contributions
from pipeline.workbooks.steering.ggu import ggu, ggu_values
from pipeline.workbooks.steering.market import market, market_values
from pipeline.workbooks.steering.municipalities import municipalities, visible_values
from pipeline.workbooks.steering.overview import FOR_INFORMATION, decision_values, first_sheet
from pipeline.workbooks.steering.points import action_points, data_quality, unquantifiable
from pipeline.workbooks.steering.premises import steering_premises
from pipeline.workbooks.steering.totals import INCOMPLETE, NUMBER, SPREAD, totals
from pipeline.workbooks.steering.words import FIGURES, LAPSES, LAPSES_IN_HORIZON, amount_values, cell_name, lapse_name
from pipeline.workbooks.writer import write

if TYPE_CHECKING:
    import pandas as pd


def render_overview(overview: Overview, basis: Basis, texts: Texts) -> bytes:
    """The workbook of the steering group, as the bytes of an .xlsx file; the same overview gives the same bytes."""
    return write(describe(overview, basis, texts), name_values(overview, basis), properties(basis, texts))


def describe(overview: Overview, basis: Basis, texts: Texts) -> tuple[Sheet, ...]:
    """The sheets of the workbook; the municipalities and points are in them, the sums are formulas."""
    return (
        first_sheet(overview, basis, texts),
        totals(overview),
        contributions(),
        market(overview),
        ggu(overview, basis.tariff),
        municipalities(overview),
        action_points(overview, basis.tariff, texts),
        changes(overview),
        data_quality(overview),
        steering_premises(basis),
    )


def properties(basis: Basis, texts: Texts) -> Properties:
    """What the workbook says of itself."""
    return Properties(
        title=f"Signalen: overzicht voor de {texts.steering_group}",
        subject="Wat de gemeenten samen kosten, wie bijdraagt en wat aandacht vraagt",
        author=texts.organisation,
        keywords="Signalen, kostenindicatie, gemeenten, overzicht",
        created=basis.tariff.valid_from,
    )


def name_values(overview: Overview, basis: Basis) -> dict[str, Value]:
    """The value of each calculated cell, from the overview."""
    values: dict[str, Value] = {}
    values |= _sums("klasse", overview.by_class)
    values |= _sums("fase", overview.by_phase)
    values |= _contributions("klasse", overview.contributions)
    values |= _contributions("fase", overview.contributions_by_phase)
    values |= market_values(overview, float(basis.tariff.hourly_rate.value))
    values |= ggu_values(overview)
    values |= visible_values(overview)
    values |= _lapses(overview)
    values |= decision_values(overview)
    values |= change_values(overview.changes)
    values |= {f"aantal_{kind.name}": overview.number_about(kind) for kind in FOR_INFORMATION}
    values |= {f"zonder_bedrag_{i.key}": overview.unquantified.get(i, 0) for i in unquantifiable(basis.tariff)}
    return values


def _sums(kind: str, frame: pd.DataFrame) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for label, row in frame.to_dict("index").items():
        name = cell_name(kind, str(label))
        values |= {cell_name(name, NUMBER): row["municipalities"], cell_name(name, INCOMPLETE): row["incomplete"]}
        for key, figure in FIGURES.items():
            values |= amount_values(cell_name(name, figure), row[key])
        values[cell_name(name, SPREAD)] = float(row["first_year"].spread)
    return values


def _lapses(overview: Overview) -> dict[str, Value]:
    """What lapses for each municipality."""
    values: dict[str, Value] = {}
    columns = overview.municipalities[["code", "lapses", "lapses_in_horizon"]]
    for code, yearly, in_horizon in columns.itertuples(index=False, name=None):
        values[lapse_name(code, LAPSES)] = float(yearly)
        values[lapse_name(code, LAPSES_IN_HORIZON)] = float(in_horizon)
    return values


def _contributions(kind: str, frame: pd.DataFrame) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for label, row in frame.to_dict("index").items():
        for key, column in COLUMNS.items():
            value = float(row[column].low) if key in EUROS else row[column]
            values[cell_name("bijdrage", kind, str(label), key)] = value
    return values
