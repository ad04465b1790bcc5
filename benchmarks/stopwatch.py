"""Times of many short calls, by the wall and by this thread's CPU."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from wearsound.core import F64


def each(act: Callable[[Any], object], things: Iterable[Any], warm: int = 0) -> tuple[F64, F64]:
    """(wall, CPU) microseconds of `act` for each thing, without the first `warm`."""
    wall: list[int] = []
    cpu: list[int] = []
    clock, thread = time.perf_counter_ns, time.thread_time_ns
    for thing in things:
        spent = thread()
        began = clock()
        act(thing)
        ended = clock()
        cpu.append(thread() - spent)
        wall.append(ended - began)
    return np.array(wall[warm:]) / 1e3, np.array(cpu[warm:]) / 1e3


def paced(things: Iterable[Any], seconds: float) -> Iterable[Any]:
    """The same things, one every `seconds`: the caches go cold in between, as they do in a show."""
    due = time.monotonic()
    for thing in things:
        due += seconds
        time.sleep(max(0.0, due - time.monotonic()))
        yield thing
