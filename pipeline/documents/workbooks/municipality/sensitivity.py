"""How the totals move with the hours of external guidance, which vary strongly."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents.workbooks.cells import Calculated, Value
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
    """A row for each number of hours, the chosen one among them, with external guidance and all else as chosen."""
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
        Column("Uren", 0, lambda place: Calculated(_hours(place), lambda shown: shown[0].hours, Style.HOURS_LEFT)),
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
            range(len(SENSITIVE_HOURS) + 1),
            of=_shown,
            chosen="Gekozen",
            totals=TOTALS,
            on_paper=len(SENSITIVE_HOURS) + 1,
        ),
    ]


def _hours(place: int) -> str:
    """The hours at a place: those chosen stand among the others, or if they are among those, more at the end."""
    first, last, step = SENSITIVE_HOURS[0], SENSITIVE_HOURS[-1], SENSITIVE_HOURS.step
    among = f"AND(begeleidingsuren>={first},begeleidingsuren<={last},MOD(begeleidingsuren-{first},{step})=0)"
    besides = f"IF({among},{last + step},begeleidingsuren)"
    below = f"MIN({SENSITIVE_HOURS[place]},{besides})" if place < len(SENSITIVE_HOURS) else besides
    return f"MAX({SENSITIVE_HOURS[place - 1]},{below})" if place else below


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
