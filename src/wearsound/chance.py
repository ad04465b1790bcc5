"""Randomness that is looked up, not drawn: a number is a function of (seed, name, moment).

Counter-based (SplitMix64 finaliser, Steele, Lea & Flood 2014, over an FNV-1a hash of the name), so
there is no generator to advance: adding a voice or a sketch cannot change another one's dice, and
moment 90,000 is the same whether the show played up to it or started there. Integer arithmetic
only: the bits are equal on every machine, for ever.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def _mix(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def key(seed: int, name: str) -> int:
    """The 64-bit start of one named stream of one seed."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) & _MASK
    return _mix((h + _mix((seed * _GOLDEN + 1) & _MASK)) & _MASK)


def uniform(seed: int, name: str, moment: int = 0) -> float:
    """One number in [0, 1) for (seed, name, moment). [any thread]"""
    return (_mix((key(seed, name) + moment * _GOLDEN) & _MASK) >> 11) * 2.0**-53


def uniforms(seed: int, name: str, count: int, moment: int = 0) -> NDArray[np.float64]:
    """`count` numbers in [0, 1): element i is `uniform(seed, name, moment + i)`. [any thread]"""
    with np.errstate(over="ignore"):
        z = np.arange(moment, moment + count, dtype=np.uint64) * np.uint64(_GOLDEN)
        z += np.uint64(key(seed, name))
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def noises(seed: int, name: str, count: int, moment: int = 0) -> NDArray[np.float64]:
    """White noise in [-1, 1), looked up like `uniforms`."""
    return uniforms(seed, name, count, moment) * 2.0 - 1.0
