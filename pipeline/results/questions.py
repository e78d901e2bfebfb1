"""The kinds of question that the steering group decides on, and which of them a result leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pipeline.model.choices import Contribution
from pipeline.model.indication import Remark, RemarkCode
from pipeline.model.tariffs import Tariff
from pipeline.results.doubts import WARNINGS, doubts
from pipeline.results.records import Gist
from pipeline.results.result import Result


class Question(StrEnum):
    """The kinds of decision, in the order in which they are shown; the values are what people read."""

    AGREE = "Alternatieve bijdrage afstemmen"
    PLEDGE = "Bijdrage gevraagd, niet toegezegd"
    DELIVERY = "Aanlevering afgekeurd of twijfelachtig"
    BOUND = "Inwoners dicht bij de grens van een grootteklasse"


Open = tuple[Question, str]
"""A kind of question, and the code of the municipality that it is about."""


def question_on(remark: Remark) -> Question:
    """Which question a doubt asks: who is near a bound by the register delivered nothing that is doubtful."""
    return Question.BOUND if remark.code is RemarkCode.NEAR_BOUND else Question.DELIVERY


def questions_in(result: Result[Gist], gists: Iterable[Gist], tariff: Tariff) -> frozenset[Open]:
    """The questions that an earlier result left open: their kind, and the code of the municipality."""
    open_ = {(Question.DELIVERY, row.municipality or "") for row in result.rejected}
    warned = {code for each in result.findings if each.code in WARNINGS for code in each.municipalities}
    for gist in gists:
        code, choices = gist.municipality.code, gist.choices
        if choices.contribution is Contribution.ALTERNATIVE and not choices.agreed:
            open_.add((Question.AGREE, code))
        if choices.contribution is Contribution.NONE:
            open_.add((Question.PLEDGE, code))
        open_.update((question_on(remark), code) for remark in doubts(gist, tariff))
        if code in warned:
            open_.add((Question.DELIVERY, code))
    return frozenset(open_)
