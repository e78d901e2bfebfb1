"""What a municipality chose: the vocabulary of the choices, and `Choices` itself, as trusted data.

Enum values are the English words of code and JSON; `dutch` is the word that a municipality reads and writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, get_type_hints

from msgspec import Struct, structs

from pipeline.model import limits
from pipeline.model.amounts import Amount
from pipeline.model.columns import (
    ONE_OF_TWO,
    Addresses,
    AnyOf,
    CalendarYear,
    Column,
    Number,
    OneOf,
    Option,
    Text,
    Unit,
    YesNo,
)
from pipeline.model.items import CONTRIBUTION, GUIDANCE, HOSTING, Item, Period
from pipeline.model.municipality import Municipality
from pipeline.model.tariffs import SizeClass


class Guidance(Option):
    """Who does the technical set-up. Source: pages "Kostenindicaties" and "Implementatiestappen"."""

    SELF = "self", "zelf"
    EXTERNAL = "external", "extern"


class Hosting(Option):
    """Who hosts and manages Signalen. Source: page "Hosting en beheer"."""

    IN_HOUSE = "in_house", "in huis"
    HYBRID = "hybrid", "hybride"
    SAAS = "saas", "SaaS"


class Contribution(Option):
    """The form of the voluntary community contribution. Source: page "Kostenindicaties"."""

    FINANCIAL = "financial", "financieel"
    ALTERNATIVE = "alternative", "alternatief"
    NONE = "none", "geen"


class InKind(Option):
    """Effort besides the contribution. Source: page "Kostenindicaties"."""

    STEERING_GROUP = "steering_group", "stuurgroep"
    PRODUCT_STEERING = "product_steering", "productsturing"


class Provenance(Option):
    """Who made the choices: the municipality itself, or nobody but who shows what a calculation looks like."""

    DELIVERED = "delivered", "opgave"
    ILLUSTRATIVE = "illustrative", "voorbeeld"


class Phase(Option):
    """How far a municipality is. Source: page "Implementatiestappen voor gemeenten"."""

    EXPLORATION = "exploration", "verkenning"
    DEMO = "demo", "demo"
    IMPLEMENTATION = "implementation", "implementatie"
    LIVE = "live", "live"


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """Where a row came from: the name of the delivery, and its line as an editor shows it (from 1).

    Of a spreadsheet it is the number of the row, and `place` says in Dutch where that is: "blad Opgave, rij 7".
    """

    file: str
    line: int
    place: str = field(default="", compare=False)

    @property
    def in_words(self) -> str:
        """Where it is, in Dutch.

        >>> Origin("a.csv", 7).in_words, Origin("a.xlsx", 7, "blad Opgave, rij 7").in_words
        ('a.csv, regel 7', 'a.xlsx, blad Opgave, rij 7')
        """
        return f"{self.file}, {self.place or f'regel {self.line}'}"


HOURS = Number(Unit.HOURS, limits.HOURS, "150", decimals=2, doubtful=".,")
INHABITANTS = Number(Unit.INHABITANTS, limits.INHABITANTS, "64000")


Headers = tuple[tuple[str, ...], tuple[str, ...]]
"""Other headers that people write for a column: Dutch and English ones."""


def estimate_columns(item: Item, of: str, low: Headers = ((), ()), high: Headers = ((), ())) -> tuple[Column, ...]:
    """The columns of both ends of an own estimate `of` something."""
    ends, yearly = item.estimated_in, item.period is Period.YEARLY
    kind = Number(Unit.EUROS, limits.EUROS, "12500", decimals=2, doubtful=",", yearly=yearly, ends=ends)
    unit = f"euro{' per jaar' if yearly else ''}"
    return (
        Column(
            ends[0], f"eigen raming {of}, laag", kind, f"{unit}, bijvoorbeeld 12500; samen met {ends[1]}", "nee", *low
        ),
        Column(
            ends[1], f"eigen raming {of}, hoog", kind, f"{unit}, bijvoorbeeld 20000; samen met {ends[0]}", "nee", *high
        ),
    )


ESTIMATED = (
    *estimate_columns(GUIDANCE, "van de eigen uren, bij begeleiding zelf"),
    *estimate_columns(
        HOSTING,
        "of offerte voor de gekozen hosting",
        (("hosting van", "hosting minimum", "raming laag", "offerte laag", "laag"), ("hosting low", "low")),
        (("hosting tot", "hosting maximum", "raming hoog", "offerte hoog", "hoog"), ("hosting high", "high")),
    ),
    *estimate_columns(CONTRIBUTION, "van een alternatieve bijdrage"),
)
"""The columns of own estimates of the items with a rule of their own."""


# fmt: off
class Choices(Struct, frozen=True, kw_only=True):
    """One municipality's choices; each field bears the column, or the columns, in which a delivery gives it.

    Attributes:
        municipality: whose choices they are.
        guidance: who does the technical set-up.
        hours: hours of external guidance (None: the tariff's).
        hosting: who hosts and manages Signalen.
        contribution: the form of the community contribution.
        contribution_note: what it says about that.
        estimates: the municipality's own estimates, in euros (per year), by the word of the item.
        agreed: whether an alternative contribution was agreed with the Stuurgroep (None: not said).
        in_kind: effort besides the contribution.
        backlog: functionality that it realises.
        phase: how far it is.
        provenance: whether the municipality made these choices itself.
        start_year: the first year of the projection (None: that of the reference date).
        size_class: its own statement, instead of what follows from the inhabitants.
        inhabitants: its own statement, instead of the register's.
        contact: whom to ask; it may be a person, so that it is published nowhere.
        origin: the row that it came from.
        replaces: the rows of earlier deliveries that this one replaced.
        answers: ja or nee to items of the tariff that have a column of their own, by its name; what was left blank is
            not among them.
        warnings: sentences on what intake doubted in the row; they may be published.
    """

    municipality: Annotated[
        Municipality,
        Column(
            "gemeente", "naam van de gemeente", None, "officiële of gangbare naam, bijvoorbeeld Zeist", ONE_OF_TWO,
            ("gemeentenaam", "naam", "naam gemeente"),
            ("municipality", "city", "name", "municipality name"),
        ),
        Column(
            "gemeentecode", "code van het CBS", None, "GM en vier cijfers, bijvoorbeeld GM0363", ONE_OF_TWO,
            ("gm-code", "cbs-code", "gemeente code cbs", "cbs-gemeentecode", "code gemeente", "gemeentenummer", "code"),
            ("municipality code", "municipal code"),
        ),
    ]
    guidance: Annotated[
        Guidance,
        Column(
            "begeleiding", "wie de technische inrichting doet", OneOf(Guidance), required="ja",
            synonyms=("projectbegeleiding", "technische inrichting"),
            english=("guidance", "project guidance", "support"),
        ),
    ]
    hours: Annotated[
        Decimal | None,
        Column(
            "begeleidingsuren", "uren van een marktpartij", HOURS, "getal, bijvoorbeeld 150; leeg: volgens het tarief",
            synonyms=("uren", "uren begeleiding", "aantal uren", "begeleiding uren"),
            english=("hours", "guidance hours"),
        ),
    ] = None
    hosting: Annotated[
        Hosting,
        Column(
            "hosting", "waar Signalen draait en wie het beheert", OneOf(Hosting), required="ja",
            synonyms=("hosting en beheer", "hostingvorm", "vorm van hosting"),
        ),
    ]
    contribution: Annotated[
        Contribution,
        Column(
            "bijdrage", "vorm van de communitybijdrage", OneOf(Contribution), required="ja",
            synonyms=("communitybijdrage", "community bijdrage", "vorm van bijdrage"),
            english=("contribution", "community contribution"),
        ),
    ]
    contribution_note: Annotated[
        str,
        Column(
            "bijdrage_toelichting", "toelichting op de bijdrage", Text(),
            synonyms=("toelichting", "toelichting bijdrage", "toelichting op de bijdrage"),
            english=("contribution note", "explanation"),
        ),
    ] = ""
    agreed: Annotated[
        bool | None,
        Column(
            "afgestemd", "of een alternatieve bijdrage is afgestemd met de Stuurgroep", YesNo(),
            synonyms=("afgestemd met stuurgroep", "afgestemd met de stuurgroep"),
            english=("agreed",),
        ),
    ] = None
    estimates: Annotated[tuple[tuple[str, Amount], ...], *ESTIMATED] = ()
    in_kind: Annotated[
        tuple[InKind, ...],
        Column(
            "in_natura", "inzet naast de bijdrage", AnyOf(InKind),
            synonyms=("natura", "inzet in natura"),
            english=("in kind",),
        ),
    ] = ()
    backlog: Annotated[
        str,
        Column(
            "backlog", "functionaliteit van de backlog die de gemeente realiseert", Text(pro_memorie=True),
            synonyms=("functionaliteit", "backlog-item"),
            if_unknown="Nog niet bekend telt als geen; noem de functionaliteit zodra u haar kiest.",
        ),
    ] = ""
    phase: Annotated[
        Phase | None,
        Column("fase", "hoe ver de gemeente is", OneOf(Phase), synonyms=("projectfase",), english=("phase",)),
    ] = None
    provenance: Annotated[
        Provenance,
        Column(
            "herkomst", "of de gemeente deze keuzes zelf opgaf", OneOf(Provenance), "opgave, voorbeeld; leeg: opgave",
            synonyms=("soort opgave", "opgave of voorbeeld"),
            english=("provenance", "illustrative"),
        ),
    ] = Provenance.DELIVERED
    start_year: Annotated[
        int | None,
        Column(
            "startjaar", "eerste jaar van de meerjarenraming", CalendarYear(limits.YEARS),
            "jaartal, bijvoorbeeld 2027; leeg: het jaar van de peildatum",
            synonyms=("jaar", "eerste jaar", "jaar van start"),
            english=("start year", "year"),
        ),
    ] = None
    size_class: Annotated[
        SizeClass | None,
        Column(
            "grootteklasse", "eigen opgave, in plaats van wat uit de inwoners volgt", OneOf(SizeClass),
            synonyms=("klasse", "groottecategorie"),
            english=("size class",),
        ),
    ] = None
    inhabitants: Annotated[
        int | None,
        Column(
            "inwoners", "eigen opgave, in plaats van het register", INHABITANTS, "geheel getal, bijvoorbeeld 64000",
            synonyms=("inwonertal", "inwoneraantal", "aantal inwoners"),
            english=("inhabitants", "population"),
        ),
    ] = None
    contact: Annotated[
        str,
        Column(
            "contact", "bij wie navraag kan worden gedaan", Text(), public=False,
            synonyms=("contactpersoon", "contactgegevens"),
        ),
    ] = ""
    origin: Origin
    replaces: tuple[Origin, ...] = ()
    answers: tuple[tuple[str, bool], ...] = ()
    warnings: tuple[str, ...] = ()

    # fmt: on

    def includes(self, item: Item) -> bool:
        """Whether an item is there: always, or because it was chosen; for who is live, the set-up no more."""
        if self.already_has(item):
            return False
        if not item.by_choice:
            return True
        if (elsewhere := item.elsewhere) is None:
            return dict(self.answers).get(item.word, False)
        said = getattr(self, elsewhere.field)
        return bool(said) and elsewhere.value in (None, getattr(said, "value", said))

    def already_has(self, item: Item) -> bool:
        """Whether the municipality is live, and an item is part of the set-up, which it paid before."""
        return item.set_up and self.phase is Phase.LIVE

    def estimate_of(self, item: Item) -> Amount | None:
        """The municipality's own estimate of an item, if it gave one that counts with these choices.

        That of its own hours counts if it does the set-up itself, that of a contribution if it is an alternative.
        """
        counts = {
            GUIDANCE: self.guidance is Guidance.SELF,
            CONTRIBUTION: self.contribution is Contribution.ALTERNATIVE,
        }.get(item, True)
        return dict(self.estimates).get(item.word) if counts and self.includes(item) else None

    def replacing(self, earlier: Choices) -> Choices:
        """The same choices, remembering that they take the place of an earlier delivery."""
        return structs.replace(self, replaces=(*earlier.replaces, earlier.origin))


COLUMNS: Mapping[Column, str] = {
    column: field
    for field, hint in get_type_hints(Choices, include_extras=True).items()
    for column in getattr(hint, "__metadata__", ())
}
"""Every column that is always there, with the field of the choices that it gives, in the order of the template."""

E_MAIL = Column(
    "e_mail",
    "waarheen de kostenindicatie wordt gemaild",
    Addresses(),
    f"een of meer adressen met een komma ertussen, hoogstens {limits.MOST_ADDRESSES}",
    public=False,
    synonyms=("e-mail", "e-mailadres", "e-mailadressen", "mail", "mailadres", "mailadressen"),
    english=("e-mail address", "mail address"),
)
"""The column that is no choice: nothing is made of what stands in it, so that it travels beside the choices."""

REQUIRED_OPTIONS: Mapping[str, type[Option]] = {
    column.name: column.kind.options for column in COLUMNS if column.required == "ja" and isinstance(column.kind, OneOf)
}
"""The choices that every municipality makes, by column, each with its options."""
