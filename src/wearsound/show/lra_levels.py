"""Which way round an LRA was driven, read off its wave: turned by half a period, it was braked.

An LRA's wave is a sine at its own resonance, whose phase runs on from the first sample of a show, times a level that
runs in a straight line from hop to hop (`instruments.vibration.lra`). So each hop is a sum of four known curves, and
their sizes are the levels at its beginning and its end, with sign.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound.core import F32, F64, Clock

QUIET = 1e-4
"""Of a level: less has no phase worth a word."""
ASIDE = 0.02
"""Of a level: what is this much beside the expected phase is looked at more closely."""
DRIFT = 0.6
"""Radians, from hop to hop: a phase that goes further has not drifted, it began anew."""


class LraLevels:
    """Of some LRAs with resonances `hz` (n,)."""

    def __init__(self, hz: F64, clock: Clock) -> None:
        self._turn, self._hop = hz / clock.sample_rate, clock.hop
        rising = np.arange(1, clock.hop + 1)[:, None] / clock.hop
        fits = []
        for turn in self._turn:
            angle = 2.0 * np.pi * turn * np.arange(1, clock.hop + 1)[:, None]
            falls, rises = 1.0 - rising, rising
            sine, cosine = np.sin(angle), np.cos(angle)
            fits.append(
                np.linalg.pinv(np.hstack([falls * sine, falls * cosine, rises * sine, rises * cosine]))
            )
        self._fits: F64 = np.array(fits).reshape(len(hz), 4, clock.hop)
        self._off: F64 = np.zeros(len(hz))

    def read(self, hop: int, wave: F32) -> F64:
        """The level at the end of each hop, (n_hops, n), of `wave` (n_hops * hop, n), which begins at `hop` of a show.

        A wave whose phase began anew (a show lost hops, `hz` was changed since) counts as driven forwards there: notes
        begin so.
        """
        n_hops, n = len(wave) // self._hop, len(self._turn)
        each = wave.reshape(n_hops, self._hop, n).astype(float)
        sizes = np.einsum("nks,hsn->hnk", self._fits, each)
        turns = (hop + np.arange(n_hops))[:, None] * self._hop * self._turn % 1.0
        back = np.exp(-2j * np.pi * turns)
        begins, ends = ((sizes[..., i] + 1j * sizes[..., i + 1]) * back for i in (0, 2))
        level: F64 = np.empty((n_hops, n))
        for i in range(n):
            turned = np.exp(-1j * self._off[i])
            aside = max(np.abs((begins[:, i] * turned).imag).max(), np.abs((ends[:, i] * turned).imag).max())
            if aside < ASIDE:
                level[:, i] = (ends[:, i] * turned).real
            else:
                level[:, i] = [self._follow(i, *pair) for pair in zip(begins[:, i], ends[:, i], strict=True)]
        level[np.abs(level) < QUIET] = 0.0
        return np.clip(level, -1.0, 1.0)

    def _follow(self, i: int, begins: complex, ends: complex) -> float:
        """One hop of one whose phase is not where it should be."""
        square = (begins * begins + ends * ends) * np.exp(-2j * self._off[i])
        if abs(square) > ASIDE * ASIDE:
            beside = math.atan2(square.imag, square.real) / 2.0  # a half turn cannot be told from a brake
            self._off[i] += beside
            if abs(beside) > DRIFT:
                strong = ends if abs(ends) >= abs(begins) else begins
                if (strong * np.exp(-1j * self._off[i])).real < 0:
                    self._off[i] += math.pi
        return float((ends * np.exp(-1j * self._off[i])).real)
