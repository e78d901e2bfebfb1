"""Who does the work: this process, a pool of processes on this machine, or the workers of a Dask cluster.

Who gives out work need not know which.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from pipeline.errors import WorkerError
from pipeline.publishing.cluster import Cluster, reach
from pipeline.publishing.sending import Give, here

T = TypeVar("T")
R = TypeVar("R")

WORTH_A_POOL = 24
"""From how many pieces of work on starting worker processes takes less time than it saves."""
WORTH_ASIDE, MOST_ASIDE = 2_000, 10_000
"""From how many municipalities on a document of all together that takes long is worth a process beside this one; and of
how many it can be, at most: of more it would take too much memory of that process too."""
CHUNK, FAR_CHUNK = 8, 32
"""How many pieces of work a worker gets at a time: on this machine, and on another one, which takes longer to reach."""
MODULES = ("pipeline.cli", "pipeline.publishing.worker", "pipeline.publishing.preloaded")
"""What each worker process loads before its first piece of work."""
AHEAD = 4
"""How many chunks are given out ahead for each worker; it bounds what waits in memory."""


class Workers(Struct, frozen=True):
    """So many workers, and how to give them work."""

    give: Give
    number: int
    chunk: int

    def do_all(self, work: Callable[[Sequence[T]], list[R]], pieces: Iterable[T]) -> Iterator[R]:
        """The outcome of each piece of work, in order; `work` gets some pieces at a time, and goes to a worker.

        The first pieces are given out at once, the others as outcomes are taken.
        """
        give = self.give(work)
        left = iter(pieces)
        chunks = iter(lambda: list(islice(left, self.chunk)), [])
        waiting = deque(give(chunk) for chunk in islice(chunks, AHEAD * self.number or 1))

        def outcomes() -> Iterator[R]:
            while waiting:
                outcome = waiting.popleft()()
                waiting.extend(give(chunk) for chunk in islice(chunks, 1))
                yield from outcome

        return outcomes()


class Hired(Struct, frozen=True):
    """Who makes the documents of each municipality, and who those of all together."""

    each: Workers
    together: Workers


class Crew(Struct, frozen=True):
    """Who may be hired: at most so many processes (None: one a core), or the workers of a cluster, which do all then.

    `remarks` are sentences on what did not go as usual.
    """

    most: int | None
    cluster: Cluster | None
    remarks: list[str] = field(default_factory=list)

    @contextmanager
    def hire(
        self, pieces: int, of: int, modules: Sequence[str], modules_together: Sequence[str], folder: Path
    ) -> Iterator[Hired]:
        """Workers for pieces of work, of so many that there are; on any exception what has not begun is dropped.

        Processes begin to load these modules for each, or together, and what any worker needs, while the caller gets
        ready. Where none can be started, this one does the work. What all pieces need is left for workers in a `folder`
        of unfinished files.

        Raises:
            OutputsError: if a worker of a cluster does not see that folder.
            WorkerError: if a worker ended too early, or the machine lacks what the work needs.
        """
        alone = Workers(here, 0, CHUNK)
        aside = WORTH_ASIDE <= of <= MOST_ASIDE
        most = min(self.most or os.cpu_count() or 1, max(1, -(-pieces // CHUNK)))
        many = pieces >= (WORTH_A_POOL if self.most is None else 1)
        try:
            if self.cluster and pieces:
                self.cluster.see(folder)
                far = Workers(partial(self.cluster.give, folder), len(self.cluster.workers()), FAR_CHUNK)
                yield Hired(far, alone)
            elif self.cluster or self.most == 1 or not (many or aside):
                yield Hired(alone, alone)
            else:
                from pipeline.publishing.pool import pool

                begin_with = [*MODULES, *(modules if many else modules_together)]
                with pool(most, begin_with, folder, self.remarks.append) as give:
                    workers = Workers(give, most, CHUNK)
                    each = workers if many else alone
                    yield Hired(each, replace(workers, chunk=1) if of <= MOST_ASIDE else alone)
        except OSError as error:
            raise WorkerError(f"The work cannot go on: {error}. What was made is whole.") from error


@contextmanager
def muster(most: int | None, scheduler: str | None, patience: int) -> Iterator[Crew]:
    """Find out who may be hired: `most` processes, or the workers of the Dask scheduler at an address.

    Raises:
        WorkerError: if there is no Dask here, no scheduler at the address, or no worker that can take part; or if the
            work was lost with them.
    """
    crew = Crew(most, None)
    if scheduler is None:
        yield crew
    else:
        with reach(scheduler, patience, crew.remarks.append) as cluster:
            yield Crew(most, cluster, crew.remarks)
