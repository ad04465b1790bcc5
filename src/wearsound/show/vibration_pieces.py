"""What a sheet shows of long waves, piece by piece: a song of many actuators outgrows the memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

import numpy as np

from wearsound.core import F32, F64, Index

PIECE = 1 << 20
"""Numbers at once, about, of all columns."""
RATE: Final = 2000.0
"""Samples a second that a spectrogram keeps, about: nothing above 600 Hz is drawn."""
WINDOW: Final = (0.08, 0.11)
"""Seconds of a Hann window, in a short sheet (a slide stays a line) and in a long one (two bass notes a third apart at
80 Hz are two); a hundredth of the sheet between them."""
POINTS = 2048
"""Of a spectrum."""
LEAK_HZ = 1000.0
"""What is above is heard, not felt."""

_AT_ONCE = 128
"""Windows."""
_MARGIN = 10
"""Samples of low rate that `resample_poly` reads to either side: of half its filter."""

Take = Callable[[F32], F64]
"""What of a piece (n, columns) is wanted: (n, k)."""


class Waves(Protocol):
    """(n, columns), in memory or on the disk; `[a:b]` are some of its rows."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows, how many columns."""
        ...

    def __len__(self) -> int: ...

    def __getitem__(self, rows: slice, /) -> F32: ...


def mono(piece: F32) -> F64:
    """All channels as one."""
    return piece.mean(axis=1, dtype=np.float64, keepdims=True) if piece.size else np.zeros((len(piece), 1))


def only(columns: Sequence[int]) -> Take:
    """Some columns."""
    return lambda piece: piece[:, columns].astype(np.float64)


def pieces(waves: Waves) -> Iterator[tuple[int, F32]]:
    """Where each begins, and its rows."""
    rows = max(8192, PIECE // max(1, waves.shape[1]))
    for at in range(0, len(waves), rows):
        yield at, waves[at : at + rows]


class Peaks:
    """The most in each stretch of `k` waves that come in pieces; a stretch is from one of `edges` to the next.

    `edges` rise from 0; the last one is the end of the last stretch. What is beyond is left out.
    """

    def __init__(self, edges: Index, k: int) -> None:
        self._edges = edges
        self.most: F64 = np.zeros((len(edges) - 1, k))

    def add(self, at: int, reach: F64) -> None:
        """Take (n, k), none below 0, that begin at row `at`."""
        reach = reach[: max(0, int(self._edges[-1]) - at)]
        if not len(reach):
            return
        first = int(np.searchsorted(self._edges, at, "right")) - 1
        last = int(np.searchsorted(self._edges, at + len(reach), "left"))
        starts = np.maximum(self._edges[first:last] - at, 0)
        part = self.most[first:last]
        np.maximum(part, np.maximum.reduceat(reach, starts, axis=0), out=part)


def strips(waves: Waves, take: Take, k: int, columns: int) -> F64:
    """The furthest of each wave from 0 under each column of a drawing, (columns, k)."""
    n = len(waves)
    if not n:
        return np.zeros((columns, k))
    begins = np.minimum(np.arange(columns) * n // columns, n - 1)
    edges = np.unique(begins)
    peaks = Peaks(np.append(edges, n), k)
    for at, piece in pieces(waves):
        peaks.add(at, np.abs(take(piece)))
    return peaks.most[np.searchsorted(edges, begins)]


def moving(waves: Waves, take: Take, k: int, rate: int, least: float) -> F64:
    """In how much of the time each wave reaches `least`, by hundredths of a second, (k,) 0..1; 1 of none."""
    size = max(1, round(0.01 * rate))
    count = len(waves) // size
    if not count:
        return np.ones(k)
    peaks = Peaks(np.arange(count + 1) * size, k)
    for at, piece in pieces(waves):
        peaks.add(at, np.abs(take(piece)))
    share: F64 = (peaks.most >= least).mean(axis=0)
    return share


def groups(waves: Waves, still: float, alike: float) -> tuple[list[list[int]], F64]:
    """The columns that ever reach `still`, those that never differ by `alike` together, in order; each one's power."""
    count = waves.shape[1]
    most, power = np.zeros(count), np.zeros(count)
    same = {i: np.arange(i) for i in range(count)}  # which earlier ones it is still like
    for _, piece in pieces(waves):
        columns = np.ascontiguousarray(piece.T)
        most = np.maximum(most, np.abs(columns).max(axis=1))
        power += np.square(columns, dtype=np.float64).sum(axis=1)
        for i, others in same.items():
            stay = [j for j in others if float(np.abs(columns[i] - columns[j]).max()) < alike]
            same[i] = np.array(stay, np.intp)
    found: list[list[int]] = []
    for i in np.flatnonzero(most >= still).tolist():
        for group in found:
            if group[0] in same[i]:
                group.append(i)
                break
        else:
            found.append([i])
    return found, power / max(1, len(waves))


def leak(waves: Waves, take: Take, rate: int, size: int = 8192) -> list[float]:
    """Power above LEAK_HZ of each wave against all of it, dB; of Hann windows, so that no edge of theirs counts."""
    window, first, step = np.hanning(size)[:, None], round(LEAK_HZ * size / rate), size // 2
    above: F64 = np.zeros(1)
    whole: F64 = np.full(1, 1e-30)
    for at in range(0, max(1, len(waves) - size + 1), step):
        part = take(waves[at : at + size])
        power = np.abs(np.fft.rfft(part * window[: len(part)], size, axis=0)) ** 2
        above, whole = above + power[first:].sum(axis=0), whole + power.sum(axis=0)
    shares = (np.maximum(above, 1e-30) / whole).tolist()
    return [max(10 * math.log10(share), -150.0) for share in shares]


def spectrograms(waves: Waves, take: Take, k: int, rate: int, top_hz: float, columns: int) -> F32:
    """Power against a full sine's, (k, columns, frequencies 0..`top_hz`): the strongest moment under each column."""
    thin = max(1, int(rate // RATE))
    low_rate = rate / thin
    count_low = -(-len(waves) // thin)
    size = max(8, round(min(max(len(waves) / rate / 100, WINDOW[0]), WINDOW[1]) * low_rate))
    window = np.hanning(size + 1)[:size]
    full = (window.sum() / 2) ** 2
    every = min(count_low / columns, size / 4)
    count = max(columns, math.ceil(count_low / every)) if count_low else columns
    starts = np.minimum((np.arange(count) * count_low / count).astype(np.intp), max(count_low - 1, 0))
    under = np.arange(count) * columns // count
    bins = int(top_hz * POINTS / low_rate) + 1
    seen: F32 = np.zeros((k, columns, bins), np.float32)
    for first in range(0, count, _AT_ONCE):
        at = starts[first : first + _AT_ONCE]
        begin = int(at[0]) - size // 2
        low = _low(waves, take, k, thin, begin, int(at[-1]) - size // 2 + size)
        rows = (at - at[0])[:, None] + np.arange(size)
        for i in range(k):
            power = np.abs(np.fft.rfft(low[rows, i] * window, POINTS)[:, :bins]) ** 2 / full
            np.maximum.at(seen[i], under[first : first + _AT_ONCE], power.astype(np.float32))
    return seen


def _low(waves: Waves, take: Take, k: int, thin: int, begin: int, end: int) -> F64:
    """Samples `begin` to `end` of one in `thin`, (end - begin, k); beyond the song there is silence."""
    from scipy.signal import resample_poly

    out = np.zeros((end - begin, k))
    first, last = max(begin, 0), min(end, -(-len(waves) // thin))
    if last > first:
        before = max(0, first - _MARGIN)
        part = take(waves[before * thin : (last + _MARGIN) * thin])
        out[first - begin : last - begin] = resample_poly(part, 1, thin, axis=0)[
            first - before : last - before
        ]
    return out
