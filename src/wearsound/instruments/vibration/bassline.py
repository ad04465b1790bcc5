"""The pitch of the bass line, heard through kicks and chords."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from wearsound.cascade import Cascade
from wearsound.core import F64, MAX_HOPS, Clock
from wearsound.instruments.filters import low_pass
from wearsound.instruments.vibration.kick_tail import KickTail

Edges = tuple[float, float]

EVERY = 4
"""It looks at the end of every fourth hop: 47 times a second."""
THINNED = 16
"""One sample of so many is kept: 3 kHz of 48."""
HIGHEST_HEARD = 600.0
"""Hz: the corner of the low-pass before that."""
WINDOWS = (0.085, 0.128, 0.171)
"""Seconds: the shortest holds three periods of 40 Hz; the longest tells a bass note from a kick's tail. After a kick
only what begins AFTER it is looked at."""
AFTER = 0.06
"""Seconds from the start of a kick to where its pitch has all but stopped falling."""
FALLS = 0.03
"""Part of a window in which it falls: nearly all of it rises, so that what is new weighs most and is heard soon."""
FLOOR, FORGETS = 0.3, 0.97
"""A look that is quiet beside the latest loud ones is trusted less; so much of them is remembered from look to look."""
SIZE = 1024
"""Points of the transform: a bin of 2.9 Hz, between which is read along a parabola."""
CENTS = 25
"""One state of pitch is so wide."""
LOWEST, HIGHEST = 30.0, 330.0
"""Hz: what a bass line plays; a band's edges are taken as they are within that."""
HARMONICS = (1.0, 0.2, 0.1)
"""How much the fundamental and the next harmonics tell."""
BELOW = 0.3
"""How much a strong tone an octave below speaks against a pitch."""
TRUST = 6.0
"""How much one look weighs against what was believed."""
STAYS = 0.5
"""How much of what was believed is carried from look to look."""
LEAP = 4.0
"""What any leap costs, so that a note holds against a passing doubt."""
GLIDES = 2
"""States a look that a slide may move without leaping: 50 cents in 21 ms."""
FAINT = 0.002
"""Amplitude: what is weaker in the whole band is silence."""
NEVER = 1 << 40
TOLD = 16
"""Thinned samples (5 ms) from a kick's start to where it is told."""
GRID = 2.0**20


class Bassline:
    """The pitch of the one voice in `band` (Hz), unfolded. [engine thread]

    Spectra of the thinned sound, read at every state of a log pitch grid and at its harmonics, make a likelihood. A
    best-path filter (Viterbi 1967, forward only, so causal) follows it: it stays, slides, or leaps at a price, and
    holds where there is nothing to hear. A kick is not followed: what its window holds of the sweep is left out.
    """

    def __init__(self, band: Edges, clock: Clock) -> None:
        self._clock = clock
        rate = clock.sample_rate
        if clock.hop % THINNED:
            raise ValueError(f"a hop of {clock.hop} samples; a multiple of {THINNED} is needed")
        self._low_hop, self._low_rate = clock.hop // THINNED, rate / THINNED
        self._low_pass = Cascade(low_pass(HIGHEST_HEARD, 4, clock))
        low, high = max(LOWEST, band[0] * 0.9), min(HIGHEST, band[1] * 1.1)
        if high <= low * 1.2:
            low, high = LOWEST, HIGHEST
        n = math.floor(1200.0 / CENTS * math.log2(high / low)) + 1
        self._hertz: F64 = np.array([low * 2.0 ** (k * CENTS / 1200.0) for k in range(n)])
        self._windows = [_window(seconds, self._low_rate) for seconds in WINDOWS]
        self._longest = max(len(window) for window in self._windows)
        self._reads = [self._places(times) for times in (*range(1, len(HARMONICS) + 1), 0.5)]
        self._after = round(AFTER * self._low_rate)
        self._tail = KickTail(self._low_rate)
        self._kept = self._tail.size + 2 * self._tail.slip + 4 * self._low_hop
        self._past: F64 = np.zeros(self._kept + MAX_HOPS * self._low_hop)
        self._frame: F64 = np.zeros(self._longest)
        self.reset()

    def reset(self) -> None:
        """Silence was heard. [engine thread]"""
        self._low_pass.reset()
        self._past[:] = 0.0
        self._tail.reset()
        self._since = NEVER
        self._kicks: list[tuple[int, F64]] = []
        self._known: F64 | None = None
        self._learned = False
        self._belief: F64 = np.zeros(len(self._hertz))
        self._loud = 0.0
        self._turn = 0
        self._hz = 0.0

    def track(self, samples: F64, n_hops: int, strokes: Sequence[tuple[int, float]]) -> F64:
        """Hz (n_hops,) of (n_hops * hop,) samples, held while unsure and 0 before the first; `strokes` are their kicks,
        as `Strokes` finds them in a low band."""
        hop, low_hop, kept = self._clock.hop, self._low_hop, self._kept
        passed = samples[None].copy()
        self._low_pass.run(passed)
        past = self._past
        past[kept : kept + n_hops * low_hop] = passed[0, ::THINNED]
        kicks = {at // hop: at % hop for at, _ in strokes}
        tracked = np.empty(n_hops)
        for i in range(n_hops):
            heard = past[(i + 1) * low_hop : (i + 1) * low_hop + kept]
            self._since += low_hop
            self._kicks = [(since + low_hop, known) for since, known in self._kicks]
            if i in kicks:
                self._learn(heard, low_hop - kicks[i] // THINNED)
                self._since = low_hop - kicks[i] // THINNED + TOLD
                self._known, self._learned = None, False
            self._turn = (self._turn + 1) % EVERY
            if self._turn == 0:
                self._look(heard)
            tracked[i] = self._hz
        past[:kept] = past[n_hops * low_hop : n_hops * low_hop + kept].copy()
        return tracked

    def _learn(self, heard: F64, ago: int = 0) -> None:
        """The latest kick is over, or ended by one that was told `ago` samples ago: what is heard of it is learned."""
        tail, since = self._tail, self._since
        if self._known is None or self._learned:
            return
        self._learned = True
        start = len(heard) - since - tail.slip
        end = len(heard) - (ago + TOLD if ago else 0)
        tail.learn(heard[start : min(end, start + tail.size + 2 * tail.slip)])

    def _without_kicks(self, heard: F64, size: int) -> F64:
        """The last `size` samples less what is known of kicks in them."""
        frame = self._frame[len(self._frame) - size :]
        frame[:] = heard[len(heard) - size :]
        for n, (since, known) in enumerate(self._kicks):
            # since: samples from its start to now; a later kick ends it.
            until = self._kicks[n + 1][0] if n + 1 < len(self._kicks) else 0
            first, last = max(0, since - size), min(len(known), since - until)
            if first < last:
                at = size - since + first
                frame[at : at + last - first] -= known[first:last]
        return frame

    def _look(self, heard: F64) -> None:
        """One look at what was heard last: what is believed now."""
        tail = self._tail
        if self._known is None and tail.sweep <= self._since < NEVER // 2:
            start = len(heard) - self._since
            self._known = tail.fit(heard[start : start + tail.sweep])
            self._kicks = [kick for kick in self._kicks if kick[0] < tail.size + self._longest]
            self._kicks.append((self._since, self._known))
        if tail.size + tail.slip <= self._since < NEVER // 2:
            self._learn(heard)
        clean = self._since - self._after
        if self._known is not None and self._known[0] != 0.0:
            clean = NEVER if self._since >= tail.sweep else 0
        if self._since < tail.sweep:
            clean = 0
        if len(self._windows[0]) > clean:
            return
        told = np.zeros(len(self._hertz))
        for window in self._windows:
            if len(window) <= clean:
                amplitude = _amplitude(self._without_kicks(heard, len(window)) * window)
                told += self._salience(amplitude)
        most = float(told.max())
        if most < FAINT:
            return
        self._loud = max(most, self._loud * FORGETS)
        likely = told / most
        likely *= likely
        likely *= TRUST * most / (most + FLOOR * self._loud)
        belief = STAYS * self._belief
        best = float(belief.max()) - LEAP
        stays = belief.copy()
        for k in range(1, GLIDES + 1):
            np.maximum(stays[k:], belief[:-k] - 0.05 * k, out=stays[k:])
            np.maximum(stays[:-k], belief[k:] - 0.05 * k, out=stays[:-k])
        np.maximum(stays, best, out=stays)
        stays += likely
        stays -= stays.max()
        self._belief = np.rint(stays * GRID) / GRID
        at = int(self._belief.argmax())
        self._hz = self._exact(told, at)

    def _salience(self, amplitude: F64) -> F64:
        """How much speaks for each state: (n_states,)."""
        told = np.zeros(len(self._hertz))
        *harmonics, below = self._reads
        for weight, (at, part) in zip(HARMONICS, harmonics, strict=True):
            told += weight * _read(amplitude, at, part)
        told -= BELOW * _read(amplitude, *below)
        np.maximum(told, 0.0, out=told)
        return np.rint(told * GRID) / GRID

    def _exact(self, told: F64, at: int) -> float:
        """The pitch between the states around the best."""
        at = max(at - 2, 0) + int(told[max(at - 2, 0) : at + 3].argmax())
        hz = float(self._hertz[at])
        if 0 < at < len(told) - 1:
            left, here, right = told[at - 1 : at + 2].tolist()
            bend = left - 2.0 * here + right
            if bend < 0.0:
                off = max(-0.5, min(0.5, 0.5 * (left - right) / bend))
                step = float(self._hertz[at + 1]) - hz if off > 0.0 else hz - float(self._hertz[at - 1])
                hz += off * step
        return round(hz, 3)

    def _places(self, times: float) -> tuple[Any, F64]:
        """Which bins, and how far between them, a harmonic of every state is."""
        # A low rate of sound has not all of them: what is beyond is read at the end, where there is nothing.
        where = np.minimum(self._hertz * times * SIZE / self._low_rate, SIZE // 2 - 1)
        at = np.floor(where).astype(np.intp)
        return at, where - at


def _read(amplitude: F64, at: Any, part: F64) -> F64:
    value: F64 = amplitude[at] + part * (amplitude[at + 1] - amplitude[at])
    return value


def _window(seconds: float, rate: float) -> F64:
    """A Hann window that makes a full-scale sine 1."""
    size = round(seconds * rate)
    rise = round(size * (1.0 - FALLS))
    up = np.sin((np.arange(rise) + 0.5) * (0.5 * math.pi / rise)) ** 2
    down = np.cos((np.arange(size - rise) + 0.5) * (0.5 * math.pi / (size - rise))) ** 2
    hann: F64 = np.concatenate([up, down])
    return hann * (2.0 / float(hann.sum()))


def _amplitude(frame: F64) -> F64:
    """Amplitude of each bin."""
    spectrum = np.fft.rfft(frame, SIZE)
    amplitude: F64 = np.sqrt(spectrum.real * spectrum.real + spectrum.imag * spectrum.imag)
    return amplitude
