"""What a municipality reads in its message: subject, plain text and HTML, from its record and `templates/bericht.*`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.documents.summaries.markdown import in_all, plain, rounded
from pipeline.documents.templates import Templates
from pipeline.errors import TextsError
from pipeline.intake.fields.characters import in_a_line
from pipeline.model.amounts import Amount
from pipeline.model.choices import Provenance
from pipeline.model.tariffs import Tariff
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, points_of
from pipeline.results.records import Record

TEXT, HTML = "bericht.txt.j2", "bericht.html.j2"
_KINDS = {"xlsx": "bericht.bijlage_xlsx", "md": "bericht.bijlage_md"}
"""What is said of an attachment, by how its name ends."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands in a message: its subject, on one line, and its text, which the HTML says too."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Letters:
    """The templates, texts and tariff from which letters are written."""

    templates: Templates
    texts: Texts
    tariff: Tariff

    @classmethod
    def read(cls, templates: Folder, texts: Texts, tariff: Tariff) -> Letters:
        """Read the templates of messages from a folder.

        Raises:
            TextsError: if a template cannot be read, is missing or is broken.
        """
        return cls(Templates.read(templates, "bericht.*.j2", (TEXT, HTML), _printed), texts, tariff)

    def write(self, record: Record, attachments: Sequence[str]) -> Letter:
        """The letter to one municipality; `attachments` are the names of the files that come with it.

        Raises:
            TextsError: if a template is broken, or a text or an item is missing.
        """
        view = self._view(record, attachments)
        text, html = (self.templates.fill_in(name, view) for name in (TEXT, HTML))
        return Letter(view["subject"], text, html)

    def _view(self, record: Record, attachments: Sequence[str]) -> dict[str, Any]:
        """The names that a template may use, each with what it shows."""
        texts, name = self.texts, record.municipality.name
        example = record.choices.provenance is Provenance.ILLUSTRATIVE
        subject = "bericht.onderwerp_voorbeeld" if example else "bericht.onderwerp"
        items = {item.key: item for item in self.tariff.items}
        if unknown := [key for key in record.pro_memorie if key not in items]:
            raise TextsError(f"{unknown[0]}: this item is not in the tariff; run `make report` again.")
        return {
            "name": name,
            "subject": in_a_line(texts.say(subject, naam=name)),
            "example": example,
            "guidance": record.choices.guidance.dutch,
            "hosting": record.choices.hosting.dutch,
            "contribution": record.choices.contribution.dutch,
            "amounts": [(label, plain(in_all(rounded(amount)))) for label, amount in self._amounts(record)],
            "missing": ", ".join(texts.of(items[key]).name for key in record.pro_memorie),
            "purpose": texts.purpose,
            "not_counted": texts.say("gedeeld.niet_meegerekend"),
            "asked": [texts.say("bericht.opgeven")] if example else [*self._asked(record)],
            "attachments": [(file, self._what_is(file)) for file in attachments],
            "steering_group": texts.steering_group,
            "organisation": texts.organisation,
        }

    def _amounts(self, record: Record) -> Iterator[tuple[str, Amount]]:
        """What it costs in the first year, in each later one and in all: what that is called, and how much it is."""
        years, texts = record.years, self.texts
        yield texts.say("bericht.eerste_jaar", jaar=years[0].year), record.totals.first_year.amount
        if len(years) > 1:
            alike = len({year.total for year in years[1:]}) == 1
            label = "bericht.daarna" if alike else "bericht.verschilt"
            yield texts.say(label, **({} if alike else {"jaar": years[1].year})), years[1].total.amount
            period = f"{years[0].year} t/m {years[-1].year}"
            yield texts.say("bericht.samen", periode=period), record.totals.horizon.amount

    def _asked(self, record: Record) -> Iterator[str]:
        """What is asked of a municipality, in sentences."""
        texts = self.texts
        for point in points_of(record, self.tariff):
            if point.attention is Attention.NOT_AGREED:
                yield texts.say("bericht.afstemmen")
            elif point.remark:
                yield texts.say("bericht.nagaan", opmerking=texts.remark(point.remark))
            elif point.item:
                # By which columns a delivery says so is for who fills in a table; a workbook has yellow cells.
                columns = f" ({' en '.join(point.item.estimated_in)})"
                yield f"{point.said(texts)}. {point.asked(texts).replace(columns, '')}"
        yield texts.say("bericht.controleren")

    def _what_is(self, file: str) -> str:
        """What an attachment is, in a few words, if that is told of its kind."""
        key = _KINDS.get(file.rpartition(".")[2], "")
        return self.texts.say(key) if key else ""


def _printed(value: object) -> str:
    return in_a_line(str(value))
