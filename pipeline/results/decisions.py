"""What the steering group decides on: at most four kinds of question, each of a municipality and open since some time.

They follow from the points of attention and the choices; the history says since when a question is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pipeline import dutch
from pipeline.model.choices import Contribution
from pipeline.model.municipality import fold
from pipeline.model.tariffs import SizeClass, Tariff
from pipeline.reference.texts import Texts
from pipeline.results.action_points import Attention, Point
from pipeline.results.doubts import WARNINGS
from pipeline.results.history import History, Since
from pipeline.results.questions import Question, question_on
from pipeline.results.rows import Row


class Decision(Struct, frozen=True):
    """A question about one municipality, and since when it is open.

    `points` are what it follows from; without any it is a contribution of `euros` that was not pledged.
    """

    question: Question
    code: str
    municipality: str
    since: Since
    points: tuple[Point, ...] = ()
    euros: str = ""

    @property
    def whose(self) -> str:
        """The municipality, or the delivery in which nobody can tell whose it is."""
        return self.municipality or self.points[0].file

    def asked(self, texts: Texts) -> str:
        """The question, in a sentence or more."""
        match self.question:
            case Question.AGREE:
                about = self.points[0].about
                said = texts.say("stuurgroep_besluiten.voorstel", voorstel=about) if about else ""
                return said or texts.say("stuurgroep_besluiten.zonder_voorstel")
            case Question.PLEDGE:
                return texts.say("stuurgroep_besluiten.niet_toegezegd", bedrag=self.euros)
            case Question.DELIVERY | Question.BOUND:
                return " ".join(point.said(texts) for point in self.points)

    def owner(self, texts: Texts) -> str:
        """Who takes it on."""
        return f"{texts.steering_group} en gemeente" if self.question is Question.AGREE else "gemeente"


def decisions(rows: Iterable[Row], points: Sequence[Point], tariff: Tariff, history: History) -> tuple[Decision, ...]:
    """All decisions, by kind, by how much they ask and by name; those of one kind about one municipality are one."""
    found = list(_decisions(list(rows), points, tariff, history))
    kinds = list(Question)
    return tuple(sorted(found, key=lambda each: (kinds.index(each.question), _rank(each), fold(each.municipality))))


def _rank(decision: Decision) -> int:
    """What was rejected comes first."""
    rejected = (Attention.REJECTED, Attention.UNREADABLE)
    return 0 if any(point.attention in rejected for point in decision.points) else 1


def _decisions(rows: Sequence[Row], points: Sequence[Point], tariff: Tariff, history: History) -> Iterator[Decision]:
    def since(question: Question, code: str) -> Since:
        return history.since((question, code))

    for point in points:
        if point.attention is Attention.NOT_AGREED:
            question = Question.AGREE
            yield Decision(question, point.code, point.municipality, since(question, point.code), (point,))
    for row in rows:
        if row.contribution == Contribution.NONE.dutch:
            amount = next(tariff.contribution.of(each).amount for each in SizeClass if each.dutch == row.size_class)
            question, euros = Question.PLEDGE, dutch.euros(amount.low, amount.high)
            yield Decision(question, row.code, row.name, since(question, row.code), euros=euros)
    asked = {point.code for point in points}
    counted = {row.code: (row.file, row.line) for row in rows if row.code in asked}
    about: dict[tuple[Question, object], list[Point]] = {}
    for point in points:
        if _on_delivery(point, counted.get(point.code)):
            question = question_on(point.remark) if point.remark else Question.DELIVERY
            about.setdefault((question, point.code or (point.file, point.line)), []).append(point)
    for (question, _), same in about.items():
        code = same[0].code
        yield Decision(question, code, same[0].municipality, since(question, code), tuple(same))


def _on_delivery(point: Point, counts: tuple[str, int] | None) -> bool:
    """Whether a point doubts or rejects a delivery; a warning does so of the row that counts."""
    if point.attention is Attention.WARNING:
        return point.finding in WARNINGS and counts == (point.file, point.line)
    return point.attention in (Attention.REJECTED, Attention.UNREADABLE, Attention.DOUBT)
