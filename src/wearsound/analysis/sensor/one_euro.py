"""The one-euro filter: calm when a value rests, quick when it moves.

G. Casiez, N. Roussel, D. Vogel: "1 Euro Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive
Systems", CHI 2012.
"""

from __future__ import annotations

import math

TURN = 2.0 * math.pi


class OneEuro:
    """A low-pass of one number whose cut-off is `least` Hz at rest and rises by `beta` Hz per unit a second of speed.

    The speed is itself smoothed at `speed_hz` (1 Hz in the paper). `speed` is what it is now, units a second.
    """

    __slots__ = ("_begun", "_beta", "_least", "_raw", "_speed_hz", "speed", "value")

    def __init__(self, least: float, beta: float, speed_hz: float = 1.0) -> None:
        self._least = least
        self._beta = beta
        self._speed_hz = speed_hz
        self.reset()

    def reset(self) -> None:
        """As before the first value. [engine thread]"""
        self._begun = False
        self._raw = 0.0
        self.value = 0.0
        self.speed = 0.0

    def smooth(self, x: float, seconds: float) -> float:
        """The smoothed value after `x`, which comes `seconds` (above 0) after the one before. [engine thread]

        The first is passed as it is, at rest. As in the authors' code the speed is that of the raw values.
        """
        if not self._begun:
            self._begun = True
            self._raw = self.value = x
            return x
        self.speed += _weight(self._speed_hz, seconds) * ((x - self._raw) / seconds - self.speed)
        self._raw = x
        self.value += _weight(self._least + self._beta * abs(self.speed), seconds) * (x - self.value)
        return self.value


def _weight(hz: float, seconds: float) -> float:
    """`1 / (1 + tau / Te)` with tau = 1 / (2 pi fc), of the paper."""
    turns = TURN * hz * seconds
    return turns / (turns + 1.0)
