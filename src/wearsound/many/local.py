"""A crew on this machine: so many processes at a time, one a recording."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from wearsound.many.crew import PROGRAM, render_apart
from wearsound.many.job import Job, Outcome
from wearsound.show.aside import Aside


class LocalCrew:
    """`n` renders at a time; implements crew.Crew. Its threads only wait for the processes."""

    def __init__(self, n: int) -> None:
        self._threads = ThreadPoolExecutor(n, "render")
        self._lock = threading.Lock()
        self._at_work: set[Aside] = set()
        self._closed = False

    def render(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job as it is done. DeviceError if no process can be started. [main thread]"""
        doing = {self._threads.submit(self._one, job): job for job in jobs}
        for done in as_completed(doing):
            yield doing[done], done.result()

    def close(self) -> None:
        """Kill what is at work: what it leaves is no result yet. [main thread]"""
        with self._lock:
            self._closed = True
            at_work = list(self._at_work)
        self._threads.shutdown(wait=False, cancel_futures=True)
        for aside in at_work:
            aside.close()
        self._threads.shutdown()

    def _one(self, job: Job) -> Outcome:
        aside = Aside(PROGRAM)
        with self._lock:
            if self._closed:
                aside.close()
            self._at_work.add(aside)
        try:
            return render_apart(aside, job)
        finally:
            with self._lock:
                self._at_work.discard(aside)
