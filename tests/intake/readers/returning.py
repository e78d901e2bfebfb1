"""Municipalities with all kinds of choices, the workbooks that they get, and other choices in the cells of those."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from msgspec import structs
from openpyxl.workbook import Workbook

from pipeline.model.amounts import Amount
from pipeline.model.choices import Choices, Contribution, Guidance, Hosting, InKind, Origin, Phase, Provenance
from pipeline.model.tariffs import SizeClass
from pipeline.reference.register import Register
from pipeline.run import RunReport, Settings, report
from tests.conftest import REFERENCE, ROOT

DAY = date(2026, 11, 25)
HEADER = (
    "gemeentecode;begeleiding;begeleidingsuren;hosting;bijdrage;bijdrage_toelichting;afgestemd;begeleiding_laag;"
    "begeleiding_hoog;hosting_laag;hosting_hoog;in_natura;backlog;fase;herkomst;startjaar;grootteklasse;inwoners;contact"
)
ESTIMATED = ("begeleiding", "hosting", "bijdrage", "demo", "backlog", "in_natura")
CellValue = str | float | None


def make(folder: Path) -> RunReport:
    """Let a run make `folder/outputs` of `folder/inputs`."""
    places = (folder / "inputs", folder / "outputs", REFERENCE, ROOT / "templates")
    return report(Settings(*places, DAY, workers=1))


def deliver(folder: Path, register: Register, number: int) -> None:
    """Write a delivery of so many municipalities, in which anything may be given or not."""
    (folder / "inputs").mkdir(parents=True, exist_ok=True)
    rows = [_row(municipality.code) for municipality in list(register)[:number]]
    (folder / "inputs" / "keuzes.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


def _row(code: str) -> str:
    chance = random.Random(code)

    def perhaps(*texts: object) -> str:
        return str(chance.choice(texts)) if chance.random() < 0.5 else ""

    def estimate() -> str:
        low = chance.randint(500, 50_000)
        return f"{low};{low + 1_000},5" if chance.random() < 0.3 else ";"

    fields = [
        code,
        chance.choice(list(Guidance)).dutch,
        perhaps("120", "37,5", "150"),
        chance.choice(list(Hosting)).dutch,
        chance.choice(list(Contribution)).dutch,
        perhaps("=1+1", "wij vertalen de handleiding", "'t Is goed"),
        perhaps("ja", "nee"),
        *(estimate() for _ in range(2)),
        perhaps("stuurgroep", "productsturing", "beide"),
        perhaps("koppeling met het zaaksysteem", '"kaart; met lagen"', "12"),
        perhaps(*(phase.dutch for phase in Phase)),
        perhaps("voorbeeld", "opgave"),
        perhaps(2026, 2028),
        perhaps(*(size.dutch for size in SizeClass)),
        perhaps(64_000, 251_000),
        perhaps("@functioneel beheer", "loket"),
    ]
    return ";".join(fields)


@dataclass(frozen=True)
class Changes:
    """Other values for input cells, by the words of their names, and the choices that come of them."""

    cells: Mapping[str, CellValue]
    then: Callable[[Choices], Choices]


def change(workbook: bytes, seed: object) -> Changes:
    """Some cells of a workbook to be changed; what gets the value that it has already is not changed."""
    chance = random.Random(f"changes {seed}")
    begin = values(openpyxl.load_workbook(BytesIO(workbook), data_only=True))
    cells: dict[str, CellValue] = {}
    fields: dict[str, Any] = {"provenance": Provenance.DELIVERED}
    estimates: dict[str, Amount | None] = {}

    def enter(word: str, value: CellValue, field: str, meant: object) -> None:
        if chance.random() < 0.4:
            cells[word] = value
            if value != begin[f"begin_{word}"]:
                fields[field] = meant

    for word, field, option in (
        ("begeleiding", "guidance", chance.choice(list(Guidance))),
        ("hosting", "hosting", chance.choice(list(Hosting))),
        ("bijdrage", "contribution", chance.choice(list(Contribution))),
        ("grootteklasse", "size_class", chance.choice(list(SizeClass))),
    ):
        enter(word, option.dutch, field, option)
    hours, inhabitants, year = chance.randint(0, 999) / 4, chance.randint(1, 900_000), chance.randint(2020, 2032)
    enter("begeleidingsuren", hours, "hours", Decimal(str(hours)))
    enter("inwoners", inhabitants, "inhabitants", inhabitants)
    enter("startjaar", year, "start_year", year)
    phase = chance.choice([None, *Phase])
    enter("fase", phase.dutch if phase else "geen opgave", "phase", phase)
    kinds = {"nee": (), "beide": tuple(InKind), **{kind.dutch: (kind,) for kind in InKind}}
    word = chance.choice(list(kinds))
    enter("in_natura", word, "in_kind", kinds[word])
    word = chance.choice(["ja", "nee"])
    enter("backlog", word, "backlog", word if word == "ja" else "")
    for word in ESTIMATED:
        if chance.random() < 0.4:
            low = chance.randint(0, 4_000_000) / 100
            own = chance.choice([(low, round(low + chance.randint(0, 900), 2)), (None, None)])
            cells |= {f"{word}_laag": own[0], f"{word}_hoog": own[1]}
            estimates[word] = None if own[0] is None else Amount.between(*(Decimal(str(end)) for end in own))

    def then(choices: Choices) -> Choices:
        own = {**dict(choices.estimates), **estimates}
        if "hosting" in fields and "hosting" not in estimates:
            own["hosting"] = None  # it was for the other form
        return structs.replace(
            choices, **fields, estimates=tuple(sorted((word, amount) for word, amount in own.items() if amount))
        )

    return Changes(cells, then)


def values(book: Workbook) -> dict[str, CellValue]:
    """What is in each cell that has a name."""
    found = {}
    for name, defined in book.defined_names.items():
        ((sheet, address),) = defined.destinations
        if ":" not in address:
            found[name] = book[sheet][address].value
    return found


def edited(workbook: bytes, cells: Mapping[str, object], edit: Callable[[Workbook], None] = lambda _: None) -> bytes:
    """The workbook as openpyxl saves it, with other values in cells by their whole names, and what else is done."""
    book = openpyxl.load_workbook(BytesIO(workbook))
    for name, value in cells.items():
        ((sheet, address),) = book.defined_names[name].destinations
        book[sheet][address].value = value
    edit(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def entered(cells: Mapping[str, CellValue]) -> dict[str, CellValue]:
    """Values by the whole names of their input cells."""
    return {f"invoer_{word}": value for word, value in cells.items()}


def what(choices: Choices) -> Choices:
    """Choices without where they came from and what was doubted."""
    return structs.replace(
        choices, origin=Origin("", 0), replaces=(), warnings=(), estimates=tuple(sorted(choices.estimates))
    )
