"""What goes to whom: the documents of each municipality to its addresses, and who is left out for which reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import msgspec
from msgspec import structs

from pipeline import dutch
from pipeline.distribution.published import Publication, Published
from pipeline.distribution.recipients import Recipient
from pipeline.intake import Finding, Intake
from pipeline.model.choices import E_MAIL
from pipeline.publishing.last_time import unusable
from pipeline.results.records import Choices, Origin
from pipeline.results.result import Tariff
from pipeline.results.writing import choices_of

NO_ADDRESS = (
    "Er is geen e-mailadres. Vul het in bij e_mail in een aanlevering, of in contacten.csv in de map inputs/reference."
)
WRONG_ADDRESS = (
    "Wat er bij e_mail staat, is geen e-mailadres. Verbeter het; make check noemt het bestand, de regel en de kolom."
)
NO_DOCUMENTS = "Er zijn geen documenten van deze gemeente. Geef make report."
NO_CHOICES = "De keuzes van deze gemeente staan in geen aanlevering meer. Geef eerst make report."
UNREAD = "De aanlevering van deze gemeente is niet meer te gebruiken. Herstel haar, en geef make report."
REJECTED = "De nieuwste regel van deze gemeente is afgekeurd. Verbeter die (afgekeurd.csv), en geef make report."
CHANGED = "De keuzes zijn gewijzigd sinds de documenten zijn gemaakt. Geef eerst make report."

_ANYWHERE = Origin("", 1)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What goes to a municipality: its documents, to these addresses.

    `version` tells them from what others say; `source` is where the addresses stand, in Dutch.
    """

    published: Published
    addresses: Sequence[str]
    version: str
    source: str = ""

    @property
    def stem(self) -> str:
        """How the names of its files begin."""
        return PurePosixPath(next(iter(self.published.files))).stem

    @property
    def checksums(self) -> Mapping[str, str]:
        """Its files by the names under which they come, each with its SHA-256."""
        return {PurePosixPath(name).name: sha256 for name, sha256 in self.published.files.items()}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A municipality to which nothing goes, and why, in a sentence in Dutch."""

    code: str
    name: str
    why: str


def plan(
    publication: Publication,
    intake: Intake,
    recipients: Mapping[str, Recipient],
    names: Mapping[str, str],
    findings: Iterable[Finding] = (),
) -> tuple[Sequence[Outgoing], Sequence[LeftOut]]:
    """Who gets something, and who is left out; both in order of code.

    `names` are those of all municipalities, by code: some may have addresses and no documents. `findings` are those on
    addresses.
    """
    wrong = {finding.municipality for finding in findings if finding.column == E_MAIL.name}
    rejected = {row.municipality.code for row in intake.rejected if row.municipality}
    choices = {each.municipality.code: each for each in intake.choices}
    unread = set(unusable(intake))
    going, left_out = [], []
    for one in publication.municipalities:
        said = choices.get(one.code)
        if one.code not in recipients:
            why = WRONG_ADDRESS if one.code in wrong else NO_ADDRESS
        elif said is None:
            why = REJECTED if one.code in rejected else NO_CHOICES
        elif _as_chosen(choices_of(said)) != _as_chosen(one.record.choices):
            why = CHANGED
        elif one.record.choices.origin.file in unread:
            why = UNREAD
        elif one.wrong or not one.files:
            why = _wrong(one)
        else:
            whom = recipients[one.code]
            going.append(Outgoing(one, whom.addresses, version_of(one, publication.tariff), whom.source))
            continue
        left_out.append(LeftOut(one.code, one.name, why))
    without = recipients.keys() - {one.code for one in publication.municipalities}
    left_out += [
        LeftOut(code, names.get(code, code), REJECTED if code in rejected else NO_DOCUMENTS) for code in without
    ]
    return going, sorted(left_out, key=lambda one: one.code)


def version_of(one: Published, tariff: Tariff) -> str:
    """Which documents these are, by what they say: choices, amounts and tariff, and in which formats.

    The bytes of a file are others each day, for the reference date stands in it; and where a row was delivered says
    nothing to a municipality.
    """
    said = msgspec.json.decode(one.text)
    said["choices"] = _as_chosen(one.record.choices)
    figures = [(each.figure, each.low, each.high, each.unit) for each in tariff.figures]
    items = [(each.item, each.period, each.by_choice, each.amount) for each in tariff.items or ()]
    formats = sorted(PurePosixPath(name).suffix for name in one.files)
    what = msgspec.json.encode([said, tariff.valid_from, figures, items, formats], order="sorted")
    return hashlib.sha256(what).hexdigest()[:16]


def _as_chosen(choices: Choices) -> Choices:
    """Choices as they count, wherever they were delivered."""
    return structs.replace(choices, origin=_ANYWHERE, replaces=())


def _wrong(one: Published) -> str:
    names = [PurePosixPath(name).name for name in one.wrong]
    if not names:
        return NO_DOCUMENTS
    is_, its = ("is", "het") if len(names) == 1 else ("zijn", "ze")
    return f"{dutch.both(names)} {is_} weg of gewijzigd sinds een run {its} maakte. Geef eerst make report."
