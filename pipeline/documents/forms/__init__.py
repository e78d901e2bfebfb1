"""The form in which municipalities fill in their choices, as a spreadsheet; what comes back is read as any delivery."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.model.municipality import Municipality
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts

if TYPE_CHECKING:
    from pipeline.documents.workbooks.placed import Placed


def render_xlsx(tariff: Tariff, municipalities: Sequence[Municipality], texts: Texts) -> bytes:
    """The form as the bytes of an .xlsx file, with these municipalities filled in."""
    from pipeline.documents.workbooks.writer import write

    return write(_placed(tariff, municipalities, texts), None)


def render_ods(tariff: Tariff, municipalities: Sequence[Municipality], texts: Texts) -> bytes:
    """The same form as the bytes of an .ods file."""
    from pipeline.documents.opendocument.writer import write

    return write(_placed(tariff, municipalities, texts))


def _placed(tariff: Tariff, municipalities: Sequence[Municipality], texts: Texts) -> Placed:
    from pipeline.documents.forms.description import describe
    from pipeline.documents.workbooks.placed import place

    return place(describe(tariff, municipalities, texts))
