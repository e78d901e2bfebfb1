"""Six differently chosen municipalities, and combinations of input cells to change them to."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import structs

from pipeline.documents.workbooks import render_indication
from pipeline.model.amounts import Amount
from pipeline.model.choices import Contribution, Guidance, Hosting, InKind, Phase
from pipeline.model.indication import Indication, indicate
from pipeline.model.quantities import CalendarYear
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from tests.documents.workbooks.engine import CellValue, Parts, Place

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COMBINATIONS, MORE = 20, 60
"""Of each shape, and of each other ones; the tests that may take long try more."""

OFFER = Amount.exactly(Decimal("17499.99"))
SHAPES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "all known": (("Amsterdam", "extern", "SaaS", "financieel"), {}),
    "nothing known": (("Schiermonnikoog", "zelf", "in huis", "geen"), {}),
    "much besides": (
        ("Nuenen", "extern", "hybride", "alternatief"),
        {
            "hours": Decimal("37.5"),
            "estimates": (("hosting", Amount.between(8_000, 12_500)),),
            "backlog": "koppeling met het zaaksysteem",
            "in_kind": tuple(InKind),
            "phase": Phase.DEMO,
            "start_year": 2028,
            "contribution_note": "=1+1 | *vet* <b>tekst</b> https://signalen.org",
            "contact": "@functioneel beheer",
        },
    ),
    "own class": (("Eindhoven", "zelf", "SaaS", "financieel"), {"size_class": SizeClass.G4, "inhabitants": 251_000}),
    "own offer": (
        ("Zeist", "extern", "SaaS", "geen"),
        {"estimates": (("hosting", Amount.exactly(Decimal("17499.99"))),)},
    ),
    "agreed": (("Den Bosch", "zelf", "hybride", "alternatief"), {"agreed": True, "phase": Phase.LIVE}),
}


@dataclass(frozen=True)
class Combination:
    """Other choices: as values of input cells, and as what the rules need."""

    inputs: Mapping[str, CellValue]
    choices: Mapping[str, Any]
    tariff: Mapping[str, Any]


def combine(chance: random.Random) -> Combination:
    """One combination of all input cells, within their bounds."""
    guidance, hosting = chance.choice(list(Guidance)), chance.choice(list(Hosting))
    contribution, size_class = chance.choice(list(Contribution)), chance.choice(list(SizeClass))
    hours, rate = Decimal(chance.randint(0, 1000)) / 2, Decimal(chance.randint(50, 200))
    low = Decimal(chance.randint(0, 4_000_000)) / 100
    estimates = {
        word: Amount.between(low + place, low + place + chance.randint(0, 20_000)) if chance.random() < 0.5 else None
        for place, word in enumerate(("begeleiding", "hosting", "bijdrage", "demo", "backlog", "in_natura"))
    }
    phase = chance.choice([None, *Phase])
    start, ggu = chance.randint(2024, 2032), chance.choice([None, chance.randint(2022, 2040)])
    percent = Decimal(chance.randint(0, 100)) / 10
    inhabitants = chance.randint(1, 1_000_000)
    backlog, in_kind = (chance.random() < 0.3 for _ in range(2))
    yes = {True: "ja", False: "nee"}
    return Combination(
        inputs={
            "invoer_begeleiding": guidance.dutch,
            "invoer_begeleidingsuren": float(hours),
            "invoer_uurtarief": float(rate),
            "invoer_hosting": hosting.dutch,
            **{f"invoer_{word}_laag": float(own.low) if own else None for word, own in estimates.items()},
            **{f"invoer_{word}_hoog": float(own.high) if own else None for word, own in estimates.items()},
            "invoer_bijdrage": contribution.dutch,
            "invoer_grootteklasse": size_class.dutch,
            "invoer_inwoners": inhabitants,
            "invoer_startjaar": start,
            "invoer_indexatie": float(percent) / 100,
            "invoer_ggu_jaar": ggu,
            "invoer_fase": phase.dutch if phase else "geen opgave",
            "invoer_backlog": yes[backlog],
            "invoer_in_natura": "beide" if in_kind else "nee",
        },
        choices={
            "guidance": guidance,
            "hours": hours,
            "hosting": hosting,
            "estimates": tuple((word, own) for word, own in estimates.items() if own),
            "contribution": contribution,
            "size_class": size_class,
            "inhabitants": inhabitants,
            "start_year": start,
            "phase": phase,
            "backlog": "iets" if backlog else "",
            "in_kind": tuple(InKind) if in_kind else (),
        },
        tariff={"hourly_rate": rate, "indexation": percent, "ggu_year": ggu},
    )


def changed(tariff: Tariff, hourly_rate: Decimal, indexation: Decimal, ggu_year: int | None) -> Tariff:
    """The tariff with what a reader can change in the workbook."""
    ggu = (
        CalendarYear.read(
            {"waarde": ggu_year, "eenheid": "jaartal", "herkomst": "aanname", "datum": date(2026, 1, 1), "bron": "test"}
        )
        if ggu_year
        else None
    )
    return replace(
        tariff,
        hourly_rate=replace(tariff.hourly_rate, value=hourly_rate),
        indexation=replace(tariff.indexation, value=indexation),
        ggu_year=ggu,
    )


def follows(place: Place, parts: Parts) -> bool:
    """Whether a formula cell follows from the choices; the others say what was at first, or whether it differs."""
    sheet, address = place
    formula, label = parts.formulas[place], parts.values.get((sheet, f"A{address.lstrip(LETTERS)}"))
    compared = "tekst_gewijz" in formula or "tekst_ongewi" in formula
    says_so = compared and not formula.startswith("IF(Keuzes[[#This Row],[Status]]")
    of_the_beginning = "begin_" in formula or (sheet == "Berekening" and str(label).endswith(", begin"))
    return not (says_so or of_the_beginning) and formula != "keuzes_gewijzigd"


def expected(indication: Indication, combination: Combination, basis: ReferenceData, texts: Texts) -> Parts:
    """The same layout, with the answers of the rules to the changed choices as its cached values."""
    tariff = changed(basis.tariff, **combination.tariff)
    choices = structs.replace(indication.choices, **combination.choices)
    return Parts(render_indication(indicate(choices, tariff, 2026), basis, texts))
