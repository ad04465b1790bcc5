"""The judge of sound: true peaks, by eightfold oversampling."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from wearsound.core import F32, F64
from wearsound.soak.book import Book

MOST_DEVICES = 4
"""That are waited for; what the oldest had is read."""
PEAK = -1.0
"""dBTP."""


class SoundJudge:
    """A meter at a loudspeaker: numbers that are none, and true peaks, of each device that was opened by itself."""

    CHUNK, EDGE = 48_000, 64
    """Samples that are read at once; and at a cut, which a meter takes for a peak, those that are not read."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._streams: dict[tuple[int, int], tuple[int, list[F32]]] = {}
        self._oversampled: Callable[[F64], F64] | None = None
        self.missing = 0
        """Samples that did not come."""
        self.last = self.sounded = -math.inf
        """When any came last, and any that were not silent."""

    def take(self, when: float, stream: tuple[int, int], first: int, samples: F32) -> None:
        """Samples of a device came."""
        self.last = when
        if not np.isfinite(samples).all():
            self._book.broke(when, "finite", "a loudspeaker got numbers that are none")
            samples = np.nan_to_num(samples)
        if samples.any():
            self.sounded = when
        following, parts = self._streams.get(stream, (first, []))
        if following != first:
            self.missing += max(0, first - following)
            self._read(when, parts)
            parts = []
        parts.append(samples)
        if sum(len(part) for part in parts) >= self.CHUNK:
            self._read(when, parts)
            parts = [np.concatenate(parts)[-4 * self.EDGE :]]
        self._streams.pop(stream, None)
        self._streams[stream] = first + len(samples), parts
        while len(self._streams) > MOST_DEVICES:
            _, rest = self._streams.pop(next(iter(self._streams)))
            self._read(when, rest)

    def look(self, now: float) -> None:
        """Read what waits."""
        for _, parts in self._streams.values():
            self._read(now, parts)

    def _read(self, when: float, parts: list[F32]) -> None:
        wave = np.concatenate(parts).astype(np.float64) if parts else np.zeros((0, 2))
        if len(wave) <= 2 * self.EDGE:
            return
        if self._oversampled is None:
            from scipy.signal import resample_poly

            def oversampled(wave: F64) -> F64:
                found: F64 = resample_poly(wave, 8, 1, axis=0, window=("kaiser", 12.0))
                return found

            self._oversampled = oversampled
        up = np.abs(self._oversampled(wave))[8 * self.EDGE : -8 * self.EDGE]
        peak = 20.0 * math.log10(max(float(up.max()), 1e-12))
        self._book.met("dBTP", peak)
        if peak > PEAK:
            self._book.broke(when, "loudness", f"a true peak of {peak:+.2f} dB, above {PEAK:g}")
