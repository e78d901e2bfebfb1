"""Markdown: a summary per municipality, one for the steering group, and what all of them rest on, from `templates/`.

Python prepares what a template shows as plain words and rows; a template only places them. Every text that comes
from outside arrives literally, whatever Markdown or HTML it looks like: that is the default for all that a
template prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pipeline.documents import Format, Render
from pipeline.documents.summaries.markdown import finished, print_value
from pipeline.documents.summaries.municipality import show_municipality
from pipeline.documents.summaries.premises import show_premises
from pipeline.documents.summaries.steering import show_contents, show_municipalities, show_steering
from pipeline.documents.templates import Templates
from pipeline.intake import Intake
from pipeline.model.indication import Indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview

MUNICIPALITY = "gemeente.md.j2"
STEERING_GROUP = "stuurgroep.md.j2"
MUNICIPALITIES = "gemeenten.md.j2"
CONTENTS = "inhoud.md.j2"
PREMISES = "uitgangspunten.md.j2"
TEMPLATES = (MUNICIPALITY, STEERING_GROUP, MUNICIPALITIES, CONTENTS, PREMISES)
PAGE, BOOK_CONTENTS, PREMISES_PAGE = "stuurgroep.md", "SUMMARY.md", "uitgangspunten.md"
LIST_PAGE = "gemeenten/README.md"


@dataclass(frozen=True, slots=True)
class Summaries(Format):
    """The templates and texts from which summaries are made.

    `others` are the suffixes of the municipality's other documents.
    """

    suffix: ClassVar[str] = ".md"
    libraries: ClassVar[Sequence[str]] = ("jinja2", "markupsafe")
    modules: ClassVar[Sequence[str]] = ("jinja2",)

    templates: Templates
    texts: Texts
    others: Sequence[str]

    @classmethod
    def read(cls, templates: Folder, texts: Texts, others: Sequence[str] = ()) -> Summaries:
        """Read the Markdown templates (`*.md.j2`) from a folder.

        Raises:
            TextsError: if a template cannot be read, is missing or is broken.
        """
        return cls(Templates.read(templates, "*.md.j2", TEMPLATES, print_value), texts, others)

    def render(self, indication: Indication, data: ReferenceData) -> bytes:
        """The summary of one municipality."""
        return b"".join(self._pieces(MUNICIPALITY, show_municipality(indication, data, self.texts)))

    def together(self, _intake: Intake) -> Mapping[str, Render]:
        """The page of the steering group, the list of municipalities, what all rests on, and what makes a GitBook."""
        return {
            PAGE: self._page,
            LIST_PAGE: self._list,
            PREMISES_PAGE: self._premises,
            BOOK_CONTENTS: self._contents,
            ".gitbook.yaml": _where,
        }

    def _page(self, overview: Overview, data: ReferenceData) -> Iterator[bytes]:
        return self._pieces(STEERING_GROUP, show_steering(overview, data, self.texts))

    def _list(self, overview: Overview, data: ReferenceData) -> Iterator[bytes]:
        return self._pieces(MUNICIPALITIES, show_municipalities(overview, data, self.texts, self.others))

    def _premises(self, _: Overview, data: ReferenceData) -> Iterator[bytes]:
        return self._pieces(PREMISES, show_premises(data, self.texts))

    def _contents(self, overview: Overview, _: ReferenceData) -> Iterator[bytes]:
        return self._pieces(CONTENTS, show_contents(overview, self.texts))

    def _pieces(self, name: str, view: Mapping[str, Any]) -> Iterator[bytes]:
        """Fill in one template; what it prints is escaped unless it is `Markdown`."""
        return (finished(piece).encode() for piece in self.templates.pieces(name, view))


def _where(*_: object) -> Iterator[bytes]:
    """Where a GitBook finds its pages."""
    yield f"structure:\n  readme: {PAGE}\n  summary: {BOOK_CONTENTS}\n".encode()
