"""The documents that people get, by format; what a format of document is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import ClassVar, Self

from pipeline.intake import Intake
from pipeline.model.indication import Indication
from pipeline.reference.data import ReferenceData
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts
from pipeline.results.overview import Overview

Render = Callable[[Overview, ReferenceData], Iterable[bytes]]
"""Renders a document about all municipalities together, in pieces; raises `TextsError` if a template is broken."""


class Format:
    """A format of document: which files it makes of a municipality and of all together, and how it renders them.

    It is a frozen dataclass of plain data, so that it can go to another process, and its `repr` holds all that its
    documents are made from besides indications and reference data. What is heavy is imported where it renders: a run
    that finds nothing to do needs none of it.
    """

    __slots__ = ()

    suffix: ClassVar[str] = ""
    """How the name of a municipality's document ends, with each format in another way; empty if there is none."""
    libraries: ClassVar[Sequence[str]] = ()
    """The libraries, as they are installed, whose version may show in the bytes."""
    modules: ClassVar[Sequence[str]] = ()
    """What a worker loads before its first document of a municipality."""
    aside: ClassVar[bool] = False
    """Whether a worker renders what it makes of all municipalities together, because that takes long, while the run
    makes the rest: each is a function or a method then, or a `partial` of these, and goes there as plain data."""
    modules_together: ClassVar[Sequence[str]] = ()
    """What a worker loads that only does that."""

    @classmethod
    def read(cls, _templates: Folder, _texts: Texts, _others: Sequence[str], /) -> Self:
        """Read and check what it needs; `others` are the suffixes of the other formats, to lead to their documents.

        Raises:
            TextsError: if a template is missing or broken.
        """
        return cls()

    def prepare(
        self, _data: ReferenceData, _samples: Iterable[Indication], _ready: MutableMapping[str, bytes], /
    ) -> Self:
        """Get ready for municipalities; of `samples`, some of their indications, as few are taken as do.

        `ready` is what an earlier run had ready for documents made from the same, by the suffix of the format.
        """
        return self

    def render(self, indication: Indication, data: ReferenceData, /) -> bytes:
        """The document of one municipality, if there is a suffix for it.

        Raises:
            TextsError: if a template is broken.
        """
        raise NotImplementedError

    def together(self, _intake: Intake, /) -> Mapping[str, Render]:
        """The files that it makes of all municipalities together: by name, how each is rendered."""
        return {}
