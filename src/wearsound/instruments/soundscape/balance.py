"""What a microphone lacks: a disc on a small resistance, or far from the feet, hardly hears the lows of what moves.

Then knocks and rustle are most of what is heard, and a coat that passes them on is harsh over a bed that no heel
drives. How far the lows are behind is the mean of what moved so far, slowly; stillness teaches nothing.
"""

from __future__ import annotations

from wearsound.core import Clock

USUAL = (0.023, 0.0205)
"""Thuds, and knocks with rustle, rms, over all hops of the built-in walk that move."""
ENOUGH = 0.6
"""Thuds to the others from which on nothing is lacking: half as much as in the built-in walk."""
AT_FIRST, LATER = 0.3, 20.0
"""Seconds of movement for which the usual is believed before anything is heard, and over which the mean is taken."""


class Balance:
    """The balance of one lane, hop by hop: `lacks` is 0 where lows are heard as usual .. 1 where there are none.

    [engine thread]
    """

    def __init__(self, clock: Clock) -> None:
        self._first, self._later = clock.ticks(AT_FIRST), clock.ticks(LATER)
        self.reset()

    def reset(self) -> None:
        """Nothing moved yet."""
        self._low, self._others = USUAL
        self._heard = self._first
        self.lacks = 0.0

    def hear(self, low: float, others: float) -> None:
        """A hop: how loud the thuds are, and the rest; nothing of either is stillness."""
        if low + others <= 0.0:
            return
        self._heard = min(self._later, self._heard + 1)
        self._low += (low - self._low) / self._heard
        self._others += (others - self._others) / self._heard
        self.lacks = max(0.0, 1.0 - self._low / (ENOUGH * max(self._others, 1e-6)))
