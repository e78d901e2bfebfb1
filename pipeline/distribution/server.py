"""A mail server: reached over TLS only, logged in to, and handed one message to one address at a time.

A message counts as handed over when the server says so behind its end. Until the end is sent it cannot have arrived;
from then until the answer it may have. That is the only moment of doubt, and whoever hands over is told just before.
"""

from __future__ import annotations

import ipaddress
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import MailError, SettingsError
from pipeline.intake.fields.characters import shown

IMPLICIT_TLS = 465
"""The port on which TLS begins at once; on every other one it is asked for (STARTTLS)."""
PASSWORD = "KOSTENINDICATIE_SMTP_PASSWORD"
"""What the environment variable with the password is called."""
LONGEST = 500
"""How much of an answer is kept."""
CLOSING = 421
"""What a server says that ends the connection."""
MAIL, RCPT, DATA, END = "MAIL", "RCPT", "DATA", "end"
"""The steps in which a message is handed over: from whom, to whom, its text, and that this was all."""
_TOO_LARGE = 552
_NOT_LOGGED_IN = frozenset({530, 534, 535, 538})
_LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and by whom. `plain` is without TLS, which only this machine itself may be.

    `timeout` is how many seconds an answer may take, and `end_timeout` that to a whole message: a server that looks
    for spam takes its time there, and whoever gives it up too early does not know whether the message arrived.

    Raises:
        SettingsError: if it is plain and another machine.
    """

    host: str
    port: int
    plain: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60
    end_timeout: float = 600

    def __post_init__(self) -> None:
        if self.plain and not self.is_here:
            raise SettingsError("--insecure-plain: is only for a server on this machine itself, such as 127.0.0.1:25.")

    @property
    def name(self) -> str:
        """How sentences call it."""
        return f"{self.host}:{self.port}"

    @property
    def is_here(self) -> bool:
        """Whether it is this machine."""
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"


def read_password(file: Path | None) -> str:
    """The password: the first line of a file, or else what the environment says.

    Raises:
        SettingsError: if there is none, or the file cannot be read.
    """
    if file is None:
        if password := os.environ.get(PASSWORD, ""):
            return password
        raise SettingsError(f"--user: the password is missing; put it in {PASSWORD}, or in a --password-file.")
    try:
        password = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read ({error}); its first line is the password.") from error
    if not password:
        raise SettingsError(f"{file}: its first line is empty; it must be the password.")
    return password


class Unreachable(Exception):
    """The server cannot be talked to at this moment, as the text says; `answered` if there is one at all.

    `at` is the step of handing over in which that showed, if any.
    """

    def __init__(self, text: str, *, answered: bool = True, at: str = "") -> None:
        self.answered = answered
        self.at = at
        super().__init__(text)


class Refusal(Exception):
    """The server refused a message, so that it did not arrive: with which code, what it said, and in which step."""

    def __init__(self, code: int, said: bytes, at: str) -> None:
        self.code = code
        self.at = at
        self.said = _told(code, said)
        super().__init__(self.said)

    @property
    def for_now(self) -> bool:
        """Whether it may be tried again."""
        return self.code < 500

    @property
    def is_of_the_sender(self) -> bool:
        """Whether it is of whoever sends, so that no other message would be taken either."""
        return self.code in _NOT_LOGGED_IN or (self.at == MAIL and not self.for_now and self.code != _TOO_LARGE)

    def explained(self, server: Server) -> MailError:
        """The same as a sentence that ends a round, in which no address stands."""
        said = shown(" ".join(self.said.split()))
        if self.code in _NOT_LOGGED_IN:
            return MailError(f"{server.name}: takes mail only from who logs in ({said}); see --user.")
        if self.code == _TOO_LARGE:
            return MailError(f"{server.name}: takes no message that is as large as ours ({said}); ask its manager.")
        return MailError(f"{server.name}: takes no mail from this sender ({said}); see --from, and ask its manager.")


class Doubt(Exception):
    """The connection was lost, or there was no answer, when a message may have arrived."""


def connect(server: Server) -> smtplib.SMTP:
    """A connection over which messages can be handed over.

    Raises:
        MailError: if the server is not to be trusted, or does not let us in.
        Unreachable: if there is none, or it has no time now.
    """
    where = server.name
    context = ssl.create_default_context()
    try:
        if server.port == IMPLICIT_TLS and not server.plain:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    except OSError as error:
        raise _not_reached(where, error) from error
    try:
        _greet(smtp)
        if not (server.plain or isinstance(smtp, smtplib.SMTP_SSL)):
            if not smtp.has_extn("starttls"):
                raise MailError(f"{where}: offers no TLS (STARTTLS): anyone could read along; nothing was sent.")
            smtp.starttls(context=context)
            _greet(smtp)
        if server.user:
            _log_in(smtp, server, where)
    except OSError as error:
        smtp.close()
        raise _not_reached(where, error) from error
    except BaseException:
        smtp.close()
        raise
    return smtp


def _greet(smtp: smtplib.SMTP) -> None:
    code, said = smtp.ehlo()
    if code // 100 != 2:  # the older HELO has neither TLS nor a login
        raise smtplib.SMTPHeloError(code, said)


def _log_in(smtp: smtplib.SMTP, server: Server, where: str) -> None:
    try:
        smtp.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        if error.smtp_code < 500:
            raise
        raise MailError(f"{where}: does not accept the user name and password ({error.smtp_code}).") from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailError(f"{where}: asks for no user name; leave out --user, or try another port.") from error
    except UnicodeEncodeError as error:
        raise MailError(f"{where}: only takes a user name and password in ASCII; choose another password.") from error
    except smtplib.SMTPException as error:
        if type(error) is not smtplib.SMTPException:
            raise
        raise MailError(f"{where}: offers no way to log in that we know ({error}).") from error


def _not_reached(where: str, error: OSError) -> Exception:
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailError(f"{where}: its certificate is not to be trusted ({error.verify_message}); nothing was sent.")
    if isinstance(error, ssl.SSLError):
        return MailError(f"{where}: TLS failed ({error.reason or error}); nothing was sent. Is it the right port?")
    if isinstance(error, smtplib.SMTPResponseException):
        if error.smtp_code >= 500:
            return MailError(f"{where}: does not want to be used by this machine ({error.smtp_code}).")
        return Unreachable(f"{where}: has no time now ({error.smtp_code}).")
    answered = isinstance(error, smtplib.SMTPException | ConnectionResetError | BrokenPipeError)
    return Unreachable(f"{where}: cannot be reached ({error.strerror or error}).", answered=answered)


def try_out(server: Server, sender: str, largest: int) -> None:
    """Log in, and ask whether a message of so many bytes may be sent by this sender; none is.

    Raises:
        MailError: if it may not, or the server is not to be trusted, or does not let us in.
        Unreachable: if it cannot be asked now.
    """
    smtp = connect(server)
    try:
        most = smtp.esmtp_features.get("size", "")
        if most.isdecimal() and 0 < int(most) < largest:
            raise MailError(
                f"{server.name}: takes messages of at most {most} bytes, and the largest of ours has {largest}; "
                "ask its manager."
            )
        _must(250, smtp.mail(sender, _size(smtp, largest)), MAIL)
        smtp.rset()
        smtp.quit()
    except Refusal as refusal:
        if refusal.for_now:
            raise Unreachable(f"{server.name}: has no time now ({refusal.code}).") from refusal
        raise refusal.explained(server) from refusal
    except OSError as error:
        raise _not_reached(server.name, error) from error
    finally:
        smtp.close()


def hand_over(
    smtp: smtplib.SMTP,
    sender: str,
    address: str,
    message: bytes,
    about_to_end: Callable[[], None],
    patience: float,
) -> str:
    """Hand over a message to one address; gives what the server said. `about_to_end` is called before it may arrive.

    `patience` is how many seconds the answer after that may take.

    Raises:
        Refusal: if the server does not take it; the connection can be used on, unless it said that it closes.
        Unreachable: if the connection was lost before the message could arrive.
        Doubt: if it was lost after that.
    """
    at = MAIL
    try:
        _must(250, smtp.mail(sender, _size(smtp, len(message))), at)
        at = RCPT
        _must(250, smtp.rcpt(address), at)
        at = DATA
        _must(354, smtp.docmd("DATA"), at)
        smtp.send(_LINE_BEGINS_WITH_DOT.sub(b"..", message))
    except Refusal as refusal:
        if refusal.code != CLOSING:
            with suppress(OSError):
                smtp.rset()
        raise
    except OSError as error:
        raise Unreachable(f"the connection was lost ({error.strerror or error})", at=at) from error
    about_to_end()
    try:
        with _patient(smtp, patience):
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
    except OSError as error:
        raise Doubt(f"no answer: {error.strerror or error}") from error
    if code == -1:
        raise Doubt("an answer that is none")
    _must(250, (code, said), END)
    return _told(code, said)


def _size(smtp: smtplib.SMTP, number: int) -> list[str]:
    """How the server is told of how many bytes a message is, if it wants to know."""
    return [f"SIZE={number}"] if smtp.has_extn("size") else []


@contextmanager
def _patient(smtp: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Let an answer take so long, this once."""
    usual = smtp.sock.gettimeout() if smtp.sock else None
    if smtp.sock:
        smtp.sock.settimeout(seconds)
    yield
    if smtp.sock:
        smtp.sock.settimeout(usual)


def _told(code: int, said: bytes) -> str:
    """An answer as it is kept: not without end."""
    return f"{code} {said[:LONGEST].decode('ascii', 'replace')}"


def _must(code: int, reply: tuple[int, bytes], at: str) -> None:
    """Nothing, if the server answers as it must, or in that sense."""
    if reply[0] == -1:
        raise OSError("an answer that is none")
    if reply[0] // 100 != code // 100:
        raise Refusal(*reply, at)
