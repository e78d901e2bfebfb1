"""What a run lacks of the one before: deliveries that are missing, rows that are hidden, municipalities that would go.

The manifest tells which deliveries the last run read, and whose choices came from each. What is gone in silence, a
share that is not mounted or a file cut short, must not look like a choice of a municipality.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from pipeline.errors import InputsError, RemovalError
from pipeline.intake import Delivery, Finding, Intake, Severity
from pipeline.model.choices import Choices
from pipeline.model.codes import ANY_CODE
from pipeline.packed import packed
from pipeline.publishing.manifest import Delivered

UNREAD = frozenset({"onleesbaar", "nog_bezig"})
"""The codes of what keeps a delivery from being read at all; whoever runs the command can mend it."""
FEW, PART = 5, 10
"""More municipalities than these few, and more than one in so many, are not removed without being asked."""
NAMED = 5
"""How many are named where all would be too many."""

_CODE = re.compile(rf"gemeenten/({ANY_CODE})-[^/]*")


def refuse_unread(intake: Intake) -> None:
    """Stop the run if a delivery could not be read: nobody knows which rows of others it replaces.

    Raises:
        InputsError: if there is one.
    """
    unread = [finding for finding in intake.findings if finding.code in UNREAD]
    if unread:
        raise InputsError(
            "A delivery could not be read, and an older row must not stand in for what is in it: nothing was made. "
            + " ".join(f"{finding.file}: {finding.message}" for finding in unread)
        )


def stand_back(intake: Intake, last_time: Mapping[str, Delivered]) -> Intake:
    """The same, without the choices of an older delivery for whoever stood in a newer one that cannot be used now.

    A refused delivery hides its rows; as with a row that is rejected, what is outdated does not stand in for them.
    """
    place = {delivery.name: number for number, delivery in enumerate(intake.deliveries)}
    hidden = {code: name for name in unusable(intake) if name in last_time for code in last_time[name].municipalities}
    if not hidden:
        return intake
    standing_back = [
        choices
        for choices in intake.choices
        if (name := hidden.get(choices.municipality.code)) and place[choices.origin.file] < place[name]
    ]
    if not standing_back:
        return intake
    findings = [
        Finding(
            Severity.WARNING,
            "eerdere_telt_niet",
            hidden[choices.municipality.code],
            None,
            None,
            choices.municipality.name,
            f"De eerdere aanlevering ({choices.origin.in_words}) telt niet meer, omdat de "
            "vorige keer een nieuwere in dit bestand stond, dat nu niet te gebruiken is; herstel dit bestand.",
            choices.municipality.code,
        )
        for choices in standing_back
    ]
    replaced = Counter(choices.origin.file for choices in standing_back)
    codes = {choices.municipality.code for choices in standing_back}
    return replace(
        intake,
        choices=packed(Choices, (each for each in intake.choices if each.municipality.code not in codes)),
        findings=(*intake.findings, *findings),
        deliveries=tuple(replace(d, replaced=d.replaced + replaced[d.name]) for d in intake.deliveries),
    )


def to_remember(intake: Intake, last_time: Mapping[str, Delivered]) -> dict[str, Delivered]:
    """The deliveries as the next run must know them; of one that cannot be used, what was known of it stays."""
    codes: dict[str, list[str]] = defaultdict(list)
    for choices in intake.choices:
        codes[choices.origin.file].append(choices.municipality.code)
    refused = unusable(intake)
    return {
        delivery.name: last_time[delivery.name]
        if delivery.name in refused and delivery.name in last_time
        else Delivered(delivery.rows, tuple(codes[delivery.name]))
        for delivery in intake.deliveries
    }


def missing(deliveries: Iterable[Delivery], last_time: Mapping[str, Delivered]) -> list[str]:
    """In words, the deliveries that were there last time and are not now, or are shorter."""
    now = {delivery.name: delivery.rows for delivery in deliveries}
    gone = [f"{name} (had {_rows(one.rows)}) is gone" for name, one in last_time.items() if name not in now]
    shorter = [
        f"{name} has {_rows(now[name])} (had {one.rows:,})"
        for name, one in last_time.items()
        if name in now and now[name] < one.rows
    ]
    return gone + shorter


def refuse_removals(there: Iterable[str], intake: Intake, last_time: Mapping[str, Delivered]) -> None:
    """Stop a run that would remove everything, or very many municipalities; `there` are the names of our documents.

    Raises:
        RemovalError: if it would; it names the deliveries that are missing.
    """
    had = {match[1]: name for name in there if (match := _CODE.fullmatch(name))}
    going = sorted(had.keys() - {choices.municipality.code for choices in intake.choices})
    if not going or (len(going) < len(had) and (len(going) <= FEW or len(going) * PART <= len(had))):
        return
    lacking = missing(intake.deliveries, last_time)
    why = (
        f"Since last time: {listed(lacking)}. Put back what is missing"
        if lacking
        else "No delivery is missing or shorter; `kostenindicatie check` says which rows are rejected. Mend those"
    )
    raise RemovalError(
        f"The documents of {len(going)} of {len(had)} municipalities would be removed "
        f"({listed(going)}), so nothing was made. {why}, or give --allow-removals if they are to go."
    )


def listed(names: Collection[str], most: int = NAMED) -> str:
    """Names after each other: all of them, or the first and how many there are besides.

    >>> listed(["a", "b"]), listed(["a", "b", "c"], 2)
    ('a, b', 'a, b and 1 more')
    """
    shown = ", ".join(list(names)[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"


def unusable(intake: Intake) -> list[str]:
    """The names of deliveries that cannot be used as a whole, in the order in which they are read."""
    wrong = {finding.file for finding in intake.errors}
    return [delivery.name for delivery in intake.deliveries if not delivery.rows and delivery.name in wrong]


def _rows(number: int) -> str:
    return f"{number:,} {'row' if number == 1 else 'rows'}"
