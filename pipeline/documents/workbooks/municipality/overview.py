"""Overzicht: one page for who decides: what it costs, what that consists of, each year, and what is good to know."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterator, Sequence

from pipeline import dutch
from pipeline.documents.origins import ALREADY_LIVE, NOBODY_KNOWS, NOT_CHOSEN, OWN_ESTIMATE, OWN_HOURS, origin, prices
from pipeline.documents.origins import LAPSED as LAPSED_BY_GGU
from pipeline.documents.workbooks.cells import Again, Calculated, Cell, Fixed, Given
from pipeline.documents.workbooks.municipality.choices import CHANGED, STATE
from pipeline.documents.workbooks.municipality.lines import (
    ESTIMATED_HOSTING,
    LAPSED,
    LIVE,
    OPTIONS,
    chosen,
    estimate_name,
    line_name,
    unless_absent,
)
from pipeline.documents.workbooks.municipality.made_of import made_of
from pipeline.documents.workbooks.municipality.wording import decimal, in_words, thousands
from pipeline.documents.workbooks.sheets import Block, Column, Line, Link, Row, Sheet, Table, heading, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, COMPLETE, NOT_APPLICABLE
from pipeline.model.amounts import NOTHING
from pipeline.model.choices import Contribution, Guidance, Phase
from pipeline.model.figures import shown_figures
from pipeline.model.indication import Indication, Remark, RemarkCode
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period
from pipeline.model.tariffs import Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts, in_a_sentence

ON_A_LINE = 4
"""How many items without an amount are named on a line, so that it does not run off the page."""
BAR = 36
"""How many blocks the longest bar has."""
REMARKS, WIDE = 6, 108
"""How many lines there are for what is good to know, and how many letters each has."""
LATER, UNLIKE = "DAARNA PER JAAR", " (DAARNA ANDERS)"
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
            *_missing(tariff, texts),
            heading(texts.say("overzicht.opbouw")),
            _parts(tariff, texts),
            heading(texts.say("overzicht.per_jaar")),
            _years(int(tariff.horizon.value)),
            heading(texts.say("overzicht.verder")),
            Line(_chosen(texts)),
            *(Link(f"{sheet.name}: {sheet.purpose}", sheet.name) for sheet in others),
            heading(texts.say("overzicht.goed_om_te_weten")),
            note(texts.say("overzicht.aannames", aannames=_assumed(tariff))),
            Line(_prices(int(tariff.horizon.value), texts)),
            Line(_experience(tariff, texts)),
            Line(_of_the_beginning(texts)),
            *(Line(Given(_remark(texts, n), Style.NOTE)) for n in range(REMARKS)),
        ],
        landscape=False,
        pages=(1, 1),
    )


def _answer(horizon: int) -> Iterator[Block]:
    """The first year, each year after that, and all years together: what they are, and below that the amounts."""
    labels: list[Cell] = [
        Calculated('"EERSTE JAAR "&startjaar', lambda of: f"EERSTE JAAR {of.assumptions.start_year}", Style.LABEL)
    ]
    amounts: list[Cell] = [Again("zin_eerste_jaar", Style.ANSWER)]
    if horizon > 1:
        labels += [Fixed("", Style.LABEL), _each_later_year()]
        amounts += [Fixed("", Style.ANSWER), Again("zin_jaar_2", Style.ANSWER)]
    labels += [Fixed("", Style.LABEL), Calculated(f'startjaar&" T/M "&startjaar+{horizon - 1}', _span, Style.LABEL)]
    amounts += [Fixed("", Style.ANSWER), Again("zin_looptijd", Style.LAST_ANSWER)]
    yield Row(labels, 20)
    yield Row(amounts, 30)


def _each_later_year() -> Calculated:
    """What the amount of the second year is called: that of every later year, or else of this one."""
    unlike = ",".join(f"MIN(latere_{bound})<>MAX(latere_{bound})" for bound in BOUNDS)
    formula = f"OR({unlike},COUNTIF(latere_pm,INDEX(latere_pm,1))<ROWS(latere_pm))"

    def said(of: Indication) -> str:
        alike = len({year.total for year in of.years[1:]}) == 1
        return LATER if alike else f"IN {of.years[1].year}{UNLIKE}"

    return Calculated(f'IF({formula},"IN "&startjaar+1&"{UNLIKE}","{LATER}")', said, Style.LABEL)


def _span(indication: Indication) -> str:
    years = indication.assumptions.years
    return f"{years[0]} T/M {years[-1]}"


def _missing(tariff: Tariff, texts: Texts) -> Iterator[Line]:
    """Which items are p.m., so many on a line; nothing if none is."""
    for first in range(0, len(tariff.items), ON_A_LINE):
        yield _missing_among(tariff.items[first : first + ON_A_LINE], tariff.items[:first], texts)


def _missing_among(items: Sequence[Item], above: Sequence[Item], texts: Texts) -> Line:
    """Which of some items are p.m., below a line about others."""
    names = {item.key: texts.of(item).name for item in items}
    first, also = texts.say("overzicht.nog_zonder_bedrag"), texts.say("overzicht.ook_zonder_bedrag")
    said = "&".join(f'IF({n}_pm<>tekst_volledig,", "&post_{n},"")' for n in map(line_name, items))
    before = f'IF({_any_missing(above)},"{also}","{first}")' if above else f'"{first}"'

    def in_a_line(indication: Indication) -> str:
        missing = ", ".join(names[key] for key in indication.pro_memorie if key in names)
        begins = also if any(item.key in indication.pro_memorie for item in above) else first
        return f"{begins} {missing}" if missing else COMPLETE

    formula = f'IF({_any_missing(items)},{before}&SUBSTITUTE({said},", "," ",1),tekst_volledig)'
    return Line(Calculated(formula, in_a_line, Style.NOTE))


def _any_missing(items: Sequence[Item]) -> str:
    return f"OR({','.join(f'{line_name(item)}_pm<>tekst_volledig' for item in items)})"


# --- What it consists of ----------------------------------------------------------------------------------------------


def _parts(tariff: Tariff, texts: Texts) -> Table:
    columns = [
        Column("Post", 22, lambda item: Fixed(texts.of(item).name), Fixed("Totaal")),
        Column("Waaruit", 17, lambda item: Calculated(*made_of(item), Style.TEXT), Fixed("alle posten")),
        Column("Eenmalig (incidenteel)", 17, _paid_in(Period.ONCE), _paid_once()),
        Column("Per jaar (structureel)", 19, _paid_in(Period.YEARLY), Again("zin_jaarlijks", Style.AMOUNT)),
        Column("Herkomst", 26, lambda item: _source(item, tariff, texts), Fixed("zie de posten")),
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

    return Calculated(unless_absent(item, name, NOT_APPLICABLE, ALREADY_LIVE), said, Style.AMOUNT)


def _paid_once() -> Calculated:
    """The total of what is paid once; for who is live it does not apply, unless something else is paid."""

    def said(of: Indication) -> str:
        once, live = of.totals.once, of.choices.phase is Phase.LIVE
        return NOT_APPLICABLE if live and once == NOTHING else in_words(once)

    nothing = f"AND({LIVE},N(eenmalig_hoog)=0,eenmalig_pm=tekst_volledig)"
    return Calculated(f'IF({nothing},"{NOT_APPLICABLE}",zin_eenmalig)', said, Style.AMOUNT)


def _source(item: Item, tariff: Tariff, texts: Texts) -> Cell:
    """What the amount of an item rests on."""
    stated = texts.stated(item, tariff)
    own = ",".join(f"ISNUMBER({estimate_name(item, bound)})" for bound in BOUNDS)
    conditions = {
        GUIDANCE: f'begeleiding="{Guidance.SELF.dutch}",',
        HOSTING: f"{ESTIMATED_HOSTING}=hosting,",
        CONTRIBUTION: f'bijdrage="{Contribution.ALTERNATIVE.dutch}",',
    }
    formula = f'IF({line_name(item)}_pm<>tekst_volledig,"{NOBODY_KNOWS}","{stated}")'
    if item.estimable:
        formula = f'IF(AND({conditions.get(item, "")}{own}),"{OWN_ESTIMATE}",{formula})'
    if item == GUIDANCE:
        changed = "OR(begeleidingsuren<>tarief_uren,uurtarief<>tarief_uurtarief)"
        formula = f'IF(AND(begeleiding="{Guidance.EXTERNAL.dutch}",{changed}),"{OWN_HOURS}",{formula})'
    if item == CONTRIBUTION:
        formula = f'IF(bijdrage="{Contribution.NONE.dutch}","{NOT_CHOSEN}",IF({LAPSED},"{LAPSED_BY_GGU}",{formula}))'

    return Calculated(
        unless_absent(item, formula, NOT_APPLICABLE, ALREADY_LIVE),
        lambda of: origin(item, of, tariff, texts),
        Style.TEXT,
        longest=len(stated),
    )


# --- Each year, and what is good to know ------------------------------------------------------------------------------


def _years(horizon: int) -> Table:
    """The amount of each year with a bar, which runs on over empty cells: up to the low end, and lighter to the high.

    Of a year from which an amount is missing, the bar is open at its low end.
    """

    def bar(n: int) -> Calculated:
        low, high = (f"ROUND({BAR}*N(INDEX(jaren_{bound},{n}))/MAX(jaren_hoog),0)" for bound in BOUNDS)
        whole = f'IF({high}=0,tekst_volledig,REPT("█",{low})&REPT("▒",{high}-{low}))'
        missing = f"INDEX(jaren_pm,{n})"
        blocks = f'IF({missing}=tekst_volledig,{whole},REPT("█",{low})&"{AND_MORE}")'
        known = f"IF(MAX(jaren_hoog)=0,tekst_volledig,{blocks})"
        formula = f'IF({missing}=tekst_pm,"{dutch.UNKNOWN}",{known})'
        return Calculated(formula, lambda of: _bar(of, n), Style.BAR)

    def year(n: int) -> Calculated:
        return Calculated(f"INDEX(jaren_jaar,{n})", lambda of: of.years[n - 1].year, Style.YEAR_LEFT)

    columns = [
        Column("Jaar", cell=year),
        Column("Bedrag", cell=lambda n: Again(f"zin_jaar_{n}", Style.AMOUNT)),
        Column("In beeld", cell=bar),
    ]
    return Table("JarenInBeeld", columns, range(1, horizon + 1), runs_on=2)


def _bar(indication: Indication, n: int) -> str:
    most = max(float(year.total.high) for year in indication.years)
    amount = indication.years[n - 1].total
    if amount.unquantified:
        return dutch.UNKNOWN
    if most == 0:
        return COMPLETE
    low, high = (math.floor(BAR * float(end) / most + 0.5) for end in (amount.low, amount.high))
    if amount.pro_memorie:
        return "█" * low + AND_MORE
    return "█" * low + "▒" * (high - low) or COMPLETE


def _remark(texts: Texts, n: int) -> Callable[[Indication], str]:
    """Line n of what is good to know; empty if there are not so many. All of it stands in Uitgangspunten too."""

    def line(indication: Indication) -> str:
        lines: list[str] = []
        remarks = (each for each in indication.remarks if each.code is not RemarkCode.CONTRIBUTION_LAPSES)
        for said in (*map(texts.remark, remarks), *indication.choices.warnings):
            more = textwrap.wrap(f"• {said}", WIDE)
            if len(lines) + len(more) >= REMARKS:
                lines.append(texts.say("overzicht.meer"))
                break
            lines += more
        lines = lines or [texts.say("overzicht.niets_bijzonders")]
        return lines[n] if n < len(lines) else ""

    return line


def _experience(tariff: Tariff, texts: Texts) -> Calculated:
    """That the hours of the tariff are a figure from experience, while they are calculated with."""
    said = texts.say("gedeeld.ervaringscijfer", uren=dutch.number(tariff.hours.value))
    counts = f'AND(begeleiding="{Guidance.EXTERNAL.dutch}",begeleidingsuren=tarief_uren,NOT({LIVE}))'

    def at_first(of: Indication) -> str:
        external = of.choices.guidance is Guidance.EXTERNAL and not of.choices.already_has(GUIDANCE)
        return said if external and of.assumptions.hours == tariff.hours.value else COMPLETE

    return Calculated(f'IF({counts},"{said}",tekst_volledig)', at_first, Style.NOTE)


def _prices(horizon: int, texts: Texts) -> Calculated:
    """Whether prices rise, and when the contribution lapses, or that nobody knows."""
    without, unknown = texts.say("gedeeld.zonder_prijsstijging"), texts.say("gedeeld.ggu_onbekend")
    rising = texts.say("gedeeld.met_prijsstijging", procent=f'"&{decimal("indexatie*100")}&"')
    lapsing = texts.remark(Remark(RemarkCode.CONTRIBUTION_LAPSES, {"jaar": '"&ggu_jaar&"'}))
    rise = f'IF(indexatie=0,"{without}","{rising}")'
    within = f'IF(ggu_jaar<startjaar+{horizon}," {lapsing}","")'
    ggu = f'IF(bijdrage="{Contribution.NONE.dutch}","",IF(ISNUMBER(ggu_jaar),{within}," {unknown}"))'

    def said(of: Indication) -> str:
        lapse = (each for each in of.remarks if each.code is RemarkCode.CONTRIBUTION_LAPSES)
        return " ".join((prices(of, texts), *map(texts.remark, lapse)))

    return Calculated(f"{rise}&{ggu}", said, Style.NOTE)


def _of_the_beginning(texts: Texts) -> Calculated:
    """That the remarks below it are about the choices as they were, once they are others."""
    as_they_were, changed = texts.say("overzicht.bij_deze_keuzes"), texts.say("overzicht.bij_de_beginwaarden")
    formula = f'IF(COUNTIF(Keuzes[{STATE}],"{CHANGED}")=0,"{as_they_were}","{changed}")'
    return Calculated(formula, as_they_were, Style.NOTICE)


def _assumed(tariff: Tariff) -> str:
    """What the source does not state and we assume, by name."""
    assumed = (each.named for each in shown_figures(tariff) if each.figure.assumed)
    named = [each.in_a_sentence or each.label for each in assumed]
    if tariff.g4.assumed:
        named.append("welke gemeenten de G4 zijn")
    return ", ".join(map(in_a_sentence, named))


def _chosen(texts: Texts) -> Calculated:
    """The three choices, and the size class and inhabitants that amounts rest on."""
    named = {"klasse": '"&grootteklasse&"', "aantal": f'"&{thousands("inwoners")}&"'}
    formula = texts.say(
        "overzicht.gekozen", keuzes='"&' + '&" · "&'.join(item.word for item in OPTIONS) + '&"', **named
    )

    def said(of: Indication) -> str:
        options = " · ".join(chosen(item, of.choices).dutch for item in OPTIONS)
        inhabitants = dutch.number(of.assumptions.inhabitants)
        return texts.say(
            "overzicht.gekozen", keuzes=options, klasse=of.assumptions.size_class.dutch, aantal=inhabitants
        )

    return Calculated(f'"{formula}"', said, Style.NOTE)
