"""Whether a row has the shape that its header asks for: so many fields, each of one row, none of them endless."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pipeline import dutch
from pipeline.intake.fields.characters import bare, quoted
from pipeline.intake.findings import Severity
from pipeline.intake.municipalities.matching import Owners
from pipeline.intake.readers.dialect import FIELD_LIMIT, Row
from pipeline.intake.rows.headers import Header
from pipeline.intake.rows.row_likeness import holds_row, is_row, named_in
from pipeline.model.municipality import Municipality

SWALLOWED = "veld_met_rijen"
"""The code of a field that holds whole rows."""
MENTIONED = "gemeente_zonder_regel"
"""The code of a municipality that is named on a line of its own within a field, or above the header."""


class Misfit(Struct, frozen=True):
    """What is wrong with the shape of a row; `unreadable` if its fields are not what was meant, and say nothing.

    `of` is the municipality that it is about, if that is another one than that of the row.
    """

    severity: Severity
    code: str
    column: str | None
    value: str
    message: str
    unreadable: bool = False
    of: Municipality | None = None


def misfits(row: Row, header: Header, owners: Owners) -> Iterator[Misfit]:
    """All that is wrong with the shape of a row."""
    fields = row.fields
    together = "".join(fields)
    delimited = header.delimiter in together
    if "\n" in together or "\r" in together or (delimited and len(fields) > 1):
        yield from _swallowed(row, header, owners)
    elif delimited and header.width > 1:
        message = 'Deze regel staat in zijn geheel tussen aanhalingstekens ("); haal het eerste en het laatste weg.'
        if row.places:
            message = "Deze rij staat in zijn geheel in één cel; splits haar over de kolommen."
        yield Misfit(Severity.ERROR, "regel_tussen_aanhaling", None, together, message, unreadable=True)
    if len(together) > FIELD_LIMIT:
        for place, text in enumerate(fields):
            if len(text) > FIELD_LIMIT:
                message = f"Dit veld is langer dan {dutch.number(FIELD_LIMIT)} tekens; maak het korter."
                yield Misfit(Severity.ERROR, "veld_te_lang", header.columns.get(place), text, message, unreadable=True)
    if (len(fields) > header.width or header.returned) and (surplus := header.surplus(row)):
        message = 'Er staan meer velden dan kolommen; zet een tekst waarin een scheidingsteken staat tussen "".'
        if row.places:
            message = "Rechts van de laatste kolom staat nog iets; geef die kolom een naam, of maak de cel leeg."
        if header.returned:
            message = "Dit stond er te veel op de regel; zet het in het veld waar het hoort en maak te_veel leeg."
        yield Misfit(Severity.ERROR, "te_veel_velden", "te_veel" if header.returned else None, surplus, message)
    if row.loose is not None and row.loose < len(fields):
        text = fields[row.loose]
        message = f"Achter het aanhalingsteken dat dit veld sluit staat nog tekst; gelezen als {quoted(bare(text))}."
        yield Misfit(Severity.WARNING, "tekst_na_aanhaling", header.columns.get(row.loose), text, message)


def mentioned(municipality: Municipality, column: str | None = None) -> Misfit:
    """What is said of a municipality that is named where no row is, if it has none elsewhere in the file."""
    message = (
        "Deze gemeente wordt hier alleen genoemd; geef haar een eigen regel onder de kopregel als zij moet meetellen."
    )
    return Misfit(Severity.WARNING, MENTIONED, column, municipality.name, message, of=municipality)


def _swallowed(row: Row, header: Header, owners: Owners) -> Iterator[Misfit]:
    """Fields that hold whole rows, because a quote before them was not closed, and municipalities named in others.

    Such a row stands on lines of its own, or behind the text if the end of its line got lost too.
    """
    begins = row.line
    for place, text in enumerate(row.fields):
        first, *others = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        ends = begins + len(others)
        if others:
            holds = is_row(first, header, owners, place) or any(is_row(line, header, owners) for line in others)
        else:
            holds = header.delimiter in text and holds_row(text, header, owners)
        if holds:
            message = 'In dit veld staat nog een rij; sluit het aanhalingsteken (") waar de tekst ophoudt.'
            if others:
                message = (
                    f"Dit veld loopt van regel {begins} tot en met {ends}, en er staat nog een rij in; "
                    'sluit het aanhalingsteken (") op de regel waar de tekst ophoudt.'
                )
            if row.places:
                message = "In deze cel staat nog een rij; geef elke gemeente een eigen rij."
            yield Misfit(Severity.ERROR, SWALLOWED, header.columns.get(place), text, message, unreadable=True)
        else:
            for line in others:
                for municipality in named_in(line, header.delimiter, owners):
                    yield mentioned(municipality, header.columns.get(place))
        begins = ends
