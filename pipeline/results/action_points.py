"""What asks for attention: alternatives to be agreed, items without an amount, and what intake found.

`points` gives them from the gists of all municipalities and the intake, each with where it came from and what is asked
of whom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import partial

from msgspec import Struct

from pipeline import dutch
from pipeline.intake import Intake, Severity, in_plain_words
from pipeline.model.choices import Contribution, Origin
from pipeline.model.indication import Remark
from pipeline.model.items import Item
from pipeline.model.tariffs import Tariff
from pipeline.reference.texts import Texts
from pipeline.results.doubts import doubts
from pipeline.results.records import Gist

LISTED = 100
"""How many points of a kind are listed of one delivery; a page with more than that is not read."""


class Attention(Enum):
    """Why something asks for attention, in the order in which it is shown; the values are what people read."""

    NOT_AGREED = "Alternatief af te stemmen"
    REJECTED = "Regel afgekeurd"
    UNREADABLE = "Bestand onbruikbaar"
    DOUBT = "Twijfel"
    WARNING = "Waarschuwing"
    PRO_MEMORIE = "Post zonder bedrag"
    REPLACED = "Aanlevering vervangen"


class Point(Struct, frozen=True):
    """Something that asks for attention: why, of which municipality, where it came from, what it is about.

    `municipality` and `code` are empty where none is known, and `line` is None for a whole delivery. `item` is
    the cost item that is pro memorie, `remark` what is doubted. `about` is the municipality's own text or a finding's
    message, and `finding` the code of that. `number` is how many such points it stands for, of one delivery that has
    too many to list. `place` says in Dutch where in a spreadsheet it stands.
    """

    attention: Attention
    municipality: str
    code: str
    file: str
    line: int | None
    about: str = ""
    item: Item | None = None
    number: int = 1
    remark: Remark | None = None
    finding: str = ""
    place: str = ""

    @property
    def in_words(self) -> str:
        """Where it stands, in Dutch."""
        return Origin(self.file, self.line, self.place).in_words if self.line else self.file

    def said(self, texts: Texts) -> str:
        """What it is about, in words; empty if nothing was said."""
        if self.item is not None:
            return texts.of(self.item).name
        return texts.remark(self.remark) if self.remark else self.about

    def whom(self, texts: Texts) -> str:
        """Who is asked to do something about it."""
        return f"gemeente en {texts.steering_group}" if self.attention is Attention.NOT_AGREED else "gemeente"

    def asked(self, texts: Texts) -> str:
        """What is asked of them, in a sentence."""
        return _REQUESTS[self.attention] if self.item is None else texts.of(self.item).asked


_REQUESTS = {
    Attention.NOT_AGREED: "De alternatieve bijdrage samen afstemmen en daarna met afgestemd = ja aanleveren.",
    Attention.REJECTED: "De regel verbeteren en opnieuw aanleveren.",
    Attention.UNREADABLE: "Het bestand verbeteren en opnieuw aanleveren.",
    Attention.DOUBT: "Nagaan of dit klopt.",
    Attention.WARNING: "Nagaan of dit klopt.",
    Attention.REPLACED: "Nagaan of de latere aanlevering de bedoelde is.",
}


def points(gists: Iterable[Gist], intake: Intake, tariff: Tariff) -> list[Point]:
    """All points, by kind and then in the order of the municipalities or the deliveries."""
    by_key = {item.key: item for item in tariff.items}
    asked = {finding.municipality for finding in intake.findings}
    found: list[Point] = []
    names: dict[str, str] = {}
    for gist in gists:
        found += _points_of(gist, by_key, tariff)
        if gist.municipality.code in asked:
            names[gist.municipality.code] = gist.municipality.name
    found += _points_of_intake(names, intake)
    order = list(Attention)
    return sorted(found, key=lambda point: order.index(point.attention))


def points_of(gist: Gist, tariff: Tariff) -> Iterator[Point]:
    """The points about what one municipality chose."""
    return _points_of(gist, {item.key: item for item in tariff.items}, tariff)


def _points_of(gist: Gist, items: Mapping[str, Item], tariff: Tariff) -> Iterator[Point]:
    choices, of = gist.choices, gist.municipality
    origin = choices.origin
    point = partial(Point, municipality=of.name, code=of.code, file=origin.file, line=origin.line, place=origin.place)
    if choices.contribution is Contribution.ALTERNATIVE and not choices.agreed:
        yield point(Attention.NOT_AGREED, about=choices.contribution_note or "")
    for remark in doubts(gist, tariff):
        yield point(Attention.DOUBT, remark=remark)
    for key in gist.pro_memorie:
        yield point(Attention.PRO_MEMORIE, item=items[key])
    if choices.replaces:
        replaced = "; ".join(origin.in_words for origin in choices.replaces)
        yield point(Attention.REPLACED, about=f"vervangt {replaced}")


def _points_of_intake(names: Mapping[str, str], intake: Intake) -> Iterator[Point]:
    """A point per rejected row, and per finding that says something besides: on a delivery, or as a warning.

    Of the points of one kind in one delivery only the first are listed, and one stands for all that are over. `names`
    are those of municipalities by their code.
    """
    numbers: Counter[tuple[Attention, str]] = Counter()

    def listed(attention: Attention, file: str) -> bool:
        numbers[attention, file] += 1
        return numbers[attention, file] <= LISTED

    rejected = {(row.origin.file, row.origin.line) for row in intake.rejected}
    for row in intake.rejected:
        if listed(Attention.REJECTED, row.origin.file):
            about = " ".join(finding.published.sentence for finding in row.findings)
            name, code = row.named, ""
            if row.municipality:
                name, code = row.municipality.name, row.municipality.code
            at = row.origin
            yield Point(Attention.REJECTED, name, code, at.file, at.line, about, place=at.place)
    names = dict(names) | {row.municipality.code: row.municipality.name for row in intake.rejected if row.municipality}
    columns = intake.columns.by_name
    for finding in intake.findings:
        attention = Attention.WARNING if finding.severity is Severity.WARNING else Attention.UNREADABLE
        known = attention is Attention.UNREADABLE and (finding.file, finding.line) in rejected
        if not known and listed(attention, finding.file):
            name = names.get(finding.municipality, "")
            doubted = attention is Attention.WARNING  # who decides knows no columns; who mends a row does
            said = in_plain_words(finding, columns) if doubted else finding.published.sentence
            place = (finding.municipality, finding.file, finding.line)
            yield Point(attention, name, *place, said, finding=finding.code, place=finding.place)
    for (attention, file), number in numbers.items():
        if number > LISTED:
            where = "kostenindicaties.json" if attention is Attention.WARNING else "afgekeurd.csv"
            about = f"Nog {dutch.number(number - LISTED)} in dit bestand; alle staan in {where}."
            yield Point(attention, "", "", file, None, about, number=number - LISTED)
