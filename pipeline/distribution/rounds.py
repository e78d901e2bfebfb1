"""A round of mail: who gets what, as drafts to look at, as a rehearsal, or sent; and how far it is.

Each gives what it did as data, which the command tells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from pipeline.distribution.copies import KeepingJournal, read_whole_journal
from pipeline.distribution.drafts import FOLDER, name_of, others, private, write_drafts
from pipeline.distribution.journal import Entry, State, latest
from pipeline.distribution.letters import Letters
from pipeline.distribution.messages import Message, Sender, compose
from pipeline.distribution.outgoing import LeftOut, Outgoing, plan
from pipeline.distribution.published import Publication, published
from pipeline.distribution.recipients import Recipient
from pipeline.distribution.sender import Handing, Outcome, Pace, send, to_send
from pipeline.distribution.server import Server, Unreachable, try_out
from pipeline.distribution.status import Status, statuses
from pipeline.errors import MailError, OutputsError, SettingsError
from pipeline.intake import Finding, Intake
from pipeline.reference.register import Register

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Mail:
    """All that a round is made from.

    `intake` are the deliveries as they are now, `recipients` whom to mail by code. `day` is the reference date of now;
    a message has in its Date that of the documents. `findings` are on addresses, and on deliveries that cannot be used.
    """

    outputs: Path
    letters: Letters
    intake: Intake
    recipients: Mapping[str, Recipient]
    register: Register
    day: date
    sender: Sender | None = None
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of the messages of a round, and who is left out of it."""

    outcome: Outcome
    left_out: Sequence[LeftOut]

    @property
    def whole(self) -> bool:
        """Whether nothing was kept back or is in doubt, and nobody left out."""
        return self.outcome.all_went and not self.left_out


@dataclass(frozen=True, slots=True)
class Drafted(_Done):
    """Which drafts stand ready, and where; of whom there is none, because of what was sent before or is in doubt.

    `kept_aside` are drafts that somebody changed, with their new names, and `others` the files beside the drafts.
    """

    folder: Path
    names: Sequence[str]
    kept_aside: Mapping[str, str]
    others: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sent(_Done):
    """What became of a round: how many messages it was to send, and how many are left for a next time.

    `only_to` names the municipality to which it was limited.
    """

    to_send: int
    left: int
    only_to: str = ""


@dataclass(frozen=True, slots=True)
class _Round:
    publication: Publication
    going: Sequence[Outgoing]
    left_out: Sequence[LeftOut]
    day: date


def draft(mail: Mail, progress: Progress | None = None) -> Drafted:
    """Write each message that is yet to go as a file, to look at or to send by hand, and who is left out.

    Raises:
        KostenindicatieError: if there are no results, a template is broken, or the files cannot be written.
    """
    with _begun(mail) as this, private(mail.outputs) as folder:
        handings, outcome = to_send(this.going, read_whole_journal(folder))
        going = _as_drafts(handings)
        outputs = write_drafts(folder, going, this.left_out, _composer(mail, this, as_draft=True), progress)
        names = [name_of(one) for one in going]
        return Drafted(outcome, this.left_out, folder, names, outputs.places.kept_aside, others(folder, names))


def rehearse(mail: Mail, server: Server, *, everything: bool = False, resend: Collection[str] = ()) -> Sent:
    """Log in to a server, ask it whether messages as these may be sent, and tell which a round would send.

    Raises:
        MailError: if the server is not to be trusted, does not let us in or send, or cannot be reached.
        KostenindicatieError: as `draft` does.
    """
    sender = _sender(mail)
    with _begun(mail) as this, private(mail.outputs) as folder:
        sent, _, _, largest = _prepared(mail, this, read_whole_journal(folder), resend, everything=everything)
        try:
            try_out(server, sender.address, largest)
        except Unreachable as error:
            raise MailError(str(error)) from error
    return sent


def send_round(
    mail: Mail,
    server: Server,
    pace: Pace,
    *,
    everything: bool = False,
    resend: Collection[str] = (),
    progress: Progress | None = None,
    begun: Callable[[Sent], None] | None = None,
) -> Sent:
    """Send what was not sent yet, to one municipality, or `everything`; or again what is in doubt of these codes.

    `begun` is given, before the first message goes, what is given in the end: whatever stops the round, its outcome
    tells how far it came.

    Raises:
        MailError: if the server is not to be trusted, does not let us in or send, or cannot be reached as often as it
            is tried.
        KostenindicatieError: as `draft` does; what was sent is in the journal.
    """
    sender = _sender(mail)
    with _begun(mail) as this, private(mail.outputs) as folder, KeepingJournal(folder) as journal:
        sent, now, write, _ = _prepared(mail, this, journal.entries, resend, everything=everything)
        if now:
            if begun:
                begun(sent)
            send(now, sent.outcome, journal.keeping(write), server, sender.address, journal, pace, progress)
    return sent


def status(mail: Mail) -> Sequence[Status]:
    """How far each municipality is: sent, when, in which version, and what came back of it; also while others write.

    Raises:
        KostenindicatieError: as `draft` does.
    """
    with _begun(mail, looking=True) as this:
        return statuses(this.going, this.left_out, read_whole_journal(mail.outputs / FOLDER), mail.intake)


@contextmanager
def _begun(mail: Mail, *, looking: bool = False) -> Iterator[_Round]:
    """Who gets what; no run writes in the folder meanwhile, unless who asks is only `looking`."""
    with published(mail.outputs, locked=not looking) as publication:
        day = mail.day if looking else _day_of(mail, publication)
        names = {of.code: of.name for of in mail.register}
        going, left_out = plan(publication, mail.intake, mail.recipients, names, mail.findings)
        yield _Round(publication, going, left_out, day)


def _day_of(mail: Mail, publication: Publication) -> date:
    """The reference date of what stands there, if it rests on the tariff and the year of now."""
    mine, theirs = mail.letters.tariff.valid_from, publication.tariff.valid_from
    if theirs != mine:
        raise OutputsError(
            f"{mail.outputs}: was made by the tariff of {theirs}, and on {mail.day} that of {mine} applies; "
            "run `make report`, or give --date."
        )
    day = publication.day
    if day is None:
        raise OutputsError(
            f"{mail.outputs}: was made by an earlier version, which did not leave word of the reference date; "
            "run `make report`."
        )
    if day.year != mail.day.year:
        raise OutputsError(
            f"{mail.outputs}: was made for {day}, and on {mail.day} the first year is another one; "
            f"run `make report`, or give --date {day}."
        )
    return day


def _as_drafts(handings: Sequence[Handing]) -> Sequence[Outgoing]:
    """What is yet to go, to each municipality at once."""
    addresses: dict[str, list[str]] = {}
    for one in handings:
        addresses.setdefault(one.going.published.code, []).append(one.address)
    going = {one.going.published.code: one.going for one in handings}
    return [replace(one, addresses=addresses[code]) for code, one in going.items()]


def _codes(mail: Mail, this: _Round, resend: Collection[str]) -> Collection[str]:
    """The codes of municipalities to which is to be sent again, by code or name.

    Raises:
        InputsError: if one is not known, or its name is ambiguous.
        SettingsError: if one is left out.
    """
    asked = {mail.register.only(name).code: name for name in resend}
    for one in this.left_out:
        if name := asked.get(one.code):
            raise SettingsError(f"--resend {name}: is left out now, so that nothing goes to it. {one.why}")
    return asked


def _sender(mail: Mail) -> Sender:
    if mail.sender is None:
        raise SettingsError("--from: is missing; give the address that messages are sent from.")
    return mail.sender


def _first(handings: Sequence[Handing], entries: Iterable[Entry], resend: Collection[str]) -> Sequence[Handing]:
    """What goes when not everything does: what is asked for, or else to one municipality, to see how it arrives.

    That is one to which nothing was refused, if there is any.
    """
    refused = {key for key, entry in latest(entries).items() if entry.state is State.REFUSED}
    amiss = {one.going.published.code for one in handings if one.key in refused}
    likely = sorted({one.going.published.code for one in handings}, key=lambda code: (code in amiss, code))
    codes = resend or likely[:1]
    return [one for one in handings if one.going.published.code in codes]


def _prepared(
    mail: Mail, this: _Round, entries: Sequence[Entry], resend: Collection[str], *, everything: bool
) -> tuple[Sent, Sequence[Handing], Callable[[Outgoing], Message], int]:
    """A round that stands ready: what it tells, what it hands over, what makes messages, and the largest in bytes."""
    codes = _codes(mail, this, resend)
    handings, outcome = to_send(this.going, entries, codes)
    write = _composer(mail, this)
    largest = _largest(handings, write)
    now = handings if everything else _first(handings, entries, codes)
    names = {one.going.published.name for one in now}
    only_to = names.pop() if len(names) == 1 and len(now) < len(handings) else ""
    return Sent(outcome, this.left_out, len(now), len(handings) - len(now), only_to), now, write, largest


def _composer(mail: Mail, this: _Round, *, as_draft: bool = False) -> Callable[[Outgoing], Message]:
    """What makes the message to a municipality.

    Raises:
        OutputsError: if what every message holds is gone, or was changed since it was made.
    """
    shared = {PurePosixPath(name).name: this.publication.read(name) for name in this.publication.shared}

    def write(one: Outgoing) -> Message:
        own = {PurePosixPath(name).name: this.publication.read(name) for name in one.published.files}
        attachments = own | shared
        letter = mail.letters.write(one.published.record, [*attachments])
        try:
            return compose(letter, one.addresses, attachments, this.day, mail.sender, draft=as_draft)
        except ValueError as error:
            raise MailError(
                f"{one.published.name}: no message can be made ({error}); nothing was sent. Look at e_mail "
                "in its deliveries, and at contacten.csv."
            ) from error

    return write


def _largest(handings: Sequence[Handing], write: Callable[[Outgoing], Message]) -> int:
    """Make every message before the first one goes; gives of how many bytes the largest is.

    What is wrong with one is told before anything was sent.
    """
    going = {handing.going.published.code: handing.going for handing in handings}
    return max((len(write(one).data) for one in going.values()), default=0)
