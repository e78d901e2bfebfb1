"""Intake: from the bytes of dropped CSVs to trusted choices, and findings about all that is not.

A field is read and checked in one step: what "€ 12.500,-" or "extren" means, and what to say when it means nothing,
is the same question. Why no library does it: `docs/decisions/0004-no-pandera.md`.
"""

from pipeline.intake.deliveries import read_deliveries
from pipeline.intake.findings import Delivery, Finding, Intake, RejectedRow, Severity, Shown
from pipeline.intake.plain_words import in_plain_words
from pipeline.intake.readers.file_access import Limits
from pipeline.intake.rejects.writing import rejected_pieces, rejected_rows, template_csv

__all__ = [
    "Delivery",
    "Finding",
    "Intake",
    "Limits",
    "RejectedRow",
    "Severity",
    "Shown",
    "in_plain_words",
    "read_deliveries",
    "rejected_pieces",
    "rejected_rows",
    "template_csv",
]
