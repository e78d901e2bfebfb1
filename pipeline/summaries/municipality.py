"""What the template of a municipality's summary shows: words and rows, from its indication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.amounts import Amount, total
from pipeline.attention import in_words
from pipeline.choices import Choices, Contribution, Guidance
from pipeline.indication import Indication, Scenario, Year
from pipeline.items import CONTRIBUTION, GUIDANCE, HOSTING, RULED, Item, Period
from pipeline.results import Basis
from pipeline.summaries.markdown import Markdown, day, euros, link, number
from pipeline.summaries.premises import premises, premises_in_words
from pipeline.texts import Texts, in_a_sentence

NOT_GIVEN = "geen opgave"
ANSWERS = {None: NOT_GIVEN, True: "ja", False: "nee"}


def show_municipality(indication: Indication, basis: Basis, texts: Texts) -> dict[str, Any]:
    """The names that the template may use, each with what it shows."""
    choices, totals, assumptions = indication.choices, indication.totals, indication.assumptions
    municipality = choices.municipality
    later = indication.years[1:]
    items = {item.key: item for item in basis.tariff.items}
    names = {key: texts.of(item).name for key, item in items.items()}
    return {
        "name": municipality.name,
        "purpose": texts.purpose,
        "steering_group": texts.steering_group,
        "organisation": texts.organisation,
        "workbook": link(f"{municipality.stem}.xlsx", f"{municipality.stem}.xlsx"),
        "first_year": euros(totals.first_year),
        "first_year_unquantified": totals.first_year.unquantified,
        "later": euros(_span(year.total for year in later)) if later else "",
        "later_differs": len({year.total for year in later}) > 1,
        "total": euros(totals.horizon),
        "horizon": assumptions.horizon,
        "missing": ", ".join(names[key] for key in indication.pro_memorie),
        "figures": [
            ("Eenmalig", euros(totals.once), "Wat in het eerste jaar één keer wordt betaald."),
            ("Jaarlijks", euros(totals.yearly), "Wat elk jaar terugkomt, op het prijspeil van het eerste jaar."),
            ("Eerste jaar", euros(totals.first_year), "Eenmalig en jaarlijks samen."),
            (
                f"Looptijd van {assumptions.horizon} jaar",
                euros(totals.horizon),
                "Alle jaren van de meerjarenraming samen.",
            ),
            (
                "Per inwoner per jaar",
                euros(totals.per_inhabitant),
                "Jaarlijks, gedeeld door het aantal inwoners.",
            ),
        ],
        "choices": _choices(indication, [(names[key], item) for key, item in items.items() if item.has_column]),
        "other_running": [
            in_a_sentence(names[key])
            for key, item in items.items()
            if item.period is Period.YEARLY and item not in RULED and not item.elsewhere
        ],
        "lines": [
            (
                names[line.item],
                line.period.dutch,
                euros(line.amount) if line.applies else "n.v.t.",
                _explanation(items[line.item], choices, texts),
            )
            for line in indication.lines
        ],
        "years": [_year(year) for year in indication.years],
        "all_years": _all_years(indication.years),
        "scenarios": [_scenario(scenario) for scenario in indication.scenarios],
        "premises": premises(basis),
        "premises_in_words": premises_in_words(basis),
        "remarks": [texts.remark(remark) for remark in indication.remarks],
        "accountability": _accountability(choices, basis),
    }


def _span(amounts: Iterable[Amount]) -> Amount:
    """From the lowest to the highest of amounts that differ."""
    known = list(amounts)
    return Amount(min(a.low for a in known), max(a.high for a in known), any(a.pro_memorie for a in known))


def _explanation(item: Item, choices: Choices, texts: Texts) -> str:
    """What an item is; for a choice, what the chosen option is."""
    match item.key:
        case GUIDANCE.key:
            return texts.options[choices.guidance]
        case HOSTING.key:
            return texts.options[choices.hosting]
        case CONTRIBUTION.key:
            return texts.options[choices.contribution]
        case _:
            return texts.of(item).explanation


def _choices(indication: Indication, by_choice: Iterable[tuple[str, Item]]) -> list[tuple[str, str, str]]:
    """What the municipality chose and said, with the column of the delivery, and what follows; but not whom to ask."""
    choices, assumptions = indication.choices, indication.assumptions
    rows: list[tuple[str, str, str]] = [("Begeleiding", "begeleiding", choices.guidance.dutch)]
    if choices.guidance is Guidance.EXTERNAL:
        hours = f"{number(assumptions.hours)} uur à {euros(Amount.exactly(assumptions.hourly_rate))}"
        rows.append(("Uren begeleiding", "begeleidingsuren", Markdown(hours)))
    rows.append(("Hosting", "hosting", choices.hosting.dutch))
    if choices.hosting_estimate is not None:
        rows.append(("Eigen raming hosting, per jaar", "hosting_laag, hosting_hoog", euros(choices.hosting_estimate)))
    rows += [
        ("Bijdrage", "bijdrage", choices.contribution.dutch),
        ("Toelichting op de bijdrage", "bijdrage_toelichting", choices.contribution_note),
    ]
    if choices.contribution is Contribution.ALTERNATIVE:
        rows.append(("Alternatief afgestemd", "afgestemd", ANSWERS[choices.agreed]))
    answers = dict(choices.answers)
    rows += [
        ("Inzet in natura", "in_natura", ", ".join(kind.dutch for kind in choices.in_kind) or "nee"),
        ("Functionaliteit van de backlog", "backlog", choices.backlog or "nee"),
        *((name, item.word, ANSWERS[answers.get(item.word)]) for name, item in by_choice),
        ("Fase", "fase", choices.phase.dutch if choices.phase else ""),
        ("Eerste jaar", "startjaar", str(assumptions.start_year)),
        ("Grootteklasse", "grootteklasse", assumptions.size_class.value),
        ("Inwoners", "inwoners", number(assumptions.inhabitants)),
    ]
    return [(label, column, text or NOT_GIVEN) for label, column, text in rows]


def _year(year: Year) -> tuple[str, ...]:
    return (str(year.year), *map(euros, (year.once, year.running, year.contribution, year.total)))


def _all_years(years: Sequence[Year]) -> tuple[Markdown, ...]:
    """The parts of the projection and its whole, each over all years."""
    by_part = zip(*((year.once, year.running, year.contribution, year.total) for year in years), strict=True)
    return tuple(euros(total(part)) for part in by_part)


def _scenario(scenario: Scenario) -> tuple[str, ...]:
    totals = scenario.totals
    return (
        scenario.guidance.dutch,
        scenario.hosting.dutch,
        scenario.contribution.dutch,
        *map(euros, (totals.once, totals.yearly, totals.first_year, totals.horizon)),
        "gekozen" if scenario.chosen else "nee",
    )


def _accountability(choices: Choices, basis: Basis) -> list[tuple[str, str]]:
    municipality = choices.municipality
    return [
        ("Gemeentecode", municipality.code),
        ("Provincie", municipality.province),
        ("Inwoners volgens het register", number(municipality.inhabitants)),
        ("Peildatum en bron van de inwoners", f"{day(basis.register_date)}, {basis.register_source}"),
        ("Aangeleverd in", in_words(choices.origin)),
        ("Vervangt eerdere aanlevering", "; ".join(map(in_words, choices.replaces)) or "nee"),
        ("Tarief geldt sinds", day(basis.tariff.valid_from)),
        ("Versie van kostenindicatie", basis.version),
    ]
