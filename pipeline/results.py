"""The result of a run, from which everything is rendered, and its JSON form `kostenindicaties.json`.

`to_json` gives that form as bytes; `kostenindicaties.schema.json`, beside this module, says what is in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline import __version__
from pipeline.amounts import Amount
from pipeline.choices import Choices, Origin
from pipeline.declared import DeclaredItem
from pipeline.figures import named_figures
from pipeline.indication import Assumptions, Difference, Indication, Totals, Year
from pipeline.intake import Delivery, Finding, RejectedRow, Severity
from pipeline.intake.findings import may_be_published
from pipeline.quantities import Provenance
from pipeline.register import Register
from pipeline.tariffs import SizeClass, Tariff

SCHEMA = "3"
"""The version of the JSON form; another first number means that a reader of the old form may fail."""

MOST_REJECTED = 1_000
"""How many rejected rows the JSON form holds; afgekeurd.csv has all of them."""
MOST_ERRORS = 10_000
"""How many different errors it holds; what says the same is one, with all its lines. Warnings are all in it."""

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ClassShare:
    """How many municipalities of the whole register are in a size class, and how many inhabitants they have."""

    size_class: SizeClass
    municipalities: int
    inhabitants: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What all indications of a run rest on: the tariff, the register's date and source, and our version.

    `country` says how the whole register is divided over the size classes. The moment of the run is not in it: a
    document says what follows from its inputs.
    """

    tariff: Tariff
    register_date: date
    register_source: str
    country: tuple[ClassShare, ...]
    version: str = __version__

    @classmethod
    def of(cls, register: Register, tariff: Tariff) -> Basis:
        """The basis for a register and a tariff."""
        by_class: dict[SizeClass, list[int]] = {size_class: [] for size_class in SizeClass}
        for municipality in register:
            by_class[tariff.size_class(municipality.code, municipality.inhabitants)].append(municipality.inhabitants)
        country = tuple(ClassShare(size_class, len(all_), sum(all_)) for size_class, all_ in by_class.items())
        return cls(tariff, register.reference_date, register.source, country)


@dataclass(frozen=True, slots=True)
class Results:
    """All indications of a run (sorted by code), and what came of the deliveries."""

    basis: Basis
    indications: tuple[Indication, ...]
    findings: tuple[Finding, ...]
    rejected: tuple[RejectedRow, ...]
    deliveries: tuple[Delivery, ...]


def to_json(results: Results) -> bytes:
    """The JSON form of a result: UTF-8, the same bytes for the same result, one record a line where it has no parts.

    Amounts are euros, exact to the cent. Keys and values are English; names, sources, remarks' subjects and
    findings are in the language in which they were written.
    """
    records = map(record, results.indications)
    return "".join(json_pieces(results.basis, records, results.deliveries, results.rejected, results.findings)).encode()


def record(indication: Indication) -> str:
    """One indication as it stands in the JSON form."""
    return _lay_out(_indication(indication), "  ")


def json_pieces(
    basis: Basis,
    records: Iterable[str],
    deliveries: Sequence[Delivery],
    rejected: Sequence[RejectedRow],
    findings: Sequence[Finding],
) -> Iterator[str]:
    """The JSON form in pieces, so that a large one need not be in memory; `records` are those of `record`, in order."""
    before: Mapping[str, Json] = {
        "schema": SCHEMA,
        "version": basis.version,
        "register": {"date": str(basis.register_date), "source": basis.register_source},
        "tariff": _tariff(basis.tariff),
    }
    told, unsaid = _same_together(finding.published for finding in findings)
    after: Mapping[str, Iterator[Json]] = {
        "deliveries": map(_delivery, deliveries),
        "rejected": map(_rejected_row, rejected[:MOST_REJECTED]),
        "findings": map(_finding, told),
    }
    left_out: Json = {
        "rejected": max(len(rejected) - MOST_REJECTED, 0),
        "errors": unsaid,
    }
    yield "{\n"
    for key, value in before.items():
        yield f' "{key}": {_lay_out(value, " ")},\n'
    yield from _list("indications", records)
    for key, parts in after.items():
        yield ",\n"
        yield from _list(key, (_lay_out(part, "  ") for part in parts))
    yield f',\n "left_out": {_lay_out(left_out, " ")}\n}}\n'


def _list(key: str, records: Iterable[str]) -> Iterator[str]:
    """A list in the document, of which every record has been laid out."""
    yield f' "{key}": ['
    number = 0
    for number, text in enumerate(records, 1):
        yield f"{',' if number > 1 else ''}\n  {text}"
    yield "\n ]" if number else "]"


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


# --- The parts of the document, from the outside in -----------------------------------------------------------------


def _tariff(tariff: Tariff) -> Json:
    return {
        "valid_from": str(tariff.valid_from),
        "valid_to": None if tariff.valid_to is None else str(tariff.valid_to),
        "figures": [
            {
                "figure": named.key,
                "low": _number(figure.ends[0][1]),
                "high": _number(figure.ends[-1][1]),
                "unit": figure.english,
                **_provenance(figure),
                "source": figure.source,
            }
            for named in named_figures(tariff)
            for figure in (named.figure,)
        ],
        "items": [_item(declared) for declared in tariff.declared],
        "g4": {"codes": sorted(tariff.g4.codes), **_provenance(tariff.g4), "source": tariff.g4.source},
        "premises": [{"subject": p.subject, "text": p.text, **_provenance(p)} for p in tariff.premises],
    }


def _item(declared: DeclaredItem) -> Json:
    item = declared.item
    return {
        "item": item.key,
        "name": declared.name,
        "period": item.period.value,
        "by_choice": item.by_choice,
        "amount": _amount(declared.amount),
        **_provenance(declared),
        "source": declared.source,
    }


def _provenance(figure: Provenance) -> dict[str, Json]:
    return {"provenance": "assumed" if figure.assumed else "stated", "dated": str(figure.dated)}


def _indication(indication: Indication) -> Json:
    municipality = indication.choices.municipality
    assumptions = indication.assumptions
    return {
        "municipality": {
            "code": municipality.code,
            "name": municipality.name,
            "province": municipality.province,
            "inhabitants": municipality.inhabitants,
            "file_stem": municipality.stem,
        },
        "choices": _choices(indication.choices),
        "assumptions": {
            "inhabitants": assumptions.inhabitants,
            "size_class": _size_class(assumptions.size_class),
            "hours": _number(assumptions.hours),
            "hourly_rate": _number(assumptions.hourly_rate),
            "start_year": assumptions.start_year,
            "horizon": assumptions.horizon,
            "indexation": _number(assumptions.indexation),
            "ggu_year": assumptions.ggu_year,
        },
        "lines": [
            {"item": line.item, "period": line.period.value, "amount": _amount(line.amount)}
            for line in indication.lines
        ],
        "years": [_year(year, assumptions) for year in indication.years],
        "totals": _totals(indication.totals),
        "options": [
            {
                "choice": type(cost.option).__name__.lower(),
                "option": cost.option.value,
                "amount": _amount(cost.amount),
                "horizon": _amount(cost.horizon),
                "without_ggu": _amount(cost.without_ggu),
            }
            for cost in indication.options
        ],
        "scenarios": [
            {
                "guidance": scenario.guidance.value,
                "hosting": scenario.hosting.value,
                "contribution": scenario.contribution.value,
                "chosen": scenario.chosen,
                "totals": _totals(scenario.totals),
                "without_ggu": _amount(scenario.without_ggu),
                "first_year_difference": _difference(scenario.first_year_difference),
                "horizon_difference": _difference(scenario.horizon_difference),
                "ggu_difference": _difference(scenario.ggu_difference),
            }
            for scenario in indication.scenarios
        ],
        "sensitivities": [
            {"hours": sensitivity.hours, "totals": _totals(sensitivity.totals)}
            for sensitivity in indication.sensitivities
        ],
        "remarks": [{"code": remark.code.value, "about": remark.about} for remark in indication.remarks],
    }


def _difference(difference: Difference | None) -> Json:
    """A difference; null where it depends on an amount that nobody quantified."""
    return None if difference is None else {"low": _number(difference.low), "high": _number(difference.high)}


def _choices(choices: Choices) -> Json:
    """The choices as delivered, but for the contact; null where the municipality said nothing."""
    return {
        "guidance": choices.guidance.value,
        "hours": None if choices.hours is None else _number(choices.hours),
        "hosting": choices.hosting.value,
        "hosting_estimate": None if choices.hosting_estimate is None else _amount(choices.hosting_estimate),
        "contribution": choices.contribution.value,
        "contribution_note": choices.contribution_note or None,
        "agreed": choices.agreed,
        "in_kind": [kind.value for kind in choices.in_kind],
        "backlog": choices.backlog or None,
        "phase": None if choices.phase is None else choices.phase.value,
        "start_year": choices.start_year,
        "size_class": None if choices.size_class is None else _size_class(choices.size_class),
        "inhabitants": choices.inhabitants,
        "answers": [{"item": item, "chosen": said} for item, said in choices.answers],
        "origin": _origin(choices.origin),
        "replaces": [_origin(origin) for origin in choices.replaces],
    }


def _year(year: Year, assumptions: Assumptions) -> Json:
    return {
        "year": year.year,
        "index": _number(assumptions.index_in(year.year)),
        "contribution_asked": assumptions.contributes_in(year.year),
        "once": _amount(year.once),
        "running": _amount(year.running),
        "contribution": _amount(year.contribution),
        "total": _amount(year.total),
    }


def _totals(totals: Totals) -> Json:
    return {
        "once": _amount(totals.once),
        "yearly": _amount(totals.yearly),
        "first_year": _amount(totals.first_year),
        "horizon": _amount(totals.horizon),
        "per_inhabitant": _amount(totals.per_inhabitant),
    }


def _delivery(delivery: Delivery) -> Json:
    return {
        "name": delivery.name,
        "rows": delivery.rows,
        "accepted": delivery.accepted,
        "replaced": delivery.replaced,
        "rejected": delivery.rejected,
        "repeated": delivery.repeated,
        "settled": delivery.settled,
    }


def _rejected_row(row: RejectedRow) -> Json:
    return {
        "origin": _origin(row.origin),
        "municipality": None if row.municipality is None else row.municipality.code,
        "values": [{"column": column, "text": text} for column, text in row.values if may_be_published(column, text)],
        "findings": [_finding([finding.published]) for finding in row.findings],
    }


def _finding(same: Sequence[Finding]) -> Json:
    """Findings that say the same: what they say, on which lines, and of which municipalities."""
    finding = same[0]
    return {
        "severity": finding.severity.name.lower(),
        "code": finding.code,
        "file": finding.file,
        "lines": [each.line for each in same if each.line is not None],
        "column": finding.column,
        "value": finding.value,
        "message": finding.message,
        "municipalities": sorted({each.municipality for each in same} - {""}),
    }


def _origin(origin: Origin) -> Json:
    return {"file": origin.file, "line": origin.line}


def _size_class(size_class: SizeClass) -> str:
    return size_class.name.lower()


def _amount(amount: Amount) -> Json:
    return {"low": _number(amount.low), "high": _number(amount.high), "pro_memorie": amount.pro_memorie}


def _number(number: Decimal) -> int | float:
    """A JSON number: whole where it is; a float prints back every cent up to hundreds of billions."""
    return int(number) if number == number.to_integral_value() else float(number)


_text = json.JSONEncoder(ensure_ascii=False).encode
"""What `json.dumps` gives; one encoder for all, because `dumps` makes one on each call."""


def _lay_out(value: Json, indent: str = "") -> str:
    """Indented JSON in which an object or array without parts of its own stands on one line."""
    match value:
        case dict() if any(part and isinstance(part, dict | list) for part in value.values()):
            inner = indent + " "
            lines = [f"{inner}{_text(key)}: {_lay_out(part, inner)}" for key, part in value.items()]
            return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
        case list() if any(part and isinstance(part, dict | list) for part in value):
            inner = indent + " "
            return "[\n" + ",\n".join([inner + _lay_out(part, inner) for part in value]) + f"\n{indent}]"
    return _text(value)
