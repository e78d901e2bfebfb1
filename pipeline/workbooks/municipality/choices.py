"""Keuzes: the input cells, what was delivered beside them, what is calculated with, and the legend.

A value that cannot be (an emptied cell, a low above its high) never reaches an amount: what was delivered is
calculated with instead, and every sheet says so.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.ggu import WRITTEN_OUT
from pipeline.items import Item
from pipeline.limits import EUROS, GGU_YEARS, HOURLY_RATE, HOURS, INHABITANTS, PERCENT, YEARS, Bounds
from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.formulas import conclusion, this_row
from pipeline.workbooks.municipality.names import (
    AS_DELIVERED,
    CHANGED,
    COMPLETE,
    DELIVERED,
    ENTERED,
    NO,
    NOT_GIVEN,
    NOTICE_BOTH,
    NOTICE_CHANGED,
    NOTICE_NONE,
    NOTICE_WRONG,
    PLUS_PM,
    PM,
    STATE,
    WRONG,
    YES,
    chosen_by,
    entered_as,
    thousands,
)
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Given, Input, Line, Rule, Sheet, Table
from pipeline.workbooks.styles import Style

TITLE = 32
"""How many letters the title of a message at an input cell may have; Excel takes no more."""
ESTIMATE = ("hosting_laag", "hosting_hoog")


@dataclass(frozen=True, slots=True)
class _Choice:
    """One input: its label, its name in formulas, how it looks, its rule, what is right, and the formula that tells.

    `right` takes the reference to the input cell. An `optional` one may be empty. `used` is the name of the cell with
    what is calculated with, if not that of the choice.
    """

    label: str
    name: str
    style: Style
    rule: Rule
    wanted: str
    right: Callable[[str], str]
    explained: str
    optional: bool = False
    used: str = ""


def choices(tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet with the input cells; every amount of the workbook follows from them."""
    inputs = (
        _listed("Begeleiding", "begeleiding", "zelf of extern", "wie de technische inrichting doet"),
        _number("Uren begeleiding", "begeleidingsuren", HOURS, "uren", "van een marktpartij; tellen bij extern"),
        _number("Uurtarief", "uurtarief", HOURLY_RATE, "euro per uur", "van een marktpartij", Style.EURO),
        _listed("Hosting", "hosting", "in huis, hybride of saas", "waar Signalen draait en wie het beheert"),
        *(_estimate(f"Eigen raming hosting, {bound}", f"hosting_{bound}") for bound in ("laag", "hoog")),
        _listed("Bijdrage", "bijdrage", "financieel, alternatief of geen", "vorm van de community bijdrage"),
        _listed("Grootteklasse", "grootteklasse", "G4, Groot, Middelgroot of Klein", "bepaalt de bijdrage"),
        _number(
            "Inwoners", "inwoners", INHABITANTS, "een heel aantal inwoners",
            "voor het bedrag per inwoner; de grootteklasse wijzigt niet mee", Style.INTEGER, whole=True,
        ),
        _number(
            "Eerste jaar", "startjaar", YEARS, "een jaartal", "van de meerjarenraming", Style.YEAR, whole=True
        ),
        _number("Indexatie", "indexatie", PERCENT, "een percentage", "stijging per jaar na het eerste", Style.PERCENT),
        _number(
            "GGU-jaar", "ggu_jaar", GGU_YEARS, "een jaartal", "vanaf dit jaar vervalt de bijdrage, omdat de GGU "
            f"({WRITTEN_OUT}) dan betaalt",
            Style.YEAR, whole=True, optional=True,
        ),
        *(_yes_no(item, texts) for item in tariff.items if item.by_choice),
    )  # fmt: skip
    every = len(inputs)
    as_delivered, changed = (f'COUNTIF(Keuzes[{STATE}],"{state}")' for state in (AS_DELIVERED, CHANGED))
    all_right = f"{as_delivered}+{changed}={every}"
    notice = (
        f'=IF({as_delivered}={every},"{NOTICE_NONE}",'
        f'IF({all_right},"{NOTICE_CHANGED}",IF({changed}=0,"{NOTICE_WRONG}","{NOTICE_BOTH}")))'
    )
    return Sheet(
        "Keuzes",
        (25, 20, 20, 20, 25, 66),
        [
            Line(Fixed("Keuzes", Style.TITLE), 30),
            Line(
                Fixed(
                    "Wijzig een gele cel; alle bedragen in dit werkboek volgen. Ernaast staat wat is aangeleverd.",
                    Style.NOTE,
                )
            ),
            Line(Calculated("keuzes_gewijzigd", notice, Style.NOTICE)),
            conclusion(),
            Table(
                "Keuzes",
                ["Keuze", "Waarde", "Aangeleverd", "Gerekend met", STATE, "Toelichting"],
                [_row(choice) for choice in inputs],
            ),
            Line(Fixed("Legenda", Style.HEADING), 24),
            Table(
                "Legenda",
                ["Teken", "Betekenis"],
                [
                    [Fixed("gele cel", Style.INPUT_SAMPLE), Fixed("invoer")],
                    [Fixed("witte cel"), Fixed("vast of berekend")],
                    [Fixed("blauwe cel", Style.STRONG_SAMPLE), Fixed("totaal of gekozen")],
                    [Fixed(PM, Style.PM_SAMPLE, "tekst_pm"), Fixed("niet begroot")],
                    [Fixed(PLUS_PM, Style.PM_SAMPLE, "tekst_plus_pm"), Fixed("er komt p.m. bij")],
                    [Fixed(COMPLETE, Style.TEXT, "tekst_volledig"), Fixed("zonder p.m.")],
                ],
            ),
        ],
        landscape=True,
        pages=(1, 1),
        purpose="wijzig een keuze en zie wat het doet",
    )


def _row(choice: _Choice) -> list[Cell]:
    """The input, what was delivered, what is calculated with, whether it was changed or cannot be, and what it is."""
    typed, delivered = this_row("Keuzes", "Waarde"), this_row("Keuzes", "Aangeleverd")
    chosen = f'IF({typed}="","{NOT_GIVEN}",{typed})' if choice.optional else typed
    state = f'IF({choice.right(typed)},IF({chosen}={delivered},"{AS_DELIVERED}","{CHANGED}"),"{WRONG}")'
    used = f'IF({this_row("Keuzes", STATE)}="{CHANGED}",{chosen},{delivered})'
    return [
        Fixed(choice.label, name=f"woord_{choice.name}"),
        Input(ENTERED + choice.name, choice.rule, choice.style),
        Given(DELIVERED + choice.name, choice.style),
        Calculated(choice.used or choice.name, f"={used}", choice.style),
        Calculated("stand", f"={state}", Style.STATUS, defined=False),
        Fixed(f"{choice.explained}; {choice.wanted}"),
    ]


def _listed(label: str, name: str, wanted: str, explained: str) -> _Choice:
    """A choice from a list of words."""
    text = f"Kies {wanted}."
    rule = Rule({"validate": "list", "source": f"=lijst_{name}"}, label, text, f"Dat kan niet. {text}")
    return _Choice(
        label, name, Style.TEXT, rule, f"kies {wanted}", lambda typed: f"COUNTIF(lijst_{name},{typed})=1", explained
    )


def _yes_no(item: Item, texts: Texts) -> _Choice:
    """Whether an item is there."""
    label = item.elsewhere.label if item.elsewhere else texts.of(item).name
    text = "Kies ja of nee."
    title = textwrap.shorten(label, TITLE, placeholder=" …")
    rule = Rule({"validate": "list", "source": [YES, NO]}, title, text, f"Dat kan niet. {text}")
    unknown = item.amount is None or item.amount.pro_memorie
    return _Choice(
        label, entered_as(item), Style.TEXT, rule, "kies ja of nee",
        lambda typed: f'OR({typed}="{YES}",{typed}="{NO}")',
        "bij ja komt er p.m. bij" if unknown else "bij ja telt deze post mee", used=chosen_by(item),
    )  # fmt: skip


def _number(
    label: str,
    name: str,
    bounds: Bounds,
    what: str,
    explained: str,
    style: Style = Style.DECIMAL,
    *,
    whole: bool = False,
    optional: bool = False,
) -> _Choice:
    """A number within bounds."""
    low: float = bounds.low
    high: float = bounds.high
    match style:
        case Style.PERCENT:
            shown = f"{low}% tot {high}%"
            low, high = low / 100, high / 100  # a cell holds 2% as 0,02
        case Style.YEAR:
            shown = f"{low} tot {high}"
        case _:
            shown = f"{thousands(bounds.low)} tot {thousands(bounds.high)}"
    wanted = f"vul {what} in, van {shown}"
    if optional:
        wanted += ", of maak de cel leeg"
    text = f"{wanted.capitalize()}."
    kind = "integer" if whole else "decimal"
    rule = Rule(
        {"validate": kind, "criteria": "between", "minimum": low, "maximum": high},
        label, text, f"Dat kan niet. {text}",
    )  # fmt: skip

    def right(typed: str) -> str:
        is_whole = f",{typed}=INT({typed})" if whole else ""
        fits = f"IF(ISNUMBER({typed}),AND({typed}>={low},{typed}<={high}{is_whole}),FALSE)"
        return f"OR({_empty(typed)},{fits})" if optional else fits

    return _Choice(label, name, style, rule, wanted, right, explained, optional)


def _estimate(label: str, name: str) -> _Choice:
    """One end of the own estimate, which takes both."""
    low, high = (ENTERED + end for end in ESTIMATE)
    shown = f"{EUROS.low} tot {thousands(EUROS.high)}"
    text = f"Vul laag en hoog allebei in, van {shown} euro per jaar, of maak beide cellen leeg."
    rule = Rule(
        {"validate": "decimal", "criteria": "between", "minimum": EUROS.low, "maximum": EUROS.high},
        label, text, f"Dat kan niet. {text}",
    )  # fmt: skip
    both = f"IF(AND(ISNUMBER({low}),ISNUMBER({high})),AND({low}>={EUROS.low},{low}<={high},{high}<={EUROS.high}),FALSE)"
    neither = f"AND({_empty(low)},{_empty(high)})"
    return _Choice(
        label, name, Style.EURO, rule, "vul laag en hoog allebei in, laag niet boven hoog, of geen van beide",
        lambda _: f"OR({neither},{both})",
        "euro per jaar voor de gekozen hosting; in plaats van het tarief", optional=True,
    )  # fmt: skip


def _empty(typed: str) -> str:
    return f'OR({typed}="",{typed}="{NOT_GIVEN}")'
