"""Mogelijkheden: what every option means and would cost, and the size classes."""

from __future__ import annotations

from pipeline.choices import Contribution, Guidance, Hosting
from pipeline.indication import AnyOption
from pipeline.tariffs import SizeClass, Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.formulas import this_row
from pipeline.workbooks.municipality.names import LAPSED, OPTIONS, YES, thousands
from pipeline.workbooks.sheets import Calculated, Cell, Fixed, Line, Range, Sheet, Table
from pipeline.workbooks.styles import Style


def options(tariff: Tariff, texts: Texts) -> Sheet:
    """The sheet from which cost lines and scenarios look up what an option costs."""
    years = range(1, int(tariff.horizon.value) + 1)

    def this(column: str) -> str:
        return this_row("Mogelijkheden", column)

    own = f"AND(hosting={this('Optie')},ISNUMBER(hosting_laag),ISNUMBER(hosting_hoog))"
    of_class = "INDEX(klasse_bijdrage,MATCH(grootteklasse,lijst_grootteklasse,0))"
    full: dict[AnyOption, str] = {Contribution.FINANCIAL: of_class, Contribution.ALTERNATIVE: "tekst_pm"}
    amounts: dict[AnyOption, str] = {
        Guidance.SELF: "tekst_pm",
        Guidance.EXTERNAL: "ROUND(begeleidingsuren*uurtarief,2)",
        Hosting.IN_HOUSE: f"IF({own},hosting_@,tekst_pm)",
        Hosting.HYBRID: f"IF({own},hosting_@,tekst_pm)",
        Hosting.SAAS: f"IF({own},hosting_@,saas_@)",
        Contribution.FINANCIAL: f"IF({LAPSED},0,{full[Contribution.FINANCIAL]})",
        Contribution.ALTERNATIVE: f"IF({LAPSED},0,{full[Contribution.ALTERNATIVE]})",
        Contribution.NONE: "0",
    }

    def horizon(option: AnyOption, bound: str) -> str:
        amount = this(bound.capitalize())
        match option:
            case Guidance():
                return amount
            case Hosting():
                terms = [f"ROUND({amount}*index_{n},2)" for n in years]
            case _:
                terms = [f'IF(bijdrage_gevraagd_{n}="{YES}",ROUND({amount}*index_{n},2),0)' for n in years]
        return f"IF(ISTEXT({amount}),tekst_pm,{'+'.join(terms)})"

    def without_ggu(option: AnyOption, bound: str) -> str:
        match full.get(option):
            case None:
                return this(f"Looptijd {bound}")
            case "tekst_pm":
                return "tekst_pm"
            case amount:
                return "+".join(f"ROUND({amount}*index_{n},2)" for n in years)

    rows: list[list[Cell]] = []
    ranges: dict[str, Range] = {}
    for choice, options in OPTIONS.items():
        first, last = len(rows), len(rows) + len(list(options))
        ranges[f"lijst_{choice}"] = Range("Optie", first, last)
        for part, column in (
            ("laag", "Laag"),
            ("hoog", "Hoog"),
            ("looptijd_laag", "Looptijd laag"),
            ("looptijd_hoog", "Looptijd hoog"),
            ("zonder_ggu_laag", "Zonder GGU laag"),
            ("zonder_ggu_hoog", "Zonder GGU hoog"),
            ("uitleg", "Wat het inhoudt"),
        ):
            ranges[f"optie_{choice}_{part}"] = Range(column, first, last)
        rows += [
            [
                Fixed(choice.capitalize()),
                Fixed(option.dutch),
                Fixed("eenmalig" if options is Guidance else "jaarlijks"),
                *(
                    Calculated(f"optie_{option.value}_{b}", "=" + amounts[option].replace("@", b), defined=False)
                    for b in ("laag", "hoog")
                ),
                *(
                    Calculated(f"optie_{option.value}_looptijd_{b}", "=" + horizon(option, b), defined=False)
                    for b in ("laag", "hoog")
                ),
                *(
                    Calculated(f"optie_{option.value}_zonder_ggu_{b}", "=" + without_ggu(option, b), defined=False)
                    for b in ("laag", "hoog")
                ),
                Fixed(texts.options[option]),
            ]
            for option in options
        ]
    return Sheet(
        "Mogelijkheden",
        (16, 20, 20, *(17,) * 6, 75),
        [
            Line(Fixed("Mogelijkheden", Style.TITLE), 30),
            Line(Fixed("Wat elke keuze inhoudt en wat zij deze gemeente zou kosten.", Style.NOTE)),
            Table(
                "Mogelijkheden",
                [
                    *("Keuze", "Optie", "Wanneer", "Laag", "Hoog", "Looptijd laag", "Looptijd hoog"),
                    *("Zonder GGU laag", "Zonder GGU hoog", "Wat het inhoudt"),
                ],
                rows,
                ranges=ranges,
            ),
            Line(Fixed("Grootteklassen", Style.HEADING), 24),
            Table(
                "Grootteklassen",
                ["Grootteklasse", "Bijdrage per jaar", "Inwoners"],
                [
                    [
                        Fixed(size_class.value),
                        Fixed(float(tariff.contribution.of(size_class).value), Style.EURO),
                        Fixed(_class_in_words(size_class, tariff)),
                    ]
                    for size_class in SizeClass
                ],
                ranges={
                    "lijst_grootteklasse": Range("Grootteklasse", 0, len(SizeClass)),
                    "klasse_bijdrage": Range("Bijdrage per jaar", 0, len(SizeClass)),
                },
            ),
        ],
        landscape=True,
        purpose="wat elke keuze inhoudt en kost",
    )  # fmt: skip


def _class_in_words(size_class: SizeClass, tariff: Tariff) -> str:
    large, medium = (thousands(int(bound.value)) for bound in (tariff.large_from, tariff.medium_from))
    return {
        SizeClass.G4: "vaste lijst van vier",
        SizeClass.LARGE: f"vanaf {large}",
        SizeClass.MEDIUM: f"{medium} tot {large}",
        SizeClass.SMALL: f"tot {medium}",
    }[size_class]
