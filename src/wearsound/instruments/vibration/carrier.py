"""Which pitch is put on the skin for a pitch that is heard: folded by octaves into what skin feels, note by note."""

from __future__ import annotations

from wearsound.felt import CARRIER

LOWEST, BACK = 59.0, 62.0
"""Hz: a note below LOWEST is played an octave up (below 29.5 two), and after such a note one up to BACK is too."""
HIGHEST = 306.0
"""Hz: a note above (300, and 2 % for the measuring) is felt as CARRIER coming and going: skin hardly feels its pitch.
A slide down from above meets its own pitch there again."""
TOO_LOW, TOO_HIGH = 45.0, 420.0
"""Hz: as far as a slide may carry a note before its octave is chosen again."""
SLIDES = 1.03
"""How much a pitch may move within a hop and still be the same note: half a tone in 5 ms is a new one."""


class Fold:
    """The octave is chosen at a note's start and never inside a slide. [engine thread]"""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """No note was heard."""
        self._heard, self._times = 0.0, 1.0

    def to(self, hz: float, *, begins: bool = False) -> float:
        """The pitch to play for `hz`, 0 for none; `begins`: a note begins in this hop."""
        if hz <= 0.0:
            return 0.0
        before, self._heard = self._heard, hz
        slides = before > 0.0 and before < hz * SLIDES and hz < before * SLIDES
        played = hz * self._times
        if begins or not slides or (self._times and not TOO_LOW <= played <= TOO_HIGH):
            self._times = _times(hz, BACK if self._times >= 2.0 else LOWEST)
        elif not self._times and hz <= CARRIER:
            self._times = 1.0
        return hz * self._times if self._times else CARRIER


def _times(hz: float, lowest: float) -> float:
    """By how much a note is moved; 0 where its pitch is not played."""
    if hz > HIGHEST:
        return 0.0
    times = 1.0
    while hz * times < (lowest if times == 1.0 else LOWEST):
        times *= 2.0
    return times
