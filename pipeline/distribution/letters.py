"""What a municipality reads in its message: subject, plain text and HTML, from its record and `templates/bericht.*`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import dutch
from pipeline.documents.summaries import PREMISES_PAGE
from pipeline.documents.summaries.markdown import in_all, plain, rounded
from pipeline.documents.templates import Templates, on_one_line
from pipeline.errors import TextsError
from pipeline.intake.fields.characters import in_a_line
from pipeline.model.amounts import Amount
from pipeline.model.choices import REQUIRED_OPTIONS, Contribution, Guidance, Hosting, Provenance
from pipeline.model.columns import Option
from pipeline.model.tariffs import Tariff
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts, in_a_sentence
from pipeline.results.action_points import Attention, points_of
from pipeline.results.records import Record

TEXT, HTML = "bericht.txt.j2", "bericht.html.j2"
_MEANINGS: Mapping[Option, str] = {
    Guidance.SELF: "bericht_begeleiding.zelf",
    Guidance.EXTERNAL: "bericht_begeleiding.extern",
    Hosting.IN_HOUSE: "bericht_hosting.in_huis",
    Hosting.HYBRID: "bericht_hosting.hybride",
    Hosting.SAAS: "bericht_hosting.saas",
    Contribution.FINANCIAL: "bericht_bijdrage.financieel",
    Contribution.ALTERNATIVE: "bericht_bijdrage.alternatief",
    Contribution.NONE: "bericht_bijdrage.geen",
}
"""What is said of an option."""
_KINDS = {"xlsx": "bericht.bijlage_xlsx", "md": "bericht.bijlage_md"}
"""What is said of an attachment of a municipality itself, by how its name ends."""


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
        return cls(Templates.read(templates, "bericht.*.j2", (TEXT, HTML), on_one_line), texts, tariff)

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
        amounts = [*self._amounts(record)]
        known = any(not amount.unquantified for _, amount in amounts)
        shown = [(label, plain(in_all(rounded(amount)))) for label, amount in amounts] if known else []
        return {
            "name": name,
            "subject": in_a_line(texts.say(subject, naam=name)),
            "example": example,
            "choices": [*self._choices(record)],
            "amounts": shown,
            "missing": self._missing(record, "bericht.zonder_bedrag" if known else "bericht.onbekend"),
            "signalen": texts.signalen,
            "indication": texts.indication,
            "tariff": texts.say("bericht.tarief", tarief=dutch.day(self.tariff.valid_from)),
            "not_counted": texts.say("gedeeld.niet_meegerekend"),
            "asked": [texts.say("bericht.opgeven")] if example else [*self._asked(record)],
            "attachments": [(file, self._what_is(file)) for file in attachments],
            "steering_group": texts.steering_group,
            "organisation": texts.organisation,
        }

    def _choices(self, record: Record) -> Iterator[tuple[str, str, str]]:
        """Each choice that every municipality makes: what it is called, which one it is, and what that means."""
        chosen = (record.choices.guidance, record.choices.hosting, record.choices.contribution)
        for column, option in zip(REQUIRED_OPTIONS, chosen, strict=True):
            yield column.capitalize(), option.dutch, self.texts.say(_MEANINGS[option])

    def _missing(self, record: Record, key: str) -> str:
        """Of which items no amount is known, in a sentence; empty if it is known of all."""
        items = {item.key: item for item in self.tariff.items}
        if unknown := [item for item in record.pro_memorie if item not in items]:
            raise TextsError(f"{unknown[0]}: this item is not in the tariff; run `make report` again.")
        names = [in_a_sentence(self.texts.of(items[item]).name) for item in record.pro_memorie]
        return self.texts.say(key, posten=", ".join(names)) if names else ""

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
                asked = in_a_sentence(point.asked(texts).rstrip("."))
                what = in_a_sentence(texts.of(point.item).explanation.partition(". ")[0].rstrip("."))
                yield texts.say("bericht.ramen", post=point.said(texts), uitleg=what, gevraagd=asked)
        yield texts.say("bericht.controleren")

    def _what_is(self, file: str) -> str:
        """What an attachment is, in a few words, if that is told of its kind."""
        if file == PREMISES_PAGE:
            return self.texts.say("bericht.bijlage_uitgangspunten")
        key = _KINDS.get(file.rpartition(".")[2], "")
        return self.texts.say(key) if key else ""
