"""What the steering group should doubt of what a municipality delivered: size class or inhabitants, estimates."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.indication import Remark, size_remarks
from pipeline.model.tariffs import Tariff
from pipeline.results.records import Gist

WARNINGS = frozenset(
    {
        *("raming_ver", "raming_nul", "raming_laag"),
        *("uren_veel", "uren_nul"),
        *("inwoners_anders", "startjaar_ver"),
    }
)
"""The codes of intake's warnings about what can be, but is not likely."""


def doubts(gist: Gist, tariff: Tariff) -> Iterator[Remark]:
    """What would be another contribution: by its own class or inhabitants, or because it is near a bound."""
    of, assumptions = gist.municipality, gist.assumptions
    stated, contribution = gist.choices.size_class, gist.choices.contribution
    used, own = assumptions.size_class, assumptions.inhabitants
    return size_remarks(of.code, of.inhabitants, stated, used, own, contribution, tariff)
