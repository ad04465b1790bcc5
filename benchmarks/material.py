"""What all of them listen to: the built-in track, cut into blocks."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from wearsound.core import F32, Block, Clock
from wearsound.sources.composer import compose

RATE, HOP = 48_000, 256
HOP_US = 1e6 * HOP / RATE
LANES = {"room": (0, 1)}


def song() -> F32:
    """The room of the built-in track, float32 (n, 2)."""
    return np.ascontiguousarray(compose(7).samples[:, :2], np.float32)


def blocks(samples: F32, n_hops: int) -> list[Block]:
    """Whole blocks of `n_hops` hops."""
    size = n_hops * HOP
    return [
        Block(start // HOP, samples[start : start + size], LANES, n_hops)
        for start in range(0, len(samples) - size + 1, size)
    ]


def clock() -> Clock:
    """48 kHz, hops of 256."""
    return Clock(RATE, HOP)


def write_wav(path: Path, seconds: float) -> Path:
    """The song over and over as 16-bit stereo, written as it goes."""
    pcm = np.rint(song() * 32_767).clip(-32_768, 32_767).astype("<i2")
    left = round(seconds * RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        while left > 0:
            file.writeframesraw(pcm[:left].tobytes())
            left -= len(pcm)
    return path
