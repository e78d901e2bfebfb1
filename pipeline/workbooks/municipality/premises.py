"""Uitgangspunten: every figure of the tariff with its unit, date and source."""

from __future__ import annotations

from pipeline.tariffs import EuroRangePerYear, Figure, SizeClass, Tariff
from pipeline.workbooks.sheets import Cell, Fixed, Line, Sheet, Table
from pipeline.workbooks.styles import Style


def premises(tariff: Tariff) -> Sheet:
    """The sheet that shows each figure and each premise, and whether the source states it."""

    def row(label: str, figure: Figure | EuroRangePerYear, value: Cell) -> list[Cell]:
        return [
            Fixed(label),
            value,
            Fixed(figure.unit),
            Fixed(figure.provenance),
            Fixed(figure.dated, Style.DATE),
            Fixed(figure.source),
        ]

    def number(figure: Figure, style: Style, name: str = "") -> Cell:
        return Fixed(float(figure.value), style, name)

    rows = [
        row("Signalen software", tariff.software, number(tariff.software, Style.EURO, "software")),
        row("Uren projectbegeleiding", tariff.hours, number(tariff.hours, Style.DECIMAL)),
        row("Uurtarief", tariff.hourly_rate, number(tariff.hourly_rate, Style.EURO)),
        row("Hosting saas, laag", tariff.saas, Fixed(float(tariff.saas.low), Style.EURO, "saas_laag")),
        row("Hosting saas, hoog", tariff.saas, Fixed(float(tariff.saas.high), Style.EURO, "saas_hoog")),
        *(
            row(f"Bijdrage {c.value}", tariff.contribution.of(c), number(tariff.contribution.of(c), Style.EURO))
            for c in SizeClass
        ),
        row("Groot vanaf", tariff.large_from, number(tariff.large_from, Style.INTEGER)),
        row("Middelgroot vanaf", tariff.medium_from, number(tariff.medium_from, Style.INTEGER)),
        row("Marge bij een grens", tariff.bound_margin, number(tariff.bound_margin, Style.DECIMAL)),
        row("Uren demo-omgeving", tariff.demo_hours, number(tariff.demo_hours, Style.DECIMAL)),
        row("Looptijd", tariff.horizon, number(tariff.horizon, Style.INTEGER)),
        row("Indexatie", tariff.indexation, number(tariff.indexation, Style.DECIMAL)),
    ]
    if tariff.ggu_year is not None:
        rows.append(row("GGU-jaar", tariff.ggu_year, number(tariff.ggu_year, Style.YEAR)))
    rows.append(
        [
            Fixed("G4"),
            Fixed(", ".join(sorted(tariff.g4.codes))),
            Fixed("gemeentecodes"),
            Fixed(tariff.g4.provenance),
            Fixed(tariff.g4.dated, Style.DATE),
            Fixed(tariff.g4.source),
        ]
    )
    rows += [
        [
            Fixed(premise.subject),
            Fixed("in woorden"),
            Fixed("n.v.t."),
            Fixed(premise.provenance),
            Fixed(premise.dated, Style.DATE),
            Fixed(premise.text),
        ]
        for premise in tariff.premises
    ]
    return Sheet(
        "Uitgangspunten",
        (27, 18, 17, 12, 18, 78),
        [
            Line(Fixed("Uitgangspunten", Style.TITLE), 30),
            Line(
                Fixed(
                    "Elk bedrag en elke grens van het tarief, met eenheid, datum en bron. Vermeld: het staat in de "
                    "bron. Aanname: het staat daar niet; wij nemen het aan.",
                    Style.NOTE,
                )
            ),
            Table("Uitgangspunten", ["Uitgangspunt", "Waarde", "Eenheid", "Herkomst", "Datum", "Bron of uitleg"], rows),
        ],
        landscape=True,
    )
