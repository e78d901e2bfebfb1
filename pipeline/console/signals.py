"""How a run is told to end: Ctrl-C, a request to stop, a terminal that is closed; and when it does not listen."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager

TYPE_CHECKING = False  # as in typing, which takes a moment to load in which a signal could come
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, NoReturn

ENDINGS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals that end a run, as far as the system has them."""
received: list[int] = []
"""Those that came. What they raise may arrive as something else: a library may wrap it in an error of its own."""


AGAIN = 0.01
"""How many seconds after it was swallowed a signal comes again."""


def heed() -> None:
    """Have each of them end the run as Ctrl-C does; one that is ignored from the start stays so, as `nohup` has it."""
    sys.unraisablehook = _unraisable
    for number in ENDINGS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


def _end(number: int, _frame: Any) -> NoReturn:
    received.append(number)
    raise KeyboardInterrupt


def _unraisable(swallowed: sys.UnraisableHookArgs) -> None:
    """Have a signal that came while Python tidied up an object, where nothing can be raised, come again."""
    if not (received and swallowed.exc_type is KeyboardInterrupt):
        sys.__unraisablehook__(swallowed)
        return
    import threading

    again = threading.Timer(AGAIN, signal.raise_signal, received[-1:])
    again.daemon = True
    again.start()


def ignore() -> None:
    """Listen no more; the run is ending."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def ignored(*numbers: int) -> Iterator[None]:
    """Let signals pass by for a moment; processes that are started meanwhile ignore them for good."""
    with _instead({number: signal.SIG_IGN for number in numbers if number in ENDINGS}):
        yield


@contextmanager
def deferred() -> Iterator[None]:
    """Finish something short before a signal ends the run."""
    came: list[int] = []
    heard = [number for number in ENDINGS if callable(signal.getsignal(number))]
    try:
        with _instead(dict.fromkeys(heard, lambda number, _frame: came.append(number))):
            yield
    finally:
        for number in came[:1]:
            signal.raise_signal(number)


@contextmanager
def _instead(handlers: Mapping[int, Any]) -> Iterator[None]:
    """Have other handlers for a moment, in the thread that may say what becomes of a signal; elsewhere nothing."""
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    was = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in was.items():
            signal.signal(number, handler)
