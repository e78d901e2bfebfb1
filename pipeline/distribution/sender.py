"""Sending: each message once to each address, no faster than is asked, again where a server says later.

What is to be sent is asked of the journal, and each step is noted there before the next: so it does not matter where
a run was stopped, and the next one goes on.
"""

from __future__ import annotations

import heapq
import smtplib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from pipeline.distribution.journal import Entry, Journal, Key, State, key_of, latest, now
from pipeline.distribution.messages import Message
from pipeline.distribution.outgoing import Outgoing
from pipeline.distribution.server import (
    CLOSING,
    MAIL,
    RCPT,
    Doubt,
    Refusal,
    Server,
    Unreachable,
    connect,
    hand_over,
)
from pipeline.errors import MailError, SettingsError

LONGEST_WAIT = 900
"""How many seconds a message waits at most before it is tried again."""
IDLE = 30
"""How many seconds a connection is kept of which no use is made; a server may close it then."""
_BY_RULE = " 5.7."
"""With what a server begins to say that something is not allowed, rather than that an address is wrong (RFC 3463)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast is sent: messages a minute and over one connection, how often each is tried, and how long before that.

    `wait` is how many seconds the first time; each next wait is twice as long.
    """

    per_minute: int = 30
    per_connection: int = 50
    tries: int = 5
    wait: float = 30

    def before(self, tried: int) -> float:
        """How many seconds to wait after so many tries."""
        return min(self.wait * 2.0 ** (tried - 1), LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Handing:
    """A message to be handed over to one address."""

    going: Outgoing
    address: str

    @property
    def key(self) -> Key:
        """By what it is known in the journal."""
        return key_of(self.going.published.code, self.address, self.going.version)


@dataclass(slots=True)
class Outcome:
    """What became of what was to be sent: names of municipalities, with the number of the answer where there is one.

    `before` is how many had been sent already. `refused` are those of which the address was, and `unwanted` those that
    the server does not take whatever the address is. `doubtful` are those that may have arrived, with the code of the
    municipality: they are not sent again by themselves.
    """

    before: int = 0
    sent: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    deferred: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)

    @property
    def all_went(self) -> bool:
        """Whether nothing was kept back."""
        return not (self.refused or self.unwanted or self.deferred or self.doubtful)

    def take(self, name: str, answer: Entry) -> None:
        """Add what became of a message to a municipality."""
        code = answer.said[:3]
        told = f"{name} ({code})" if code.isdigit() else name
        match answer.state:
            case State.SENT:
                self.sent.append(name)
            case State.REFUSED if answer.at == RCPT and not answer.said[3:].startswith(_BY_RULE):
                self.refused.append(told)
            case State.REFUSED:
                self.unwanted.append(told)
            case State.DEFERRED:
                self.deferred.append(told)
            case _:
                self.doubtful.append(f"{name} ({answer.code})")


def to_send(
    going: Iterable[Outgoing], entries: Iterable[Entry], resend: Iterable[str] = ()
) -> tuple[Sequence[Handing], Outcome]:
    """What has not been sent yet, and what had been or is in doubt; that is sent again for the codes in `resend`.

    Raises:
        SettingsError: if nothing is in doubt of one of these codes.
    """
    known, again, outcome = latest(entries), {*resend}, Outcome()
    in_doubt: set[str] = set()
    handings: dict[Key, Handing] = {}
    for one in going:
        for address in one.addresses:
            handing = Handing(one, address)
            entry = known.get(handing.key)
            if entry and entry.state.in_doubt:
                in_doubt.add(one.published.code)
            if entry and entry.state is State.SENT:
                outcome.before += 1
            elif entry and entry.state.in_doubt and one.published.code not in again:
                outcome.doubtful.append(f"{one.published.name} ({one.published.code})")
            else:
                handings[handing.key] = handing
    if wrong := sorted(again - in_doubt):
        raise SettingsError(f"--resend {wrong[0]}: none of its documents of now is in doubt; --status shows what is.")
    return [*handings.values()], outcome


def send(
    handings: Sequence[Handing],
    outcome: Outcome,
    compose: Callable[[Outgoing], Message],
    server: Server,
    sender: str,
    journal: Journal,
    pace: Pace,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Hand over messages, and add to `outcome` what became of them.

    Raises:
        MailError: if the server is not to be trusted, does not let us in or send, or cannot be reached as often as it
            is tried.
        OutputsError: if what becomes of them cannot be noted.
    """
    waiting = [(0.0, number, 0, handing) for number, handing in enumerate(handings)]
    line, done = _Line(server, pace), 0
    with line.closed_at_the_end():
        while waiting:
            due, number, tried, handing = heapq.heappop(waiting)
            line.pause(due)
            try:
                answer = _hand_over(line, handing, compose(handing.going), sender, journal)
                journal.note(answer)
            except BaseException:  # also when it is told to stop
                if journal.last and journal.last.state.in_doubt:
                    outcome.take(handing.going.published.name, journal.last)
                raise
            if answer.state is State.DEFERRED and tried + 1 < pace.tries:
                again = time.monotonic() + pace.before(tried + 1)
                heapq.heappush(waiting, (again, number, tried + 1, handing))
                continue
            outcome.take(handing.going.published.name, answer)
            done += 1
            if progress:
                progress(done, len(handings))


def _hand_over(line: _Line, handing: Handing, message: Message, sender: str, journal: Journal) -> Entry:
    """Hand over a message, and tell what became of it; that it is about to arrive is noted here."""

    def became(state: State, said: object = "", at: str = "") -> Entry:
        of = handing.going
        where = (of.published.code, handing.address, of.version)
        return Entry(now(), *where, message.identity, state, str(said), at, of.checksums)

    def about_to_end() -> None:
        journal.note(became(State.SENDING))

    smtp, patience = line.open(), line.server.end_timeout
    try:
        said = hand_over(smtp, sender, handing.address, message.data, about_to_end, patience)
    except Refusal as refusal:
        if refusal.code == CLOSING:
            line.close()
            if line.is_old and refusal.at == MAIL:
                return _hand_over(line, handing, message, sender, journal)
        if refusal.is_of_the_sender:
            journal.note(became(State.DEFERRED, refusal, refusal.at))
            raise refusal.explained(line.server) from refusal
        return became(State.DEFERRED if refusal.for_now else State.REFUSED, refusal, refusal.at)
    except Unreachable as lost:
        line.close()
        if line.is_old and lost.at == MAIL:
            return _hand_over(line, handing, message, sender, journal)
        return became(State.DEFERRED, lost, lost.at)
    except Doubt as doubt:
        line.close()
        return became(State.DOUBTFUL, doubt)
    line.used()
    return became(State.SENT, said)


class _Line:
    """The connection with a server: opened when it is needed, closed when it has been used enough.

    `is_old` says that the one that was given last stood open before: it may have been closed at the other end since,
    which shows at its first step, and says nothing of the message.
    """

    def __init__(self, server: Server, pace: Pace) -> None:
        self.server = server
        self.is_old = False
        self._pace = pace
        self._smtp: smtplib.SMTP | None = None
        self._over_it = 0
        self._next = 0.0
        self._was_there = False

    def open(self) -> smtplib.SMTP:
        """The connection.

        Raises:
            MailError: if there is none, as often as it is tried.
        """
        if self._over_it >= self._pace.per_connection:
            self._leave()
        self.is_old = self._smtp is not None
        tried = 0
        while self._smtp is None:
            tried += 1
            try:
                self._smtp = connect(self.server)
                self._over_it, self._was_there = 0, True
            except Unreachable as error:
                if tried == self._pace.tries or not (self._was_there or error.answered):
                    raise MailError(f"{error} Run the same again to go on where this stopped.") from error
                time.sleep(self._pace.before(tried))
        return self._smtp

    def pause(self, due: float) -> None:
        """Wait until the next message may go, and is due."""
        until = max(due, self._next)
        if until - time.monotonic() > IDLE:
            self._leave()
        if (left := until - time.monotonic()) > 0:
            time.sleep(left)
        self._next = time.monotonic() + 60 / self._pace.per_minute

    def used(self) -> None:
        """Count a message that went over it."""
        self._over_it += 1

    def close(self) -> None:
        """Leave the connection, in whatever state it is."""
        if self._smtp:
            self._smtp.close()
            self._smtp = None

    @contextmanager
    def closed_at_the_end(self) -> Iterator[None]:
        """Take leave of the server as it should be, if all went well."""
        try:
            yield
            self._leave()
        finally:
            self.close()

    def _leave(self) -> None:
        if self._smtp:
            with suppress(OSError):
                self._smtp.quit()
            self.close()
