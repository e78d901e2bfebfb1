"""A round of mail: who gets what, as drafts to look at, as a rehearsal, or sent; and how far it is.

Each gives what it did as data, which the command tells.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from pipeline.distribution.drafts import private, write_drafts
from pipeline.distribution.journal import Journal, read_journal
from pipeline.distribution.letters import Letters
from pipeline.distribution.messages import Message, Sender, compose
from pipeline.distribution.outgoing import LeftOut, Outgoing, plan
from pipeline.distribution.published import Publication, published
from pipeline.distribution.recipients import Recipient
from pipeline.distribution.sender import Handing, Outcome, Pace, send, to_send
from pipeline.distribution.server import Server, Unreachable, connect
from pipeline.distribution.status import Status, statuses
from pipeline.errors import MailError, OutputsError, SettingsError
from pipeline.intake import Finding, Intake
from pipeline.publishing.durable import explained

KEPT = "berichten"
"""The folder with each message as it was sent, within the one for what holds addresses."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Mail:
    """All that a round is made from.

    `intake` are the deliveries as they are now, `recipients` whom to mail by code, `names` those of municipalities by
    code. `day` is the reference date, which is in the Date of each message. `findings` are on addresses, and on
    deliveries that cannot be used.
    """

    outputs: Path
    letters: Letters
    intake: Intake
    recipients: Mapping[str, Recipient]
    names: Mapping[str, str]
    day: date
    sender: Sender | None = None
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """How many drafts stand ready, and where; who is left out; and changed drafts, with their new names."""

    folder: Path
    number: int
    left_out: Sequence[LeftOut]
    kept_aside: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a round: how many messages were yet to go, and how many of them are left for a next time."""

    outcome: Outcome
    to_send: int
    left: int
    left_out: Sequence[LeftOut]

    @property
    def whole(self) -> bool:
        """Whether nothing was kept back, and nobody left out."""
        return self.outcome.all_went and not self.left_out


@dataclass(frozen=True, slots=True)
class _Round:
    publication: Publication
    going: Sequence[Outgoing]
    left_out: Sequence[LeftOut]


def draft(mail: Mail, progress: Progress | None = None) -> Drafted:
    """Write a message for each municipality as a file, to look at or to send by hand, and who is left out.

    Raises:
        KostenindicatieError: if there are no results, a template is broken, or the files cannot be written.
    """
    with _begun(mail) as this, private(mail.outputs) as folder:
        outputs = write_drafts(folder, this.going, this.left_out, _composer(mail, this, as_draft=True), progress)
    return Drafted(folder, len(this.going), this.left_out, outputs.places.kept_aside)


def rehearse(mail: Mail, server: Server, resend: Collection[str] = ()) -> Sent:
    """Log in to a server, and tell what would be sent.

    Raises:
        MailError: if the server is not to be trusted, does not let us in, or cannot be reached.
        KostenindicatieError: as `draft` does.
    """
    with _begun(mail) as this, private(mail.outputs) as folder:
        handings, outcome = to_send(this.going, read_journal(folder), resend)
        _see_that_all_can_be_made(handings, _composer(mail, this))
        try:
            smtp = connect(server)
        except Unreachable as error:
            raise MailError(str(error)) from error
        with suppress(OSError):
            smtp.quit()
        smtp.close()
    return Sent(outcome, len(handings), len(handings), this.left_out)


def send_round(
    mail: Mail,
    server: Server,
    pace: Pace,
    *,
    everything: bool = False,
    resend: Collection[str] = (),
    progress: Progress | None = None,
) -> Sent:
    """Send what was not sent yet, of one municipality, or `everything`; or again what is in doubt of these codes.

    Raises:
        MailError: if the server is not to be trusted, does not let us in, or cannot be reached as often as it is tried.
        KostenindicatieError: as `draft` does; what was sent is in the journal.
    """
    sender = mail.sender
    if sender is None:
        raise SettingsError("--from: is missing; give the address that messages are sent from.")
    with _begun(mail) as this, private(mail.outputs) as folder, Journal(folder) as journal:
        handings, outcome = to_send(this.going, journal.entries, resend)
        write = _composer(mail, this)
        _see_that_all_can_be_made(handings, write)
        now = handings if everything else _first(handings, resend)
        if now:
            send(now, outcome, _keeping(write, folder / KEPT), server, sender.address, journal, pace, progress)
    return Sent(outcome, len(handings), len(handings) - len(now), this.left_out)


def status(mail: Mail) -> Sequence[Status]:
    """How far each municipality is: sent, when, in which version, and what came back of it.

    Raises:
        KostenindicatieError: as `draft` does.
    """
    with _begun(mail) as this, private(mail.outputs) as folder:
        return statuses(this.going, this.left_out, read_journal(folder), mail.intake)


@contextmanager
def _begun(mail: Mail) -> Iterator[_Round]:
    """Who gets what; no run writes in the folder meanwhile."""
    with published(mail.outputs) as publication:
        mine = mail.letters.tariff.valid_from
        if publication.tariff != mine:
            raise OutputsError(
                f"{mail.outputs}: was made by the tariff of {publication.tariff}, and on {mail.day} that of "
                f"{mine} applies; run `make report`, or give --date."
            )
        going, left_out = plan(publication, mail.intake, mail.recipients, mail.names, mail.findings)
        yield _Round(publication, going, left_out)


def _first(handings: Sequence[Handing], resend: Collection[str]) -> Sequence[Handing]:
    """What goes when not everything does: what is asked for, or else to one municipality, to see how it arrives."""
    codes = resend or {one.going.published.code for one in handings[:1]}
    return [one for one in handings if one.going.published.code in codes]


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
            return compose(letter, one.addresses, attachments, mail.day, mail.sender, draft=as_draft)
        except ValueError as error:
            raise MailError(
                f"{one.published.name}: no message can be made ({error}); nothing was sent. Look at e_mail "
                "in its deliveries, and at contacten.csv."
            ) from error

    return write


def _see_that_all_can_be_made(handings: Sequence[Handing], write: Callable[[Outgoing], Message]) -> None:
    """Make every message before the first one goes: what is wrong with one is told before anything was sent."""
    for one in {handing.going.published.code: handing.going for handing in handings}.values():
        write(one)


def _keeping(write: Callable[[Outgoing], Message], folder: Path) -> Callable[[Outgoing], Message]:
    """The same, but for a copy that is kept of each message."""

    def kept(one: Outgoing) -> Message:
        message = write(one)
        path = folder / f"{one.stem}.{one.version}.eml"
        with explained(path):
            folder.mkdir(exist_ok=True)
            path.write_bytes(message.data)
        return message

    return kept
