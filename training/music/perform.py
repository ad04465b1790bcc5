"""From beats to sound: when each note is really played, and rendering of all layers to two stems."""

from __future__ import annotations

import numpy as np

from . import fluid
from .compose import SLOW
from .dice import Dice
from .kit import Kit
from .note import Layer
from .plan import Plan
from .sines import RATE, Sound, add
from .tones import make_voice


def set_times(seed: int, plan: Plan, layers: list[Layer]) -> None:
    """Fill `layer.times`: clock and swing, a lean per layer and place in the bar, and human scatter."""
    dice = Dice(seed, "times")
    scatter = dice.log(0.002, 0.018) if plan.human else dice.pick((0.0, 0.001))
    lean = dice.log(0.001, 0.012) if plan.human else 0.0
    for layer in layers:
        whole = max(-0.015, min(0.015, dice.normal(lean)))
        places = dice.rng.normal(0, lean * 0.6, 64)
        layer.times = []
        for note in layer.notes:
            place = round(note.at % plan.bar / plan.sixteenth) % 64
            start = plan.clock.seconds(note.at) + note.late
            start += whole + float(np.clip(places[place] + dice.normal(scatter), -0.03, 0.03))
            end = plan.clock.seconds(note.at + note.length)
            layer.times.append((start, max(end, start + 0.04)))


def render(seed: int, layers: list[Layer], shift: float, count: int) -> tuple[Sound, Sound]:
    """Drums and the rest, each (count,) mono; `shift` seconds are added to every note's time."""
    dice = Dice(seed, "render")
    drums, rest = np.zeros(count, np.float32), np.zeros(count, np.float32)
    kit = Kit(seed)
    font = dice.pick(fluid.fonts())
    room, chorus = dice.chance(0.5), dice.chance(0.4)
    side = dice.pick(((0.5, 0.5), (1.0, 0.0), (0.0, 1.0)), (0.8, 0.1, 0.1))
    for drummer, stem in ((True, drums), (False, rest)):
        events: list[fluid.Event] = [(0.0, ("program", 9, dice.pick(fluid.KITS)))]
        channel = 0
        for layer in (x for x in layers if x.drums is drummer and x.notes):
            if layer.synthetic:
                _synthesise(seed, layer, kit, stem, shift)
                continue
            port = 9 if drummer else channel
            if not drummer:
                channel = channel + 1 if channel != 8 else 10
                events.append((0.0, ("program", port, layer.program)))
                events.append((0.0, ("control", port, 10, dice.whole(20, 107))))
            for note, (start, end) in zip(layer.notes, layer.times, strict=True):
                if 0 <= start + shift < count / RATE:
                    force = max(1, min(127, round(127 * np.sqrt(note.strength * layer.level))))
                    key = max(0, min(127, note.pitch))
                    events.append((start + shift, ("on", port, key, force)))
                    events.append((max(end, start + 0.1) + shift, ("off", port, key)))
        if len(events) > 1:
            sound = fluid.render(events, count, font, room, chorus)
            stem += 4 * (side[0] * sound[:, 0] + side[1] * sound[:, 1])
    return drums, rest


def _synthesise(seed: int, layer: Layer, kit: Kit, stem: Sound, shift: float) -> None:
    if layer.drums:
        for note, (start, _) in zip(layer.notes, layer.times, strict=True):
            add(
                stem,
                kit.sound(note.pitch),
                round((start + shift) * RATE),
                0.5 * note.strength**1.5 * layer.level,
            )
        return
    role = {"bass": "bass", "pad": "pad", "chords": "chords"}.get(layer.name, "lead")
    voice, layer.soft = make_voice(seed, layer.name, role)
    made: dict[tuple[int, int], Sound] = {}
    for note, (start, end) in zip(layer.notes, layer.times, strict=True):
        if start + shift > len(stem) / RATE or end + shift < -1:
            continue
        name = (note.pitch, max(1, round((end - start) * 50)))
        if name not in made:
            made[name] = voice(note.pitch, name[1] / 50)
        loud = 0.25 if role != "bass" else 0.4
        add(stem, made[name], round((start + shift) * RATE), loud * note.strength * layer.level)


def rise(layer: Layer) -> float:
    """About how long the layer's notes take to sound, in seconds: struck, bowed or blown, swelling."""
    if layer.soft or (not layer.drums and not layer.synthetic and layer.program in SLOW):
        return 0.25
    if layer.drums or layer.synthetic or not (40 <= layer.program <= 43 or 56 <= layer.program <= 79):
        return 0.05
    return 0.1
