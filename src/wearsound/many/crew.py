"""Who renders: the one seam between what is to be done and where it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from wearsound.many.job import Job, Outcome
from wearsound.show.aside import Aside, LeftError

PROGRAM = "wearsound.many.render_one_process"
LONGEST = 7 * 24 * 3600.0
"""Seconds of work for one recording: more are no recording's."""


class Crew(Protocol):
    """A crew renders every job in a process of its own, several at a time, in an order of its own."""

    def render(self, jobs: Sequence[Job]) -> Iterator[tuple[Job, Outcome]]:
        """Each job as soon as it is made or failed. DeviceError if nobody is left who could. [main thread]"""
        ...

    def close(self) -> None:
        """What is still at work ends; twice is fine. [main thread]"""
        ...


def render_apart(aside: Aside, job: Job) -> Outcome:
    """Render in the process that `aside` starts, which is gone afterwards. [a thread that may wait]

    DeviceError if it cannot be started. `aside.close` from another thread ends it, and this too.
    """
    try:
        answer, _ = aside.ask(msgspec.to_builtins(job), LONGEST)
        return msgspec.convert(answer, Outcome)
    except LeftError:
        return Outcome(
            error="the process that rendered it was ended by something else than wearsound: too little memory (render "
            "fewer at a time), or a crash in a sketch or a library; run the same command again"
        )
    finally:
        aside.close()
