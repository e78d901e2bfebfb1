"""Who does the work: this process, a pool of processes on this machine, or the workers of a Dask cluster.

All are a `concurrent.futures.Executor`; who gives out work need not know which.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from pipeline.errors import WorkerError

T = TypeVar("T")
R = TypeVar("R")

WORTH_A_POOL = 24
"""From how many pieces of work on starting worker processes takes less time than it saves."""
CHUNK, FAR_CHUNK = 8, 32
"""How many pieces of work a worker gets at a time: on this machine, and on another one, to which all has to be sent."""
PATIENCE = 30
"""After how many seconds without an outcome it is asked whether any worker is left."""
AHEAD = 4
"""How many chunks are given out ahead for each worker; it bounds what waits in memory."""


@dataclass(frozen=True, slots=True)
class Workers:
    """So many workers, behind an executor; `alive` tells whether there are any left."""

    executor: Executor
    number: int
    chunk: int = CHUNK
    alive: Callable[[], bool] = lambda: True

    def do_all(self, work: Callable[[Sequence[T]], list[R]], pieces: Sequence[T]) -> Iterator[R]:
        """The outcome of each piece of work, in order; `work` gets some pieces at a time, and goes to a worker.

        The first pieces are given out at once, the others as outcomes are taken.
        """
        chunks = (pieces[start : start + self.chunk] for start in range(0, len(pieces), self.chunk))
        waiting = deque(self.executor.submit(work, chunk) for chunk in islice(chunks, AHEAD * self.number or 1))

        def outcomes() -> Iterator[R]:
            while waiting:
                outcome = self._outcome(waiting.popleft())
                waiting.extend(self.executor.submit(work, chunk) for chunk in islice(chunks, 1))
                yield from outcome

        return outcomes()

    def _outcome(self, future: Future[list[R]]) -> list[R]:
        """The outcome of one chunk; a chunk may take long, but not when nobody is left to work on it."""
        while True:
            try:
                return future.result(PATIENCE)
            except TimeoutError:
                if not self.alive():
                    raise WorkerError(
                        "All workers are gone. What was made is whole; start workers, and run the same again to go on."
                    ) from None


@contextmanager
def hire(
    pieces: int, most: int | None = None, scheduler: str | None = None, modules: Sequence[str] = ()
) -> Iterator[Workers]:
    """Workers for so many pieces of work; on any exception what has not begun is dropped.

    `most` is how many processes to start at most (None: one a core); `scheduler` is the address of a Dask scheduler,
    whose workers do all of it then. Processes begin to load these `modules` while the caller gets ready.

    Raises:
        WorkerError: if there is no Dask here or no scheduler at the address, or if a worker ended too early.
    """
    if scheduler:
        with _cluster(scheduler) as workers:
            yield workers
    elif most == 1 or (most is None and pieces < WORTH_A_POOL):
        yield Workers(_Here(), 0)
    else:
        with _pool(min(most or os.cpu_count() or 1, max(1, -(-pieces // CHUNK))), modules) as workers:
            yield workers


class _Here(Executor):
    """Does the work at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


# --- Processes on this machine ----------------------------------------------------------------------------------------


@contextmanager
def _pool(number: int, modules: Sequence[str]) -> Iterator[Workers]:
    pool = ProcessPoolExecutor(number, _context(modules), _begin)
    try:
        yield Workers(pool, number)
    except BaseException as error:
        # At once: a second Ctrl-C while waiting for workers to end would leave them, and this process, for ever.
        with _undisturbed():
            for child in multiprocessing.active_children():
                child.kill()
            pool.shutdown(cancel_futures=True)
        if isinstance(error, BrokenExecutor):
            raise WorkerError(
                "A worker process ended before its work was done; was there too little memory? What was made is "
                "whole; run the same again to go on, with --workers 1 if need be."
            ) from error
        raise
    pool.shutdown()


def _context(modules: Sequence[str]) -> BaseContext:
    """How processes start: from a server that has loaded the modules once, or afresh where the system has none."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    with _undisturbed():
        ensure_running()
    return context


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C pass by for a moment, also by processes that are started meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    was = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, was)


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


# --- A cluster --------------------------------------------------------------------------------------------------------


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    """The workers of a Dask scheduler; work of one that is lost goes to another."""
    try:
        from distributed import Client
        from distributed.comm import CommClosedError
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise WorkerError("--scheduler needs Dask; install it with: pip install 'kostenindicatie[cluster]'.") from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(f"{address}: no Dask scheduler answers there ({error}).") from error
    if not client.nthreads():
        client.close()
        raise WorkerError(f"{address}: the scheduler has no workers; start one with: dask worker {address}")
    # Not pure: the same work may be asked twice, and a hash of it is not needed.
    executor = client.get_executor(pure=False)
    try:
        yield Workers(executor, len(client.nthreads()), FAR_CHUNK, lambda: bool(client.nthreads()))
    except (KilledWorker, CommClosedError, CancelledError) as error:
        raise WorkerError(
            f"{address}: the work was lost, with its workers or its scheduler ({error}). What was made is whole; "
            "run the same again to go on."
        ) from error
    finally:
        executor.shutdown(wait=False)
        client.close()
