"""What a column of a delivery may hold: the kinds of value, each with its limits, and how a column is declared.

The columns themselves are declared with the fields of `pipeline.model.choices.Choices`.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from pipeline.model.limits import Bounds


class Option(Enum):
    """A value that can be chosen: its English word, for code and JSON, and the `dutch` one, for people."""

    def __new__(cls, value: str, dutch: str) -> Option:
        """Make the member: `value` for code and JSON, `dutch` for people."""
        member = object.__new__(cls)
        member._value_ = value
        member.dutch = dutch
        return member

    dutch: str


class Absence(Enum):
    """In which way a field says that nothing is there."""

    NOTHING = "nothing"
    DENIED = "denied"
    UNKNOWN = "unknown"
    PRO_MEMORIE = "pro_memorie"


class Unit(Enum):
    """What a number may count; the value is how a sentence calls it."""

    EUROS = "bedrag in euro"
    HOURS = "aantal uren"
    INHABITANTS = "aantal inwoners"
    PERCENT = "percentage"
    DAYS = "aantal dagen"
    WEEKS = "aantal weken"
    MONTHS = "aantal maanden"
    YEARS = "aantal jaren"
    FULL_TIME = "aantal fte"


NOT_GIVEN = frozenset({Absence.NOTHING, Absence.UNKNOWN})
"""The absences that mean an empty field wherever nothing else is said."""


class Kind(Struct, frozen=True):
    """What the fields of a column hold."""

    @property
    def empty(self) -> frozenset[Absence]:
        """The absences that mean an empty field."""
        return NOT_GIVEN

    @property
    def values(self) -> str:
        """Which values are right, in Dutch."""
        return ""

    @property
    def doubted(self) -> bool:
        """Whether what is wrong in them is only doubted, and keeps no row out."""
        return False


class OneOf(Kind, frozen=True):
    """One of some options."""

    options: type[Option]

    @property
    def values(self) -> str:
        """The options."""
        return ", ".join(option.dutch for option in self.options)


class AnyOf(OneOf, frozen=True):
    """Any number of some options."""

    @property
    def empty(self) -> frozenset[Absence]:
        """Also who says no."""
        return NOT_GIVEN | {Absence.DENIED}

    @property
    def values(self) -> str:
        """The options, and that all of them may be there."""
        return f"{', '.join(option.dutch for option in self.options)}, of beide (met een komma ertussen)"


class YesNo(Kind, frozen=True):
    """Yes or no."""

    @property
    def values(self) -> str:
        """Both."""
        return "ja, nee"


class Text(Kind, frozen=True):
    """Free text of at most so many characters; `pro_memorie` says whether "p.m." in it says something."""

    longest: int = 500
    pro_memorie: bool = False

    @property
    def empty(self) -> frozenset[Absence]:
        """Every absence, but perhaps p.m.: then it is there, and nobody knows what it costs."""
        return frozenset(Absence) - ({Absence.PRO_MEMORIE} if self.pro_memorie else set())

    @property
    def values(self) -> str:
        """That it is text."""
        return "tekst"


class Addresses(Kind, frozen=True):
    """One or more e-mail addresses; what is wrong with them keeps no row out."""

    @property
    def empty(self) -> frozenset[Absence]:
        """Every absence."""
        return frozenset(Absence)

    @property
    def doubted(self) -> bool:
        """Always: a municipality with a wrong address has choices all the same."""
        return True


class Number(Kind, frozen=True):
    """A number: its unit, its bounds, an example of it, and how it is written.

    One mark with three digits behind it is read as thousands, "1.234" as well as "1,234"; for the marks that are
    `doubtful` it might have been a decimal mark, and then that is said. A range belongs in the two columns `ends`.
    """

    unit: Unit
    bounds: Bounds
    example: str
    decimals: int = 0
    doubtful: str = ""
    yearly: bool = False
    ends: tuple[str, str] | None = None

    @property
    def empty(self) -> frozenset[Absence]:
        """Also p.m.: who writes that gives no amount."""
        return NOT_GIVEN | {Absence.PRO_MEMORIE}

    @property
    def holds(self) -> str:
        """What belongs in the column, in words."""
        return f"een {self.unit.value}{' per jaar' if self.yearly else ''}"


class CalendarYear(Kind, frozen=True):
    """A year within bounds."""

    bounds: Bounds

    @property
    def empty(self) -> frozenset[Absence]:
        """Also p.m."""
        return NOT_GIVEN | {Absence.PRO_MEMORIE}


ONE_OF_TWO = "een van beide"


class Column(Struct, frozen=True):
    """One column of a delivery, as its declaration says.

    Attributes:
        name: what stands in the header.
        holds: what it holds, in Dutch.
        kind: what its fields hold; None for whose row it is.
        wanted: which values are right, in Dutch, if the kind does not say it.
        required: "ja", "nee", or `ONE_OF_TWO`.
        synonyms: other headers that people write.
        english: English headers, which are recognised but not understood.
        if_unknown: what to say where a field says that it is not known yet.
        public: whether what stands in it may be published; a contact may be a person.
    """

    name: str
    holds: str
    kind: Kind | None = None
    wanted: str = ""
    required: str = "nee"
    synonyms: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    if_unknown: str = ""
    public: bool = True

    @property
    def values(self) -> str:
        """Which values are right, in Dutch."""
        return self.wanted or (self.kind.values if self.kind else "")
