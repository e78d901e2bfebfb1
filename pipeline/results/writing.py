"""From indications and intake to the records of the result, and to its JSON form, in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Literal

from msgspec import ValidationError, convert
from msgspec.json import Encoder

from pipeline.errors import ResultError
from pipeline.intake import Finding, Intake, RejectedRow, Severity
from pipeline.intake.findings import may_be_published
from pipeline.model.choices import Choices
from pipeline.model.figures import named_figures
from pipeline.model.indication import Indication
from pipeline.model.quantities import Stated
from pipeline.model.tariffs import Tariff
from pipeline.reference.data import ReferenceData
from pipeline.results import records
from pipeline.results import result as whole
from pipeline.results.records import Record
from pipeline.results.result import MOST_ERRORS, MOST_REJECTED, SCHEMA, Result

_encode = Encoder().encode
_like = partial(convert, from_attributes=True)
"""The record that has the same fields as an object of the model or of intake."""


def record_of(indication: Indication) -> Record:
    """The record of one indication: the fields that it shares with the model are taken over by name.

    Raises:
        ResultError: if an amount is too high for a result.
    """
    choices, assumptions = indication.choices, indication.assumptions
    of = choices.municipality
    try:
        return Record(
            municipality=records.Municipality(of.code, of.name, of.province, of.inhabitants, of.stem),
            choices=choices_of(choices),
            assumptions=_like(assumptions, records.Assumptions),
            lines=_like(indication.lines, tuple[records.CostLine, ...]),
            totals=_like(indication.totals, records.Totals),
            years=tuple(
                records.Year(
                    year.year,
                    float(assumptions.index_in(year.year)),
                    assumptions.contributes_in(year.year),
                    *(_like(part, records.Euros) for part in (year.once, year.running, year.contribution, year.total)),
                )
                for year in indication.years
            ),
            options=tuple(
                records.OptionCost(
                    type(cost.option).__name__.lower(),
                    cost.option.value,
                    *(_like(part, records.Euros) for part in (cost.amount, cost.horizon, cost.without_ggu)),
                )
                for cost in indication.options
            ),
            remarks=_like(indication.remarks, tuple[records.Remark, ...]),
        )
    except ValidationError as error:
        raise ResultError(f"{of.name}: no result can hold what it costs ({error}).") from error


def choices_of(choices: Choices) -> records.Choices:
    """Choices as they are recorded, by the names of their fields; null where nothing was said."""
    said = {name: getattr(choices, name) for name in records.Choices.__struct_fields__}
    said["answers"] = [{"item": item, "chosen": chosen} for item, chosen in choices.answers]
    said["estimates"] = [{"item": item, "amount": amount} for item, amount in choices.estimates]
    said = {name: None if value == "" else value for name, value in said.items()}
    return convert(said, records.Choices, from_attributes=True)


def as_json(record: Record) -> bytes:
    """A record as it stands in the JSON form, on one line."""
    return _encode(record)


def json_pieces(data: ReferenceData, texts: Iterable[bytes], intake: Intake) -> Iterator[bytes]:
    """The JSON form in pieces, so that a large one need not be in memory; `texts` are those of `as_json`, in order.

    It is the same for the same result. Each municipality, finding, delivery and rejected row has a line.
    """
    told, unsaid = _same_together(finding.published for finding in intake.findings)
    rejected = intake.rejected
    result: Result[Record] = Result(
        schema=SCHEMA,
        version=data.version,
        register=whole.Register(data.register_date, data.register_source),
        tariff=_tariff(data.tariff),
        indications=(),
        deliveries=_like(intake.deliveries, tuple[whole.Delivery, ...]),
        rejected=tuple(map(_rejected, rejected[:MOST_REJECTED])),
        findings=(),
        left_out=whole.LeftOut(max(len(rejected) - MOST_REJECTED, 0), unsaid),
    )
    streamed = {"indications": texts, "findings": map(_encode, map(_finding, told))}
    opening = b"{"
    for name in result.__struct_fields__:
        yield b'%b\n"%b": ' % (opening, name.encode())
        value = getattr(result, name)
        if isinstance(value, tuple):
            yield from _lines(streamed.get(name) or map(_encode, value))
        else:
            yield _encode(value)
        opening = b","
    yield b"\n}\n"


def checked_as_json(intake: Intake) -> Iterator[bytes]:
    """What is found in deliveries, as JSON for who mends them: nothing is left out of what stood there."""
    yield b'{"municipalities": %d, "rejected": %d,\n"deliveries": ' % (len(intake.choices), len(intake.rejected))
    yield from _lines(map(_encode, _like(intake.deliveries, tuple[whole.Delivery, ...])))
    yield b',\n"findings": '
    yield from _lines(_encode(_finding([finding])) for finding in intake.findings)
    yield b"\n}\n"


def _lines(texts: Iterable[bytes]) -> Iterator[bytes]:
    """A list, of which every part has a line."""
    opening = b"["
    for text in texts:
        yield b"%b\n%b" % (opening, text)
        opening = b","
    yield b"[]" if opening == b"[" else b"\n]"


# --- The parts --------------------------------------------------------------------------------------------------------


def _same_together(findings: Iterable[Finding]) -> tuple[list[list[Finding]], int]:
    """Findings that say the same of one file together, as many as the document holds, in order of first appearance.

    Behind them stands how many errors it leaves out.
    """
    alike: dict[tuple[str, str | None, str, str, str], list[Finding]] = {}
    errors, unsaid = 0, 0
    for finding in findings:
        what = (finding.file, finding.column, finding.value, finding.message, finding.code)
        if same := alike.get(what):
            same.append(finding)
        elif finding.severity is Severity.WARNING or errors < MOST_ERRORS:
            errors += finding.severity is Severity.ERROR
            alike[what] = [finding]
        else:
            unsaid += 1
    return list(alike.values()), unsaid


def _finding(same: Sequence[Finding]) -> whole.Finding:
    """Findings that say the same: what they say, on which lines, and of which municipalities."""
    finding = same[0]
    return whole.Finding(
        severity="error" if finding.severity is Severity.ERROR else "warning",
        code=finding.code,
        file=finding.file,
        lines=tuple(each.line for each in same if each.line is not None),
        column=finding.column,
        value=finding.value,
        message=finding.message,
        municipalities=tuple(sorted({each.municipality for each in same} - {""})),
        places=tuple(each.place for each in same if each.place),
    )


def _rejected(row: RejectedRow) -> whole.Rejected:
    return whole.Rejected(
        origin=_like(row.origin, records.Origin),
        municipality=row.municipality.code if row.municipality else None,
        values=tuple(whole.Cell(*cell) for cell in row.values if may_be_published(*cell)),
        findings=tuple(_finding([finding.published]) for finding in row.findings),
    )


def _tariff(tariff: Tariff) -> whole.Tariff:
    return whole.Tariff(
        valid_from=tariff.valid_from,
        valid_to=tariff.valid_to,
        figures=tuple(
            whole.Figure(
                *_provenance(named.figure),
                figure=named.key,
                low=float(named.figure.ends[0][1]),
                high=float(named.figure.ends[-1][1]),
                unit=named.figure.english,
                source=named.figure.source,
            )
            for named in named_figures(tariff)
        ),
        items=tuple(
            whole.DeclaredItem(
                *_provenance(declared),
                item=declared.item.key,
                name=declared.name,
                period=declared.period,
                by_choice=declared.item.by_choice,
                amount=_like(declared.amount, records.Euros),
                source=declared.source,
            )
            for declared in tariff.declared
        ),
        g4=whole.G4(*_provenance(tariff.g4), codes=tuple(sorted(tariff.g4.codes)), source=tariff.g4.source),
        premises=tuple(whole.Premise(*_provenance(p), subject=p.subject, text=p.text) for p in tariff.premises),
    )


def _provenance(figure: Stated) -> tuple[Literal["stated", "assumed"], date]:
    return "assumed" if figure.assumed else "stated", figure.dated
