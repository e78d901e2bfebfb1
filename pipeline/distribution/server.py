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
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import MailError, SettingsError

IMPLICIT_TLS = 465
"""The port on which TLS begins at once; on every other one it is asked for (STARTTLS)."""
PASSWORD = "KOSTENINDICATIE_SMTP_PASSWORD"
"""What the environment variable with the password is called."""
LONGEST = 500
"""How much of an answer is kept."""
CLOSING = 421
"""What a server says that ends the connection."""
_LINE_BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and by whom. `plain` is without TLS, which only this machine itself may be.

    Raises:
        SettingsError: if it is plain and another machine.
    """

    host: str
    port: int
    plain: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60

    def __post_init__(self) -> None:
        if self.plain and not self.is_here:
            raise SettingsError("--insecure-plain: is only for a server on this machine itself, such as 127.0.0.1:25.")

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
    """The server cannot be talked to at this moment, as the text says; `answered` if there is one at all."""

    def __init__(self, text: str, *, answered: bool = True) -> None:
        self.answered = answered
        super().__init__(text)


class Refusal(Exception):
    """The server refused a message, so that it did not arrive: with which code, and what it said."""

    def __init__(self, code: int, said: bytes) -> None:
        self.code = code
        self.said = _told(code, said)
        super().__init__(self.said)

    @property
    def for_now(self) -> bool:
        """Whether it may be tried again."""
        return self.code < 500


class Doubt(Exception):
    """The connection was lost, or there was no answer, when a message may have arrived."""


def connect(server: Server) -> smtplib.SMTP:
    """A connection over which messages can be handed over.

    Raises:
        MailError: if the server is not to be trusted, or does not let us in.
        Unreachable: if there is none, or it has no time now.
    """
    where = f"{server.host}:{server.port}"
    context = ssl.create_default_context()
    try:
        if server.port == IMPLICIT_TLS and not server.plain:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    except OSError as error:
        raise _not_reached(where, error) from error
    try:
        smtp.ehlo_or_helo_if_needed()
        if not (server.plain or isinstance(smtp, smtplib.SMTP_SSL)):
            if not smtp.has_extn("starttls"):
                raise MailError(f"{where}: offers no TLS (STARTTLS): anyone could read along; nothing was sent.")
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        if server.user:
            _log_in(smtp, server, where)
    except OSError as error:
        smtp.close()
        raise _not_reached(where, error) from error
    except BaseException:
        smtp.close()
        raise
    return smtp


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
        return Unreachable(f"{where}: has no time now ({error.smtp_code}).")
    answered = isinstance(error, smtplib.SMTPException | ConnectionResetError | BrokenPipeError)
    return Unreachable(f"{where}: cannot be reached ({error.strerror or error}).", answered=answered)


def hand_over(smtp: smtplib.SMTP, sender: str, address: str, message: bytes, about_to_end: Callable[[], None]) -> str:
    """Hand over a message to one address; gives what the server said. `about_to_end` is called before it may arrive.

    Raises:
        Refusal: if the server does not take it; the connection can be used on, unless it said that it closes.
        Unreachable: if the connection was lost before the message could arrive.
        Doubt: if it was lost after that.
    """
    try:
        size = [f"SIZE={len(message)}"] if smtp.has_extn("size") else []
        _must(250, smtp.mail(sender, size))
        _must(250, smtp.rcpt(address))
        _must(354, smtp.docmd("DATA"))
        smtp.send(_LINE_BEGINS_WITH_DOT.sub(b"..", message))
    except Refusal as refusal:
        if refusal.code != CLOSING:
            with suppress(OSError):
                smtp.rset()
        raise
    except OSError as error:
        raise Unreachable(f"the connection was lost ({error.strerror or error})") from error
    about_to_end()
    try:
        smtp.send(b".\r\n")
        code, said = smtp.getreply()
    except OSError as error:
        raise Doubt(f"no answer: {error.strerror or error}") from error
    if code == -1:
        raise Doubt("an answer that is none")
    _must(250, (code, said))
    return _told(code, said)


def _told(code: int, said: bytes) -> str:
    """An answer as it is kept: not without end."""
    return f"{code} {said[:LONGEST].decode('ascii', 'replace')}"


def _must(code: int, reply: tuple[int, bytes]) -> None:
    """Nothing, if the server answers as it must, or in that sense."""
    if reply[0] == -1:
        raise OSError("an answer that is none")
    if reply[0] // 100 != code // 100:
        raise Refusal(*reply)
