"""The pitch of one voice, and how sure that is."""

from __future__ import annotations

import math
from collections import deque
from typing import Any

import numpy as np

from wearsound.analysis.gain import GRID
from wearsound.analysis.spectrum import THINNED
from wearsound.analysis.turns import EVERY, PITCH, glide, hold
from wearsound.core import F64, Block, Clock, Spec

LOWEST, HIGHEST = 40.0, 2000.0
SIZE = 512
"""Low-lane samples looked at, 85 ms."""
WINDOW = 256
"""Low-lane samples that are compared with those a period later."""
MARGIN = 16
"""Samples at the end that are only there so that nothing is read where the window wraps."""
FINE = 4
"""Lags to a low-lane sample."""
DIP = 0.12
"""A dip below this part of the mean difference is a period."""
NOISY = 0.45
"""A dip no deeper than this says nothing: noise has such dips."""
SURE = 0.5
MEDIAN_OF = 3
SMOOTH_SECONDS = 0.04
REST_SECONDS = 0.1


class Pitch:
    """Fundamental from 40 Hz to 2 kHz of whatever sings alone: the YIN family.

    Cumulative mean normalised difference (de Cheveigne & Kawahara, "YIN", 2002) of the lane thinned to
    6 kHz, by FFT, at quarter samples (a longer inverse FFT), so that high voices are as exact as low ones. Window 43 ms
    and the longest period, every fourth hop, median of three: latency about 75 ms. What is above 2.1 kHz
    is not heard, so a voice needs its fundamental or some lower harmonics there. Pitch is held while it
    is unsure and while the gate is shut, and is 0 in silence; two voices at once are no pitch.
    """

    specs = (
        Spec(
            "pitch", "Hz", 0.0, 2100.0, 0.1, "fundamental of a single voice, held while unsure; 0 in silence"
        ),
        Spec(
            "note", "", 0.0, 96.0, 0.01, "the same as a MIDI note number, even steps of pitch: 69 is 440 Hz"
        ),
        Spec("pitch_sure", "", 0.0, 1.0, 0.001, "how sure the pitch is: 1 a clear voice, 0 noise or a chord"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        fine = FINE * clock.sample_rate / THINNED
        self._fine = fine
        self._first = math.floor(fine / HIGHEST)
        self._last = math.ceil(fine / LOWEST) + 1
        n_lags = -(-self._last // FINE) + 2
        self._from = SIZE - MARGIN - WINDOW - n_lags
        if self._from < MARGIN:
            raise ValueError(f"a sample rate of {clock.sample_rate} Hz leaves no room for {LOWEST} Hz")
        self._n_lags = n_lags
        self._between: F64 = np.arange(FINE) / FINE
        self._counts: F64 = np.arange(1, self._last + 2, dtype=np.float64)
        self._template: F64 = np.zeros(SIZE)
        self._smooth = clock.coefficient(SMOOTH_SECONDS / EVERY)
        self._rest = clock.coefficient(REST_SECONDS / EVERY)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._recent: deque[float] = deque(maxlen=MEDIAN_OF)
        self._hertz = 0.0
        self._sure = 0.0

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 3) values. [engine thread]"""
        looks = spectra.looks(EVERY, PITCH)
        before, rows = self._row(), []
        for hop in looks:
            if spectra.gain.silence[hop]:
                self._sure, self._hertz = glide(self._sure, 0.0, self._rest), 0.0
                self._recent.clear()
            elif not spectra.gain.gate[hop]:
                self._sure = glide(self._sure, 0.0, self._rest)
            else:
                self._follow(*self._look(spectra.low_past(SIZE, hop)))
            rows.append(self._row())
        hold(out, looks, rows, before)

    def _row(self) -> tuple[float, float, float]:
        note = 69.0 + 12.0 * math.log2(self._hertz / 440.0) if self._hertz else 0.0
        return self._hertz, note, self._sure

    def _follow(self, hertz: float, sure: float) -> None:
        self._sure = glide(self._sure, sure, self._smooth)
        if sure < SURE:
            self._recent.clear()
            return
        self._recent.append(hertz)
        ranked = sorted(self._recent)
        self._hertz = ranked[len(ranked) // 2]

    def _look(self, samples: Any) -> tuple[float, float]:
        """Hz and how sure, of SIZE samples of the low lane."""
        difference = self._difference(samples.astype(np.float64))
        summed = np.add.accumulate(difference[1:])
        if summed[-1] <= 1e-20:
            return 0.0, 0.0
        depth = difference[1:] * self._counts
        # Next to nothing against nothing is no dip: where the sound has only just begun.
        nothing = 1e-9 * float(summed[-1])
        depth += nothing
        summed += nothing
        depth /= summed
        depth *= GRID
        np.rint(depth, out=depth)
        depth /= GRID
        # depth[i] is that of lag i + 1.
        middle = depth[self._first - 1 : self._last]
        dips = middle <= depth[self._first - 2 : self._last - 1]
        dips &= middle < depth[self._first : self._last + 1]
        deep = np.flatnonzero(dips & (middle < DIP))
        if len(deep):
            at = int(deep[0])
        else:
            at = int(np.where(dips, middle, 2.0).argmin())
            if not dips[at]:
                return 0.0, 0.0
        lag = at + self._first
        left, here, right = difference[lag - 1 : lag + 2].tolist()
        bend = left - 2.0 * here + right
        exact = lag + (0.5 * (left - right) / bend if bend > 0.0 else 0.0)
        return min(2100.0, self._fine / exact), max(0.0, 1.0 - float(middle[at]) / NOISY)

    def _difference(self, samples: F64) -> F64:
        """The squared difference between WINDOW samples and those a lag later, at every quarter sample."""
        start = self._from
        self._template[start : start + WINDOW] = samples[start : start + WINDOW]
        product = np.fft.rfft(samples)
        product *= np.conj(np.fft.rfft(self._template))
        difference: F64 = np.fft.irfft(product, FINE * SIZE)[: self._last + 2]
        difference *= -2.0 * FINE
        squares = np.add.accumulate(samples * samples)
        first = start + WINDOW - 1
        energy = squares[first : first + self._n_lags] - squares[start - 1 : start - 1 + self._n_lags]
        slope = (energy[1:] - energy[:-1])[:, np.newaxis] * self._between
        slope += energy[:-1, np.newaxis]
        difference += slope.ravel()[: len(difference)]
        difference += energy[0]
        return np.maximum(difference, 0.0, out=difference)
