"""The errors that end a run, in one place; each message is a sentence for the person who runs the command.

Problems in a dropped CSV are not here: those are findings (`pipeline.intake.findings`), and a run goes on past them.
"""

from __future__ import annotations


class KostenindicatieError(Exception):
    """A run cannot go on; each argument is a sentence that says what is wrong, where, and what would be right."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class RegisterError(KostenindicatieError):
    """The register of municipalities cannot be trusted: a column, value or row in it is wrong."""


class TariffError(KostenindicatieError):
    """The tariff file cannot be trusted: a key is missing, unknown, or has an impossible value."""


class TariffGap(KostenindicatieError):
    """No tariff is valid on the reference date."""


class TextsError(KostenindicatieError):
    """The texts or templates cannot be used: a text is missing or unknown, or a template is broken."""


class InputsError(KostenindicatieError):
    """The folder with deliveries cannot be read at all."""


class OutputsError(KostenindicatieError):
    """The folder for results cannot be written, or another run is writing in it."""


class SettingsError(KostenindicatieError):
    """What a run was asked does not go together; nothing was read or written."""


class RemovalError(KostenindicatieError):
    """The run would remove so much that a delivery is missing rather than withdrawn; nothing was made."""


class ResultError(KostenindicatieError):
    """A result of an earlier run cannot be used: it cannot be read, or is no result of this version."""


class WorkbookError(KostenindicatieError):
    """A workbook is not what was put into it, or refers to what is not there: a fault of this program, told in time."""


class WorkerError(KostenindicatieError):
    """The workers that make the documents cannot be had, or one ended before its work was done."""


class RejectedRows(KostenindicatieError):
    """With `--strict`: rows were rejected, so nothing was made."""


class MailError(KostenindicatieError):
    """Mail cannot be handed over: the server is not to be trusted, does not let us in, or cannot be reached."""
