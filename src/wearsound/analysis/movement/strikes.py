"""Steps and taps: what rises suddenly is looked at again 43 ms later, when it is clear what it was."""

from __future__ import annotations

from collections import deque

import numpy as np

from wearsound.analysis.movement.judgement import Judgement
from wearsound.analysis.movement.lately import Lately
from wearsound.analysis.movement.moment import (
    AIR,
    AIR_FLOOR,
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
    SLOW_FLOOR,
    THUMP,
)
from wearsound.core import F64, Clock

AFTER = 8
"""Hops that are waited for: a tap is over by then, a foot is not."""
RISES = (
    (LOW, LOW_FLOOR, 6.0, 6.0),
    (MID_SLICE, SLICE_FLOOR, 9.0, 7.5),
    (SLOW, SLOW_FLOOR, 8.0, 7.0),
    (HIGH_SLICE, HIGH_FLOOR, 12.0, 9.5),
)
"""A band, its floor, the dB that it must lie over it, and must have risen within five hops, to be looked at.

Most of what rises so is nothing: the judgement says which. Behind an input with a high corner a foot is left in `slow`.
"""
STEP_SECONDS = 0.27
"""Between two steps at the least: the toe comes 75 - 200 ms after the heel and is no step; runners need 0.33."""
TAP_SECONDS = 0.09
SURE_STEP, SURE_TAP, SURE_BOTH = 0.2, 0.0, 0.8
"""Log odds from which it was a step, a tap, a tap at a step: a finger does not wait for feet, but few touch then."""
LIKE_STEP = 0.5
"""Log odds of a step from which a tap there is asked for SURE_BOTH."""
SURE_ALONE = 0.6
"""For a step that comes from nowhere, with none in LONG before it: what goes on is easier to believe."""
BESIDE_SECONDS = 0.05
LONG = 1.2
"""Seconds since a step beyond which it does not matter any more."""
SHAPES = (
    (LOW, (-4, -2, 0, 1, 2, 4, 6, 8)),
    (MID_SLICE, (-2, 0, 1, 2, 3, 4, 6, 8)),
    (HIGH_SLICE, (-2, 0, 1, 2, 4, 6)),
)
"""Hops after the rise at which a band is looked at, against the most that it reaches."""
NUMBERS = 71
LATELY = 0.1
"""How much of each rise goes into what rises usually are: about the last ten count, whoever they were."""


class Strikes:
    """After `hear`, `stepped` and `tapped` say whether one was decided in this hop."""

    def __init__(self, clock: Clock) -> None:
        self._judge = Judgement("strike")
        self._step_hops, self._tap_hops = clock.ticks(STEP_SECONDS), clock.ticks(TAP_SECONDS)
        self._beside_hops = clock.ticks(BESIDE_SECONDS)
        self._long = clock.ticks(LONG)
        self._lately = lately()
        self.reset()

    def reset(self) -> None:
        """Nothing heard."""
        self.deafen()
        self._lately.reset()
        self._since_step = self._before = self._since_tap = 1 << 20
        self.stepped = self.tapped = False

    def deafen(self) -> None:
        """Forget what is being waited for."""
        self._risen: deque[bool] = deque([False] * (AFTER + 1), maxlen=AFTER + 1)

    def hear(self, past: F64, whole: bool) -> None:
        """One hop: `past` (HISTORY, ..) rows of `moment`, newest last; `whole` once all of them were heard."""
        self.stepped = self.tapped = False
        self._since_step += 1
        self._since_tap += 1
        self._risen.append(whole and rises(past))
        if not self._risen[0]:
            return
        seen = numbers(past, gait(self._since_step, self._before, self._long))
        step, tap = self._judge.of(self._lately.beside(seen))
        if self._since_step < self._step_hops and self._since_tap < self._tap_hops:
            return
        least = SURE_STEP if self._since_step < self._long else SURE_ALONE
        # A finger shakes the whole coat, as a foot does: where a tap is surer it was no step.
        if step > least and step > tap and self._since_step >= self._step_hops:
            self.stepped, self._before, self._since_step = True, self._since_step, 0
        sure = SURE_BOTH if step > LIKE_STEP or self._since_step < self._beside_hops else SURE_TAP
        if tap > sure and self._since_tap >= self._tap_hops:
            self.tapped, self._since_tap = True, 0


def lately() -> Lately:
    """What rose lately, of all NUMBERS."""
    return Lately(NUMBERS, (LATELY,))


def rises(past: F64) -> bool:
    """Whether something may begin in the newest hop."""
    now, before = past[-1].tolist(), past[-2].tolist()
    for band, floor, over, rise in RISES:
        grows = now[band] > before[band] and now[band] > now[floor] + over
        if grows and now[band] - min(past[-6:-2, band].tolist()) >= rise:
            return True
    return False


def gait(since: int, before: int, long: int) -> tuple[float, float, float]:
    """How long ago the last step was, against `long` hops and against the period before it, if there is one."""
    passed = 20.0 * min(since, long) / long
    if since >= long or before >= long:
        return passed, 0.0, 0.0
    away = since / before - 1.0
    return passed, 10.0, 20.0 * min(0.5, away if away > 0.0 else -away)


def numbers(past: F64, walk: tuple[float, float, float]) -> F64:
    """What is looked at (NUMBERS,), dB: how the bands lie, rise, last, and stand against what was before.

    `past` (HISTORY, ..) ends AFTER hops after the rise; `walk` is what `gait` says.
    """
    at = HISTORY - 1 - AFTER
    top = np.maximum.reduce(past[at:], axis=0).tolist()
    before = (np.add.reduce(past[at - 9 : at - 1], axis=0) / 8.0).tolist()
    end = (np.add.reduce(past[-3:], axis=0) / 3.0).tolist()
    held = np.maximum.reduce(past[at - 22 : at - 1], axis=0).tolist()
    usual = (np.add.reduce(past[at - 40 : at - 1], axis=0) / 39.0).tolist()
    then = past[at].tolist()
    shape = past[at - 4 :].tolist()
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
            top[SLOW] - then[SLOW_FLOOR],
            top[SLOW] - held[SLOW],
            top[THUMP] - before[THUMP],
            end[THUMP] - top[THUMP],
            top[THUMP] - held[THUMP],
            *walk,
            top[AIR] - top[HIGH],
            top[AIR] - then[AIR_FLOOR],
            top[AIR] - before[AIR],
            end[AIR] - top[AIR],
            top[LOW] - usual[LOW],
            usual[LOW] - then[LOW_FLOOR],
            usual[MID] - then[MID_FLOOR],
            usual[HIGH] - then[HIGH_FLOOR],
            usual[SLOW] - then[SLOW_FLOOR],
            held[LOW] - usual[LOW],
            held[MID_SLICE] - usual[MID_SLICE],
            held[HIGH_SLICE] - usual[HIGH_SLICE],
            *(shape[4 + after][band] - top[band] for band, afters in SHAPES for after in afters),
        )
    )
    np.maximum(found, -40.0, out=found)
    np.minimum(found, 40.0, out=found)
    return found
