"""Clicks found again in what an actuator was told: a rise as steep as a click's own."""

from __future__ import annotations

import numpy as np

from wearsound.core import F64
from wearsound.felt import RAMP
from wearsound.outputs.haptic.played import Click

RISE = 0.15
"""How far the amplitude rises, 0..1, within HOPS: less does not stand out from a hum and its ripple."""
HOPS = 2
"""In how many hops (10.7 ms at 48 kHz): clicks rise in 5 to 10 ms, hums mostly follow more slowly."""
PEAK = 0.03
"""Seconds after its beginning within which a click has its peak."""
APART = 0.08
"""Seconds within which no other begins: a click masks what follows on the same site (100 ms are advised)."""


def clicks_in(times: F64, amplitude: F64, hz: F64) -> tuple[Click, ...]:
    """The clicks of one actuator; `times` (n,) s in equal hops, `amplitude` (n,) 0..1 and `hz` (n,) at each.

    A click begins where the line of its rise leaves what was before, so that its time is finer than a hop.
    """
    before = amplitude.copy()
    for back in range(1, HOPS + 1):
        before[back:] = np.minimum(before[back:], amplitude[:-back])
    found: list[Click] = []
    free = -1.0
    for i in np.flatnonzero(amplitude - before >= RISE).tolist():
        if times[i] <= free:
            continue
        begin = _begin(times, amplitude, i)
        top = i + int(amplitude[i : np.searchsorted(times, begin + PEAK, "right") + 1].argmax())
        found.append(Click(begin, float(amplitude[top]), float(hz[top])))
        free = begin + APART
    return tuple(found)


def _begin(times: F64, amplitude: F64, i: int) -> float:
    """Where the rise that reaches hop `i` began: within the first hop of it."""
    first = i
    while first > max(1, i - HOPS + 1) and amplitude[first - 1] > amplitude[first - 2]:
        first -= 1
    hop = float(times[1] - times[0])
    rise, second, third = np.diff(amplitude[first - 1 : first + 3], append=[0.0] * 3)[:3].tolist()
    second = max(0.0, second)
    if first + 2 < len(amplitude) and third > 0.2 * second > 0:
        # It fills the second hop, whose slope is then the rise's own.
        return float(times[first] - hop * min(1.0, rise / second))
    return float(times[first] - min(hop, RAMP * rise / (rise + second)))
