"""Which of the notes can be heard: truth is only what leaves a trace in the finished sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from .sines import RATE, Sound

_HOP = 240  # 5 ms
_SIZE = 1024
Levels = NDArray[np.float32]
Times = NDArray[np.float64]


def band_powers(sound: Sound) -> Levels:
    """Power, shape (frames, about 22): every 5 ms, third-octave-like bands 40 Hz..16 kHz, centred frames."""
    padded = np.pad(sound, (_SIZE // 2, _SIZE))
    window = np.hanning(_SIZE).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::_HOP][: len(sound) // _HOP]
    edges = np.unique(np.round(np.geomspace(40, 16000, 26) / RATE * _SIZE).astype(int))
    out = np.empty((len(frames), len(edges) - 1), np.float32)
    for start in range(0, len(frames), 2000):
        part = np.abs(np.fft.rfft(frames[start : start + 2000] * window, axis=1)) ** 2
        out[start : start + 2000] = np.add.reduceat(part, edges, axis=1)[:, :-1]
    return out


class Ear:
    """Loudness-like levels of the music alone, over the mean power of its background there (0.4 s)."""

    def __init__(self, music: Sound, floor: Sound | None) -> None:
        power = band_powers(music)
        hidden = power.max() * 1e-8 + 1e-9
        if floor is not None:
            hidden = hidden + uniform_filter1d(band_powers(floor), 80, axis=0)
        self._levels = (power + hidden) ** 0.25

    def rises(self, times: Times, late: float) -> tuple[Levels, Levels]:
        """Growth from just before each time to the mean of `late` seconds after: of all bands together
        (only what grows counts), and of the band that grows most; both over what was there before.
        """
        last = len(self._levels) - 1
        at = np.round(times * RATE / _HOP).astype(int)
        frames = range(2, max(7, round(late * RATE / _HOP)))
        after = np.mean([self._levels[np.clip(at + k, 0, last)] for k in frames], axis=0)
        before = np.mean([self._levels[np.clip(at - k, 0, last)] for k in (2, 3, 4)], axis=0)
        grown = np.maximum(after - before, 0)
        mean = before.mean(axis=1, keepdims=True)
        return grown.sum(axis=1) / before.sum(axis=1), (grown / (before + 0.3 * mean)).max(axis=1)

    def heard(self, times: list[float], late: float, least: float = 1.0) -> list[float]:
        """Those of the times at which the sound grows enough within `late` seconds.

        At `least` = 1, about nine of ten moments of music without a note are below both bounds.
        """
        if not times:
            return []
        array = np.asarray(times, np.float64)
        together, most = self.rises(array, late)
        return array[(together >= 0.05 * least) | (most >= 0.5 * least)].tolist()
