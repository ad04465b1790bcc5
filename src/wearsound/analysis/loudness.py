"""Loudness as broadcasters measure it: K-weighted, in LUFS, of the last moment, seconds and all along."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from wearsound.analysis.turns import EVERY, LOUDNESS, hold
from wearsound.core import F32, F64, Block, Clock, Spec

QUIETEST, LOUDEST = -70.0, 5.0
"""What is quieter reads the first: it is the standard's absolute gate."""
MOMENT_SECONDS, SHORT_SECONDS = 0.4, 3.0
GATED_RATE = 10
"""Gating blocks a second: of 400 ms each, three quarters overlapping."""
RELATIVE_GATE = -10.0
BIN = 0.05
"""LU to a bin of the histogram that integrated loudness is read from: memory does not grow with time."""
OFFSET = -0.691
SNAP = 1e-20
"""A hop's sum of squares under this empties the filters, so that they never creep through denormals."""


class Loudness:
    """BS.1770-5 loudness: momentary (window 400 ms), short-term (3 s), integrated (all along, two gates).

    K-weighting is two biquads, computed for the sample rate from the standard's analogue prototypes and
    run over every sample of every channel, whose powers add: a mono lane reads 3 LU less than the same
    sound on two channels. Read on every fourth hop; momentary and short-term lag by half their window.
    Integrated loudness is that of everything since the start, also in silence (EBU Tech 3341); gated in
    steps of 0.05 LU.
    """

    specs = (
        Spec(
            "lufs", "LUFS", QUIETEST, LOUDEST, 0.1, "loudness of the last 400 ms as broadcasters measure it"
        ),
        Spec("lufs_short", "LUFS", QUIETEST, LOUDEST, 0.1, "loudness of the last 3 s"),
        Spec("lufs_long", "LUFS", QUIETEST, LOUDEST, 0.1, "integrated loudness of all that was heard so far"),
    )
    latency = 0.0

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        from scipy.signal import lfilter  # costs most of a second: only where loudness is asked for

        self._lfilter: Callable[..., tuple[F64, F64]] = lfilter
        self._clock = clock
        shelf, high_pass = k_weighting(clock.sample_rate)
        self._taps = np.convolve(shelf[0], high_pass[0]), np.convolve(shelf[1], high_pass[1])
        self._moment = clock.ticks(MOMENT_SECONDS)
        self._powers: F64 = np.zeros(clock.ticks(SHORT_SECONDS))
        self._counts: F64 = np.zeros(round((LOUDEST - QUIETEST) / BIN) + 1)
        self._sums: F64 = np.zeros(len(self._counts))
        self._bind(1)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._memory[:] = 0.0
        self._powers[:] = 0.0
        self._counts[:] = 0.0
        self._sums[:] = 0.0
        self._waiting = 0
        self._at = -1
        self._gated = 0
        self._integrated = QUIETEST
        self._said = (QUIETEST, QUIETEST, QUIETEST)

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 3) values. [engine thread]"""
        hop, channels = self._clock.hop, spectra.channels
        if channels.shape[1] != self._memory.shape[1]:
            self._bind(channels.shape[1])
        if block.gap:
            self._waiting = 0
        looks, rows, before = spectra.looks(EVERY, LOUDNESS), [], self._said
        for i in range(block.n_hops):
            at = self._waiting * hop
            self._samples[at : at + hop] = channels[i * hop : (i + 1) * hop]
            self._waiting += 1
            if i in looks:
                self._weigh()
                self._read(block.tick + i)
                rows.append(self._said)
        hold(out, looks, rows, before)

    def _bind(self, n_channels: int) -> None:
        """Memory for a lane of so many channels: the filters', and the hops that wait for a look."""
        self._memory: F64 = np.zeros((len(self._taps[0]) - 1, n_channels))
        self._samples: F32 = np.zeros((EVERY * self._clock.hop, n_channels), np.float32)
        self._waiting = 0

    def _weigh(self) -> None:
        """K-weighted power of each hop that waits."""
        hop, n, size = self._clock.hop, self._waiting, len(self._powers)
        weighted, self._memory = self._lfilter(*self._taps, self._samples[: n * hop], axis=0, zi=self._memory)
        weighted *= weighted
        powers = np.add.reduce(weighted.reshape(n, -1), axis=1).tolist()
        if powers[-1] < SNAP:
            self._memory[:] = 0.0
        for power in powers:
            self._at = (self._at + 1) % size
            self._powers[self._at] = power / hop if power >= SNAP else 0.0
        self._waiting = 0

    def _read(self, tick: int) -> None:
        """The three readings at the end of one hop."""
        powers, since = self._powers, self._at + 1 - self._moment
        total = float(np.add.reduce(powers[max(0, since) : self._at + 1]))
        if since < 0:  # the moment began before the ring's seam
            total += float(np.add.reduce(powers[since:]))
        momentary = total / self._moment
        gated = self._clock.due(tick, GATED_RATE)
        if gated != self._gated:
            self._gated = gated
            if gated >= MOMENT_SECONDS * GATED_RATE:  # the first whole one ends after 400 ms
                self._gate(momentary)
        short = float(np.add.reduce(powers)) / len(powers)
        self._said = (loudness(momentary), loudness(short), self._integrated)

    def _gate(self, power: float) -> None:
        """Count one gating block, and integrate all that pass both gates."""
        level = OFFSET + 10.0 * math.log10(power) if power > 0.0 else QUIETEST
        if level <= QUIETEST:
            return
        counts, sums = self._counts, self._sums
        bin = _bin(level)
        counts[bin] += 1.0
        sums[bin] += power
        mean = float(np.add.reduce(sums)) / float(np.add.reduce(counts))
        first = _bin(OFFSET + 10.0 * math.log10(mean) + RELATIVE_GATE)
        self._integrated = loudness(float(np.add.reduce(sums[first:])) / float(np.add.reduce(counts[first:])))


def loudness(power: float) -> float:
    """LUFS of a K-weighted mean square, inside the meter's range."""
    if power <= 0.0:
        return QUIETEST
    return min(LOUDEST, max(QUIETEST, OFFSET + 10.0 * math.log10(power)))


def _bin(level: float) -> int:
    return max(0, min(round((LOUDEST - QUIETEST) / BIN), math.floor((level - QUIETEST) / BIN)))


def k_weighting(sample_rate: int) -> tuple[tuple[list[float], list[float]], tuple[list[float], list[float]]]:
    """The biquads (b, a) of BS.1770's high shelf and high-pass at any sample rate."""
    k, q = math.tan(math.pi * 1681.974450955533 / sample_rate), 0.7071752369554196
    high = 10.0 ** (3.999843853973347 / 20.0)
    middle = high**0.4996667741545416
    a0 = 1.0 + k / q + k * k
    shelf = (
        [
            (high + middle * k / q + k * k) / a0,
            2.0 * (k * k - high) / a0,
            (high - middle * k / q + k * k) / a0,
        ],
        [1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0],
    )
    k, q = math.tan(math.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    a0 = 1.0 + k / q + k * k
    high_pass = ([1.0, -2.0, 1.0], [1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0])
    return shelf, high_pass
