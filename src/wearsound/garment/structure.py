"""What a garment file may say: every table, its keys, their limits and defaults.

Lengths are centimetres, x to the viewer's right and y down from the pit of the neck. What each key takes is said
in `words`, what types cannot say is checked in `faults`. `docs/garment.md` describes the format for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from wearsound.garment.layers import OKLCH, Layer, Name, Point, Share
from wearsound.toml_file.bounds import Line

MAX_ZONES = 28
MAX_FILAMENTS = 64
"""With their mirror images."""
MAX_PIXELS = 32_768

Seconds = Annotated[float, msgspec.Meta(ge=0.5, le=600)]
Fabric = Literal["plain", "electrochromic", "thermochromic", "screen"]
Lamp = Literal["filament", "led"]
Motor = Literal["erm", "lra", "voice-coil", "piezo", "phone"]
Feeler = Literal["contact", "motion", "stretch", "pressure", "touch"]
View = Literal["front", "back"]


class Zone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One part of the garment that a patch can name.

    `fabric` is how its cloth answers and `lamp` how its light does (`garment.materials`); a `screen`'s pixels take
    the sketch's picture. `light` is the OKLCH colour of its light, `cloth` and `dye` are those of its fabric at
    rest and fully dyed, `area` its size in dm2; left out (0) it is as large as it is drawn (`shape.areas`). `times`
    are the seconds that its fabric takes to 63 % of a change, there and back (thermochromic: of warmth); None is the
    fabric's own.
    """

    name: Name
    light: OKLCH
    roles: Annotated[tuple[Name, ...], msgspec.Meta(max_length=8)] = ()
    fabric: Fabric = "plain"
    lamp: Lamp = "filament"
    area: Annotated[float, msgspec.Meta(ge=0.01, le=1000)] = 0.0
    cloth: OKLCH = (0.40, 0.062, 262.0)
    dye: OKLCH = (0.56, 0.13, 42.0)
    times: tuple[Seconds, Seconds] | None = None


class Strand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One data line: the filaments it runs through, in the order of the wire; "-name" runs from its end.

    `ma` is what one channel of one pixel draws at full, `idle_ma` what a dark pixel draws.
    """

    name: Name
    filaments: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=r"^-?[a-z][a-z0-9_]{0,79}$(?!\n)")], ...],
        msgspec.Meta(min_length=1, max_length=128),
    ]
    ma: Annotated[float, msgspec.Meta(ge=0, le=1000)] = 12.0
    idle_ma: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0.8


class Actuator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is felt: a motor or exciter in a zone, and where it sits on the first figure that shows the zone.

    `view` is the side it is worn on, where front and back show the zone; None is the first figure's.

    `hz` is where it resonates or, of an erm, how fast it spins at full; `rise` the seconds it takes at rated drive, not
    overdriven, from rest to 90 % of full; `g` how hard it shakes at full (peak, 1 g = 9.81 m/s2); `ma` what it draws
    then. 0 is its kind's own (`garment.motor_kinds`).
    `least` is the weakest drive that its wearer feels (`wearsound calibrate vibration`): what is weaker is lifted.
    """

    name: Name
    zone: Name
    kind: Motor = "lra"
    at: Point | None = None
    view: View | None = None
    hz: Annotated[float, msgspec.Meta(ge=0, le=500)] = 0.0
    rise: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    g: Annotated[float, msgspec.Meta(ge=0, le=20)] = 0.0
    ma: Annotated[float, msgspec.Meta(ge=0, le=5000)] = 0.0
    least: Annotated[float, msgspec.Meta(ge=0, le=0.9)] = 0.0


class Sensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What feels: a microphone or sensor in a zone, and the lane it is heard as."""

    name: Name
    zone: Name
    kind: Feeler = "contact"
    lane: Name = "body"
    at: Point | None = None


class Battery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What feeds it. `most_ma` is what battery, wires and driver bear; `idle_ma` what its controller draws."""

    mah: Annotated[float, msgspec.Meta(ge=1, le=1_000_000)] = 5000.0
    volts: Annotated[float, msgspec.Meta(ge=1, le=60)] = 5.0
    most_ma: Annotated[float, msgspec.Meta(ge=1, le=1_000_000)] = 2000.0
    idle_ma: Annotated[float, msgspec.Meta(ge=0, le=10_000)] = 120.0


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One view of the garment, placed on a stage of 1280 by 720.

    `scale` is pixels a centimetre, `at` where the pit of the neck is, `floor` the height of the floor
    below it and `key` how much of the key light it gets.
    """

    name: Name
    at: tuple[
        Annotated[float, msgspec.Meta(ge=0, le=1280)],
        Annotated[float, msgspec.Meta(ge=0, le=720)],
    ]
    layer: Annotated[tuple[Layer, ...], msgspec.Meta(min_length=1, max_length=40)] = ()
    scale: Annotated[float, msgspec.Meta(ge=1, le=30)] = 7.3
    floor: Annotated[float, msgspec.Meta(ge=0, le=720)] = 664.0
    key: Share = 0.9
    view: View = "front"


class GarmentFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file as written; `ambient` is how warm the place is where it is worn, degrees C."""

    title: Line
    zone: Annotated[tuple[Zone, ...], msgspec.Meta(min_length=1, max_length=MAX_ZONES)] = ()
    figure: Annotated[tuple[Figure, ...], msgspec.Meta(min_length=1, max_length=3)] = ()
    about: Line = ""
    strand: Annotated[tuple[Strand, ...], msgspec.Meta(max_length=64)] = ()
    actuator: Annotated[tuple[Actuator, ...], msgspec.Meta(max_length=64)] = ()
    sensor: Annotated[tuple[Sensor, ...], msgspec.Meta(max_length=32)] = ()
    battery: Battery = Battery()
    ambient: Annotated[float, msgspec.Meta(ge=-20, le=35)] = 22.0


def shown_on(figures: Sequence[Figure], zone: str, view: View | None = None) -> int | None:
    """Which figure is the first that shows a zone, of those of a `view` if one does; None for nowhere.

    `at` of what is sewn into the zone is meant on it.
    """
    showing = [i for i, figure in enumerate(figures) if _shows(figure, zone)]
    asked = [i for i in showing if view is None or figures[i].view == view]
    return next(iter(asked or showing), None)


def _shows(figure: Figure, zone: str) -> bool:
    for layer in figure.layer:
        own = (layer.zone,) if isinstance(layer.zone, str) else layer.zone
        if zone in own or any(inset.zone == zone for inset in layer.insets):
            return True
    return False
