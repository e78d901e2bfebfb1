"""What is the same in every combination: the items that no option decides, added up once for all rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.documents.workbooks.cells import Cell, Fixed
from pipeline.documents.workbooks.formulas import plus, summed
from pipeline.documents.workbooks.municipality.lines import ALL_YEARS, OPTIONS, besides, incomplete, line_names
from pipeline.documents.workbooks.styles import NIL
from pipeline.model.amounts import Amount, total
from pipeline.model.indication import Indication
from pipeline.model.items import Item, Period
from pipeline.model.tariffs import Tariff


def others(tariff: Tariff) -> Iterator[Sequence[Cell]]:
    """What the other items cost once, yearly, and over all years together but for what is paid once."""
    years = range(1, int(tariff.horizon.value) + 1)
    for period in Period:
        items = [item for item in tariff.items if item.period is period and item not in OPTIONS]
        names = line_names(tariff, period, but=OPTIONS)
        yield _row(period.dutch, plus([f"{name}_@" for name in names]), names, items)
    indexed = "+".join(f"ROUND(N({name}_@)*index_{n},2)" for name in names for n in years)
    yield _row(ALL_YEARS, indexed, names, items, each_year=True)


def _row(
    label: str, formula: str, names: Sequence[str], items: Sequence[Item], *, each_year: bool = False
) -> Sequence[Cell]:
    def amount(indication: Indication) -> Amount:
        if each_year:
            return total(year for item in items for year in indication.paid(item))
        return total(indication.line(item).amount for item in items)

    amounts = summed(besides(label), formula or "0", incomplete(names) if names else "FALSE", amount)
    alike = Fixed("Bij elke combinatie gelijk.")
    return (Fixed("Overige posten"), Fixed(NIL), Fixed(label), *amounts, alike, Fixed(NIL))
