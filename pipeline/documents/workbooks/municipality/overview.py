"""Overzicht: one page for who decides: what it costs, what that consists of, each year, and what is good to know."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterator, Sequence

from pipeline import dutch
from pipeline.documents.workbooks.cells import Again, Calculated, Cell, Fixed, Given
from pipeline.documents.workbooks.municipality.lines import (
    LIVE,
    OPTIONS,
    chosen,
    estimate_name,
    line_name,
    there,
)
from pipeline.documents.workbooks.municipality.made_of import made_of
from pipeline.documents.workbooks.municipality.wording import in_words, thousands
from pipeline.documents.workbooks.sheets import Block, Column, Line, Link, Row, Sheet, Table, heading, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, COMPLETE, NOT_APPLICABLE
from pipeline.model.amounts import NOTHING
from pipeline.model.choices import Contribution, Guidance, Phase
from pipeline.model.figures import shown_figures
from pipeline.model.indication import Indication
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period
from pipeline.model.tariffs import Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts, in_a_sentence

BAR = 36
"""How many blocks the longest bar has."""
REMARKS, WIDE = 9, 104
"""How many lines there are for what is good to know, and how many letters each has."""
NOBODY_KNOWS, OWN, OWN_HOURS = "geen bedrag bekend", "eigen raming", "eigen opgave"
ALREADY_LIVE = f"{NOT_APPLICABLE} (al live)"
AND_MORE = " en meer"
"""What stands behind the bar of a year of which an amount is missing."""


def overview(basis: ReferenceData, texts: Texts, others: Sequence[Sheet]) -> Sheet:
    """The first sheet: the answer, what it consists of and does not hold, and where to go on to."""
    tariff = basis.tariff
    return Sheet(
        "Overzicht",
        [
            *_answer(int(tariff.horizon.value)),
            note(texts.say("gedeeld.niet_meegerekend")),
            _missing(tariff, texts),
            heading(texts.say("overzicht.opbouw")),
            _parts(tariff, texts),
            heading(texts.say("overzicht.per_jaar")),
            _years(int(tariff.horizon.value)),
            heading(texts.say("overzicht.verder")),
            Line(Calculated(*_chosen(), Style.NOTE)),
            *(Link(f"{sheet.name}: {sheet.purpose}", sheet.name) for sheet in others),
            heading(texts.say("overzicht.goed_om_te_weten")),
            Line(_size_class(texts)),
            note(texts.say("overzicht.aannames", aannames=_assumed(tariff))),
            *(Line(Given(_remark(texts, n), Style.NOTE)) for n in range(REMARKS)),
        ],
        landscape=False,
        pages=(1, 1),
        purpose="wat het kost, op een bladzijde",
    )


def _answer(horizon: int) -> Iterator[Block]:
    """The first year, each year after that, and all years together: what they are, and below that the amounts."""
    labels: list[Cell] = [
        Calculated('"EERSTE JAAR "&startjaar', lambda of: f"EERSTE JAAR {of.assumptions.start_year}", Style.LABEL)
    ]
    amounts: list[Cell] = [Again("zin_eerste_jaar", Style.ANSWER)]
    if horizon > 1:
        labels += [Fixed("", Style.LABEL), Fixed("DAARNA PER JAAR", Style.LABEL)]
        amounts += [Fixed("", Style.ANSWER), Again("zin_later", Style.ANSWER)]
    labels += [Fixed("", Style.LABEL), Calculated(f'startjaar&" T/M "&startjaar+{horizon - 1}', _span, Style.LABEL)]
    amounts += [Fixed("", Style.ANSWER), Again("zin_looptijd", Style.ANSWER)]
    yield Row(labels, 20)
    yield Row(amounts, 30)


def _span(indication: Indication) -> str:
    years = indication.assumptions.years
    return f"{years[0]} T/M {years[-1]}"


def _missing(tariff: Tariff, texts: Texts) -> Line:
    """Which items are p.m.; nothing if none is."""
    names = {item.key: texts.of(item).name for item in tariff.items}
    before = texts.say("overzicht.nog_zonder_bedrag")
    said = "&".join(f'IF({n}_pm<>tekst_volledig," • "&post_{n},"")' for n in map(line_name, tariff.items))

    def in_a_line(indication: Indication) -> str:
        missing = "".join(f" • {names[key]}" for key in indication.pro_memorie)
        return f"{before}{missing}" if missing else COMPLETE

    return Line(
        Calculated(f'IF(eerste_jaar_pm=tekst_volledig,tekst_volledig,"{before}"&{said})', in_a_line, Style.NOTE)
    )


# --- What it consists of ----------------------------------------------------------------------------------------------


def _parts(tariff: Tariff, texts: Texts) -> Table:
    columns = [
        Column("Post", 22, lambda item: Fixed(texts.of(item).name), Fixed("Totaal")),
        Column("Waaruit", 19, lambda item: Calculated(*made_of(item), Style.TEXT), Fixed("alle posten")),
        Column("Eenmalig (incidenteel)", 17, _paid_in(Period.ONCE), _paid_once()),
        Column("Per jaar (structureel)", 19, _paid_in(Period.YEARLY), Again("zin_jaarlijks", Style.AMOUNT)),
        Column("Herkomst", 24, lambda item: _source(item, tariff, texts), Fixed("zie de posten")),
    ]
    return Table("Opbouw", columns, tariff.items)


def _paid_in(period: Period) -> Callable[[Item], Cell]:
    return lambda item: _paid(item, period)


def _paid(item: Item, period: Period) -> Cell:
    """The amount of an item in the column of when it is paid."""
    if item.period is not period:
        return Fixed("–", Style.AMOUNT)
    name = f"zin_{line_name(item)}"

    def said(of: Indication) -> str:
        line = of.line(item)
        if line.applies:
            return in_words(line.amount, total=False)
        return ALREADY_LIVE if of.choices.already_has(item) else NOT_APPLICABLE

    return Calculated(_unless_absent(item, name), said, Style.AMOUNT)


def _paid_once() -> Calculated:
    """The total of what is paid once; for who is live it does not apply, unless something else is paid."""

    def said(of: Indication) -> str:
        once, live = of.totals.once, of.choices.phase is Phase.LIVE
        return NOT_APPLICABLE if live and once == NOTHING else in_words(once)

    nothing = f"AND({LIVE},N(eenmalig_hoog)=0,eenmalig_pm=tekst_volledig)"
    return Calculated(f'IF({nothing},"{NOT_APPLICABLE}",zin_eenmalig)', said, Style.AMOUNT)


def _unless_absent(item: Item, formula: str) -> str:
    """A formula for an item that is there; else that it does not apply."""
    if item.by_choice:
        formula = f'IF({there(item)},{formula},"{NOT_APPLICABLE}")'
    return f'IF({LIVE},"{ALREADY_LIVE}",{formula})' if item.set_up else formula


def _source(item: Item, tariff: Tariff, texts: Texts) -> Cell:
    """What the amount of an item rests on."""
    stated = texts.stated(item, tariff)
    own = ",".join(f"ISNUMBER({estimate_name(item, bound)})" for bound in BOUNDS)
    conditions = {
        GUIDANCE: f'begeleiding="{Guidance.SELF.dutch}",',
        CONTRIBUTION: f'bijdrage="{Contribution.ALTERNATIVE.dutch}",',
    }
    formula = f'IF({line_name(item)}_pm<>tekst_volledig,"{NOBODY_KNOWS}","{stated}")'
    if item.estimable:
        formula = f'IF(AND({conditions.get(item, "")}{own}),"{OWN}",{formula})'
    if item == GUIDANCE:
        changed = "OR(begeleidingsuren<>tarief_uren,uurtarief<>tarief_uurtarief)"
        formula = f'IF(AND(begeleiding="{Guidance.EXTERNAL.dutch}",{changed}),"{OWN_HOURS}",{formula})'
    if item == CONTRIBUTION:
        formula = f'IF(bijdrage="{Contribution.NONE.dutch}","{NOT_APPLICABLE}",{formula})'

    def said(of: Indication) -> str:
        line = of.line(item)
        if not line.applies or (item == CONTRIBUTION and of.choices.contribution is Contribution.NONE):
            return ALREADY_LIVE if of.choices.already_has(item) else NOT_APPLICABLE
        if item == GUIDANCE and of.has_own_hours(tariff):
            return OWN_HOURS
        return OWN if line.own else NOBODY_KNOWS if line.amount.pro_memorie else stated

    return Calculated(_unless_absent(item, formula), said, Style.TEXT, longest=len(stated))


# --- Each year, and what is good to know ------------------------------------------------------------------------------


def _years(horizon: int) -> Table:
    """The amount of each year with a bar, which runs on over empty cells: up to the low end, and lighter to the high.

    Of a year from which an amount is missing, the bar is open at its low end.
    """

    def bar(n: int) -> Calculated:
        low, high = (f"ROUND({BAR}*N(INDEX(jaren_{bound},{n}))/MAX(jaren_hoog),0)" for bound in BOUNDS)
        whole = f'IF({high}=0,tekst_volledig,REPT("█",{low})&REPT("▒",{high}-{low}))'
        blocks = f'IF(INDEX(jaren_pm,{n})=tekst_volledig,{whole},REPT("█",{low})&"{AND_MORE}")'
        formula = f'IF(MAX(jaren_hoog)=0,"{dutch.UNKNOWN}",{blocks})'
        return Calculated(formula, lambda of: _bar(of, n), Style.BAR)

    def year(n: int) -> Calculated:
        return Calculated(f"INDEX(jaren_jaar,{n})", lambda of: of.years[n - 1].year, Style.YEAR_LEFT)

    columns = [
        Column("Jaar", cell=year),
        Column("Bedrag", cell=lambda n: Again(f"zin_jaar_{n}", Style.AMOUNT)),
        Column("In beeld", cell=bar),
    ]
    return Table("JarenInBeeld", columns, range(1, horizon + 1))


def _bar(indication: Indication, n: int) -> str:
    most = max(float(year.total.high) for year in indication.years)
    if most == 0:
        return dutch.UNKNOWN
    amount = indication.years[n - 1].total
    low, high = (math.floor(BAR * float(end) / most + 0.5) for end in (amount.low, amount.high))
    if amount.pro_memorie:
        return "█" * low + AND_MORE
    return "█" * low + "▒" * (high - low) or COMPLETE


def _remark(texts: Texts, n: int) -> Callable[[Indication], str]:
    """Line n of what is good to know; empty if there are not so many. All of it stands in Uitgangspunten too."""

    def line(indication: Indication) -> str:
        said = [*map(texts.remark, indication.remarks), *indication.choices.warnings]
        lines = [part for each in said for part in textwrap.wrap(f"• {each}", WIDE, subsequent_indent="   ")]
        lines = lines or [texts.say("overzicht.niets_bijzonders")]
        if len(lines) > REMARKS:
            lines[REMARKS - 1 :] = [texts.say("overzicht.meer")]
        return lines[n].strip() if n < len(lines) else ""

    return line


def _size_class(texts: Texts) -> Calculated:
    """The size class and the inhabitants that amounts rest on."""
    formula = texts.say("overzicht.klasse", klasse='"&grootteklasse&"', aantal=f'"&{thousands("inwoners")}&"')

    def said(of: Indication) -> str:
        assumed = of.assumptions
        return texts.say("overzicht.klasse", klasse=assumed.size_class.dutch, aantal=dutch.number(assumed.inhabitants))

    return Calculated(f'"{formula}"', said, Style.NOTE)


def _assumed(tariff: Tariff) -> str:
    """What the source does not state and we assume, by name."""
    assumed = (each.named for each in shown_figures(tariff) if each.figure.assumed)
    named = [each.in_a_sentence or each.label for each in assumed]
    if tariff.g4.assumed:
        named.append("welke gemeenten de G4 zijn")
    named += [premise.subject for premise in tariff.premises if premise.assumed]
    return ", ".join(map(in_a_sentence, named))


def _chosen() -> tuple[str, Callable[[Indication], str]]:
    """The three choices, as a formula and as a value."""
    words = (made_of(item)[0] if item == HOSTING else item.word for item in OPTIONS)
    formula = '"Gekozen: "&' + '&" · "&'.join(words)

    def said(indication: Indication) -> str:
        return "Gekozen: " + " · ".join(chosen(item, indication.choices).called for item in OPTIONS)

    return formula, said
