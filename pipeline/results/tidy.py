"""The amounts of a result as a tidy table, `kostenindicaties.csv`: a row per municipality, item and bound.

For who counts with it in Power BI, R or pandas: commas, points, UTF-8, and the keys of `kostenindicaties.json`. What
nobody quantified has no number, and is never 0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import StringIO

from pipeline.intake.rejects.csv_injection import guarded
from pipeline.results.records import CostLine, Gist

FILE = "kostenindicaties.csv"
"""What the table is called in the folder with results."""
HEADER = (
    *("code", "name", "province", "inhabitants", "size_class", "item", "period", "applies", "own"),
    *("bound", "euros", "pro_memorie"),
)
BOUNDS = ("low", "high")

_TRUTH = {True: "true", False: "false"}


def tidy(gists: Iterable[Gist]) -> Iterator[bytes]:
    """The table in pieces, one for each municipality, as they come."""
    yield f"{','.join(HEADER)}\n".encode()
    for gist in gists:
        of, assumptions = gist.municipality, gist.assumptions
        about = (*map(guarded, (of.code, of.name, of.province)), assumptions.inhabitants, assumptions.size_class.value)
        text = StringIO()
        csv.writer(text, lineterminator="").writerow(about)
        begin = text.getvalue()
        yield "".join(f"{begin},{said}\n" for line in gist.lines for said in _said(line)).encode()


@lru_cache(maxsize=16_384)  # few of very many differ
def _said(line: CostLine) -> tuple[str, ...]:
    """Both bounds of a cost line in euros, to the cent; empty if nothing of the amount is known."""
    amount = line.amount
    unknown = amount.pro_memorie and not amount.high
    return tuple(
        f"{line.item},{line.period.value},{_TRUTH[line.applies]},{_TRUTH[line.own]},{bound},"
        f"{'' if unknown else f'{getattr(amount, bound):.2f}'},{_TRUTH[amount.pro_memorie]}"
        for bound in BOUNDS
    )
