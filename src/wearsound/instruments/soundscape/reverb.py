"""The room around the voices: a feedback delay network, eight lines that feed one another.

J.-M. Jot & A. Chaigne, "Digital delay networks for designing artificial reverberators", 1991 (a line's gain from the
reverberation time). The matrix is Householder's reflection; M. R. Schroeder's all-passes come first. Every line is
longer than a hop, so a hop is computed at once.
"""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.delay_lines import DelayLines
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.diffuser import Diffuser
from wearsound.instruments.soundscape.drift import Drift
from wearsound.instruments.soundscape.plain import power
from wearsound.instruments.soundscape.primes import nearest_prime
from wearsound.instruments.soundscape.scrub import scrub
from wearsound.instruments.soundscape.table import Table

LENGTHS = (1499, 1789, 2129, 2467, 2887, 3331, 3851, 4409)
"""Samples at 48 kHz: primes, so that no echo of one line falls on another's."""
DEPTH = 7.0
"""Samples at 48 kHz that a line wanders, about: a third of a cent, enough that no tone rings still."""
KNOTS = (211, 223, 227, 229, 233, 239, 241, 251)
"""Hops from knot to knot of each line's wandering."""
SHORTEST, LONGEST = 2.0, 9.0
"""Seconds to -60 dB that can be asked for."""
USUAL = 4.5
"""Seconds at which `LEVEL` was set."""
LEVEL = 0.2
"""What goes into each line. Steady noise between 200 and 2000 Hz stands 4 dB below what plays in it, at wet 0.5."""
SILENT = 1e-6
"""-120 dB: a room that is nowhere louder, and hears nothing, is emptied."""


class Reverb:
    """Stereo in, stereo out, hop by hop; every dial goes straight from its last value to its next. [engine thread]"""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._hop = hop = clock.hop
        rate = clock.sample_rate
        self._lengths = [nearest_prime(n * rate / 48_000) for n in LENGTHS]
        depth = DEPTH * rate / 48_000
        self._drift = Drift(seed, "soundscape.reverb", depth, KNOTS)
        longest = max(self._lengths) + ceil(depth) + 2
        self._lines = DelayLines(8, longest, hop)
        self._emptied_after = longest // hop + 1
        self._diffuser = Diffuser(clock)
        self._gains = [_gain_table(length, rate) for length in self._lengths]
        self._size = 0.0
        self._gain: F64 = np.zeros((8, 1))
        self._up: F64 = (np.arange(hop) + 1.0) / hop
        self._read: F64 = np.zeros((8, hop + 2))
        self._delayed: F64 = np.zeros((8, hop + 1))  # first the last sample of the hop before
        self._damped: F64 = np.zeros((8, hop))
        self._work: F64 = np.zeros((8, hop))
        self._in: F64 = np.zeros((2, hop))
        self._wet: F64 = np.zeros((2, hop))
        self.reset()

    def reset(self) -> None:
        """An empty room."""
        self._lines.reset()
        self._diffuser.reset()
        self._delayed[:] = 0.0
        self._quiet = 0
        self._empty = True

    def play(self, tick: int, dry: F64, dials: Dials, out: F64) -> None:
        """Fill `out` (2, hop) with `dry` (2, hop) in its room; `out` may be `dry`. Exact zeros once it has rung out."""
        np.copyto(self._in, dry)
        scrub(self._in)
        sounding = bool(self._in.any())
        if self._empty and not sounding:
            out[:] = 0.0
            return
        self._empty = False
        np.multiply(self._in, self._ramp(1.0 - 0.45 * dials.wet_before, 1.0 - 0.45 * dials.wet), out=out)
        self._diffuser.play(self._in, sounding)
        self._read_lines(tick)
        self._damp(dials)
        self._tap()
        self._feed(dials)
        wet = self._wet
        wet *= self._ramp(1.5 * dials.wet_before, 1.5 * dials.wet)
        out += wet
        self._listen(sounding)

    def _read_lines(self, tick: int) -> None:
        """What comes out of the lines in this hop, between two samples, behind the last sample of the hop before."""
        start, step = self._drift.move(tick)
        low = np.floor(np.minimum(start, start + step))
        read, hop = self._read, self._hop
        for row, (length, moved) in enumerate(zip(self._lengths, low.tolist(), strict=True)):
            read[row] = self._lines.past_of(row, length + int(moved) + 2, hop + 2)
        # A line goes 0.02 samples in a hop: where it passes a sample the straight line is drawn on a little.
        more = (start - low)[:, None] + step[:, None] * self._up
        delayed, earlier, later = self._delayed, read[:, 1:-1], read[:, 2:]
        delayed[:, 0] = delayed[:, -1]
        now = delayed[:, 1:]
        np.subtract(earlier, later, out=self._work)
        np.multiply(self._work, more, out=now)
        now += later

    def _damp(self, dials: Dials) -> None:
        """Walls: each line's gain for the room's time, and highs lost by the mean with the sample before."""
        c0, c1 = 0.04 + 0.30 * dials.damp_before, 0.04 + 0.30 * dials.damp
        g0 = self._gains_of(dials.size_s_before)
        now, before = self._delayed[:, 1:], self._delayed[:, :-1]
        if c0 == c1 and dials.size_s == dials.size_s_before:
            np.multiply(now, g0 * (1.0 - c0), out=self._damped)
            np.multiply(before, g0 * c0, out=self._work)
        else:
            gain = g0 + (self._gains_of(dials.size_s) - g0) * self._up
            c = c0 + (c1 - c0) * self._up
            np.multiply(now, gain * (1.0 - c), out=self._damped)
            np.multiply(before, gain * c, out=self._work)
        self._damped += self._work

    def _tap(self) -> None:
        """Even lines to the left, odd ones to the right."""
        y, wet = self._damped, self._wet
        for side in (0, 1):
            np.subtract(y[side], y[side + 2], out=wet[side])
            wet[side] += y[side + 4]
            wet[side] -= y[side + 6]

    def _feed(self, dials: Dials) -> None:
        """Into the lines: what came out, mirrored, and what is new. The signs leave no sum of lines unfed."""
        y = self._damped
        mean = np.add.reduce(y, 0)
        mean *= 0.25
        y -= mean
        # Steady sound fills a room in proportion to its time: taken back, so that a large one is not a loud one.
        levels = (LEVEL * sqrt(USUAL / _held(size)) for size in (dials.size_s_before, dials.size_s))
        self._in *= self._ramp(*levels)
        left, right = self._in
        y[0] += left
        y[1] += right
        y[2] -= left
        y[3] -= right
        y[4] -= left
        y[5] += right
        y[6] += left
        y[7] -= right
        self._lines.write(y)

    def _listen(self, sounding: bool) -> None:
        """Empty the room where nothing has been anywhere in it for as long as its longest line."""
        if sounding or self._damped.max() > SILENT or self._damped.min() < -SILENT:
            self._quiet = 0
            return
        self._quiet += 1
        if self._quiet > self._emptied_after and self._diffuser.empty:
            self.reset()

    def _gains_of(self, size: float) -> F64:
        """A pass through each line, (8, 1)."""
        if size == self._size:
            return self._gain
        x = (1.0 / _held(size) - 1.0 / LONGEST) / (1.0 / SHORTEST - 1.0 / LONGEST)
        self._size, self._gain = size, np.array([[table.at(x)] for table in self._gains])
        return self._gain

    def _ramp(self, before: float, after: float) -> F64 | float:
        return before if before == after else before + (after - before) * self._up


def _held(size: float) -> float:
    return min(LONGEST, max(SHORTEST, size))


def _gain_table(length: int, rate: int) -> Table:
    """60 dB in `size` seconds, by 1/size from the longest (0) to the shortest (1): in that the exponent is straight."""

    def gain(x: float) -> float:
        return power(10.0, -3.0 * length / rate * (1.0 / LONGEST + x * (1.0 / SHORTEST - 1.0 / LONGEST)))

    return Table(gain)
