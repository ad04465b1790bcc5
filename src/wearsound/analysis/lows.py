"""How much sounds in each low band: to the hertz once it is steady, and at once when it changes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from wearsound.analysis.spectrum import THINNED
from wearsound.core import F32, F64, Clock

if TYPE_CHECKING:
    from wearsound.analysis.spectrum import LaneSpectra

LONG_SIZES = (1024, 2048)
"""Windows of the low lane, 171 and 341 ms: the shortest with NARROWEST bins to a band. The shorter tells 40
from 60 Hz."""
NARROWEST = 3.0
KAISER = 6.5
"""Shape of the long window: by a Hann window 30 Hz would leak into 45 Hz and above at -39 dB."""
EVERY, PHASE = 4, 2
"""It is looked through on every fourth hop, when the beat rests."""
QUICK = 1024
"""The window that tells of a kick: 21 ms of the lane itself."""
FADE_FROM, FADE_TO = 240.0, 480.0
"""Where the long window hands over to the lane's own spectrum, in Hz."""
EXPECTED_TO = 700.0
"""Sounds up to here reach into what the quick window reads below the end of the fade, in Hz."""

HOLD_SECONDS = 0.025
"""The quick reading holds its peaks for half a period of 20 Hz, or it would pulse with the wave."""
NEW_FROM, NEW_AT = 1.25, 2.5
"""How much more than expected is heard quickly where a sound begins to count as new, and where all of it does."""
GONE_AT = 0.5
"""How much less than expected where a sound begins to count as gone."""
FAINT = 1e-15


class Lows:
    """Power in low bands by two windows, the quick one explained by the long one.

    A window of 21 ms cannot tell bands of 20 Hz apart, one of 171 ms cannot follow a kick. So the long
    one says what is there, and also the most that the quick one would read if that went on. What the quick
    one reads beyond is new, and counts at once, in every band that it may be in; where it reads less, what
    was there is gone. While a sound is steady the quick window adds nothing: a sine leaks no further than
    in the long window, 0.25 s after it began. It costs a change of less than 2 dB in a band that goes on:
    that is shown by the long window alone.

    `edges` in Hz of n bands, the `columns` of a block's powers that they are; `size` of the long window, one of
    LONG_SIZES. `quick_weights` (n, QUICK // 2 + 1): what of each bin of the quick window is theirs.
    """

    def __init__(
        self, edges: Sequence[tuple[float, float]], columns: Sequence[int], size: int, clock: Clock
    ) -> None:
        from scipy.fftpack import rfft

        self._rfft = rfft
        self._size, rate = size, clock.sample_rate
        low_rate = rate / THINNED
        n_quick = math.ceil(FADE_TO * QUICK / rate) + 1
        n_long = math.ceil(EXPECTED_TO * size / low_rate) + 1
        long = np.array([shares(low, high, size, low_rate)[:n_long] for low, high in edges])
        quick = np.array([shares(low, high, QUICK, rate) for low, high in edges])
        long *= 1.0 - handover(size, low_rate)[:n_long]
        quick *= 1.0 - handover(QUICK, rate)
        window = np.kaiser(size + 1, KAISER)[:size]
        self._window = (window * _unit(window)).astype(np.float32)
        self._n = len(edges)
        self._columns = columns
        self.quick_weights = quick
        # The transform says real and imaginary parts in turn, after the first bin, which has but one.
        self._long = np.repeat(np.concatenate([long, _most(quick[:, :n_quick], size, n_long)]), 2, axis=1)[
            :, 1:
        ]
        self._frame: F32 = np.zeros(size, np.float32)
        self._n_hold = clock.ticks(HOLD_SECONDS)
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._there = [0.0] * self._n
        self._expected = [0.0] * self._n
        self._held = [[0.0] * self._n_hold for _ in range(self._n)]
        self._turn = 0

    def add(self, spectra: LaneSpectra, quick: F64, power: F64) -> None:
        """Add what there is to `power` (n_hops, all bands), a full-scale sine being 1. [engine thread]

        `quick` (n_hops, n) is what `quick_weights` make of the quick window.
        """
        if spectra.gap:
            self.reset()
        looks = spectra.looks(EVERY, PHASE)
        for hop, readings in enumerate(quick.tolist()):
            if hop in looks:
                self._look(spectra, hop)
            turn = self._turn = (self._turn + 1) % self._n_hold
            bands = zip(self._columns, readings, self._there, self._expected, self._held, strict=True)
            for column, reading, there, expected, held in bands:
                held[turn] = reading
                most = max(held)
                # Nothing is decided by these: what they set off begins at nothing.
                times = most / (expected + FAINT)
                if times < GONE_AT:
                    there *= times / GONE_AT
                elif times > NEW_FROM:
                    there += (most - expected) * min(1.0, (times - NEW_FROM) / (NEW_AT - NEW_FROM))
                power[hop, column] += there

    def _look(self, spectra: LaneSpectra, hop: int) -> None:
        """What the long window says at the end of a hop: what is there, and what to expect of it."""
        np.multiply(spectra.low_past(self._size, hop), self._window, out=self._frame)
        parts = self._rfft(self._frame, overwrite_x=True)[: self._long.shape[1]]
        squares = np.square(parts, dtype=np.float64)
        told = np.einsum("k,bk->b", squares, self._long).tolist()
        self._there, self._expected = told[: self._n], told[self._n :]


def long_window(low: float, high: float, clock: Clock) -> int:
    """Which of LONG_SIZES reads a band, the longest where none has enough bins in it; 0 for a band above."""
    if low >= FADE_TO:
        return 0
    bin = clock.sample_rate / THINNED * NARROWEST
    return next((size for size in LONG_SIZES if high - low >= bin / size), LONG_SIZES[-1])


def shares(low: float, high: float, size: int, rate: float) -> F64:
    """Which part of each bin's width lies between two frequencies: (size // 2 + 1,), 0..1.

    Bands that share an edge share its bin, so that nothing is counted twice or lost.
    """
    step = rate / size
    below = np.arange(size // 2 + 1) * step - 0.5 * step
    inside: F64 = np.minimum(below + step, high) - np.maximum(below, low)
    return np.maximum(inside, 0.0) / step


def handover(size: int, rate: float) -> F64:
    """Part of each bin's power that is read above the handover: (size // 2 + 1,), 0 below to 1 above."""
    hertz = np.arange(size // 2 + 1) * (rate / size)
    over = np.clip((hertz - FADE_FROM) / (FADE_TO - FADE_FROM), 0.0, 1.0)
    rising: F64 = np.sin(over * (np.pi / 2)) ** 2
    return rising


def _unit(window: F64) -> float:
    """What makes the bins of a full-scale sine sum to 1."""
    return math.sqrt(4.0 / (len(window) * float(np.sum(window**2))))


def _most(weights: F64, size: int, n_long: int) -> F64:
    """The most that a full-scale sine at each long bin's frequency gives in the quick window: (n, n_long).

    A low sine and its mirror image below 0 Hz beat in a window that holds one period of it; the most is where
    they agree.
    """
    window = np.sin(np.arange(QUICK) * (np.pi / QUICK)) ** 2
    turns = np.arange(n_long)[:, np.newaxis] / (size * THINNED) * np.arange(QUICK)
    spectra = np.fft.fft(window * (_unit(window) / 2) * np.exp(2j * np.pi * turns), axis=1)
    n = weights.shape[1]
    sine, image = spectra[:, :n], np.conj(spectra[:, -np.arange(n)])
    alone = sine.real**2 + sine.imag**2 + image.real**2 + image.imag**2
    beat = sine * np.conj(image)
    return np.array([(w * alone).sum(axis=1) + 2.0 * np.abs((w * beat).sum(axis=1)) for w in weights])
