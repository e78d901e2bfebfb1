"""Every cost item with its range and its explanation, and the totals."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from pipeline.documents.workbooks.cells import Calculated, Cell, Fixed, Given
from pipeline.documents.workbooks.formulas import ends, marked, plus, status, summed
from pipeline.documents.workbooks.municipality.lines import (
    LAPSED,
    LIVE,
    OPTIONS,
    chosen,
    chosen_by,
    incomplete,
    line_name,
    line_names,
    option_cell,
    there,
    unless_estimated,
    unless_live,
)
from pipeline.documents.workbooks.sheets import Block, Table, headed, note
from pipeline.documents.workbooks.styles import NIL, Style
from pipeline.documents.workbooks.words import NO, YES, yes_no
from pipeline.model.amounts import Amount
from pipeline.model.form import BEGIN
from pipeline.model.indication import Indication
from pipeline.model.items import CONTRIBUTION, SOFTWARE, Item, Period
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts


def costs(tariff: Tariff, texts: Texts, more: Sequence[Sequence[Cell]]) -> list[Block]:
    """A table with a line for each cost item and one for each total; and `more` below it, which is not printed."""
    lines = [
        (
            Fixed(texts.of(item).name, name=f"post_{line_name(item)}"),
            _choice(item),
            Fixed(item.period.dutch),
            *_amount(item),
            _explanation(item, texts),
            _missed_at_first(item),
        )
        for item in tariff.items
    ]
    totals = _totals(tariff)
    columns = {"Kostenpost": 27, "Keuze": 17, "Wanneer": 17, **dict.fromkeys(("Laag", "Hoog", "P.m."), 18)}
    columns |= {"Uitleg": 58, "P.m. eerst": 12}
    rows = [*lines, *((*cells, Fixed(NIL)) for cells in totals)]
    printed = len(rows)
    return [
        note(texts.say("berekening.posten")),
        Table(
            "Kosten",
            headed(columns),
            [*rows, *more],
            strong=range(len(lines), printed),
            totals={"": "P.m."},
            on_paper=printed,
        ),
    ]


def _missed_at_first(item: Item) -> Given:
    """Whether the item was p.m. when the workbook was made."""
    return Given(lambda of: status(of.line(item).amount), Style.STATUS, f"{BEGIN}{line_name(item)}_pm")


def _choice(item: Item) -> Cell:
    """The option that decides the item, whether it is there, or that it always is."""
    if item in OPTIONS:
        return Calculated(chosen_by(item), lambda indication: chosen(item, indication.choices).dutch, Style.TEXT)
    if item.by_choice:
        return Calculated(
            f'IF({there(item)},"{YES}","{NO}")', lambda indication: yes_no(indication.line(item).applies), Style.TEXT
        )
    return Fixed("opensource" if item == SOFTWARE else "altijd")


def _amount(item: Item) -> list[Calculated]:
    """The low, high and p.m. cell of an item: by its own rule, or by what the tariff declares."""
    name, look = line_name(item), Style.EURO_OR_NIL if item.set_up else Style.EURO
    if item == SOFTWARE:
        formula = "software"
    elif item in OPTIONS:
        formula = option_cell("@", item, chosen_by(item))
    else:
        unknown = item.amount is None or item.amount.pro_memorie
        formula = unless_live(item, unless_estimated(item, "tekst_pm" if unknown else f"{item.figure}_@"))
        if item.by_choice:
            formula, look = f"IF({there(item)},{formula},0)", Style.EURO_OR_NIL

    def amount(indication: Indication) -> Amount:
        return indication.line(item).amount

    return [
        *ends(formula, amount, look, name),
        marked(f"IF(ISTEXT({name}_laag),tekst_pm,tekst_volledig)", amount, name),
    ]


def _explanation(item: Item, texts: Texts) -> Cell:
    """What the item is, or the chosen option; of a contribution that has lapsed, that it has."""
    if item not in OPTIONS:
        return Fixed(texts.of(item).explanation)

    live_now, lapsed_now = texts.say("gedeeld.al_live"), texts.say("gedeeld.vervallen")

    def explained(indication: Indication) -> str:
        assumed = indication.assumptions
        if indication.choices.already_has(item):
            return live_now
        if item == CONTRIBUTION and not assumed.contributes_in(assumed.start_year):
            return lapsed_now
        return texts.options[chosen(item, indication.choices)]

    formula = option_cell("uitleg", item, chosen_by(item))
    if item == CONTRIBUTION:
        formula = f'IF({LAPSED},"{lapsed_now}",{formula})'
    if item.set_up:
        formula = f'IF({LIVE},"{live_now}",{formula})'
    longest = max(len(texts.options[option]) for option in OPTIONS[item])
    return Calculated(formula, explained, Style.TEXT, longest=longest)


def _totals(tariff: Tariff) -> list[tuple[Cell, ...]]:
    """A row for each total."""
    once, yearly = (line_names(tariff, period) for period in Period)
    at_first = "Alle jaarlijkse posten samen, op het prijspeil van het eerste jaar."
    years, in_all = int(tariff.horizon.value), "Alle jaren van de meerjarenraming samen."
    return [
        _total("eenmalig", "eenmalig", once, "once", "Alle eenmalige posten samen."),
        _total("jaarlijks", "jaarlijks", yearly, "yearly", at_first),
        _total("eerste jaar", "eerste jaar", ["eenmalig", "jaarlijks"], "first_year", "Eenmalig en jaarlijks samen."),
        _total("looptijd", f"{years} jaar", ["eerste_jaar"], "horizon", in_all, "SUM(jaren_@)"),
        _per_inhabitant(),
    ]


def _per_inhabitant() -> tuple[Cell, ...]:
    formula, missing = "ROUND(N(jaarlijks_@)/inwoners,2)", "jaarlijks_pm<>tekst_volledig"
    amounts = summed("per_inwoner", formula, missing, attrgetter("totals.per_inhabitant"), Style.CENT)
    what = "Alle jaarlijkse posten samen, gedeeld door de inwoners."
    return (Fixed("Per inwoner"), Fixed("alle"), Fixed("jaarlijks"), *amounts, Fixed(what))


def _total(label: str, when: str, parts: list[str], key: str, what: str, formula: str = "") -> tuple[Cell, ...]:
    """A total that misses something if one of its parts does, and is their sum if there is no other formula."""
    formula, amount = formula or plus([f"{part}_@" for part in parts]), attrgetter(f"totals.{key}")
    amounts = summed(label.replace(" ", "_"), formula, incomplete(parts), amount)
    return (Fixed(f"Totaal {label}"), Fixed("alle"), Fixed(when), *amounts, Fixed(what))
