"""The tariff by which deliveries are read: its items are columns of theirs, beside those that always are."""

from __future__ import annotations

from datetime import date

from pipeline.intake.fields.columns import is_taken
from pipeline.model.codes import CBS, CodeForm
from pipeline.model.tariffs import Tariff, tariff_on
from pipeline.reference.places import Folder
from pipeline.reference.tariff_file import FILE, read_tariffs


def read_tariff(reference: Folder, day: date, codes: CodeForm = CBS) -> Tariff:
    """The tariff of a day, from the folder with reference data; no item in it goes by the name of a column.

    Raises:
        TariffError: if the tariffs are broken.
        TariffGap: if there is none for that day.
    """
    return tariff_on(read_tariffs(reference / FILE, is_taken, codes), day)
