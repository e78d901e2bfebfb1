"""What workbooks that came back showed as their totals, beside what those are now with the same choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from msgspec import structs

from pipeline.intake import Finding, Intake, Severity, Shown
from pipeline.model.choices import Choices
from pipeline.model.form import COMPARED
from pipeline.model.indication import add_up
from pipeline.model.tariffs import Tariff
from pipeline.packed import packed


def compare_shown(intake: Intake, tariff: Tariff, year: int) -> Intake:
    """The same, with a warning for each total that its municipality saw otherwise, by a tariff in a year.

    That was in a workbook which was calculated with these choices; no amount in it counts.
    """
    if not intake.shown:
        return intake
    choices, findings = [], list(intake.findings)
    for each in intake.choices:
        found = list(_differences(each, intake.shown.get(each.origin, {}), tariff, year))
        findings += found
        said = tuple(finding.sentence for finding in found)
        choices.append(structs.replace(each, warnings=(*each.warnings, *said)) if said else each)
    return replace(intake, choices=packed(Choices, choices), findings=tuple(findings))


def _differences(choices: Choices, shown: Mapping[str, Shown], tariff: Tariff, year: int) -> Iterator[Finding]:
    if not shown:
        return
    totals = add_up(choices, tariff, year)
    for word, total in shown.items():
        label, field = COMPARED[word]
        if (now := getattr(totals, field).in_words) != total.text:
            message = (
                f"{label}: het werkboek toonde {total.text}, en nu is het {now}. Het tarief of de peildatum is anders "
                "dan toen het werkboek werd gemaakt, of daarin is iets gewijzigd wat vaststaat."
            )
            origin = choices.origin
            yield Finding(
                Severity.WARNING, "uitkomst_anders", origin.file, origin.line, None, "", message,
                choices.municipality.code, total.place,
            )  # fmt: skip
