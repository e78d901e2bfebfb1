"""Uitgangspunten: every figure of the tariff, what else the sums rest on, and the words that formulas look for."""

from __future__ import annotations

from msgspec.structs import replace

from pipeline.documents.workbooks.cells import Calculated, Fixed
from pipeline.documents.workbooks.formulas import legend
from pipeline.documents.workbooks.municipality.premises import stated
from pipeline.documents.workbooks.municipality.wording import words
from pipeline.documents.workbooks.sheets import Block, Column, Range, Row, Sheet, Table, heading
from pipeline.documents.workbooks.steering import years
from pipeline.documents.workbooks.steering.costs import worded
from pipeline.documents.workbooks.steering.formulas import WHOM
from pipeline.documents.workbooks.steering.tables import BY_CLASS, BY_PHASE
from pipeline.documents.workbooks.steering.words import WORDS, cell_name
from pipeline.documents.workbooks.styles import Style
from pipeline.model.form import OF_ALL
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview

PRINTED = 6
"""How many columns are printed."""


def steering_premises(overview: Overview, basis: ReferenceData, texts: Texts) -> Sheet:
    """The sheet with the premises of the tariff, as a municipality's workbook has it, and what comes besides."""
    window = overview.window
    said = [*years.worded(years.OWN, window), *(years.worded(years.EVERYONE, window) if overview.everyone else ())]
    rests_on = [
        (Fixed("Inwoners, peildatum"), Fixed(basis.register_date, Style.DATE)),
        (Fixed("Inwoners, bron"), Fixed(basis.register_source)),
        (Fixed("Peildatum"), Fixed(basis.day, Style.DATE)),
        (Fixed("Tarief geldt sinds"), Fixed(basis.tariff.valid_from, Style.DATE)),
        (Fixed("Versie van kostenindicatie"), Fixed(basis.version)),
    ]
    more: list[Block] = [
        heading("Verantwoording"),
        Table("Verantwoording", [Column("Onderwerp"), Column("Gegeven")], rests_on),
        heading("Woorden waar de formules naar kijken"),
        replace(_words(), on_paper=0),
        heading("Legenda"),
        legend(plus_pm=texts.say("stuurgroep.plus_pm")),
        Row([Fixed("Gaat over"), Calculated(WHOM, _whom, Style.TEXT, OF_ALL)]),
        heading("Bedragen in woorden"),
        words([*said, *(each for by in (BY_CLASS, BY_PHASE) for each in worded(by))]),
    ]
    purpose = texts.say("stuurgroep_bladen.uitgangspunten")
    blocks = [*map(_narrower, stated(basis.tariff, texts)), *more]
    columns = [Column("")] * PRINTED + [Column("", 26)]  # on the screen only: an amount in words
    return Sheet("Uitgangspunten", blocks, columns=columns, printed=PRINTED, purpose=purpose)


def _narrower(block: Block) -> Block:
    """The same in columns that are printed in letters of eight points."""
    if not isinstance(block, Table):
        return block
    return replace(block, columns=[replace(column, width=min(column.width, 74)) for column in block.columns])


def _whom(overview: Overview) -> str:
    return "opgave" if overview.delivered else "voorbeeld"


def _words() -> Table:
    """The words, by column; a drop-down takes the range of its column."""
    headers = [header for header, _, _ in WORDS]
    ranges = {
        cell_name("lijst", header): Range("Woord", headers.index(header), headers.index(header) + headers.count(header))
        for header in dict.fromkeys(headers)
        if headers.count(header) > 1
    }
    rows = [(Fixed(word, name=name), Fixed(header)) for header, word, name in WORDS]
    return Table("Keuzewoorden", [Column("Woord"), Column("Staat onder")], rows, ranges=ranges)
