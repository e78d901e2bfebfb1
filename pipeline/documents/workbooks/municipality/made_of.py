"""What the amount of a cost item is made of, in a few words: `150 uur × € 100`, `SaaS`, `Middelgroot`."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from pipeline import dutch
from pipeline.documents.origins import LAPSED as LAPSED_BY_GGU
from pipeline.documents.origins import NOT_CHOSEN
from pipeline.documents.workbooks.municipality.lines import LAPSED, LIVE, PHASE, chosen_by, there
from pipeline.documents.workbooks.municipality.wording import EURO, decimal
from pipeline.model.choices import Contribution, Guidance
from pipeline.model.indication import Indication
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, SOFTWARE, Item


def made_of(item: Item) -> tuple[str, Callable[[Indication], str]]:
    """What the amount of an item follows from, as a formula and as a value."""
    if item == SOFTWARE:
        return '"opensource"', lambda _: "opensource"
    if item == GUIDANCE:
        external = Guidance.EXTERNAL.dutch
        hours = f'{decimal("begeleidingsuren")}&" uur × {EURO}"&{decimal("uurtarief")}'
        formula = f'IF({LIVE},"{PHASE} live",IF(begeleiding="{external}",{hours},"eigen uren"))'

        def said(of: Indication) -> str:
            if of.choices.already_has(GUIDANCE):
                return f"{PHASE} live"
            if of.choices.guidance is Guidance.SELF:
                return "eigen uren"
            return f"{dutch.number(of.assumptions.hours)} uur × {EURO}{dutch.number(of.assumptions.hourly_rate)}"

        return formula, said
    if item == HOSTING:
        return "hosting", attrgetter("choices.hosting.dutch")
    if item == CONTRIBUTION:
        financial = Contribution.FINANCIAL

        def form(of: Indication) -> str:
            assumed, none = of.assumptions, of.choices.contribution is Contribution.NONE
            if not (none or assumed.contributes_in(assumed.start_year)):
                return LAPSED_BY_GGU
            return assumed.size_class.dutch if of.choices.contribution is financial else of.choices.contribution.dutch

        lapsed = f'AND(bijdrage<>"{Contribution.NONE.dutch}",{LAPSED})'
        by_form = f'IF(bijdrage="{financial.dutch}",grootteklasse,bijdrage)'
        return f'IF({lapsed},"{LAPSED_BY_GGU}",{by_form})', form
    if not item.by_choice:
        return '"altijd"', lambda _: "altijd"
    word = "fase demo" if chosen_by(item) == PHASE else "gekozen"
    return (
        f'IF({there(item)},"{word}","{NOT_CHOSEN}")',
        lambda of: word if of.line(item).applies else NOT_CHOSEN,
    )
