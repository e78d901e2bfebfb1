"""How far each municipality is: what was sent to it, when and in which version, and what came back of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.distribution.journal import Entry, State, key_of, latest
from pipeline.distribution.outgoing import LeftOut, Outgoing
from pipeline.intake import Intake
from pipeline.model import form


@dataclass(frozen=True, slots=True)
class Status:
    """How far a municipality is.

    `state` says in how far the documents that stand there now were sent, `when` the last thing happened to any of them,
    in UTC, and `version` in which version that was. `came_back` are the deliveries that are workbooks of ours.
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
    for entry in latest(entries).values():
        by_code[entry.code].append(entry)
    back = _came_back(intake)

    def status(code: str, name: str, state: str) -> Status:
        last = max(by_code[code], key=lambda entry: entry.when, default=None)
        return Status(code, name, state, last.when if last else "", last.version if last else "", back[code])

    found = [status(one.published.code, one.published.name, _state(one, by_code[one.published.code])) for one in going]
    found += [status(one.code, one.name, f"left out: {one.why}") for one in left_out]
    return sorted(found, key=lambda one: one.code)


def _state(one: Outgoing, entries: Iterable[Entry]) -> str:
    """In how far the documents of now were sent; of several addresses, what asks most for attention."""
    known = {entry.key: entry.state for entry in entries}
    states = [known.get(key_of(one.published.code, address, one.version)) for address in one.addresses]
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
