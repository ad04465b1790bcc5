"""Small sounds and where they are put: decays, ramps, sines and hashed noise, all reproducible.

Decays are repeated multiplications and phases are sums on a 2^-40 grid, so that their bits do not
depend on which vector instructions a processor has.
"""

from __future__ import annotations

import math

import numpy as np

from wearsound import chance
from wearsound.core import F64
from wearsound.sources.composer.form import RATE


def decay(count: int, seconds: float, rate: int = RATE) -> F64:
    """`count` values of an exponential that starts at 1 and falls to 37 % after `seconds`."""
    ratio = np.full(count, round(math.exp(-1.0 / (seconds * rate)), 12))
    ratio[0] = 1.0
    return np.cumprod(ratio)


def ramp(count: int, seconds: float, rate: int = RATE) -> F64:
    """A straight rise from 0 to 1 in `seconds`, then 1."""
    return np.minimum(np.arange(count) / (seconds * rate), 1.0)


def smooth_ends(grain: F64, seconds: float, rate: int = RATE) -> F64:
    """The grain with its last `seconds` faded out by a cosine."""
    count = min(len(grain), round(seconds * rate))
    grain = grain.copy()
    grain[len(grain) - count :] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(count) + 1) / count)
    return grain


def sine(frequency: F64 | float, count: int, rate: int = RATE) -> F64:
    """A sine that starts at phase 0; `frequency` in Hz, one number or one a sample."""
    return np.sin(2 * np.pi * turns(frequency, count, rate))


def turns(frequency: F64 | float, count: int, rate: int = RATE) -> F64:
    """Whole and broken cycles since the start, summed without rounding, wrapped to 0..1."""
    grid = np.floor(np.broadcast_to(frequency, count) * (2.0**40 / rate) + 0.5)
    grid = np.concatenate(([0.0], grid[:-1])).cumsum() * 2.0**-40
    return grid - np.floor(grid)


def soft_clip(x: F64) -> F64:
    """A cubic that leaves quiet sound alone (times 1.5) and meets +-1 with slope 0."""
    x = np.clip(x, -1.0, 1.0)
    return x * (1.5 - 0.5 * x * x)


def centred(x: F64) -> F64:
    """The sound (.., n) without what lies below 10 Hz: a causal one-pole, so nothing precedes a stroke.

    The slow part is followed at 500 Hz, where it costs next to nothing.
    """
    coarse = x.reshape(*x.shape[:-1], -1, 96).mean(-1)
    weights = decay(128, 0.016, 500)
    weights /= weights.sum()
    at = np.arange(coarse.shape[-1]) * 96.0 + 95.5
    out = np.empty_like(x)
    for channel in np.ndindex(x.shape[:-1]):
        slow = np.convolve(coarse[channel], weights)[: len(at)]
        np.subtract(x[channel], np.interp(np.arange(x.shape[-1]), at, slow), out=out[channel])
    return out


def place(bus: F64, seconds: float, grain: F64, gain: float = 1.0, rate: int = RATE) -> None:
    """Add a grain to the last axis of a bus, starting at `seconds`; what lies outside is dropped."""
    start = round(seconds * rate)
    first = max(0, -start)
    count = min(grain.shape[-1], bus.shape[-1] - start)
    if count > first:
        bus[..., start + first : start + count] += gain * grain[..., first:count]


def slice_of(loop: F64, seed: int, name: str, moment: int, count: int) -> F64:
    """A stretch of a loop from a place looked up for (name, moment)."""
    start = int(chance.uniform(seed, name, moment) * (len(loop) - count))
    return loop[start : start + count]


def fill(loop: F64, count: int) -> F64:
    """A loop repeated to `count` samples."""
    return np.resize(loop, count)


def between(low: float, high: float, seed: int, name: str, moment: int = 0) -> float:
    """A looked-up number in `low`..`high`."""
    return low + (high - low) * chance.uniform(seed, name, moment)


def bell(seed: int, name: str, moment: int = 0) -> float:
    """A looked-up number of mean 0 and standard deviation 1, never beyond 3.5 (six dice)."""
    return sum(chance.uniform(seed, name, moment * 6 + i) - 0.5 for i in range(6)) * math.sqrt(2.0)
