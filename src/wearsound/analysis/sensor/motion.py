"""What a sensor says of movement: how much, how jerky, how still, which way up, how regular, how bent, how pressed.

For lanes of numbers from outside that hold one of the groups of `wearsound.sensed`. It hears the samples themselves,
so that each counts, at the time at which it was measured (`retimed`); each number is then a function of hops. Where
nothing comes any more everything glides to its rest (`fresh`). No angle is added up from rotation, so a gyroscope may
drift.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from wearsound.analysis.sensor.bent import Bent
from wearsound.analysis.sensor.cadence import Cadence
from wearsound.analysis.sensor.fresh import Fresh
from wearsound.analysis.sensor.one_euro import OneEuro
from wearsound.analysis.sensor.retimed import Retimed
from wearsound.analysis.sensor.words import words
from wearsound.core import F64, Block, Clock, Event
from wearsound.sensed import GROUPS, OF_COLUMN, SENSE, G, groups_of

MOVE = "/wear/move"

GRAVITY_HZ = 0.3
"""What is slower is which way up it is, what is quicker is movement."""
STILL = 0.05 * G
"""m/s2: less is noise, and a heart."""
STILL_TURN = 0.1
"""rad/s: less is noise and drift (6 degrees a second)."""
EFFORT_SECONDS = 0.5
"""How quickly effort leaks away."""
EFFORT_HALF = 3.0
"""m/s2 of effort that count as half: between a walk (about 2) and a run (8 and more); a guess, tried on synthetic
walks only."""
LEAST_EFFORT = 0.3
"""Effort below which whatever repeated has ended: the memory of cadence is longer."""
TURN_SECONDS, TURN_HALF = 0.2, 2.0
"""Seconds, and rad/s that count as half: a third of a turn a second."""
JERK_LEAST, JERK_HALF, JERK_SECONDS = 4.0, 40.0, 0.15
"""m/s3 that are noise, that count as half, and how quickly it leaks away."""
CALM_SECONDS, STIR_SECONDS = 1.5, 0.1
"""How slowly stillness comes, and how quickly it goes."""
BIAS_SECONDS, BIAS_MOST = 5.0, 0.4
"""What a gyroscope says while nothing moves is learned as its zero in so many seconds, up to so many rad/s."""
CADENCE_SECONDS = 0.3
LEAST_UP = 0.3 * G
"""m/s2: with less there is no gravity in what comes, and nobody knows which way up it is."""

LATEST = 1e10
"""Seconds: a stamp that is beyond is none. The time of day is counted from 1900, 4e9 by now."""

TILT = (0.8, 0.02)
DYNAMIC = (2.0, 0.1)
"""Least Hz and Hz per unit a second of the one-euro filters."""


class Motion:
    """The features of one lane, those for which it has the numbers; a meter of `analysis.ear.SENSED`.

    A sample whose numbers are not finite, or too few, is left out; what is beyond a group's range is cut off.
    Costs a few dozen microseconds a hop.
    """

    latency = 0.0

    words = staticmethod(words)

    def __init__(self, lane: str, values: Sequence[str]) -> None:
        self.specs = self.words(values)
        self.groups = groups_of(values)
        self._lane = f"{MOVE}/{lane}"
        self._values = tuple(values)
        self._samples = {f"{SENSE}/{lane}/{group}": group for group in self.groups}
        self._singles = {f"{MOVE}/{lane}/{value}": value for value in values}
        self._names = [spec.name for spec in self.specs]

    def prepare(self, clock: Clock) -> None:
        """Find memory and tables. [main thread]"""
        self._clock = clock
        self._hop = clock.hop / clock.sample_rate
        self._roads = {group: Retimed() for group in self.groups}
        self._fresh = {group: Fresh(clock) for group in self.groups}
        self._up_filters = tuple(OneEuro(*TILT) for _ in range(3))
        self._soft_filters = tuple(OneEuro(*DYNAMIC) for _ in range(3))
        self._cadence = Cadence(clock)
        self._bent = {group: Bent(clock, group == "pressure") for group in ("stretch", "pressure")}
        seconds = {
            "gravity": 1.0 / (2.0 * math.pi * GRAVITY_HZ),
            "effort": EFFORT_SECONDS,
            "turn": TURN_SECONDS,
            "jerk": JERK_SECONDS,
            "calm": CALM_SECONDS,
            "stir": STIR_SECONDS,
            "bias": BIAS_SECONDS,
            "cadence": CADENCE_SECONDS,
        }
        self._weights = {name: clock.coefficient(each) for name, each in seconds.items()}
        self.reset()

    def reset(self) -> None:
        """State to its start. [engine thread]"""
        for group in self.groups:
            self._roads[group].reset()
            self._fresh[group].reset()
        for each in (*self._up_filters, *self._soft_filters):
            each.reset()
        self._cadence.reset()
        for bent in self._bent.values():
            bent.reset()
        self._held = {column: 0.0 for group in self.groups for column in GROUPS[group].columns}
        self._slow: list[float] | None = None
        self._soft = (0.0, 0.0, 0.0)
        self._bias = [0.0, 0.0, 0.0]
        self._effort = self._turn = self._jerk = self._steps = 0.0
        self._calm = 1.0
        self._out: dict[str, float] = {}

    def process(self, block: Block, spectra: Any, out: F64) -> None:
        """Write (n_hops, n_specs) values. [engine thread]"""
        if block.events:
            self._take(block.events, self._clock.seconds(block.tick))
        for hop in range(block.n_hops):
            self._step(self._clock.seconds(block.tick + hop))
            said = self._out
            out[hop] = [said[name] for name in self._names]

    def _take(self, events: Sequence[Event], now: float) -> None:
        """Every whole sample by itself; numbers that come one by one are a sample together, once a block."""
        touched: dict[str, None] = {}
        for event in events:
            address = event.address
            group = self._samples.get(address)
            if group is not None:
                self._sample(group, event.args, now)
            elif address in self._singles:
                self._hold(self._singles[address], event.args, touched)
            elif address == self._lane:
                for value, arg in zip(self._values, event.args, strict=False):
                    self._hold(value, (arg,), touched)
        for group in touched:
            self._roads[group].put(now, [self._held[column] for column in GROUPS[group].columns])

    def _sample(self, group: str, args: Sequence[Any], now: float) -> None:
        meant = GROUPS[group]
        n = len(meant.columns)
        if len(args) < n or not all(map(_is_number, args[: n + 1])):
            return
        values = [min(meant.high, max(meant.low, float(arg))) for arg in args[:n]]
        for column, value in zip(meant.columns, values, strict=True):
            self._held[column] = value
        stamp = float(args[n]) if len(args) > n and abs(args[n]) < LATEST else None
        self._roads[group].put(now, values, stamp)

    def _hold(self, value: str, args: Sequence[Any], touched: dict[str, None]) -> None:
        group = OF_COLUMN.get(value)
        if group is not None and value in self._held and args and _is_number(args[0]):
            meant = GROUPS[group]
            self._held[value] = min(meant.high, max(meant.low, float(args[0])))
            touched[group] = None

    def _step(self, now: float) -> None:
        """One hop passes."""
        read: dict[str, tuple[float, ...] | None] = {}
        share = {"accel": 0.0, "gravity": 0.0, "gyro": 0.0, "stretch": 0.0, "pressure": 0.0}
        for group, road in self._roads.items():
            read[group] = road.at(now)
            before = self._fresh[group].share
            share[group] = self._fresh[group].step(None if road.arrived is None else now - road.arrived)
            if before == 0.0 and share[group] > 0.0:
                self._begin(group)
        out = self._out
        out["fresh"] = max(share.values())
        accel, gyro = read.get("accel"), read.get("gyro")
        over = 0.0
        if accel is not None:
            turned = None
            if gyro is not None and share["gyro"] == 1.0 and "gravity" not in self.groups:
                turned = [value - zero for value, zero in zip(gyro, self._bias, strict=True)]
            over = self._move(accel, share["accel"], turned)
        up, sure = self._slow, share["accel"]
        if read.get("gravity") is not None and share["gravity"] >= sure:
            up, sure = list(read["gravity"] or ()), share["gravity"]
        self._lean(up, sure)
        rate = self._rotate(gyro, over, share["gyro"]) if gyro is not None else 0.0
        alone = "accel" not in self.groups
        over, sure = (rate, share["gyro"]) if alone else (over, share["accel"])
        self._rest(over, sure)
        speed = 0.0
        for group, name in (("stretch", "flex"), ("pressure", "press")):
            value = read.get(group)
            if value is not None:
                bent = self._bent[group]
                bent.hear(value[0])
                out[name] = bent.value * share[group]
                speed = max(speed, bent.speed * share[group])
            else:
                out[name] = 0.0
        out["speed"] = speed

    def _begin(self, group: str) -> None:
        """A sensor that is new, or back after it was gone, is not compared with what it said then."""
        if group == "accel":
            self._slow = None
            for each in self._soft_filters:
                each.reset()
            self._soft = (0.0, 0.0, 0.0)
        if group in ("accel", "gravity"):
            for each in self._up_filters:
                each.reset()
        if group == ("accel" if "accel" in self.groups else "gyro"):
            self._effort = self._jerk = self._steps = 0.0
            self._cadence.reset()
        if group == "gyro":
            self._turn = 0.0
        if group in self._bent:
            self._bent[group].reset()

    def _move(self, accel: tuple[float, ...], share: float, turned: Sequence[float] | None) -> float:
        """How far acceleration is over stillness, m/s2; gravity is what is slow in it.

        Where it is known how it is `turned` (rad/s), gravity is turned along the other way, or every leaning would
        count as effort (a complementary filter; R. Mahony et al. 2008 for its theory).
        """
        if self._slow is None:
            self._slow = list(accel)
        slow, weight = self._slow, self._weights["gravity"]
        if turned is not None:
            (x, y, z), (p, q, r) = slow, turned
            slow[0] += self._hop * (y * r - z * q)
            slow[1] += self._hop * (z * p - x * r)
            slow[2] += self._hop * (x * q - y * p)
        for axis in range(3):
            slow[axis] += weight * (accel[axis] - slow[axis])
        before = self._soft
        soft = tuple(
            each.smooth(a - s, self._hop) * share
            for each, a, s in zip(self._soft_filters, accel, slow, strict=True)
        )
        self._soft = (soft[0], soft[1], soft[2])
        change = _length([a - b for a, b in zip(soft, before, strict=True)]) / self._hop
        jerk = max(0.0, change - JERK_LEAST)
        self._jerk += self._weights["jerk"] * (jerk - self._jerk) if jerk < self._jerk else jerk - self._jerk
        self._out["jerk"] = self._jerk / (self._jerk + JERK_HALF) * share
        self._cadence.hear(soft)
        return max(0.0, _length(soft) - STILL)

    def _lean(self, up: Sequence[float] | None, share: float) -> None:
        """Angles of gravity against two axes; they never wrap round, and fade where there is no gravity."""
        tilt = roll = 0.0
        if up is not None and share:
            x, y, z = (
                each.smooth(value, self._hop) for each, value in zip(self._up_filters, up, strict=True)
            )
            known = min(1.0, _length((x, y, z)) / LEAST_UP)
            if known > 0.0:
                tilt = math.degrees(math.atan2(-x, math.sqrt(y * y + z * z))) * share * known * known
                roll = math.degrees(math.atan2(y, math.sqrt(x * x + z * z))) * share * known * known
        self._out["tilt"], self._out["roll"] = tilt, roll

    def _rotate(self, gyro: tuple[float, ...], over: float, share: float) -> float:
        """How fast it turns over its learned zero and what counts as still, rad/s."""
        bias = self._bias
        turned = [value - zero for value, zero in zip(gyro, bias, strict=True)]
        if over == 0.0 and share == 1.0 and _length(turned) < BIAS_MOST:
            weight = self._weights["bias"]
            for axis in range(3):
                bias[axis] += weight * turned[axis]
        rate = max(0.0, _length(turned) - STILL_TURN) * share
        self._turn += self._weights["turn"] * (rate * rate - self._turn)
        self._out["turn"] = self._turn / (self._turn + TURN_HALF * TURN_HALF) * share
        if "accel" not in self.groups:
            self._cadence.hear([value * share for value in turned])
        return rate

    def _rest(self, over: float, share: float) -> None:
        """What leaks: effort, stillness, steps."""
        weights, out = self._weights, self._out
        self._effort += weights["effort"] * (over * share - self._effort)
        out["energy"] = self._effort / (self._effort + EFFORT_HALF) * share
        calm = 1.0 - over / (over + 0.5)
        self._calm += weights["calm" if calm > self._calm else "stir"] * (calm - self._calm)
        out["stillness"] = 1.0 - share * (1.0 - self._calm)
        steps = self._cadence.steps if self._effort > LEAST_EFFORT else 0.0
        self._steps += weights["cadence"] * (steps - self._steps)
        out["cadence"] = min(180.0, self._steps) * share
        out.setdefault("jerk", 0.0)
        out.setdefault("turn", 0.0)


def _is_number(arg: object) -> bool:
    return isinstance(arg, int | float) and math.isfinite(arg)


def _length(vector: Sequence[float]) -> float:
    x, y, z = vector
    return math.sqrt(x * x + y * y + z * z)
