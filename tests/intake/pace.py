"""CPU time as it would be on the machine that the bounds were set on, also on a slower one and on one that others use.

A fixed piece of work, of the kind that reading a delivery is, tells how fast this machine is. It may become twice as
slow from one second to the next: the work is done again and again while something is measured.
"""

from __future__ import annotations

import csv
import gc
import re
import signal
import time
import unicodedata
from typing import Self

QUICK = 0.01
"""How many seconds of CPU time the fixed work takes on the machine that the bounds were set on, when it is at rest."""
EVERY = 0.5
"""After how many seconds of CPU time the speed is measured again."""
LINES = [f'"Zeist {n}";extern;120,5;saas;10.{n};20.000;een regel tekst;koppeling {n};live;2027\n' for n in range(1_000)]
NUMBER = re.compile(r"(?:€ ?)?\d{1,3}(?:[. ]\d{3})*(?:,\d+)?")


def slowness() -> float:
    """How many times as long as on that machine the fixed work takes now."""
    collects = gc.isenabled()
    gc.disable()
    begin = time.process_time()
    seen: dict[str, int] = {}
    for number, row in enumerate(csv.reader(LINES, delimiter=";")):
        for cell in row:
            word = " ".join(unicodedata.normalize("NFKC", cell).casefold().split())
            if NUMBER.fullmatch(word):
                word = word.replace(".", "").replace(",", ".")
            seen[word] = seen.get(word, 0) + number
    took = time.process_time() - begin
    if collects:
        gc.enable()
    return took / QUICK


class Pace:
    """How much CPU time is spent while it is used as a context manager, in the main thread of a process.

    `seconds` are those of the machine that the bounds were set on, `spent` those of this one. Neither is fair on every
    machine: a quick one does the fixed work, which is small, more than as quick; so a bound holds for `least`.
    """

    seconds = 0.0
    spent = 0.0

    @property
    def least(self) -> float:
        """The fewer of both seconds."""
        return min(self.seconds, self.spent)

    def __enter__(self) -> Self:
        self._was = signal.signal(signal.SIGPROF, self._count)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        self._begin = time.process_time()
        return self

    def _count(self, *_: object) -> None:
        spent = time.process_time() - self._begin
        self.spent += spent
        self.seconds += spent / slowness()
        self._begin = time.process_time()

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        self._count()
        signal.signal(signal.SIGPROF, self._was)
