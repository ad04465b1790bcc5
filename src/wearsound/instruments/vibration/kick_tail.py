"""The kick taken out of the bass: what every kick of a track has in common is learned and subtracted."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64

SECONDS = 0.42
"""Of a kick that are learned."""
SWEEP = 0.045
"""Seconds from its start to where its pitch has all but stopped falling: by these it is laid on what was learned."""
SLIP = 0.005
"""Seconds that its start may have been told too early or too late."""
KEPT = 8
"""Kicks that are remembered: what is not of the kick has another phase in each and is a third of itself in the mean."""
ALIKE = 0.7
"""Correlation of two kicks' sweeps from which they are one drum's."""
GRID = 2.0**20


class KickTail:
    """Learns one drum's kick from low sound at `rate` and says what it is now. [engine thread]"""

    def __init__(self, rate: float) -> None:
        self.size, self.sweep = round(SECONDS * rate), round(SWEEP * rate)
        self._slip = round(SLIP * rate)
        self.reset()

    def reset(self) -> None:
        """No kick was heard."""
        self._mean: F64 = np.zeros(self.size + 2 * self._slip)
        self._count: F64 = np.zeros(len(self._mean))

    def fit(self, sweep: F64) -> F64:
        """What a kick will be, (size,), of its first `sweep` samples; zeros while it is not known."""
        mean, slip = self._mean, self._slip
        energy = float((sweep * sweep).sum())
        best, at, gain = 0.0, -1, 0.0
        if energy > 0.0 and self._count[0] >= 1.0:
            for lag in range(2 * slip + 1):
                part = mean[lag : lag + self.sweep]
                both, own = float((part * sweep).sum()), float((part * part).sum())
                alike = round(both / (energy * own) ** 0.5, 6) if own > 0.0 else 0.0
                if alike > best:
                    best, at, gain = alike, lag, both / own
        if best < ALIKE:
            return np.zeros(self.size)
        known: F64 = mean[at : at + self.size] * min(2.0, max(0.5, round(gain * GRID) / GRID))
        return known

    def learn(self, heard: F64) -> None:
        """Add a whole kick, from `slip` samples before its start to its end or the next one's start."""
        n = min(len(heard), len(self._mean))
        count = self._count[:n]
        np.minimum(count + 1.0, KEPT, out=count)
        self._mean[:n] += (heard[:n] - self._mean[:n]) / count

    @property
    def slip(self) -> int:
        """Samples before a kick's start that are learned as well."""
        return self._slip
