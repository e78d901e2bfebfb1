"""What every option means and would cost, and the size classes."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter

from pipeline import dutch
from pipeline.documents.workbooks.cells import Fixed
from pipeline.documents.workbooks.formulas import bounded, this_row
from pipeline.documents.workbooks.municipality.lines import (
    ESTIMATED_HOSTING,
    LAPSED,
    OPTIONS,
    estimate_name,
    unless_estimated,
    unless_live,
)
from pipeline.documents.workbooks.municipality.sorting import KEY, key_of_option
from pipeline.documents.workbooks.sheets import Block, Column, Range, Table, heading
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import BOUNDS, YES
from pipeline.model.choices import Contribution, Guidance, Hosting
from pipeline.model.columns import Option
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.texts import Texts

TABLE = "Mogelijkheden"
OVER_YEARS = "Opties"
EXPLAINED = "Wat het inhoudt"
ROWS = [(item, option) for item, options in OPTIONS.items() for option in options]
"""Every option, with the item that it decides."""
CHOSEN = f"{ESTIMATED_HOSTING}={this_row(TABLE, 'Optie')}"
UNLAPSED: Mapping[Option, str] = {
    Contribution.FINANCIAL: "INDEX(klasse_bijdrage,MATCH(grootteklasse,lijst_grootteklasse,0))",
    Contribution.ALTERNATIVE: unless_estimated(CONTRIBUTION, "tekst_pm"),
}
"""What a contribution is as long as it does not lapse."""
AMOUNTS: Mapping[Option, str] = {
    Guidance.SELF: unless_live(GUIDANCE, unless_estimated(GUIDANCE, "tekst_pm")),
    Guidance.EXTERNAL: unless_live(GUIDANCE, "ROUND(begeleidingsuren*uurtarief,2)"),
    Hosting.IN_HOUSE: unless_estimated(HOSTING, "tekst_pm", CHOSEN),
    Hosting.HYBRID: unless_estimated(HOSTING, "tekst_pm", CHOSEN),
    Hosting.SAAS: unless_estimated(HOSTING, "saas_@", CHOSEN),
    **{option: f"IF({LAPSED},0,{amount})" for option, amount in UNLAPSED.items()},
    Contribution.NONE: "0",
}
"""The formula of what each option costs, in which `@` stands for laag or hoog."""


def options(tariff: Tariff, texts: Texts) -> list[Block]:
    """What every option means and would cost this municipality, once or in the first year; and the size classes."""
    columns = [
        Column("Keuze", cell=lambda row: Fixed(row[0].word.capitalize())),
        Column("Optie", cell=lambda row: Fixed(row[1].dutch)),
        Column("Wanneer", cell=lambda row: Fixed(row[0].period.dutch)),
        *bounded(
            "", 0, lambda row, bound: AMOUNTS[row[1]].replace("@", bound), attrgetter("amount"), Style.EURO_OR_NIL
        ),
        Column(EXPLAINED, cell=lambda row: Fixed(texts.options[row[1]])),
    ]
    ranges = {"lijst_@": "Optie", "optie_@_uitleg": EXPLAINED}
    ranges |= {f"optie_@_{bound}": bound.capitalize() for bound in BOUNDS}
    return [
        heading(texts.say("keuzes.mogelijkheden")),
        Table(TABLE, columns, ROWS, of=attrgetter("options"), ranges=_ranges(ranges)),
        heading("Grootteklassen"),
        _size_classes(tariff),
    ]


def over_years(horizon: int) -> Table:
    """What every option would cost over all years, with and without the GGU."""
    years = range(1, horizon + 1)

    def over_horizon(row: tuple[Item, Option], bound: str) -> str:
        amount = _amount(row, bound)
        match row[1]:
            case Guidance():
                return amount
            case Hosting():
                terms = [f"ROUND({amount}*index_{n},2)" for n in years]
            case _:
                terms = [f'IF(bijdrage_gevraagd_{n}="{YES}",ROUND({amount}*index_{n},2),0)' for n in years]
        return f"IF(ISTEXT({amount}),tekst_pm,{'+'.join(terms)})"

    def without_ggu(row: tuple[Item, Option], bound: str) -> str:
        match row[1]:
            case Contribution.FINANCIAL as form:
                return "+".join(f"ROUND({UNLAPSED[form]}*index_{n},2)" for n in years)
            case Contribution.ALTERNATIVE:
                own = estimate_name(CONTRIBUTION, "@")
                summed = "+".join(f"ROUND({own}*index_{n},2)" for n in years)
                return UNLAPSED[row[1]].replace(f",{own},", f",{summed},").replace("@", bound)
        return this_row(OVER_YEARS, f"Alle jaren {bound}")

    over_all = [this_row(OVER_YEARS, f"Alle jaren {bound}") for bound in BOUNDS]
    columns = [
        Column("Keuze", cell=lambda row: Fixed(row[0].word.capitalize())),
        Column("Optie", cell=lambda row: Fixed(row[1].dutch)),
        *bounded("Alle jaren", 0, over_horizon, attrgetter("horizon")),
        *bounded("Zonder GGU", 0, without_ggu, attrgetter("without_ggu")),
        Column("Sleutel", cell=lambda row: key_of_option([*(_amount(row, bound) for bound in BOUNDS), *over_all])),
    ]
    ranges = {f"optie_@_looptijd_{bound}": f"Alle jaren {bound}" for bound in BOUNDS}
    ranges |= {f"optie_@_zonder_ggu_{bound}": f"Zonder GGU {bound}" for bound in BOUNDS}
    ranges |= {f"optie_@_{KEY}": KEY.capitalize()}
    return Table(OVER_YEARS, columns, ROWS, of=attrgetter("options"), ranges=_ranges(ranges))


def _amount(row: tuple[Item, Option], bound: str) -> str:
    """What an option costs, once or in the first year."""
    item, option = row
    return f"INDEX(optie_{item.word}_{bound},{1 + list(OPTIONS[item]).index(option)})"


def _ranges(looked_up: Mapping[str, str]) -> Mapping[str, Range]:
    """The names over the options of each item, by which other sheets look up what they cost and are."""
    items = [row[0] for row in ROWS]
    return {
        name.replace("@", item.word): Range(column, items.index(item), items.index(item) + items.count(item))
        for item in OPTIONS
        for name, column in looked_up.items()
    }


def _size_classes(tariff: Tariff) -> Table:
    large, medium = (dutch.number(int(bound.value)) for bound in (tariff.large_from, tariff.medium_from))
    in_words = {
        SizeClass.G4: "vaste lijst van vier",
        SizeClass.LARGE: f"vanaf {large}",
        SizeClass.MEDIUM: f"{medium} tot {large}",
        SizeClass.SMALL: f"tot {medium}",
    }

    def contribution(size_class: SizeClass) -> Fixed:
        return Fixed(tariff.contribution.of(size_class).value, Style.EURO)

    columns = [
        Column("Grootteklasse", cell=lambda each: Fixed(each.dutch), name="lijst_grootteklasse"),
        Column("Bijdrage per jaar", cell=contribution, name="klasse_bijdrage"),
        Column("Inwoners", cell=lambda each: Fixed(in_words[each])),
    ]
    return Table("Grootteklassen", columns, list(SizeClass))
