"""Choices as somebody types them into the form, and what must come of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.model.amounts import Amount
from pipeline.model.choices import COLUMNS, Choices, Contribution, Guidance, Hosting, InKind, Phase, Provenance
from pipeline.model.municipality import Municipality
from pipeline.model.tariffs import SizeClass
from pipeline.reference.register import Register

Typed = str | int | float
TELLING = ["=1+1", "é", '"x"', "'s middags", "+31 6"]
"""Texts of which a program may make something else."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A row: whose it is, what is typed by column, and the fields of the choices that must come of it."""

    municipality: Municipality
    typed: Mapping[str, Typed]
    chosen: Mapping[str, Any]


def rows(register: Register, number: int, seed: int = 18) -> list[Filled]:
    """Rows for so many municipalities, each with choices of its own; some columns stay empty."""
    dice = random.Random(seed)
    return [_row(municipality, dice) for municipality in dice.sample(list(register), number)]


def _row(municipality: Municipality, dice: random.Random) -> Filled:
    guidance, hosting = dice.choice(list(Guidance)), dice.choice(list(Hosting))
    contribution, provenance = dice.choice(list(Contribution)), dice.choice(list(Provenance))
    typed: dict[str, Typed] = {
        "begeleiding": guidance.dutch,
        "hosting": hosting.dutch,
        "bijdrage": contribution.dutch,
        "herkomst": provenance.dutch,
    }
    chosen: dict[str, Any] = {
        "guidance": guidance,
        "hosting": hosting,
        "contribution": contribution,
        "provenance": provenance,
        "estimates": (),
    }

    def perhaps(column: str, field: str, what: Typed, value: Any) -> None:
        if dice.random() < 0.7:
            typed[column], chosen[field] = what, value

    hours = Decimal(dice.randrange(1, 40_000)) / 4  # 0.25 to 10,000
    perhaps("begeleidingsuren", "hours", float(hours), hours)
    note = f"wij helpen; {dice.choice(TELLING)} {dice.randrange(100)}"
    perhaps("bijdrage_toelichting", "contribution_note", note, note)
    agreed = dice.random() < 0.5
    perhaps("afgestemd", "agreed", "ja" if agreed else "nee", agreed)
    in_kind = tuple(sorted(dice.sample(list(InKind), dice.choice([1, 2])), key=list(InKind).index))
    perhaps("in_natura", "in_kind", ", ".join(each.dutch for each in in_kind), in_kind)
    perhaps("backlog", "backlog", "koppeling", "koppeling")
    phase = dice.choice(list(Phase))
    perhaps("fase", "phase", phase.dutch, phase)
    year = dice.randrange(2000, 2101)
    perhaps("startjaar", "start_year", year, year)
    size_class = dice.choice(list(SizeClass))
    perhaps("grootteklasse", "size_class", size_class.dutch, size_class)
    inhabitants = dice.randrange(1, 2_000_001)
    perhaps("inwoners", "inhabitants", inhabitants, inhabitants)
    perhaps("contact", "contact", "0612345678", "0612345678")
    if dice.random() < 0.5:
        low = dice.randrange(0, 500_000_000)  # cents
        high = dice.randrange(low, 1_000_000_001)
        typed |= {"hosting_laag": low / 100, "hosting_hoog": high / 100}
        chosen["estimates"] = (("hosting", Amount.between(Decimal(low) / 100, Decimal(high) / 100)),)
    return Filled(municipality, typed, chosen)


def differences(filled: Sequence[Filled], choices: Sequence[Choices]) -> list[str]:
    """Where the choices are not those that were typed."""
    found = {each.municipality.code: each for each in choices}
    expected = {each.municipality.code: each for each in filled}
    wrong = [f"{code} has no choices, or should have none" for code in found.keys() ^ expected.keys()]
    for code in found.keys() & expected.keys():
        of, chosen = found[code], expected[code].chosen
        wrong += [f"{code} {f}: typed {v!r}, read {getattr(of, f)!r}" for f, v in chosen.items() if getattr(of, f) != v]
        silent = [field for field in COLUMNS.values() if field not in (*chosen, "municipality")]
        wrong += [f"{code} {field}: read {getattr(of, field)!r}" for field in silent if getattr(of, field)]
    return wrong
