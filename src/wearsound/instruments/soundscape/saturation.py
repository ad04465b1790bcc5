"""Saturation: what is loud is held by the tape, softly and a little unevenly.

x - x^3/3, by its first anti-derivative (J. Parker, V. Zavalishin & E. Le Bivic, "Reducing the aliasing of nonlinear
waveshaping using continuous-time convolution", 2016): the mean of the curve between one sample and the next, which for
a cubic is a product. Quiet sound passes at its own level; only what is loud changes.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Clock

DRIVE, DRIVEN = 0.55, 1.10
"""What the sound is raised by before the curve at age 0, and how much more at age 1; it is lowered again after."""
BIAS = 0.10
"""How far from its middle a worn tape works: even harmonics, as of a head that is magnetised."""


class Saturation:
    """Stereo, hop by hop, in place. Silence stays silent: what the bias alone makes is taken off. [engine thread]"""

    def __init__(self, clock: Clock) -> None:
        self._u: F64 = (np.arange(clock.hop) + 1.0) / clock.hop
        # Left, right, and silence; first the last sample of the hop before.
        self._x: F64 = np.zeros((3, clock.hop + 1))
        self._square: F64 = np.zeros((3, clock.hop + 1))
        self._y: F64 = np.zeros((3, clock.hop))
        self.reset()

    def reset(self) -> None:
        """Nothing was heard: the first sample follows silence."""
        self._begun = False

    def play(self, wave: F64, before: float, age: float) -> None:
        """Saturate `wave` (2, hop) with the age at the hop's beginning and end."""
        x, y, square = self._x, self._y, self._square
        drive: F64 | float = DRIVE + DRIVEN * age
        bias: F64 | float = BIAS * age
        if age != before:
            age_now = before + (age - before) * self._u
            drive, bias = DRIVE + DRIVEN * age_now, BIAS * age_now
        x[:, 0] = x[:, -1] if self._begun else BIAS * before
        self._begun = True
        now = x[:, 1:]
        np.multiply(wave, drive, out=now[:2])
        now[2] = 0.0
        now += bias
        np.minimum(x, 1.0, out=x)
        np.maximum(x, -1.0, out=x)
        np.multiply(x, x, out=square)
        np.add(square[:, 1:], square[:, :-1], out=y)
        y *= -1.0 / 12.0
        y += 0.5
        now_and_before = square[:, 1:]  # no longer needed
        np.add(x[:, 1:], x[:, :-1], out=now_and_before)
        y *= now_and_before
        np.subtract(y[:2], y[2], out=wave)
        wave /= drive
