"""How far each municipality is: what was sent to it, when and in which version, and what came back of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from pipeline.distribution.journal import Entry, Key, State, key_of, latest
from pipeline.distribution.outgoing import LeftOut, Outgoing
from pipeline.intake import Intake
from pipeline.model import form


@dataclass(frozen=True, slots=True)
class Status:
    """How far a municipality is.

    `state` says in how far the documents that stand there now were sent, and whether something else that was sent may
    not have arrived. `when` is when the last thing was noted, in UTC, and `version` of which version. `came_back` are
    the deliveries that are workbooks of ours.
    """

    code: str
    name: str
    state: str
    when: str
    version: str
    came_back: Sequence[str]


def statuses(
    going: Iterable[Outgoing], left_out: Iterable[LeftOut], entries: Sequence[Entry], intake: Intake
) -> Sequence[Status]:
    """How far each municipality is, in order of code."""
    by_code: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_code[entry.code].append(entry)
    back = _came_back(intake)

    def status(code: str, name: str, state: str) -> Status:
        last = by_code[code][-1] if by_code[code] else None  # in order of noting: a clock may be set back
        return Status(code, name, state, last.when if last else "", last.version if last else "", back[code])

    found = []
    for one in going:
        theirs = by_code[one.published.code]
        mine = {key_of(one.published.code, address, one.version) for address in one.addresses}
        found.append(status(one.published.code, one.published.name, _state(mine, theirs) + _besides(mine, theirs)))
    for left in left_out:
        besides = _besides(set(), by_code[left.code])
        found.append(status(left.code, left.name, f"left out{besides}: {left.why}"))
    return sorted(found, key=lambda one: one.code)


def _besides(mine: Set[Key], entries: Iterable[Entry]) -> str:
    """What to add if another version, or one to another address, may not have arrived."""
    doubtful = any(entry.state.in_doubt for key, entry in latest(entries).items() if key not in mine)
    return ", and an earlier message is doubtful" if doubtful else ""


def _state(mine: Set[Key], entries: Sequence[Entry]) -> str:
    """In how far the documents of now were sent; of several addresses, what asks most for attention."""
    known = latest(entries)
    states = [known[key].state if key in known else None for key in mine]
    if any(state and state.in_doubt for state in states):
        return "doubtful"
    for state in (State.REFUSED, State.DEFERRED):
        if state in states:
            return state.value
    if None in states:
        sent = [entry for entry in entries if entry.state is State.SENT]
        return "an earlier version was sent" if sent else "not sent"
    return State.SENT.value


def _came_back(intake: Intake) -> dict[str, list[str]]:
    """The workbooks of ours among the deliveries, by the code of the municipality; the oldest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for choices in intake.choices:
        for origin in (*choices.replaces, choices.origin):
            if origin.place.startswith(form.RETURNED):
                found[choices.municipality.code].append(origin.file)
    for row in intake.rejected:
        if row.municipality and row.origin.place.startswith(form.RETURNED):
            found[row.municipality.code].append(f"{row.origin.file} (rejected)")
    return found
