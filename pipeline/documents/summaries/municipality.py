"""What the template of a municipality's summary shows: words and rows, from its indication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.documents.origins import ALREADY_LIVE, has_lapsed, origin, prices
from pipeline.documents.summaries.markdown import (
    HARD_SPACE,
    Markdown,
    day,
    euros,
    in_all,
    link,
    narrow,
    number,
    rounded,
    sentence,
)
from pipeline.documents.summaries.premises import dated
from pipeline.documents.workbooks.words import NOT_APPLICABLE, yes_no
from pipeline.model.amounts import NOTHING, Amount, total
from pipeline.model.choices import Choices, Contribution, Guidance, Phase, Provenance
from pipeline.model.indication import CostLine, Indication, Scenario, Year
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period
from pipeline.reference.data import ReferenceData
from pipeline.reference.texts import Texts, in_a_sentence


def show_municipality(indication: Indication, basis: ReferenceData, texts: Texts) -> dict[str, Any]:
    """The names that the template may use, each with what it shows."""
    choices, totals = indication.choices, indication.totals
    municipality = choices.municipality
    items = {item.key: item for item in basis.tariff.items}
    names = {key: texts.of(item).name for key, item in items.items()}
    parts = [(line, items[line.item]) for line in indication.lines if _shown(line, items[line.item], choices)]
    chosen, not_given = _choices(indication, basis.tariff.items, texts)
    known, unknown = _scenarios(indication.scenarios)
    return {
        "name": municipality.name,
        "example": texts.say("gedeeld.voorbeeld").rstrip(".") if choices.provenance is Provenance.ILLUSTRATIVE else "",
        "about": dated(basis, texts),
        "steering_group": texts.steering_group,
        "organisation": texts.organisation,
        "workbook": link(f"{municipality.stem}.xlsx", f"{municipality.stem}.xlsx"),
        "premises": link("Uitgangspunten", "../uitgangspunten.md"),
        "answer": _answer(indication, texts),
        "not_counted": texts.say("gedeeld.niet_meegerekend"),
        "missing": ", ".join(names[key] for key in indication.pro_memorie),
        "period": _period(indication),
        "lines": [
            (narrow(names[item.key]), *_amounts(line, item), narrow(_source(line, item, indication, basis, texts)))
            for line, item in parts
        ],
        "once": NOT_APPLICABLE if choices.phase is Phase.LIVE and totals.once == NOTHING else in_all(totals.once),
        "yearly": in_all(totals.yearly),
        "explanations": [
            (names[item.key], _detail(item, indication), _explanation(item, indication, texts)) for _, item in parts
        ],
        "remarks": [*_remarks(indication, basis, texts)],
        "choices": chosen,
        "not_given": ", ".join(not_given),
        "years": [_year(year) for year in indication.years],
        "all_years": _all_years(indication.years),
        "scenarios": [
            (heading, rows) for heading, rows in (("", known), ("Met een post zonder bedrag (p.m.)", unknown)) if rows
        ],
        "already_live": texts.say("gedeeld.begeleiding_gedaan") if choices.phase is Phase.LIVE else "",
        "accountability": _accountability(choices, basis, texts),
    }


# --- The answer -------------------------------------------------------------------------------------------------------


def _answer(indication: Indication, texts: Texts) -> Markdown:
    """What it costs in the first year, per year after that and over all years, in sentences."""
    totals, years, period = indication.totals, indication.years, _period(indication)
    name, later = indication.choices.municipality.name, [year.total for year in years[1:]]
    if totals.first_year.unquantified and totals.horizon.unquantified:
        return sentence(texts, "samenvatting.niets_bekend", naam=name, periode=period)

    def said(known: str, unknown: str, amount: Amount, **values: object) -> Markdown:
        key = unknown if amount.unquantified else known
        return sentence(texts, key, bedrag=in_all(rounded(amount)), **values)

    first = {"naam": name, "jaar": str(years[0].year)}
    answer = [said("samenvatting.eerste_jaar", "samenvatting.eerste_jaar_onbekend", totals.first_year, **first)]
    if later:
        if len(set(later)) == 1:
            answer.append(said("samenvatting.daarna", "samenvatting.daarna_onbekend", later[0]))
        else:
            year = str(years[1].year)
            answer.append(said("samenvatting.verschilt", "samenvatting.verschilt_onbekend", later[0], jaar=year))
        answer.append(said("samenvatting.samen", "samenvatting.samen_onbekend", totals.horizon, periode=period))
    return Markdown(" ".join(answer))


def _period(indication: Indication) -> str:
    """The years of the projection: `2026 t/m 2030`."""
    years = indication.assumptions.years
    return f"{years[0]} t/m {years[-1]}" if len(years) > 1 else str(years[0])


def _remarks(indication: Indication, basis: ReferenceData, texts: Texts) -> Iterator[str]:
    """What to know besides the amounts: the size class, what was found, what intake doubted, a share per inhabitant."""
    choices, assumptions, per_inhabitant = indication.choices, indication.assumptions, indication.totals.per_inhabitant
    own = choices.inhabitants is not None
    yield texts.say(
        "samenvatting.klasse_eigen_inwoners" if own else "samenvatting.klasse",
        klasse=assumptions.size_class.dutch,
        aantal=number(assumptions.inhabitants),
        datum=day(basis.register_date),
    )
    yield prices(indication, texts)
    yield from map(texts.remark, indication.remarks)
    yield from choices.warnings
    if choices.guidance is Guidance.EXTERNAL and choices.hours is None and _applies(indication, GUIDANCE):
        yield texts.say("gedeeld.ervaringscijfer", uren=number(assumptions.hours))
    if not per_inhabitant.pro_memorie:
        yield sentence(texts, "samenvatting.per_inwoner", bedrag=in_all(per_inhabitant))


def _applies(indication: Indication, item: Item) -> bool:
    return indication.line(item).applies


# --- What it consists of ----------------------------------------------------------------------------------------------


def _shown(line: CostLine, item: Item, choices: Choices) -> bool:
    """Whether an item has a row: it is there, or would be always if the municipality were not live."""
    return line.applies or (not item.by_choice and choices.already_has(item))


def _amounts(line: CostLine, item: Item) -> tuple[str, str]:
    """What an item costs once, and per year; one of both is empty."""
    amount = euros(line.amount) if line.applies else ALREADY_LIVE.replace(" ", HARD_SPACE)
    return (amount, "") if item.period is Period.ONCE else ("", amount)


def _source(line: CostLine, item: Item, indication: Indication, basis: ReferenceData, texts: Texts) -> str:
    """What the amount of an item rests on."""
    return origin(item, indication, basis.tariff, texts) if line.applies else ""


def _detail(item: Item, indication: Indication) -> str:
    """What was chosen of an item, and what its amount is made of, in a few words."""
    choices, assumptions = indication.choices, indication.assumptions
    if choices.already_has(item):
        return ""
    match item.key:
        case GUIDANCE.key if choices.guidance is Guidance.EXTERNAL:
            rate = euros(Amount.exactly(assumptions.hourly_rate))
            return Markdown(f"extern, {number(assumptions.hours)}{HARD_SPACE}uur × {rate}")
        case GUIDANCE.key:
            return choices.guidance.dutch
        case HOSTING.key:
            return choices.hosting.dutch
        case CONTRIBUTION.key if choices.contribution is Contribution.FINANCIAL:
            return f"financieel, klasse {assumptions.size_class.dutch}"
        case CONTRIBUTION.key:
            return choices.contribution.dutch
    return ""


def _explanation(item: Item, indication: Indication, texts: Texts) -> str:
    """What an item is; for a choice, what the chosen option is, or why nothing is paid for it."""
    choices = indication.choices
    if choices.already_has(item):
        return texts.say("gedeeld.al_live")
    if has_lapsed(item, indication):
        return texts.say("gedeeld.vervallen")
    match item.key:
        case GUIDANCE.key:
            return texts.options[choices.guidance]
        case HOSTING.key:
            return texts.options[choices.hosting]
        case CONTRIBUTION.key:
            return texts.options[choices.contribution]
    return texts.of(item).explanation


# --- Choices ----------------------------------------------------------------------------------------------------------


def _choices(
    indication: Indication, items: Sequence[Item], texts: Texts
) -> tuple[list[tuple[str, str, str]], list[str]]:
    """What the municipality chose and said and what follows, with the column of the delivery, but not whom to ask.

    Of what it did not say only the columns.
    """
    choices, assumptions = indication.choices, indication.assumptions
    external, alternative = choices.guidance is Guidance.EXTERNAL, choices.contribution is Contribution.ALTERNATIVE
    answers = dict(choices.answers)
    rows: list[tuple[str, str, str]] = [
        ("Begeleiding", choices.guidance.dutch, "begeleiding"),
        *([("Uren begeleiding", _hours(indication), "begeleidingsuren")] if external or choices.hours else []),
        ("Hosting", choices.hosting.dutch, "hosting"),
        ("Bijdrage", choices.contribution.dutch, "bijdrage"),
        ("Toelichting op de bijdrage", choices.contribution_note, "bijdrage_toelichting"),
        *([("Alternatief afgestemd", yes_no(choices.agreed), "afgestemd")] if alternative else []),
        *(
            (
                f"Eigen raming {in_a_sentence(texts.of(item).name)}, {item.period.dutch}",
                euros(amount),
                f"{item.word}_laag, {item.word}_hoog",
            )
            for item in items
            if (amount := dict(choices.estimates).get(item.word)) is not None
        ),
        ("Inzet in natura", ", ".join(kind.dutch for kind in choices.in_kind), "in_natura"),
        ("Functionaliteit van de backlog", choices.backlog, "backlog"),
        *(
            (texts.of(item).name, yes_no(answers[item.word]) if item.word in answers else "", item.word)
            for item in items
            if item.has_column
        ),
        ("Fase", choices.phase.dutch if choices.phase else "", "fase"),
        ("Eerste jaar", f"{assumptions.start_year}{_since(choices.start_year, 'volgens de peildatum')}", "startjaar"),
        ("Grootteklasse", f"{assumptions.size_class.dutch}{_since(choices.size_class)}", "grootteklasse"),
        ("Inwoners", Markdown(f"{number(assumptions.inhabitants)}{_since(choices.inhabitants)}"), "inwoners"),
    ]
    return [row for row in rows if row[1]], [column for _, said, column in rows if not said]


def _since(own: object, otherwise: str = "") -> str:
    """Whether the municipality said so itself, or else what it follows from."""
    said = otherwise if own is None else "ingevuld"
    return f" ({said})" if said else ""


def _hours(indication: Indication) -> Markdown:
    hours, rate = indication.assumptions.hours, indication.assumptions.hourly_rate
    by_tariff = " (volgens het tarief)" if indication.choices.hours is None else ""
    return Markdown(f"{number(hours)}{HARD_SPACE}uur × {euros(Amount.exactly(rate))}{by_tariff}")


# --- Years and scenarios ----------------------------------------------------------------------------------------------


def _year(year: Year) -> tuple[str, ...]:
    return (str(year.year), *_parts(year.once, year.running, year.contribution, year.total))


def _all_years(years: Sequence[Year]) -> tuple[Markdown, ...]:
    """The parts of the projection and its whole, each over all years."""
    by_part = zip(*((year.once, year.running, year.contribution, year.total) for year in years), strict=True)
    return _parts(*map(total, by_part))


def _parts(once: Amount, running: Amount, contribution: Amount, everything: Amount) -> tuple[Markdown, ...]:
    """What is paid in a year or in all; the contribution is one item, the others are totals."""
    return in_all(once), in_all(running), euros(contribution), in_all(everything)


def _scenarios(scenarios: Sequence[Scenario]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """The combinations of which all is known, and those that miss an amount; each with its words and totals."""
    parted: tuple[list[tuple[str, ...]], list[tuple[str, ...]]] = ([], [])
    for scenario in scenarios:
        totals = scenario.totals
        combination = " · ".join(each.dutch for each in (scenario.guidance, scenario.hosting, scenario.contribution))
        row = (
            Markdown(f"**{combination}** (gekozen)") if scenario.chosen else combination,
            *map(in_all, (totals.once, totals.yearly, totals.horizon)),
        )
        parted[totals.horizon.pro_memorie].append(row)
    return parted


def _accountability(choices: Choices, basis: ReferenceData, texts: Texts) -> list[tuple[str, str]]:
    """Where the data come from; the labels are those of the workbook."""
    municipality = choices.municipality
    return [
        (texts.say("verantwoording.gemeentecode"), municipality.code),
        (texts.say("verantwoording.provincie"), municipality.province),
        (texts.say("verantwoording.register"), number(municipality.inhabitants)),
        (texts.say("verantwoording.inwoners"), f"{day(basis.register_date)}, {basis.register_source}"),
        (texts.say("verantwoording.aangeleverd"), choices.origin.in_words),
        (texts.say("verantwoording.vervangt"), "; ".join(each.in_words for each in choices.replaces) or "nee"),
        (texts.say("verantwoording.tarief"), day(basis.tariff.valid_from)),
        (texts.say("verantwoording.versie"), basis.version),
    ]
