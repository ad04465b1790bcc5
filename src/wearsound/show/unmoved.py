"""A garment that was silent to the end: why, so that nobody takes it for a broken one."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wearsound.core import Clock, Source
from wearsound.sound import Sound

if TYPE_CHECKING:
    from wearsound.show.load import Show


AUDIBLE = 1e-4
"""-80 dBFS: what stays below it nobody hears from a garment."""


class Moved:
    """Whether a garment played anything that can be heard; implements sound.Speaker, true as soon as it did."""

    name = "moved"

    def __init__(self) -> None:
        self._moved = False

    def __bool__(self) -> bool:
        return self._moved

    def open(self, clock: Clock) -> None:
        """Nothing is taken. [engine thread]"""

    def play(self, tick: int, gap: int, sound: Sound) -> None:
        """Hear one block. [engine thread]"""
        self._moved = self._moved or float(np.abs(sound.played).max(initial=0.0)) >= AUDIBLE

    def close(self) -> None:
        """Nothing is held."""


def unmoved(show: Show, source: Source, audio: str, clock: Clock) -> str:
    """Why `show` was silent over the recording `audio`, how loud that is, and what helps; hears it once more."""
    written = show.patch
    if written.soundscape is None:
        return ""
    voices = [voice.level for voice in written.voices] or [0.5]
    if not written.soundscape.level or not max(voices):
        return f"{show.name} was silent: its level, or that of every voice, is 0"
    lanes = dict.fromkeys([voice.lane for voice in written.voices] or ["body"])
    peak = 0.0
    for block in source.blocks(clock):
        for lane in lanes:
            if columns := list(block.lanes.get(lane, ())):
                peak = max(peak, float(np.abs(block.samples[:, columns]).max(initial=0.0)))
    name = Path(audio).name
    if not peak:
        return f"nothing moved in {name} (it is silent): look at the cable, the input and its channel"
    return (
        f"nothing moved in {name} (peak {20 * math.log10(peak):.0f} dBFS): play more of it, turn the input up, or let "
        "`wearsound calibrate contact` learn how loud it is"
    )
