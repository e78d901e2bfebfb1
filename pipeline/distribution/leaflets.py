"""What stands in `LEESMIJ.txt` in a pack: of whom it is, what each document is, and how to check and to return it."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PureWindowsPath

from pipeline import dutch
from pipeline.distribution.packs import Pack
from pipeline.documents.templates import Templates, on_one_line
from pipeline.reference.places import Folder
from pipeline.reference.texts import Texts

TEMPLATE = "leesmij.txt.j2"
SUMS = "SHA256SUMS"
"""What the file with the checksums in a pack is called."""
_CHECKS = [("Linux", f"sha256sum -c {SUMS}"), ("macOS", f"shasum -a 256 -c {SUMS}")]


@dataclass(frozen=True, slots=True)
class Leaflets:
    """The template and the texts from which leaflets are written."""

    templates: Templates
    texts: Texts

    @classmethod
    def read(cls, templates: Folder, texts: Texts) -> Leaflets:
        """Read the template of leaflets from a folder.

        Raises:
            TextsError: if it cannot be read, is missing or is broken.
        """
        return cls(Templates.read(templates, "leesmij.*.j2", (TEMPLATE,), on_one_line), texts)

    def write(self, pack: Pack, documents: Sequence[str], tariff: date) -> bytes:
        """The leaflet of a pack, as Notepad shows it too; `documents` is what they are called in it.

        Raises:
            TextsError: if the template is broken.
        """
        example = next((name for name in documents if name.endswith(".xlsx")), documents[0])
        view = {
            "of": pack.of,
            "municipalities": pack.municipalities,
            "documents": documents,
            "sums": SUMS,
            "checks": [*_CHECKS, ("Windows", f'certutil -hashfile "{PureWindowsPath(example)}" SHA256')],
            "tariff": dutch.day(tariff),
            "steering_group": self.texts.steering_group,
            "organisation": self.texts.organisation,
        }
        text = self.templates.fill_in(TEMPLATE, view)
        return codecs.BOM_UTF8 + text.replace("\n", "\r\n").encode()
