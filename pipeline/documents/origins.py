"""What the amount of a cost item rests on, in the few words that each document of a municipality has for it."""

from __future__ import annotations

from pipeline import dutch
from pipeline.documents.workbooks.words import NOT_APPLICABLE
from pipeline.model.choices import Contribution
from pipeline.model.figures import NamedFigure, Shown
from pipeline.model.indication import Indication
from pipeline.model.items import CONTRIBUTION, GUIDANCE, Item
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

ALREADY_LIVE = f"{NOT_APPLICABLE} (al live)"
NOT_CHOSEN, LAPSED = "niet gekozen", "vervallen (GGU)"
OWN_ESTIMATE, OWN_HOURS = "eigen raming", "ingevulde uren"
NOBODY_KNOWS = "geen bedrag bekend"


def has_lapsed(item: Item, of: Indication) -> bool:
    """Whether a municipality that would contribute is not asked to any more in the first year."""
    contributes = item == CONTRIBUTION and of.choices.contribution is not Contribution.NONE
    return contributes and not of.assumptions.contributes_in(of.assumptions.start_year)


def provenance(each: NamedFigure[Shown], tariff: Tariff, texts: Texts) -> str:
    """Whether the source states a figure; of a contribution, that it states the amount and not that it is yearly."""
    return texts.stated(CONTRIBUTION, tariff) if each.key.startswith(CONTRIBUTION.key) else each.figure.provenance


def prices(of: Indication, texts: Texts) -> str:
    """Whether prices rise, and of who contributes that nobody knows when that lapses, if so."""
    rise = of.assumptions.indexation
    said = texts.say("gedeeld.zonder_prijsstijging")
    if rise:
        said = texts.say("gedeeld.met_prijsstijging", procent=dutch.number(rise))
    unknown = of.assumptions.ggu_year is None and of.choices.contribution is not Contribution.NONE
    return f"{said} {texts.say('gedeeld.ggu_onbekend')}" if unknown else said


def origin(item: Item, of: Indication, tariff: Tariff, texts: Texts) -> str:
    """What the amount of an item rests on, or why there is none."""
    line = of.line(item)
    if not line.applies:
        return ALREADY_LIVE if of.choices.already_has(item) else NOT_APPLICABLE
    if item == CONTRIBUTION and of.choices.contribution is Contribution.NONE:
        return NOT_CHOSEN
    if has_lapsed(item, of):
        return LAPSED
    if item == GUIDANCE and of.has_own_hours(tariff):
        return OWN_HOURS
    if line.own:
        return OWN_ESTIMATE
    return NOBODY_KNOWS if line.amount.pro_memorie else texts.stated(item, tariff)
