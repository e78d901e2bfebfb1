"""What Signalen would cost one municipality, as types: the record that stands in the result.

Keys and values are English; names and what remarks are about are in Dutch. A field with a title is compared between two
results, and the title is what people read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_type_hints

from msgspec import Meta, Struct, defstruct, structs

from pipeline import dutch
from pipeline.model import choices as model
from pipeline.model.amounts import Amount
from pipeline.model.codes import ANY_CODE
from pipeline.model.indication import RemarkCode
from pipeline.model.items import CONTRIBUTION, Period
from pipeline.model.tariffs import SizeClass

_KINDS = tuple(model.REQUIRED_OPTIONS.values())

MOST = 10**12
"""How high an amount or another number may be; the sum of ten thousand such amounts is still exact in cents."""


def is_(description: str, title: str | None = None) -> Meta:
    """What a field is, for its schema; and what people read of it, if it is compared."""
    return Meta(description=description, title=title)


def _one_of(words: Iterable[str]) -> Meta:
    """Which words there are; for the schema, because they are not read back."""
    return Meta(extra_json_schema={"enum": list(words)})


Code = Annotated[str, Meta(pattern=rf"^{ANY_CODE}\Z")]
Key = Annotated[str, Meta(pattern=r"^[a-z]+(_[a-z]+)*\Z", max_length=200)]
Text = Annotated[str, Meta(max_length=2_000)]
Number = Annotated[float, Meta(ge=0, le=MOST)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
LineNumber = Annotated[int, Meta(ge=1)]
CalendarYear = Annotated[int, Meta(ge=2000, le=2300)]


class Euros(Struct, frozen=True, gc=False):
    """Euros from low to high, exact to the cent.

    With pro_memorie a part that nobody quantified comes on top; with high 0 besides, nothing of it is quantified, and
    it is shown as p.m., never as 0.
    """

    low: Annotated[Number, is_("Euros, the lower bound.")]
    high: Annotated[Number, is_("Euros, the upper bound.")]
    pro_memorie: Annotated[bool, is_("Whether an unquantified part comes on top.")]

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("an amount runs from low to high")

    @property
    def amount(self) -> Amount:
        """The amount itself."""
        return _amount(self.low, self.high, self.pro_memorie)


@lru_cache(maxsize=16_384)  # few of very many differ
def _amount(low: float, high: float, pro_memorie: bool) -> Amount:
    return Amount(Decimal(str(low)), Decimal(str(high)), pro_memorie)


class Origin(Struct, frozen=True, gc=False):
    """Where a row came from."""

    file: Annotated[str, is_("Name of the delivery.")]
    line: Annotated[LineNumber, is_("Line in that file as an editor shows it, or row of a sheet, from 1.")]
    place: Annotated[str, is_("Sheet and row in Dutch; empty where the delivery has lines.")] = ""

    @property
    def in_words(self) -> str:
        """Where it is, in Dutch."""
        return model.Origin(self.file, self.line, self.place).in_words


# --- One municipality -------------------------------------------------------------------------------------------------


class Municipality(Struct, frozen=True, gc=False):
    """The municipality as the register has it."""

    code: Annotated[Code, is_("CBS code.")]
    name: Annotated[Text, is_("Official name.")]
    province: Annotated[str, is_("Province.")]
    inhabitants: Annotated[Count, is_("Number of inhabitants.")]
    file_stem: Annotated[str, is_("Name of its files, without extension."), Meta(pattern=rf"^{ANY_CODE}-[a-z0-9-]+\Z")]


class Answer(Struct, frozen=True, gc=False):
    """Yes or no to an item that is there by choice."""

    item: Annotated[Key, is_("Which item.")]
    chosen: Annotated[bool, is_("Whether it is chosen.")]


class Estimate(Struct, frozen=True, gc=False):
    """The municipality's own estimate of an item; it counts if that item is there."""

    item: Annotated[Key, is_("Which item, by its Dutch key.")]
    amount: Annotated[Euros, is_("Euros, once or per year.")]

    @property
    def columns(self) -> str:
        """The columns in which a delivery gives it."""
        return f"{self.item}_laag en {self.item}_hoog"


class Said(Struct, frozen=True, gc=False, kw_only=True):
    """What the municipality chose, as delivered, but for whom to contact; null where it said nothing.

    The title of a choice is the column in which a municipality makes it. An answer about an item has a column of its
    own, by the key of the item.
    """

    origin: Annotated[Origin, is_("The row that the choices came from.")]
    replaces: Annotated[tuple[Origin, ...], is_("Earlier rows that it replaced, oldest first.")]
    answers: Annotated[tuple[Answer, ...], is_("About items that are there by choice, but for those left blank.")] = ()
    estimates: Annotated[tuple[Estimate, ...], is_("Own estimates of what items cost.")] = ()


_FORMS = {Decimal | None: Number | None, int | None: Count | None, Amount | None: Euros | None, str: Text | None}
"""The form in which a choice is recorded, where that is not the model's."""


def _choices() -> Iterator[tuple[str, Any] | tuple[str, Any, Any]]:
    """A field for each choice that has columns, if these may be published; what may be left out has a default."""
    for field in structs.fields(model.Choices):
        columns = [column for column, of in model.COLUMNS.items() if of == field.name and column.kind and column.public]
        if columns and field.name not in Said.__struct_fields__:
            kind = get_args(field.type)[0]
            said = is_("; ".join(column.holds for column in columns), dutch.both([column.name for column in columns]))
            form: Any = Annotated[_FORMS.get(kind, kind), said]
            default = None if field.default == "" else field.default
            yield (field.name, form) if field.required else (field.name, form, default)


if TYPE_CHECKING:

    class Choices(Said, frozen=True):
        """The choices of a municipality, each by the name of its field in the model."""

        def __getattr__(self, choice: str) -> Any: ...

else:
    Choices = defstruct(
        "Choices",
        _choices(),
        bases=(Said,),
        module=__name__,
        namespace={"__doc__": Said.__doc__},
        frozen=True,
        gc=False,
        kw_only=True,
    )


class Assumptions(Struct, frozen=True, gc=False):
    """The numbers that the indication is worked out with, after the municipality's own choices."""

    inhabitants: Annotated[Count, is_("Number of inhabitants.")]
    size_class: Annotated[SizeClass, is_("Size class.")]
    hours: Annotated[Number, is_("Hours of external guidance.")]
    hourly_rate: Annotated[Number, is_("Euros per hour.")]
    start_year: Annotated[CalendarYear, is_("First year of the projection.")]
    horizon: Annotated[Count, is_("Number of years of the projection.")]
    indexation: Annotated[Number, is_("Rise of yearly amounts, in percent per year.")]
    ggu_year: Annotated[CalendarYear | None, is_("First year without contribution; null if it does not lapse.")]


class CostLine(Struct, frozen=True, gc=False):
    """A cost item."""

    item: Annotated[Key, is_("Which one: software, guidance, hosting, contribution, or one of the tariff.")]
    period: Annotated[Period, is_("When it is paid.")]
    amount: Annotated[Euros, is_("Euros, once or in the first year.")]
    applies: Annotated[bool, is_("Whether it is there: chosen, and not part of the set-up of who is live.")] = True
    own: Annotated[bool, is_("Whether it is the municipality's own estimate.")] = False


class Totals(Struct, frozen=True, gc=False):
    """The key figures."""

    once: Annotated[Euros, is_("Euros, paid once, in the first year.", "Eenmalig")]
    yearly: Annotated[Euros, is_("Euros per year, at the first year's prices.", "Jaarlijks")]
    first_year: Annotated[Euros, is_("Euros in the first year: once and yearly.", "Eerste jaar")]
    horizon: Annotated[Euros, is_("Euros over all years of the projection.", "Looptijd")]
    per_inhabitant: Annotated[Euros, is_("Euros per inhabitant per year: yearly, shared over the inhabitants.")]


class Gist(Struct, frozen=True, gc=False):
    """Of one municipality what is compared, and what all municipalities together come to."""

    municipality: Annotated[Municipality, is_("The municipality.")]
    choices: Annotated[Choices, is_("What it chose.")]
    assumptions: Annotated[Assumptions, is_("What the indication is worked out with.")]
    lines: Annotated[tuple[CostLine, ...], is_("The cost items, in the order in which they are shown.")]
    totals: Annotated[Totals, is_("The key figures.")]

    def __post_init__(self) -> None:
        if [line.item for line in self.lines].count(CONTRIBUTION.key) != 1:
            raise ValueError("there is one line for the contribution")

    def line_of(self, item: str) -> CostLine:
        """The line of an item that there is, by its key."""
        return self.lines[[line.item for line in self.lines].index(item)]

    def amount_of(self, item: str) -> Amount:
        """What an item costs once or in the first year, by its key."""
        return self.line_of(item).amount.amount

    @property
    def pro_memorie(self) -> tuple[str, ...]:
        """The keys of the items that nobody quantified."""
        return tuple([line.item for line in self.lines if line.amount.pro_memorie])


class Year(Struct, frozen=True):
    """One year of the projection."""

    year: Annotated[CalendarYear, is_("Calendar year.")]
    index: Annotated[Number, is_("What a yearly amount of the first year is multiplied by.")]
    contribution_asked: Annotated[bool, is_("Whether the contribution is still asked in this year.")]
    once: Annotated[Euros, is_("Euros, paid once.")]
    running: Annotated[Euros, is_("Euros that recur besides the contribution.")]
    contribution: Annotated[Euros, is_("Euros of contribution.")]
    total: Annotated[Euros, is_("Euros in this year.")]


class OptionCost(Struct, frozen=True):
    """What one option would cost this municipality."""

    choice: Annotated[str, is_("Which choice it belongs to."), _one_of(kind.__name__.lower() for kind in _KINDS)]
    option: Annotated[str, is_("Which option."), _one_of(option.value for kind in _KINDS for option in kind)]
    amount: Annotated[Euros, is_("Euros, once or in the first year.")]
    horizon: Annotated[Euros, is_("Euros over all years of the projection.")]
    without_ggu: Annotated[Euros, is_("The same, if the contribution never lapsed.")]


class Remark(Struct, frozen=True):
    """What a reader should know besides the amounts."""

    code: Annotated[RemarkCode, is_("What kind of remark.")]
    about: Annotated[dict[str, str], is_("What it is about, in Dutch, by what its sentence calls it.")]


class Record(Gist, frozen=True):
    """What Signalen would cost one municipality."""

    years: Annotated[tuple[Year, ...], is_("The projection, a record per calendar year.")]
    options: Annotated[
        tuple[OptionCost, ...],
        is_(
            "What each option would cost this municipality. What another combination of options costs follows from it: "
            "the total, less what the chosen options cost, and more what the others do; guidance is paid once, hosting "
            "and contribution each year. It is p.m. in part if one of those options, or a line of another item, is."
        ),
    ]
    remarks: Annotated[tuple[Remark, ...], is_("What a reader should know besides the amounts.")]

    @property
    def gist(self) -> Gist:
        """What of it is compared and added up."""
        return Gist(self.municipality, self.choices, self.assumptions, self.lines, self.totals)


@cache
def titles(of: type[Struct]) -> Mapping[str, str]:
    """What readers call the fields that are compared, by their name."""
    return {
        name: said.title
        for name, hint in get_type_hints(of, include_extras=True).items()
        for said in getattr(hint, "__metadata__", ())
        if isinstance(said, Meta) and said.title
    }
