"""Sound without a pulse: drones, swells, free notes, noise, speech, knocks, applause, single hits."""

from __future__ import annotations

import numpy as np

from . import fluid
from .compose import GUITARS, KEYS, MALLETS, PADS, STRINGS, VOICES, WINDS
from .dice import Dice
from .harmony import make_harmony
from .kit import Kit
from .note import HATS, KICKS, SNARES
from .sines import RATE, Sound, add, band, decay, hiss
from .tones import make_voice
from .treat import babble, background, slow_walk

Marks = dict[str, list[float]]
KINDS = {"drone": 0.14, "swells": 0.16, "free": 0.32, "noise": 0.1, "speech": 0.08, "knocks": 0.1,
         "applause": 0.04, "hits": 0.06}  # fmt: skip


def free_piece(seed: int, seconds: float) -> tuple[Sound, Marks, str]:
    """Sound (n,), marks (`onsets kicks snares hats` in seconds) and a word for it."""
    dice = Dice(seed, "free")
    kind = dice.weighted(KINDS)
    count = int(seconds * RATE)
    marks: Marks = {"onsets": [], "kicks": [], "snares": [], "hats": []}
    out = np.zeros(count, np.float32)
    if kind in ("swells", "free"):
        out = _notes(dice, count, marks, kind == "swells")
    elif kind == "drone":
        _drone(dice, out)
    elif kind == "noise":
        out = background(dice, count)[0] * slow_walk(dice, count, dice.log(0.1, 2), dice.between(0, 6))
    elif kind == "speech":
        out = babble(dice, count, 1)
    elif kind == "applause":
        grains = dice.rng.integers(0, count, int(seconds * dice.log(60, 400)))
        clap = hiss(dice, 0.03, 600, 6000)
        clap = clap * decay(0.03, 0.005)[: len(clap)]
        for spot in grains:
            add(out, clap, int(spot), dice.between(0.1, 1))
        out *= slow_walk(dice, count, 0.3, 5.0)
    else:
        _hits(dice, seed, out, marks, kind)
    return out, marks, kind


def _apart(dice: Dice, seconds: float, shortest: float, typical: float) -> list[float]:
    """Times with lognormal distances, so that no pulse can be found."""
    times, now = [], dice.between(0.2, 2)
    while now < seconds - 0.3:
        times.append(now)
        now += shortest + typical * float(np.exp(dice.normal(0.8)))
    return times


def _notes(dice: Dice, count: int, marks: Marks, swells: bool) -> Sound:
    """Free notes or chords of one or two instruments, or chords that swell."""
    harmony = make_harmony(dice, 4)
    programs = (*PADS, *STRINGS, *VOICES) if swells else (*KEYS, *MALLETS, *GUITARS, *WINDS, *STRINGS[:5])
    events: list[fluid.Event] = []
    for port in range(dice.whole(1, 2)):
        events.append((0.0, ("program", port, dice.pick(programs))))
        for start in _apart(
            dice, count / RATE, 1.5 if swells else 0.07, 2.0 if swells else dice.log(0.15, 1.0)
        ):
            chord = harmony.chords[dice.whole(0, len(harmony.chords) - 1)]
            size = dice.pick((1, 2, 3, 4), (0.1, 0.2, 0.4, 0.3) if swells else (0.7, 0.1, 0.1, 0.1))
            pitches = chord.near(dice.whole(45, 75), size) if size > 1 else [harmony.step(dice.whole(-7, 10))]
            end = start + (dice.between(1.5, 5) if swells else dice.log(0.1, 2))
            for pitch in pitches:
                events.append((start, ("on", port, pitch, dice.whole(40, 120))))
                events.append((end, ("off", port, pitch)))
            marks["onsets"].append(start)
    stereo = fluid.render(events, count, dice.pick(fluid.fonts()), dice.chance(0.6), dice.chance(0.4))
    return 2 * stereo.sum(axis=1)


def _drone(dice: Dice, out: Sound) -> None:
    for i in range(dice.whole(1, 4)):
        voice, _ = make_voice(dice.seed, f"drone {i}", "pad")
        sound = voice(dice.whole(28, 67), len(out) / RATE)
        add(out, sound[: len(out)] * slow_walk(dice, len(out), 0.2, 4.0)[: len(sound)], 0)


def _hits(dice: Dice, seed: int, out: Sound, marks: Marks, kind: str) -> None:
    """Single drum hits far apart, or knocks, rubs and steps."""
    kit = Kit(seed)
    far = (0.6, 1.5) if kind == "hits" else (0.08, dice.log(0.2, 1.0))
    for start in _apart(dice, len(out) / RATE, *far):
        if kind == "hits":
            key = dice.pick((36, 38, 39, 42, 46, 49, 45, 56, 37))
            sound = kit.sound(key)
            for name, keys in (("kicks", KICKS), ("snares", SNARES), ("hats", HATS)):
                if key in keys:
                    marks[name].append(start)
        else:
            half = dice.log(0.003, 0.03)
            low = dice.log(80, 2000)
            sound = hiss(dice, half * 6, low, low * dice.between(2, 6))
            sound = sound * decay(half * 6, half)[: len(sound)]
        add(out, sound, round(start * RATE), dice.log(0.15, 1))
        marks["onsets"].append(start)
    if kind == "knocks" and dice.chance(0.5):
        rub = band(dice.noise(len(out)), 300, 5000) * slow_walk(dice, len(out), 4.0, 9.0)
        add(out, rub, 0, dice.log(0.002, 0.02))
