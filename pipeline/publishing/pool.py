"""A pool of processes on this machine, to which work can be given."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from pipeline.console.memory import search_rarely, see_that_there_is
from pipeline.console.signals import ENDINGS, deferred, ignored
from pipeline.errors import WorkerError
from pipeline.publishing.sending import Give, Left, Outcome, Tell, Work, do, here, leave

_IMPOSSIBLE = (OSError, EOFError, NotImplementedError, RuntimeError)
"""What is raised when there is no room, right, file or thread left for another process: among it a `BrokenExecutor`."""

FOR_THREADS = 160 * 2**20
"""How many bytes of address space the two threads of a pool take, with their stacks and what the system sets aside for
each. One that cannot start the other only prints a traceback."""


@contextmanager
def pool(number: int, modules: Sequence[str], folder: Path, tell: Tell) -> Iterator[Give]:
    """Give work to so many processes, which begin to load these `modules` at once; it is left in a folder for them.

    Where none can be started, or they end before they brought anything, this process does the work; that is told.

    Raises:
        WorkerError: if one ended too early, later on.
    """
    try:
        executor = ProcessPoolExecutor(number, _context(modules), _begin)
    except _IMPOSSIBLE as error:
        tell(_alone(error))
        yield here
        return
    try:
        yield _Giving(executor, folder, tell).give
    except BaseException as error:
        # At once: a second Ctrl-C while waiting for workers to end would leave them, and this process, for ever.
        with ignored(*ENDINGS):
            for child in multiprocessing.active_children():
                child.kill()
            executor.shutdown(cancel_futures=True)
        if isinstance(error, BrokenExecutor):
            raise WorkerError(
                "A worker process ended before its work was done; was there too little memory? What was made is "
                "whole; run the same again to go on, with --workers 1 if need be."
            ) from error
        raise
    executor.shutdown()


@dataclass(slots=True)
class _Giving:
    """Gives work to the processes of a pool; from when it proves to be impossible, this process does it."""

    executor: ProcessPoolExecutor
    folder: Path
    tell: Tell
    brought: bool = False
    alone: bool = False

    def give(self, work: Work) -> Callable[[Sequence[Any]], Outcome]:
        """Take some work; what this returns gives out pieces of it."""
        see_that_there_is(FOR_THREADS)
        return partial(self._give, work, leave(self.folder, work))

    def _give(self, work: Work, left: Left, pieces: Sequence[Any]) -> Outcome:
        if self.alone:
            return here(work)(pieces)
        sent = pickle.dumps(pieces)
        try:
            with deferred():  # a process may have to be started for it, which is not left half-way
                future = self.executor.submit(do, *left, sent)
        except _IMPOSSIBLE as error:
            return self._here(error, work, pieces)
        return lambda: self._outcome(future, work, pieces)

    def _outcome(self, future: Future[list[Any]], work: Work, pieces: Sequence[Any]) -> list[Any]:
        try:
            outcome = future.result()
        except BrokenExecutor as error:
            return self._here(error, work, pieces)()
        self.brought = True
        return outcome

    def _here(self, error: Exception, work: Work, pieces: Sequence[Any]) -> Outcome:
        if self.brought and isinstance(error, BrokenExecutor):
            raise error
        if not self.alone:
            self.alone = True
            self.tell(_alone(error))
        return here(work)(pieces)


def _alone(error: Exception) -> str:
    ended = isinstance(error, (BrokenExecutor, EOFError))
    why = "they ended at once" if ended else getattr(error, "strerror", None) or error
    return f"One process did the work, because no others could be started ({why})."


def _context(modules: Sequence[str]) -> BaseContext:
    """How processes start: from a server that has loaded the modules once, or afresh where the system has none."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing.forkserver import ensure_running

    try:
        Path.cwd()  # new processes are told of it
    except FileNotFoundError as error:
        raise OSError(error.errno, "the folder where you stand is gone") from None
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    # Not SIGTERM: by that a pool ends its processes.
    with ignored(signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)), _silent():
        ensure_running()
    return context


@contextmanager
def _silent() -> Iterator[None]:
    """Let processes that are started meanwhile print nothing: what goes wrong in them, this one says in a sentence."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the parent, and do not outlive it."""
    search_rarely()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
