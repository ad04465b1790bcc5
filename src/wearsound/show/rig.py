"""The rig file: this room and this laptop. Devices by part of their names, lanes to channels, doors and targets.

A rig is data; nothing in it is opened or run while it is read. Everything wrong with it is said at once, a line a
fault. What it may say stands in rig_structure and light_target, how it is changed by what was learned in rig_learn.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from msgspec import field

from wearsound.errors import PatchError
from wearsound.sensed import Sensor
from wearsound.show.light_target import LightTarget
from wearsound.show.rig_advice import advice
from wearsound.show.rig_check import faults
from wearsound.show.rig_structure import Bind, Door, Midi, OscTarget, RigFile, schema
from wearsound.show.rig_words import WORDS
from wearsound.show.sensor_preset import find_preset, load_preset
from wearsound.show.sensor_target import PRESET_NAME
from wearsound.show.speaker_target import SpeakerTarget
from wearsound.show.vibration_target import VibrationTarget
from wearsound.toml_file import line_of, parsed, read_bounded, refuse, utf8
from wearsound.toml_file.kinds import expect
from wearsound.toml_file.lines import KeyPath
from wearsound.toml_file.words import Complaints

__all__ = [
    "Bind",
    "Door",
    "LightTarget",
    "Midi",
    "OscTarget",
    "Rig",
    "SpeakerTarget",
    "VibrationTarget",
    "load_rig",
    "read_rig",
    "schema",
    "warnings",
]


class Rig(RigFile, frozen=True, kw_only=True):
    """A checked rig, and where in its file each key stands.

    `sensors` are its [[sensor]] with their presets read; their lanes stand in `remote` too.
    """

    path: str = ""
    sensors: tuple[Sensor, ...] = ()
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def where(self, *key: str | int) -> str:
        """`file:line` of a key (or of the table it should be in), as sentences about it begin."""
        return f"{self.path}:{line_of(self.lines, key)}" if self.path else "the rig"


def load_rig(path: str | Path) -> Rig:
    """Read and check a rig file; a PatchError says everything that is wrong. [any thread]"""
    return read_rig(utf8(read_bounded(path), path), path)


def read_rig(text: str, path: str | Path = "rig.toml") -> Rig:
    """Check the text of a rig; `path` only names it in errors. [any thread]"""
    data, lines = parsed(text, path, "rig")
    expect("rig", data, path)
    named = _presets(data)
    document, complaints = WORDS.structure(_spelt_out(data))
    if document is not None:
        complaints += faults(document)
    sensors, astray = _sensors(named, Path(path).parent)
    complaints += astray
    if document is None or complaints:
        refuse(path, lines, complaints)
    fields = {name: getattr(document, name) for name in RigFile.__struct_fields__}
    fields["remote"] = document.remote | {sensor.lane: sensor.columns for sensor in sensors}
    return Rig(path=str(path), lines=lines, sensors=tuple(sensors), **fields)


def _presets(data: dict[str, Any]) -> list[tuple[int, dict[str, str]]]:
    """The [[sensor]] tables that name a preset, with their numbers, as they were written: whatever else is wrong with
    a rig, what is wrong with its presets is said with it."""
    tables = data.get("sensor")
    named = []
    for i, table in enumerate(tables if isinstance(tables, list) else ()):
        words = (
            {key: word for key, word in table.items() if isinstance(word, str)}
            if isinstance(table, dict)
            else {}
        )
        if re.search(PRESET_NAME, words.get("preset", "")):
            named.append((i, words))
    return named


def _sensors(named: list[tuple[int, dict[str, str]]], folder: Path) -> tuple[list[Sensor], Complaints]:
    """The sensors with their presets, and what is wrong with those, once for each preset."""
    sensors: list[Sensor] = []
    complaints: Complaints = []
    for i, target in named:
        try:
            preset = find_preset(target["preset"], folder)
            sensors.append(load_preset(preset, target.get("lane", "lane"), target.get("id", "")))
        except PatchError as error:
            if str(error) not in [sentence for _, sentence in complaints]:
                complaints.append((("sensor", i, "preset"), str(error)))
    return sensors, complaints


def warnings(rig: Rig) -> list[str]:
    """What is no fault but will surprise somebody, a sentence each with its remedy, in order of lines."""
    said = sorted(
        (line_of(rig.lines, key), rig.where(*key), sentence) for key, sentence in advice(rig, rig.lines)
    )
    return [f"{where}: {sentence}" for _, where, sentence in said]


def _spelt_out(data: dict[str, Any]) -> dict[str, Any]:
    """A list of remote names is a short way to write a table: each from 0 to 1; `order` may be in lower case."""
    lights = data.get("light")
    for light in lights if isinstance(lights, list) else ():
        order = light.get("order") if isinstance(light, dict) else None
        if isinstance(order, str) and set(order) <= set("rgbw"):
            light["order"] = order.upper()
    remote = data.get("remote")
    if isinstance(remote, dict):
        for lane, names in remote.items():
            if isinstance(names, list) and names and all(isinstance(name, str) for name in names):
                remote[lane] = {name: [0.0, 1.0] for name in names}
    return data
