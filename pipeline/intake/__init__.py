"""Intake: from the bytes of dropped CSVs to trusted choices, and findings about all that is not."""

from pipeline.intake.columns import COLUMNS, Column
from pipeline.intake.deliveries import read_deliveries
from pipeline.intake.files import Limits
from pipeline.intake.findings import Delivery, Finding, Intake, RejectedRow, Severity
from pipeline.intake.writing import rejected_csv, template_csv

__all__ = [
    "COLUMNS",
    "Column",
    "Delivery",
    "Finding",
    "Intake",
    "Limits",
    "RejectedRow",
    "Severity",
    "read_deliveries",
    "rejected_csv",
    "template_csv",
]
