"""Clicks: what a stroke is on the skin, a felt knock and never less than 30 ms of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from wearsound.core import F64, Clock

Edges = tuple[float, float]

KNOCK = (0.045, 90.0, 62.0)
"""Seconds, and Hz from where to where its pitch sinks: a low band's. A burst under 30 ms is felt as one pulse and not
as vibration (Remache-Vinueza et al. 2025, Sci Rep 15:5057). That the pitch sinks, as a drum skin's does, is taste."""
TAP = (0.036, 220.0, 190.0)
"""The same of a higher band: near where skin feels best (200-250 Hz), so it may be shorter."""
KNOCKS_BELOW = 200.0
"""Hz: a band that begins below has knocks, one above has taps."""
RISE = 0.006
"""Seconds of its rise; then it falls along a parabola to its end."""


class Clicks:
    """The clicks of one band. `hz` is the pitch that one has in its middle.

    A click that begins while a stronger one sounds is not played: of accents so close the skin feels one.
    """

    def __init__(self, clock: Clock, band: Edges = (45.0, 160.0)) -> None:
        seconds, start, end = KNOCK if band[0] < KNOCKS_BELOW else TAP
        self.hz = 0.5 * (start + end)
        self._env = _envelope(seconds, clock.sample_rate)
        t = np.arange(len(self._env)) / clock.sample_rate
        turns = start * t + (end - start) / (2.0 * seconds) * t * t
        self._wave = self._env * np.sin(2.0 * math.pi * turns)
        self.reset()

    def reset(self) -> None:
        """Still. [engine thread]"""
        self._sounding: list[tuple[int, float]] = []

    @property
    def sounds(self) -> bool:
        """Whether one goes on into the next block."""
        return bool(self._sounding)

    def play(self, n: int, strokes: Sequence[tuple[int, float]]) -> tuple[F64, F64]:
        """Waveform (n,) +-1 and envelope (n,) 0..1; `strokes`: (sample of these n, strength 0..1). [engine thread]"""
        wave, env = np.zeros(n), np.zeros(n)
        for at, strength in strokes:
            strength = min(1.0, max(0.0, strength))
            close = [s for start, s in self._sounding if at - start < len(self._env)]
            if strength > max(close, default=0.0):
                self._sounding.append((at, strength))
        for start, strength in self._sounding:
            first, last = max(0, start), min(n, start + len(self._env))
            if first < last:
                part = slice(first - start, last - start)
                wave[first:last] += strength * self._wave[part]
                env[first:last] += strength * self._env[part]
        left = [(start - n, strength) for start, strength in self._sounding]
        self._sounding = [(start, strength) for start, strength in left if start + len(self._env) > 0]
        np.minimum(env, 1.0, out=env)
        np.clip(wave, -env, env, out=wave)
        return wave, env


def _envelope(seconds: float, rate: int) -> F64:
    """Up along half a cosine in RISE seconds, down along a parabola: it ends at 0 and so does its neighbour."""
    size, rise = round(seconds * rate), round(RISE * rate)
    up = 0.5 - 0.5 * np.cos(math.pi * np.arange(rise) / rise)
    u = np.arange(size - rise) / (size - rise)
    return np.concatenate([up, 1.0 - u * u])
