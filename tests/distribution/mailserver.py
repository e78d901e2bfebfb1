"""A mail server on this machine, with STARTTLS and a certificate of its own, which can be told to misbehave."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

HERE = "127.0.0.1"
PASSWORD = b"geheim"

Behave = Callable[[str, int], str]
"""What the server does at a point (greeting, MAIL, RCPT, DATA, text, end), the so manieth time that it comes there.

Empty: as it should. `drop` ends the connection, at the end without having taken the message and `swallow` after that;
`stall` says nothing any more, `slow` does as it should a second later; anything else is what it answers, such as
`450 later`.
"""


def certificate(folder: Path, host: str = HERE) -> Path:
    """A certificate of a host that signs itself, and the key beside it (`key.pem`)."""
    folder.mkdir(parents=True, exist_ok=True)
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={host}")
    kind = "IP" if host[0].isdigit() else "DNS"
    more = (
        "-addext",
        f"subjectAltName={kind}:{host}",
        "-keyout",
        folder / "key.pem",
        "-out",
        folder / "certificate.pem",
    )
    subprocess.run([*made, *more], check=True, capture_output=True)
    return folder / "certificate.pem"


class Received:
    """What a server took: to whom, and which bytes; and what it was asked."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self.connections = 0

    def copies(self) -> Counter[str]:
        """How many messages each address has."""
        return Counter(address for address, _ in self.messages)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        assert isinstance(server, _Server)
        assert isinstance(envelope.original_content, bytes)
        told = server.behave("end")
        if told not in ("", "swallow", "stall", "slow"):
            return await server.do(told)
        self.messages += [(address, envelope.original_content) for address in envelope.rcpt_tos]
        return (await server.do(told) if told else "") or "250 taken"


class _Server(SMTP):
    def __init__(self, behave: Behave, times: Counter[str], handler: Received, **settings: Any) -> None:
        super().__init__(handler, **settings)
        self._behave, self._times, self._received = behave, times, handler

    def behave(self, point: str) -> str:
        self._times[point] += 1
        return self._behave(point, self._times[point])

    async def do(self, told: str) -> str:
        """Misbehave; gives what is answered, if anything is."""
        if told == "slow":
            await asyncio.sleep(1)
            return ""
        if told == "stall":
            with suppress(OSError):
                while await self._reader.read(10_000):  # until the other one gives up
                    pass
        if told in ("drop", "swallow", "stall"):
            assert isinstance(self.transport, asyncio.WriteTransport)
            self.transport.abort()
            raise asyncio.CancelledError
        return told

    async def _before(self, point: str) -> bool:
        """Whether something else is said here than what should be."""
        told = self.behave(point)
        if told and (said := await self.do(told)):
            await self.push(said)
            return True
        return False

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        if not await self._before("MAIL"):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        if not await self._before("RCPT"):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        if await self._before("DATA"):
            return
        if told := self.behave("text"):
            await self.push("354 go on")
            await self._reader.read(2_000)
            await self.do(told)
        await super().smtp_DATA(arg)

    async def smtp_EHLO(self, arg: str) -> None:  # noqa: N802
        if not await self._before("EHLO"):
            await super().smtp_EHLO(arg)


@contextmanager
def serving(
    certified: Path | None = None,
    behave: Behave = lambda *_: "",
    *,
    log_in: bool = False,
    size: int = 33_554_432,
    idle: float = 300,
) -> Iterator[tuple[int, Received]]:
    """A server, by its port, and what it takes; without a certificate it has no TLS."""
    context = None
    if certified:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certified, certified.with_name("key.pem"))
    received, times = Received(), Counter[str]()

    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == PASSWORD, handled=False)

    class _Controller(Controller):
        def factory(self) -> _Server:
            received.connections += 1
            return _Server(behave, times, received, **self.SMTP_kwargs)

    settings: dict[str, Any] = {"tls_context": context, "require_starttls": bool(context), "data_size_limit": size}
    settings["timeout"] = idle
    if log_in:
        settings |= {"authenticator": authenticate, "auth_required": True}
    controller = _Controller(received, hostname=HERE, port=free_port(), **settings)
    controller.start()
    received.connections = 0  # one was to see whether it serves
    times.clear()
    try:
        yield controller.port, received
    finally:
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.2), controller.loop).result()  # connections that end, end
        controller.stop()


def only_at(point: str, told: str, times: int = 1) -> Behave:
    """Misbehave at a point, the first so many times."""
    return lambda at, number: told if at == point and number <= times else ""


def free_port() -> int:
    """A port that nobody serves at."""
    with socket.socket() as one:
        one.bind((HERE, 0))
        port: int = one.getsockname()[1]
        return port
