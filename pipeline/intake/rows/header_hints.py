"""What to say where the names of columns are missing: which line comes near, and what to write there instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline import dutch
from pipeline.intake.fields.characters import quoted
from pipeline.intake.fields.columns import EITHER_OWNER, OWNER, REQUIRED, Columns, is_english, missing
from pipeline.intake.fields.parsing import sentence
from pipeline.intake.findings import Refused
from pipeline.intake.readers.dialect import DELIMITERS, HEADER_WITHIN, Row
from pipeline.model.form import is_header

_MOST_LOOKED_AT = 50
"""How many fields of a line are looked at for names that come near."""


def no_header(top: Sequence[Row], lower: Row | None, columns: Columns) -> Refused:
    """What to say of a file of which none of the `top` rows is a header; `lower` is a row that would have been one."""
    if row := next((row for row in top if is_header(row.fields)), None):
        from pipeline.intake.readers.returned import part_of_a_form

        return part_of_a_form(row)
    if lower:
        message = (
            f"De namen van de kolommen staan pas op {lower.in_words}; zet ze bovenaan, of in elk geval binnen de "
            f"eerste {HEADER_WITHIN} gevulde regels."
        )
        return Refused("kopregel_te_laag", message, lower.line, lower.place())
    if row := next((row for row in top if _is_quoted_whole(row, columns)), None):
        message = (
            'De regels staan in hun geheel tussen aanhalingstekens ("), waardoor het één kolom is; haal het eerste en '
            "het laatste aanhalingsteken van elke regel weg."
        )
        if row.places:
            message = (
                "Elke rij staat in zijn geheel in één cel; splits de cellen (in Excel: Gegevens, Tekst naar kolommen)."
            )
        return Refused("regel_tussen_aanhaling", message, row.line, row.place())
    if sum(columns.know(row.fields[0]) for row in top) > len(REQUIRED):
        message = (
            "De namen van de kolommen staan onder elkaar in plaats van naast elkaar; draai de tabel om (in Excel: "
            "kopiëren, en dan Plakken speciaal, Transponeren), zodat elke gemeente een eigen regel heeft."
        )
        return Refused("tabel_gekanteld", message, top[0].line, top[0].place())
    return _nearest(top, columns)


def _nearest(top: Sequence[Row], columns: Columns) -> Refused:
    """What to say of the row that comes nearest to a header: what to rename in it, and what to add."""
    row = max(top, key=lambda row: len(_meant_in(row, columns)))
    meant = _meant_in(row, columns)
    other = {name: text for name, text in meant.items() if not columns.know(text)}
    rename = f"geef {dutch.both([f'{quoted(text)} de naam {name}' for name, text in other.items()])}" if other else ""
    if sum(map(is_english, other.values())) > 1:
        message = f"De namen van de kolommen zijn Engels; {rename}, en schrijf ook de keuzes in het Nederlands."
        return Refused("kopregel_engels", message, row.line, row.place())
    message = f"Er is geen regel met de namen van de kolommen; nodig zijn {EITHER_OWNER}, {', '.join(REQUIRED)}."
    if meant:
        absent = missing(meant)
        todo = [*filter(None, [rename, f"voeg {dutch.both(absent)} toe" if absent else ""])]
        message += f" {sentence(row.in_words)} komt er het dichtst bij: {dutch.both(todo)}."
    return Refused("geen_kopregel", message, row.line, row.place())


def suggested(absent: Iterable[str], unknown: Sequence[str], columns: Columns) -> list[str]:
    """For each column that is absent what to do about it: rename an unknown one that may be it, or add it."""
    meant: dict[str, str] = {}
    for text in unknown[:_MOST_LOOKED_AT]:
        if name := columns.near(text):
            meant.setdefault(EITHER_OWNER if name in OWNER else name, f"geef {quoted(text)} de naam {name}.")
    return [meant.get(name, "voeg haar toe.") for name in absent]


def perhaps(header: str, columns: Columns) -> str:
    """Which column may have been meant by an unknown one, as a question; empty if none is near."""
    name = columns.near(header)
    return f" Bedoelde u {name}?" if name else ""


def _is_quoted_whole(row: Row, columns: Columns) -> bool:
    """Whether a row is one field that holds the names of columns."""
    text = row.fields[0]
    return len(row.fields) == 1 and any(
        len(columns.named_in(text.split(mark, _MOST_LOOKED_AT))) > 1 for mark in DELIMITERS
    )


def _meant_in(row: Row, columns: Columns) -> dict[str, str]:
    """The required columns that a row may mean, each with what stands there."""
    meant: dict[str, str] = {}
    for text in row.fields[:_MOST_LOOKED_AT]:
        name = columns.meant_by(text) or columns.near(text)
        if name in OWNER or name in REQUIRED:
            meant.setdefault(name, text.strip())
    return meant
