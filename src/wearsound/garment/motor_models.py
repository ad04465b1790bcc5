"""Physical models of actuators, many of one kind at once, stepped by hops; drive runs in straight lines between hops.

Each is solved exactly for such a line, so a hop may be as long as it likes. Drive `was` and `now` (n,) is signed, in
units of what is rated: 1 is full and steady. The answer is how hard each shakes, (n,), 1 at rated drive, and at how
many Hz. Coefficients are rounded to a grid and states are made of sums and products: the same bits everywhere.
"""

from __future__ import annotations

import numpy as np

from wearsound.core import F64, Index

REST = 1e-5
"""Of full: below this a thing stands still."""
START, KEEP = 0.45, 0.30
"""Of rated voltage: an ERM that stands does not start below the first, one that spins stops below the second. Dead
zones from 30 to 50 % are engineering practice; each part, and each orientation, differs."""


def answer(tau: F64, seconds: float) -> tuple[F64, F64, F64]:
    """Of x' = (u - x) / tau: weights of x and u at the start and of u at the end of a straight line of `seconds`."""
    kept: F64 = np.exp(-seconds / tau)
    now = 1.0 - (1.0 - kept) * tau / seconds
    return np.round(kept, 12), np.round(1.0 - kept - now, 12), np.round(now, 12)


class Resonators:
    """LRAs: a mass on a spring, as the amplitude of its swing about the frequency of its drive (rotating wave).

    z' = u/tau - (1/tau + j d) z with tau = Q / (pi f0) and d = pi f0 (f/f0 - f0/f), which off resonance settles exactly
    at the speed of a driven second-order resonator. Undriven it rings on at its own resonance.
    """

    def __init__(self, hz: F64, tau: F64, seconds: float) -> None:
        self._f0, self._tau, self._seconds = hz, tau, seconds
        self.reset()

    def reset(self) -> None:
        """Still."""
        n = len(self._f0)
        self.real: F64 = np.zeros(n)
        self._imaginary: F64 = np.zeros(n)
        self._tuned(np.zeros(n))

    def inherit(self, old: Resonators, here: Index, there: Index) -> None:
        """Our numbers `here` move as its `there`."""
        self.real[here] = old.real[there]
        self._imaginary[here] = old._imaginary[there]

    def step(self, was: F64, now: F64, hz: F64) -> tuple[F64, F64]:
        """One hop at `hz`, 0 for the resonance."""
        if not np.array_equal(hz, self._hz):
            self._tuned(hz)
        (kr, ki), (br, bi), (er, ei) = self._kept, self._begins, self._ends
        real = kr * self.real - ki * self._imaginary + br * was + er * now
        imaginary = kr * self._imaginary + ki * self.real + bi * was + ei * now
        size: F64 = np.sqrt(real * real + imaginary * imaginary)
        still = (size < REST) & (now == 0)
        self.real, self._imaginary = np.where(still, 0.0, real), np.where(still, 0.0, imaginary)
        return np.where(still, 0.0, size), np.where((hz > 0) & (now != 0), hz, self._f0)

    def _tuned(self, hz: F64) -> None:
        self._hz = hz.copy()
        ratio = np.where(hz > 0, hz, self._f0) / self._f0
        s = -1.0 / self._tau - 1j * np.pi * self._f0 * (ratio - 1.0 / ratio)
        h = self._seconds
        kept = np.exp(s * h)
        ends = (kept - 1.0 - s * h) / (s * s * h * self._tau)
        begins = (kept - 1.0) / (s * self._tau) - ends
        self._kept, self._begins, self._ends = (
            (np.round(part.real, 12), np.round(part.imag, 12)) for part in (kept, begins, ends)
        )


class Spinners:
    """ERMs: an unbalanced mass on a motor, w' = (target - w) / tau, force as w squared, frequency as w.

    `speed` is signed, 1 at rated voltage. Standing, it needs START to begin; spinning, it coasts below KEEP; reversed
    voltage always pulls at it, and through zero if it is left on.
    """

    def __init__(self, hz: F64, tau: F64, seconds: float) -> None:
        self._hz = hz
        self.weights = answer(tau, seconds)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self.speed: F64 = np.zeros(len(self._hz))
        self._pulled: F64 = np.zeros(len(self._hz))

    def inherit(self, old: Spinners, here: Index, there: Index) -> None:
        """Our numbers `here` move as its `there`."""
        self.speed[here] = old.speed[there]
        self._pulled[here] = old._pulled[there]

    def step(self, was: F64, now: F64, hz: F64) -> tuple[F64, F64]:
        """One hop."""
        kept, begins, ends = self.weights
        spins = np.abs(self.speed) >= STANDS
        against = spins & (now * self.speed < 0)
        moves = (np.abs(now) >= np.where(spins, KEEP, START)) | against
        pull = np.where(moves, now, 0.0)
        speed = kept * self.speed + begins * self._pulled + ends * pull
        speed = np.where((np.abs(speed) < STANDS) & (pull == 0), 0.0, speed)
        self.speed, self._pulled = speed, pull
        return speed * speed, np.abs(speed) * self._hz


STANDS = 0.03
"""Of full speed: below this friction holds it (a thousandth of its force)."""


class Shakers:
    """Voice coils, exciters and piezos: what they are given, between the resonance they fade below and HIGHEST.

    Second-order edges; their own rise smooths the amplitude. `hz` 0 is a pitch that nobody knows: mid-band.
    """

    def __init__(self, hz: F64, tau: F64, seconds: float, highest: F64) -> None:
        self._low, self._high = hz, highest
        self._middle = np.sqrt(hz * highest)
        self._kept, self._begins, self._ends = answer(tau, seconds)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._size: F64 = np.zeros(len(self._low))
        self._hz: F64 = self._middle.copy()

    def inherit(self, old: Shakers, here: Index, there: Index) -> None:
        """Our numbers `here` move as its `there`."""
        self._size[here] = old._size[there]
        self._hz[here] = old._hz[there]

    def step(self, was: F64, now: F64, hz: F64) -> tuple[F64, F64]:
        """One hop."""
        self._hz = np.where(hz > 0, hz, np.where(now != 0, self._middle, self._hz))
        gain = self._gain(self._hz)
        size = self._kept * self._size + gain * (self._begins * np.abs(was) + self._ends * np.abs(now))
        self._size = np.where((size < REST) & (now == 0), 0.0, size)
        return self._size, self._hz

    def _gain(self, hz: F64) -> F64:
        under, over = self._low / hz, hz / self._high
        under, over = under * under, over * over
        gain: F64 = 1.0 / np.sqrt((1.0 + under * under) * (1.0 + over * over))
        return gain


class Switches:
    """Phones: on from half of full, else off."""

    def __init__(self, hz: F64, tau: F64, seconds: float) -> None:
        self._hz = hz
        self._kept = answer(tau, seconds)[0]
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._size: F64 = np.zeros(len(self._hz))

    def inherit(self, old: Switches, here: Index, there: Index) -> None:
        """Our numbers `here` move as its `there`."""
        self._size[here] = old._size[there]

    def step(self, was: F64, now: F64, hz: F64) -> tuple[F64, F64]:
        """One hop."""
        on = (np.abs(was) + np.abs(now) >= 1.0).astype(float)
        size = on + (self._size - on) * self._kept
        self._size = np.where((size < REST) & (on == 0), 0.0, size)
        return self._size, self._hz
