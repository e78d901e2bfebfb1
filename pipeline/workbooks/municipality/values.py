"""The value of each named cell, from the indication: the other half of the calculator."""

from __future__ import annotations

from pipeline.amounts import Amount, total
from pipeline.choices import Contribution, Guidance, Origin
from pipeline.indication import Difference, Indication
from pipeline.results import Basis
from pipeline.tariffs import Tariff
from pipeline.texts import Texts
from pipeline.workbooks.municipality.names import (
    ALL_MISSING,
    AS_DELIVERED,
    CHART_EMPTY,
    CHART_PARTLY,
    CHART_WHOLE,
    COMPLETE,
    DELIVERED,
    ENTERED,
    GGU_KNOWN,
    GGU_UNKNOWN,
    LAPSED_NOW,
    LISTED,
    NO,
    NOT_APPLICABLE,
    NOT_GIVEN,
    NOTICE_NONE,
    OPTIONS,
    PLUS_PM,
    PM,
    SHEETS,
    YES,
    bounds,
    chosen_by,
    entered_as,
    line_name,
    scenario_key,
    status,
    thousands,
)
from pipeline.workbooks.sheets import Value


def name_values(indication: Indication, basis: Basis, texts: Texts) -> dict[str, Value]:
    """The value of each named cell, from the indication."""
    values: dict[str, Value] = {}
    values |= _delivered(indication, basis.tariff)
    values |= _results(indication, basis.tariff, texts)
    values |= _facts(indication, basis, texts)
    return values


def _delivered(indication: Indication, tariff: Tariff) -> dict[str, Value]:
    """The input cells as delivered, and so what is calculated with."""
    choices, assumed = indication.choices, indication.assumptions
    estimate = choices.hosting_estimate
    values: dict[str, Value] = {
        "begeleiding": choices.guidance.dutch,
        "begeleidingsuren": float(assumed.hours),
        "uurtarief": float(assumed.hourly_rate),
        "hosting": choices.hosting.dutch,
        "hosting_laag": NOT_GIVEN if estimate is None else float(estimate.low),
        "hosting_hoog": NOT_GIVEN if estimate is None else float(estimate.high),
        "bijdrage": choices.contribution.dutch,
        "grootteklasse": assumed.size_class.value,
        "inwoners": assumed.inhabitants,
        "startjaar": assumed.start_year,
        "indexatie": float(assumed.indexation / 100),
        "ggu_jaar": NOT_GIVEN if assumed.ggu_year is None else assumed.ggu_year,
    }
    chosen = {item: _yes_no(choices.includes(item)) for item in tariff.items if item.by_choice}
    values |= {entered_as(item): said for item, said in chosen.items()}
    copies = {prefix + name: value for prefix in (ENTERED, DELIVERED) for name, value in values.items()}
    return (
        values
        | copies
        | {chosen_by(item): said for item, said in chosen.items()}
        | {"invoer_volgorde": LISTED, "stand": AS_DELIVERED, "keuzes_gewijzigd": NOTICE_NONE, "gewijzigd": NOTICE_NONE}
    )


def _results(indication: Indication, tariff: Tariff, texts: Texts) -> dict[str, Value]:
    """All that is calculated."""
    totals, choices, assumed = indication.totals, indication.choices, indication.assumptions
    items = {item.key: item for item in tariff.items}
    values: dict[str, Value] = {}
    for name, amount in (
        ("eenmalig", totals.once),
        ("jaarlijks", totals.yearly),
        ("eerste_jaar", totals.first_year),
        ("looptijd", totals.horizon),
        ("per_inwoner", totals.per_inhabitant),
        *((line_name(items[line.item]), line.amount) for line in indication.lines),
    ):
        values |= _amount(name, amount)
    for cost in indication.options:
        values |= _amount(f"optie_{cost.option.value}", cost.amount)
        values |= _amount(f"optie_{cost.option.value}_looptijd", cost.horizon)
        values |= _amount(f"optie_{cost.option.value}_zonder_ggu", cost.without_ggu)
    for n, year in enumerate(indication.years, 1):
        key = f"jaar_{n}"
        values |= _amount(f"{key}_eenmalig", year.once)
        values |= _amount(f"{key}_overig", year.running)
        values |= _amount(f"{key}_bijdrage", year.contribution)
        values |= _amount(f"{key}_totaal", year.total)
        values[f"{key}_jaar"] = year.year
        values[f"{key}_spreiding"] = PM if year.total.unquantified else float(year.total.spread)
        values[f"index_{n}"] = float(assumed.index_in(year.year))
        values[f"bijdrage_gevraagd_{n}"] = _yes_no(assumed.contributes_in(year.year))
    for part, amounts in (
        ("eenmalig", (year.once for year in indication.years)),
        ("overig", (year.running for year in indication.years)),
        ("bijdrage", (year.contribution for year in indication.years)),
    ):
        values |= _amount(f"looptijd_{part}", total(amounts))
    values["looptijd_spreiding"] = PM if totals.horizon.unquantified else float(totals.horizon.spread)
    for nr, scenario in enumerate(indication.scenarios, 1):
        key = scenario_key(scenario.guidance, scenario.hosting, scenario.contribution)
        values |= _amount(f"{key}_eenmalig", scenario.totals.once)
        values |= _amount(f"{key}_jaarlijks", scenario.totals.yearly)
        values |= _amount(f"{key}_eerste_jaar", scenario.totals.first_year)
        values |= _amount(f"{key}_looptijd", scenario.totals.horizon)
        values[f"{key}_totaal_pm"] = status(scenario.totals.first_year)
        values |= _amount(f"{key}_zonder_ggu", scenario.without_ggu)
        values |= _difference(f"{key}_eerste_jaar_verschil", scenario.first_year_difference)
        values |= _difference(f"{key}_looptijd_verschil", scenario.horizon_difference)
        values |= _difference(f"{key}_ggu_verschil", scenario.ggu_difference)
        values[f"{key}_gekozen"] = _yes_no(scenario.chosen)
        values[f"{key}_volgorde"] = nr
        for choice, option in zip(OPTIONS, (scenario.guidance, scenario.hosting, scenario.contribution), strict=True):
            values[f"{key}_{choice}"] = option.dutch
    external = choices.guidance is Guidance.EXTERNAL
    for sensitivity in indication.sensitivities:
        key = f"uren_{sensitivity.hours}"
        values[f"{key}_begeleiding"] = float(assumed.hourly_rate * sensitivity.hours)
        values |= _amount(f"{key}_eerste_jaar", sensitivity.totals.first_year)
        values |= _amount(f"{key}_looptijd", sensitivity.totals.horizon)
        values[f"{key}_pm"] = status(sensitivity.totals.first_year)
        values[f"{key}_gekozen"] = _yes_no(external and assumed.hours == sensitivity.hours)
    for line in indication.lines:
        if (item := items[line.item]).by_choice:
            values[f"{line_name(item)}_keuze"] = _yes_no(line.applies)
    guidance, hosting, contribution = choices.guidance.dutch, choices.hosting.dutch, choices.contribution.dutch
    missing = "".join(f" • {texts.of(items[key]).name}" for key in indication.pro_memorie)
    values |= {
        "kosten_begeleiding_keuze": guidance,
        "kosten_hosting_keuze": hosting,
        "kosten_bijdrage_keuze": contribution,
        "kosten_begeleiding_uitleg": texts.options[choices.guidance],
        "kosten_hosting_uitleg": texts.options[choices.hosting],
        "kosten_bijdrage_uitleg": texts.options[choices.contribution]
        if assumed.contributes_in(assumed.start_year)
        else LAPSED_NOW,
        "gekozen": f"Gekozen: begeleiding {guidance}, hosting {hosting}, bijdrage {contribution}, grootteklasse "
        f"{assumed.size_class.value}; raming van {assumed.years[0]} tot en met {assumed.years[-1]}.",
        "grafiek": {PM: CHART_EMPTY, PLUS_PM: CHART_PARTLY, COMPLETE: CHART_WHOLE}[status(totals.horizon)],
        "conclusie_pm": ALL_MISSING if totals.first_year.unquantified else status(totals.first_year),
        "ggu_bekend": GGU_UNKNOWN if assumed.ggu_year is None else GGU_KNOWN,
        "niet_begroot": f"Niet begroot (p.m.):{missing or ' niets'}",
    }
    return values


def _facts(indication: Indication, basis: Basis, texts: Texts) -> dict[str, Value]:
    """What is known of the municipality and of where its data come from."""
    choices = indication.choices
    municipality = choices.municipality
    remarks = [texts.remark(remark) for remark in indication.remarks]
    since = f"{basis.tariff.valid_from:%d-%m-%Y}"
    whose = f"{municipality.name} ({municipality.code}), provincie {municipality.province}; tarief van {since}"
    short = ", ".join(texts.short_remarks[remark.code] for remark in indication.remarks)
    answers = dict(choices.answers)
    return {
        **{f"blad_{n}": f"{whose}, blad {n} van {SHEETS}" for n in range(1, SHEETS + 1)},
        "titel": f"Kostenindicatie Signalen: {municipality.name}",
        "opmerkingen_kort": f"Opmerkingen bij de aanlevering (zie Verantwoording): {short or 'geen'}.",
        "opmerkingen": "\n".join(remarks) or "Geen opmerkingen.",
        "rust_op": f"Tarief geldt sinds {since}; inwoners op "
        f"{basis.register_date:%d-%m-%Y} ({basis.register_source}); kostenindicatie {basis.version}.",
        "v_gemeente": municipality.name,
        "v_code": municipality.code,
        "v_provincie": municipality.province,
        "v_inwoners": thousands(municipality.inhabitants),
        "v_peildatum": f"{basis.register_date:%d-%m-%Y}",
        "v_bron": basis.register_source,
        "v_bestand": choices.origin.file,
        "v_regel": str(choices.origin.line),
        "v_vervangt": "; ".join(map(_place, choices.replaces)) or "nee",
        "v_fase": choices.phase.dutch if choices.phase else NOT_GIVEN,
        "v_toelichting": choices.contribution_note or NOT_GIVEN,
        "v_afgestemd": _answer(choices.agreed) if choices.contribution is Contribution.ALTERNATIVE else NOT_APPLICABLE,
        "v_in_natura": ", ".join(kind.dutch for kind in choices.in_kind) or NO,
        "v_backlog": choices.backlog or NO,
        **{f"v_post_{i.word}": _answer(answers.get(i.word)) for i in basis.tariff.items if i.has_column},
        "v_contact": choices.contact or NOT_GIVEN,
        "v_tarief": since,
        "v_versie": basis.version,
    }


def _place(origin: Origin) -> str:
    return f"{origin.file}, regel {origin.line}"


def _answer(said: bool | None) -> str:
    return NOT_GIVEN if said is None else _yes_no(said)


def _yes_no(value: bool) -> str:
    return YES if value else NO


def _amount(name: str, amount: Amount) -> dict[str, Value]:
    """The low, high and p.m. value of an amount."""
    low, high = bounds(amount)
    return {f"{name}_laag": low, f"{name}_hoog": high, f"{name}_pm": status(amount)}


def _difference(name: str, difference: Difference | None) -> dict[str, Value]:
    """The low and high value of a difference with what was chosen."""
    return {
        f"{name}_laag": PM if difference is None else float(difference.low),
        f"{name}_hoog": PM if difference is None else float(difference.high),
    }
