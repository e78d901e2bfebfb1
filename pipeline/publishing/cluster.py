"""The workers of a Dask cluster: reaching them, letting only the right ones take part, and doing without a lost one.

Dask itself is an extra, and imported here only when a scheduler is asked for.
"""

from __future__ import annotations

import pickle
import re
import socket
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import NoneType
from typing import Any

from msgspec import Struct

from pipeline.errors import KostenindicatieError, OutputsError, WorkerError
from pipeline.publishing.fingerprints import versions
from pipeline.publishing.sending import Outcome, Tell, Work, different, do, leave, not_writable, refusal

KNOCKING, DEADLINE = 4, 10
"""Within how many seconds the scheduler must answer: at first, so that a wrong address is soon said, and later on."""
PATIENCE = 60
"""After how many seconds without an outcome a worker is given up, unless another number is asked for."""
ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?:[^\s:/\[\]]+|\[[0-9A-Fa-f:.%\w]+\]):\d{1,5}")
"""How the address of a scheduler is written."""
ON = "What was made is whole; run the same again to go on."
_SILENT = dict.fromkeys(
    ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "asyncio"), "critical"
)


class Cluster(Struct, frozen=True):
    """The workers behind a scheduler; those that give no outcome for `patience` seconds are given up, and `tell` told.

    Raises:
        WorkerError: by any method, if there are no workers left, or the scheduler does not answer any more.
    """

    address: str
    patience: int
    tell: Tell
    client: Any

    def workers(self) -> Sequence[str]:
        """The addresses of all workers that are there now; at least one."""
        found = self._addresses()
        if not found:
            raise WorkerError(f"{self.address}: the scheduler has no workers; start one: dask worker {self.address}")
        return found

    def check(self) -> None:
        """Have every worker say what program it has.

        Raises:
            WorkerError: if it is another program than this one.
        """
        for worker, future in self._ask_each(_Call(_introduce, ())):
            self._check(worker, future)

    def see(self, folder: Path) -> None:
        """Find out whether every worker sees a folder of unfinished files, before there is work to lose.

        Raises:
            OutputsError: if one does not.
        """
        for worker, future in self._ask_each(_Call(_sees, (str(folder),))):
            host, why = future.result()
            if why:
                raise OutputsError(f"{why} (In the worker {worker} on {host}.)")

    def give(self, folder: Path, work: Work) -> Callable[[Sequence[Any]], Outcome]:
        """Leave some work in a folder that all workers see; call what this returns to give out pieces of it."""
        left = leave(folder, work)

        def give(pieces: Sequence[Any]) -> Outcome:
            future = self._submit(_Call(_do, (*left, pickle.dumps(pieces))))
            return lambda: self._outcome(future)

        return give

    def _ask_each(self, call: _Call) -> Iterator[tuple[str, Any]]:
        """Each worker with its answer; one that gives none is given up."""
        asked = {worker: self._submit(call, workers=[worker], allow_other_workers=False) for worker in self.workers()}
        for worker, future in asked.items():
            if self._is_done(future):
                yield worker, future
            else:
                self._give_up(worker)

    def _outcome(self, future: Any) -> list[Any]:
        while True:
            if not self._is_done(future):
                if not self._addresses():
                    raise WorkerError(f"{self.address}: all workers are gone. {ON}")
                for worker, keys in self._ask(self.client.scheduler.processing, workers=None).items():
                    if future.key in keys:
                        self._give_up(worker)
                continue
            if not isinstance(future.exception(), (KostenindicatieError, NoneType)):
                self.check()  # what came later, and could not even read what it was to do
            try:
                outcome: list[Any] = future.result(timeout=self.patience)
            except TimeoutError:  # it was done, and then the worker that holds the outcome froze
                for worker in self._ask(self.client.scheduler.who_has, keys=[future.key]).get(future.key, ()):
                    self._give_up(worker)
            else:
                return outcome

    def _submit(self, call: _Call, **where: Any) -> Any:
        """Have a call made by a worker.

        To the scheduler and the worker it is nothing but bytes: one that has another program and could not read them
        would otherwise end, or take its worker with it.
        """
        return self.client.submit(pickle.loads, pickle.dumps(call), pure=False, **where)

    def _is_done(self, future: Any) -> bool:
        """Whether it is, within our patience; by seconds, because a run may have been suspended meanwhile."""
        for _ in range(self.patience):
            try:
                future.exception(timeout=1)
            except TimeoutError:
                continue
            return True
        return False

    def _check(self, worker: str, future: Any) -> None:
        error = future.exception()
        host, found = future.result() if error is None else ("", {})
        differences = str(error) if error else different(versions(), found)
        if differences:
            raise WorkerError(refusal(f"The worker {worker}{host and f' on {host}'}", differences))

    def _give_up(self, worker: str) -> None:
        """Have the scheduler forget a worker, and give what it was doing to others."""
        self._ask(self.client.scheduler.unregister, address=worker, stimulus_id=f"given-up-{time.time()}")
        said = f"The worker {worker} brought nothing for {self.patience} s, and was given up."
        if not self._addresses():
            raise WorkerError(f"{said} No other is left. {ON}")
        self.tell(said)

    def _addresses(self) -> Sequence[str]:
        return tuple(self._ask(self.client.scheduler.ncores, workers=None))

    def _ask(self, what: Callable[..., Any], **arguments: Any) -> Any:
        try:
            return self.client.sync(what, **arguments, callback_timeout=DEADLINE)
        except (OSError, RuntimeError) as error:  # also a TimeoutError
            raise WorkerError(f"{self.address}: the scheduler does not answer any more ({error}). {ON}") from None


@contextmanager
def reach(address: str, patience: int, tell: Tell) -> Iterator[Cluster]:
    """The workers of the scheduler at an address.

    Raises:
        WorkerError: if there is no Dask here, no scheduler at the address, or no worker that may take part; or if the
            work was lost.
    """
    if not ADDRESS.fullmatch(address):
        raise WorkerError(f"“{address}” is no address of a scheduler; one is written like tcp://10.0.0.1:8786.")
    try:
        import dask

        dask.config.set({"logging": _SILENT})  # what it would say, the errors here say in a sentence
        from distributed import Client
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise WorkerError("--scheduler needs Dask; install it with: pip install 'kostenindicatie[cluster]'.") from None
    _knock(address)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that versions differ; which ones matter, is checked here
            client = Client(address, timeout=DEADLINE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(f"{address}: no Dask scheduler answers there ({error}).") from None
    try:
        cluster = Cluster(address, patience, tell, client)
        cluster.check()
        yield cluster
    except (KilledWorker, CommClosedError, FutureCancelledError) as error:
        raise WorkerError(f"{address}: the work was lost, with its workers or its scheduler ({error}). {ON}") from error
    finally:
        client.close(timeout=2)


def _knock(address: str) -> None:
    """Find out whether a scheduler answers there, by one deadline, whatever it is that listens there.

    Raises:
        WorkerError: if none does.
    """
    import asyncio

    from distributed.core import connect
    from distributed.security import Security

    async def identity() -> Any:
        comm = await connect(address, timeout=KNOCKING, **security)
        try:
            await comm.write({"op": "identity", "reply": True})
            return await comm.read()
        finally:
            comm.abort()

    try:
        security = Security().get_connection_args("client")
    except OSError as error:
        raise WorkerError(f"{address}: the certificates for TLS cannot be used ({error}).") from error
    if address.startswith("tls://") and security["ssl_context"] is None:
        raise WorkerError(f"{address}: TLS needs certificates; docs/scaling.md says how to give them.")
    try:
        kind = asyncio.run(asyncio.wait_for(identity(), KNOCKING))["type"]
    except TimeoutError:
        raise WorkerError(f"{address}: no Dask scheduler answers there within {KNOCKING} s.") from None
    except OSError as error:
        raise WorkerError(f"{address}: no Dask scheduler answers there ({error}).") from error
    except Exception as error:  # what answers there may say anything at all
        raise WorkerError(f"{address}: what answers there is no Dask scheduler.") from error
    if kind != "Scheduler":
        raise WorkerError(f"{address}: is the address of a {kind.lower()}; give that of the scheduler.")


class _Call(Struct, frozen=True):
    """A call that is made where this is unpickled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.function, self.arguments


# --- In a worker ------------------------------------------------------------------------------------------------------


def _introduce() -> tuple[str, Mapping[str, str]]:
    """Of a worker: its host, and its program."""
    return socket.gethostname(), dict(versions())


def _sees(folder: str) -> tuple[str, str]:
    """Of a worker: its host, and why it cannot write in a folder of unfinished files; nothing if it can."""
    return socket.gethostname(), not_writable(Path(folder))


def _do(*what: Any) -> list[Any]:
    """Do some work in a worker; what goes wrong there is said with its name."""
    from distributed import get_worker

    worker = get_worker()
    # Dask looks a hundred times a second at what a worker is doing, which takes an eighth of its time.
    if profile := worker.periodic_callbacks.get("profile"):
        worker.loop.add_callback(profile.stop)
    try:
        return do(*what)
    except KostenindicatieError as error:
        raise type(error)(f"{error} (In the worker {worker.address} on {socket.gethostname()}.)") from None
