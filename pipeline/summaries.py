"""Markdown: a summary per municipality and one for the steering group, from the templates in `templates/`.

Python prepares what a template shows as plain words and rows; a template only places them. Every text that comes
from outside arrives literally, whatever Markdown or HTML it looks like: that is the default for all that a
template prints.
"""

from __future__ import annotations

import re
import traceback
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.amounts import Amount, total
from pipeline.choices import Choices, Contribution, Guidance
from pipeline.errors import TextsError
from pipeline.indication import Indication, Item, Period, Scenario, Year
from pipeline.overview import KEY_FIGURES, TOTAL, Attention, Overview, Point, in_words
from pipeline.results import Basis, NamedFigure, named_figures
from pipeline.texts import Texts

if TYPE_CHECKING:
    import jinja2

MUNICIPALITY = "gemeente.md.j2"
STEERING_GROUP = "stuurgroep.md.j2"
NOT_GIVEN = "geen opgave"


@dataclass(frozen=True, slots=True)
class Summaries:
    """The templates and texts from which summaries are made; plain data, so that it can go to another process."""

    folder: str
    sources: tuple[tuple[str, str], ...]
    texts: Texts

    def indication(self, indication: Indication, basis: Basis) -> str:
        """The summary of one municipality.

        Raises:
            TextsError: if the template is broken.
        """
        return self._render(MUNICIPALITY, _indication_view(indication, basis, self.texts))

    def overview(self, overview: Overview, basis: Basis) -> str:
        """The summary for the steering group.

        Raises:
            TextsError: if the template is broken.
        """
        return self._render(STEERING_GROUP, _overview_view(overview, basis, self.texts))

    def _render(self, name: str, view: Mapping[str, Any]) -> str:
        """Fill in one template; blank lines are single and the text ends in one newline."""
        environment = _environment(self.folder, self.sources)
        try:
            text = environment.get_template(name).render(view)
        except _template_errors() as error:
            raise _broken(self.folder, name, error) from error
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def read_templates(folder: Path, texts: Texts) -> Summaries:
    """Read the Markdown templates (`*.md.j2`) from a folder.

    Raises:
        TextsError: if a template is missing, cannot be read or is not a valid template; it names file and line.
    """
    sources = {}
    try:
        for path in sorted(folder.glob("*.md.j2")):
            sources[path.name] = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TextsError(f"{path}: cannot be read ({error}); save it as UTF-8.") from error
    missing = [name for name in (MUNICIPALITY, STEERING_GROUP) if name not in sources]
    if missing:
        raise TextsError("\n".join(f"{folder / name}: is missing; put the template back." for name in missing))
    summaries = Summaries(str(folder), tuple(sources.items()), texts)
    environment = _environment(summaries.folder, summaries.sources)
    for name in sources:
        try:
            environment.get_template(name)
        except _template_errors() as error:
            raise _broken(summaries.folder, name, error) from error
    return summaries


# --- Templates --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _environment(folder: str, sources: tuple[tuple[str, str], ...]) -> jinja2.Environment:
    """The templates, made ready once; what they print is escaped unless it is `Markdown`."""
    import jinja2

    by_name = dict(sources)

    def load(name: str) -> tuple[str, str, Any] | None:
        return (by_name[name], str(Path(folder, name)), None) if name in by_name else None

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def _template_errors() -> tuple[type[Exception], ...]:
    """What a broken template raises: Jinja's own errors, and what its expressions do to values."""
    import jinja2

    return (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError)


def _broken(folder: str, name: str, error: Exception) -> TextsError:
    """The sentence about a broken template, with the deepest line that is in a template."""
    import jinja2

    if isinstance(error, jinja2.TemplateSyntaxError):
        place = (error.filename or str(Path(folder, name)), error.lineno)
    else:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
        place = (frames[-1].filename, frames[-1].lineno or 1) if frames else (str(Path(folder, name)), 1)
    return TextsError(f"{place[0]}: line {place[1]}: {error}; mend the template.")


# --- Markdown ---------------------------------------------------------------------------------------------------------


class Markdown(str):
    """Text that is Markdown already, made by us; a template prints it as it is."""

    __slots__ = ()


def escape(text: str) -> Markdown:
    r"""Markdown that shows a text literally, on one line, anywhere in a paragraph or a table.

    Escaped is what could act: markup anywhere, list and heading marks at the start, and what GitHub would make a
    link of. Control characters, and those that turn or hide text, become a visible mark.

    >>> escape("*Bel* www.x.nl | <b>")
    '\\*Bel\\* www\\.x\\.nl \\| \\<b>'
    """
    literal = "".join("\N{REPLACEMENT CHARACTER}" if _hidden(c) else c for c in " ".join(text.split()))
    return Markdown(_STARTS_BLOCK.sub(r"\1\\\2", _ACTS.sub(r"\\\g<0>", literal)))


# Markup anywhere; "&" before what may be an entity; ":", "." and "@" where they would make a link.
_ACTS = re.compile(r"[\\`*_\[\]{}<|~#$]|&(?=[#\w])|(?<=\w):(?=\S)|(?<=\w)\.(?=[^\W\d_]{2})|(?<=\S)@(?=\w)")
_STARTS_BLOCK = re.compile(r"^(\d*)([>+=.)-])")


def _hidden(character: str) -> bool:
    """Whether a character does something other than show itself; a soft hyphen and a joiner are innocent."""
    return unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"} and character not in "\u00ad\u200d"


def _finalize(value: object) -> str:
    """What a template prints for a value."""
    return value if isinstance(value, Markdown) else escape(str(value))


def euros(amount: Amount) -> Markdown:
    """An amount as Dutch readers write it: `EUR 10.000 – 20.000 + p.m.`; wholly unquantified it is `p.m.`."""
    if amount.unquantified:
        return Markdown("p.m.")
    whole = all(bound == bound.to_integral_value() for bound in (amount.low, amount.high))
    bounds = [_number(bound, 0 if whole else 2) for bound in dict.fromkeys((amount.low, amount.high))]
    return Markdown(f"EUR {' – '.join(bounds)}{' + p.m.' if amount.pro_memorie else ''}")


def number(value: Decimal | int) -> Markdown:
    """A number as Dutch readers write it, without decimals that say nothing."""
    decimals = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    return Markdown(_number(Decimal(value), decimals))


def _number(value: Decimal, decimals: int) -> str:
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def day(value: date) -> Markdown:
    """A date in Dutch: `22 juli 2024`."""
    return Markdown(f"{value.day} {_MONTHS[value.month - 1]} {value.year}")


_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


def link(text: str, target: str) -> Markdown:
    """A link to one of our own files, whose names are plain ASCII."""
    return Markdown(f"[{escape(text)}]({target})")


# --- What the municipality's template shows ---------------------------------------------------------------------------


def _indication_view(indication: Indication, basis: Basis, texts: Texts) -> dict[str, Any]:
    choices, totals, assumptions = indication.choices, indication.totals, indication.assumptions
    municipality = choices.municipality
    later = indication.years[1:]
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
        "missing": ", ".join(texts.names[item] for item in indication.pro_memorie),
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
        "choices": _choices(indication),
        "lines": [
            (
                texts.names[line.item],
                "eenmalig" if line.period is Period.ONCE else "jaarlijks",
                euros(line.amount),
                _explanation(line.item, choices, texts),
            )
            for line in indication.lines
        ],
        "years": [_year(year) for year in indication.years],
        "all_years": _all_years(indication.years),
        "scenarios": [_scenario(scenario) for scenario in indication.scenarios],
        "premises": _premises(basis),
        "premises_in_words": _premises_in_words(basis),
        "remarks": [texts.remark(remark) for remark in indication.remarks],
        "accountability": _accountability(choices, basis),
    }


def _span(amounts: Iterable[Amount]) -> Amount:
    """From the lowest to the highest of amounts that differ."""
    known = list(amounts)
    return Amount(min(a.low for a in known), max(a.high for a in known), any(a.pro_memorie for a in known))


def _explanation(item: Item, choices: Choices, texts: Texts) -> str:
    """What an item is; for a choice, what the chosen option is."""
    match item:
        case Item.GUIDANCE:
            return texts.options[choices.guidance]
        case Item.HOSTING:
            return texts.options[choices.hosting]
        case Item.CONTRIBUTION:
            return texts.options[choices.contribution]
        case _:
            return texts.explanations[item]


def _choices(indication: Indication) -> list[tuple[str, str]]:
    """What the municipality chose and said, and the numbers that follow from it."""
    choices, assumptions = indication.choices, indication.assumptions
    rows: list[tuple[str, str]] = [("Begeleiding", choices.guidance.dutch)]
    if choices.guidance is Guidance.EXTERNAL:
        hours = f"{number(assumptions.hours)} uur à {euros(Amount.exactly(assumptions.hourly_rate))}"
        rows.append(("Uren begeleiding", Markdown(hours)))
    rows.append(("Hosting", choices.hosting.dutch))
    if choices.hosting_estimate is not None:
        rows.append(("Eigen raming hosting, per jaar", euros(choices.hosting_estimate)))
    rows += [("Bijdrage", choices.contribution.dutch), ("Toelichting op de bijdrage", choices.contribution_note)]
    if choices.contribution is Contribution.ALTERNATIVE:
        rows.append(("Alternatief afgestemd", {None: NOT_GIVEN, True: "ja", False: "nee"}[choices.agreed]))
    rows += [
        ("Inzet in natura", ", ".join(kind.dutch for kind in choices.in_kind) or "nee"),
        ("Functionaliteit van de backlog", choices.backlog or "nee"),
        ("Fase", choices.phase.dutch if choices.phase else ""),
        ("Eerste jaar", str(assumptions.start_year)),
        ("Grootteklasse", assumptions.size_class.value),
        ("Inwoners", number(assumptions.inhabitants)),
        ("Contact", choices.contact),
    ]
    return [(label, text or NOT_GIVEN) for label, text in rows]


def _year(year: Year) -> tuple[str, ...]:
    return (str(year.year), *map(euros, (year.once, year.running, year.contribution, year.total)))


def _all_years(years: Sequence[Year]) -> tuple[Markdown, ...]:
    """The parts of the projection and its whole, each over all years."""
    parts = (
        [y.once for y in years],
        [y.running for y in years],
        [y.contribution for y in years],
        [y.total for y in years],
    )
    return tuple(euros(total(part)) for part in parts)


def _scenario(scenario: Scenario) -> tuple[str, ...]:
    totals = scenario.totals
    return (
        scenario.guidance.dutch,
        scenario.hosting.dutch,
        scenario.contribution.dutch,
        *map(euros, (totals.once, totals.yearly, totals.first_year, totals.horizon)),
        "gekozen" if scenario.chosen else "nee",
    )


def _premises(basis: Basis) -> list[tuple[str, ...]]:
    """Each figure of the tariff, and the G4 list, with unit, provenance, date and source."""
    g4 = basis.tariff.g4
    return [
        *((f.label, _figure(f), f.unit, f.provenance, day(f.dated), f.source) for f in named_figures(basis.tariff)),
        ("G4", ", ".join(sorted(g4.codes)), "gemeentecodes", g4.provenance, day(g4.dated), g4.source),
    ]


def _figure(figure: NamedFigure) -> Markdown:
    """The value of a figure; a calendar year has no thousands."""
    if figure.unit == "jaartal":
        return Markdown(str(int(figure.low)))
    return Markdown(" – ".join(dict.fromkeys((number(figure.low), number(figure.high)))))


def _premises_in_words(basis: Basis) -> list[tuple[str, ...]]:
    return [(p.subject, p.text, p.provenance, day(p.dated)) for p in basis.tariff.premises]


def _accountability(choices: Choices, basis: Basis) -> list[tuple[str, str]]:
    municipality = choices.municipality
    return [
        ("Gemeentecode", municipality.code),
        ("Provincie", municipality.province),
        ("Inwoners volgens het register", number(municipality.inhabitants)),
        ("Peildatum en bron van de inwoners", f"{day(basis.register_date)}, {basis.register_source}"),
        ("Aangeleverd in", in_words(choices.origin)),
        ("Vervangt eerdere aanlevering", "; ".join(map(in_words, choices.replaces)) or "nee"),
        ("Tarief geldig vanaf", day(basis.tariff.valid_from)),
        ("Versie van kostenindicatie", basis.version),
    ]


# --- What the steering group's template shows -------------------------------------------------------------------------


def _overview_view(overview: Overview, basis: Basis, texts: Texts) -> dict[str, Any]:
    everything = overview.by_class.loc[TOTAL]
    contributions = overview.contributions.loc[TOTAL]
    return {
        "steering_group": texts.steering_group,
        "organisation": texts.organisation,
        "purpose": texts.purpose,
        "horizon": int(basis.tariff.horizon.value),
        "municipality_count": number(len(overview.municipalities)),
        "incomplete_count": number(int(everything["incomplete"])),
        "once": euros(everything["once"]),
        "yearly": euros(everything["yearly"]),
        "first_year": euros(everything["first_year"]),
        "horizon_total": euros(everything["horizon"]),
        "financial_count": number(int(contributions["financial"])),
        "financial_euros": euros(contributions["euros"]),
        "not_agreed_count": number(int(contributions["not_agreed"])),
        "rejected_count": number(len(overview.about(Attention.REJECTED))),
        "by_class": _groups(overview.by_class),
        "by_phase": _groups(overview.by_phase),
        "contributions": [
            (
                row.Index,
                *(number(n) for n in (row.municipalities, row.financial)),
                euros(row.euros),
                *(number(n) for n in (row.agreed, row.not_agreed, row.none)),
            )
            for row in overview.contributions.itertuples()
        ],
        "not_agreed": [
            (*_place(p), p.about or NOT_GIVEN, *_asked(p, texts)) for p in overview.about(Attention.NOT_AGREED)
        ],
        "rejected": [
            (*_place(p), p.about, *_asked(p, texts))
            for kind in (Attention.REJECTED, Attention.UNREADABLE)
            for p in overview.about(kind)
        ],
        "warnings": [(*_place(p), p.about, *_asked(p, texts)) for p in overview.about(Attention.WARNING)],
        "replaced": [(*_place(p), p.about, *_asked(p, texts)) for p in overview.about(Attention.REPLACED)],
        "unquantified": [
            (texts.names[item], number(count), *_asked(_example(overview, item), texts))
            for item, count in overview.unquantified.items()
        ],
        "municipalities": [_municipality(row) for row in overview.municipalities.itertuples()],
        "deliveries": [
            (d.name, *(number(n) for n in (d.rows, d.accepted, d.replaced, d.rejected))) for d in overview.deliveries
        ],
        "premises": _premises(basis),
        "premises_in_words": _premises_in_words(basis),
        "accountability": [
            ("Peildatum en bron van de inwoners", f"{day(basis.register_date)}, {basis.register_source}"),
            ("Tarief geldig vanaf", day(basis.tariff.valid_from)),
            ("Versie van kostenindicatie", basis.version),
        ],
    }


def _groups(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """A row per group: its name, how many municipalities, how many of them with p.m., and the key figures."""
    return [
        (
            str(label),
            number(int(row["municipalities"])),
            number(int(row["incomplete"])),
            *(euros(row[figure]) if row["municipalities"] else "n.v.t." for figure in KEY_FIGURES),
        )
        for label, row in frame.iterrows()
    ]


def _place(point: Point) -> tuple[str, str]:
    """Which municipality it is about, and where that stands in the deliveries."""
    where = point.file if point.line is None else f"{point.file}, regel {point.line}"
    return point.municipality or "onbekend", where


def _asked(point: Point, texts: Texts) -> tuple[str, str]:
    return point.whom(texts), point.asked


def _example(overview: Overview, item: Item) -> Point:
    """A point about an item without amount; what is asked is the same for each municipality."""
    return next(point for point in overview.about(Attention.PRO_MEMORIE) if point.item is item)


def _municipality(row: Any) -> tuple[str, ...]:
    """One municipality with its choices, amounts and files."""
    return (
        link(row.name, f"gemeenten/{row.stem}.md"),
        row.size_class,
        row.phase,
        row.guidance,
        row.hosting,
        row.contribution,
        *map(euros, (row.once, row.yearly, row.first_year, row.horizon, row.per_inhabitant)),
        ", ".join(row.in_kind) or "nee",
        link(f"{row.stem}.xlsx", f"gemeenten/{row.stem}.xlsx"),
    )
