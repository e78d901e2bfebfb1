"""What is doubted where a workbook came back and something else of the same municipality is there too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.intake.delivery import File
from pipeline.intake.findings import Finding
from pipeline.model import form
from pipeline.model.choices import Choices


def doubted(choices: Choices, earlier: Choices, returned: Mapping[str, File]) -> Iterator[Finding]:
    """What there is to say of choices that take the place of earlier ones; `returned` are workbooks, by name.

    A workbook takes the place of the row that it was made from, but somebody may have changed that row since. It does
    not take that of a row that it was not made from: if such a row, with a later name, takes its place, then that may
    be newer, or the same row in a file that got another name.
    """
    row, workbook = choices.origin, returned.get(choices.origin.file)
    before, of = earlier.origin, choices.municipality
    sources = workbook.made_from.split("\n") if workbook else []
    if before.file in returned and before.file not in sources:
        message = (
            f"Dit teruggekomen werkboek telt niet: {row.in_words} komt er in volgorde van naam achter. Moet het "
            "werkboek tellen, geef het dan een latere naam; en haal anders het werkboek weg."
        )
        yield Finding.warning(before, "werkboek_vervangen", message, of.code, value=of.name)
    if workbook and workbook.mark and before.file == sources[0] != row.file and form.mark(earlier) != workbook.mark:
        message = (
            f"Deze regel is gewijzigd nadat het werkboek is gemaakt dat terugkwam ({row.in_words}), en telt niet: het "
            "werkboek telt. Moet deze regel tellen, haal dan het werkboek weg; en haal anders deze regel weg."
        )
        yield Finding.warning(before, "gewijzigd_na_werkboek", message, of.code, value=of.name)
