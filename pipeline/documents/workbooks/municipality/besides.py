"""What is the same in every combination: the items that no option decides, added up once for all rows."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents.workbooks.cells import Cell, Fixed
from pipeline.documents.workbooks.formulas import plus, summed
from pipeline.documents.workbooks.municipality.lines import ALL_YEARS, OPTIONS, besides, incomplete, line_names
from pipeline.documents.workbooks.sheets import Table, headed
from pipeline.model.amounts import Amount, total
from pipeline.model.indication import Indication
from pipeline.model.items import Period
from pipeline.model.tariffs import Tariff


def others(tariff: Tariff) -> Table:
    """What the other items cost once, yearly, and over all years together but for what is paid once."""
    years = range(1, int(tariff.horizon.value) + 1)
    yearly = line_names(tariff, Period.YEARLY, but=OPTIONS)
    indexed = [f"ROUND(N({name}_@)*index_{n},2)" for name in yearly for n in years]
    rows = [
        *(_row(period.dutch, plus([f"{name}_@" for name in line_names(tariff, period, but=OPTIONS)]), tariff, period)
          for period in Period),
        _row(ALL_YEARS, "+".join(indexed), tariff, Period.YEARLY),
    ]  # fmt: skip
    items = [[item for item in tariff.items if item.period is period and item not in OPTIONS] for period in Period]

    def amounts(indication: Indication) -> list[Amount]:
        in_all = (year for item in items[-1] for year in indication.paid(item))
        return [*(total(indication.line(item).amount for item in of) for of in items), total(in_all)]

    return Table("Overig", headed({"Overige posten": 0, "Laag": 0, "Hoog": 0, "P.m.": 0}), rows, of=amounts)


def _row(label: str, formula: str, tariff: Tariff, period: Period) -> Sequence[Cell]:
    names = line_names(tariff, period, but=OPTIONS)
    missing = incomplete(names) if names else "FALSE"
    return (Fixed(label.capitalize()), *summed(besides(label), formula or "0", missing, lambda amount: amount))
