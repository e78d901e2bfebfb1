"""Whether a row has the shape that its header asks for: so many fields, each of one row, none of them endless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from pipeline.choices import Contribution, Guidance, Hosting
from pipeline.intake.characters import bare, quoted
from pipeline.intake.dialect import DELIMITERS, FIELD_LIMIT, Row
from pipeline.intake.findings import Severity, dutch_count
from pipeline.intake.headers import Header
from pipeline.intake.owners import Owners
from pipeline.intake.values import means_option

_OPTIONS = (Guidance, Hosting, Contribution)
SWALLOWED = "veld_met_rijen"
"""The code of a field that holds whole rows."""
_LONGEST = 2_000
"""How long a line may be that is looked at as a row within a field."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with the shape of a row; `unreadable` if its fields are not what was meant, and say nothing."""

    severity: Severity
    code: str
    column: str | None
    value: str
    message: str
    unreadable: bool = False


def misfits(row: Row, header: Header, owners: Owners) -> Iterator[Misfit]:
    """All that is wrong with the shape of a row."""
    fields = row.fields
    together = "".join(fields)
    if "\n" in together or "\r" in together:
        yield from _swallowed(row, header, owners)
    if len(together) > FIELD_LIMIT:
        for place, text in enumerate(fields):
            if len(text) > FIELD_LIMIT:
                message = f"Dit veld is langer dan {dutch_count(FIELD_LIMIT)} tekens; maak het korter."
                yield Misfit(Severity.ERROR, "veld_te_lang", header.name(place), text, message, unreadable=True)
    if (len(fields) > header.width or header.returned) and (surplus := header.surplus(row)):
        message = 'Er staan meer velden dan kolommen; zet een tekst waarin een scheidingsteken staat tussen "".'
        if header.returned:
            message = "Dit stond er te veel op de regel; zet het in het veld waar het hoort en maak te_veel leeg."
        yield Misfit(Severity.ERROR, "te_veel_velden", "te_veel" if header.returned else None, surplus, message)
    if row.loose is not None and row.loose < len(fields):
        text = fields[row.loose]
        message = f"Achter het aanhalingsteken dat dit veld sluit staat nog tekst; gelezen als {quoted(bare(text))}."
        yield Misfit(Severity.WARNING, "tekst_na_aanhaling", header.name(row.loose), text, message)


def _swallowed(row: Row, header: Header, owners: Owners) -> Iterator[Misfit]:
    """A field that holds whole rows, because a quote before them was not closed."""
    width = None if header.returned else header.width  # of a row that came back, the header was another one
    begins = row.line
    for place, text in enumerate(row.fields):
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        ends = begins + len(lines) - 1
        if len(lines) > 1 and any(_is_row(line, width, owners) for line in lines):
            message = (
                f"Dit veld loopt van regel {begins} tot en met {ends}, en er staat nog een rij in; "
                'sluit het aanhalingsteken (") op de regel waar de tekst ophoudt.'
            )
            yield Misfit(Severity.ERROR, SWALLOWED, header.name(place), text, message, unreadable=True)
        begins = ends


def _is_row(line: str, width: int | None, owners: Owners) -> bool:
    """Whether a line is a row of such a table: all three choices are in it, or two of them in as many fields.

    Whose row it is counts as a choice; a width of None is any number of fields. That number alone says little, where
    a comma delimits them.
    """
    for delimiter in DELIMITERS:
        number = line.count(delimiter) + 1
        if number <= len(_OPTIONS) or len(line) > _LONGEST:
            continue
        fields = [bare(field) for field in line.split(delimiter)]
        chosen = [{place for place, text in enumerate(fields) if text and means_option(o, text)} for o in _OPTIONS]
        if _apart(chosen, len(_OPTIONS)):
            return True
        if number == width or width is None:
            named = {place for place, text in enumerate(fields) if text and owners.are_named(text)}
            if _apart([*chosen, named], 2):
                return True
    return False


def _apart(found: Sequence[set[int]], number: int) -> bool:
    """Whether so many of these have a place, each another one."""
    some = [places for places in found if places]
    return any(len(set(each)) == number for few in combinations(some, number) for each in product(*few))
