"""Coat: the garment's own sound, quiet under the others, so that what is heard is cloth and body, not only notes."""

from __future__ import annotations

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.band import Band
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.tuning import Tuning
from wearsound.sound import Voice

LEVEL = 1.4
"""As loud as it was made: -34 dBFS rms when somebody walks."""
BODY = (60.0, 6500.0)
"""Hz: cloth, up to where a disc that rings in the highs would hiss."""
RINGS = 0.25
"""Seconds after which the filter is silent, too."""


class Coat:
    """Implements a voice of the soundscape. [engine thread]"""

    def __init__(self, seed: int, voice: Voice, tuning: Tuning, clock: Clock) -> None:
        """It has no dice and no notes of its own."""
        self._body = Band(*BODY, clock)
        self._rings = clock.ticks(RINGS)
        self.reset()

    def reset(self) -> None:
        """Still."""
        self._body.reset()
        self._silent = self._rings

    def play(self, tick: int, heard: Listening, dials: Dials, out: F64) -> None:
        """Add a hop to `out` (2, hop)."""
        self._silent = 0 if heard.coat.any() else self._silent + 1
        if self._silent > self._rings:
            self._body.reset()
            return
        out += (LEVEL * (0.2 + 0.8 * dials.bright)) * self._body.run(heard.coat[None])
