"""Uitgangspunten: every figure of the tariff, what else the sums rest on, and the words that formulas look for."""

from __future__ import annotations

from pipeline.documents.workbooks.cells import Fixed
from pipeline.documents.workbooks.municipality.premises import stated
from pipeline.documents.workbooks.sheets import Block, Column, Range, Sheet, Table, heading
from pipeline.documents.workbooks.steering.words import WORDS, cell_name
from pipeline.documents.workbooks.styles import Style
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts


def steering_premises(basis: ReferenceData, texts: Texts) -> Sheet:
    """The sheet with the premises of the tariff, as a municipality's workbook has it, and what comes besides."""
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
        _words(),
    ]
    return Sheet("Uitgangspunten", [*stated(basis.tariff, texts), *more], purpose="elk bedrag met bron en datum")


def _words() -> Table:
    """The words, by column; a drop-down takes the range of its column."""
    headers = [header for header, _, _ in WORDS]
    ranges = {
        cell_name("lijst", header): Range("Woord", headers.index(header), headers.index(header) + headers.count(header))
        for header in dict.fromkeys(headers)
        if headers.count(header) > 1
    }
    rows = [(Fixed(word, name=name), Fixed(header)) for header, word, name in WORDS]
    return Table("Woorden", [Column("Woord"), Column("Staat onder")], rows, ranges=ranges)
