"""How loud a lane is, whether anybody plays, and the one gain that all its 0..1 features share.

Levels are dB in which a full-scale sine reads 0. The gate opens above a noise floor that is learned,
and everything that adapts is frozen while it is shut, so that an empty room is never turned up.
"""

from __future__ import annotations

import math

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
GAIN_FALL_SECONDS = 4.0
HEADROOM = 12.0
"""The reference is never further below the level than this, in dB."""
QUIETEST = -50.0
LONG_SECONDS = 120.0
LONG_START = -20.0
BREATH_SECONDS = 0.8
LONG_FADE_SECONDS = 3.0


class Gain:
    """Level, gate, silence and the two references of one lane, hop by hop.

    After `take`, arrays of (n_hops,), valid until the next: `level`, `reference` dB (seconds-long
    horizon), `slow_level`, `long_reference` dB (minutes-long), `gate`, `silence` 0 or 1, `fade` and
    `long_fade` 1 while the gate is open, else gliding to exactly 0. `noise` dB is the learned floor.
    """

    def __init__(self, clock: Clock) -> None:
        self._weights = tuple(
            clock.coefficient(seconds)
            for seconds in (LEVEL_SECONDS, BREATH_SECONDS, NOISE_FALL_SECONDS, GAIN_RISE_SECONDS,
                            GAIN_FALL_SECONDS, LONG_SECONDS)
        )  # fmt: skip
        self._noise_rise = NOISE_RISE * clock.hop / clock.sample_rate
        self._hold = clock.ticks(HOLD_SECONDS)
        self._zeros_for_silence = clock.ticks(ZEROS_SECONDS)
        self._shut_for_silence = clock.ticks(SILENCE_SECONDS)
        self._fade_step = 1.0 / clock.ticks(FADE_SECONDS)
        self._long_fade_step = 1.0 / clock.ticks(LONG_FADE_SECONDS)
        self._rows: F64 = np.zeros((8, MAX_HOPS))
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
        self._reference: float | None = None
        self._long = LONG_START
        self._fade = 0.0
        self._long_fade = 0.0

    def _bind(self, n_hops: int) -> None:
        rows = self._rows[:, :n_hops]
        self.level, self.reference, self.slow_level, self.long_reference = rows[0], rows[1], rows[2], rows[3]
        self.gate, self.silence, self.fade, self.long_fade = rows[4], rows[5], rows[6], rows[7]

    def take(self, powers: list[float], peaks: list[float]) -> None:
        """Mean squares and largest samples of the hops of a block. [engine thread]"""
        fast, breath, fall_noise, rise, fall, long = self._weights
        rows: list[tuple[float, ...]] = []
        for power, peak in zip(powers, peaks, strict=True):
            self._power += fast * (power - self._power)
            if self._power < 1e-15:
                self._power = 0.0
            level = decibels(self._power)
            now = max(level, decibels(power))
            self._zeros = 0 if peak > 0.0 else self._zeros + 1
            if peak > 0.0:
                self._learn_noise(level, fall_noise)
            self._decide(now)
            if self._open and self._quiet == 0:
                if self._reference is None:
                    self._reference = level
                    self._slow_power = self._power
                weight = rise if level > self._reference else fall
                reference = self._reference + weight * (level - self._reference)
                self._reference = min(0.0, max(reference, level - HEADROOM, QUIETEST))
                self._slow_power += breath * (self._power - self._slow_power)
                self._long += long * (level - self._long)
            rows.append(
                (
                    level,
                    level if self._reference is None else self._reference,
                    decibels(self._slow_power),
                    self._long,
                    1.0 if self._open else 0.0,
                    1.0 if self._is_silent() else 0.0,
                    self._fade,
                    self._long_fade,
                )
            )
        self._bind(len(rows))
        self._rows[:, : len(rows)] = np.array(rows).T

    def _learn_noise(self, level: float, fall: float) -> None:
        noise = self.noise
        if level < noise:
            noise += fall * (level - noise)
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

    def _is_silent(self) -> bool:
        return self._zeros >= self._zeros_for_silence or self._shut >= self._shut_for_silence


def decibels(power: float) -> float:
    """dB of a mean square, on the decision grid; a full-scale sine (0.5) reads 0."""
    if power <= 0.5e-9:
        return FLOOR
    return math.floor(10.0 * math.log10(2.0 * power) * GRID + 0.5) / GRID


def on_grid(values: F64) -> F64:
    """Round observations in place to the decision grid, so that no CPU's last bit can flip a choice."""
    values *= GRID
    np.rint(values, out=values)
    values /= GRID
    return values
