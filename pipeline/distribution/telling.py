"""What a round of mail did, in sentences for who gave the command. They name municipalities, never an address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.distribution.drafts import DRAFTS, FOLDER, LEFT_OUT
from pipeline.distribution.journal import FILE
from pipeline.distribution.outgoing import LeftOut
from pipeline.distribution.rounds import Drafted, Sent
from pipeline.distribution.sender import Outcome
from pipeline.distribution.status import Status
from pipeline.publishing.last_time import listed
from pipeline.publishing.placing import kept

SHOWN = 20
"""How many municipalities a sentence names."""


def of_drafts(drafted: Drafted) -> Iterator[str]:
    """What was written, and what to do with it."""
    yield from _left_out(drafted.left_out, f"; {drafted.folder / LEFT_OUT} says why of each")
    for name, aside in drafted.kept_aside.items():
        yield kept(name, aside, made_again=name in drafted.names)
    if drafted.others:
        yield (
            f"No draft of now, and left as it is: {listed(drafted.others, SHOWN)}. Remove what is not needed any more: "
            "there may be addresses in it."
        )
    yield from _troubles(drafted.outcome)
    if drafted.outcome.before:
        yield f"{_messages(drafted.outcome.before)} sent before, and not drafted again."
    number = _messages(len(drafted.names))
    yield f"{number} written: {drafted.folder / DRAFTS}. Nothing was sent; for that, give --smtp."


def of_rehearsal(sent: Sent) -> Iterator[str]:
    """What would be sent."""
    yield from _kept_back(sent)
    yield (
        f"The server lets us in. {_messages(sent.to_send)} would be sent{_only_to(sent)}, {sent.outcome.before} "
        f"{'was' if sent.outcome.before == 1 else 'were'} sent before. Nothing was sent; for that, leave out --dry-run."
    )
    yield from _yet_to_go(sent)


def of_sending(sent: Sent) -> Iterator[str]:
    """What was sent, and what to do now."""
    yield from _kept_back(sent)
    outcome = sent.outcome
    yield f"{_messages(len(outcome.sent))} sent{_only_to(sent)}, {outcome.before} before."
    if sent.left and outcome.sent:
        yield "See how it arrived."
    yield from _yet_to_go(sent)


def of_what_stopped(sent: Sent) -> Iterator[str]:
    """How far a round came that something stopped."""
    outcome = sent.outcome
    yield from _troubles(outcome)
    yield (
        f"Stopped: {_messages(len(outcome.sent))} of {sent.to_send} sent, {outcome.before} before. The same command "
        "goes on from here."
    )


def of_status(found: Sequence[Status]) -> Iterator[str]:
    """How far each municipality is, and how many are how far."""
    for one in found:
        what = [one.state]
        if one.when:
            what.append(f"last on {one.when.replace('T', ' ').removesuffix('+00:00')} UTC, version {one.version}")
        if one.came_back:
            what.append(f"came back: {', '.join(one.came_back)}")
        yield f"{one.code} {one.name}: {'; '.join(what)}"
    for state, number in Counter(one.state.partition(":")[0] for one in found).items():
        yield f"{number} {state}"


def _kept_back(sent: Sent) -> Iterator[str]:
    yield from _left_out(sent.left_out, "; a draft (--draft) lists why of each")
    yield from _troubles(sent.outcome)


def _troubles(outcome: Outcome) -> Iterator[str]:
    where = f"What the server said stands in {FOLDER}/{FILE}"
    if outcome.refused:
        yield (
            f"Refused for good: {_each_once(outcome.refused)}. {where}; mend e_mail in the delivery or in "
            "contacten.csv, and run the same again."
        )
    if outcome.unwanted:
        yield (
            f"The message itself is refused, whatever the address: {_each_once(outcome.unwanted)}. {where}; ask the "
            "manager of the server, and run the same again."
        )
    if outcome.deferred:
        yield f"Not taken yet: {_each_once(outcome.deferred)}. {where}; run the same again later."
    if outcome.doubtful:
        yield (
            f"May have arrived, and may not: {_each_once(outcome.doubtful)}. They are not sent again by themselves; "
            "ask, and give --resend CODE if it did not arrive."
        )


def _left_out(left_out: Sequence[LeftOut], where: str) -> Iterator[str]:
    if left_out:
        by_why = Counter(one.why for one in left_out)
        yield f"Left out: {listed([one.name for one in left_out], SHOWN)}{where}."
        for why, number in by_why.items():
            yield f"  {number} × {why}"


def _each_once(names: Sequence[str]) -> str:
    """Municipalities, of which some have more addresses than one."""
    return listed([*dict.fromkeys(names)], SHOWN)


def _only_to(sent: Sent) -> str:
    return f", only to {sent.only_to}" if sent.only_to else ""


def _yet_to_go(sent: Sent) -> Iterator[str]:
    if sent.left:
        yield f"{_messages(sent.left)} {'is' if sent.left == 1 else 'are'} yet to go; for that, give --all."


def _messages(number: int) -> str:
    return f"{number} {'message' if number == 1 else 'messages'}"
