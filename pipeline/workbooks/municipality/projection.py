"""Meerjarenraming: every year of the horizon, with a chart."""

from __future__ import annotations

from pipeline.ggu import WRITTEN_OUT
from pipeline.tariffs import Tariff
from pipeline.workbooks.municipality.formulas import plus, status, this_row
from pipeline.workbooks.municipality.names import (
    CHART_EMPTY,
    CHART_PARTLY,
    CHART_WHOLE,
    NO,
    NOT_APPLICABLE,
    YES,
    line_names,
)
from pipeline.workbooks.sheets import Calculated, Cell, Chart, Fixed, Line, Range, Sheet, Table
from pipeline.workbooks.styles import Style

PARTS = {"eenmalig": "Eenmalig", "overig": "Overig jaarlijks", "bijdrage": "Bijdrage"}
"""What the parts of a year are called in the names of cells, and at the head of their columns."""


def projection(tariff: Tariff) -> Sheet:
    """The sheet with a row for each year of the horizon, and its chart."""
    years = int(tariff.horizon.value)
    running_lines = line_names(tariff.items).running

    def this(column: str) -> str:
        return this_row("Jaren", column)

    def row(n: int) -> list[Cell]:
        key = f"jaar_{n}"
        first = f"{this('Jaar')}=startjaar"

        def amount(name: str, formula: str) -> tuple[Cell, Cell]:
            low, high = (
                Calculated(f"{key}_{name}_{bound}", "=" + formula.replace("@", bound), Style.EURO, defined=False)
                for bound in ("laag", "hoog")
            )
            return low, high

        index = this("Index")
        running_missing = "OR(" + ",".join(f"{name}_pm<>tekst_volledig" for name in running_lines) + ")"
        running = "+".join(f"ROUND(N({name}_@)*{index},2)" for name in running_lines)
        missing = f"OR(AND({first},eenmalig_pm<>tekst_volledig),{running_missing},ISTEXT({this('Bijdrage laag')}))"
        return [
            Calculated(f"{key}_jaar", f"=startjaar+{n - 1}", Style.YEAR, defined=False),
            Calculated(f"index_{n}", f"=(1+indexatie)^({this('Jaar')}-startjaar)", Style.INDEX),
            Calculated(
                f"bijdrage_gevraagd_{n}",
                f'=IF(AND(ISNUMBER(ggu_jaar),ggu_jaar<={this("Jaar")}),"{NO}","{YES}")',
                Style.STATUS,
            ),
            *amount("eenmalig", f"IF({first},eenmalig_@,0)"),
            *amount(
                "overig",
                f"IF(AND({running_missing},{plus([f'{r}_hoog' for r in running_lines])}=0),tekst_pm,{running})",
            ),
            *amount(
                "bijdrage",
                f'IF(bijdrage_gevraagd_{n}="{NO}",0,IF(ISTEXT(kosten_bijdrage_@),tekst_pm,'
                f"ROUND(kosten_bijdrage_@*{index},2)))",
            ),
            *amount(
                "totaal",
                f"IF({this('P.m.')}=tekst_pm,tekst_pm,{plus([this(f'{part} @') for part in PARTS.values()])})",
            ),
            Calculated(
                f"{key}_totaal_pm",
                status(missing, plus([this(f"{part} hoog") for part in PARTS.values()])),
                Style.STATUS,
                defined=False,
            ),
            Calculated(
                f"{key}_spreiding",
                f"=IF({this('P.m.')}=tekst_pm,tekst_pm,{this('Totaal hoog')}-{this('Totaal laag')})",
                Style.EURO,
                defined=False,
            ),
        ]

    return Sheet(
        "Meerjarenraming",
        (11, 10, 12, *(17,) * 6, 21, 21, 12, 17),
        [
            Line(Fixed("Meerjarenraming", Style.TITLE), 30),
            Line(
                Fixed(
                    "Eenmalige kosten vallen in het eerste jaar; jaarlijkse bedragen stijgen met de indexatie. De "
                    "bijdrage vervalt vanaf het GGU-jaar, als dat bekend is: dan betaalt de "
                    f"{WRITTEN_OUT} (GGU) de gezamenlijke kosten.",
                    Style.NOTE,
                )
            ),
            Table(
                "Jaren",
                [
                    "Jaar", "Index", "Bijdrage gevraagd", "Eenmalig laag", "Eenmalig hoog", "Overig jaarlijks laag",
                    "Overig jaarlijks hoog", "Bijdrage laag", "Bijdrage hoog", "Totaal laag", "Totaal hoog", "P.m.",
                    "Van laag tot hoog",
                ],
                [*(row(n) for n in range(1, years + 1)), _sums()],
                ranges={
                    "jaren_jaar": Range("Jaar", 0, years),
                    "jaren_laag": Range("Totaal laag", 0, years),
                    "jaren_hoog": Range("Totaal hoog", 0, years),
                    "jaren_spreiding": Range("Van laag tot hoog", 0, years),
                    **{
                        f"jaren_{part}_{bound}": Range(f"{header} {bound}", 0, years)
                        for part, header in PARTS.items()
                        for bound in ("laag", "hoog")
                    },
                },
                strong=frozenset({years}),
            ),
            *chart_of_years(),
        ],
        landscape=True,
        purpose="elk jaar van de looptijd",
    )  # fmt: skip


def chart_of_years(rows: int = 16) -> tuple[Line, Chart]:
    """The chart of what each year costs, from low to high, under a line that says what is not in it."""
    empty = f'=IF(looptijd_pm=tekst_pm,"{CHART_EMPTY}",IF(looptijd_pm=tekst_plus_pm,"{CHART_PARTLY}","{CHART_WHOLE}"))'
    return Line(Calculated("grafiek", empty, Style.NOTE, defined=False)), Chart(
        title="Kosten per jaar, van laag tot hoog",
        category_title="Jaar",
        value_title="Euro per jaar",
        categories="jaren_jaar",
        low="jaren_laag",
        spread="jaren_spreiding",
        alt="Gestapelde kolommen: per jaar de lage raming en daarboven het verschil met de hoge.",
        rows=rows,
    )


def _sums() -> list[Cell]:
    """The row with all years together."""
    return [
        Fixed("Totaal"),
        *(Fixed(NOT_APPLICABLE), Fixed(NOT_APPLICABLE)),
        *(_summed(part, bound) for part in PARTS for bound in ("laag", "hoog")),
        *(Calculated(f"looptijd_{bound}", f"=looptijd_{bound}", defined=False) for bound in ("laag", "hoog")),
        Calculated("looptijd_pm", "=looptijd_pm", Style.STATUS, defined=False),
        Calculated(
            "looptijd_spreiding",
            "=IF(looptijd_pm=tekst_pm,tekst_pm,looptijd_hoog-looptijd_laag)",
            defined=False,
        ),
    ]


def _summed(part: str, bound: str) -> Cell:
    """A part of all years together; p.m. if it has no other amount."""
    column = f"jaren_{part}_{bound}"
    return Calculated(
        f"looptijd_{part}_{bound}",
        f"=IF(AND(COUNTIF({column},tekst_pm)>0,SUM({column})=0),tekst_pm,SUM({column}))",
        defined=False,
    )
