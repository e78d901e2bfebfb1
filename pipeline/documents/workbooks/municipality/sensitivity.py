"""How the totals move with the hours of external guidance, which vary strongly."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents.workbooks.cells import Calculated, Fixed, Value
from pipeline.documents.workbooks.formulas import bounded, mark, marked, this_row, unless_pm
from pipeline.documents.workbooks.municipality.lines import besides, incomplete, unless_live
from pipeline.documents.workbooks.sheets import Block, Column, Table, heading, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import NO, YES, yes_no
from pipeline.model.choices import Guidance
from pipeline.model.indication import SENSITIVE_HOURS, Indication, Sensitivity
from pipeline.model.items import GUIDANCE, Period
from pipeline.reference.texts import Texts

TOTALS = {"Eerste jaar": "P.m.", "Alle jaren": "P.m."}

Shown = tuple[Sensitivity, Indication]


def sensitivity(texts: Texts) -> list[Block]:
    """A table with a row for each number of hours, with external guidance and all else as chosen."""
    marker = this_row("Gevoeligheid", "P.m.")
    hours, guidance = this_row("Gevoeligheid", "Uren"), this_row("Gevoeligheid", "Begeleiding")
    others = besides(Period.ONCE.dutch)
    once = f"{guidance}+N({others}_@)"
    first_year = f"{once}+N(jaarlijks_@)"
    # only what is paid once differs from the total of the projection
    horizon = f"N(looptijd_@)-N(eenmalig_@)+{once}"
    missing = mark(incomplete([others, "jaarlijks"]), first_year)
    chosen = f"AND(begeleiding=INDEX(lijst_begeleiding,2),begeleidingsuren={hours})"
    columns = [
        Column("Uren", 0, lambda hours: Fixed(hours, Style.INTEGER)),
        Column("Gekozen", 0, Calculated(f'IF({chosen},"{YES}","{NO}")', _chosen, Style.STATUS)),
        Column(
            "Begeleiding",
            0,
            Calculated(unless_live(GUIDANCE, f"ROUND({hours}*uurtarief,2)"), _guidance, Style.EURO_OR_NIL),
        ),
        Column("P.m.", 0, marked(missing, lambda shown: shown[0].totals.first_year)),
        *bounded("Eerste jaar", 0, unless_pm(marker, first_year), lambda shown: shown[0].totals.first_year),
        *bounded("Alle jaren", 0, unless_pm(marker, horizon), lambda shown: shown[0].totals.horizon),
    ]
    return [
        heading(texts.say("scenarios.uren")),
        note(texts.say("scenarios.uren_uitleg")),
        Table(
            "Gevoeligheid",
            columns,
            SENSITIVE_HOURS,
            of=_shown,
            chosen="Gekozen",
            totals=TOTALS,
            on_paper=len(SENSITIVE_HOURS),
        ),
    ]


def _shown(indication: Indication) -> Sequence[Shown]:
    return [(each, indication) for each in indication.sensitivities]


def _guidance(shown: Shown) -> Value:
    each, indication = shown
    if indication.choices.already_has(GUIDANCE):
        return 0
    return indication.assumptions.hourly_rate * each.hours


def _chosen(shown: Shown) -> str:
    each, indication = shown
    return yes_no(indication.choices.guidance is Guidance.EXTERNAL and indication.assumptions.hours == each.hours)
