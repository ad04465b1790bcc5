"""What is wrong with a garment file, in the words of a person who has to mend it; the JSON Schema says the same."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from wearsound.garment.hexadecimal import KEYS
from wearsound.garment.layers import Band, Fan, Filament, Fold, Hang, Inset, Layer, Seam, Side, Weave
from wearsound.garment.structure import (
    Actuator,
    Battery,
    Fabric,
    Feeler,
    Figure,
    GarmentFile,
    Lamp,
    Motor,
    Sensor,
    Strand,
    View,
    Zone,
)
from wearsound.toml_file.words import Words

__all__ = ["WORDS", "schema"]

_LINE = "one line of text, at most 200 characters"
_NAME = 'a lower-case word: letters from a to z, digits and _, such as "sleeve_l"'
_COLOUR = 'an OKLCH colour: lightness 0 to 1, chroma 0 to 0.37, hue 0 to 360, such as [0.74, 0.16, 52], or "#rrggbb"'
_PLACE = "a point [x, y] in cm, each from -250 to 250"
_PATH = "2 to 32 points [x, y] in cm, each from -250 to 250"
_OUTLINE = "3 to 48 points [x, y] or [x, y, 1] (a corner) in cm, each from -250 to 250"
_ZONE = "a zone's name"
_ZONES = (
    'a zone\'s name, or two such as ["sleeve_l", "sleeve_r"]: the given side\'s, then the mirrored one\'s'
)
_WIDTH = "cm from 0.02 to 30"
_RELIEF = "a number from -3 to 3"
_THREE = "a number from 0 to 3"
_ROWS = "at most 4 distances in cm"


def _tables(name: str, most: int) -> str:
    return f"tables that begin with [[{name}]], two brackets, at most {most}"


WORDS = Words(
    GarmentFile,
    takes={
        "title": _LINE,
        "about": _LINE,
        "zone": _tables("zone", 28),
        "strand": _tables("strand", 64),
        "actuator": _tables("actuator", 64),
        "sensor": _tables("sensor", 32),
        "ambient": "how warm it is where it is worn, degrees C from -20 to 35; left out: 22",
        "battery": "one table that begins with [battery], one bracket",
        "figure": _tables("figure", 3),
        "figure.layer": _tables("figure.layer", 40),
        "name": _NAME,
        "roles": 'at most 8 words, such as ["core"]',
        "area": "its size in dm2, from 0.01 to 1000; left out: as large as it is drawn",
        "light": _COLOUR,
        "cloth": _COLOUR,
        "dye": _COLOUR,
        "times": "two times from 0.5 to 600 s, to 63 % there and back, such as [4, 9]",
        "colour": _COLOUR,
        "button_colour": _COLOUR,
        "thread": _COLOUR,
        "strand.filaments": 'filaments in the order of the wire, "-name" from its end, such as ["hem_l", "-hem_r"]',
        "ma": "mA of one channel of one pixel at full, from 0 to 1000",
        "strand.idle_ma": "mA of a dark pixel, from 0 to 100",
        "actuator.zone": _ZONE,
        "sensor.zone": _ZONE,
        "lane": 'the name of an input, such as "body"',
        "actuator.at": _PLACE,
        "actuator.view": "the side it is worn on, where front and back show its zone: front or back",
        "actuator.least": "a drive from 0 to 0.9",
        "actuator.hz": "Hz of its resonance or, of an erm, its speed at full, from 0 (its kind's own) to 500",
        "actuator.rise": "seconds to 90 % of full at rated drive, from 0 (its kind's own) to 1",
        "actuator.g": "g from 0 (its kind's own) to 20",
        "actuator.ma": "milliamperes from 0 (its kind's own) to 5000",
        "sensor.at": _PLACE,
        "mah": "mAh from 1 to 1000000",
        "volts": "V from 1 to 60",
        "most_ma": "mA from 1 to 1000000",
        "battery.idle_ma": "mA from 0 to 10000",
        "figure.at": "where the pit of the neck is on a stage of 1280 by 720, such as [402, 204]",
        "scale": "stage pixels a cm, from 1 to 30",
        "floor": "a height on the stage, from 0 to 720",
        "key": "a number from 0 to 1",
        "outline": _OUTLINE,
        "path": _PATH,
        "figure.layer.zone": _ZONES,
        "figure.layer.insets.zone": _ZONE,
        "figure.layer.filaments.zone": _ZONES,
        "on": "the name of a layer that lies below",
        "axis": "at most 16 points [x, y] in cm",
        "round": "a number from 0 to 1.2",
        "thick": _THREE,
        "lift": "cm from 0 to 12",
        "wear": "a number from 0 to 1",
        "softness": "a number from 0 to 4",
        "fade": "two heights in cm",
        "edge_rows": _ROWS,
        "insets": 'at most 8 tables, such as { zone = "hem", outline = [...] }',
        "rough": "cm from 0 to 10",
        "seams": "at most 24 tables, such as { path = [[0, 0], [0, 40]] }",
        "rows": _ROWS,
        "pucker": _THREE,
        "groove": _THREE,
        "folds": "at most 32 tables, such as { path = [[20, 30], [12, 32]], width = 1.2 }",
        "width": _WIDTH,
        "depth": _RELIEF,
        "fans": "at most 8 tables, such as { at = [20, 16], angles = [110, 200] }",
        "figure.layer.fans.at": _PLACE,
        "angles": "two angles in degrees from -360 to 360, 0 to the right and 90 down",
        "count": "a whole number from 1 to 16",
        "length": _WIDTH,
        "buttons": "at most 16 points [x, y] in cm",
        "button": "cm from 0.2 to 4",
        "filaments": 'at most 16 tables, such as { path = [[13, 17], [7, 47]], band = "low", pixels = 20 }',
        "pixels": "a whole number from 1 to 4096",
        "hang": "one table such as { top = 40, bottom = 90 }, its bottom at least 0.5 cm below its top",
        "top": "a height in cm from -250 to 250",
        "bottom": "a height in cm from -250 to 250",
        "swing": "cm from 0 to 4",
        "flare": "a share from 0 to 0.2",
        "middle": "cm from -250 to 250",
        "figure.layer.filaments.width": "cm from 0.05 to 1",
    },
    owners={
        (): ("a garment", GarmentFile),
        ("zone",): ("a zone", Zone),
        ("strand",): ("a strand", Strand),
        ("actuator",): ("an actuator", Actuator),
        ("sensor",): ("a sensor", Sensor),
        ("battery",): ("the battery", Battery),
        ("figure",): ("a figure", Figure),
        ("figure", "layer"): ("a layer", Layer),
        ("figure", "layer", "insets"): ("an inset", Inset),
        ("figure", "layer", "seams"): ("a seam", Seam),
        ("figure", "layer", "folds"): ("a fold", Fold),
        ("figure", "layer", "fans"): ("a fan", Fan),
        ("figure", "layer", "filaments"): ("a filament", Filament),
        ("figure", "layer", "hang"): ("hang", Hang),
    },
    needed={
        "title": "",
        "zone": "x",
        "filaments": ["x"],
        "name": "x",
        "light": [0.5, 0.0, 0.0],
        "at": [0.0, 0.0],
        "outline": [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]],
        "path": [[0.0, 0.0], [1.0, 0.0]],
        "angles": [0.0, 90.0],
        "top": 0.0,
        "bottom": 250.0,
    },
    choices={
        "fabric": get_args(Fabric),
        "lamp": get_args(Lamp),
        "actuator.kind": get_args(Motor),
        "sensor.kind": get_args(Feeler),
        "view": get_args(View),
        "side": get_args(Side),
        "weave": get_args(Weave),
        "band": get_args(Band),
    },
    each=frozenset(
        {"outline", "path", "light", "cloth", "dye", "colour", "roles", "times", "filaments", "at", "axis"}
    ),
    astray="it is a key of the whole garment: move it above the first [heading]",
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a garment, with limits and descriptions, for editors. [any thread]"""
    made = msgspec.json.schema(GarmentFile)
    for path, (_, struct) in WORDS.owners.items():
        table = made["$defs"][struct.__name__]
        for key in KEYS & table["properties"].keys():
            oklch = table["properties"][key]
            default = {"default": oklch.pop("default")} if "default" in oklch else {}
            table["properties"][key] = {
                "anyOf": [oklch, {"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}],
                **default,
            }
        for key, what in table["properties"].items():
            dotted = ".".join((*path, key))
            said = WORDS.takes.get(dotted) or WORDS.takes.get(key, "")
            if said:
                what["description"] = said[0].upper() + said[1:] + "."
        needs = [
            key
            for key in ("zone", "figure", "layer")
            if key in table["properties"] and path in ((), ("figure",))
        ]
        table["required"] = [*table.get("required", ()), *needs]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "wearsound garment", **made}
