"""The columns of a delivery: the one table from which header checks, the template and the documentation derive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pipeline.items import Item
from pipeline.register import fold


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds and which values are right (Dutch), and other headers people write."""

    name: str
    holds: str
    values: str
    required: str = "nee"
    synonyms: tuple[str, ...] = ()


ONE_OF_TWO = "een van beide"

COLUMNS = (
    Column(
        "gemeente",
        "naam van de gemeente",
        "officiële of gangbare naam, bijvoorbeeld Zeist",
        ONE_OF_TWO,
        ("gemeentenaam", "naam", "naam gemeente"),
    ),
    Column(
        "gemeentecode",
        "code van het CBS",
        "GM en vier cijfers, bijvoorbeeld GM0363",
        ONE_OF_TWO,
        ("gm-code", "cbs-code", "gemeente code cbs", "cbs-gemeentecode", "code gemeente", "gemeentenummer", "code"),
    ),
    Column(
        "begeleiding",
        "wie de technische inrichting doet",
        "zelf, extern",
        "ja",
        ("projectbegeleiding", "technische inrichting"),
    ),
    Column(
        "begeleidingsuren",
        "uren van een marktpartij",
        "getal, bijvoorbeeld 150; leeg: volgens het tarief",
        "nee",
        ("uren", "uren begeleiding", "aantal uren", "begeleiding uren"),
    ),
    Column(
        "hosting",
        "waar Signalen draait en wie het beheert",
        "in huis, hybride, saas",
        "ja",
        ("hosting en beheer", "hostingvorm", "vorm van hosting"),
    ),
    Column(
        "hosting_laag",
        "eigen raming of offerte voor de gekozen hosting, laag",
        "euro per jaar, bijvoorbeeld 12500; samen met hosting_hoog",
        "nee",
        ("hosting van", "hosting minimum", "raming laag", "offerte laag", "laag"),
    ),
    Column(
        "hosting_hoog",
        "eigen raming of offerte voor de gekozen hosting, hoog",
        "euro per jaar, bijvoorbeeld 20000; samen met hosting_laag",
        "nee",
        ("hosting tot", "hosting maximum", "raming hoog", "offerte hoog", "hoog"),
    ),
    Column(
        "bijdrage",
        "vorm van de community bijdrage",
        "financieel, alternatief, geen",
        "ja",
        ("community bijdrage", "vorm van bijdrage"),
    ),
    Column(
        "bijdrage_toelichting",
        "toelichting op de bijdrage",
        "tekst",
        "nee",
        ("toelichting", "toelichting bijdrage", "toelichting op de bijdrage"),
    ),
    Column(
        "afgestemd",
        "of een alternatieve bijdrage is afgestemd met de Stuurgroep",
        "ja, nee",
        "nee",
        ("afgestemd met stuurgroep", "afgestemd met de stuurgroep"),
    ),
    Column(
        "in_natura",
        "inzet naast de bijdrage",
        "stuurgroep, productsturing, of beide (met een komma ertussen)",
        "nee",
        ("natura", "inzet in natura"),
    ),
    Column(
        "backlog",
        "functionaliteit van de backlog die de gemeente realiseert",
        "tekst",
        "nee",
        ("functionaliteit", "backlog-item"),
    ),
    Column("fase", "hoe ver de gemeente is", "verkenning, demo, implementatie, live", "nee", ("projectfase",)),
    Column(
        "startjaar",
        "eerste jaar van de meerjarenraming",
        "jaartal, bijvoorbeeld 2027; leeg: het jaar van de peildatum",
        "nee",
        ("jaar", "eerste jaar", "jaar van start"),
    ),
    Column(
        "grootteklasse",
        "eigen opgave, in plaats van wat uit de inwoners volgt",
        "G4, Groot, Middelgroot, Klein",
        "nee",
        ("klasse", "groottecategorie"),
    ),
    Column(
        "inwoners",
        "eigen opgave, in plaats van het register",
        "geheel getal, bijvoorbeeld 64000",
        "nee",
        ("inwonertal", "inwoneraantal", "aantal inwoners"),
    ),
    Column(
        "contact",
        "bij wie navraag kan worden gedaan",
        "tekst",
        "nee",
        ("contactpersoon", "contactgegevens", "e-mail", "e-mailadres", "mailadres"),
    ),
)

PUBLIC = frozenset(column.name for column in COLUMNS) - {"contact"}
"""The columns of which the values may be published; a contact may be a person."""

ADDED = ("te_veel", "bestand", "regel", "kenmerk", "bevinding")
"""Columns that a file with rejected rows has besides.

What stood behind the last column of the row, where the row stood, the checksum of what stood in it, and what is wrong
with it. By the file and the line one knows that such a file came back, and which row each of its rows stands for.
"""

HEADERS = {fold(header): column.name for column in COLUMNS for header in (column.name, *column.synonyms)}
"""Every folded header with the column that it means."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a delivery may have: those above, and one for each item of a tariff that is there by choice.

    `headers` has every folded header with the column that it means; `answers` are the names of the columns of items.
    """

    every: tuple[Column, ...]
    headers: Mapping[str, str]
    answers: tuple[str, ...]

    @classmethod
    def of(cls, items: Iterable[Item]) -> Columns:
        """The columns with those of these items, which go by the name of an item too."""
        theirs = [
            Column(item.word, f"of deze post erbij komt: {item.texts.name}", "ja, nee", "nee", (item.texts.name,))
            for item in items
            if item.has_column and item.texts
        ]
        names = {fold(column.name): column.name for column in theirs}
        synonyms = {fold(header): column.name for column in theirs for header in column.synonyms}
        return cls((*COLUMNS, *theirs), {**synonyms, **names, **HEADERS}, tuple(names.values()))


def is_taken(word: str) -> bool:
    """Whether a word means a column already, so that no item may go by it."""
    return fold(word) in HEADERS or fold(word) in map(fold, ADDED)


ORDINARY = Columns.of(())
"""Those without any of an item."""
_IN_USE: ContextVar[Columns] = ContextVar("columns")


@contextmanager
def using(columns: Columns) -> Iterator[None]:
    """Read deliveries with these columns; all that asks for a column asks within."""
    token = _IN_USE.set(columns)
    try:
        yield
    finally:
        _IN_USE.reset(token)


def in_use() -> Columns:
    """The columns with which a delivery is being read."""
    return _IN_USE.get(ORDINARY)
