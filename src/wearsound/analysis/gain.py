"""How loud a lane is, whether anybody plays, and the one gain that all its 0..1 features share.

Levels are dB in which a full-scale sine reads 0. The gate opens above a noise floor that is learned,
and everything that adapts is frozen while it is shut, so that an empty room is never turned up.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from wearsound.core import F64, MAX_HOPS, Clock

FLOOR = -90.0
RANGE = 40.0
"""dB from 0 to 1 in every gain-normalised feature."""
STEADY = 0.7
"""What a steady sound reads once the gain has settled."""
GRID = 2.0**20
"""Observations are rounded to 1 / GRID before anything is decided by them."""

LEVEL_SECONDS = 0.025
NOISE_LOW, NOISE_HIGH = -65.0, -45.0
NOISE_FALL_SECONDS = 0.1
NOISE_RISE = 1.5
"""dB a second at which a steady sound is taken for the room's noise."""
OPEN_OVER_NOISE = 9.0
OPEN_AT_LEAST = -50.0
HYSTERESIS = 5.0
HOLD_SECONDS = 0.3
FADE_SECONDS = 0.25
SILENCE_SECONDS = 2.0
ZEROS_SECONDS = 0.5

GAIN_RISE_SECONDS = 0.4
GAIN_FALL_SECONDS = 3.0
HEADROOM = 12.0
"""The reference is never further below the level than this, in dB."""
DEEPEST = 12.0
"""A gap, however deep, draws the reference down like one of so many dB: 4 dB a second. Where the gate cuts a
gap short depends on how loud the piece is; what comes after it must not."""
QUIETEST = -50.0
LONG_SECONDS = 120.0
LONG_START, LONG_START_SECONDS = -20.0, 15.0
"""dB that the minutes are taken for at first, and for how many seconds of hearing that counts."""
BREATH_SECONDS = 0.8
LONG_FADE_SECONDS = 3.0
LATE_SECONDS = 0.03
"""`sensitivity` is read this much late, so that a sudden sound is not hidden by its own gain."""
UNHEARD = -30.0
"""dB of the short reference until the gate has opened once."""
START_SECONDS = 1.0
"""After the first opening the reference rises at once: how loud a piece is must not depend on how it begins."""


class Gain:
    """Level, gate, silence and the two references of one lane, hop by hop.

    After `take`, arrays of (n_hops,), valid until the next: `level` dB, `loudness` and `presence` 0..1
    against the last seconds and minutes, `silence` and `gate` 0 or 1, `silences` how often it fell
    silent after something was heard, `reference` dB of the last seconds, `fade` 1 while the gate is open,
    else gliding to exactly 0, `sensitivity` the inverse of the reference as a power, a little late, 0 until
    something was heard. `readings` (n_hops, 5) are loudness, presence, silence, gate and silences in one
    piece. For meters that read dB / RANGE against both horizons, seconds and minutes: `offsets` (n_hops, 2, 1)
    to add and `fades` (n_hops, 2, 1) to multiply by. `noise` dB is the learned floor.
    """

    def __init__(self, clock: Clock) -> None:
        self._fast = clock.coefficient(LEVEL_SECONDS)
        self._breath = clock.coefficient(BREATH_SECONDS)
        self._rise = clock.coefficient(GAIN_RISE_SECONDS)
        self._fall = clock.coefficient(GAIN_FALL_SECONDS)
        self._long_hops = clock.ticks(LONG_SECONDS)
        self._long_start_hops = clock.ticks(LONG_START_SECONDS)
        self._noise_fall = clock.coefficient(NOISE_FALL_SECONDS)
        self._noise_rise = NOISE_RISE * clock.hop / clock.sample_rate
        self._hold = clock.ticks(HOLD_SECONDS)
        self._zeros_for_silence = clock.ticks(ZEROS_SECONDS)
        self._shut_for_silence = clock.ticks(SILENCE_SECONDS)
        self._fade_step = 1.0 / clock.ticks(FADE_SECONDS)
        self._long_fade_step = 1.0 / clock.ticks(LONG_FADE_SECONDS)
        self._late_hops = clock.ticks(LATE_SECONDS)
        self._start_hops = clock.ticks(START_SECONDS)
        self._rows: F64 = np.zeros((12, MAX_HOPS))
        self._bind(0)
        self.reset()

    def reset(self) -> None:
        """State to its start: nothing heard yet."""
        self._power = 0.0
        self._slow_power = 0.0
        self.noise = NOISE_LOW
        self._open = False
        self._quiet = 0
        self._shut = 0
        self._zeros = 0
        self._heard = 0
        self._silent = False
        self._silences = 0
        self._reference = UNHEARD
        self._slow_level = FLOOR
        self._long = self._long_reference = LONG_START
        self._long_heard = self._long_start_hops
        self._fade = 0.0
        self._long_fade = 0.0
        self._sensitivity = 0.0
        self._late: deque[float] = deque([0.0] * self._late_hops)

    def _bind(self, n_hops: int) -> None:
        rows = self._rows[:, :n_hops]
        self.level, self.sensitivity = rows[0], rows[9]
        self.loudness, self.presence, self.silence, self.gate, self.silences = rows[1:6]
        self.readings = rows[1:6].T
        self.reference, self.fade = rows[6], rows[7]
        self.fades, self.offsets = rows[7:9].T[:, :, np.newaxis], rows[10:12].T[:, :, np.newaxis]

    def take(self, powers: list[float], peaks: list[float]) -> None:
        """Mean squares and largest samples of the hops of a block. [engine thread]"""
        n_hops = len(powers)
        if n_hops != len(self.level):
            self._bind(n_hops)
        for hop in range(n_hops):
            self._rows[:, hop] = self._hear(powers[hop], peaks[hop])

    def _hear(self, power: float, peak: float) -> tuple[float, ...]:
        """One hop: its column of the rows."""
        self._power += self._fast * (power - self._power)
        if self._power < 1e-15:
            self._power = 0.0
        level = decibels(self._power)
        if peak > 0.0:
            self._zeros = 0
            self._learn_noise(level)
        else:
            self._zeros += 1
        self._decide(max(level, decibels(power)))
        if self._open and self._quiet == 0:
            self._adapt(level)
        silent = self._zeros >= self._zeros_for_silence or self._shut >= self._shut_for_silence
        if silent and not self._silent and self._heard:
            self._silences += 1
        self._silent = silent
        self._late.append(self._sensitivity)
        return (
            level,
            normal(level - self._reference) * self._fade if self._fade else 0.0,
            normal(self._slow_level - self._long) * self._long_fade if self._long_fade else 0.0,
            1.0 if silent else 0.0,
            1.0 if self._open else 0.0,
            self._silences,
            self._reference,
            self._fade,
            self._long_fade,
            self._late.popleft(),
            STEADY - self._reference / RANGE,
            STEADY - self._long_reference / RANGE,
        )

    def _adapt(self, level: float) -> None:
        """Move both references towards a level; the first that is heard sets the short one."""
        rise = self._rise
        if self._heard < self._start_hops:
            if not self._heard:
                self._reference = level
                self._slow_power = self._power
            self._heard += 1
            rise = 1.0
        over = level - self._reference
        reference = self._reference + (rise * over if over > 0.0 else self._fall * max(over, -DEEPEST))
        self._reference = max(reference, level - HEADROOM, QUIETEST)
        self._sensitivity = 10.0 ** (self._reference * -0.1)
        if self._heard == 1:
            self._late = deque([self._sensitivity] * self._late_hops)
        self._slow_power += self._breath * (self._power - self._slow_power)
        self._slow_level = decibels(self._slow_power)
        self._long_heard = min(self._long_heard + 1, self._long_hops)
        self._long += (level - self._long) / self._long_heard
        self._long_reference += (self._reference - self._long_reference) / self._long_heard

    def _learn_noise(self, level: float) -> None:
        noise = self.noise
        if level < noise:
            noise += self._noise_fall * (level - noise)
        else:
            noise = min(level, noise + self._noise_rise)
        self.noise = min(NOISE_HIGH, max(NOISE_LOW, noise))

    def _decide(self, now: float) -> None:
        opens = max(OPEN_AT_LEAST, self.noise + OPEN_OVER_NOISE)
        if not self._open:
            self._open = now >= opens
            self._quiet = 0
        elif now >= opens - HYSTERESIS:
            self._quiet = 0
        else:
            self._quiet += 1
            self._open = self._quiet < self._hold
        if self._open:
            self._shut = 0
            self._fade = self._long_fade = 1.0
        else:
            self._shut += 1
            self._fade = max(0.0, self._fade - self._fade_step)
            self._long_fade = max(0.0, self._long_fade - self._long_fade_step)


def decibels(power: float) -> float:
    """dB of a mean square, on the decision grid; a full-scale sine (0.5) reads 0."""
    if power <= 0.5e-9:
        return FLOOR
    return math.floor(10.0 * math.log10(2.0 * power) * GRID + 0.5) / GRID


def normal(over: float) -> float:
    """dB over a reference as 0..1."""
    return min(1.0, max(0.0, over / RANGE + STEADY))
