"""A crew that is an engine of others: dask.distributed, one that runs already or one of this machine's own.

What travels is plain words; every machine must see the same folders under the same paths, and have the same wearsound.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec

from wearsound.errors import DeviceError
from wearsound.many.crew import PROGRAM, render_apart
from wearsound.many.job import Job, Outcome
from wearsound.show.aside import Aside

ANSWER = 10.0
"""Seconds in which a scheduler must answer."""
WORKERS = 30.0
"""Seconds in which it must have a worker."""


def on_worker(words: dict[str, Any]) -> dict[str, Any]:
    """Render one job, wherever this is called. [a thread of a worker]"""
    outcome = render_apart(Aside(PROGRAM), msgspec.convert(words, Job))
    told: dict[str, Any] = msgspec.to_builtins(outcome)
    return told


class DaskCrew:
    """The workers of the scheduler at `address`, or `n` of our own for as long as this lasts; implements crew.Crew.

    At most `n` at a time, where it is given. A worker that dies is replaced by another that begins its recording anew.
    DeviceError if nobody answers at `address`, or nobody works there. [main thread]
    """

    def __init__(self, address: str | None, n: int | None) -> None:
        from distributed import Client, LocalCluster

        _hush()
        self._n = n
        self._cluster: Any = None
        self._client: Any = None
        try:
            if address is None:
                self._cluster = LocalCluster(
                    n_workers=n,
                    threads_per_worker=1,
                    host="127.0.0.1",
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
            self._client = Client(address or self._cluster, timeout=ANSWER, set_as_default=False)
            self._client.wait_for_workers(1, timeout=WORKERS)
        except (OSError, ValueError) as error:  # a time-out is an OSError
            reached = self._client is not None
            self.close()
            if reached:
                raise DeviceError(
                    f"nobody works at {address}: start one with `dask worker {address}`"
                ) from error
            raise DeviceError(
                f"no dask scheduler answers at {address} ({error}): start one with `dask scheduler`, or leave the "
                "address out for workers on this machine"
            ) from error

    def render(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job as it is done; DeviceError if the scheduler is gone. [main thread]"""
        from distributed import as_completed

        left = iter(jobs)
        doing: dict[Any, Job] = {}
        for job in islice(left, self._n):
            doing[self._submit(job)] = job
        done = as_completed(list(doing), loop=self._client.loop)
        for future in done:
            job = doing.pop(future)
            following = next(left, None)
            if following is not None:
                another = self._submit(following)
                doing[another] = following
                done.add(another)
            yield job, _outcome(future)

    def close(self) -> None:
        """Give back what nobody has begun yet, and end workers of our own; twice is fine. [main thread]"""
        for end in (self._client, self._cluster):
            if end is not None:
                end.close()
        self._client = self._cluster = None

    def _submit(self, job: Job) -> Any:
        return self._client.submit(on_worker, msgspec.to_builtins(job), pure=False)


def _hush() -> None:
    """What it logs about itself is said here in words, where it matters to a person."""
    for name in (*logging.root.manager.loggerDict, "distributed", "tornado", "asyncio"):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _outcome(future: Any) -> Outcome:
    if future.status == "finished":
        return msgspec.convert(future.result(), Outcome)
    if future.status == "error":
        error = future.exception()
        if type(error).__name__ == "KilledWorker":
            return Outcome(
                error="every dask worker that rendered it died: too little memory, perhaps; run it again"
            )
        if isinstance(error, ModuleNotFoundError):
            return Outcome(error=f"a dask worker has no {error.name}: install the same wearsound[dask] there")
        return Outcome(
            error=f"a dask worker could not render it ({type(error).__name__}: {error}): run it again"
        )
    raise DeviceError("the dask scheduler is gone: start it, and the same command goes on with the rest")
