"""Steps and taps: what rises suddenly is looked at again 43 ms later, when it is clear what it was."""

from __future__ import annotations

from collections import deque

import numpy as np

from wearsound.analysis.movement.judgement import Judgement
from wearsound.analysis.movement.moment import (
    HIGH,
    HIGH_CEILING,
    HIGH_FLOOR,
    HIGH_SLICE,
    HISTORY,
    LOW,
    LOW_CEILING,
    LOW_FLOOR,
    MID,
    MID_FLOOR,
    MID_SLICE,
    SLICE_CEILING,
    SLICE_FLOOR,
    SLOW,
    THUMP,
)
from wearsound.core import F64, Clock

AFTER = 8
"""Hops that are waited for: a tap is over by then, a foot is not."""
LOW_RISE, SLICE_RISE = 6.0, 10.0
LOW_OVER, SLICE_OVER = 8.0, 12.0
"""dB that the low band, or the loudest slice of the middle one, must rise within five hops, and lie over its floor."""
STEP_SECONDS = 0.27
"""Between two steps at the least: the toe comes 75 - 200 ms after the heel and is no step; runners need 0.33."""
TAP_SECONDS, APART_SECONDS = 0.09, 0.07
SURE_STEP, SURE_TAP = 0.5, 0.4
"""Log odds that a step, a tap must be ahead of all else."""
NUMBERS = 29


class Strikes:
    """After `hear`, `stepped` and `tapped` say whether one was decided in this hop."""

    def __init__(self, clock: Clock) -> None:
        self._judge = Judgement("strike")
        self._step_hops, self._tap_hops = clock.ticks(STEP_SECONDS), clock.ticks(TAP_SECONDS)
        self._apart_hops = clock.ticks(APART_SECONDS)
        self.reset()

    def reset(self) -> None:
        """Nothing heard."""
        self.deafen()
        self._since_step = self._since_tap = 1 << 20
        self.stepped = self.tapped = False

    def deafen(self) -> None:
        """Forget what is being waited for."""
        self._risen: deque[bool] = deque([False] * (AFTER + 1), maxlen=AFTER + 1)

    def hear(self, past: F64, whole: bool) -> None:
        """One hop: `past` (HISTORY, ..) rows of `moment`, newest last; `whole` once all of them were heard."""
        self.stepped = self.tapped = False
        self._since_step += 1
        self._since_tap += 1
        self._risen.append(whole and _rises(past))
        if not self._risen[0]:
            return
        _, step, tap, foot = odds = self._judge.of(numbers(past))
        if step > SURE_STEP + max(odds[0], tap, foot):
            if self._since_step >= self._step_hops and self._since_tap >= self._apart_hops:
                self.stepped, self._since_step = True, 0
        elif (
            tap > SURE_TAP + max(odds[0], step, foot)
            and self._since_tap >= self._tap_hops
            and self._since_step >= self._apart_hops
        ):
            self.tapped, self._since_tap = True, 0


def _rises(past: F64) -> bool:
    """Whether something may begin in the newest hop."""
    now = past[-1].tolist()
    if now[LOW] > now[LOW_FLOOR] + LOW_OVER and now[LOW] - min(past[-6:-2, LOW].tolist()) >= LOW_RISE:
        return True
    rise = now[MID_SLICE] - min(past[-6:-2, MID_SLICE].tolist())
    return bool(now[MID_SLICE] > now[SLICE_FLOOR] + SLICE_OVER and rise >= SLICE_RISE)


def numbers(past: F64) -> F64:
    """What is looked at (NUMBERS,), dB: how the bands lie, rise, last, and stand against what was before.

    `past` (HISTORY, ..) ends AFTER hops after the rise.
    """
    at = HISTORY - 1 - AFTER
    top = np.maximum.reduce(past[at:], axis=0).tolist()
    before = (np.add.reduce(past[at - 9 : at - 1], axis=0) / 8.0).tolist()
    end = (np.add.reduce(past[-3:], axis=0) / 3.0).tolist()
    held = np.maximum.reduce(past[at - 22 : at - 1], axis=0).tolist()
    usual = (np.add.reduce(past[at - 40 : at - 1], axis=0) / 39.0).tolist()
    then = past[at].tolist()
    early, late = past[at : at + 3, MID].tolist(), past[at + 4 :, MID_SLICE].tolist()
    found: F64 = np.array(
        (
            top[SLOW] - top[LOW],
            top[MID] - top[LOW],
            top[HIGH] - top[MID],
            top[THUMP] - top[LOW],
            top[MID_SLICE] - top[MID],
            top[LOW] - before[LOW],
            top[MID_SLICE] - before[MID_SLICE],
            top[HIGH_SLICE] - before[HIGH_SLICE],
            top[SLOW] - before[SLOW],
            end[LOW] - top[LOW],
            end[MID] - top[MID],
            end[HIGH] - top[HIGH],
            end[SLOW] - top[SLOW],
            top[LOW] - then[LOW_FLOOR],
            top[MID] - then[MID_FLOOR],
            top[LOW] - then[LOW_CEILING],
            top[MID_SLICE] - then[SLICE_CEILING],
            before[HIGH] - then[HIGH_FLOOR],
            end[THUMP] - end[LOW],
            max(early) - top[MID],
            top[MID_SLICE] - held[MID_SLICE],
            top[HIGH_SLICE] - held[HIGH_SLICE],
            top[LOW] - held[LOW],
            top[MID] - usual[MID],
            top[HIGH] - usual[HIGH],
            top[HIGH] - then[HIGH_CEILING],
            max(late) - top[MID_SLICE],
            top[HIGH] - then[HIGH_FLOOR],
            top[MID_SLICE] - max(past[at - 60 : at - 1, MID_SLICE].tolist()),
        )
    )
    np.maximum(found, -40.0, out=found)
    np.minimum(found, 40.0, out=found)
    return found
