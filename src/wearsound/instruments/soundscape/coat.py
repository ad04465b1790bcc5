"""Coat: the garment's own sound, quiet under the others, so that what is heard is cloth and body, not only notes."""

from __future__ import annotations

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.dials import Dials
from wearsound.instruments.soundscape.listening import Listening
from wearsound.instruments.soundscape.tuning import Tuning
from wearsound.sound import Voice

LEVEL = 0.75
"""As loud as it was made: -44 dBFS rms when somebody walks."""


class Coat:
    """Implements a voice of the soundscape. [engine thread]"""

    def __init__(self, seed: int, voice: Voice, tuning: Tuning, clock: Clock) -> None:
        """It has nothing of its own: no dice, no notes."""

    def reset(self) -> None:
        """Still."""

    def play(self, tick: int, heard: Listening, dials: Dials, out: F64) -> None:
        """Add a hop to `out` (2, hop)."""
        if heard.still:
            return
        out += (LEVEL * (0.2 + 0.8 * dials.bright)) * heard.coat
