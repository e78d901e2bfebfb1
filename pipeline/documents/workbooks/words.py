"""The words that formulas and values of both workbooks share."""

from __future__ import annotations

from pipeline import dutch

PM, PLUS_PM, COMPLETE = "p.m.", "+ p.m.", dutch.HARD_SPACE
"""What the p.m. column says. Where nothing is missing it is blank: a space, because a formula must give something."""
NOT_GIVEN = dutch.NOT_GIVEN
NOT_APPLICABLE = "n.v.t."
YES, NO, BOTH = "ja", "nee", "beide"
LOW, HIGH = BOUNDS = ("laag", "hoog")


def yes_no(said: bool | None) -> str:
    """What was said, or that nothing was."""
    return NOT_GIVEN if said is None else YES if said else NO
