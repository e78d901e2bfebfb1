"""A pool of processes on this machine, to which work can be given."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any

from pipeline.errors import WorkerError
from pipeline.sending import Give, Tell, Work, do, here, pack
from pipeline.signals import ENDINGS, deferred, ignored

_IMPOSSIBLE = (OSError, EOFError, NotImplementedError, RuntimeError)
"""What is raised when there is no room, right, file or thread left for another process: among it a `BrokenExecutor`."""


@contextmanager
def pool(number: int, modules: Sequence[str], tell: Tell) -> Iterator[Give]:
    """Give work to so many processes, which begin to load these `modules` at once.

    Where none can be started, or they end before they brought anything, this process does the work; that is told.

    Raises:
        WorkerError: if one ended too early, later on.
    """
    with _safe_path():
        try:
            executor = ProcessPoolExecutor(number, _context(modules), _begin)
        except _IMPOSSIBLE as error:
            tell(_alone(error))
            yield here
            return
        try:
            yield _Giving(executor, tell).give
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
    tell: Tell
    brought: bool = False
    alone: bool = False

    def give(self, work: Work, pieces: Sequence[Any]) -> Callable[[], list[Any]]:
        """Give out some work; what it returns waits for the outcome."""
        if self.alone:
            return here(work, pieces)
        parcel = pack(work, pieces)
        try:
            with deferred():  # a process may have to be started for it, which is not left half-way
                future = self.executor.submit(do, *parcel)
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

    def _here(self, error: Exception, work: Work, pieces: Sequence[Any]) -> Callable[[], list[Any]]:
        if self.brought and isinstance(error, BrokenExecutor):
            raise error
        if not self.alone:
            self.alone = True
            self.tell(_alone(error))
        return here(work, pieces)


def _alone(error: Exception) -> str:
    ended = isinstance(error, (BrokenExecutor, EOFError))
    why = "they ended at once" if ended else getattr(error, "strerror", None) or error
    return f"One process did the work, because no others could be started ({why})."


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let processes that are started meanwhile import nothing from the folder where the user happens to stand."""
    was = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        if was is None:
            del os.environ["PYTHONSAFEPATH"]
        else:
            os.environ["PYTHONSAFEPATH"] = was


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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
