"""What a phone or a sensor board sends, brought to the show's own units and names: one message, one sample or more.

Samples are events of their own (`wearsound.sensed.SENSE`) and no values: a burst of them must not become its last one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from wearsound.core import Event
from wearsound.osc.packet import Arg
from wearsound.osc.tree import BadValue
from wearsound.osc.value import number
from wearsound.sensed import GROUPS, SENSE, G, Reading, Sensor

LETS_GO = 2.0
"""Seconds of silence after which another sender may take a sensor's place."""
MOST_TOLD = 8
"""Senders that are named because they have no place; further ones are left out silently."""
SURE = 40
"""Messages in a row after which a unit is believed to be wrong: a second or two."""
_ALIKE = (0.85, 1.15)
"""Gravity's share of itself within which it is recognised: phones are calibrated to a few per cent."""
_TOO_FAST = 36.0
"""rad/s: more than the 2000 degrees a second of any sensor in a phone, so they were degrees."""


class Samples:
    """The sensors of a rig, as messages see them; `tell` gets sentences that are said once. [one thread]

    Looking up an address costs a dictionary's look-up for each shape of address that the rig's sensors have.
    """

    def __init__(self, sensors: Iterable[Sensor], tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[str] = set()
        self._places: dict[str, list[tuple[_Place, Reading]]] = {}
        self._stars: dict[tuple[int, int], dict[str, list[tuple[_Place, Reading]]]] = {}
        self.heard: dict[str, float] = {}
        """When each lane was last heard, monotonic seconds. [any thread]"""
        for sensor in sensors:
            place = _Place(sensor)
            for reading in sensor.readings:
                parts = reading.source.split("/")
                table = self._places
                if "*" in parts:
                    table = self._stars.setdefault((len(parts), parts.index("*")), {})
                table.setdefault(reading.source, []).append((place, reading))

    def means(self, address: str) -> bool:
        """Whether a message with this address is a sensor's. [door's thread]"""
        return bool(self._find(address)[0])

    def of(
        self, address: str, args: Sequence[Arg], by: str, now: float, stamp: float | None
    ) -> list[Event] | None:
        """The samples in a message, none where another sender has the place; None where no sensor is meant.

        `now` in monotonic seconds, `stamp` in seconds of the sender's clock. BadValue where numbers are missing.
        """
        found, star = self._find(address)
        if not found or (address.startswith("/wear/") and (not args or args[0] == "?")):
            return None
        host = by.partition(" ")[2].rpartition(":")[0]
        events: list[Event] = []
        troubles: list[str] = []
        for place, reading in found:
            if not self._may(place, star, host, now):
                continue
            try:
                values = self._values(place, reading, address, args)
            except BadValue as bad:
                troubles.append(str(bad))
                continue
            at = self._stamp(reading, args, stamp)
            end = () if at is None or reading.to not in GROUPS else (at,)
            home = SENSE if reading.to in GROUPS else "/wear/move"
            events.append(Event(0, f"{home}/{place.sensor.lane}/{reading.to}", (*values, *end), by))
            self.heard[place.sensor.lane] = now
        if troubles and not events:
            raise BadValue(troubles[0])
        return events

    def _find(self, address: str) -> tuple[list[tuple[_Place, Reading]], str]:
        """Who is meant by an address, and what stands for `*` in it."""
        if not self._places and not self._stars:
            return [], ""
        found = list(self._places.get(address, ()))
        star = ""
        if self._stars and not address.startswith("/wear/"):
            parts = address.split("/")
            for (length, at), table in self._stars.items():
                if len(parts) == length:
                    meant = table.get("/".join((*parts[:at], "*", *parts[at + 1 :])))
                    if meant:
                        found += meant
                        star = parts[at]
        return found, star

    def _may(self, place: _Place, star: str, host: str, now: float) -> bool:
        """Whether this sender is the one: who was named, or who speaks while nobody else does."""
        only = place.sensor.only
        if only:
            return only in (star, host)
        its_star, its_host = place.speaker
        same = host == its_host and (star == its_star or not star or not its_star)
        if same or now - place.spoke > LETS_GO:
            place.speaker = (star or its_star if same else star, host)
            place.spoke = now
            return True
        who = star or host
        lane = place.sensor.lane
        if len(self._told) < MOST_TOLD:
            self._say(
                f"sensor {lane}: {who} sends too, while {place.speaker[0] or place.speaker[1]} plays it; give each "
                f'a [[sensor]] of its own in the rig, with id = "{who}"'
            )
        return False

    def _values(
        self, place: _Place, reading: Reading, address: str, args: Sequence[Arg]
    ) -> tuple[float, ...]:
        flat = [each for arg in args for each in (arg if isinstance(arg, tuple) else (arg,))]
        if len(flat) <= max(reading.args):
            need = max(reading.args) + 1
            raise BadValue(
                f"{address} has {len(flat)} arguments, and {place.sensor.preset or 'its preset'} reads {need}"
            )
        values = []
        for at in reading.args:
            x = number(flat[at])
            if x is None or not math.isfinite(x):
                raise BadValue(
                    f"argument {at} of {address} is no number, which sensor {place.sensor.lane} needs"
                )
            values.append((x - reading.zero) * reading.factor)
        place.weigh(reading, values, address, self._say)
        group = GROUPS[reading.group]
        return tuple(min(group.high, max(group.low, value)) for value in values)

    @staticmethod
    def _stamp(reading: Reading, args: Sequence[Arg], stamp: float | None) -> float | None:
        """When it was measured, in seconds of the sender's clock, rounded to a microsecond."""
        if reading.stamp is not None and len(args) > reading.stamp:
            x = number(args[reading.stamp])
            if x is not None and math.isfinite(x):
                return round(x * reading.tick, 6)
        return None if stamp is None else round(stamp, 6)

    def _say(self, sentence: str) -> None:
        if sentence not in self._told:
            self._told.add(sentence)
            self._tell(f"OSC in: {sentence}")


class _Place:
    """One sensor, who plays it, and whether its units can be true."""

    def __init__(self, sensor: Sensor) -> None:
        self.sensor = sensor
        self.speaker = ("", "")
        self.spoke = -math.inf
        self._odd: dict[tuple[str, str], int] = {}
        self._said: set[str] = set()

    def weigh(
        self, reading: Reading, values: Sequence[float], address: str, say: Callable[[str], None]
    ) -> None:
        """Say once what is surely in another unit than the preset says."""
        if len(values) != 3 or reading.to in self._said:
            return
        size = math.sqrt(sum(value * value for value in values))
        really = ""
        if reading.group in ("accel", "gravity"):
            if _ALIKE[0] < size / (G * G) < _ALIKE[1] and reading.unit == "g":
                really = "m/s2"
            elif 0.95 < size < 1.05 and reading.unit == "m/s2":
                really = "g"
        elif reading.group == "gyro" and size > _TOO_FAST and reading.unit == "rad/s":
            really = "deg/s"
        what = (address, reading.to)
        needed = 3 if reading.group == "gyro" else SURE
        self._odd[what] = odd = self._odd.get(what, 0) + 1 if really else 0
        if len(self._odd) > 64:  # a sender whose addresses never repeat
            self._odd.clear()
        if odd >= needed:
            self._said.add(reading.to)
            say(
                f"sensor {self.sensor.lane}: {address} comes in {really}, and the preset {self.sensor.preset} says "
                f'{reading.unit}; write unit = "{really}" there, in a copy beside your rig'
            )
