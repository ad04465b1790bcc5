"""The layers of a show that need no picture (features, light, OSC, vibration, sound), each with its hash.

The show may change while they are recorded; its garment may not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wearsound.outputs.osc import JsonlSink, Osc
from wearsound.outputs.record.features import FeatureTape
from wearsound.outputs.record.light import LightTape
from wearsound.outputs.record.power import PowerMeter
from wearsound.outputs.record.report import Layer
from wearsound.outputs.record.sound import SoundTape
from wearsound.outputs.record.vibration import VibrationLayer
from wearsound.show.build import Built, Made, osc_messages
from wearsound.show.supplies import told

if TYPE_CHECKING:
    from wearsound.show.load import Show


class Layers(list[Layer]):
    """Some layers, and whoever of them must know when the show changes; `sink` is what `osc` writes."""

    def __init__(
        self, layers: list[Layer], built: Built, features: FeatureTape, osc: Osc, sink: JsonlSink
    ) -> None:
        super().__init__(layers)
        self._sink = sink
        self._built, self._features, self._osc = built, features, osc

    def learn(self, made: Made, number: int) -> None:
        """The engine plays another show from here on. [engine thread]"""
        self._features.turn(made.parts.ear.specs, made.show.patch.title)
        built = replace(self._built, made=made)
        self._osc.learn(number, osc_messages(built, made.show, health=False))

    def whole(self) -> list[Layer]:
        """Those that the engine has not dropped: what one counted until then is not of the show. [any thread]"""
        engine = self._built.engine
        plays = {id(part) for part in (*engine.tapes, *engine.outputs, *engine.drivers, *engine.speakers)}
        return [layer for layer in self if id(self._osc if layer is self._sink else layer) in plays]


def add_layers(show: Show, built: Built, folder: Path, heard: Callable[[Any], None] | None = None) -> Layers:
    """Let the engine write them into `folder`, live or offline alike; `heard` also gets the sound's PCM.

    Vibration only where the garment has actuators; sound comes last.
    """
    garment, engine = show.garment, built.engine
    felt = None
    if garment.actuators:
        felt = VibrationLayer(folder / "vibration.wav", garment.actuators, lambda: built.touch_guard.facts())
    features = FeatureTape(folder / "features.npz", built.ear.specs, show.patch.title)
    sink = JsonlSink(folder / "osc.jsonl")
    osc = Osc(osc_messages(built, show, health=False), [sink], mends=False)
    light = LightTape(
        folder / "light.npz",
        dict(zip(garment.zone_names, built.body.of_zone, strict=True)),
        [zone.area for zone in garment.zones],
        PowerMeter(
            garment.battery.mah,
            [(i, zone.name) for i, zone in enumerate(garment.zones) if zone.fabric == "thermochromic"],
            *((lambda: felt.ma, garment.battery.most_ma) if felt is not None else ()),
        ),
        lambda: _safety(built),
        [
            name
            for name, of in zip(garment.zone_names, built.body.of_zone, strict=True)
            if built.body.lamp[of].any()
        ],
    )
    plays = engine.parts.soundscape is not None
    sound = SoundTape(folder / "sound.wav", heard, (lambda: built.sound_guard.facts()) if plays else None)
    engine.tapes.append(features)
    engine.speakers.append(sound)
    engine.outputs += [osc, light]
    if felt is not None:
        engine.drivers.append(felt)
    layers: list[Layer] = [features, sink, light, *([felt] if felt is not None else []), sound]
    return Layers(layers, built, features, osc, sink)


def _safety(built: Built) -> dict[str, Any]:
    supplies = told(built.guard.budgets)
    return {"taken": built.guard.taken} | ({"supplies": supplies} if supplies else {})
