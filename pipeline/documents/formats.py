"""The list of formats of document. A run goes over it, and knows none of them by name.

A format is a package (or module) of its own beside this one, and a line in `FORMATS`. The result as JSON is none: it is
what the others show, and what a later run compares with.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.documents import Format
from pipeline.documents.rejects import Rejects
from pipeline.documents.summaries import Summaries
from pipeline.documents.summaries.charts import Charts
from pipeline.documents.workbooks import Workbooks
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts

FORMATS: Sequence[type[Format]] = (
    Workbooks,
    Summaries,
    Charts,
    Rejects,
)


def read_formats(templates: Folder, texts: Texts) -> tuple[Format, ...]:
    """All formats, with the templates of a folder.

    Raises:
        TextsError: if a template is missing or broken.
    """
    suffixes = [one.suffix for one in FORMATS if one.suffix]
    return tuple(one.read(templates, texts, tuple(s for s in suffixes if s != one.suffix)) for one in FORMATS)


def names_of(stem: str, formats: Sequence[Format]) -> dict[str, Format]:
    """The names of a municipality's documents in the folder with results, each with its format."""
    return {f"gemeenten/{stem}{one.suffix}": one for one in formats if one.suffix}
