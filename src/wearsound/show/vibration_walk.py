"""The walk from actuator to actuator: each hums a little stronger every time until the wearer feels it.

Ascending limits (Fechner's method of limits, one way): each actuator is asked TRIES times, in a mixed order, and what
counts is the mean. What is played goes the way of every vibration: shaped to the actuator, then limited, then sent.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from wearsound.chance import uniforms
from wearsound.core import F64, Clock
from wearsound.felt import Drive, Driver
from wearsound.garment.document import Garment
from wearsound.instruments.vibration.shape import Shape
from wearsound.safety.vibration import VibrationGuard

TRIES = 2
FIRST, TIMES, MOST = 0.02, 1.26, 0.8
"""What the first hum is asked for, how much stronger each next one is (2 dB), and the strongest."""
HUM, PAUSE = 0.4, 0.6
"""Seconds that it hums, and that the wearer has to say so."""
PITCH = 120.0
"""Hz of an actuator that can play any."""


def still(n: int, seed: int) -> list[float]:
    """Seconds before each of `n` ascents, none like the one before: who counts along is found out."""
    pauses: list[float] = (1.0 + 2.0 * uniforms(seed, "walk still", n)).tolist()
    return pauses


def levels() -> list[float]:
    """What the hums of one ascent are asked for, weakest first."""
    found = [FIRST]
    while found[-1] * TIMES <= MOST:
        found.append(found[-1] * TIMES)
    return found


def order(n: int, seed: int) -> list[int]:
    """Which actuator is asked when: each once, mixed, then each once more, mixed otherwise."""
    asked: list[int] = []
    for number in range(TRIES):
        asked += np.argsort(uniforms(seed, f"walk {number}", n), kind="stable").tolist()
    return asked


class Walk:
    """Plays hums on a garment's actuators through `drivers`, which are open; what was found before does not count."""

    def __init__(self, garment: Garment, clock: Clock, drivers: Sequence[Driver]) -> None:
        # Lifted by an old `least` a hum would be stronger than asked, and walking twice would not be walking anew.
        bare = tuple(msgspec.structs.replace(actuator, least=0.0) for actuator in garment.actuators)
        garment = dataclasses.replace(garment, actuators=bare)
        self._n = len(bare)
        self._clock = clock
        self._drivers = drivers
        self._shape = Shape(garment, clock)
        self._guard = VibrationGuard(garment, clock)
        self._steps: F64 = np.arange(1, clock.hop + 1) / clock.sample_rate
        self._tick = 0
        self._gain = 0.0

    def ascend(self, actuator: int, felt: Callable[[], bool], still: float = 0.0) -> Iterator[float | None]:
        """Hum stronger and stronger; None after each hop, and last the drive that was felt, or inf. [main thread]

        It begins after `still` seconds: 0.0 is said where something was felt before anything hummed.

        `felt` says if the wearer has felt it. Who iterates it waits a hop between two. What counts is the drive that a
        hum settles at: how a motor is kicked on is not how it goes on.
        """
        for _ in range(self._clock.ticks(still) if still else 0):
            self.hop(actuator, 0.0)
            if felt():
                yield 0.0
                return
            yield None
        for level in levels():
            drive = 0.0
            for to, seconds in ((level, HUM), (0.0, PAUSE)):
                for _ in range(self._clock.ticks(seconds)):
                    now = self.hop(actuator, to)
                    drive = now if to else drive
                    if felt():
                        for _ in range(self._clock.ticks(0.05)):
                            self.hop(actuator, 0.0)
                        yield drive
                        return
                    yield None
        yield float("inf")

    def hop(self, actuator: int, level: float) -> float:
        """One hop of one actuator, asked for `level` 0..1, the others still; how hard it is driven."""
        n, hop = self._n, self._clock.hop
        env, wave = np.zeros((hop, n)), np.zeros((hop, n))
        env[:, actuator] = self._gain + (level - self._gain) * (np.arange(1, hop + 1) / hop)
        self._gain = level
        start = self._tick * hop / self._clock.sample_rate
        wave[:, actuator] = np.sin(2 * np.pi * (PITCH * (start + self._steps) % 1.0)) * env[:, actuator]
        hz = np.zeros((1, n))
        hz[0, actuator] = PITCH
        drive = Drive(np.zeros((hop, n), np.float32), np.zeros((1, n)), np.zeros((1, n)))
        self._shape.play(wave, env, hz, drive)
        self._guard.limit(self._tick, drive, np.ones(1))
        for driver in self._drivers:
            driver.drive(self._tick, 0, drive)
        self._tick += 1
        return float(abs(drive.level[0, actuator]))
