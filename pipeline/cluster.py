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
from dataclasses import dataclass
from types import NoneType
from typing import Any

from pipeline.errors import KostenindicatieError, WorkerError
from pipeline.fingerprints import versions
from pipeline.sending import Tell, Work, different, do, pack, refusal

DEADLINE = 10
"""Within how many seconds the scheduler must answer, for all that is asked of it together or later."""
PATIENCE = 60
"""After how many seconds without an outcome a worker is given up, unless another number is asked for."""
ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?:[^\s:/\[\]]+|\[[0-9A-Fa-f:.%\w]+\]):\d{1,5}")
"""How the address of a scheduler is written."""
ON = "What was made is whole; run the same again to go on."
_SILENT = dict.fromkeys(
    ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "asyncio"), "critical"
)


@dataclass(frozen=True, slots=True)
class Cluster:
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
        asked = {
            worker: self._submit(_Call(_introduce, ()), workers=[worker], allow_other_workers=False)
            for worker in self.workers()
        }
        for worker, future in asked.items():
            if self._is_done(future):
                self._check(worker, future)
            else:
                self._give_up(worker)

    def give(self, work: Work, pieces: Sequence[Any]) -> Callable[[], list[Any]]:
        """Give out some work; call what this returns for its outcome."""
        future = self._submit(_Call(_do, pack(work, pieces)))
        return lambda: self._outcome(future)

    def _outcome(self, future: Any) -> list[Any]:
        while not self._is_done(future):
            if not self._addresses():
                raise WorkerError(f"{self.address}: all workers are gone. {ON}")
            for worker, keys in self._ask(self.client.scheduler.processing, workers=None).items():
                if future.key in keys:
                    self._give_up(worker)
        if not isinstance(future.exception(), (KostenindicatieError, NoneType)):
            self.check()  # what came later, and could not even read what it was to do
        outcome: list[Any] = future.result()
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
        comm = await connect(address, timeout=DEADLINE, **security)
        try:
            await comm.write({"op": "identity", "reply": True})
            return await comm.read()
        finally:
            comm.abort()

    try:
        security = Security().get_connection_args("client")
        if address.startswith("tls://") and security["ssl_context"] is None:
            raise WorkerError(f"{address}: TLS needs certificates; docs/scaling.md says how to give them.")
        kind = asyncio.run(asyncio.wait_for(identity(), DEADLINE))["type"]
    except TimeoutError:
        raise WorkerError(f"{address}: no Dask scheduler answers there within {DEADLINE} s.") from None
    except OSError as error:
        raise WorkerError(f"{address}: no Dask scheduler answers there ({error}).") from error
    except WorkerError:
        raise
    except Exception as error:  # what answers there may say anything at all
        raise WorkerError(f"{address}: what answers there is no Dask scheduler.") from error
    if kind != "Scheduler":
        raise WorkerError(f"{address}: is the address of a {kind.lower()}; give that of the scheduler.")


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that is made where this is unpickled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.function, self.arguments


# --- In a worker ------------------------------------------------------------------------------------------------------


def _introduce() -> tuple[str, Mapping[str, str]]:
    """Of a worker: its host, and its program."""
    return socket.gethostname(), dict(versions())


def _do(wanted: Mapping[str, str], work: bytes, pieces: bytes) -> list[Any]:
    """Do some work in a worker; what goes wrong there is said with its name."""
    from distributed import get_worker

    try:
        return do(wanted, work, pieces)
    except KostenindicatieError as error:
        raise type(error)(f"{error} (In the worker {get_worker().address} on {socket.gethostname()}.)") from None
