"""Modes: many resonators at once, each a decaying sine that is set in motion by what is put into it.

Inside a hop a mode with pole z answers x with y[n] = z^n (z y[-1] + sum x[k] z^-k): a cumulative sum for all modes, one
carry a hop, real arithmetic only. A mode that is 60 dB down after T60 seconds is 2.2 / T60 Hz wide, so under noise its
level wanders by itself. They run at a part of the sample rate; `Raise` brings their sound back to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.plain import PI, cosine, exponential, sine

LN1000 = 6.907755278982137
HIGHEST = 0.42
"""Part of a bank's rate above which it has no mode: there the images of `Raise` begin."""
ENDED = 1e-9
"""Sum of squares of a bank's state below which it is still: its sound is then 100 dB below what it plays."""


class Bank:
    """Modes at every `every`-th sample of the clock's rate. [engine thread]

    `hz` and `t60` (n_tunings, n_modes), T60 in seconds; `left` and `right` (n_modes,) what is heard of each mode. Every
    mode is equally loud under the same noise, whatever its T60.
    """

    def __init__(
        self,
        hz: Sequence[Sequence[float]],
        t60: Sequence[Sequence[float]],
        left: Sequence[float],
        right: Sequence[float],
        every: int,
        clock: Clock,
    ) -> None:
        rate = clock.sample_rate / every
        self.per = clock.hop // every
        self._n = len(left)
        poles = [
            [_pole(f, t, rate) for f, t in zip(*pair, strict=True)] for pair in zip(hz, t60, strict=True)
        ]
        self._tables = [_table(row, self.per) for row in poles]
        self._inputs = [
            np.array([_even(r, i) if f < HIGHEST * rate else 0.0 for (r, i), f in zip(row, own, strict=True)])
            for row, own in zip(poles, hz, strict=True)
        ]
        self._left: F64 = np.array(left)[:, None]
        self._right: F64 = np.array(right)[:, None]
        shape = (self._n, self.per)
        self._re, self._im, self._y = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        self._out: F64 = np.zeros((2, self.per))
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._sr: F64 = np.zeros(self._n)
        self._si: F64 = np.zeros(self._n)
        self.sounds = False

    def play(self, tuning: int, excitation: F64, weights: F64) -> F64:
        """A hop (2, per) in a tuning: `excitation` (per,) put into each mode by its weight (n_modes,)."""
        zr, zi, z_re, z_im, inv_re, inv_im, end_re, end_im = self._tables[tuning]
        re, im, y, sr, si = self._re, self._im, self._y, self._sr, self._si
        put = (weights * self._inputs[tuning])[:, None]
        np.multiply(inv_re, excitation, out=re)
        np.cumsum(re, axis=1, out=re)
        re *= put
        re += (zr * sr - zi * si)[:, None]
        np.multiply(inv_im, excitation, out=im)
        np.cumsum(im, axis=1, out=im)
        im *= put
        im += (zr * si + zi * sr)[:, None]
        last_re, last_im = re[:, -1], im[:, -1]
        self._sr = end_re * last_re - end_im * last_im
        self._si = end_re * last_im + end_im * last_re
        re *= z_re
        im *= z_im
        np.subtract(re, im, out=y)
        np.multiply(y, self._left, out=re)
        np.add.reduce(re, axis=0, out=self._out[0])
        y *= self._right
        np.add.reduce(y, axis=0, out=self._out[1])
        self.sounds = True
        return self._out

    def rest(self) -> None:
        """Nothing is put in any more: what has all but ended ends."""
        if self.sounds and float(np.add.reduce(self._sr * self._sr + self._si * self._si)) < ENDED:
            self.reset()


TAPS, BETA, CUT = 10, 6.0, 0.46
"""Of the interpolation: at a tenth of the low rate it is flat, images of what is below 0.3 are 60 dB down."""


class Raise:
    """From every `every`-th sample back to all: a polyphase low-pass (Kaiser's window), sums in a fixed order."""

    def __init__(self, every: int, clock: Clock) -> None:
        self._every, per = every, clock.hop // every
        taps = _low_pass(every)
        self._taps: F64 = np.ascontiguousarray(taps.reshape(TAPS, every)[:, None, :, None])
        self._past: F64 = np.zeros((2, TAPS - 1 + per))
        step = self._past.strides[1]
        views: F64 = np.ndarray(
            (TAPS, 2, 1, per), float, self._past, 0, (step, self._past.strides[0], 0, step)
        )
        # The oldest sample first: so the taps are turned round.
        self._views = views[::-1]
        self._products: F64 = np.zeros((TAPS, 2, every, per))
        self._sum: F64 = np.zeros((2, every, per))
        self._per = per
        self.reset()

    def reset(self) -> None:
        """Nothing came in."""
        self._past[:] = 0.0
        self._rest = TAPS

    def add(self, sound: F64 | None, out: F64) -> None:
        """Add `sound` (2, per), None for silence, to `out` (2, hop)."""
        past = self._past
        past[:, : TAPS - 1] = past[:, self._per :]
        if sound is None:
            if self._rest <= 0:
                return
            past[:, TAPS - 1 :] = 0.0
            self._rest -= self._per
        else:
            past[:, TAPS - 1 :] = sound
            self._rest = TAPS + self._per
        np.multiply(self._views, self._taps, out=self._products)
        np.add.reduce(self._products, axis=0, out=self._sum)
        target = out.reshape(2, self._per, self._every)
        target += self._sum.transpose(0, 2, 1)


def _low_pass(every: int) -> F64:
    """(TAPS * every,): it lets a constant through as it is."""
    n = TAPS * every
    middle = (n - 1) / 2.0
    taps = []
    for i in range(n):
        x = (i - middle) / every
        angle = 2.0 * PI * CUT * x
        ideal = 2.0 * CUT if x == 0.0 else sine(angle) / (PI * x)
        u = (i - middle) / (n / 2.0)
        taps.append(ideal * _bessel(BETA * sqrt(max(0.0, 1.0 - u * u))))
    whole = sum(taps)
    return np.array([tap * every / whole for tap in taps])


def _bessel(x: float) -> float:
    """I0 by its series."""
    term = total = 1.0
    for k in range(1, 40):
        term *= (x / (2.0 * k)) * (x / (2.0 * k))
        total += term
    return total


def _pole(hz: float, t60: float, rate: float) -> tuple[float, float]:
    radius = exponential(-LN1000 / (t60 * rate))
    angle = 2.0 * PI * hz / rate
    return radius * cosine(angle), radius * sine(angle)


def _even(re: float, im: float) -> float:
    """What makes a mode as loud under noise as any other."""
    return sqrt(1.0 - re * re - im * im)


def _table(poles: Sequence[tuple[float, float]], per: int) -> tuple[F64, ...]:
    """z; z^n and z^-n, n = 0..per-1, (n_modes, per) each as real and imaginary part; z^(per-1)."""
    zr, zi = np.array([pole[0] for pole in poles]), np.array([pole[1] for pole in poles])
    size = zr * zr + zi * zi
    return (zr, zi, *_powers(zr, zi, per), *_powers(zr / size, -zi / size, per), *_last(zr, zi, per))


def _powers(zr: F64, zi: F64, per: int) -> tuple[F64, F64]:
    re, im = np.ones((len(zr), per)), np.zeros((len(zr), per))
    for n in range(1, per):
        re[:, n] = re[:, n - 1] * zr - im[:, n - 1] * zi
        im[:, n] = re[:, n - 1] * zi + im[:, n - 1] * zr
    return re, im


def _last(zr: F64, zi: F64, per: int) -> tuple[F64, F64]:
    re, im = _powers(zr, zi, per)
    return re[:, -1].copy(), im[:, -1].copy()
