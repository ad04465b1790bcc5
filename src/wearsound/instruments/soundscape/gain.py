"""How much louder or softer a microphone is taken, so that a quiet disc and a hot one play alike.

Who has calibrated (`wearsound calibrate contact`) is taken as calibrated. Otherwise it is the mean of what moved so
far, quickly at first and slowly later, against what a usual microphone gives. Stillness teaches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from wearsound.core import Clock
from wearsound.instruments.soundscape.plain import power

LEAST, MOST = 0.25, 4.0
"""12 dB either way: what more is wanted is to be turned at the input."""
TURN = 12.5
"""dB beyond which nothing is reckoned, since LEAST and MOST hold already: a file may say any number."""
USUAL = 0.17
"""`moved` (twice thuds, eight times rustle, three times knocks, rms) over all hops of the built-in walk that move."""
AT_FIRST, LATER = 0.7, 20.0
"""Seconds of movement for which the usual is believed before anything is heard, and over which the mean is taken."""
PARTS = {"walk": ("floor_low", -19.7), "rub": ("floor_high", -34.2), "tap": ("floor_mid", -19.8)}
"""Of a calibration's parts: the floor that `PART_over` dB stands on, and their sum with a usual microphone."""


class Gain:
    """The gain of one lane, hop by hop: `now`. [engine thread]

    `learned` are the numbers that a calibration found of the lane, {} for none.
    """

    def __init__(self, learned: Mapping[str, float], clock: Clock) -> None:
        self._fixed = calibrated(learned)
        self._first, self._later = clock.ticks(AT_FIRST), clock.ticks(LATER)
        self.reset()

    def reset(self) -> None:
        """Nothing moved yet."""
        self._mean, self._heard = USUAL, self._first
        self.now = self._fixed or 1.0

    def hear(self, moved: float) -> None:
        """A hop in which so much moved; 0 for stillness."""
        if self._fixed is not None or moved <= 0.0:
            return
        self._heard = min(self._later, self._heard + 1)
        self._mean += (moved - self._mean) / self._heard
        self.now = min(MOST, max(LEAST, USUAL / max(self._mean, 1e-6)))


def calibrated(learned: Mapping[str, float]) -> float | None:
    """The gain that brings walking, rubbing and tapping to their usual levels: the middle one of the three, since an
    input may take the lows, or a disc lift the highs. None where that was not measured. [any thread]"""
    away = sorted(
        usual - learned[floor] - learned[f"{part}_over"]
        for part, (floor, usual) in PARTS.items()
        if floor in learned and f"{part}_over" in learned
    )
    if len(away) < len(PARTS):
        return None
    return min(MOST, max(LEAST, power(10.0, min(TURN, max(-TURN, away[1])) / 20.0)))
