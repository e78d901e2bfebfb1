"""Verantwoording: where the data of the workbook come from."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from pipeline import dutch
from pipeline.documents.workbooks.cells import Fixed, Given
from pipeline.documents.workbooks.sheets import Block, Column, Table, heading, note
from pipeline.documents.workbooks.words import NO, NOT_APPLICABLE, NOT_GIVEN, yes_no
from pipeline.model import form
from pipeline.model.choices import Contribution
from pipeline.model.indication import Indication
from pipeline.model.items import Item
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts

Fact = Callable[[Indication], str]
"""How to take what is known of a municipality and its delivery."""
Row = tuple[str, Fact] | tuple[str, Fact, str]
"""A subject and what is known of it, and what its cell is called if it is read when the workbook comes back."""


def accountability(basis: ReferenceData, texts: Texts) -> list[Block]:
    """Where delivery, register, tariff and version can be traced."""
    facts = [*_registered(basis, texts), *_delivered(basis, texts), *_rests_on(basis, texts)]
    of_the_form = _known_again(texts)  # for who reads it back; on paper it would take the room of what people read
    columns = [
        Column("Onderwerp", cell=lambda row: Fixed(row[0])),
        Column("Gegeven", cell=lambda row: Given(row[1], name="".join(row[2:]))),
    ]
    return [
        heading("Verantwoording"),
        note(texts.say("uitgangspunten.verantwoording")),
        Table("Verantwoording", columns, [*facts, *of_the_form], on_paper=len(facts)),
    ]


def _registered(basis: ReferenceData, texts: Texts) -> list[Row]:
    return [
        ("Gemeente", attrgetter("choices.municipality.name")),
        (texts.say("verantwoording.gemeentecode"), attrgetter("choices.municipality.code"), form.MUNICIPALITY),
        (texts.say("verantwoording.provincie"), attrgetter("choices.municipality.province")),
        (texts.say("verantwoording.register"), lambda of: dutch.number(of.choices.municipality.inhabitants)),
        (texts.say("verantwoording.inwoners"), lambda _: f"{dutch.day(basis.register_date)}, {basis.register_source}"),
    ]


def _delivered(basis: ReferenceData, texts: Texts) -> list[Row]:
    def agreed(of: Indication) -> str:
        applies = of.choices.contribution is Contribution.ALTERNATIVE or of.choices.agreed is not None
        return yes_no(of.choices.agreed) if applies else NOT_APPLICABLE

    def note_said(of: Indication) -> str:
        return of.choices.contribution_note or NOT_GIVEN

    def in_kind(of: Indication) -> str:
        return ", ".join(kind.dutch for kind in of.choices.in_kind) or NO

    def answer(item: Item) -> Fact:
        return lambda of: yes_no(dict(of.choices.answers).get(item.word))

    return [
        ("Herkomst van de keuzes", attrgetter("choices.provenance.dutch")),
        (texts.say("verantwoording.aangeleverd"), lambda of: of.choices.origin.in_words),
        (
            texts.say("verantwoording.vervangt"),
            lambda of: "; ".join(each.in_words for each in of.choices.replaces) or NO,
        ),
        ("Fase", lambda of: of.choices.phase.dutch if of.choices.phase else NOT_GIVEN),
        (
            "Toelichting op de bijdrage",
            lambda of: of.choices.contribution_note or NOT_GIVEN,
            form.DELIVERED + "bijdrage_toelichting",
        ),
        ("Alternatieve bijdrage afgestemd", agreed, form.DELIVERED + "afgestemd"),
        (
            "Inzet in natura",
            lambda of: ", ".join(kind.dutch for kind in of.choices.in_kind) or NO,
            form.DELIVERED + "in_natura",
        ),
        ("Functionaliteit van de backlog", lambda of: of.choices.backlog or NO, form.DELIVERED + "backlog"),
        *(
            (texts.of(item).name, answer(item), form.DELIVERED + item.word)
            for item in basis.tariff.items
            if item.has_column
        ),
        ("Contact", lambda of: of.choices.contact or NOT_GIVEN, form.DELIVERED + "contact"),
    ]


def _rests_on(basis: ReferenceData, texts: Texts) -> list[Row]:
    def remarks(of: Indication) -> str:
        return "\n".join((*map(texts.remark, of.remarks), *of.choices.warnings)) or "geen"

    return [
        ("Opmerkingen bij de aanlevering", remarks),
        ("Peildatum", lambda _: dutch.day(basis.day)),
        (texts.say("verantwoording.tarief"), lambda _: dutch.day(basis.tariff.valid_from)),
        (texts.say("verantwoording.versie"), lambda _: basis.version),
    ]


def _known_again(texts: Texts) -> list[Row]:
    return [
        (texts.say("verantwoording.formulier"), lambda _: form.NAME, form.FORM),
        (texts.say("verantwoording.formulierversie"), lambda _: str(form.VERSION), form.FORM_VERSION),
        (texts.say("verantwoording.gemaakt_van"), lambda of: "\n".join(form.made_from(of.choices)), form.MADE_FROM),
        (texts.say("verantwoording.kenmerk"), lambda of: form.mark(of.choices), form.MARK),
        (texts.say("verantwoording.opgegeven"), lambda of: ", ".join(form.given(of.choices)), form.GIVEN),
    ]
