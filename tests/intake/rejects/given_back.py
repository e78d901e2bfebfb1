"""The rejected rows as the file that a municipality gets back."""

from __future__ import annotations

from pipeline.intake import Intake, rejected_pieces


def rejected_csv(intake: Intake) -> bytes:
    """The whole file."""
    return b"".join(rejected_pieces(intake))
