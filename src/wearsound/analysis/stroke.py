"""One kind of stroke: when it is counted, by a threshold with hysteresis, and how strong it was."""

from __future__ import annotations

APART_SECONDS = 0.053
"""A thirty-second at 140 bpm."""
GROW_SECONDS = 0.02
"""A strength is the most that was new around the decision, up to so long after it."""
REARM = 0.5


class Stroke:
    """Counts at the look in which a likelihood reaches `threshold`; never twice within 50 ms.

    It is armed again once the likelihood has fallen to half its latest peak, so that a slope that
    wavers about the threshold is one stroke. Nothing is counted while the gate is shut.
    """

    def __init__(self, looks_a_second: float, threshold: float) -> None:
        self._threshold = threshold
        self._apart = round(APART_SECONDS * looks_a_second)
        self._grow = round(GROW_SECONDS * looks_a_second)
        self.reset()

    def reset(self) -> None:
        """State to its start: armed, nothing counted."""
        self.count = 0
        self.strength = 0.0
        self._since = 1_000_000
        self._peak = 0.0
        self._armed = True

    def look(self, likely: float, news: float, gate: float, silence: float) -> None:
        """One look: a likelihood, how much is new 0..1, gate and silence."""
        self._since += 1
        if not self._armed:
            self._peak = max(self._peak, likely)
            self._armed = likely < REARM * self._peak
        if self._armed and likely >= self._threshold and gate and self._since >= self._apart:
            self.count += 1
            self.strength = 0.0
            self._since = 0
            self._peak = likely
            self._armed = False
        if self._since < self._grow and news > self.strength:
            self.strength = min(1.0, news)
        if silence:
            self.strength = 0.0
