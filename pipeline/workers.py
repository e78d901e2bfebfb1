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
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, TypeVar

from pipeline.errors import WorkerError

T = TypeVar("T")
R = TypeVar("R")

WORTH_A_POOL = 24
"""From how many pieces of work on starting worker processes takes less time than it saves."""
CHUNK = 16
"""How many pieces of work a worker gets at a time."""
AHEAD = 4
"""How many chunks are given out ahead for each worker; it bounds what waits in memory."""


@contextmanager
def hire(pieces: int, workers: int | None = None, scheduler: str | None = None) -> Iterator[Executor]:
    """An executor for so many pieces of work; on any exception what has not begun is dropped.

    `workers` is the most processes to start (None: one a core); `scheduler` is the address of a Dask scheduler, whose
    workers do all of it then.

    Raises:
        WorkerError: if there is no Dask here, or no scheduler at the address.
    """
    if scheduler:
        executor = _cluster(scheduler)
    elif workers == 1 or (workers is None and pieces < WORTH_A_POOL):
        executor = _Here()
    else:
        chunks = max(1, -(-pieces // CHUNK))
        executor = ProcessPoolExecutor(
            min(workers or os.cpu_count() or 1, chunks), multiprocessing.get_context("spawn"), _begin
        )
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def do_all(executor: Executor, work: Callable[[Sequence[T]], list[R]], pieces: Sequence[T]) -> Iterator[R]:
    """The outcome of each piece of work, in order; `work` gets some pieces at a time, and goes to another process.

    Raises:
        WorkerError: if a worker ended before its work was done.
    """
    ahead = AHEAD * int(getattr(executor, "_max_workers", os.cpu_count() or 1))
    waiting: deque[Future[list[R]]] = deque()
    try:
        for start in range(0, len(pieces), CHUNK):
            waiting.append(executor.submit(work, pieces[start : start + CHUNK]))
            if len(waiting) > ahead:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenExecutor as error:
        raise WorkerError(
            "A worker process ended before its work was done; was there too little memory? What was made is whole; "
            "run the same again to go on, with --workers 1 if need be."
        ) from error


class _Here(Executor):
    """Does the work at once, in this process."""

    _max_workers = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it now."""
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _cluster(address: str) -> Executor:
    try:
        from distributed import Client
    except ImportError:
        raise WorkerError("--scheduler needs Dask; install it with: pip install 'kostenindicatie[cluster]'.") from None
    try:
        executor: Executor = Client(address, timeout="10s", set_as_default=False).get_executor()
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkerError(f"{address}: no Dask scheduler answers there ({error}).") from error
    return executor
