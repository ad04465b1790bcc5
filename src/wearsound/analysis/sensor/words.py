"""Which features a sensor's lane has, by the values that come: nothing is said of what is not measured."""

from __future__ import annotations

from collections.abc import Collection

from wearsound.core import Spec
from wearsound.sensed import groups_of

_SPECS = {
    spec.name: spec
    for spec in (
        Spec("fresh", "", 0.0, 1.0, 0.001, "whether the sensor is heard; glides to 0 when it is gone"),
        Spec("energy", "", 0.0, 1.0, 0.001, "how much it moves, with half a second of memory"),
        Spec("stillness", "", 0.0, 1.0, 0.001, "how still it is; 1 also where nothing comes"),
        Spec("cadence", "1/min", 0.0, 180.0, 0.1, "steps a minute, 30 to 180; 0 where nothing repeats"),
        Spec("jerk", "", 0.0, 1.0, 0.001, "how abruptly it moves: strokes, stamps, shakes"),
        Spec("tilt", "°", -90.0, 90.0, 0.1, "how far its x axis dips (+) or rises (-)"),
        Spec("roll", "°", -90.0, 90.0, 0.1, "how far its y axis rises (+) or dips (-)"),
        Spec("turn", "", 0.0, 1.0, 0.001, "how fast it turns, as energy"),
        Spec("flex", "", 0.0, 1.0, 0.001, "how far it is bent or stretched, over its rest"),
        Spec("press", "", 0.0, 1.0, 0.001, "how hard it is pressed, over its rest, as hands feel it"),
        Spec("speed", "", 0.0, 1.0, 0.001, "how quickly it is bent or pressed"),
    )
}


def words(values: Collection[str]) -> tuple[Spec, ...]:
    """The features of a lane that has these values, () where they are no sensor's. [any thread]"""
    groups = groups_of(values)
    names = ["fresh"] if groups else []
    moves = [group for group in ("accel", "gyro") if group in groups]
    names += ["energy", "stillness", "cadence"] if moves else []
    names += ["jerk"] if "accel" in groups else []
    names += ["tilt", "roll"] if "accel" in groups or "gravity" in groups else []
    names += ["turn"] if "gyro" in groups else []
    names += ["flex"] if "stretch" in groups else []
    names += ["press"] if "pressure" in groups else []
    names += ["speed"] if "stretch" in groups or "pressure" in groups else []
    return tuple(_SPECS[name] for name in names)
