"""What moves in a lane, as energy and as what sets voices in motion, hop by hop.

Three bands: thuds (32-240 Hz: steps), knocks (520-2400 Hz: taps) and rustle (1-6 kHz: rubbing, cloth). How loud each
is opens a gate, and puts in energy that leaks out again; their sound, compressed, is the excitation itself. A wrong
guess of what a movement was only chooses another note.

A mains hum is the same one period later, so levels are those of the sound without what was there a period of 50 and
one of 60 Hz ago: steady hum and DC open no gate, while anything new is seen at once. Mains that are 0.1 Hz off leave a
rest: of a buzz full of harmonics it plays from some -33 dBFS on, of a soft hum from -21; 0.2 Hz off 6 dB sooner.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, sqrt

import numpy as np

from wearsound.core import F64, Clock
from wearsound.instruments.soundscape.balance import Balance
from wearsound.instruments.soundscape.band import Band
from wearsound.instruments.soundscape.gain import Gain

THUD, KNOCK, RUSTLE = (32.0, 240.0), (520.0, 2400.0), (1000.0, 6000.0)
"""Hz: heels are 50-230 Hz, a finger on cloth over a piezo 0.6-1.4 kHz, rubbing 0.7-5 kHz (composed takes)."""
MAINS = (50, 60)
SHUT, OPENS = 0.004, 0.006
"""Root mean square (x3 of rustle, x2 of knocks) at which the gate begins to open, and how much more opens it fully."""
LOUD = 0.10
"""What is followed at this level is halved: loud and soft walkers both play well."""
PUT_IN, LOST = 2.6, 0.0027
"""Energy a second: what the strongest movement puts in, and what is lost besides the leak, so that it ends."""
HALF = 0.09
"""The movement that puts in half of the most."""
STEP_OVER, STEP_LEAST, STEP_APART = 2.6, 0.012, 0.26
"""A step: so much louder than the last second's thuds, at least this loud, seconds apart (230 a minute: running)."""
TAP_OVER, TAP_LEAST, TAP_APART = 2.2, 0.003, 0.09
"""A tap likewise of the knocks. Loose on purpose: rustle has no such peaks, and a heel may knock too."""
SLOW, QUICK, RUB_HOLDS = 1.2, 0.25, 0.12
"""Seconds: what is usual; how long a compressor remembers; how long a rub is still a rub between two threads."""
SETTLES, CATCHES = 0.25, 0.07
"""Seconds in which nothing is put in: at the beginning, while filters settle on whatever a microphone rests at, and
after a gap, until there is a past to compare with again."""
CALM, FAINT = 0.4, 0.001
"""What is left of the coat's sound where nothing new begins; the level below which nothing stands out."""
KNOCKS, HEELS, CLOTH, HISSES = 1.6, 0.6, 0.7, 0.02
"""What the coat's own sound is made of; rustle this loud is halved."""
INSTEAD, RECEDES = 2.5, 0.15
"""Where a microphone lacks lows: knocks and rustle that drive the bed instead of heels, half of it under a firm bow;
the part of the coat's own knocks and rustle that is left, so that it is not harsh."""
GRIP, REST = 0.006, 0.02
"""Rustle this loud is half evened out; this loud it bows with half the pressure."""
RUB_GROWS, RUB_GOES = 0.4, 0.08
"""Seconds: a rub lasts, rustle at a step does not; so what goes on is followed slowly up and quickly down."""
STRIDE, AT_A_STEP, ASIDE = 0.7, 0.25, 0.25
"""Seconds that a foot-fall is remembered; how much of its loudness cloth makes by itself at every step, which is no
rub; the pressure that is left where all of the rustle is that."""
GUST = 0.14
"""Seconds in which what a movement stirs up settles to 37 %."""


class Listening:
    """One lane's movement. Read after `hear`: all is of this hop. [engine thread]

    `energy` 0..1 at the end of the hop, `energy_before` at its beginning. `moving` 0..1: how much moves now.
    `low`, `rub`, `tap` (hop,): thuds compressed, rustle evened out (rms about 1), knocks that stand out.
    `coat` (hop,): the sound itself, gated and compressed.
    `thud_before`, `thud` 0..0.1: how loud the thuds are, compressed.
    `bow_before`, `bow` 0..1: how firmly it is rubbed. `rubbing` 0..1: how much of the rustle is a rub, not steps.
    `gust` 0..1: what moves now, as `moving`, but at once, and soon over.
    `step`, `tapped`: one began; `steps`, `taps`: how many so far. `beaten`: `tap` is not silent.
    `lacks` 0..1: how far the microphone's lows are behind its highs; the bed then breathes more (`thud` holds some of
    the rest), and the coat is duller.
    `still`: nothing of it sounds and no energy is left.
    """

    def __init__(self, lane: str, clock: Clock, learned: Mapping[str, float] | None = None) -> None:
        """`learned` are the numbers that a calibration found of the lane."""
        self.lane = lane
        self._gain = Gain(learned or {}, clock)
        self._balance = Balance(clock)
        self._hop = hop = clock.hop
        self._seconds = hop / clock.sample_rate
        self._bands = [Band(*edges, clock, rows=2) for edges in (THUD, KNOCK, RUSTLE)]
        first, second = (round(clock.sample_rate / hz) for hz in MAINS)
        self._delays = (first, second, first + second)
        self._length = first + second
        self._past: F64 = np.zeros(self._length + hop)
        self._pair: F64 = np.zeros((2, hop))
        self._ramp: F64 = np.arange(1, hop + 1) / hop
        self._slow, self._quick = clock.coefficient(SLOW), clock.coefficient(QUICK)
        self._holds = 1.0 - clock.coefficient(RUB_HOLDS)
        self._grows, self._goes = clock.coefficient(RUB_GROWS), clock.coefficient(RUB_GOES)
        self._stride, self._settling = 1.0 - clock.coefficient(STRIDE), 1.0 - clock.coefficient(GUST)
        self._starts, self._stops = clock.coefficient(0.05), clock.coefficient(0.8)
        self._step_apart, self._tap_apart = clock.ticks(STEP_APART), clock.ticks(TAP_APART)
        self._settles, self._catches = clock.ticks(SETTLES), clock.ticks(CATCHES)
        self._silence: F64 = np.zeros(hop)
        self.reset()

    def reset(self) -> None:
        """Nothing was heard."""
        for band in self._bands:
            band.reset()
        self._gain.reset()
        self._balance.reset()
        self.lacks = 0.0
        self._past[:] = 0.0
        self._waits = self._settles
        self.energy = self.energy_before = 0.0
        self.moving = self.gust = self.rubbing = 0.0
        self._goes_on = self._strode = 0.0
        self.bow = self.bow_before = 0.0
        self.thud = self.thud_before = 0.0
        self.step = self.tapped = False
        self.steps = self.taps = 0
        self.still = True
        self.beaten = False
        self._since_step, self._since_tap = self._step_apart, self._tap_apart
        self._usual_thud = self._usual_knock = self._usual_coat = 0.0
        self._grip = 0.0
        self._level = 0.0
        self._gains = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        self._sense = 0.0
        self.low: F64 = self._silence
        self.rub: F64 = self._silence
        self.tap: F64 = self._silence
        self.coat: F64 = self._silence

    def miss(self) -> None:
        """Sound was lost before the next hop."""
        self._waits = max(self._waits, self._catches)

    def hear(self, samples: F64, sense: float, memory: float) -> None:
        """A hop of the lane (hop,), how sensitively it is heard (1 as calibrated), and how long it is kept in s."""
        self._take(samples, sense)
        (thud, first), (knock, second), (rustle, third) = (band.run(self._pair) for band in self._bands)
        low, mid, high = _level(thud, first), _level(knock, second), _level(rustle, third)
        gate = min(1.0, max(0.0, (max(low, 3.0 * high, 2.0 * mid) - SHUT) / OPENS))
        if self._waits > 0:
            self._waits, gate = self._waits - 1, 0.0
        # The gate stands before the gain: noise and hum of a quiet microphone are not pulled up.
        self._gain.hear(gate * (2.0 * low + 8.0 * high + 3.0 * mid))
        gain = gate * self._gain.now
        low, mid, high = low * gain, mid * gain, high * gain
        self._balance.hear(low, mid + high)
        self._put_in(2.0 * low + 8.0 * high + 3.0 * mid, memory)
        self._count(low, mid)
        self._excite(thud, knock, rustle, low, mid, high, gain)

    def _take(self, samples: F64, sense: float) -> None:
        """The sound, clean and scaled, and the sound without its mains, side by side."""
        past, hop, n = self._past, self._hop, self._length
        past[:n] = past[hop:].copy()
        now, pair = past[n:], self._pair
        if isfinite(float(np.add.reduce(samples))):
            np.minimum(samples, 1.0, out=now)
            np.maximum(now, -1.0, out=now)
        else:
            now[:] = np.clip(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
        if sense == self._sense:
            now *= sense
        else:
            now *= self._sense + (sense - self._sense) * self._ramp
            self._sense = sense
        first, second, both = self._delays
        # So small a constant keeps filters that ring out from counting in denormals; no band lets it through.
        np.add(now, 1e-18, out=pair[0])
        np.subtract(now, past[n - first : n - first + hop], out=pair[1])
        pair[1] -= past[n - second : n - second + hop]
        pair[1] += past[n - both : n - both + hop]
        pair[1] += 1e-18

    def _put_in(self, moved: float, memory: float) -> None:
        moved = max(0.0, moved - 0.006)
        share = moved / (moved + HALF)
        energy = self.energy_before = self.energy
        energy += self._seconds * ((1.0 - energy) * PUT_IN * share - energy / memory - LOST)
        self.energy = min(1.0, max(0.0, energy))
        weight = self._starts if share > self.moving else self._stops
        self.moving += weight * (share - self.moving)
        if share == 0.0 and self.moving < 1e-4:
            self.moving = 0.0
        self.gust = max(share, self.gust * self._settling)
        if self.gust < 1e-4:
            self.gust = 0.0

    def _count(self, low: float, mid: float) -> None:
        self._since_step += 1
        self._since_tap += 1
        over = STEP_OVER * self._usual_thud
        self.step = low > over and low > STEP_LEAST and self._since_step >= self._step_apart
        if self.step:
            self._since_step = 0
            self.steps += 1
        self._standing_out = min(1.0, max(0.0, mid / (TAP_OVER * self._usual_knock + TAP_LEAST) - 1.0))
        self.tapped = self._standing_out > 0.5 and self._since_tap >= self._tap_apart
        if self.tapped:
            self._since_tap = 0
            self.taps += 1
        self._usual_thud += self._slow * (low - self._usual_thud)
        self._usual_knock += self._slow * (mid - self._usual_knock)

    def _excite(
        self, thud: F64, knock: F64, rustle: F64, low: float, mid: float, high: float, gain: float
    ) -> None:
        loudest = max(low, mid, high)
        self._level = max(loudest, self._level + self._quick * (loudest - self._level))
        self._grip = max(high, self._grip * self._holds)
        even = gain / (1.0 + self._level / LOUD)
        lacks = self.lacks = self._balance.lacks
        loud = 1.0 / (1.0 + self._level / LOUD)
        heel = low * loud
        instead = INSTEAD * lacks * (1.0 - 0.5 * self.bow)
        self.thud_before, self.thud = self.thud, heel + instead * (mid + high) * loud
        self._rub(high, heel)
        rises = even * self._rises(low, mid, high)
        near = rises * (1.0 - (1.0 - RECEDES) * lacks)
        gains = (
            even,
            gain / (self._grip + GRIP),
            even * self._standing_out,
            rises,
            near * self._soft(high),
            near,
        )
        before, self._gains = self._gains, gains
        self.beaten = before[2] > 0.0 or gains[2] > 0.0
        self.still = gain == 0.0 and before[0] == 0.0 and self.energy == 0.0
        self.low = self._ramped(thud, before[0], gains[0])
        self.rub = self._ramped(rustle, before[1], gains[1])
        self.tap = self._ramped(knock, before[2], gains[2])
        if before[3] == gains[3] == 0.0:
            self.coat = self._silence
        else:
            self.coat = self._ramped(HEELS * thud, before[3], gains[3])
            self.coat += self._ramped(KNOCKS * knock, before[5], gains[5])
            self.coat += self._ramped(rustle, before[4], gains[4])

    def _rub(self, high: float, heel: float) -> None:
        """Rubbing, as apart from the rustle that every step makes: it goes on, and no heel comes down with it."""
        self._goes_on += (self._grows if high > self._goes_on else self._goes) * (high - self._goes_on)
        self._strode = max(heel, self._strode * self._stride)
        if self._strode < 1e-6:
            self._strode = 0.0
        self.rubbing = self._goes_on / (self._goes_on + AT_A_STEP * self._strode + FAINT)
        pressure = ASIDE + (1.0 - ASIDE) * self.rubbing
        self.bow_before, self.bow = self.bow, pressure * self._grip / (self._grip + REST)
        if self._grip < 1e-6:
            self._grip = self._goes_on = self.bow = 0.0

    def _soft(self, high: float) -> float:
        """How much of the rustle is heard: a disc that rings in the highs must not hiss."""
        over = high / HISSES
        return CLOTH / (1.0 + over * over)

    def _rises(self, low: float, mid: float, high: float) -> float:
        """How much the coat stands out of its last quarter of a second: what begins is heard, what goes on recedes."""
        coat = low + mid + high
        share = coat / (coat + self._usual_coat + FAINT)
        self._usual_coat += self._quick * (coat - self._usual_coat)
        return CALM + (1.0 - CALM) * 4.0 * share * share

    def _ramped(self, sound: F64, before: float, after: float) -> F64:
        if before == after == 0.0:
            return self._silence
        return sound * (before + (after - before) * self._ramp)


def _level(sound: F64, without_mains: F64) -> float:
    """Root mean square, of the quieter of the two."""
    n = len(sound)
    least = min(float(np.add.reduce(sound * sound)), float(np.add.reduce(without_mains * without_mains)))
    return sqrt(least / n)
