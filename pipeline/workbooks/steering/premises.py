"""Uitgangspunten: every figure of the tariff, what else the sums rest on, and the words that formulas look for."""

from __future__ import annotations

from dataclasses import replace

from pipeline.results import Basis
from pipeline.workbooks.municipality.premises import premises
from pipeline.workbooks.sheets import Cell, Fixed, Line, Range, Sheet, Table
from pipeline.workbooks.steering.words import WORDS, cell_name
from pipeline.workbooks.styles import Style


def steering_premises(basis: Basis) -> Sheet:
    """The sheet with the premises of the tariff, as a municipality's workbook has it, and what comes besides."""
    sheet = premises(basis.tariff)
    return replace(
        sheet,
        blocks=[
            *sheet.blocks,
            Line(Fixed("Verantwoording", Style.HEADING), 24),
            _accountability(basis),
            Line(Fixed("Woorden waar de formules naar kijken", Style.HEADING), 24),
            _words(),
        ],
    )


def _accountability(basis: Basis) -> Table:
    rows: list[list[Cell]] = [
        [Fixed("Inwoners, peildatum"), Fixed(basis.register_date, Style.DATE)],
        [Fixed("Inwoners, bron"), Fixed(basis.register_source)],
        [Fixed("Tarief geldt sinds"), Fixed(basis.tariff.valid_from, Style.DATE)],
        [Fixed("Versie van kostenindicatie"), Fixed(basis.version)],
    ]
    return Table("Verantwoording", ["Onderwerp", "Gegeven"], rows)


def _words() -> Table:
    """The words, by column; a drop-down takes the range of its column."""
    headers = [header for header, _, _ in WORDS]
    ranges = {
        cell_name("lijst", header): Range("Woord", headers.index(header), headers.index(header) + headers.count(header))
        for header in dict.fromkeys(headers)
        if headers.count(header) > 1
    }
    rows: list[list[Cell]] = [[Fixed(word, name=name), Fixed(header)] for header, word, name in WORDS]
    return Table("Woorden", ["Woord", "Staat onder"], rows, ranges=ranges)
