"""Keuzes: the input cells, what was delivered beside them, what is calculated with, and the legend.

A value that cannot be (an emptied cell, a low above its high) never reaches an amount: what was delivered is
calculated with instead, and every sheet says so.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct

from pipeline import dutch
from pipeline.documents.workbooks.cells import Again, Calculated, Fixed, Given, Input, Rule, Value, between
from pipeline.documents.workbooks.formulas import end, this_row
from pipeline.documents.workbooks.municipality.calculation import ALIKE, PROVENANCE, compared
from pipeline.documents.workbooks.municipality.lines import (
    PHASE,
    PHASES,
    chosen_by,
    estimate_name,
    kinds_listed,
    kinds_of,
)
from pipeline.documents.workbooks.municipality.options import options
from pipeline.documents.workbooks.sheets import Column, Line, Sheet, Table, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOTH, BOUNDS, NO, NOT_GIVEN, YES, yes_no
from pipeline.model.choices import Contribution, Guidance, Hosting, Provenance
from pipeline.model.columns import Option
from pipeline.model.form import BEGIN, COMPARED, ENTERED, FIRST, OUTCOME, USED, VALUE
from pipeline.model.indication import Indication
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period
from pipeline.model.limits import EUROS, GGU_YEARS, HOURLY_RATE, HOURS, INHABITANTS, PERCENT, YEARS, Bounds
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.texts import Texts, in_a_sentence
from pipeline.results.cost_sharing import WRITTEN_OUT

STATE = "Status"
ESTIMATED_FOR = {
    GUIDANCE: "keuzes.raming_begeleiding",
    HOSTING: "keuzes.raming_hosting",
    CONTRIBUTION: "keuzes.raming_bijdrage",
}
"""The sentence that says when an own estimate counts, if not with the item itself."""
ESTIMATED = "keuzes.raming_post"
UNCHANGED, CHANGED, WRONG = "ongewijzigd", "gewijzigd", "ongeldig"
NOTICE = "keuzes_gewijzigd"
"""The cell that says whether anything was changed or cannot be."""
TITLE = 32
"""How many letters the title of a message at an input cell may have; Excel takes no more."""


class _Choice(Struct, frozen=True):
    """One input: its label, its name in formulas, how it looks, its rule, what is right, and the formula that tells.

    `right` has `@` for the input cell, and `delivered` takes an indication. An `optional` one may be empty. `asked` is
    what is asked at the cell, if not what is `wanted`; `used` is the name of the cell with what is calculated with, if
    not that of the choice.
    """

    label: str
    name: str
    style: Style
    criteria: Mapping[str, Value | Sequence[str]]
    wanted: str
    right: str
    explained: str
    delivered: Callable[[Indication], Value]
    optional: bool = False
    asked: str = ""
    used: str = ""

    @property
    def begin(self) -> str:
        """The name of the cell with what was delivered."""
        return BEGIN + self.name

    @property
    def cell(self) -> Input:
        """The input cell: under a short title, what cannot be is answered with what can."""
        asked = self.asked or self.wanted
        asked, title = _sentence(asked), textwrap.shorten(self.label, TITLE, placeholder=" …")
        rule = Rule(self.criteria, title, asked, f"Dat kan niet. {asked}")
        return Input(ENTERED + self.name, rule, self.delivered, self.style)


def choices(tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with the input cells; every amount of the workbook follows from them."""
    by_choice = [item for item in tariff.items if item.by_choice and chosen_by(item) != PHASE]
    estimated = [item for item in tariff.items if item.estimable and item != HOSTING]
    inputs = [
        *_fixed(texts),
        *(_by_choice(item, texts) for item in by_choice),
        *(_estimate(item, texts, bound) for item in estimated for bound in BOUNDS),
    ]
    return Sheet(
        "Keuzes",
        [
            note(texts.say("keuzes.uitleg")),
            _notice(len(inputs), texts),
            Table("Uitkomst", list(_outcome(texts)), [(name, label) for name, (label, _) in COMPARED.items()]),
            Table("Keuzes", _columns(), inputs, alert=(STATE, UNCHANGED)),
            *options(tariff, texts),
        ],
        pages=(1, 2),
        purpose="wijzig een keuze en zie wat het doet",
    )


def _fixed(texts: Texts) -> list[_Choice]:
    """The inputs that are there whatever the tariff says."""
    say = texts.say
    return [
        _listed("Begeleiding", Guidance, say("keuzes.begeleiding"), "choices.guidance"),
        _number(
            "Uren begeleiding", "begeleidingsuren", HOURS, Style.DECIMAL, "uren", say("keuzes.begeleidingsuren"),
            attrgetter("assumptions.hours"),
        ),
        _number(
            "Uurtarief", "uurtarief", HOURLY_RATE, Style.EURO, "euro per uur", say("keuzes.uurtarief"),
            attrgetter("assumptions.hourly_rate"),
        ),
        _listed("Hosting", Hosting, say("keuzes.hosting"), "choices.hosting"),
        *(_estimate(HOSTING, texts, bound) for bound in BOUNDS),
        _listed("Bijdrage", Contribution, say("keuzes.bijdrage"), "choices.contribution"),
        _listed("Grootteklasse", SizeClass, say("keuzes.grootteklasse"), "assumptions.size_class"),
        _number(
            "Inwoners", "inwoners", INHABITANTS, Style.INTEGER, "een heel aantal", say("keuzes.inwoners"),
            attrgetter("assumptions.inhabitants"),
        ),
        _phase(say("keuzes.fase")),
        _number(
            "Startjaar", "startjaar", YEARS, Style.YEAR, "een jaartal", say("keuzes.startjaar"),
            attrgetter("assumptions.start_year"),
        ),
        _number(
            "Indexatie", "indexatie", PERCENT, Style.PERCENT, "een percentage", say("keuzes.indexatie"),
            lambda indication: indication.assumptions.indexation / 100,
        ),
        _number(
            "GGU-jaar", "ggu_jaar", GGU_YEARS, Style.YEAR, "een jaartal", say("keuzes.ggu_jaar", ggu=WRITTEN_OUT),
            lambda indication: indication.assumptions.ggu_year or NOT_GIVEN, optional=True,
        ),
    ]  # fmt: skip


def _notice(inputs: int, texts: Texts) -> Line:
    """Whether anything was changed or cannot be; if not, whose choices they are."""
    said = notices(texts)
    unchanged, changed = (f'COUNTIF(Keuzes[{STATE}],"{state}")' for state in (UNCHANGED, CHANGED))
    whose = f'IF({PROVENANCE}="{Provenance.ILLUSTRATIVE.dutch}","{said.example}","{said.delivered}")'
    formula = (
        f'IF({unchanged}={inputs},{whose},IF({PROVENANCE}="{Provenance.ILLUSTRATIVE.dutch}","{said.still} ","")&'
        f'IF({unchanged}+{changed}={inputs},"{said.changed}",IF({changed}=0,"{said.wrong}","{said.both}")))'
    )
    return Line(Calculated(formula, said.at_first, Style.NOTICE, NOTICE))


class Notices(Struct, frozen=True):
    """What every sheet may say of the choices."""

    example: str
    still: str
    delivered: str
    changed: str
    wrong: str
    both: str

    def at_first(self, indication: Indication) -> str:
        """What it says as long as nothing is changed."""
        illustrative = indication.choices.provenance is Provenance.ILLUSTRATIVE
        return self.example if illustrative else self.delivered


def notices(texts: Texts) -> Notices:
    """What every sheet may say of the choices, from the texts."""
    return Notices(
        texts.say("gedeeld.voorbeeld"),
        texts.say("keuzes.nog_voorbeeld"),
        texts.say("keuzes.zoals_opgegeven"),
        texts.say("keuzes.gewijzigd"),
        texts.say("keuzes.ongeldig"),
        texts.say("keuzes.beide"),
    )


def _outcome(texts: Texts) -> Iterator[Column]:
    """What it was, what it is now, and the difference between what is known."""
    yield Column("Uitkomst", cell=lambda row: Fixed(row[1]))
    yield Column(FIRST, cell=lambda row: Again(f"zin_begin_{row[0]}", Style.AMOUNT))
    yield Column("Nu", cell=_now)
    yield from map(_difference, BOUNDS)
    yield Column("Toelichting", cell=lambda _: Fixed(texts.say("keuzes.verschil")))


def _now(row: tuple[str, str]) -> Calculated:
    """What a total is now, which is read when the workbook comes back."""
    name, _ = row
    return Calculated(f"zin_{name}", lambda of: compared(of, name).in_words, Style.AMOUNT, OUTCOME + name)


def _difference(bound: str) -> Column:
    """How much more than in the beginning; unknown if now something else is p.m."""

    def cell(row: tuple[str, str]) -> Calculated:
        name, _ = row
        known = f"ROUND(N({name}_{bound})-N({BEGIN}{name}_{bound}),2)"
        formula = f'IF({BEGIN}{name}_te_vergelijken="{ALIKE}",{known},"{dutch.UNKNOWN}")'
        return Calculated(formula, 0, Style.DIFFERENCE)

    return Column(f"Verschil {bound}", cell=cell)


def _columns() -> list[Column]:
    """The input, what was delivered, what is calculated with, whether it was changed or cannot be, and what it is."""
    typed, delivered = this_row("Keuzes", VALUE), this_row("Keuzes", FIRST)

    def chosen(choice: _Choice) -> str:
        return f'IF({typed}="","{NOT_GIVEN}",{typed})' if choice.optional else typed

    def used(choice: _Choice) -> Calculated:
        formula = f'IF({this_row("Keuzes", STATE)}="{CHANGED}",{chosen(choice)},{delivered})'
        return Calculated(formula, choice.delivered, choice.style, choice.used or choice.name)

    def state(choice: _Choice) -> Calculated:
        right = f'IF({chosen(choice)}={delivered},"{UNCHANGED}","{CHANGED}")'
        return Calculated(f'IF({choice.right.replace("@", typed)},{right},"{WRONG}")', UNCHANGED, Style.STATUS)

    return [
        Column("Keuze", 36, lambda choice: Fixed(choice.label)),
        Column(VALUE, 18, attrgetter("cell")),
        Column(FIRST, 18, lambda choice: Given(choice.delivered, choice.style, choice.begin)),
        Column(USED, 14, used),
        Column(STATE, 13, state),
        Column("Toelichting", 84, lambda choice: Fixed(f"{choice.explained} {_sentence(choice.wanted)}")),
    ]


def _listed(label: str, options: type[Option], explained: str, delivered: str) -> _Choice:
    """A choice from a list of words."""
    name, wanted = label.lower(), f"kies {dutch.either([option.dutch for option in options])}"
    criteria = {"validate": "list", "source": f"=lijst_{name}"}
    right = _listed_exactly(name)
    return _Choice(label, name, Style.TEXT, criteria, wanted, right, explained, attrgetter(f"{delivered}.dutch"))


def _listed_exactly(name: str) -> str:
    """Whether a word stands in a list; COUNTIF and MATCH would take `s*` for one."""
    return f"SUMPRODUCT(--(lijst_{name}=@))=1"


def _by_choice(item: Item, texts: Texts) -> _Choice:
    """Whether an item is there, or which of what it may be."""
    unknown = item.amount is None or item.amount.pro_memorie
    kinds = kinds_of(item)
    name = item.elsewhere.cell if item.elsewhere else item.word
    words: Sequence[str] = kinds_listed(item) or [YES, NO]
    source: Value | Sequence[str] = f"=lijst_{name}" if kinds else words
    right = _listed_exactly(name) if kinds else f'OR(@="{YES}",@="{NO}")'

    def delivered(indication: Indication) -> Value:
        there = indication.choices.includes(item)
        if not there or not kinds or not item.elsewhere:
            return yes_no(there)
        chosen = getattr(indication.choices, item.elsewhere.field)
        return BOTH if len(chosen) == len(kinds) else str(chosen[0].dutch)

    return _Choice(
        item.elsewhere.label if item.elsewhere else texts.of(item).name,
        name,
        Style.TEXT,
        {"validate": "list", "source": source},
        f"kies {dutch.either(words)}",
        right,
        texts.say("keuzes.post_zonder_bedrag" if unknown else "keuzes.post"),
        delivered,
        used=chosen_by(item),
    )


def _phase(explained: str) -> _Choice:
    """How far the municipality is."""
    return _Choice(
        "Fase",
        PHASE,
        Style.TEXT,
        {"validate": "list", "source": f"=lijst_{PHASE}"},
        f"kies {dutch.either(PHASES)}",
        _listed_exactly(PHASE),
        explained,
        lambda indication: indication.choices.phase.dutch if indication.choices.phase else NOT_GIVEN,
    )


def _number(
    label: str,
    name: str,
    bounds: Bounds,
    style: Style,
    what: str,
    explained: str,
    delivered: Callable[[Indication], Value],
    *,
    optional: bool = False,
) -> _Choice:
    """A number within bounds."""
    whole = style in (Style.INTEGER, Style.YEAR)
    low, high = bounds.low, bounds.high
    criteria, shown = between(bounds, whole=whole), f"{dutch.number(low)} tot {dutch.number(high)}"
    if style is Style.YEAR:
        shown = f"{low} tot {high}"
    elif style is Style.PERCENT:  # a cell holds 2% as 0,02
        criteria, shown = criteria | {"minimum": low / 100, "maximum": high / 100}, f"{low}% tot {high}%"
    at_least, at_most = criteria["minimum"], criteria["maximum"]
    right = f"IF(ISNUMBER(@),AND(@>={at_least},@<={at_most}{',@=INT(@)' if whole else ''}),FALSE)"
    wanted = f"vul {what} in, van {shown}"
    if optional:
        right, wanted = f"OR({_empty('@')},{right})", f"{wanted}, of maak de cel leeg"
    return _Choice(label, name, style, criteria, wanted, right, explained, delivered, optional)


def _estimate(item: Item, texts: Texts, bound: str) -> _Choice:
    """One end of the own estimate of an item, which takes both."""
    low, high = (f"{ENTERED}{item.word}_{end}" for end in BOUNDS)
    unit = "euro per jaar" if item.period is Period.YEARLY else "euro, eenmalig"
    most = dutch.number(EUROS.high)
    both = f"IF(AND(ISNUMBER({low}),ISNUMBER({high})),AND({low}>={EUROS.low},{low}<={high},{high}<={EUROS.high}),FALSE)"

    def delivered(indication: Indication) -> Value:
        estimate = dict(indication.choices.estimates).get(item.word)
        return NOT_GIVEN if estimate is None else end(estimate, bound)

    return _Choice(
        f"Eigen raming {in_a_sentence(texts.of(item).name)}, {bound}",
        f"{item.word}_{bound}",
        Style.EURO,
        between(EUROS),
        f"vul laag en hoog allebei in, of geen van beide; laag is niet hoger dan hoog, en hoog hoogstens {most}",
        f"OR(AND({_empty(low)},{_empty(high)}),{both})",
        f"{unit.capitalize()}. {texts.say(ESTIMATED_FOR.get(item, ESTIMATED))}",
        delivered,
        optional=True,
        used=estimate_name(item, bound),
        asked=f"vul laag en hoog allebei in, van {EUROS.low} tot {most} {unit}, of maak beide cellen leeg",
    )


def _sentence(wanted: str) -> str:
    return f"{wanted[0].upper()}{wanted[1:]}."


def _empty(typed: str) -> str:
    return f'OR({typed}="",{typed}="{NOT_GIVEN}")'
