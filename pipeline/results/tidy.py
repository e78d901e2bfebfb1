"""The amounts of a result as a tidy table, `kostenindicaties.csv`: a row per municipality, item and bound.

For who counts with it in Power BI, R or pandas: commas, points, UTF-8, and the keys of `kostenindicaties.json`. What
nobody quantified has no number, and is never 0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from pipeline.intake.rejects.csv_injection import guarded
from pipeline.results.records import CostLine, Euros, Gist

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
        yield "".join(
            f"{begin},{_said(line)},{bound},{_euros(line.amount, bound)},{_TRUTH[line.amount.pro_memorie]}\n"
            for line in gist.lines
            for bound in BOUNDS
        ).encode()


def _said(line: CostLine) -> str:
    return f"{line.item},{line.period.value},{_TRUTH[line.applies]},{_TRUTH[line.own]}"


def _euros(amount: Euros, bound: str) -> str:
    """A bound in euros, to the cent; empty if nothing of the amount is known."""
    return "" if amount.pro_memorie and not amount.high else f"{getattr(amount, bound):.2f}"
