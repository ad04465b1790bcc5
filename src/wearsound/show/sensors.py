"""What is said about sensors: which lanes a garment's own give, what a rig brings, and when one falls silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from wearsound import faults
from wearsound.core import Health

if TYPE_CHECKING:
    from wearsound.garment.document import Garment
    from wearsound.show.rig import Rig

SILENCE = "WS-A20"
SILENT = 2.0
"""Seconds without a message after which a sensor is said to be gone: its features have come to rest by then."""
WAITED = 10.0
"""Seconds from the beginning after which it is said that one was never heard."""
_LOOKS = 0.5


def sewn_in(garment: Garment) -> str:
    """Which lanes a garment's sensors give, as one sentence; "" where it has none."""
    lanes: dict[str, list[str]] = {}
    for sensor in garment.sensors:
        lanes.setdefault(sensor.lane, []).append(f"{sensor.name} ({sensor.kind})")
    return "; ".join(f"lane {lane}: {', '.join(names)}" for lane, names in lanes.items())


def brought(garment: Garment, rig: Rig) -> Iterator[tuple[bool, str]]:
    """For each lane of a garment's sensors whether the rig brings it, and a sentence."""
    for lane in dict.fromkeys(sensor.lane for sensor in garment.sensors):
        own = [sensor for sensor in garment.sensors if sensor.lane == lane]
        names = ", ".join(sensor.name for sensor in own)
        if lane in rig.lanes or lane in rig.remote:
            yield True, f"{garment.title or garment.name} has {names}, and this rig brings the lane {lane}"
            continue
        audio = all(sensor.kind == "contact" for sensor in own)
        remedy = (
            f"write its channel under [lanes], such as {lane} = [1]"
            if audio
            else f'write [[sensor]] with lane = "{lane}" and its preset'
        )
        yield (
            False,
            f"{garment.title or garment.name} has {names}, and this rig brings no lane {lane}; {remedy}",
        )


class SensorWatch:
    """Says when a sensor of the rig is heard no more, when it is back, and when it was never heard.

    `heard` gives, by lane, when it was last heard (monotonic seconds). [engine thread]
    """

    def __init__(
        self,
        lanes: tuple[str, ...],
        heard: Callable[[], Mapping[str, float]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lanes = lanes
        self._heard = heard
        self._now = now
        self._began = self._looked = now()
        self._silent: set[str] = set()

    def around(self, health: Callable[[], Health]) -> Callable[[], Health]:
        """`health`, and a look at the sensors now and then."""

        def looked() -> Health:
            self.look()
            return health()

        return looked if self._lanes else health

    def look(self) -> None:
        """Say what has changed since the last look."""
        now = self._now()
        if now - self._looked < _LOOKS:
            return
        self._looked = now
        heard = self._heard()
        for lane in self._lanes:
            last = heard.get(lane)
            if last is None:
                if now - self._began > WAITED and lane not in self._silent:
                    self._silent.add(lane)
                    faults.begin(
                        SILENCE,
                        lane,
                        f"sensor {lane} is not heard: look whether it sends to this machine and this port, and whether "
                        "[door] in the rig lets its network in (`wearsound osc monitor` shows what comes)",
                    )
            elif now - last > SILENT and lane not in self._silent:
                self._silent.add(lane)
                faults.begin(SILENCE, lane, f"sensor {lane} is heard no more; what it plays has come to rest")
            elif now - last <= SILENT and lane in self._silent:
                self._silent.discard(lane)
                faults.end(SILENCE, lane, f"sensor {lane} is heard")
