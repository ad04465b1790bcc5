"""Rubbing: noise that lasts, brighter than feet, louder than the same cloth rustles while somebody walks."""

from __future__ import annotations

import math

import numpy as np

from wearsound.analysis.movement.judgement import Judgement
from wearsound.analysis.movement.lately import Lately
from wearsound.analysis.movement.moment import (
    AIR,
    AIR_FLOOR,
    HIGH,
    HIGH_CEILING,
    HIGH_FLOOR,
    HIGH_SLICE,
    LOW,
    LOW_FLOOR,
    MID,
    MID_FLOOR,
    MID_SLICE,
    SLOW,
)
from wearsound.core import F64, Clock

EVERY = 4
"""It is judged on every fourth hop."""
WALK_SECONDS = 1.1
"""Somebody walks until so long after the last step."""
RUSTLE_SECONDS = 0.04
RUSTLE_START_SECONDS = 2.0
"""Of walking, in which the rustle that goes with it is found; from then on it is followed slowly."""
RUSTLE_START, RUSTLE_LATER = (30.0, 3.0), (2.5, 0.7)
"""dB a second that the rustle's reading rises and falls."""
SURE_SECONDS, UNSURE_SECONDS = 0.015, 0.03
ON, OFF = 0.8, 0.3
"""Log odds, smoothed, from which it rubs, and below which no more."""
MOST_ODDS = 4.0
GLIDE_SECONDS = 0.06
STRENGTH_SECONDS = 0.03
LONG = 36
"""Times EVERY hops, 0.77 s: a slow walker's step, so that what lies under the steps is seen between them."""
BANDS = (LOW, MID, HIGH, AIR)
"""Those that are remembered for LONG."""
SLOW_SECONDS = 2.5
STRIDES = 112
"""Times EVERY hops, 2.4 s: two steps of the slowest walker. What rustles now rustled then, too; a hand does not."""
NUMBERS = 60
LATELY = (0.25, 4.0)
"""Seconds over which each number is kept in mind besides: a stroke, and how somebody walks in this coat."""


def lately(clock: Clock) -> Lately:
    """What was heard lately, of all NUMBERS."""
    return Lately(NUMBERS, [clock.coefficient(seconds / EVERY) for seconds in LATELY])


class Friction:
    """After `hear`, `rub`: 0 for none, 0.5 and more while somebody rubs, 1 for as hard as they do."""

    def __init__(self, clock: Clock, rustle_mid: float | None, rustle_high: float | None) -> None:
        self._judge = Judgement("rub")
        hop = clock.hop / clock.sample_rate
        self._walk_hops = clock.ticks(WALK_SECONDS)
        self._start_hops = clock.ticks(RUSTLE_START_SECONDS)
        self._rustle = clock.coefficient(RUSTLE_SECONDS)
        self._rises = tuple((up * hop, down * hop) for up, down in (RUSTLE_START, RUSTLE_LATER))
        self._sure, self._unsure = clock.coefficient(SURE_SECONDS), clock.coefficient(UNSURE_SECONDS)
        self._glide, self._strengthen = clock.coefficient(GLIDE_SECONDS), clock.coefficient(STRENGTH_SECONDS)
        self._slowly = clock.coefficient(SLOW_SECONDS) * EVERY
        self._past: F64 = np.zeros((STRIDES, len(BANDS)))
        self._lately = lately(clock)
        self._learned = rustle_mid, rustle_high
        self.reset()

    def reset(self) -> None:
        """Nothing heard."""
        self._since = self._before = 1 << 20
        self._walked = 0 if self._learned[1] is None else self._start_hops
        self._levels: list[float] = []
        self._rustles: list[float] = []
        self.deafen()
        self.rub = self._strength = 0.0

    def deafen(self) -> None:
        """What was heard last does not go on."""
        self._odds = self._heard = -MOST_ODDS
        self._usual: list[float] = []
        self._lately.reset()
        self.rubs = False

    def hear(self, past: F64, whole: bool, stepped: bool, due: bool) -> None:
        """One hop; `due` where it is judged anew. As `Strikes.hear`."""
        now = past[-1].tolist()
        self._follow(now, stepped)
        if not whole:
            return
        if due:
            heard = self._judge.of(self._lately.beside(self.numbers(past)))[0]
            self._heard = max(-MOST_ODDS, min(MOST_ODDS, heard))
        away = self._heard - self._odds
        self._odds += (self._sure if away > 0.0 else self._unsure) * away
        self.rubs = self._odds > (OFF if self.rubs else ON)
        if self.rubs:
            low, high = now[HIGH_FLOOR] + 6.0, now[HIGH_CEILING]
            strong = max(0.0, min(1.0, (now[HIGH] - low) / max(10.0, high - low)))
            self._strength += self._strengthen * (strong - self._strength)
            self.rub = 0.5 + 0.5 * self._strength
        else:
            self._strength = 0.0
            self.rub = min(self.rub, 0.49) * (1.0 - self._glide)
            if self.rub < 1e-3:
                self.rub = 0.0

    def _follow(self, now: list[float], stepped: bool) -> None:
        """The rustle of walking, in the middle and the high band."""
        if not self._levels:
            self._levels = [now[MID], now[HIGH]]
            mid, high = self._learned
            self._rustles = [
                now[MID_FLOOR] + 6.0 if mid is None else mid,
                now[HIGH_FLOOR] + 6.0 if high is None else high,
            ]
        if stepped:
            self._before, self._since = self._since, 0
        else:
            self._since += 1
        walks = self._since < self._walk_hops
        if walks:
            self._walked += 1
        up, down = self._rises[self._walked >= self._start_hops]
        for i, band in enumerate((MID, HIGH)):
            level = self._levels[i] = self._levels[i] + self._rustle * (now[band] - self._levels[i])
            if walks:
                known = self._rustles[i]
                self._rustles[i] = min(level, known + up) if level > known else max(level, known - down)

    def numbers(self, past: F64) -> F64:
        """What is judged (NUMBERS,), dB: how the high band lies over its floor, the others, the rustle.

        Moves the memory on: once for each hop that is due.
        """
        now = past[-1].tolist()
        mean = (np.add.reduce(past[-8:], axis=0) / 8.0).tolist()
        high = past[:, HIGH]
        last = high[-40:].tolist()
        least4, least8, least16 = min(last[-4:]), min(last[-8:]), min(last[-16:])
        middle = sum(last[-16:]) / 16.0
        wander = math.sqrt(sum((level - middle) * (level - middle) for level in last[-16:]) / 16.0)
        most_low = max(past[-24:, LOW].tolist())
        floor, walks = now[HIGH_FLOOR], self._since < self._walk_hops
        steadily = walks and self._before < self._walk_hops
        mid_over, high_over = (
            level - rustle for level, rustle in zip(self._levels, self._rustles, strict=True)
        )
        found: F64 = np.array(
            (
                mean[HIGH] - floor,
                mean[MID] - now[MID_FLOOR],
                mean[HIGH] - mean[MID],
                mean[HIGH] - mean[LOW],
                mean[HIGH] - mean[SLOW],
                mean[HIGH_SLICE] - mean[HIGH],
                least4 - floor,
                least8 - floor,
                least16 - floor,
                wander,
                mean[LOW] - now[LOW_FLOOR],
                mean[MID_SLICE] - mean[MID],
                sum(last) / 40.0 - floor,
                mean[HIGH] - now[HIGH_CEILING],
                most_low - mean[LOW],
                mean[MID] - most_low,
                10.0 * walks,
                10.0 * steadily,
                high_over if walks else 0.0,
                mid_over if walks else 0.0,
                0.0 if walks else self._levels[1] - floor,
                10.0 * (walks and self._walked < self._start_hops),
                *self._long_ago(past, now, mean),
            )
        )
        np.maximum(found, -40.0, out=found)
        np.minimum(found, 60.0, out=found)
        return found

    def _long_ago(self, past: F64, now: list[float], mean: list[float]) -> list[float]:
        """What was heard within LONG: how loud each band nearly always was, mostly was, and at its loudest."""
        kept, mean4 = self._past, np.add.reduce(past[-EVERY:], axis=0) / EVERY
        newest = [float(mean4[band]) for band in BANDS]
        if not self._usual:
            kept[:] = newest
            self._usual = list(newest)
        kept[:-1] = kept[1:]
        kept[-1] = newest
        low, mid, high, air = kept[-LONG:].T.tolist()
        usual = self._usual
        for i, level in enumerate(newest):
            usual[i] += self._slowly * (level - usual[i])
        half = LONG // 2
        out = [mean[AIR] - mean[HIGH], mean[AIR] - now[AIR_FLOOR]]
        for levels, short, floor in (
            (mid, sorted(mid[half:]), now[MID_FLOOR]),
            (high, sorted(high[half:]), now[HIGH_FLOOR]),
            (air, sorted(air[half:]), now[AIR_FLOOR]),
        ):
            long = sorted(levels)
            out += [long[at] - floor for at in (3, 10, 18, 26)]
            out += [short[1] - floor, short[5] - floor, short[9] - floor]
            out.append(levels[-1] - long[18])
        ordered = sorted(low)
        out += [ordered[4] - now[LOW_FLOOR], ordered[18] - now[LOW_FLOOR], ordered[34] - ordered[18]]
        out += [mean[band] - usual[i] for i, band in enumerate(BANDS)]
        passed = 10.0 * min(self._since, self._walk_hops) / self._walk_hops
        share = 10.0 * min(1.5, self._since / self._before) if self._before < self._walk_hops else 0.0
        out.append(passed if share == 0.0 else share)
        out += self._strides_ago()
        return out

    def _strides_ago(self) -> list[float]:
        """How much louder the middle and the high band are than a step ago, and than two steps ago."""
        if self._since >= self._walk_hops or self._before >= self._walk_hops:
            return [0.0, 0.0, 0.0, 0.0]
        period, out = (2 * self._before + EVERY) // (2 * EVERY), []
        for back in (period, 2 * period):
            end = max(3, STRIDES - back + 2)
            then = np.maximum.reduce(self._past[max(0, end - 4) : end], axis=0).tolist()
            now = self._past[-1]
            out += [float(now[1]) - then[1], float(now[2]) - then[2]]
        return out
