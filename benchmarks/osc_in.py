"""OSC in: does it lose what a busy sender says, and are hops late while a flood comes in?

The sender is a program of its own (tests/flood.py); the door, its inbox and a show of the gallery, played by the
clock, are ours. With a flood, hops are compared with the same show without one: a shared machine is late by itself.

    python -m benchmarks.osc_in              # a minute at 5,000 a second, 30 s of flood and 30 s without
    python -m benchmarks.osc_in 10 5         # shorter
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.table import Figure, Part
from wearsound.core import MAX_HOPS, Block, Clock, Event
from wearsound.show.build import build
from wearsound.show.load import load
from wearsound.show.tree import tree
from wearsound.sources.osc_in.door import Door
from wearsound.sources.signal import test_signal as signal

HOP = 256 / 48_000
FLOOD = Path(__file__).resolve().parents[1] / "tests" / "flood.py"
ROUND = 3.0
"""Seconds of each turn: what else the machine does then falls on all alike."""


def run(steady: float = 60.0, flooded: float = 30.0) -> Part:
    """Both, in one table."""
    first, second = lossless(steady), flood(flooded)
    return Part("OSC in", first.figures + second.figures, first.notes + second.notes)


def lossless(seconds: float) -> Part:
    """5,000 numbered marks a second: what the inbox gave to the hops."""
    part = Part("5,000 messages a second")
    show = _Loop(keep=True)
    sender = _sender(show.door.port, 5000, seconds, "marks")
    late = show.play(lambda: sender.poll() is None, after=0.5)
    sent = int(_said(sender)[0])
    numbers = [event.args[0] for event in show.heard]
    show.door.close()
    lost = sent - len(set(numbers))
    turned = sum(b <= a for a, b in itertools.pairwise(numbers))
    part.figures += [
        Figure("5,000 a second: sent", sent, "messages"),
        Figure("5,000 a second: lost", lost, "messages", 0.0),
        Figure("5,000 a second: out of order", turned, "messages", 0.0),
        Figure("5,000 a second: CPU of the door's thread", 100 * show.door_cpu / show.seconds, "% of a core"),
        Figure(
            "5,000 a second: CPU of the door's thread a message", 1e6 * show.door_cpu / max(1, sent), "us"
        ),
        *_lateness([late], "5,000 a second: hop"),
    ]
    part.notes.append(
        f"{seconds:g} s; the sender is a program of its own; one hop takes at most 64 triggers."
    )
    return part


def flood(seconds: float) -> Part:
    """50,000 messages a second beside a hop loop, at a stretch; then in turns with the same loop without."""
    part = Part("50,000 messages a second")
    show = _Loop()
    before = _resident()
    late = _beside(show, show.door.port, seconds)
    grown, cpu, counts = _resident() - before, show.door_cpu / show.seconds, show.door.counts
    served, seen = counts.served, counts.received
    part.figures += [
        Figure("flood: read by the door", seen / seconds, "messages a second"),
        Figure("flood: served", served / seconds, "messages a second"),
        Figure("flood: memory grown", grown / 2**20, "MiB", 16.0),
        Figure("flood: CPU of the door's thread", 100 * cpu, "% of a core", 60.0),
        *_lateness([late], "flood: hop"),
    ]
    time.sleep(1.0)
    show.keep = True
    after = _sender(show.door.port, 1000, 2.0, "marks")
    show.play(lambda: after.poll() is None, after=0.2)
    lost = int(_said(after)[0]) - len(show.heard)
    part.figures.append(Figure("flood: a second later, of 1,000 a second: lost", lost, "messages", 0.0))
    show.door.close()

    calm, unread, flooded = [], [], []  # a list a turn
    for _ in range(max(1, round(seconds / ROUND))):
        show = _Loop()
        until = time.monotonic() + ROUND
        calm.append(show.play(lambda until=until: time.monotonic() < until))
        unread.append(_beside(show, 1, ROUND))
        flooded.append(_beside(show, show.door.port, ROUND))
        show.door.close()
    part.figures += [
        *_lateness(calm, "flood in turns, nothing sent: hop"),
        *_lateness(unread, "flood in turns, sent to nobody: hop"),
        *_lateness(flooded, "flood in turns, flooded: hop"),
    ]
    part.notes.append(
        f"{seconds:g} s each, the turns {ROUND:g} s long. "
        "One sender is allowed 6,000 messages a second; the rest is read and refused, or left to the system. "
        "A hop is late when its work is done after the next one's end. The sender takes a core of its own, which "
        '"sent to nobody" shows.'
    )
    return part


def _beside(show: _Loop, port: int, seconds: float) -> list[float]:
    """How late hops are while a flood goes to `port`."""
    sender = _sender(port, 50_000, seconds, "marks")
    late = show.play(lambda: sender.poll() is None)
    _said(sender)
    return late


class _Loop:
    """A show of the gallery, played hop by hop by the clock, with its door open."""

    name = "marks"

    def __init__(self, keep: bool = False) -> None:
        self.keep = keep
        self.heard: list[Event] = []
        show = load("bass-denim")
        self.built = build(show, {"room": (0, 1)}, 48_000, strict=False)
        self.built.engine.tapes.append(self)
        parameters = tree(self.built)
        self.built.engine.inbox.values = parameters.values
        self.door = Door(parameters, self.built.engine.inbox.put, port=0)
        self.door.open()
        self.door_cpu = self.seconds = 0.0
        kick = signal("test:kick=120").samples(0, 48_000 * 4 // 256 * 256).astype(np.float32)
        self.sound = np.stack([kick, kick], axis=1)

    def open(self, clock: Clock) -> None:
        """Nothing to take."""

    def write(self, block: Block, features: Any, controls: Any) -> None:
        """Keep the marks, as a take does."""
        if self.keep:
            self.heard += [event for event in block.events if event.address == "/wear/mark"]

    def close(self) -> None:
        """Nothing to let go of."""

    def play(self, going: Any, after: float = 0.0) -> list[float]:
        """Play until `going` says no, and `after` seconds more; how late each hop was done, in hops."""
        engine, late, stop, tick = self.built.engine, [], None, 0
        began, cpu = time.monotonic(), self._cpu()
        while stop is None or time.monotonic() < stop:
            if stop is None and tick % 32 == 0 and not going():
                stop = time.monotonic() + after
            time.sleep(max(0.0, began + (tick + 1) * HOP - time.monotonic()))
            hops = min(MAX_HOPS, max(1, int((time.monotonic() - began) / HOP) - tick))
            at = tick % (len(self.sound) // 256 - MAX_HOPS) * 256
            samples = self.sound[at : at + 256 * hops]
            engine.step(Block(tick, samples, {"room": (0, 1)}, hops))
            done = (time.monotonic() - began) / HOP
            late += [done - (tick + n + 1) for n in range(hops)]
            tick += hops
        self.seconds = time.monotonic() - began
        self.door_cpu = self._cpu() - cpu
        return late

    def _cpu(self) -> float:
        """CPU seconds of the door's thread so far."""
        thread = self.door._thread
        return (
            time.clock_gettime(time.pthread_getcpuclockid(thread.ident)) if thread and thread.ident else 0.0
        )


def _lateness(turns: list[list[float]], what: str) -> list[Figure]:
    """Of each turn its median, p99 and share of late hops; of the turns the middle one."""
    done = [np.asarray(late) for late in turns]
    median, p99 = (float(np.median([np.percentile(late, q) for late in done])) for q in (50, 99))
    share = float(np.median([np.mean(late > 1.0) for late in done]))
    return [
        Figure(f"{what} done after its end, median", median, "hops"),
        Figure(f"{what} done after its end, p99", p99, "hops"),
        Figure(f"{what}s late", 100 * share, "%"),
    ]


def _sender(port: int, rate: float, seconds: float, kind: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(FLOOD), str(port), str(rate), str(seconds), kind]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _said(sender: subprocess.Popen[str]) -> list[str]:
    return sender.communicate()[0].split()


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


if __name__ == "__main__":
    run(*map(float, sys.argv[1:])).show()
