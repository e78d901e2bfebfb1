"""The JSON form of a result: complete, exact, valid against its strict schema, and the same for the same result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from msgspec import structs

from pipeline.errors import ResultError
from pipeline.intake import Severity
from pipeline.model.amounts import NOTHING, Amount
from pipeline.model.choices import COLUMNS, ESTIMATED, Contribution, Guidance, Hosting, Origin, Provenance
from pipeline.model.figures import named_figures
from pipeline.model.indication import RemarkCode, indicate
from pipeline.model.tariffs import SizeClass
from pipeline.results.records import Choices, titles
from pipeline.results.schema import FILE, schema
from pipeline.results.writing import as_json, checked_as_json, record_of
from tests.posten import BY_CHOICE, with_training
from tests.results.samples import (
    BASIS,
    EINDHOVEN,
    UTRECHT,
    Results,
    amsterdam,
    choices,
    indication,
    results,
    rich_results,
    schiermonnikoog,
    to_json,
    with_ggu,
    with_indexation,
)

SCHEMA = json.loads(FILE.read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)


def read(result: Results) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_json(result))
    return document


def amount(low: float, high: float, pro_memorie: bool = False) -> dict[str, Any]:
    return {"low": low, "high": high, "pro_memorie": pro_memorie}


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a document, itself included."""
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(part)


def part(document: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
    """The object in a document that a path leads to."""
    for step in path:
        document = document[step]
    found: dict[str, Any] = document
    return found


# --- Amounts ----------------------------------------------------------------------------------------------------------


def test_the_worked_example_of_the_source_is_in_it() -> None:
    (record,) = read(results(amsterdam()))["indications"]
    assert record["municipality"]["file_stem"] == "GM0363-amsterdam"
    assert record["totals"] == {
        "once": amount(15_000, 15_000),  # 150 hours x 100
        "yearly": amount(50_000, 60_000),  # 10.000 - 20.000 + 40.000
        "first_year": amount(65_000, 75_000),
        "horizon": amount(265_000, 315_000),  # 15.000 + 5 x 50.000 - 60.000
        "per_inhabitant": amount(0.05, 0.06),  # 50.000 and 60.000 over 941.927 inhabitants
    }


def test_what_nobody_quantified_is_marked_in_every_total() -> None:
    (record,) = read(results(schiermonnikoog()))["indications"]
    assert set(record["totals"]) == {"once", "yearly", "first_year", "horizon", "per_inhabitant"}
    assert all(total == amount(0, 0, True) for total in record["totals"].values())


def test_amounts_are_exact_to_the_cent() -> None:
    offer = Amount.between(Decimal("12345.67"), Decimal("999999999.99"))
    one = indication(EINDHOVEN, Guidance.SELF, Hosting.HYBRID, Contribution.NONE, estimates=(("hosting", offer),))
    text = to_json(results(one)).decode()
    assert '"low":12345.67,"high":999999999.99' in text
    assert '"horizon":{"low":61728.35,"high":4999999999.95,"pro_memorie":true}' in text  # 5 years


def test_what_is_far_too_much_for_any_result_is_said_in_a_sentence() -> None:
    basis = with_indexation(BASIS, "100")
    tariff = replace(basis.tariff, horizon=replace(basis.tariff.horizon, value=Decimal(30)))
    offer = Amount.exactly(10_000_000)  # of which 30 years, each twice the one before, are over 10^16
    one = choices(UTRECHT, Guidance.SELF, Hosting.HYBRID, Contribution.NONE, estimates=(("hosting", offer),))
    with pytest.raises(ResultError, match="Utrecht: no result can hold what it costs"):
        record_of(indicate(one, tariff, 2026))


def test_the_contribution_lapses_from_the_ggu_year() -> None:
    basis = with_ggu(BASIS, 2028)
    one = indicate(choices(UTRECHT, Guidance.EXTERNAL, Hosting.SAAS, Contribution.FINANCIAL), basis.tariff, 2026)
    (record,) = read(Results(basis, (one,), (), (), ()))["indications"]
    assert [year["contribution"]["low"] for year in record["years"]] == [40_000, 40_000, 0, 0, 0]
    assert [year["contribution_asked"] for year in record["years"]] == [True, True, False, False, False]
    assert record["remarks"] == [{"code": "contribution_lapses", "about": {"jaar": "2028"}}]
    assert record["assumptions"]["ggu_year"] == 2028


# --- Completeness -----------------------------------------------------------------------------------------------------


def test_it_says_where_choices_came_from_and_what_they_replaced() -> None:
    one = amsterdam(origin=Origin("b.csv", 7), replaces=(Origin("a.csv", 3),), backlog='"=1+1" <b>|é')
    (record,) = read(results(one))["indications"]
    assert record["choices"]["origin"] == {"file": "b.csv", "line": 7, "place": ""}
    assert record["choices"]["replaces"] == [{"file": "a.csv", "line": 3, "place": ""}]
    assert record["choices"]["backlog"] == '"=1+1" <b>|é'


def test_every_indication_is_whole() -> None:
    for record in read(rich_results())["indications"]:
        items = ["software", "guidance", "demo", "backlog", "hosting", "contribution", "in_kind"]
        assert [line["item"] for line in record["lines"]] == items
        assert len(record["years"]) == record["assumptions"]["horizon"] == 5
        assert len(record["options"]) == 8


def other(record: Any, options: dict[str, str], period: str, figure: str, cost: str, items: set[str]) -> Any:
    """A key figure with other options, worked out as the description of `options` in the schema says."""
    costs = {(each["choice"], each["option"]): each[cost] for each in record["options"]}
    chosen = [costs[choice, record["choices"][choice]] for choice in options]
    others = [costs[choice, option] for choice, option in options.items()]
    rest = [
        line["amount"]["pro_memorie"]
        for line in record["lines"]
        if line["item"] not in items and period in (line["period"], "both")
    ]
    of, ends = record["totals"][figure], ("low", "high")
    low, high = (of[end] - sum(c[end] for c in chosen) + sum(o[end] for o in others) for end in ends)
    return pytest.approx((low, high)), any(rest) or any(each["pro_memorie"] for each in others)


def test_what_other_options_cost_follows_from_the_record() -> None:
    for indication_ in (*rich_results().indications, amsterdam(backlog="een koppeling")):
        record = json.loads(as_json(record_of(indication_)))
        for scenario in indication_.scenarios:
            once = {"guidance": scenario.guidance.value}
            yearly = {"hosting": scenario.hosting.value, "contribution": scenario.contribution.value}
            for figure, options, period, cost in (
                ("once", once, "once", "amount"),
                ("yearly", yearly, "yearly", "amount"),
                ("horizon", once | yearly, "both", "horizon"),
            ):
                found = getattr(scenario.totals, figure)
                told = other(record, options, period, figure, cost, {"guidance", "hosting", "contribution"})
                assert ((float(found.low), float(found.high)), found.pro_memorie) == told


def test_a_record_is_small() -> None:
    for record in rich_results().indications:
        assert len(as_json(record_of(record))) < 8_000


def test_findings_rejected_rows_and_deliveries_are_in_it() -> None:
    document = read(rich_results())
    assert [finding["severity"] for finding in document["findings"]] == ["warning", "error", "error"]
    (row,) = document["rejected"]
    assert (row["origin"], row["municipality"]) == ({"file": "b.csv", "line": 5, "place": ""}, "GM0448")
    assert row["values"] == [{"column": "gemeente", "text": "Texel"}, {"column": "hosting", "text": "cloud"}]
    assert row["findings"][0]["message"] == "Kies in huis, hybride of SaaS."
    assert document["deliveries"][0] == {
        "name": "a.csv",
        "rows": 5,
        "accepted": 4,
        "replaced": 1,
        "rejected": 0,
        "repeated": 1,
        "settled": 0,
    }
    assert document["left_out"] == {"rejected": 0, "errors": 0}


def test_a_finding_has_one_form_wherever_it_is_said() -> None:
    of_finding = Draft202012Validator({"$ref": "#/$defs/Finding", "$defs": SCHEMA["$defs"]})
    checked = json.loads(b"".join(checked_as_json(rich_results().intake)))
    document = read(rich_results())
    said = [*checked["findings"], *document["findings"], *document["rejected"][0]["findings"]]
    assert len(said) == 7
    for finding in said:
        of_finding.validate(finding)
    assert checked["findings"] == document["findings"]
    assert checked["deliveries"] == document["deliveries"]


def test_what_says_the_same_is_one_finding_and_what_is_far_too_much_is_counted() -> None:
    (row,) = rich_results().rejected
    (error,) = row.findings
    same = [
        structs.replace(error, line=line, municipality=code) for line, code in ((5, "GM0448"), (6, ""), (7, "GM0363"))
    ]
    other = [structs.replace(error, message=f"{number}.") for number in range(10_500)]
    many = replace(
        rich_results(),
        findings=(*same, *other, structs.replace(other[-1], severity=Severity.WARNING)),
        rejected=tuple(replace(row, origin=Origin("b.csv", line)) for line in range(2, 3_002)),
    )
    document = read(many)
    first = document["findings"][0]
    assert (first["lines"], first["municipalities"]) == ([5, 6, 7], ["GM0363", "GM0448"])
    assert len(document["findings"]) == 10_001
    assert document["findings"][-1]["severity"] == "warning"
    assert len(document["rejected"]) == 1_000
    assert document["left_out"] == {"rejected": 2_000, "errors": 501}


def test_every_column_but_the_contact_is_in_it_and_is_compared() -> None:
    columns = [name for title in titles(Choices).values() for name in title.split(" en ")]
    apart = ("gemeente", "gemeentecode", "contact")
    estimated = [column.name for column in ESTIMATED]
    assert columns == [column.name for column in COLUMNS if column.name not in (*apart, *estimated)]
    own = amsterdam(estimates=tuple((column.name.removesuffix("_laag"), NOTHING) for column in ESTIMATED[::2]))
    said = record_of(own).choices.estimates
    assert [name for estimate in said for name in estimate.columns.split(" en ")] == estimated
    assert set(read(results(amsterdam()))["indications"][0]["choices"]) == {
        *titles(Choices), "answers", "estimates", "origin", "replaces",
    }  # fmt: skip


def test_every_figure_of_the_tariff_stands_in_it_with_its_provenance() -> None:
    tariff = read(results())["tariff"]
    figures = {figure["figure"]: figure for figure in tariff["figures"]}
    assert figures["saas"] == {
        "figure": "saas",
        "low": 10_000,
        "high": 20_000,
        "unit": "EUR per year",
        "provenance": "stated",
        "dated": "2024-07-22",
        "source": "figuur Kostenindicaties, docs.signalen.org",
    }
    assert figures["large_from"]["provenance"] == "assumed"
    assert len(tariff["premises"]) == len(BASIS.tariff.premises) > 0


def test_no_figure_of_the_tariff_is_forgotten() -> None:
    tariff = with_ggu(BASIS, 2029).tariff
    elsewhere = {"valid_from", "valid_to", "g4", "premises", "contribution", "declared"}
    contributions = {f"contribution_{size_class.value}" for size_class in SizeClass}
    expected = (set(tariff.keys()) - elsewhere) | contributions
    assert {figure.key for figure in named_figures(tariff)} == expected


def test_the_items_that_a_tariff_declares_are_in_it_and_who_chose_them() -> None:
    basis = replace(BASIS, tariff=with_training(BASIS.tariff, BY_CHOICE))
    one = indicate(
        choices(UTRECHT, Guidance.SELF, Hosting.SAAS, Contribution.NONE, answers=(("opleiding", True),)),
        basis.tariff,
        2026,
    )
    document = read(Results(basis, (one,), (), (), ()))
    VALIDATOR.validate(document)
    assert [item["item"] for item in document["tariff"]["items"]] == ["demo", "backlog", "in_kind", "opleiding"]
    assert document["tariff"]["items"][-1] == {
        "item": "opleiding",
        "name": "Opleiding gebruikers",
        "period": "yearly",
        "by_choice": True,
        "amount": {"low": 2_000, "high": 3_000, "pro_memorie": False},
        "provenance": "stated",
        "dated": "2026-01-01",
        "source": "prijslijst 2026",
    }
    (record,) = document["indications"]
    assert record["choices"]["answers"] == [{"item": "opleiding", "chosen": True}]
    assert record["lines"][-1] == {
        "item": "opleiding",
        "period": "yearly",
        "amount": {"low": 2_000, "high": 3_000, "pro_memorie": False},
        "applies": True,
        "own": False,
    }


# --- Form -------------------------------------------------------------------------------------------------------------


def varied() -> list[Results]:
    indexed = with_ggu(with_indexation(BASIS, "2.5"), 2027)
    one = indicate(choices(UTRECHT, Guidance.SELF, Hosting.SAAS, Contribution.FINANCIAL), indexed.tariff, 2026)
    return [results(), rich_results(), Results(indexed, (one,), (), (), ())]


@pytest.mark.parametrize("result", varied(), ids=["empty", "rich", "indexed"])
def test_it_is_valid_against_its_schema(result: Results) -> None:
    VALIDATOR.validate(read(result))


def test_the_schema_is_the_one_that_follows_from_the_types() -> None:
    assert FILE.read_text(encoding="utf-8") == schema(), "make schema writes it anew"


def test_the_schema_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_explains_every_property() -> None:
    for definition in objects_in(SCHEMA):
        for name, of in definition.get("properties", {}).items():
            assert of.get("description"), f"{name} has no description"


def test_the_schema_knows_every_key_and_misses_none() -> None:
    for definition in objects_in(SCHEMA):
        if definition.get("type") == "object" and "properties" in definition:
            assert definition["additionalProperties"] is False
            assert definition["required"] == list(definition["properties"])


@pytest.mark.parametrize("path", [(), ("tariff",), ("indications", 0), ("indications", 0, "totals", "once")])
def test_another_key_or_a_missing_one_makes_a_document_invalid(path: tuple[str | int, ...]) -> None:
    extended, shortened = read(results(amsterdam())), read(results(amsterdam()))
    part(extended, path)["unknown"] = 1
    part(shortened, path).popitem()
    assert not VALIDATOR.is_valid(extended)
    assert not VALIDATOR.is_valid(shortened)


def test_the_schema_knows_the_words_of_the_code() -> None:
    words = {name: of["enum"] for name, of in SCHEMA["$defs"].items() if "enum" in of}
    for options in (Guidance, Hosting, Contribution, Provenance, RemarkCode, SizeClass):
        assert words[options.__name__] == sorted(option.value for option in options)
    option = SCHEMA["$defs"]["OptionCost"]["properties"]["option"]
    assert option["enum"] == [option.value for options in (Guidance, Hosting, Contribution) for option in options]


def test_the_same_result_gives_the_same_bytes() -> None:
    assert to_json(rich_results()) == to_json(rich_results())


def test_it_is_readable_text_that_ends_in_a_newline() -> None:
    text = to_json(rich_results()).decode("utf-8")
    assert text.endswith("}\n")
    assert "Fryslân" in text
    assert [line[:32] for line in text.splitlines() if line.startswith('{"municipality"')] == [
        '{"municipality":{"code":"GM0088"', '{"municipality":{"code":"GM0344"',
        '{"municipality":{"code":"GM0355"', '{"municipality":{"code":"GM0363"',
    ]  # fmt: skip
