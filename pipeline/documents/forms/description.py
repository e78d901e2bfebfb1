"""The form: a table with a row for each municipality and a column for each choice, and what these mean.

All of it follows from the columns of a delivery: what may be typed, from which list one chooses, and the explanation.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from itertools import chain, combinations

from pipeline.documents.workbooks.cells import Fixed, Input, Rule, Value, between, chosen_from
from pipeline.documents.workbooks.sheets import Block, Book, Column, Link, Range, Sheet, Table, heading, note
from pipeline.documents.workbooks.styles import Style
from pipeline.documents.workbooks.words import NO, YES
from pipeline.intake.fields.columns import OWNER, Columns
from pipeline.intake.fields.numbers import within
from pipeline.model import columns as declared
from pipeline.model.choices import COLUMNS, REQUIRED_OPTIONS, Provenance
from pipeline.model.columns import Addresses, AnyOf, CalendarYear, Number, OneOf, Text, Unit, YesNo
from pipeline.model.municipality import Municipality
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

SPARE = 20
"""How many rows there are for municipalities that are not filled in."""
FORM, EXPLANATION = "Opgave", "Uitleg"
REQUIRED = " (verplicht)"
"""What stands behind the name of a column that must be filled in; a reader takes no notice of it."""

_TITLE, _MESSAGE = 32, 240
"""How many characters a message at a cell may have; programs take no more, and "Dat kan niet." comes before it."""
_LOOKS = {Unit.EUROS: Style.EURO, Unit.HOURS: Style.HOURS, Unit.INHABITANTS: Style.INTEGER}
_WIDTHS = {OneOf: 16, AnyOf: 26, YesNo: 12, Number: 14, CalendarYear: 12, Text: 32, Addresses: 32, type(None): 24}
_REQUIRED = {"ja": "formulier.verplicht", declared.ONE_OF_TWO: "formulier.een_van_beide"}


def describe(tariff: Tariff, municipalities: Sequence[Municipality], texts: Texts) -> Book:
    """The form for the columns of a tariff, with these municipalities filled in."""
    columns = Columns.of(tariff.items).every
    return Book(
        [_form(columns, municipalities, texts), _explanation(columns, texts)],
        title=texts.say("formulier.titel"),
        subject="De keuzes van een of meer gemeenten, om in te vullen",
        author=texts.organisation,
        keywords="Signalen, kostenindicatie, gemeente, opgave",
        created=tariff.valid_from,
    )


def _form(columns: Sequence[declared.Column], municipalities: Sequence[Municipality], texts: Texts) -> Sheet:
    """The sheet that is filled in; what is known of a municipality stands there already."""
    # Before it is filled in, a row says that the municipality itself makes these choices.
    own = {column.name: Provenance.DELIVERED.dutch for column, field in COLUMNS.items() if field == "provenance"}
    rows: list[Mapping[str, Value]] = [
        {**dict(zip(OWNER, (of.name, of.code), strict=True)), **own} for of in municipalities
    ]
    where = texts.say("formulier.waarheen")
    return Sheet(
        FORM,
        [
            note(texts.say("formulier.uitleg")),
            note(texts.say("formulier.regels", aantal=SPARE)),
            note(texts.say("formulier.openbaar")),
            Link(f"{EXPLANATION}: {where}", EXPLANATION),
            Table(FORM, [_column(each, texts) for each in columns], [*rows, *[{}] * SPARE], in_sight=True),
        ],
        title=Fixed(texts.say("formulier.titel"), Style.TITLE),
        pages=(3, 0),
    )


def _column(column: declared.Column, texts: Texts) -> Column:
    """A column of the form."""
    header = f"{column.name}{REQUIRED if column.required == 'ja' else ''}"
    longest = max(map(len, header.split()))
    look = _look(column.kind)

    def cell(row: Mapping[str, Value]) -> Input:
        return Input("", None, row.get(column.name, ""), look)

    return Column(header, max(_WIDTHS[type(column.kind)], longest + 3), cell, rule=_rule(column, texts))


def _look(kind: declared.Kind | None) -> Style:
    match kind:
        case Number(unit=unit):
            return _LOOKS.get(unit, Style.DECIMAL)
        case CalendarYear():
            return Style.YEAR
        case OneOf() | YesNo():
            return Style.TEXT
    return Style.AS_TYPED


def _rule(column: declared.Column, texts: Texts) -> Rule:
    """What may be typed into a column, and what is told there."""
    title = textwrap.shorten(column.name, _TITLE, placeholder="…")
    required = texts.say(_REQUIRED.get(column.required, "formulier.vrij"))
    message = textwrap.shorten(f"{_told(column, texts)} {required}", _MESSAGE, placeholder=" …")
    match column.kind:
        case OneOf():
            criteria = chosen_from(_list_name(column), title).criteria
        case YesNo():
            criteria = {"validate": "list", "source": [YES, NO]}
        case Number(bounds=bounds, decimals=decimals):
            criteria = between(bounds, whole=not decimals)
        case CalendarYear(bounds=bounds):
            criteria = between(bounds, whole=True)
        case Text(longest=longest):
            criteria = {"validate": "length", "criteria": "<=", "value": longest}
        case _:
            criteria = {"validate": "any"}
    return Rule(criteria, title, message, f"Dat kan niet. {message}")


def _told(column: declared.Column, texts: Texts) -> str:
    """What a column holds, and which values are right, from where to where."""
    listed = isinstance(column.kind, (OneOf, YesNo))
    told = [_sentence(column.holds), f"Kies uit: {column.values}." if listed else _sentence(column.values)]
    match column.kind:
        case Number() as kind:
            told.append(_sentence(within(kind)))
        case CalendarYear(bounds=bounds):
            told.append(f"Vul een jaar van {bounds.low} tot en met {bounds.high} in.")
        case Text(longest=longest):
            told.append(texts.say("formulier.hoogstens", aantal=longest))
    if not column.public:
        told.append(texts.say("formulier.niet_openbaar"))
    return " ".join(told)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


# --- What all of it means ---------------------------------------------------------------------------------------------


def _explanation(columns: Sequence[declared.Column], texts: Texts) -> Sheet:
    """The sheet that explains each column and each choice, and holds the lists to choose from."""
    lists = [(column, word) for column in columns for word in _words(column)]
    explained = {
        (name, option.dutch): texts.options[option] for name, options in REQUIRED_OPTIONS.items() for option in options
    }
    with_more = [(c, word) for c, word in lists if (c.name, word) in explained]
    others = [(c, word) for c, word in lists if (c.name, word) not in explained]
    told = [
        Column("Naam van de kolom", 26, lambda column: Fixed(column.name)),
        Column("Verplicht", 28, lambda column: Fixed(column.required)),
        Column("Wat u invult", 80, lambda column: Fixed(_told(column, texts))),
    ]
    listed = [
        Column("Naam van de kolom", 26, lambda row: Fixed(row[0].name)),
        Column("Keuze", 28, lambda row: Fixed(row[1])),
    ]
    meaning = Column("Wat het inhoudt", 80, lambda row: Fixed(explained[row[0].name, row[1]]))
    blocks: list[Block] = [
        Link(f"Terug naar {FORM}", FORM),
        note(texts.say("formulier.kolommen")),
        note(texts.say("formulier.beveiligd")),
        Table("Kolommen", told, columns),
        heading(texts.say("formulier.keuzes")),
        Table("Keuzes", [*listed, meaning], with_more, ranges=_ranges(with_more)),
        heading(texts.say("formulier.lijsten")),
        Table("Keuzelijsten", listed, others, ranges=_ranges(others)),
    ]
    return Sheet(EXPLANATION, blocks, landscape=False)


def _words(column: declared.Column) -> list[str]:
    """What can be chosen in a column; of any number of options each selection, as a delivery writes it."""
    match column.kind:
        case AnyOf(options=options):
            words = [option.dutch for option in options]
            some = chain.from_iterable(combinations(words, n) for n in range(1, len(words) + 1))
            return list(map(", ".join, some))
        case OneOf(options=options):
            return [option.dutch for option in options]
    return []


def _list_name(column: declared.Column) -> str:
    return f"lijst_{column.name}"


def _ranges(rows: Sequence[tuple[declared.Column, str]]) -> Mapping[str, Range]:
    """The names over the words of each list; those of one column stand together."""
    columns = [column for column, _ in rows]
    return {
        _list_name(column): Range("Keuze", columns.index(column), columns.index(column) + columns.count(column))
        for column in dict.fromkeys(columns)
    }
