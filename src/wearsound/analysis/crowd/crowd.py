"""What an audience does, by one microphone: how far it swells, applause, cheers, hands that clap along."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from wearsound.analysis.crowd.clapping import Clapping
from wearsound.analysis.crowd.likeness import like_applause, like_cheer
from wearsound.analysis.crowd.looped import Looped
from wearsound.analysis.crowd.own_sound import OwnSound
from wearsound.analysis.gain import GRID
from wearsound.analysis.spectrum import edges_in_bins
from wearsound.core import F64, Block, Clock, Spec

EVERY, PHASE = 2, 1
SIZE = 1024
EDGES = (100.0, 200.0, 400.0, 800.0, 1200.0, 1800.0, 2700.0, 4000.0, 6000.0, 9000.0, 14_000.0)
LOW, MIDDLE = slice(0, 3), slice(3, 8)
HIGH = slice(8, 10)
DEEP, SPOKEN = slice(0, 2), slice(2, 4)
HANDS = (1000.0, 5000.0)
"""Hz: where clapping hands are loudest (Repp, "The sound of two hands clapping", 1987: 0.8 to 3 kHz)."""
GRAIN = 64
"""Samples, 1.3 ms: one clap of one person is 2 to 10 ms."""
SEGMENT = 8
"""Hops, 43 ms: what is finer is grain, what is coarser is swell, rhythm, syllables."""

QUICK, LONG = 8, 24
"""Segments: 0.34 s for applause, which begins at once; 1 s for cheers, which must be held."""
FAINT, FEWEST, GRAINIEST = 0.25, 5, 2
"""What is 12 dB fainter was before it began; grain is told by five segments or more, the grainiest two left out."""
FLOOR_SECONDS = 60.0
FLOOR_FALL_SECONDS = 1.0
START = 20
"""Looks, 0.2 s, whose mean the floor begins with."""
QUIETEST = -70.0
MOST_SWELL = 40.0
CLEAR = 6.0
"""dB of swell below which nothing is a clap."""
HANDS_LOW, HANDS_HIGH = 0.5, 0.7
"""Of the middle's power, at most so much below and above, or it is no clap of hands."""
LEVEL_SECONDS = 0.15
RISE_SECONDS, FALL_SECONDS = 0.06, 0.4


class Crowd:
    """Six readings of one microphone before an audience, and how much of it is our own sound. Nothing is kept.

    Power of 21 ms in ten bands, every second hop; what is `own` is taken out (`OwnSound`) where the input has a lane
    `reference`. `swell` is the level over a floor that rises within a minute (not while they applaud or cheer)
    and falls within a second. Applause is noise (flatness within bands), without lows, dull above 6 kHz, even over
    0.3 s and yet grainy over 1 ms: rain is bright, hiss has no grain, drums are uneven, voices are no noise. A cheer
    is many raised voices held for a second, well over the murmur. Both from ramps between measured values, multiplied:
    applause is told 0.35 s, a cheer 1.5 s after it begins, 0.4 s after it ends (the hall's own tail
    besides). Claps are `Clapping`'s.

    Judged on made crowds, music, speech, rain and hiss (tests/test_crowd.py); never yet in a concert hall.
    """

    specs = (
        Spec(
            "swell", "dB", 0.0, MOST_SWELL, 0.1, "how far the audience is over its murmur of the last minute"
        ),
        Spec("applause", "", 0.0, 1.0, 0.001, "how surely many hands applaud"),
        Spec("cheer", "", 0.0, 1.0, 0.001, "how surely many voices cheer"),
        Spec(
            "clap",
            "count",
            0.0,
            1e9,
            1.0,
            "claps of an audience that claps along, one for all hands",
            growing=True,
        ),
        Spec(
            "together",
            "",
            0.0,
            1.0,
            0.001,
            "clapping along: how much of it falls into one moment of each beat",
        ),
        Spec("clap_tempo", "bpm", 0.0, 240.0, 0.1, "how fast they clap along; 0 where nobody does"),
        Spec(
            "own", "", 0.0, 1.0, 0.001, "how much of what is heard is our own sound, by the lane `reference`"
        ),
    )
    latency = 0.07

    def __init__(self, learned: Mapping[str, float] | None = None) -> None:
        del learned

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        from scipy.signal import butter, lfilter

        rate, self._hop = clock.sample_rate, clock.hop
        bins = edges_in_bins(EDGES, SIZE, rate)
        self._starts, self._end = np.array(bins[:-1]), bins[-1]
        self._middle = bins[3], bins[8]
        self._middle_starts = self._starts[MIDDLE] - bins[3]
        self._middle_widths = np.diff(np.array(bins[3:9])).astype(np.float64)
        self._taps: tuple[F64, F64] = tuple(taps.round(12) for taps in butter(2, HANDS, "bandpass", fs=rate))
        self._lfilter = lfilter  # a fifth of what sosfilt costs for one hop, and four poles need no sections
        self._grains = clock.hop // GRAIN
        look = EVERY * clock.hop / rate
        self._looped = Looped(clock, SIZE)
        self._own = OwnSound(len(self._starts), look)
        self._clapping = Clapping(look)
        self._level_weight = clock.coefficient(LEVEL_SECONDS / EVERY)
        self._floor_weights = (
            clock.coefficient(FLOOR_FALL_SECONDS / EVERY),
            clock.coefficient(FLOOR_SECONDS / EVERY),
        )
        self._weights = clock.coefficient(RISE_SECONDS / SEGMENT), clock.coefficient(FALL_SECONDS / SEGMENT)
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        self._looped.reset()
        self._own.reset()
        self._clapping.reset()
        self._filter: F64 = np.zeros(len(self._taps[1]) - 1)
        self._power: F64 = np.zeros(len(self._starts))
        self._floor, self._level, self._calm = QUIETEST, QUIETEST, 0.0
        self._heard = 0
        self._kept = 1.0
        self._flat = 0.0
        self._grain: F64 = np.zeros((SEGMENT, self._grains))
        self._segments: F64 = np.zeros((LONG, 3))
        self._said = [0.0] * len(self.specs)

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, 7) values. [engine thread]"""
        fine = self._measure_grain(spectra.mono, block.n_hops)
        looks = spectra.looks(EVERY, PHASE)
        power = spectra.power(SIZE)[looks.start :: EVERY]
        looped = self._looped.take(block)
        for hop in range(block.n_hops):
            tick = block.tick + hop
            self._grain[tick % SEGMENT] = fine[hop]
            if hop in looks:
                at = (hop - looks.start) // EVERY
                self._look(power[at], self._looped.power(hop) if looped else None, tick)
                if tick % SEGMENT == SEGMENT - 1:
                    self._decide()
            out[hop] = self._said

    def _measure_grain(self, mono: Any, n_hops: int) -> F64:
        """Amplitude from HANDS in each GRAIN (n_hops, grains)."""
        hands, self._filter = self._lfilter(*self._taps, mono.astype(np.float64), -1, self._filter)
        hands *= hands
        sums = np.add.reduce(hands.reshape(-1, GRAIN), axis=1)
        grains: F64 = np.sqrt(sums, out=sums).reshape(n_hops, self._grains)
        return grains

    def _look(self, power: F64, played: F64 | None, tick: int) -> None:
        bands = np.add.reduceat(power[: self._end], self._starts)
        if played is not None:
            own = self._own.look(bands, np.add.reduceat(played[: self._end], self._starts))
            heard, middle = float(np.add.reduce(bands)), float(np.add.reduce(bands[MIDDLE]))
            self._kept = 1.0 - float(np.add.reduce(own[MIDDLE])) / max(middle, 1e-12)
            self._said[6] += self._level_weight * (
                float(np.add.reduce(own)) / max(heard, 1e-12) - self._said[6]
            )
            bands -= own
        self._power += self._level_weight * (bands - self._power)
        first, last = self._middle
        each = power[first:last] + 1e-12
        means = np.add.reduceat(each, self._middle_starts)
        means /= self._middle_widths
        logs = float(np.add.reduce(np.log(each))) - float(np.add.reduce(np.log(means) * self._middle_widths))
        flat = math.floor(math.exp(logs / (last - first)) * GRID + 0.5) / GRID
        self._flat += self._level_weight * 0.5 * self._kept * (flat - self._flat)
        self._level = max(QUIETEST, _decibels(float(np.add.reduce(self._power))))
        total = float(np.add.reduce(bands))
        self._heard += 1
        fall, rise = self._floor_weights
        self._calm += (
            fall * (total - self._calm) if self._heard > START else (total - self._calm) / self._heard
        )
        over = max(QUIETEST, _decibels(self._calm)) - self._floor
        if over < 0.0 or self._heard <= START:
            self._floor += max(fall, 1.0 / self._heard) * over
        elif self._said[1] < 0.5 and self._said[2] < 0.5:
            self._floor += rise * over
        self._said[0] = min(MOST_SWELL, max(0.0, self._level - self._floor))
        pair = (tick - 1) % SEGMENT
        amplitude = float(np.add.reduce(self._grain[pair : pair + 2], axis=None)) * self._kept**0.5
        low, middle, high = (float(np.add.reduce(bands[part])) for part in (LOW, MIDDLE, HIGH))
        # What is mostly our own is no clap, and while there is applause nobody claps along.
        hands = (
            self._said[0] > CLEAR
            and self._said[1] < 0.5
            and self._kept > 0.5
            and low < HANDS_LOW * middle
            and high < HANDS_HIGH * middle
        )
        self._clapping.look(amplitude, hands)
        together = self._clapping.together * (1.0 - self._said[1])
        self._said[3:6] = self._clapping.count, together, self._clapping.tempo

    def measures(self) -> list[float]:
        """What applause and cheers are told by (7): grain, slowness of 0.4 and of 1 s, flatness, low, high, deep."""
        loud = self._segments[:, 0]
        low, middle, high = (float(np.add.reduce(self._power[part])) + 1e-12 for part in (LOW, MIDDLE, HIGH))
        deep, speech = (float(np.add.reduce(self._power[part])) for part in (DEEP, SPOKEN))
        return [
            _log(_grain_of(loud, self._segments[:, 1])),
            _log(_unevenness(loud[-QUICK:])),
            _log(_unevenness(loud)),
            _log(self._flat),
            _log(low / middle),
            _log(high / middle),
            _log((deep + 1e-12) / (speech + 1e-12)),
        ]

    def _decide(self) -> None:
        """Once a segment: how much this is like applause, like a cheer."""
        grain = self._grain.ravel()
        mean = float(np.add.reduce(grain)) / len(grain)
        apart = grain - mean
        self._segments[:-1] = self._segments[1:]
        self._segments[-1] = (
            mean * self._kept**0.5,
            float(np.add.reduce(apart * apart)) / len(grain) * self._kept,
            self._flat,
        )
        fine, slow, held, flat, low, high, deep = self.measures()
        swell, rise, fall = self._said[0], *self._weights
        loud = self._segments[:, 0]
        here = _log(float(np.add.reduce(loud[-QUICK:])) / QUICK / max(float(loud.max()), 1e-10))
        voiced = _log(float(np.add.reduce(self._segments[:, 2])) / LONG)
        own = self._said[6]
        applause = like_applause(fine, slow, flat, low, high, here, swell, own)
        cheer = like_cheer(held, flat, voiced, low, high, deep, swell, own)
        for at, now in ((1, applause), (2, cheer)):
            # Sharper than a product of doubts: what is half like applause in two ways is not.
            before = self._said[at]
            now = now * now * (3.0 - 2.0 * now)
            value = before + (rise if now > before else fall) * (now - before)
            self._said[at] = math.floor(value * GRID + 0.5) / GRID if value > 1e-4 else 0.0


def _grain_of(loud: F64, varies: F64) -> float:
    """Mean variance over squared mean of the segments since it became loud, the grainiest left out; 0: too few.

    A step from nothing to hiss has more grain than hands have, but only one segment of it.
    """
    fainter = np.flatnonzero(loud < FAINT * float(np.add.reduce(loud[-QUICK:])) / QUICK)
    since = int(fainter[-1]) + 1 if len(fainter) else 0
    if len(loud) - since < FEWEST:
        return 0.0
    each = varies[since:] / np.maximum(loud[since:] * loud[since:], 1e-20)
    each.sort()
    return float(np.add.reduce(each[: len(each) - GRAINIEST])) / (len(each) - GRAINIEST)


def _unevenness(loud: F64) -> float:
    """Variance over the square of the mean."""
    mean = float(np.add.reduce(loud)) / len(loud)
    apart = loud - mean
    return float(np.add.reduce(apart * apart)) / len(loud) / max(mean * mean, 1e-20)


def _log(ratio: float) -> float:
    """Natural logarithm on the decision grid, of what lies between e-6 and e6."""
    return math.floor(min(6.0, max(-6.0, math.log(ratio + 1e-9))) * GRID + 0.5) / GRID


def _decibels(power: float) -> float:
    return math.floor(10.0 * math.log10(power + 1e-12) * GRID + 0.5) / GRID
