"""Results made by hand for the tests of what is rendered from them: a few municipalities on the shipped tariff."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.documents.summaries import PAGE, Summaries
from pipeline.intake import Delivery, Finding, Intake, RejectedRow, Severity
from pipeline.model.amounts import Amount
from pipeline.model.choices import Choices, Contribution, Guidance, Hosting, InKind, Origin, Phase
from pipeline.model.indication import Indication, indicate
from pipeline.model.quantities import CalendarYear, YearlyPercentage
from pipeline.reference.data import ReferenceData
from pipeline.reference.register import read_register
from pipeline.reference.tariff_file import read_tariffs
from pipeline.reference.texts import read_texts
from pipeline.results.changes import Changes
from pipeline.results.overview import Overview, summarise
from pipeline.results.writing import as_json, json_pieces, record_of

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
REGISTER = read_register(ROOT / "inputs/reference/gemeenten.csv")
TARIFF = read_tariffs(ROOT / "inputs/reference/tarieven.toml")[0]
TEXTS = read_texts(TEMPLATES)
BASIS = replace(ReferenceData.of(REGISTER, TARIFF, date(2026, 11, 25)), version="0.1.0")
START = 2026

AMSTERDAM, UTRECHT, EINDHOVEN = "GM0363", "GM0344", "GM0772"
ZEIST, SCHIERMONNIKOOG, TEXEL = "GM0355", "GM0088", "GM0448"


@dataclass(frozen=True)
class Results:
    """All indications of a run (sorted by code), and what came of the deliveries."""

    basis: ReferenceData
    indications: tuple[Indication, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[RejectedRow, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def intake(self) -> Intake:
        """What came of the deliveries."""
        return Intake((), self.findings, self.rejected, self.deliveries)


def to_json(results: Results) -> bytes:
    """The JSON form of a result."""
    texts = (as_json(record_of(indication)) for indication in results.indications)
    return b"".join(json_pieces(results.basis, texts, results.intake))


def overview_of(results: Results, year: int, changes: Changes | None = None) -> Overview:
    """The overview of a result."""
    gists = [record_of(indication).gist for indication in results.indications]
    return summarise(results.basis, gists, results.intake, year, changes)


def page_of(summaries: Summaries, overview: Overview, basis: ReferenceData, name: str = PAGE) -> str:
    """A page about all municipalities together; that of the steering group unless told otherwise."""
    return b"".join(summaries.together(results().intake)[name](overview, basis)).decode()


def choices(code: str, guidance: Guidance, hosting: Hosting, contribution: Contribution, **more: Any) -> Choices:
    """The choices of one municipality, on line 2 of `a.csv` unless told otherwise."""
    origin = more.pop("origin", Origin("a.csv", 2))
    return Choices(
        municipality=REGISTER.municipalities[code],
        guidance=guidance,
        hosting=hosting,
        contribution=contribution,
        origin=origin,
        **more,
    )


def indication(code: str, guidance: Guidance, hosting: Hosting, contribution: Contribution, **more: Any) -> Indication:
    """The indication of one municipality on the shipped tariff, from 2026."""
    return indicate(choices(code, guidance, hosting, contribution, **more), TARIFF, START)


def amsterdam(**more: Any) -> Indication:
    """The worked example of the source: a G4 municipality that chooses external, SaaS and financial."""
    return indication(AMSTERDAM, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL, **more)


def schiermonnikoog(**more: Any) -> Indication:
    """A small municipality of which nothing is quantified."""
    return indication(SCHIERMONNIKOOG, Guidance.SELF, Hosting.IN_HOUSE, Contribution.NONE, **more)


def results(*indications: Indication, **more: Any) -> Results:
    """A result with these indications, sorted by code, and nothing of note in its deliveries."""
    ordered = tuple(sorted(indications, key=lambda i: i.choices.municipality.code))
    parts = {"findings": (), "rejected": (), "deliveries": ()} | more
    return Results(BASIS, ordered, **parts)


def rich_results() -> Results:
    """A result in which everything occurs: each form of choice, findings, a replaced row and a rejected one."""
    error = Finding(
        Severity.ERROR, "unknown_option", "b.csv", 5, "hosting", "cloud", "Kies in huis, hybride of SaaS.", TEXEL
    )
    warning = Finding(
        Severity.WARNING, "unused_hours", "a.csv", 4, "begeleidingsuren", "80", "De uren tellen niet mee.", ZEIST
    )
    unreadable = Finding(
        Severity.ERROR, "unreadable", "c.csv", None, None, "", "Het bestand is geen tekst; sla het op als CSV.", ""
    )
    row = RejectedRow(
        Origin("b.csv", 5),
        (("gemeente", "Texel"), ("hosting", "cloud")),
        (error,),
        REGISTER.municipalities[TEXEL],
    )
    return results(
        amsterdam(phase=Phase.LIVE, replaces=(Origin("a.csv", 3),), origin=Origin("b.csv", 2)),
        indication(
            UTRECHT, Guidance.EXTERNAL, Hosting.HYBRID, Contribution.ALTERNATIVE,
            hours=Decimal(80), estimates=(("hosting", Amount.between(7_500, 9_000)),), agreed=True,
            contribution_note="Eigen ontwikkelaar", in_kind=(InKind.STEERING_GROUP,), phase=Phase.DEMO,
        ),
        indication(
            ZEIST, Guidance.SELF, Hosting.SAAS, Contribution.ALTERNATIVE,
            origin=Origin("a.csv", 4), contribution_note="Vertaling van de handleiding", backlog="Kaartlagen",
            contact="beheer@zeist.nl", start_year=2027,
        ),
        schiermonnikoog(origin=Origin("a.csv", 6)),
        findings=(warning, error, unreadable),
        rejected=(row,),
        deliveries=(
            Delivery("a.csv", 5, 4, 1, 0, repeated=1),
            Delivery("b.csv", 2, 1, 0, 1),
            Delivery("c.csv", 0, 0, 0, 0),
        ),
    )  # fmt: skip


def with_ggu(basis: ReferenceData, year: int) -> ReferenceData:
    """The same basis, with a tariff in which the contribution lapses from a year."""
    ggu = CalendarYear.read(_assumed(year, "jaartal"))
    return replace(basis, tariff=replace(basis.tariff, ggu_year=ggu))


def with_indexation(basis: ReferenceData, percent: str) -> ReferenceData:
    """The same basis, with a tariff in which yearly amounts rise."""
    indexation = YearlyPercentage.read(_assumed(Decimal(percent), "procent per jaar"))
    return replace(basis, tariff=replace(basis.tariff, indexation=indexation))


def _assumed(value: object, unit: str) -> dict[str, object]:
    return {"waarde": value, "eenheid": unit, "herkomst": "aanname", "datum": date(2026, 1, 1), "bron": "proef"}
